"""Find pairs of agencies on two rosters that may be the same agency under two names.

The thresholds were chosen by looking at the agencies that appeared or disappeared between the rosters of December 2024
and January 2026. Pairs are only reported. Two names are merged only if ``seeds/renames.yaml`` says so
(docs/decisions/0012-agreements-are-derived-from-rosters.md).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from rapidfuzz import fuzz

from legal.rules.rosters.aliases import JURISDICTION_NAMES
from legal.rules.rosters.counties import county_key
from legal.rules.rosters.normalize import agency_key

_MIN_SIMILARITY = 90  # of 100
_MIN_SIGNALS = 2  # of three: one alone is often chance, as with Lee County and Levy County
LATE_SUCCESSOR_WINDOW = timedelta(days=60)
"""How long after a departure a respelled agreement is looked for. A roster is old evidence after as many days, so that what comes
back later rests on nothing recent (docs/rules.md, "Rosters and agreements")."""
_CORRECTION_REASON = "The name, the model and the day of signature are the same; the state is another one."
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
    """An agreement as one roster lists it: its agency there, its model and its signature date. ``county`` is as printed."""

    id: str
    agency: RosterAgency
    model: str
    signed: date | None
    county: str | None = None


@dataclass(frozen=True, slots=True)
class Successor:
    """The agreement of a later roster that a departed one may have become, and the reason to think so.

    ``is_correction`` is true if the two are one agreement, of which ICE corrected the state.
    """

    agreement: ListedAgreement
    reason: str
    is_correction: bool = False


def find_successors(departed_agreements: Sequence[ListedAgreement], arrivals: Sequence[ListedAgreement]) -> dict[str, Successor]:
    """Return, by id, what agreements that depart between two rosters may have become, among those that the later one adds.

    Without a similar name in its own jurisdiction, an agreement is corrected if exactly one arrival in another jurisdiction is
    the same, and it alone is the same as that arrival. What is left may have become the likeliest arrival of its jurisdiction.
    """
    likeliest = {agreement.id: _find_likeliest(agreement, arrivals) for agreement in departed_agreements}
    doubtful_agreements = [agreement for agreement in departed_agreements if not _has_similar_name(likeliest[agreement.id])]
    corrections = _find_corrections(doubtful_agreements, arrivals)
    corrected_ids = {successor.agreement.id for successor in corrections.values()}
    other_arrivals = [arrival for arrival in arrivals if arrival.id not in corrected_ids]
    renames = {
        agreement.id: resemblance.successor
        for agreement in departed_agreements
        if agreement.id not in corrections and (resemblance := _find_likeliest(agreement, other_arrivals))
    }
    return corrections | renames


def find_late_successor(departed_agreement: ListedAgreement, first_listings: Iterable[ListedAgreement]) -> Successor | None:
    """Return the likeliest agreement, among those that one later roster is the first to list, that a departed one may have become.

    Between rosters that do not follow each other, a day of signature alone is chance: on some days, dozens were signed in one
    state. The names must be similar too, or the county the same.
    """
    resemblance = _find_likeliest(departed_agreement, first_listings, "the agreement came back within weeks")
    return resemblance.successor if resemblance and (resemblance.is_similar or resemblance.has_same_county) else None


@dataclass(frozen=True, slots=True)
class _Resemblance:
    """The reason why an arrival may be a departed agreement, and its rank among the arrivals."""

    successor: Successor
    is_similar: bool
    has_same_day: bool
    likeness: float
    has_same_county: bool

    @property
    def rank(self) -> tuple[bool, bool, float, bool, str]:
        return (self.is_similar, self.has_same_day, self.likeness, self.has_same_county, self.successor.agreement.id)


def _has_similar_name(resemblance: _Resemblance | None) -> bool:
    return resemblance is not None and resemblance.is_similar


def _find_likeliest(
    old_agreement: ListedAgreement, arrivals: Iterable[ListedAgreement], closeness: str = "one roster follows the other"
) -> _Resemblance | None:
    candidates = [
        resemblance
        for arrival in arrivals
        if (arrival.model, arrival.agency.jurisdiction) == (old_agreement.model, old_agreement.agency.jurisdiction)
        and (resemblance := _resemblance(old_agreement, arrival, closeness))
    ]
    return max(candidates, key=lambda resemblance: resemblance.rank, default=None)


def _resemblance(old_agreement: ListedAgreement, arrival: ListedAgreement, closeness: str) -> _Resemblance | None:
    """Compare two agreements of one jurisdiction and model. They resemble each other by the day of signature, or by the names."""
    old, new = old_agreement.agency, arrival.agency
    has_same_day = old_agreement.signed == arrival.signed is not None
    similarities = [_similarity(old.significant_name, new.significant_name), _similarity(old.proper_name, new.proper_name)]
    best_similarity = max(similarities) if old.numbers == new.numbers else 0
    is_similar = best_similarity > 0 and sum(map(bool, (*similarities, has_same_day))) >= _MIN_SIGNALS
    if not (has_same_day or is_similar):
        return None
    names = f"The names are similar ({best_similarity:.0f} of 100)" if is_similar else "The names differ"
    days = f"both agreements of this model were signed on {old_agreement.signed}" if has_same_day else closeness
    likeness = fuzz.ratio(old.significant_name, new.significant_name)
    has_same_county = old.county_fips == new.county_fips is not None
    return _Resemblance(Successor(arrival, f"{names}, and {days}."), is_similar, has_same_day, likeness, has_same_county)


def _find_corrections(departed_agreements: Iterable[ListedAgreement], arrivals: Iterable[ListedAgreement]) -> dict[str, Successor]:
    """Return the agreements that moved to another state, by id; those that may have moved from or to several are left out."""
    arrivals_by_identity: dict[tuple[str, str, date], list[ListedAgreement]] = defaultdict(list)
    for arrival in arrivals:
        if arrival.signed:
            arrivals_by_identity[_identity(arrival, arrival.signed)].append(arrival)
    pairs = [
        (agreement, arrival)
        for agreement in departed_agreements
        if agreement.signed
        for arrival in arrivals_by_identity[_identity(agreement, agreement.signed)]
        if agreement.agency.jurisdiction != arrival.agency.jurisdiction and _has_compatible_county(agreement, arrival)
    ]
    uses = Counter(listed_agreement.id for pair in pairs for listed_agreement in pair)
    return {
        agreement.id: Successor(arrival, _CORRECTION_REASON, is_correction=True)
        for agreement, arrival in pairs
        if uses[agreement.id] == uses[arrival.id] == 1
    }


def _identity(agreement: ListedAgreement, signed: date) -> tuple[str, str, date]:
    return agency_key(agreement.agency.name), agreement.model, signed


def _has_compatible_county(agreement: ListedAgreement, arrival: ListedAgreement) -> bool:
    """Return whether two rosters print the same county. A county's code differs between states, so that the printed text counts."""
    counties = {county_key(county) for county in (agreement.county, arrival.county) if county}
    return len(counties) <= 1


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
