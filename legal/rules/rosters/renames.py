"""Which agencies may be one under two names, where a list has one of them and another list has the other.

Source: the agencies that came and went between the lists of December 2024 and January 2026. Nothing is merged by it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from rapidfuzz import fuzz

from legal.rules.rosters.aliases import PLACES
from legal.rules.rosters.normalize import agency_key

FLOOR = 90  # of 100: what the names have to be alike
SIGNALS = 2  # of three: one alone is often chance, as with Lee County and Levy County
PLAIN = frozenset({"of", "the", "and", "city", "town", "village", "department", "dept", "office", "offices", "services"})
SORTS = frozenset(
    {"county", "parish", "sheriff", "sheriffs", "police", "constable", "constables", "marshal", "board", "trustees", "jail", "prison"}
)


@dataclass(frozen=True)
class Party:
    """An agency as a list has it; ``signed`` has each of its agreements: the model, and the day of signature where it is known."""

    id: str
    jurisdiction: str
    name: str
    agency_type: str | None
    county_fips: str | None
    signed: frozenset[tuple[str, date | None]]

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words of its name, without the state's own and those that say no more than that it is an agency."""
        empty = PLAIN | set(_words(PLACES[self.jurisdiction]))
        return tuple(word for word in _words(self.name) if word not in empty)

    @cached_property
    def plain(self) -> str:
        """Those words as one text."""
        return " ".join(self.words)

    @cached_property
    def proper(self) -> str:
        """The words that are left without those for its sort of agency: what it is called after."""
        return " ".join(word for word in self.words if word not in SORTS)

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        """The numbers in its name, which tell precincts and districts apart."""
        return tuple(sorted(re.findall(r"\d+", self.name)))


@dataclass(frozen=True, slots=True)
class Rename:
    """Two agencies that may be one, and why."""

    gone: Party
    new: Party
    why: str


def possible(gone: Iterable[Party], new: Iterable[Party]) -> list[Rename]:
    """Every pair of an agency that is gone and one that is new in the same place that may be one, by their ids."""
    there: dict[str, list[Party]] = defaultdict(list)
    for party in new:
        there[party.jurisdiction].append(party)
    pairs = ((one, other) for one in gone for other in there[one.jurisdiction])
    found = [Rename(one, other, why) for one, other in pairs if (why := _why(one, other))]
    return sorted(found, key=lambda rename: (rename.gone.id, rename.new.id))


def _words(name: str) -> list[str]:
    return re.findall(r"\w+", agency_key(name))


def _why(gone: Party, new: Party) -> str | None:
    common = {(model, day) for model, day in gone.signed & new.signed if day}
    if gone.numbers == new.numbers:
        alike = [_alike(gone.plain, new.plain), _alike(gone.proper, new.proper)]
        if sum(map(bool, (*alike, common))) >= SIGNALS:
            shared = ", and an agreement of one model was signed on one day" if common else ""
            without = "" if alike[0] else " but for the sort of agency"
            return f"The names are alike{without} (to {max(alike):.0f} of 100){shared}."
    same = gone.county_fips == new.county_fips is not None and gone.agency_type == new.agency_type is not None
    if same and gone.signed == new.signed == common:
        return "County, type, models and days of signature are the same."
    return None


def _alike(one: str, other: str) -> float:
    """How alike two texts are, from the floor to 100; 0 below it, and where there is nothing to compare."""
    return fuzz.ratio(one, other, score_cutoff=FLOOR) if one and other else 0
