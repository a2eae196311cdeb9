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
    jurisdiction: str | None
    name: str
    agency_type: str | None
    county_fips: str | None
    signatures: frozenset[tuple[str, date | None]]

    @cached_property
    def significant_words(self) -> tuple[str, ...]:
        """The words of its name, without those of the jurisdiction's name and common words such as "department"."""
        ignored_words = _COMMON_WORDS | set(_split_words(JURISDICTION_NAMES.get(self.jurisdiction or "", "")))
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
    """Return each pair of a missing and a new agency of one jurisdiction that may be one agency, sorted by their ids."""
    new_by_jurisdiction: dict[str | None, list[RosterAgency]] = defaultdict(list)
    for agency in new_agencies:
        new_by_jurisdiction[agency.jurisdiction].append(agency)
    pairs = ((earlier, later) for earlier in missing_agencies for later in new_by_jurisdiction[earlier.jurisdiction])
    renames = [AgencyRename(earlier, later, reason) for earlier, later in pairs if (reason := _rename_reason(earlier, later))]
    return sorted(renames, key=lambda rename: (rename.earlier.id, rename.later.id))


@dataclass(frozen=True, slots=True)
class ListedAgreement:
    """An agreement as one roster lists it: its agency there, its model and its signature date."""

    id: str
    agency: RosterAgency
    model: str
    signed: date | None


@dataclass(frozen=True, slots=True)
class Successor:
    """The agreement on the next roster that a departed one may have become, with the reason."""

    agreement: ListedAgreement
    reason: str


def find_successor(old_agreement: ListedAgreement, arrivals: Iterable[ListedAgreement]) -> Successor | None:
    """Return the likeliest of the agreements that the next roster adds, or None if none may be the departed one.

    An arrival must have the same model. In the same jurisdiction, it must also have the same day of signature or a similar
    name. In another one, it must have the same day and the same name: ICE corrected the state.
    """
    candidates = [(arrival, _resemblance(old_agreement, arrival)) for arrival in arrivals if arrival.model == old_agreement.model]
    resembling_pairs = [(resemblance, arrival) for arrival, resemblance in candidates if resemblance]
    best = max(resembling_pairs, key=lambda pair: (pair[0].rank, pair[1].id), default=None)
    return best and Successor(best[1], best[0].reason)


@dataclass(frozen=True, slots=True)
class _Resemblance:
    """The reason why an arrival may be a departed agreement, and its rank among the arrivals."""

    rank: tuple[bool, bool, float, bool]
    reason: str


def _resemblance(old_agreement: ListedAgreement, arrival: ListedAgreement) -> _Resemblance | None:
    old, new = old_agreement.agency, arrival.agency
    has_same_day = old_agreement.signed == arrival.signed is not None
    has_same_county = old.county_fips == new.county_fips is not None
    if old.jurisdiction != new.jurisdiction:
        is_corrected = has_same_day and agency_key(old.name) == agency_key(new.name)
        reason = "The name, the model and the day of signature are the same; the state differs."
        return _Resemblance((True, True, 0, has_same_county), reason) if is_corrected else None
    similarities = [_similarity(old.significant_name, new.significant_name), _similarity(old.proper_name, new.proper_name)]
    best_similarity = max(similarities) if old.numbers == new.numbers else 0
    is_similar = best_similarity > 0 and sum(map(bool, (*similarities, has_same_day))) >= _MIN_SIGNALS
    if not (has_same_day or is_similar):
        return None
    names = f"The names are similar ({best_similarity:.0f} of 100)" if is_similar else "The names differ"
    days = f"both agreements of this model were signed on {old_agreement.signed}" if has_same_day else "one roster follows the other"
    likeness = fuzz.ratio(old.significant_name, new.significant_name)
    return _Resemblance((is_similar, has_same_day, likeness, has_same_county), f"{names}, and {days}.")


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
