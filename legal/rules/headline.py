"""Write the headline of a jurisdiction: one or two sentences that a reporter may quote, never stronger than the claims.

The text is computed from ``HeadlineFacts`` alone, so it changes only when one of these facts changes. Source:
docs/rules.md, "Headlines".
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from legal.rules.dates import EdtfDate
from legal.rules.evidence import DOCUMENT_STALE_MONTHS, ROSTER_STALE_AFTER, is_old, newest_date
from legal.rules.in_effect import UNCERTAIN_ANSWERS
from legal.vocabulary import Kind, Posture, Stands

_BILL_CHALLENGE = "a pending bill would limit such agreements"
_SUIT_CHALLENGE = "a suit challenges participation in the program"
_OPINION_CHALLENGE = "a legal opinion questions such agreements"
_TERMS = {"settled": "a settlement restricts participation in the program", "judgment": "a judgment restricts participation in the program"}
BILL_STEP_WORDS = {
    "passed_legislature": "had passed the legislature",
    "passed_one_chamber": "had passed one chamber",
    "introduced": "had been introduced",
    "pending": "was pending",
}
"""The steps of a bill in words, by status."""
_AGREEMENTS = "{some_agreements} on file as in effect in {name}"
_LAW = "law or policy in force in {name}"
_STATEMENTS: Mapping[Posture, str] = {
    Posture.CONFLICTING_LAW: f"{_LAW} both limits and requires cooperation with ICE",
    Posture.BARRED: f"{_LAW} bars 287(g) agreements",
    Posture.BARRED_WITH_AGREEMENTS: f"{_LAW} bars 287(g) agreements, and {{such_agreements}} on file as in effect",
    Posture.REQUIRED: f"{_LAW} requires cooperation with ICE",
    Posture.LIMITED_WITH_AGREEMENTS: f"{_LAW} limits 287(g) cooperation in part, and {{some_agreements}} on file as in effect",
    Posture.LIMITED: f"{_LAW} limits 287(g) cooperation in part",
    Posture.ACTIVE_RESTRICTED: f"{_AGREEMENTS}, and {{challenges}}",
    Posture.ACTIVE_CONTESTED: f"{_AGREEMENTS}, and {{challenges}}",
    Posture.ACTIVE: _AGREEMENTS,
    Posture.CONTESTED: "participation in 287(g) agreements is contested in {name}: {challenges}",
    Posture.ACTIVITY_REPORTED: "activity credited to the 287(g) program is reported in {name}",
    Posture.ON_FILE: "what is on file about {name}{published} does not settle where it stands on 287(g) agreements",
}
_NO_RECORD = "The documents on file do not say where {name} stands on this day; that says nothing about its law or its agreements."
_NONE_LISTED = (
    "ICE's roster of {day} names no agency in {name}, and nothing else is on file for this day; that says nothing beyond the roster."
)


@dataclass(frozen=True, slots=True)
class HeadlineClaim:
    """A measure or figure with the fields that a headline uses.

    ``status`` is null for a figure. ``newest_source`` is the date of its newest supporting document. ``is_reason`` says
    whether the posture rests on it.
    """

    kind: str | None
    status: str | None
    stands: Stands
    newest_source: EdtfDate
    is_reason: bool


@dataclass(frozen=True, slots=True)
class RosterMention:
    """The roster in force and its counts for the jurisdiction; ``is_reason`` says whether the posture rests on it."""

    day: date
    agreements: int
    agencies: int
    is_reason: bool


@dataclass(frozen=True, slots=True)
class HeadlineFacts:
    """The facts that a headline states. ``is_stale`` is null if nothing is on file."""

    name: str
    posture: Posture
    day: date
    claims: Sequence[HeadlineClaim]
    roster: RosterMention | None
    is_stale: bool | None
    has_other_readings: bool


def headline_text(facts: HeadlineFacts) -> str:
    """Return one or two sentences: the posture with its sources; then uncertainties, the roster's counts and old evidence, if any."""
    name = f"the {facts.name}" if facts.name.startswith("District") or facts.name.endswith("Islands") else facts.name
    if facts.posture is Posture.NO_RECORD:
        return _NO_RECORD.format(name=name)
    if facts.posture is Posture.NONE_LISTED and facts.roster:
        sentences = [_NONE_LISTED.format(day=day_text(facts.roster.day), name=name)]
        clauses = _age_clauses(facts)
    else:
        sentences = [_as_sentence(_posture_text(facts, name))]
        clauses = [*_uncertain_clauses(facts), *_roster_clauses(facts), *_age_clauses(facts)]
    return " ".join([*sentences, *([_as_sentence("; ".join(clauses))] if clauses else [])])


def day_text(day: date) -> str:
    """Return a day as ``February 4, 2026``."""
    return f"{day:%B} {day.day}, {day.year}"


def _as_sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _posture_text(facts: HeadlineFacts, name: str) -> str:
    """Return the posture with its sources. It speaks of several agreements only if the roster lists several."""
    reasons = [claim for claim in facts.claims if claim.is_reason]
    evidence = _evidence_text(newest_date(claim.newest_source for claim in reasons)) if reasons else ""
    lists_several = facts.roster is not None and facts.roster.is_reason and facts.roster.agreements > 1
    statement = _STATEMENTS[facts.posture].format(
        name=name,
        some_agreements="287(g) agreements are" if lists_several else "at least one 287(g) agreement is",
        such_agreements="such agreements are" if lists_several else "at least one such agreement is",
        challenges=" and ".join(_challenge_texts(reasons)),
        published=f", {evidence}," if evidence else "",
    )
    if facts.posture is Posture.ON_FILE:
        return statement
    sources = [f"ICE's roster of {day_text(facts.roster.day)}"] if facts.roster and facts.roster.is_reason else []
    sources += [f"evidence {evidence}"] if evidence else []
    return f"{statement}, according to {' and '.join(sources)}" if sources else statement


def _challenge_texts(reasons: Sequence[HeadlineClaim]) -> list[str]:
    """Return what limits, challenges or questions agreements, by the kinds and statuses of the reasons, in a fixed order."""
    kinds = {claim.kind for claim in reasons}
    lawsuit_statuses = {claim.status for claim in reasons if claim.kind == Kind.LITIGATION}
    return [
        *([_BILL_CHALLENGE] if Kind.PENDING_BILL in kinds else []),
        *([_SUIT_CHALLENGE] if lawsuit_statuses - set(_TERMS) else []),
        *(text for status, text in _TERMS.items() if status in lawsuit_statuses),
        *([_OPINION_CHALLENGE] if Kind.LEGAL_OPINION in kinds else []),
    ]


def _evidence_text(newest: EdtfDate) -> str:
    """Return by when the evidence was published. An uncertain date gives its latest day, so that older documents fit as well."""
    if newest.latest:
        return f"published by {day_text(newest.latest)}"
    return f"published on {day_text(newest.earliest)} or later" if newest.earliest else "without a date"


def _uncertain_clauses(facts: HeadlineFacts) -> list[str]:
    possible_bills = [claim for claim in facts.claims if claim.kind == Kind.PENDING_BILL and _is_uncertain(claim)]
    possible_agreements = [claim for claim in facts.claims if claim.status == "ordered_to_terminate" and _is_uncertain(claim)]
    clauses = [
        *_grouped_clauses(possible_bills, lambda status, newest: _bill_clause(status, newest, facts.day)),
        *_grouped_clauses(possible_agreements, lambda status, newest: _ORDERED),
    ]
    return clauses or (["some of what is on file may or may not hold on this day"] if facts.has_other_readings else [])


_ORDERED = "some agreements have been ordered to end, and no source on file says that they have"


def _is_uncertain(claim: HeadlineClaim) -> bool:
    return claim.stands in UNCERTAIN_ANSWERS


def _grouped_clauses(claims: Sequence[HeadlineClaim], write_clause: Callable[[str, EdtfDate], str]) -> list[str]:
    """Return the clauses that ``write_clause`` gives for the claims' statuses, sorted by status, without duplicates."""
    statuses = sorted({claim.status or "" for claim in claims})
    newest_by_status = {
        status: newest_date(claim.newest_source for claim in claims if (claim.status or "") == status) for status in statuses
    }
    return list(dict.fromkeys(write_clause(status, newest) for status, newest in newest_by_status.items()))


def _bill_clause(status: str, newest: EdtfDate, day: date) -> str:
    if status not in BILL_STEP_WORDS or newest.latest is None or newest.latest > day:
        return "a bill may or may not be pending"
    return f"a bill {BILL_STEP_WORDS[status]} by {day_text(newest.latest)}, and no source on file says what became of it"


def _roster_clauses(facts: HeadlineFacts) -> list[str]:
    roster = facts.roster
    if roster is None:
        return []
    subject = "that roster" if roster.is_reason else f"ICE's roster of {day_text(roster.day)}"
    if not roster.agreements:
        return [f"{subject} names no agency there"]
    return [f"{subject} lists {count_text(roster.agreements, 'agreement')} of {count_text(roster.agencies, 'agency', 'agencies')} there"]


def count_text(number: int, singular: str, plural: str | None = None) -> str:
    """Return a number with its noun: ``1 agency``, ``1,000 agreements``."""
    return f"{number:,} {singular if number == 1 else plural or f'{singular}s'}"


def _age_clauses(facts: HeadlineFacts) -> list[str]:
    """Say which evidence is old, if the answer rests on nothing newer."""
    if not facts.is_stale:
        return []
    reasons = [claim for claim in facts.claims if claim.is_reason]
    documents = newest_date(claim.newest_source for claim in reasons or facts.claims)
    is_roster_old = facts.roster is not None and facts.roster.is_reason and is_old(facts.roster.day, facts.day, is_roster=True)
    are_documents_old = bool(reasons or not is_roster_old) and is_old(documents.earliest, facts.day, is_roster=False)
    clauses = [f"that roster was more than {ROSTER_STALE_AFTER.days} days old"] if is_roster_old else []
    return [*clauses, f"that evidence may be more than {DOCUMENT_STALE_MONTHS} months old"] if are_documents_old else clauses
