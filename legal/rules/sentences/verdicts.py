"""Hold a read claim against what is on file: one finding for each jurisdiction, and one verdict for a text.

``supported`` needs what is certain. A finding that something is not so is never more than ``partly`` if it rests on silence.
Source: docs/rules.md, "How a sentence is read".
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from legal.rules.dates import EdtfDate, happened_by
from legal.rules.headline import BILL_STEP_WORDS
from legal.rules.in_effect import UNCERTAIN_ANSWERS
from legal.rules.knowledge import slot_basis
from legal.rules.posture import bars_all_agreements, has_phase
from legal.rules.sentences.counts import find_count, roster_text
from legal.rules.sentences.facts import Finding, RecordedMeasure, RecordedStance
from legal.rules.sentences.quantities import StatedPeriod
from legal.rules.sentences.reading import BillStep, Effect, ReadClaim, SuitStep
from legal.vocabulary import AgencyClass, Direction, Kind, Knowledge, LinkEffect, Phase, Reach, SentenceTopic, SentenceVerdict, Stands

_S, _P, _C, _N = SentenceVerdict.SUPPORTED, SentenceVerdict.PARTLY, SentenceVerdict.CONTRADICTED, SentenceVerdict.NO_RECORD
_LIMITS = (Direction.LIMITS, Direction.MIXED)
_REQUIRES = (Direction.REQUIRES, Direction.MIXED)
_NO_SOURCE = "No source on file for {name} says so or says otherwise on this day."


def judge_claim(claim: ReadClaim, stance: RecordedStance) -> list[Finding]:
    """Return the findings on a claim about one jurisdiction: on its kind, and on each number that it states."""
    findings = [find_count(claim, quantity, stance) for quantity in claim.quantities]
    has_no_figure = claim.topic is SentenceTopic.AGREEMENTS_ENDED and all(finding.verdict is _N for finding in findings)
    is_of_kind = claim.topic not in (SentenceTopic.FIGURE, SentenceTopic.AGREEMENTS, SentenceTopic.AGREEMENTS_ENDED) or not findings
    if has_no_figure:
        is_of_kind, findings = True, []
    if is_of_kind:
        of_kind = _check_period(claim, _JUDGES[claim.topic](claim, stance), stance)
        # An order to end twelve agreements is not the order on file, if that is to end five.
        is_other_number = of_kind.verdict is _S and any(finding.verdict is _C for finding in findings)
        findings.insert(0, replace(of_kind, verdict=_C) if is_other_number else of_kind)
    if not is_of_kind or claim.quantities:
        findings = [_check_count_period(claim, finding, stance) for finding in findings]
    if claim.is_negative and not is_of_kind:
        findings = [_deny(finding) for finding in findings]
    return [_weaken(claim, finding) for finding in findings]


def combine_verdicts(verdicts: Sequence[SentenceVerdict]) -> SentenceVerdict:
    """Return the verdict on a whole, given those on its parts.

    Parts that are all alike give theirs. A whole of which one part is supported, and another not, is ``partly``. Without a
    supported part, one that is not understood leaves the whole not understood, and one that is contradicted contradicts it.
    """
    distinct_verdicts = set(verdicts)
    if len(distinct_verdicts) == 1:
        return verdicts[0]
    if SentenceVerdict.NOT_UNDERSTOOD in distinct_verdicts and not distinct_verdicts & {_S, _P}:
        return SentenceVerdict.NOT_UNDERSTOOD
    return _C if distinct_verdicts == {_C, _N} else _P


def _deny(finding: Finding) -> Finding:
    """Return the finding on a count that a sentence denies."""
    verdict = {_S: _C, _C: _P}.get(finding.verdict, finding.verdict)
    return replace(finding, verdict=verdict)


def _weaken(claim: ReadClaim, finding: Finding) -> Finding:
    """Lower a verdict for what the rules did not check: unknown words, hedges, the future, a word such as "only"."""
    verdict, reasons = finding.verdict, [finding.reason]
    if claim.unread_words:
        reasons.append(f"Not checked: “{', '.join(claim.unread_words)}”.")
        verdict = {_S: _P, _P: _P}.get(verdict, SentenceVerdict.NOT_UNDERSTOOD)
    if claim.is_hedged:
        reasons.append("The sentence is hedged.")
        verdict = {_S: _P, _C: _P}.get(verdict, verdict)
    if claim.is_future and not claim.is_negative:
        reasons.append("The record says what has happened, not what will.")
        verdict = {_S: _P, _C: _P}.get(verdict, verdict)
    if claim.is_weakened and verdict is _S:
        reasons.append("A word that names one among others, or a person who is on file elsewhere, is not checked.")
        verdict = _P
    return replace(finding, verdict=verdict, reason=" ".join(reasons))


def _check_period(claim: ReadClaim, finding: Finding, stance: RecordedStance) -> Finding:
    """Lower ``supported`` if the sentence dates what it says, and the dates on file are others or leave that open."""
    if claim.period is None or claim.period.is_day or finding.verdict is not _S or claim.is_negative:
        return finding
    dates = [
        when
        for measure in stance.measures
        if measure.claim.id in finding.measures
        for when in (measure.effective_from, *(when for _, when in measure.events))
    ]
    if any(_is_within(when, claim.period) for when in dates):
        return finding
    return replace(finding, verdict=_P, reason=f"{finding.reason} No date on file places that in the time that the sentence names.")


def _check_count_period(claim: ReadClaim, finding: Finding, stance: RecordedStance) -> Finding:
    """Lower ``supported`` for a number if the roster and the figures behind it are of another time than the sentence names."""
    if claim.period is None or claim.period.is_day or finding.verdict is not _S or finding.measures:
        return finding
    roster_days = [stance.roster.publication_day] if stance.roster and stance.roster.roster_id in finding.rosters else []
    is_of_period = any(claim.period.first <= day <= claim.period.last for day in roster_days) or any(
        _is_within(figure.when, claim.period) for figure in stance.figures if figure.id in finding.figures
    )
    if is_of_period:
        return finding
    return replace(finding, verdict=_P, reason=f"{finding.reason} That is not of the time that the sentence names.")


def _is_within(when: EdtfDate, period: StatedPeriod) -> bool:
    return bool(when.earliest and when.latest and period.first <= when.earliest and when.latest <= period.last)


def _finding(verdict: SentenceVerdict, reason: str, measures: Iterable[RecordedMeasure] = (), rosters: Iterable[str] = ()) -> Finding:
    return Finding(verdict, reason, tuple(measure.claim.id for measure in measures), (), tuple(rosters))


def _nothing(stance: RecordedStance) -> Finding:
    return Finding(_N, _NO_SOURCE.format(name=stance.name))


def _titles(measures: Sequence[RecordedMeasure]) -> str:
    return "; ".join(measure.title for measure in measures)


def _of_kind(stance: RecordedStance, *kinds: Kind) -> list[RecordedMeasure]:
    return [measure for measure in stance.measures if measure.claim.kind in kinds]


def _standing(measures: Iterable[RecordedMeasure], *stands: Stands) -> list[RecordedMeasure]:
    return [measure for measure in measures if measure.claim.stands in stands]


def _status_words(measure: RecordedMeasure) -> str:
    return (measure.claim.status or "not yet begun").replace("_", " ")


def _step_words(bill: RecordedMeasure) -> str:
    return BILL_STEP_WORDS.get(bill.claim.status or "", "was on file")


# Bans


def _judge_ban(claim: ReadClaim, stance: RecordedStance) -> Finding:
    laws = [measure for measure in _of_kind(stance, Kind.BAN, Kind.EXECUTIVE_ORDER) if measure.claim.direction in _LIMITS]
    in_force = _standing(laws, Stands.YES)
    full_bans = [measure for measure in in_force if bars_all_agreements(measure.claim)]
    if full_bans:
        return _finding(_C if claim.is_negative else _S, f"In force on this day: {_titles(full_bans)}.", full_bans)
    if in_force:
        return _judge_part_ban(claim, in_force)
    possible = _standing(laws, *UNCERTAIN_ANSWERS)
    if possible:
        return _finding(_P, f"May have been in force on this day: {_titles(possible)}. Its dates or sources leave that open.", possible)
    return _judge_bill_as_ban(claim, stance)


def _judge_part_ban(claim: ReadClaim, in_force: Sequence[RecordedMeasure]) -> Finding:
    reason = f"In force on this day, for some agencies or agreements only: {_titles(in_force)}."
    if claim.effect is Effect.LIMIT and not claim.is_universal and any(_reaches(claim, law) for law in in_force):
        return _finding(_C if claim.is_negative else _S, reason, in_force)
    is_whole = claim.is_universal and claim.effect is not Effect.LIMIT
    return _finding(_C if is_whole and not claim.is_negative else _P, reason, in_force)


def _reaches(claim: ReadClaim, law: RecordedMeasure) -> bool:
    """Return whether a law is about the class of agencies, and about the new or existing agreements, that a sentence names."""
    is_of_class = claim.agency_class is None or claim.agency_class in law.claim.binds
    return is_of_class and (claim.reach is None or law.claim.reach in (claim.reach, Reach.BOTH))


def _judge_bill_as_ban(claim: ReadClaim, stance: RecordedStance) -> Finding:
    """Judge a ban where no law is on file: a bill that would be one is not one, as long as it is certainly pending."""
    bills = [measure for measure in _of_kind(stance, Kind.PENDING_BILL) if measure.claim.prohibits_agreements]
    pending, uncertain = _standing(bills, Stands.YES), _standing(bills, *UNCERTAIN_ANSWERS)
    if pending:
        reason = f"It is a bill on this day and not law; it {_step_words(pending[0])}, and no source on file says that it was signed: {_titles(pending)}."
        return _finding(_P if claim.is_negative else _C, reason, pending)
    if uncertain:
        reason = f"A bill is on file; it {_step_words(uncertain[0])}, and no source on file says what became of it by this day: {_titles(uncertain)}."
        return _finding(_P, reason, uncertain)
    return _nothing(stance)


def _judge_ban_end(claim: ReadClaim, stance: RecordedStance) -> Finding:
    laws = [measure for measure in _of_kind(stance, Kind.BAN, Kind.EXECUTIVE_ORDER) if measure.claim.direction in _LIMITS]
    in_force, ended_laws = _standing(laws, Stands.YES), [measure for measure in laws if measure.claim.has_ended]
    if in_force:
        return _finding(_P if claim.is_negative else _C, f"In force on this day: {_titles(in_force)}.", in_force)
    if ended_laws:
        return _finding(_C if claim.is_negative else _S, f"Ended by this day: {_titles(ended_laws)}.", ended_laws)
    return _nothing(stance)


# Bills


def _judge_bill(claim: ReadClaim, stance: RecordedStance) -> Finding:
    bills = [
        measure
        for measure in _of_kind(stance, Kind.PENDING_BILL)
        if measure.claim.direction in _LIMITS and (measure.claim.stands is not Stands.NO or measure.claim.has_ended)
    ]
    if not bills:
        return _judge_law_of_bill(claim, stance)
    fitting = [bill for bill in bills if _bill_does(bill, claim.effect)]
    if not fitting:
        reason = f"The bill on file would do something else: {_titles(bills)}."
        return _finding(_P if claim.is_negative or claim.bill_step is BillStep.SIGNATURE else _C, reason, bills)
    return _JUDGES_OF_STEPS[claim.bill_step](claim, fitting, stance)


def _judge_law_of_bill(claim: ReadClaim, stance: RecordedStance) -> Finding:
    laws = _standing(_of_kind(stance, Kind.BAN), Stands.YES)
    if claim.bill_step is BillStep.SIGNATURE and laws:
        return _finding(_P, f"In force on this day, and no source says how it was made: {_titles(laws)}.", laws)
    return _nothing(stance)


def _bill_does(bill: RecordedMeasure, effect: Effect | None) -> bool:
    if effect is Effect.BAN:
        return bool(bill.claim.prohibits_agreements)
    return effect is not Effect.END or bill.claim.reach in (Reach.EXISTING, Reach.BOTH)


def _judge_pending(claim: ReadClaim, bills: Sequence[RecordedMeasure], stance: RecordedStance) -> Finding:
    pending = _standing(bills, Stands.YES)
    if pending:
        return _finding(_C if claim.is_negative else _S, f"Pending on this day ({_status_words(pending[0])}): {_titles(pending)}.", pending)
    uncertain = _standing(bills, *UNCERTAIN_ANSWERS)
    if uncertain:
        reason = f"May or may not be pending; no source on file says what became of it by this day: {_titles(uncertain)}."
        return _finding(_P, reason, uncertain)
    return _finding(_S if claim.is_negative else _C, f"No longer pending on this day: {_titles(bills)}.", bills)


def _judge_introduced(claim: ReadClaim, bills: Sequence[RecordedMeasure], stance: RecordedStance) -> Finding:
    introduced_bills = [
        bill for bill in bills if bill.claim.stands is Stands.YES or _has_happened(bill, "introduced", stance) is Stands.YES
    ]
    if introduced_bills:
        return _finding(_C if claim.is_negative else _S, f"Introduced by this day: {_titles(introduced_bills)}.", introduced_bills)
    return _finding(_P, f"A bill may have been introduced by this day: {_titles(bills)}.", bills)


def _judge_passed(claim: ReadClaim, bills: Sequence[RecordedMeasure], stance: RecordedStance) -> Finding:
    passed_bills = [bill for bill in bills if _has_happened(bill, "passed_legislature", stance) is Stands.YES]
    if passed_bills:
        return _finding(_C if claim.is_negative else _S, f"Had passed the legislature by this day: {_titles(passed_bills)}.", passed_bills)
    return _finding(_P, f"A bill is on file, and no source says for certain that it had passed by this day: {_titles(bills)}.", bills)


def _judge_signed(claim: ReadClaim, bills: Sequence[RecordedMeasure], stance: RecordedStance) -> Finding:
    pending = _standing(bills, Stands.YES)
    if pending:
        reason = f"It is still a bill on this day; it {_step_words(pending[0])}, and no source on file says that it was signed: {_titles(pending)}."
        return _finding(_S if claim.is_negative else _C, reason, pending)
    return _finding(_P, f"A bill is on file, and no source says what became of it by this day: {_titles(bills)}.", bills)


_JUDGES_OF_STEPS: Mapping[BillStep, Callable[[ReadClaim, Sequence[RecordedMeasure], RecordedStance], Finding]] = {
    BillStep.PENDING: _judge_pending,
    BillStep.INTRODUCTION: _judge_introduced,
    BillStep.PASSAGE: _judge_passed,
    BillStep.SIGNATURE: _judge_signed,
    BillStep.FAILURE: _judge_signed,  # a bill that is certainly pending has neither been signed nor failed
}


def _has_happened(measure: RecordedMeasure, event: str, stance: RecordedStance) -> Stands:
    """Return whether an event of a measure had happened by the day."""
    dates = [when for name, when in measure.events if name == event]
    return happened_by(dates[0].earliest, dates[0].latest, stance.day) if dates else Stands.NO


# Orders, suits, opinions and mandates


def _judge_order(claim: ReadClaim, stance: RecordedStance) -> Finding:
    orders = _of_kind(stance, Kind.EXECUTIVE_ORDER)
    in_force, uncertain = _standing(orders, Stands.YES), _standing(orders, *UNCERTAIN_ANSWERS)
    if not in_force:
        return _finding(_P, f"May be in force on this day: {_titles(uncertain)}.", uncertain) if uncertain else _nothing(stance)
    verdict = max((_order_verdict(claim, order) for order in in_force), key=(_C, _P, _S).index)
    if claim.is_negative:
        verdict = _C if verdict is _S else _P
    return _finding(verdict, f"In force on this day: {_titles(in_force)}.", in_force)


def _order_verdict(claim: ReadClaim, order: RecordedMeasure) -> SentenceVerdict:
    binds_class = _reaches(claim, order)
    if claim.agency_class in order.claim.does_not_bind:
        return _C
    if claim.effect is Effect.BAN:
        has_effect = bars_all_agreements(order.claim)
        return _S if has_effect and binds_class else _C if claim.is_universal else _P
    is_limiting = claim.effect is None or order.claim.direction in _LIMITS
    is_ending = claim.effect is not Effect.END or LinkEffect.ENDS in order.acts_on_effects
    return _S if binds_class and is_limiting and is_ending and not claim.is_universal else _P


def _judge_suit(claim: ReadClaim, stance: RecordedStance) -> Finding:
    suits = _of_kind(stance, Kind.LITIGATION)
    pending, uncertain = _standing(suits, Stands.YES), _standing(suits, *UNCERTAIN_ANSWERS)
    if not pending:
        return _finding(_P, f"May be pending on this day: {_titles(uncertain)}.", uncertain) if uncertain else _nothing(stance)
    statuses = {
        SuitStep.FILING: ("filed", "preliminary_relief", "on_appeal"),
        SuitStep.SETTLEMENT: ("settled",),
        SuitStep.DECISION: ("judgment",),
    }
    fitting = [suit for suit in pending if suit.claim.status in statuses[claim.suit_step]]
    if fitting:
        return _finding(_C if claim.is_negative else _S, f"On file ({_status_words(fitting[0])}): {_titles(fitting)}.", fitting)
    return _finding(_P, f"On file, at another step ({_status_words(pending[0])}): {_titles(pending)}.", pending)


def _judge_opinion(claim: ReadClaim, stance: RecordedStance) -> Finding:
    opinions = _of_kind(stance, Kind.LEGAL_OPINION)
    given_opinions, uncertain = _standing(opinions, Stands.YES), _standing(opinions, *UNCERTAIN_ANSWERS)
    if not given_opinions:
        return _finding(_P, f"May have been given by this day: {_titles(uncertain)}.", uncertain) if uncertain else _nothing(stance)
    if claim.is_binding and AgencyClass.ALL_AGENCIES in given_opinions[0].claim.does_not_bind:
        return _finding(_P if claim.is_negative else _C, f"It binds no agency: {_titles(given_opinions)}.", given_opinions)
    verdict = _P if claim.effect in (Effect.BAN, Effect.END) else _C if claim.is_negative else _S
    return _finding(verdict, f"Given, and not withdrawn by this day: {_titles(given_opinions)}. An opinion is not law.", given_opinions)


def _judge_mandate(claim: ReadClaim, stance: RecordedStance) -> Finding:
    laws = _standing(_of_kind(stance, Kind.BAN, Kind.MANDATE, Kind.EXECUTIVE_ORDER), Stands.YES)
    requiring = [law for law in laws if law.claim.direction in _REQUIRES]
    barring = [law for law in laws if bars_all_agreements(law.claim)]
    if requiring:
        return _finding(
            _C if claim.is_negative else _P if claim.agency_class else _S, f"In force on this day: {_titles(requiring)}.", requiring
        )
    if barring:
        return _finding(_P if claim.is_negative else _C, f"In force on this day, to the contrary: {_titles(barring)}.", barring)
    return _nothing(stance)


# Agreements


def _judge_agreements(claim: ReadClaim, stance: RecordedStance) -> Finding:
    level, ids = slot_basis(Kind.ACTIVE_AGREEMENTS, stance.claims)
    if level is Knowledge.NO_RECORD:
        return _nothing(stance)
    verdicts = {
        Knowledge.PRESENT: _C if claim.is_negative else _present_verdict(claim, stance),
        Knowledge.ABSENT: (_S if claim.is_of_roster else _P) if claim.is_negative else _C,
    }
    return _agreement_finding(verdicts.get(level, _P), level, ids, stance)


def _present_verdict(claim: ReadClaim, stance: RecordedStance) -> SentenceVerdict:
    if claim.is_universal:
        return _P
    if claim.agency_class is None:
        return _S
    active = _standing(_of_kind(stance, Kind.ACTIVE_AGREEMENTS), Stands.YES)
    return _S if any(claim.agency_class in measure.claim.binds for measure in active) else _P


_LEVEL_WORDS = {
    Knowledge.PRESENT: "Agreements are on file as in effect on this day",
    Knowledge.ABSENT: "What is on file for this day names no agreement",
    Knowledge.POSSIBLE: "Agreements may or may not be in effect on this day",
    Knowledge.IMPLIED: "What is on file presupposes agreements, and no source states one",
}


def _agreement_finding(verdict: SentenceVerdict, level: Knowledge, ids: Sequence[str], stance: RecordedStance) -> Finding:
    measures = [measure for measure in stance.measures if measure.claim.id in ids]
    rosters = [stance.roster.roster_id] if stance.roster and stance.roster.roster_id in ids else []
    clauses = [_LEVEL_WORDS[level]]
    if rosters and stance.roster:
        clauses.append(roster_text(stance.roster))
    if measures:
        clauses.append(_titles(measures))
    return _finding(verdict, f"{'; '.join(clauses)}.", measures, rosters)


def _judge_agreements_end(claim: ReadClaim, stance: RecordedStance) -> Finding:
    level, ids = slot_basis(Kind.ACTIVE_AGREEMENTS, stance.claims)
    agreements = _of_kind(stance, Kind.ACTIVE_AGREEMENTS)
    leaving = [measure for measure in agreements if measure.claim.has_ended or has_phase(measure.claim, Phase.WINDING_DOWN)]
    if leaving and not claim.is_universal:
        reason = f"Ended, or ordered to end, by this day: {_titles(leaving)}. Other agreements may go on."
        return _finding(_P, reason, leaving)
    if level is Knowledge.PRESENT:
        return _agreement_finding(_P if claim.is_negative else _C, level, ids, stance)
    return _agreement_finding(_P, level, ids, stance) if level is not Knowledge.NO_RECORD else _nothing(stance)


_JUDGES: Mapping[SentenceTopic, Callable[[ReadClaim, RecordedStance], Finding]] = {
    SentenceTopic.BAN: _judge_ban,
    SentenceTopic.BAN_ENDED: _judge_ban_end,
    SentenceTopic.BILL: _judge_bill,
    SentenceTopic.ORDER: _judge_order,
    SentenceTopic.SUIT: _judge_suit,
    SentenceTopic.OPINION: _judge_opinion,
    SentenceTopic.MANDATE: _judge_mandate,
    SentenceTopic.AGREEMENTS: _judge_agreements,
    SentenceTopic.AGREEMENTS_ENDED: _judge_agreements_end,
}
