"""Say which status a measure has on each day, so that an answer about a day never mentions later events."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from legal.rules.dates import UNKNOWN_DATE, EdtfDate
from legal.rules.horizons import first_possible_day
from legal.rules.in_effect import IN_EFFECT_PHASES, STEPS_BY_STATUS, EffectPeriod
from legal.vocabulary import Kind, OtherEvent, Phase

OPENING_STATUSES: Mapping[str, str] = {
    Kind.BAN: "in_force",
    Kind.MANDATE: "in_force",
    Kind.EXECUTIVE_ORDER: "in_force",
    Kind.PENDING_BILL: "pending",
    Kind.LITIGATION: "filed",
    Kind.ACTIVE_AGREEMENTS: "active",
    Kind.LEGAL_OPINION: "issued",
    Kind.AUTHORIZATION: "in_force",
    Kind.FUNDING: "in_force",
    Kind.UNNAMED_STATES: "said_to_exist",
}
"""The status that a measure of each kind has while it is in effect and no step of it is known to have been taken."""

_AFTER_TERM = "expired"
_TERM_KINDS = frozenset({Kind.BAN, Kind.MANDATE, Kind.EXECUTIVE_ORDER, Kind.ACTIVE_AGREEMENTS, Kind.AUTHORIZATION, Kind.FUNDING})


class DatedStatus(NamedTuple):
    """A status, and the first day from which it is certain. It holds until the next one of the measure."""

    status: str
    from_day: date


def dated_statuses(
    kind: str,
    status: str,
    events: Iterable[tuple[str, EdtfDate]],
    sources: Iterable[EdtfDate],
    period: EffectPeriod,
    effective_to: EdtfDate = UNKNOWN_DATE,
) -> list[DatedStatus]:
    """List the statuses of a measure, each with the day from which it is certain, oldest first.

    A dated event gives its status from the latest day on which it can have happened. ``status`` without a dated event
    holds from the effective date that it names, or else from the first day of the newest source. Before the first known
    step, a measure that may be in effect has the opening status of its kind. Before the first period it has no status.

    Source: docs/rules.md, "Status on a day".
    """
    source_days = [day for source in sources if (day := source.earliest or source.latest)]
    steps = [DatedStatus(step, day) for step, day in _dated_steps(kind, events, min(source_days, default=None)) if day]
    steps = _without_late_openings(kind, sorted(steps, key=lambda step: step.from_day))
    first_day = period.begins_earliest or period.begins_latest or first_possible_day(kind)
    if not steps or steps[-1].status != status:
        last_step_day = steps[-1].from_day if steps else first_day
        steps.append(DatedStatus(status, max(last_step_day, _undated_status_day(kind, status, period, source_days) or last_step_day)))
    if first_day < steps[0].from_day and _may_open(kind, steps[0].status):
        steps.insert(0, DatedStatus(OPENING_STATUSES[kind], first_day))
    return _merge_periods([*steps, *_later_periods(kind, status, period, effective_to)])


def status_on(periods: Iterable[DatedStatus], day: date) -> str | None:
    """Return the status on a day; null before the first period."""
    return next((period.status for period in reversed(list(periods)) if period.from_day <= day), None)


def _dated_steps(kind: str, events: Iterable[tuple[str, EdtfDate]], first_source_day: date | None) -> Iterable[tuple[str, date | None]]:
    for event, event_date in events:
        step = "active" if kind == Kind.ACTIVE_AGREEMENTS and event == OtherEvent.SIGNED else event
        if (kind, step) in STEPS_BY_STATUS:
            # An event without a latest day had happened when the first source was written.
            yield step, event_date.latest or first_source_day


def _without_late_openings(kind: str, steps: list[DatedStatus]) -> list[DatedStatus]:
    """Drop each ``not_yet`` step that follows a step of another phase. It is about something else: a settlement that is announced, say."""
    begun_at = next((at for at, step in enumerate(steps) if STEPS_BY_STATUS[kind, step.status].phase is not Phase.NOT_YET), len(steps))
    return [step for at, step in enumerate(steps) if at < begun_at or STEPS_BY_STATUS[kind, step.status].phase is not Phase.NOT_YET]


def _undated_status_day(kind: str, status: str, period: EffectPeriod, source_days: list[date]) -> date | None:
    """Return the day from which a status without a dated event is certain; null if nothing dates it."""
    if kind == Kind.UNNAMED_STATES:
        return None  # an earlier status would say something else than the source does
    phase = STEPS_BY_STATUS[kind, status].phase
    effective_day = period.ends_latest if phase in (Phase.ENDED, Phase.SUSPENDED) else None
    if status == OPENING_STATUSES[kind]:
        effective_day = period.begins_latest
    if effective_day:
        return effective_day
    return min(source_days, default=None) if phase in (Phase.ABSENT, Phase.NOT_YET) else max(source_days, default=None)


def _may_open(kind: str, first_status: str) -> bool:
    return STEPS_BY_STATUS[kind, first_status].phase not in (Phase.ABSENT, Phase.NOT_YET)


def _later_periods(kind: str, status: str, period: EffectPeriod, effective_to: EdtfDate) -> list[DatedStatus]:
    """Return the periods that follow from effective dates: a law that takes effect, and a term that runs out."""
    phase = STEPS_BY_STATUS[kind, status].phase
    periods = []
    if phase is Phase.NOT_YET and period.begins_latest:
        periods.append(DatedStatus(OPENING_STATUSES[kind], period.begins_latest))
    if phase in (*IN_EFFECT_PHASES, Phase.NOT_YET) and kind in _TERM_KINDS and effective_to != UNKNOWN_DATE and period.ends_latest:
        periods.append(DatedStatus(_AFTER_TERM, period.ends_latest))
    return periods


def _merge_periods(periods: Iterable[DatedStatus]) -> list[DatedStatus]:
    """Drop periods that repeat the status before them, and those that another one of the same day replaces."""
    merged_statuses: list[DatedStatus] = []
    for period in sorted(periods, key=lambda period: period.from_day):
        if merged_statuses and merged_statuses[-1].from_day == period.from_day:
            merged_statuses.pop()
        if not merged_statuses or merged_statuses[-1].status != period.status:
            merged_statuses.append(period)
    return merged_statuses
