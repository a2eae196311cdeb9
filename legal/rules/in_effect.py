"""Compute when a measure is in effect from its status, its dates and the dates of the documents that report it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from legal.rules.dates import UNKNOWN_DATE, EdtfDate, happened_by
from legal.rules.horizons import LegislativeSession, find_bill_sessions, first_possible_day, last_certain_day
from legal.vocabulary import LIFECYCLES, Kind, OtherEvent, Phase, Stands, Step

STEPS_BY_STATUS: Mapping[tuple[str, str], Step] = {(kind, step.status): step for kind, steps in LIFECYCLES.items() for step in steps}
"""The lifecycle step of each (kind, status)."""

IN_EFFECT_PHASES = frozenset({Phase.STANDING, Phase.IMPAIRED, Phase.WINDING_DOWN})
"""The phases in which a measure is in effect, or may be."""

UNCERTAIN_ANSWERS = (Stands.POSSIBLE, Stands.UNKNOWN)
"""The answers that leave open whether a measure is in effect."""

_Bounds = tuple[date | None, date | None]


@dataclass(frozen=True, slots=True)
class EffectPeriod:
    """The period in which a measure is in effect: bounds of its first day, and of the first day after it.

    A null ``*_earliest`` means "at any earlier time", a null ``*_latest`` "never certain". ``ends`` is false if no source
    reports an end; then both ``ends_*`` are null. After ``certain_until`` the evidence is too old: a measure that was in
    effect then may or may not still be. Null means no such limit. ``last_reported`` is the last day on which the newest
    source can have been written; null without a source.
    """

    begins_earliest: date | None
    begins_latest: date | None
    ends: bool
    ends_earliest: date | None
    ends_latest: date | None
    certain_until: date | None = None
    last_reported: date | None = None


def phase_of_status(kind: str, status: str) -> Phase:
    """Return the phase that a status puts a measure of this kind in."""
    return STEPS_BY_STATUS[kind, status].phase


def compute_effect_period(
    kind: str,
    status: str,
    effective_from: EdtfDate = UNKNOWN_DATE,
    effective_to: EdtfDate = UNKNOWN_DATE,
    events: Iterable[tuple[str, EdtfDate]] = (),
    sources: Iterable[EdtfDate] = (),
    sessions: Sequence[LegislativeSession] = (),
) -> EffectPeriod:
    """Compute when a measure is in effect.

    ``events`` are (event, date). ``sources`` are the dates of the documents that support the measure, each with a
    latest day no later than the day it was read. ``sessions`` are those of the jurisdiction's legislature. A measure
    begins on its effective date. Without one, it begins with its first event that puts it in effect. Without such an
    event, it is in effect for certain from the first possible day of the first source that reports it, and possibly
    before, but never before its kind or its session began. It ends after its effective end, else with the event that
    its status names, and at the latest on the date of the last source that reports its end.

    Source: docs/rules.md, "When a measure is in effect".
    """
    dated_events, source_dates = list(events), list(sources)
    bill_sessions = find_bill_sessions([*(event_date for _, event_date in dated_events), *source_dates], sessions)
    begins_earliest, begins_latest = _begin_bounds(kind, effective_from, dated_events)
    # A source older than the beginning announces the measure; it does not report it as in effect.
    reports = [source for source in source_dates if source.latest and source.latest >= (begins_earliest or source.latest)]
    phase = phase_of_status(kind, status)
    if phase in IN_EFFECT_PHASES or phase is Phase.SUSPENDED:
        begins_latest = _earlier_day(begins_latest, _first_reported_day(reports, has_begin_date=bool(begins_earliest or begins_latest)))
    elif phase is not Phase.ENDED and effective_from == UNKNOWN_DATE:
        begins_earliest = begins_latest = None  # not yet, or not at all
    begin_bounds = _bounded_beginning(kind, begins_earliest, begins_latest, bill_sessions)
    last_reported = max((source.latest for source in reports if source.latest), default=None)
    evidence_days = [source.earliest or source.latest for source in reports]
    certain_until = last_certain_day(kind, status, max(filter(None, evidence_days), default=None), bill_sessions)
    period = EffectPeriod(*begin_bounds, False, None, None, certain_until, last_reported)
    if effective_to == UNKNOWN_DATE and phase in (Phase.STANDING, Phase.IMPAIRED, Phase.NOT_YET, Phase.ABSENT):
        return period
    ends_earliest, ends_latest = _end_bounds(status, phase is Phase.WINDING_DOWN, effective_to, dated_events)
    if phase in (Phase.ENDED, Phase.SUSPENDED):
        # An earlier source may still have reported it as in effect. The newest one reports the end.
        end_reported_days = [source.latest for source in reports if source.latest and source.latest >= (ends_earliest or source.latest)]
        ends_latest = _earlier_day(ends_latest, max(end_reported_days, default=None))
    ends_earliest, ends_latest = _sorted_bounds(ends_earliest or period.begins_earliest, ends_latest)
    return replace(period, ends=True, ends_earliest=ends_earliest, ends_latest=ends_latest)


def _first_reported_day(reports: Iterable[EdtfDate], *, has_begin_date: bool) -> date | None:
    """Return the day from which reports make a measure certain.

    If the beginning has no date, that is the first day on which a source can have been written. If it has a date, it is the
    last such day, because the source proves nothing about the days before it was written.
    """
    days = [report.latest if has_begin_date else report.earliest or report.latest for report in reports]
    return min(filter(None, days), default=None)


def _bounded_beginning(kind: str, earliest: date | None, latest: date | None, bill_sessions: Sequence[LegislativeSession]) -> _Bounds:
    """Return the bounds of the beginning. Without an earliest day, it is the first one that is possible for the kind or the bill's session."""
    if earliest is not None or latest is None:
        return earliest, latest
    return _sorted_bounds(first_possible_day(kind, bill_sessions), latest)


def _end_bounds(status: str, only_ordered: bool, effective_to: EdtfDate, events: list[tuple[str, EdtfDate]]) -> _Bounds:
    """Return bounds of the first day after the end: the day after the effective end, or else the day of the event that the status names.

    If the end has only been ordered, that event gives no latest day, so the end is never certain.
    """
    if effective_to != UNKNOWN_DATE:
        one_day = timedelta(days=1)
        return effective_to.earliest and effective_to.earliest + one_day, effective_to.latest and effective_to.latest + one_day
    end_dates = [event_date for event, event_date in events if event == status]
    earliest = max((end.earliest for end in end_dates if end.earliest), default=None)
    return earliest, None if only_ordered else min((end.latest for end in end_dates if end.latest), default=None)


def _begin_bounds(kind: str, effective_from: EdtfDate, events: list[tuple[str, EdtfDate]]) -> _Bounds:
    if effective_from != UNKNOWN_DATE:
        return effective_from.earliest, effective_from.latest
    named_steps = [("active" if kind == Kind.ACTIVE_AGREEMENTS and event == OtherEvent.SIGNED else event, day) for event, day in events]
    steps = [(STEPS_BY_STATUS[kind, step], event_date) for step, event_date in named_steps if (kind, step) in STEPS_BY_STATUS]
    in_effect_steps = [(step, event_date) for step, event_date in steps if step.phase in IN_EFFECT_PHASES]
    latest = min((event_date.latest for _, event_date in in_effect_steps if event_date.latest), default=None)
    # Only an opening step gives an earliest day. Before any other step, the measure may have been in effect already.
    opening_days = [event_date.earliest for step, event_date in in_effect_steps if event_date.earliest and _is_opening_step(kind, step)]
    return _sorted_bounds(min(opening_days, default=None), latest)


def _is_opening_step(kind: str, step: Step) -> bool:
    previous = STEPS_BY_STATUS.get((kind, step.previous_status or ""))
    return previous is None or previous.phase not in IN_EFFECT_PHASES


def _earlier_day(first: date | None, second: date | None) -> date | None:
    return min(first, second) if first and second else first or second


def _sorted_bounds(first: date | None, second: date | None) -> _Bounds:
    # If dates contradict each other, the time between them is possible. The measure is not rejected for it.
    return (second, first) if first and second and first > second else (first, second)


def in_effect_on(period: EffectPeriod, kind: str, status: str, day: date, *, is_unlisted: bool = False) -> Stands:
    """Return whether a measure is in effect on a day; ``unknown`` if nothing places it in time.

    ``status`` is the newest one on record. ``is_unlisted`` says that a roster which was published after the newest
    source of a set of agreements, and is in effect on the day, names no agency of the jurisdiction.
    """
    phase = phase_of_status(kind, status)
    has_begin_bound = period.begins_earliest or period.begins_latest
    if is_unlisted or day < first_possible_day(kind) or phase is Phase.ABSENT or (phase is Phase.NOT_YET and not has_begin_bound):
        return Stands.NO
    if not has_begin_bound and not period.ends:
        return Stands.UNKNOWN
    has_begun = happened_by(period.begins_earliest, period.begins_latest, day)
    has_ended = has_ended_by(period, day)
    if has_begun is Stands.NO or has_ended is Stands.YES:
        return Stands.NO
    is_certain = has_begun is Stands.YES and has_ended is Stands.NO and not is_past_horizon(period, day)
    return Stands.YES if is_certain else Stands.POSSIBLE


def is_past_horizon(period: EffectPeriod, day: date) -> bool:
    """Return whether the evidence for a measure is too old on a day to make it certain."""
    return period.certain_until is not None and day > period.certain_until


def phase_on(period: EffectPeriod, kind: str, status: str, status_on_day: str | None, day: date) -> Phase:
    """Return the phase of a measure on a day: before it begins ``not_yet``, after it ends ``ended``.

    ``status`` is the newest one on record, and ``status_on_day`` the one that it had on the day (``rules.statuses``).
    """
    if phase_of_status(kind, status) is Phase.ABSENT:
        return Phase.ABSENT
    if status_on_day is None or happened_by(period.begins_earliest, period.begins_latest, day) is Stands.NO:
        return Phase.NOT_YET
    phase = phase_of_status(kind, status_on_day)
    if has_ended_by(period, day) is Stands.YES and phase is not Phase.SUSPENDED:
        return Phase.ENDED  # its term has run out, whatever its status says
    is_in_effect = in_effect_on(period, kind, status, day) is Stands.YES
    return Phase.STANDING if is_in_effect and phase not in (Phase.STANDING, Phase.IMPAIRED) else phase


def has_ended_by(period: EffectPeriod, day: date) -> Stands:
    """Return whether a measure had ended by a day; a suspension counts as an end."""
    return happened_by(period.ends_earliest, period.ends_latest, day) if period.ends else Stands.NO


def missing_steps(kind: str, status: str | None, events: Iterable[str]) -> list[str]:
    """List the steps that ordinarily precede a status and that no source on file reports, in their order.

    A skipped step is shown as a gap and never rejected: legislatures and courts skip steps, and sources omit them.
    """
    reported_events = set(events)
    missing: list[str] = []
    previous = STEPS_BY_STATUS[kind, status].previous_status if status else None
    while previous:
        if previous not in reported_events:
            missing.append(previous)
        previous = STEPS_BY_STATUS[kind, previous].previous_status
    return missing[::-1]
