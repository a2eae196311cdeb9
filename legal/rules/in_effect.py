"""Compute when a measure is in effect from its status, its dates and the dates of the documents that report it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from legal.rules.dates import UNKNOWN_DATE, EdtfDate, happened_by
from legal.vocabulary import LIFECYCLES, Phase, Stands, Step

STEPS_BY_STATUS: Mapping[tuple[str, str], Step] = {(kind, step.status): step for kind, steps in LIFECYCLES.items() for step in steps}
"""The lifecycle step of each (kind, status)."""

_IN_EFFECT_PHASES = frozenset({Phase.STANDING, Phase.IMPAIRED, Phase.WINDING_DOWN})

_Bounds = tuple[date | None, date | None]


@dataclass(frozen=True, slots=True)
class EffectPeriod:
    """The period in which a measure is in effect: bounds of its first day, and of the first day after it.

    A null ``*_earliest`` means that the period may have begun or ended at any earlier time. A null ``*_latest`` means
    that it is never certain to have begun or ended. ``ends`` is false if neither the effective end nor the status gives
    an end; then both ``ends_*`` are null.
    """

    begins_earliest: date | None
    begins_latest: date | None
    ends: bool
    ends_earliest: date | None
    ends_latest: date | None


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
) -> EffectPeriod:
    """Compute when a measure is in effect.

    ``events`` are (event, date) pairs. ``sources`` are the publication dates of the documents that support the measure;
    their latest day is at most the day on which we read the document. A measure begins on its effective date. Without
    one, it begins with its first event that puts it in effect. Without such an event, it is in effect for certain from
    the date of the first source that reports it, and possibly before. It ends after its effective end or, without one,
    with the event that its status names. A measure that has ended or is suspended had certainly ended by the date of
    the last source that supports it.

    Source: docs/rules.md, "When a measure is in effect".
    """
    dated_events = list(events)
    begins_earliest, begins_latest = _begin_bounds(kind, effective_from, dated_events)
    # A source older than the beginning announces the measure; it does not report it as in effect.
    reported_days = [source.latest for source in sources if source.latest and source.latest >= (begins_earliest or source.latest)]
    phase = phase_of_status(kind, status)
    if phase in _IN_EFFECT_PHASES or phase is Phase.SUSPENDED:
        begins_latest = _earlier_day(begins_latest, min(reported_days, default=None))
    elif phase is not Phase.ENDED and effective_from == UNKNOWN_DATE:
        begins_earliest = begins_latest = None  # not yet, or not at all
    if effective_to == UNKNOWN_DATE and phase in (Phase.STANDING, Phase.IMPAIRED, Phase.NOT_YET, Phase.ABSENT):
        return EffectPeriod(begins_earliest, begins_latest, False, None, None)
    ends_earliest, ends_latest = _end_bounds(status, phase is Phase.WINDING_DOWN, effective_to, dated_events)
    if phase in (Phase.ENDED, Phase.SUSPENDED):
        # An earlier source may still have reported it as in effect. The last one read knows of the end.
        end_reported_days = [day for day in reported_days if day >= (ends_earliest or day)]
        ends_latest = _earlier_day(ends_latest, max(end_reported_days, default=None))
    return EffectPeriod(begins_earliest, begins_latest, True, *_sorted_bounds(ends_earliest or begins_earliest, ends_latest))


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
    steps = [(STEPS_BY_STATUS[kind, event], event_date) for event, event_date in events if (kind, event) in STEPS_BY_STATUS]
    in_effect_steps = [(step, event_date) for step, event_date in steps if step.phase in _IN_EFFECT_PHASES]
    latest = min((event_date.latest for _, event_date in in_effect_steps if event_date.latest), default=None)
    # Only a step that ordinarily comes first bounds the beginning from below; others came before a later step.
    opening_days = [event_date.earliest for step, event_date in in_effect_steps if event_date.earliest and _is_opening_step(kind, step)]
    return _sorted_bounds(min(opening_days, default=None), latest)


def _is_opening_step(kind: str, step: Step) -> bool:
    previous = STEPS_BY_STATUS.get((kind, step.previous_status or ""))
    return previous is None or previous.phase not in _IN_EFFECT_PHASES


def _earlier_day(first: date | None, second: date | None) -> date | None:
    return min(first, second) if first and second else first or second


def _sorted_bounds(first: date | None, second: date | None) -> _Bounds:
    # If dates contradict each other, the time between them is possible. The measure is not rejected for it.
    return (second, first) if first and second and first > second else (first, second)


def in_effect_on(period: EffectPeriod, kind: str, status: str, day: date) -> Stands:
    """Return whether a measure is in effect on a day; ``unknown`` if nothing bounds its beginning and it has no end."""
    phase = phase_of_status(kind, status)
    has_begin_bound = period.begins_earliest or period.begins_latest
    if phase is Phase.ABSENT or (phase is Phase.NOT_YET and not has_begin_bound):
        return Stands.NO
    if not has_begin_bound and not period.ends:
        return Stands.UNKNOWN
    has_begun = happened_by(period.begins_earliest, period.begins_latest, day)
    has_ended = has_ended_by(period, day)
    if has_begun is Stands.NO or has_ended is Stands.YES:
        return Stands.NO
    return Stands.YES if has_begun is Stands.YES and has_ended is Stands.NO else Stands.POSSIBLE


def phase_on(period: EffectPeriod, kind: str, status: str, day: date) -> Phase:
    """Return the phase of a measure on a day: ``not_yet`` before it begins, ``ended`` after it ends, else the phase of its status.

    There are three exceptions. A suspended measure stays ``suspended``. As long as an end, a suspension or an order to
    end cannot have happened yet, the measure is ``standing``. A measure with a ``not_yet`` status is ``standing`` on a
    day on which it is certainly in effect.
    """
    phase = phase_of_status(kind, status)
    if phase is Phase.ABSENT:
        return phase
    if happened_by(period.begins_earliest, period.begins_latest, day) is Stands.NO:
        return Phase.NOT_YET
    has_ended = has_ended_by(period, day)
    if has_ended is Stands.NO and phase in (Phase.ENDED, Phase.SUSPENDED, Phase.WINDING_DOWN):
        return Phase.STANDING
    if has_ended is Stands.YES and phase is not Phase.SUSPENDED:
        return Phase.ENDED  # its term has run out, whatever its status says
    return Phase.STANDING if phase is Phase.NOT_YET and in_effect_on(period, kind, status, day) is Stands.YES else phase


def has_ended_by(period: EffectPeriod, day: date) -> Stands:
    """Return whether a measure had ended by a day; a suspension counts as an end."""
    return happened_by(period.ends_earliest, period.ends_latest, day) if period.ends else Stands.NO


def missing_steps(kind: str, status: str, events: Iterable[str]) -> list[str]:
    """List the steps that ordinarily precede a status and that no source on file reports, in their order.

    A skipped step is shown as a gap and never rejected: legislatures and courts skip steps, and sources omit them.
    """
    reported_events = set(events)
    missing: list[str] = []
    previous = STEPS_BY_STATUS[kind, status].previous_status
    while previous:
        if previous not in reported_events:
            missing.append(previous)
        previous = STEPS_BY_STATUS[kind, previous].previous_status
    return missing[::-1]
