"""Counties by the names that lists print: found in a table, or told why not; no name is taken for one that it resembles."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from legal.vocabulary import CountyReading

DESCRIPTIONS: Mapping[str, tuple[str, ...]] = {
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
"""The Census Bureau's descriptions, and how each is written with a name. ``Carson City`` is a name, ``Alexandria city`` is described."""

MISSPELT: Mapping[tuple[str, str], str] = {
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
"""Every misspelling seen in ICE's lists from 2025-05 to 2026-01, each judged with the agencies that it stands beside."""

FORMER: Mapping[tuple[str, str], str | None] = {
    ("AK", "Valdez-Cordova Census Area"): None,  # divided in 2019 into Chugach and Copper River
    ("AK", "Wade Hampton Census Area"): "02158",  # Kusilvak since 2015
    ("FL", "Dade County"): "12086",  # Miami-Dade since 1997
    ("LA", "German Coast County"): None,  # of the Territory of Orleans, 1805; now St. Charles and St. John the Baptist
    ("SD", "Shannon County"): "46102",  # Oglala Lakota since 2015
    ("VA", "Bedford city"): "51019",  # a town in Bedford County since 2013
}
"""Names that the table no longer has, with the county that has the same area or took it in; null where several did."""

MISSING = frozenset({"", "na"})
QUOTES = frozenset("'’‘ʻʼ`")
SAINTS = frozenset({"saint", "sainte", "st", "ste"})
BETWEEN = re.compile(r"[,;/&+\n]|\band\b", re.IGNORECASE)
PLURAL = re.compile(r"\b(?:counties|parishes)\b(?:\s+of\b)?", re.IGNORECASE)


class County(NamedTuple):
    """A county or equivalent: its five-digit code, its USPS state code, its described name, the years in which it began and ended."""

    fips: str
    jurisdiction: str
    name: str
    since: int | None = None
    until: int | None = None


class Match(NamedTuple):
    """What a printed county was read as; ``states`` are the codes of those that do have one of its name, where this one has not."""

    fips: str | None
    name: str | None
    how: CountyReading
    states: tuple[str, ...] = ()


class Counties:
    """A table of counties that is asked by what a list prints.

    Source: the Census Bureau's counties and equivalents of 2020, with Connecticut's planning regions
    of 2022 beside the counties that they replaced (87 FR 34235).
    """

    def __init__(self, rows: Iterable[County]) -> None:
        self._rows = {row.fips: row for row in rows}
        self._named: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._states: dict[str, set[str]] = defaultdict(set)
        for row in self._rows.values():
            for name in map(folded, spellings(row.name)):
                self._named[row.jurisdiction, name].add(row.fips)
                self._states[name].add(row.jurisdiction)
        self._misspelt = {(code, folded(printed)): fips for (code, printed), fips in MISSPELT.items()}
        self._former = {(code, folded(one)): fips for (code, name), fips in FORMER.items() for one in spellings(name)}

    def find(self, jurisdiction: str, printed: str) -> Match:
        """The county that a list of agencies prints beside a state (USPS code), or why none is given.

        A name counts with its description or without, whatever its case, blanks, quotes, accents, hyphens
        and its way of writing Saint. Without one, a name that a county shares with a city is ``ambiguous``.
        """
        name = folded(printed)
        if name in MISSING:
            return Match(None, None, CountyReading.MISSING)
        if found := self._here(jurisdiction, name):
            return found
        if self._names_several(jurisdiction, printed):
            return Match(None, None, CountyReading.SEVERAL)
        states = tuple(sorted(self._states.get(name, ())))
        return Match(None, None, CountyReading.ELSEWHERE if states else CountyReading.UNKNOWN, states)

    def _here(self, jurisdiction: str, name: str) -> Match | None:
        place = jurisdiction, name
        known = self._named.get(place, set())
        if len(known) > 1:
            return Match(None, None, CountyReading.AMBIGUOUS)
        if known:
            (fips,) = known
            return self._matched(fips, CountyReading.FORMER if self._rows[fips].until else CountyReading.EXACT)
        if place in self._misspelt:
            return self._matched(self._misspelt[place], CountyReading.MISSPELT)
        return self._matched(self._former[place], CountyReading.FORMER) if place in self._former else None

    def _matched(self, fips: str | None, how: CountyReading) -> Match:
        return Match(fips, self._rows[fips].name if fips else None, how)

    def _names_several(self, jurisdiction: str, printed: str) -> bool:
        parts = [folded(PLURAL.sub(" ", part)) for part in BETWEEN.split(printed)]
        found = {self._here(jurisdiction, part) for part in parts if part}
        return len(found) > 1 and None not in found


def spellings(name: str) -> list[str]:
    """The ways in which a described name is written: ``Acadia Parish`` is also ``Parish of Acadia`` and ``Acadia``."""
    for description, forms in DESCRIPTIONS.items():
        if name.endswith(f" {description}"):
            bare = name.removesuffix(f" {description}")
            return [bare, *(form.format(bare) for form in forms)]
    return [name]


def folded(text: str) -> str:
    """A name's letters and digits alone, in lower case, without accents and quotes: ``Sainte Geneviève`` is ``stgenevieve``."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(sign for sign in plain if sign not in QUOTES and not unicodedata.combining(sign))
    return "".join("st" if word in SAINTS else word for word in re.findall(r"[^\W_]+", letters))
