"""Find the county that a roster cell names. Names are looked up in a table, never matched by similarity.

Source: docs/decisions/0014-county-codes-come-from-a-table.md.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from legal.rules.rosters.parsed import CELL_CACHE_SIZE
from legal.vocabulary import CountyReading

_COUNTY_TERMS: Mapping[str, tuple[str, ...]] = {
    "City and Borough": ("{} City and Borough", "City and Borough of {}"),
    "Planning Region": ("{} Planning Region",),
    "Census Area": ("{} Census Area",),
    "Municipality": ("{} Municipality", "Municipality of {}"),
    "Municipio": ("{} Municipio", "Municipio de {}", "{} Municipality", "Municipality of {}"),
    "District": ("{} District",),
    "Borough": ("{} Borough", "Borough of {}"),
    "County": ("{} County", "{} Co.", "County of {}"),
    "Parish": ("{} Parish", "Parish of {}"),
    "Island": ("{} Island",),
    "city": ("{} city", "City of {}"),
}
"""The Census Bureau's terms for counties, and how each is written with a name. ``Carson City`` is a name; in ``Alexandria city`` the last word is a term."""

COUNTY_MISSPELLINGS: Mapping[tuple[str, str], str] = {
    ("AL", "Frankin County"): "01059",
    ("AR", "Pop County"): "05115",
    ("AR", "Pulaksi County"): "05119",
    ("FL", "Flager County"): "12035",
    ("FL", "Lake Conty"): "12069",
    ("FL", "St. Luice County"): "12111",
    ("GU", "Kattan District"): "66010",  # a part of Guam, which is one county equivalent
    ("IN", "Stueben County"): "18151",
    ("LA", "Arcadia County"): "22001",  # given for Morse, which lies in Acadia Parish
    ("LA", "Calacasieu Parish"): "22019",
    ("LA", "Saint Landry County"): "22097",
    ("MD", "Allegancy"): "24001",
    ("MI", "Berrian County"): "26021",
    ("PA", "Alleghany County"): "42003",  # given for Monroeville and Robinson Township
    ("TN", "Sparta-White County"): "47185",  # Sparta is its seat
    ("TX", "Fall County"): "48145",  # given for Marlin, the seat of Falls County
    ("TX", "Guadalupe Conty"): "48187",
    ("TX", "Somervill"): "48425",
    ("VA", "Hopewell County"): "51670",  # a city that is in no county
}
"""County codes by state and misspelling: all misspellings in the rosters of 2025-05 to 2026-01, each resolved by the agencies in its rows."""

FORMER_COUNTIES: Mapping[tuple[str, str], str | None] = {
    ("AK", "Valdez-Cordova Census Area"): None,  # divided in 2019 into Chugach and Copper River
    ("AK", "Wade Hampton Census Area"): "02158",  # Kusilvak since 2015
    ("FL", "Dade County"): "12086",  # Miami-Dade since 1997
    ("LA", "German Coast County"): None,  # of the Territory of Orleans, 1805; now St. Charles and St. John the Baptist
    ("SD", "Shannon County"): "46102",  # Oglala Lakota since 2015
    ("VA", "Bedford city"): "51019",  # a town in Bedford County since 2013
}
"""Counties that no longer exist, with the code of the county that has their area; null if it was divided among several."""

_BLANK_KEYS = frozenset({"", "na"})
_QUOTES = frozenset("'’‘ʻʼ`")
_SAINT_WORDS = frozenset({"saint", "sainte", "st", "ste"})
_SEPARATOR = re.compile(r"[,;/&+\n]|\band\b", re.IGNORECASE)
_PLURAL_TERM = re.compile(r"\b(?:counties|parishes)\b(?:\s+of\b)?", re.IGNORECASE)


class County(NamedTuple):
    """A county or equivalent.

    Its five-digit FIPS code, the USPS code of its state, its name with the term ("County", "Parish" …), and its first
    and last year if it was created or abolished.
    """

    fips: str
    jurisdiction: str
    name: str
    first_year: int | None = None
    last_year: int | None = None


class CountyMatch(NamedTuple):
    """The county found for a printed name, or the reason for finding none.

    ``states_with_name`` has the codes of other states with a county of that name, if this state has none.
    """

    fips: str | None
    name: str | None
    reading: CountyReading
    states_with_name: tuple[str, ...] = ()


class Counties:
    """A table of counties, searchable by the names that rosters print.

    Source: the Census Bureau's counties and equivalents of 2020, plus Connecticut's planning regions of 2022. The counties
    that those regions replaced are still in the table (87 FR 34235).
    """

    def __init__(self, rows: Iterable[County]) -> None:
        self._counties = {row.fips: row for row in rows}
        self._codes_by_name: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._states_by_name: dict[str, set[str]] = defaultdict(set)
        for county in self._counties.values():
            for key in map(county_key, name_variants(county.name)):
                self._codes_by_name[county.jurisdiction, key].add(county.fips)
                self._states_by_name[key].add(county.jurisdiction)
        self._misspellings = {(state, county_key(text)): fips for (state, text), fips in COUNTY_MISSPELLINGS.items()}
        self._former_counties = {
            (state, county_key(variant)): fips for (state, name), fips in FORMER_COUNTIES.items() for variant in name_variants(name)
        }

    def find_county(self, jurisdiction: str, printed_name: str) -> CountyMatch:
        """Find the county of a state (USPS code) by the name that a roster prints.

        The name may have its term ("County", "Parish" …) or not. Case, spaces, quotes, accents, hyphens and the spelling
        of Saint do not matter. Without the term, a name that a county shares with a city is ``ambiguous``.
        """
        key = county_key(printed_name)
        if key in _BLANK_KEYS:
            return CountyMatch(None, None, CountyReading.MISSING)
        if match := self._match_in_state(jurisdiction, key):
            return match
        if self._names_several_counties(jurisdiction, printed_name):
            return CountyMatch(None, None, CountyReading.SEVERAL)
        states = tuple(sorted(self._states_by_name.get(key, ())))
        return CountyMatch(None, None, CountyReading.ELSEWHERE if states else CountyReading.UNKNOWN, states)

    def _match_in_state(self, jurisdiction: str, key: str) -> CountyMatch | None:
        name_in_state = jurisdiction, key
        codes = self._codes_by_name.get(name_in_state, set())
        if len(codes) > 1:
            return CountyMatch(None, None, CountyReading.AMBIGUOUS)
        if codes:
            (fips,) = codes
            return self._build_match(fips, CountyReading.FORMER if self._counties[fips].last_year else CountyReading.EXACT)
        if name_in_state in self._misspellings:
            return self._build_match(self._misspellings[name_in_state], CountyReading.MISSPELT)
        if name_in_state in self._former_counties:
            return self._build_match(self._former_counties[name_in_state], CountyReading.FORMER)
        return None

    def _build_match(self, fips: str | None, reading: CountyReading) -> CountyMatch:
        return CountyMatch(fips, self._counties[fips].name if fips else None, reading)

    def _names_several_counties(self, jurisdiction: str, printed_name: str) -> bool:
        keys = [county_key(_PLURAL_TERM.sub(" ", part)) for part in _SEPARATOR.split(printed_name)]
        matches = {self._match_in_state(jurisdiction, key) for key in keys if key}
        return len(matches) > 1 and None not in matches


def name_variants(name: str) -> list[str]:
    """Return the ways to write a county's name: ``Acadia Parish`` is also ``Parish of Acadia`` and ``Acadia``."""
    for term, patterns in _COUNTY_TERMS.items():
        if name.endswith(f" {term}"):
            short_name = name.removesuffix(f" {term}")
            return [short_name, *(pattern.format(short_name) for pattern in patterns)]
    return [name]


@lru_cache(maxsize=CELL_CACHE_SIZE)
def county_key(text: str) -> str:
    """Return a name's letters and digits in lowercase, without accents: ``Sainte Geneviève`` becomes ``stgenevieve``."""
    plain_text = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(character for character in plain_text if character not in _QUOTES and not unicodedata.combining(character))
    return "".join("st" if word in _SAINT_WORDS else word for word in re.findall(r"[^\W_]+", letters))
