"""Find pairs of agencies on two rosters that may be the same agency under two names.

The thresholds were chosen by looking at the agencies that appeared or disappeared between the rosters of December 2024
and January 2026. Pairs are only reported. Two names are merged only if ``seeds/renames.yaml`` says so
(docs/decisions/0012-agreements-are-derived-from-rosters.md).
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from rapidfuzz import fuzz

from legal.rules.rosters.aliases import JURISDICTION_NAMES
from legal.rules.rosters.normalize import agency_key

_MIN_SIMILARITY = 90  # of 100
_MIN_SIGNALS = 2  # of three: one alone is often chance, as with Lee County and Levy County
_COMMON_WORDS = frozenset({"of", "the", "and", "city", "town", "village", "department", "dept", "office", "offices", "services"})
_AGENCY_TYPE_WORDS = frozenset(
    {"county", "parish", "sheriff", "sheriffs", "police", "constable", "constables", "marshal", "board", "trustees", "jail", "prison"}
)


@dataclass(frozen=True)
class RosterAgency:
    """An agency as one roster lists it. ``signatures`` has the model and the signature date (null if unknown) of each agreement."""

    id: str
    jurisdiction: str
    name: str
    agency_type: str | None
    county_fips: str | None
    signatures: frozenset[tuple[str, date | None]]

    @cached_property
    def significant_words(self) -> tuple[str, ...]:
        """Return the words of the name, without those of the jurisdiction's name and common words such as "department"."""
        ignored_words = _COMMON_WORDS | set(_split_words(JURISDICTION_NAMES[self.jurisdiction]))
        return tuple(word for word in _split_words(self.name) if word not in ignored_words)

    @cached_property
    def significant_name(self) -> str:
        """Return the significant words, separated by spaces."""
        return " ".join(self.significant_words)

    @cached_property
    def proper_name(self) -> str:
        """Return the significant words without those for a type of agency: ``miami`` for Miami Police Department."""
        return " ".join(word for word in self.significant_words if word not in _AGENCY_TYPE_WORDS)

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        """Return the numbers in the name, which distinguish precincts and districts."""
        return tuple(sorted(re.findall(r"\d+", self.name)))


@dataclass(frozen=True, slots=True)
class AgencyRename:
    """An agency of the earlier roster, an agency of the later roster, and the reason why they may be the same."""

    earlier: RosterAgency
    later: RosterAgency
    reason: str


def find_possible_renames(missing_agencies: Iterable[RosterAgency], new_agencies: Iterable[RosterAgency]) -> list[AgencyRename]:
    """Return pairs of a missing and a new agency of one jurisdiction that may be the same agency, sorted by their ids."""
    new_by_jurisdiction: dict[str, list[RosterAgency]] = defaultdict(list)
    for agency in new_agencies:
        new_by_jurisdiction[agency.jurisdiction].append(agency)
    pairs = ((earlier, later) for earlier in missing_agencies for later in new_by_jurisdiction[earlier.jurisdiction])
    renames = [AgencyRename(earlier, later, reason) for earlier, later in pairs if (reason := _rename_reason(earlier, later))]
    return sorted(renames, key=lambda rename: (rename.earlier.id, rename.later.id))


def _split_words(name: str) -> list[str]:
    return re.findall(r"\w+", agency_key(name))


def _rename_reason(earlier: RosterAgency, later: RosterAgency) -> str | None:
    common_signatures = {(model, day) for model, day in earlier.signatures & later.signatures if day}
    if earlier.numbers == later.numbers:
        full_similarity = _similarity(earlier.significant_name, later.significant_name)
        proper_similarity = _similarity(earlier.proper_name, later.proper_name)
        if sum(map(bool, (full_similarity, proper_similarity, common_signatures))) >= _MIN_SIGNALS:
            exception = "" if full_similarity else " apart from the type of agency"
            signature = ", and both signed an agreement of one model on the same day" if common_signatures else ""
            return f"The names are similar{exception} ({max(full_similarity, proper_similarity):.0f} of 100){signature}."
    has_same_county = earlier.county_fips == later.county_fips is not None
    has_same_type = earlier.agency_type == later.agency_type is not None
    if has_same_county and has_same_type and earlier.signatures == later.signatures == common_signatures:
        return "County, type, models and signature dates are the same."
    return None


def _similarity(text_a: str, text_b: str) -> float:
    """Return the similarity of two texts, up to 100; 0 if a text is empty or the similarity is below the minimum."""
    return fuzz.ratio(text_a, text_b, score_cutoff=_MIN_SIMILARITY) if text_a and text_b else 0
