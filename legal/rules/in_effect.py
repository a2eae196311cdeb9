"""When a measure stands: from its status, its dates and the dates of the documents that report it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from legal.rules.dates import UNKNOWN, When, reached
from legal.vocabulary import LIFECYCLES, Phase, Stands, Step

STEPS: Mapping[tuple[str, str], Step] = {(kind, step.status): step for kind, steps in LIFECYCLES.items() for step in steps}
HOLDING = frozenset({Phase.STANDING, Phase.IMPAIRED, Phase.WINDING_DOWN})


@dataclass(frozen=True, slots=True)
class Span:
    """When a measure begins and ceases to stand: bounds of its first day and of the first day after its last.

    A null ``*_earliest`` is "at any time before", a null ``*_latest`` "never for certain". ``ends`` is
    false where nothing speaks of an end.
    """

    begins_earliest: date | None
    begins_latest: date | None
    ends: bool
    ends_earliest: date | None
    ends_latest: date | None


def phase(kind: str, status: str) -> Phase:
    """The phase that a status of this kind puts a measure in."""
    return STEPS[kind, status].phase


def span(
    kind: str,
    status: str,
    effective_from: When = UNKNOWN,
    effective_to: When = UNKNOWN,
    events: Iterable[tuple[str, When]] = (),
    sources: Iterable[When] = (),
) -> Span:
    """When a measure stands.

    ``events`` are (event, date), ``sources`` the dates of the documents that support the measure,
    each bounded by the day on which it was read. It begins on its effective date; without one, on
    its first event in which it stands; failing both, it stood on the date of the first source that
    reports it, and may have stood before. It is over after its effective end; else from the event
    that its status names, and in any case by the date of the source that reports its end.

    Source: contract, "Measures" (``stands``) and design, "Time".
    """
    dated = list(events)
    begins_earliest, begins_latest = _beginning(kind, effective_from, dated)
    # A source that predates the beginning announces the measure; it does not report it as standing.
    read = [source.latest for source in sources if source.latest and source.latest >= (begins_earliest or source.latest)]
    current = phase(kind, status)
    if current in HOLDING or current is Phase.SUSPENDED:
        begins_latest = _first(begins_latest, min(read, default=None))
    elif current is not Phase.ENDED and effective_from == UNKNOWN:
        begins_earliest = begins_latest = None  # not yet, or not at all
    over_earliest, over_latest = _end(status, current is Phase.WINDING_DOWN, effective_to, dated)
    if effective_to == UNKNOWN and current in (Phase.STANDING, Phase.IMPAIRED, Phase.NOT_YET, Phase.ABSENT):
        return Span(begins_earliest, begins_latest, False, None, None)
    if current in (Phase.ENDED, Phase.SUSPENDED):
        # Of several sources the earlier may still have reported it as standing: the last one read knows of the end.
        told = [day for day in read if day >= (over_earliest or day)]
        over_latest = _first(over_latest, max(told, default=None))
    return Span(begins_earliest, begins_latest, True, *_ordered(over_earliest or begins_earliest, over_latest))


def _end(status: str, ordered: bool, effective_to: When, events: list[tuple[str, When]]) -> tuple[date | None, date | None]:
    """Bounds of the first day after: the day after the effective end, else the day of the event that the status names.

    An end that is only ordered is never certain to have come.
    """
    if effective_to != UNKNOWN:
        day = timedelta(days=1)
        return effective_to.earliest and effective_to.earliest + day, effective_to.latest and effective_to.latest + day
    marks = [date for event, date in events if event == status]
    earliest = max((mark.earliest for mark in marks if mark.earliest), default=None)
    return earliest, None if ordered else min((mark.latest for mark in marks if mark.latest), default=None)


def _beginning(kind: str, effective_from: When, events: list[tuple[str, When]]) -> tuple[date | None, date | None]:
    if effective_from != UNKNOWN:
        return effective_from.earliest, effective_from.latest
    standing = [(STEPS[kind, event], date) for event, date in events if (kind, event) in STEPS and STEPS[kind, event].phase in HOLDING]
    latest = min((date.latest for _, date in standing if date.latest), default=None)
    # Only a step that ordinarily comes first bounds the beginning from below; a later one was preceded by others.
    first = [date.earliest for step, date in standing if date.earliest and _opens(kind, step)]
    return _ordered(min(first, default=None), latest)


def _opens(kind: str, step: Step) -> bool:
    before = STEPS.get((kind, step.after or ""))
    return before is None or before.phase not in HOLDING


def _first(one: date | None, other: date | None) -> date | None:
    return min(one, other) if one and other else one or other


def _ordered(one: date | None, other: date | None) -> tuple[date | None, date | None]:
    # Dates that contradict one another leave open what lies between them; a measure is not refused for them.
    return (other, one) if one and other and one > other else (one, other)


def stands(measure: Span, kind: str, status: str, day: date) -> Stands:
    """Whether a measure stands on a day: ``yes``, ``no``, ``possible``, or ``unknown`` where nothing places it in time."""
    current = phase(kind, status)
    dated = measure.begins_earliest or measure.begins_latest
    if current is Phase.ABSENT or (current is Phase.NOT_YET and not dated):
        return Stands.NO
    if not dated and not measure.ends:
        return Stands.UNKNOWN
    begun = reached(measure.begins_earliest, measure.begins_latest, day)
    over = ended(measure, day)
    if begun is Stands.NO or over is Stands.YES:
        return Stands.NO
    return Stands.YES if begun is Stands.YES and over is Stands.NO else Stands.POSSIBLE


def phase_on(measure: Span, kind: str, status: str, day: date) -> Phase:
    """Where a measure is in its life on a day: one that has not begun is told apart from one that is over.

    What its status says holds from the moment it came about; before its end began to be possible a
    measure that is now over was standing.
    """
    current = phase(kind, status)
    if current is Phase.ABSENT:
        return current
    if reached(measure.begins_earliest, measure.begins_latest, day) is Stands.NO:
        return Phase.NOT_YET
    over = ended(measure, day)
    if over is Stands.NO and current in (Phase.ENDED, Phase.SUSPENDED, Phase.WINDING_DOWN):
        return Phase.STANDING
    if over is Stands.YES and current is not Phase.SUSPENDED:
        return Phase.ENDED  # its term has run out, whatever its status says
    return Phase.STANDING if current is Phase.NOT_YET and stands(measure, kind, status, day) is Stands.YES else current


def ended(measure: Span, day: date) -> Stands:
    """Whether a measure had ended by a day."""
    return reached(measure.ends_earliest, measure.ends_latest, day) if measure.ends else Stands.NO


def gaps(kind: str, status: str, events: Iterable[str]) -> list[str]:
    """The steps that ordinarily precede a status and that no source on file reports, first one first.

    A skipped step is recorded, never refused: legislatures and courts skip steps, and sources skip reporting them.
    """
    seen = set(events)
    missing: list[str] = []
    before = STEPS[kind, status].after
    while before:
        if before not in seen:
            missing.append(before)
        before = STEPS[kind, before].after
    return missing[::-1]
