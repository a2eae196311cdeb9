"""Read the posture of a stance by rule pack 2, from the measures that are in effect for certain.

The rules are tried in order, and the first that matches names the posture. The functions are pure: the same pack over
the same claims gives the same answer everywhere. Source: docs/rules.md, "Posture".
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from legal.rules.horizons import BINDING_TERMS
from legal.rules.in_effect import UNCERTAIN_ANSWERS, phase_of_status
from legal.vocabulary import AgencyClass, Direction, Kind, Metric, Phase, Posture, Reach, Stands

RULE_PACK = 2
"""The number of the only rule pack in this program."""
_LAW_KINDS = frozenset({Kind.BAN, Kind.MANDATE, Kind.EXECUTIVE_ORDER})
_ACTIVITY_METRICS = frozenset({Metric.ARRESTS, Metric.ENCOUNTERS})


@dataclass(frozen=True, slots=True)
class Claim:
    """A measure on one day, or the roster in force, with the fields that the posture rules read.

    ``status`` is the one that the measure has on that day; null before its first one. ``has_ended`` means certainly
    ended by that day. ``is_unlisted`` means that the roster in effect is newer than the sources of a set of agreements
    and names no agency of the jurisdiction. ``is_past_horizon`` means that the evidence is too old to be certain.
    ``listed_agreements`` is null for a measure; for the roster, it is the number of agreements that the roster lists
    for the jurisdiction.
    """

    id: str
    kind: str
    status: str | None
    direction: str
    stands: Stands
    binds: frozenset[str] = frozenset()
    does_not_bind: frozenset[str] = frozenset()
    reach: str | None = None
    prohibits_agreements: bool | None = None
    has_exceptions: bool = False
    implies: frozenset[str] = frozenset()
    has_ended: bool = False
    is_unlisted: bool = False
    is_past_horizon: bool = False
    listed_agreements: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A figure on one day, with the fields that the posture rules read; ``on_file`` says whether it had been reported by then."""

    id: str
    metric: str
    on_file: Stands


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts that a set of claims and reports establishes. The conditions of the posture rules read nothing else."""

    bars_all: bool = False
    limits_in_part: bool = False
    requires: bool = False
    agreements: bool = False
    restricted_agreements: bool = False
    unrestricted_agreements: bool = False
    restricting_terms: bool = False
    pending_limit: bool = False
    challenge: bool = False
    activity: bool = False
    anything: bool = False
    none_listed: bool = False

    def __or__(self, other: "Facts") -> "Facts":
        return Facts(*(getattr(self, name) or getattr(other, name) for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class PostureRule:
    """A rule: its condition in words and as a function, its posture, and the names of the facts that it rests on."""

    name: str
    condition: str
    matches: Callable[[Facts], bool]
    posture: Posture
    facts_used: tuple[str, ...]


POSTURE_RULES: tuple[PostureRule, ...] = (
    PostureRule(
        "R1",
        "Law or policy in force both limits and requires cooperation.",
        lambda facts: (facts.bars_all or facts.limits_in_part) and facts.requires,
        Posture.CONFLICTING_LAW,
        ("bars_all", "limits_in_part", "requires"),
    ),
    PostureRule(
        "R2",
        "Law or policy in force bars all agreements, and none is present or impaired.",
        lambda facts: facts.bars_all and not facts.agreements,
        Posture.BARRED,
        ("bars_all",),
    ),
    PostureRule(
        "R3",
        "Law or policy in force bars all agreements, and some are present or impaired.",
        lambda facts: facts.bars_all and facts.agreements,
        Posture.BARRED_WITH_AGREEMENTS,
        ("bars_all", "agreements"),
    ),
    PostureRule("R4", "Law or policy in force requires cooperation.", lambda facts: facts.requires, Posture.REQUIRED, ("requires",)),
    PostureRule(
        "R5",
        "Law or policy in force limits cooperation in part, and agreements are present or impaired.",
        lambda facts: facts.limits_in_part and facts.agreements,
        Posture.LIMITED_WITH_AGREEMENTS,
        ("limits_in_part", "agreements"),
    ),
    PostureRule(
        "R6", "Law or policy in force limits cooperation in part.", lambda facts: facts.limits_in_part, Posture.LIMITED, ("limits_in_part",)
    ),
    PostureRule(
        "R7",
        "Agreements are present or impaired, and a settlement or judgment in effect restricts all of them.",
        lambda facts: facts.restricted_agreements and facts.restricting_terms and not facts.unrestricted_agreements,
        Posture.ACTIVE_RESTRICTED,
        ("agreements", "restricted_agreements", "restricting_terms"),
    ),
    PostureRule(
        "R8",
        "Agreements are present or impaired, and a pending bill would limit such agreements or a suit, settlement, judgment or opinion challenges them.",
        lambda facts: facts.agreements and (facts.pending_limit or facts.challenge),
        Posture.ACTIVE_CONTESTED,
        ("agreements", "pending_limit", "challenge"),
    ),
    PostureRule("R9", "Agreements are present or impaired.", lambda facts: facts.agreements, Posture.ACTIVE, ("agreements",)),
    PostureRule(
        "R10",
        "No agreement is present or impaired, and a pending bill would limit agreements or a suit, settlement, judgment or opinion challenges them.",
        lambda facts: facts.pending_limit or facts.challenge,
        Posture.CONTESTED,
        ("pending_limit", "challenge"),
    ),
    PostureRule(
        "R11",
        "Activity credited to the program is reported, and no agreement is present or impaired.",
        lambda facts: facts.activity,
        Posture.ACTIVITY_REPORTED,
        ("activity",),
    ),
    PostureRule("R12", "Something is on file, and no other rule applies.", lambda facts: facts.anything, Posture.ON_FILE, ("anything",)),
    PostureRule(
        "R13",
        "The roster in force names no agency of the jurisdiction, and nothing else is on file for the day.",
        lambda facts: facts.none_listed,
        Posture.NONE_LISTED,
        ("none_listed",),
    ),
    PostureRule("R14", "Nothing is on file for the day.", lambda facts: True, Posture.NO_RECORD, ()),
)


@dataclass(frozen=True, slots=True)
class PostureReading:
    """A posture with the rule that gave it. Every claim and report is either in ``because`` or in ``set_aside``.

    ``because`` has the ids of the claims and reports that the posture rests on. ``grounds`` has the same ids, grouped
    by the fact that they establish; one id of each group would be enough. ``set_aside`` has pairs (id, reason), and
    ``would_become`` has pairs (id of a pending bill, posture).
    """

    posture: Posture
    rule: str
    because: tuple[str, ...]
    grounds: tuple[tuple[str, ...], ...]
    set_aside: tuple[tuple[str, str], ...]
    could_be: tuple[Posture, ...]
    would_become: tuple[tuple[str, Posture], ...]


def read_posture(claims: Sequence[Claim], reports: Sequence[Report] = ()) -> PostureReading:
    """Read the posture of one jurisdiction: the rule, its reasons, what it set aside, and what could change it."""
    claim_facts_by_id = {claim.id: claim_facts(claim) for claim in claims}
    facts_by_id = claim_facts_by_id | {report.id: report_facts(report) for report in reports}
    facts = certain_facts(claims, reports)
    rule = first_matching_rule(facts)
    certain_ids = {claim.id for claim in claims if is_certain(claim)}
    certain_ids |= {report.id for report in reports if report.on_file is Stands.YES}
    because = tuple(id for id in facts_by_id if id in certain_ids and any(getattr(facts_by_id[id], name) for name in rule.facts_used))
    possible_ids = [claim.id for claim in claims if claim.stands in UNCERTAIN_ANSWERS]
    possible_ids += [report.id for report in reports if report.on_file is Stands.POSSIBLE]
    could_be = tuple(reachable_postures(facts, [facts_by_id[id] for id in possible_ids]))
    pending_bills = [claim for claim in claims if claim.kind == Kind.PENDING_BILL and claim.stands is not Stands.NO]
    return PostureReading(
        rule.posture,
        rule.name,
        because,
        _ground_ids(rule, facts_by_id, because),
        _set_aside(claims, reports, rule, frozenset(because), bool(could_be)),
        could_be,
        tuple((bill.id, _posture_if_enacted(bill, claims, reports)) for bill in pending_bills),
    )


def _ground_ids(rule: PostureRule, facts_by_id: Mapping[str, Facts], because: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Return the reasons grouped by the fact that they establish. A fact that follows from no certain claim has no group."""
    groups = [tuple(id for id in because if getattr(facts_by_id[id], name)) for name in rule.facts_used]
    return tuple(group for group in groups if group)


def is_certain(claim: Claim) -> bool:
    """Return whether a claim holds for certain: something in effect, or a roster in effect that names no agency."""
    return claim.stands is Stands.YES or claim.listed_agreements == 0


def certain_facts(claims: Sequence[Claim], reports: Sequence[Report] = ()) -> Facts:
    """Return the facts that hold for certain; ``anything`` is true if anything at all is on file for the day."""
    in_effect = [claim_facts(claim) for claim in claims if is_certain(claim)]
    reported_figures = [report_facts(report) for report in reports if report.on_file is Stands.YES]
    anything = any(map(is_on_file, claims)) or any(map(may_be_reported, reports))
    return combine_facts([*in_effect, *reported_figures]) | Facts(anything=anything)


def is_on_file(claim: Claim) -> bool:
    """Return whether a measure says anything about the day: it is or may be in effect, is over, or reports an absence.

    A roster that does not name the jurisdiction does not count here; it establishes the fact ``none_listed`` instead.
    """
    if claim.listed_agreements == 0:
        return False
    return claim.stands is not Stands.NO or claim.has_ended or claim.is_unlisted or has_phase(claim, Phase.ABSENT)


def has_phase(claim: Claim, phase: Phase) -> bool:
    """Return whether the status of a claim on its day puts it in a phase."""
    return claim.status is not None and phase_of_status(claim.kind, claim.status) is phase


def may_be_reported(report: Report) -> bool:
    """Return whether a figure certainly or possibly had been reported by its day."""
    return report.on_file is not Stands.NO


def first_matching_rule(facts: Facts) -> PostureRule:
    """Return the first rule of the pack that the facts match. The last rule always matches."""
    return next(rule for rule in POSTURE_RULES if rule.matches(facts))


def combine_facts(facts: Iterable[Facts]) -> Facts:
    """Return the facts that hold in at least one of several sets of facts."""
    return reduce(Facts.__or__, facts, Facts())


def reachable_postures(base: Facts, possible: Iterable[Facts]) -> list[Posture]:
    """List the postures, other than that of ``base``, that follow if some or all of the possible facts hold, in the order of the rules."""
    combinations = {base}
    for facts in possible:  # distinct sets of facts, not subsets of claims: they stay few, however many claims there are
        combinations |= {combination | facts for combination in combinations}
    postures = {first_matching_rule(facts).posture for facts in combinations} - {first_matching_rule(base).posture}
    return [rule.posture for rule in POSTURE_RULES if rule.posture in postures]


def claim_facts(claim: Claim) -> Facts:
    """Return the facts that a claim establishes if it holds."""
    if _is_agreements(claim):
        return _agreement_facts(claim)
    limits, requires = claim.direction in (Direction.LIMITS, Direction.MIXED), claim.direction in (Direction.REQUIRES, Direction.MIXED)
    if claim.kind in _LAW_KINDS:
        bars_all = bars_all_agreements(claim)
        return Facts(bars_all=bars_all, limits_in_part=limits and not bars_all, requires=requires, anything=True)
    return Facts(
        restricting_terms=limits and restricts_existing_agreements(claim),
        pending_limit=claim.kind == Kind.PENDING_BILL and limits,
        challenge=claim.kind in (Kind.LITIGATION, Kind.LEGAL_OPINION) and limits,
        anything=True,
    )


def report_facts(report: Report) -> Facts:
    """Return the facts that a figure establishes if it has been reported."""
    return Facts(activity=report.metric in _ACTIVITY_METRICS, anything=True)


def bars_all_agreements(claim: Claim) -> bool:
    """Return whether a law or order prohibits new agreements, states no exception and exempts no agency."""
    binds_all_agencies = not claim.binds or AgencyClass.ALL_AGENCIES in claim.binds
    return (
        claim.direction == Direction.LIMITS
        and claim.prohibits_agreements is True
        and claim.reach != Reach.EXISTING  # new agreements would remain possible
        and binds_all_agencies
        and not claim.does_not_bind
        and not claim.has_exceptions
    )


def restricts_existing_agreements(claim: Claim) -> bool:
    """Return whether a claim is a settlement or judgment whose terms bind and cover existing agreements."""
    return claim.kind == Kind.LITIGATION and claim.status in BINDING_TERMS and claim.reach in (Reach.EXISTING, Reach.BOTH)


def ends_all_agreements(claim: Claim) -> bool:
    """Return whether a bill would, if enacted, end every existing agreement: it prohibits them without exception, for all agencies."""
    covers_existing = claim.reach in (Reach.EXISTING, Reach.BOTH)
    return covers_existing and bars_all_agreements(replace(claim, reach=Reach.BOTH))


def _agreement_facts(claim: Claim) -> Facts:
    if claim.listed_agreements == 0:
        return Facts(none_listed=True)
    if claim.listed_agreements:
        # If the roster lists one agreement, it can be the impaired one of a measure. If it lists several, some are not impaired.
        return Facts(agreements=True, unrestricted_agreements=claim.listed_agreements > 1, anything=True)
    is_impaired = has_phase(claim, Phase.IMPAIRED)
    return Facts(agreements=True, restricted_agreements=is_impaired, unrestricted_agreements=not is_impaired, anything=True)


def _posture_if_enacted(bill: Claim, claims: Sequence[Claim], reports: Sequence[Report]) -> Posture:
    """Return the posture that would follow if one pending bill were law in force and all other certain facts stayed the same.

    A bill that ends every existing agreement removes all agreements. A bill that neither limits nor requires
    cooperation changes nothing.
    """
    if bill.direction not in (Direction.LIMITS, Direction.REQUIRES, Direction.MIXED):
        return first_matching_rule(certain_facts(claims, reports)).posture
    kind = Kind.BAN if bill.direction == Direction.LIMITS else Kind.MANDATE
    law = replace(bill, kind=kind, status="in_force", stands=Stands.YES)
    unchanged = [claim for claim in claims if claim.id != bill.id and not (_is_agreements(claim) and ends_all_agreements(bill))]
    return first_matching_rule(certain_facts([law, *unchanged], reports)).posture


def _is_agreements(claim: Claim) -> bool:
    return claim.kind == Kind.ACTIVE_AGREEMENTS


def _set_aside(
    claims: Sequence[Claim], reports: Sequence[Report], rule: PostureRule, used_ids: frozenset[str], has_other_readings: bool
) -> tuple[tuple[str, str], ...]:
    reference = "; see could_be." if has_other_readings else ", and no other posture would follow from it."
    return (
        *((claim.id, _claim_set_aside_reason(claim, rule, reference)) for claim in claims if claim.id not in used_ids),
        *((report.id, _report_set_aside_reason(report, rule, reference)) for report in reports if report.id not in used_ids),
    )


def _claim_set_aside_reason(claim: Claim, rule: PostureRule, reference: str) -> str:
    if claim.listed_agreements == 0:
        return f"This roster names no agency of the jurisdiction, and {rule.name} does not depend on it."
    if claim.is_unlisted:
        return "A roster that was published after its newest source names no agency of the jurisdiction."
    if claim.stands is not Stands.YES:
        return _uncertain_claim_reason(claim, reference)
    if claim.kind == Kind.PENDING_BILL:
        return f"A pending bill is not binding, and {rule.name} does not depend on it; see would_become."
    if claim.kind == Kind.LEGAL_OPINION:
        return f"A legal opinion is not binding, and {rule.name} does not depend on it."
    return f"{rule.name} does not depend on it."


def _uncertain_claim_reason(claim: Claim, reference: str) -> str:
    status = f" (status: {claim.status})" if claim.status else ""
    if claim.is_past_horizon and claim.stands is Stands.POSSIBLE:
        return f"The newest source is too old to show that it is still in effect{status}{reference}"
    return {
        Stands.POSSIBLE: f"It may be in effect on this day but is not certain to be{status}{reference}",
        Stands.UNKNOWN: f"Nothing on file places it in time{reference}",
        Stands.NO: f"It is not in effect on this day{status}.",
    }[claim.stands]


def _report_set_aside_reason(report: Report, rule: PostureRule, reference: str) -> str:
    if report.on_file is Stands.YES:
        return f"A figure of the metric {report.metric}; {rule.name} does not depend on it."
    return (
        f"It may not have been reported by this day{reference}"
        if report.on_file is Stands.POSSIBLE
        else "It had not been reported by this day."
    )
