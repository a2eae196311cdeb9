"""The posture of a stance: rule pack 1, read from what stands for certain.

Rules are tried in order and the first that matches names the posture. Source: design, "Posture,
rule pack 1". The same pack over the same claims gives the same answer, wherever it is run.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from legal.rules.in_effect import phase
from legal.vocabulary import AgencyClass, Direction, Kind, Metric, Phase, Posture, Reach, Stands

RULE_PACK = 1
LAW = frozenset({Kind.BAN, Kind.MANDATE, Kind.EXECUTIVE_ORDER})
OPEN = (Stands.POSSIBLE, Stands.UNKNOWN)
ACTIVITY = frozenset({Metric.ARRESTS, Metric.ENCOUNTERS})


@dataclass(frozen=True, slots=True)
class Claim:
    """A measure as the posture rules see it, on one day."""

    id: str
    kind: str
    status: str
    direction: str
    stands: Stands
    binds: frozenset[str] = frozenset()
    does_not_bind: frozenset[str] = frozenset()
    reach: str | None = None
    prohibits_agreements: bool | None = None
    has_exceptions: bool = False
    implies: frozenset[str] = frozenset()
    over: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """A figure as the posture rules see it: whether it had been reported by the day asked about."""

    id: str
    metric: str
    on_file: Stands


@dataclass(frozen=True, slots=True)
class Facts:
    """What a set of claims amounts to; the letters of the design in words."""

    bars_all: bool = False
    limits_in_part: bool = False
    requires: bool = False
    agreements: bool = False
    pending_limit: bool = False
    challenge: bool = False
    activity: bool = False
    anything: bool = False

    def __or__(self, other: "Facts") -> "Facts":
        return Facts(*(getattr(self, name) or getattr(other, name) for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its name, its condition in words and as a function, what it answers and which facts it rests on."""

    name: str
    when: str
    matches: Callable[[Facts], bool]
    posture: Posture
    uses: tuple[str, ...]


RULES: tuple[Rule, ...] = (
    Rule(
        "R1",
        "Law in force both limits and requires cooperation.",
        lambda f: (f.bars_all or f.limits_in_part) and f.requires,
        Posture.CONFLICTING_LAW,
        ("bars_all", "limits_in_part", "requires"),
    ),
    Rule(
        "R2",
        "Law in force bars all agreements, and none is present or impaired.",
        lambda f: f.bars_all and not f.agreements,
        Posture.BARRED,
        ("bars_all",),
    ),
    Rule(
        "R3",
        "Law in force bars all agreements, and some are present or impaired.",
        lambda f: f.bars_all and f.agreements,
        Posture.BARRED_WITH_AGREEMENTS,
        ("bars_all", "agreements"),
    ),
    Rule("R4", "Law in force requires cooperation.", lambda f: f.requires, Posture.REQUIRED, ("requires",)),
    Rule(
        "R5",
        "Law in force limits cooperation in part, and agreements are present or impaired.",
        lambda f: f.limits_in_part and f.agreements,
        Posture.LIMITED_WITH_AGREEMENTS,
        ("limits_in_part", "agreements"),
    ),
    Rule("R6", "Law in force limits cooperation in part.", lambda f: f.limits_in_part, Posture.LIMITED, ("limits_in_part",)),
    Rule(
        "R7",
        "Agreements are present or impaired, and a pending bill would limit them or a suit, settlement, judgment or opinion challenges them.",
        lambda f: f.agreements and (f.pending_limit or f.challenge),
        Posture.ACTIVE_CONTESTED,
        ("agreements", "pending_limit", "challenge"),
    ),
    Rule("R8", "Agreements are present or impaired.", lambda f: f.agreements, Posture.ACTIVE, ("agreements",)),
    Rule(
        "R9",
        "Agreements are implied, ended or not on record, and a pending bill would limit them or a suit, settlement, judgment or opinion challenges them.",
        lambda f: f.pending_limit or f.challenge,
        Posture.CONTESTED,
        ("pending_limit", "challenge"),
    ),
    Rule(
        "R10", "Activity under agreements is reported, and no agreement is.", lambda f: f.activity, Posture.ACTIVITY_REPORTED, ("activity",)
    ),
    Rule("R11", "Something is on file that no other rule reads.", lambda f: f.anything, Posture.ON_FILE, ("anything",)),
    Rule("R12", "Nothing is on file.", lambda f: True, Posture.NO_RECORD, ()),
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A posture with the rule that gave it and every claim of the place, used or set aside.

    ``grounds`` are the claims of ``because`` by what the rule rests on: any one of each would do.
    """

    posture: Posture
    rule: str
    because: tuple[str, ...]
    grounds: tuple[tuple[str, ...], ...]
    set_aside: tuple[tuple[str, str], ...]
    could_be: tuple[Posture, ...]
    would_become: tuple[tuple[str, Posture], ...]


def read(claims: Sequence[Claim], reports: Sequence[Report] = ()) -> Reading:
    """Read a stance: the posture, why, what was set aside, what it could be, and what pending bills would make of it."""
    each: dict[str, Facts] = {claim.id: measure_facts(claim) for claim in claims} | {report.id: report_facts(report) for report in reports}
    facts = certain_facts(claims, reports)
    certain = {claim.id for claim in claims if claim.stands is Stands.YES} | {
        report.id for report in reports if report.on_file is Stands.YES
    }
    rule = first_rule(facts)
    because = tuple(key for key in each if key in certain and any(getattr(each[key], name) for name in rule.uses))
    used = frozenset(because)
    aside = [(claim.id, _why_claim(claim, rule)) for claim in claims if claim.id not in used]
    aside += [(report.id, _why_report(report, rule)) for report in reports if report.id not in used]
    possible = [claim.id for claim in claims if claim.stands in OPEN] + [
        report.id for report in reports if report.on_file is Stands.POSSIBLE
    ]
    pending = [claim for claim in claims if claim.kind == Kind.PENDING_BILL and (claim.stands is Stands.YES or claim.stands in OPEN)]
    return Reading(
        rule.posture,
        rule.name,
        because,
        tuple(tuple(key for key in because if getattr(each[key], name)) for name in rule.uses if getattr(facts, name)),
        tuple(aside),
        tuple(reachable(facts, [each[key] for key in possible])),
        tuple((bill.id, _enacted(bill, claims, reports)) for bill in pending),
    )


def certain_facts(claims: Sequence[Claim], reports: Sequence[Report] = ()) -> Facts:
    """What stands for certain amounts to, and whether anything is on file for the day at all."""
    held = [measure_facts(claim) for claim in claims if claim.stands is Stands.YES]
    told = [report_facts(report) for report in reports if report.on_file is Stands.YES]
    return union([*held, *told]) | Facts(anything=any(map(on_file, claims)) or any(map(reported, reports)))


def on_file(claim: Claim) -> bool:
    """Whether a measure has anything to say of the day: it may stand, or it is over, or there is said to be none."""
    return claim.stands is not Stands.NO or claim.over or phase(claim.kind, claim.status) is Phase.ABSENT


def reported(report: Report) -> bool:
    """Whether a figure may have been reported by the day."""
    return report.on_file is not Stands.NO


def first_rule(facts: Facts) -> Rule:
    """The first rule of the pack that the facts match; the last one matches always."""
    return next(rule for rule in RULES if rule.matches(facts))


def union(facts: Iterable[Facts]) -> Facts:
    """What several claims amount to together."""
    return reduce(Facts.__or__, facts, Facts())


def reachable(base: Facts, possible: Iterable[Facts]) -> list[Posture]:
    """The other postures that some choice of what is only possible would give, in the order of the rules."""
    seen = {base}
    for facts in possible:  # sets of facts, not of claims: there are few, however many claims there are
        seen |= {one | facts for one in seen}
    found = {first_rule(facts).posture for facts in seen} - {first_rule(base).posture}
    return [rule.posture for rule in RULES if rule.posture in found]


def measure_facts(claim: Claim) -> Facts:
    """What one measure adds to the facts if it stands."""
    limits, requires = claim.direction in (Direction.LIMITS, Direction.MIXED), claim.direction in (Direction.REQUIRES, Direction.MIXED)
    if claim.kind in LAW:
        return Facts(bars_all=bars_all(claim), limits_in_part=limits and not bars_all(claim), requires=requires, anything=True)
    return Facts(
        agreements=claim.kind == Kind.ACTIVE_AGREEMENTS,
        pending_limit=claim.kind == Kind.PENDING_BILL and limits,
        challenge=claim.kind in (Kind.LITIGATION, Kind.LEGAL_OPINION) and limits,
        anything=True,
    )


def report_facts(report: Report) -> Facts:
    """What one figure adds to the facts."""
    return Facts(activity=report.metric in ACTIVITY, anything=True)


def bars_all(claim: Claim) -> bool:
    """Whether a law or order prohibits agreements with no exception stated and leaves no agency out."""
    everybody = not claim.binds or AgencyClass.ALL_AGENCIES in claim.binds
    return (
        claim.direction == Direction.LIMITS
        and claim.prohibits_agreements is True
        and claim.reach != Reach.EXISTING  # new ones stay open
        and everybody
        and not claim.does_not_bind
        and not claim.has_exceptions
    )


def _enacted(bill: Claim, claims: Sequence[Claim], reports: Sequence[Report]) -> Posture:
    """The posture with one pending bill in force and everything else as it certainly stands."""
    law = replace(bill, kind=Kind.BAN if bill.direction == Direction.LIMITS else Kind.MANDATE, status="in_force", stands=Stands.YES)
    others = [measure_facts(claim) for claim in claims if claim.stands is Stands.YES and claim.id != bill.id]
    return first_rule(
        union([measure_facts(law), *others, *(report_facts(report) for report in reports if report.on_file is Stands.YES)])
    ).posture


def _why_claim(claim: Claim, rule: Rule) -> str:
    if claim.stands is not Stands.YES:
        return {
            Stands.POSSIBLE: f"It may stand on this day and is not certain to ({claim.status}); see could_be.",
            Stands.UNKNOWN: "Nothing on file places it in time; see could_be.",
            Stands.NO: f"It does not stand on this day ({claim.status}).",
        }[claim.stands]
    if claim.kind == Kind.PENDING_BILL:
        return f"A pending bill binds nobody, and {rule.name} does not turn on it; see would_become."
    if claim.kind == Kind.LEGAL_OPINION:
        return f"A legal opinion binds nobody, and {rule.name} does not turn on it."
    return f"{rule.name} does not turn on it."


def _why_report(report: Report, rule: Rule) -> str:
    if report.on_file is Stands.YES:
        return f"A figure of {report.metric}; {rule.name} does not turn on it."
    return (
        "It may not have been reported by this day; see could_be."
        if report.on_file is Stands.POSSIBLE
        else "It was not reported by this day."
    )
