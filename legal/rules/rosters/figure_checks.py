"""A reported figure held against the list that was in force on its date.

Source: docs/decisions, 15; the rule is served from the codebook (``roster_check``).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from legal.rules.dates import When
from legal.rules.figures import Quantity, bottom, top
from legal.vocabulary import AgencyClass, Cohort, Comparator, Geography, Metric, RosterVerdict, Unit

OLDEST = timedelta(days=31)
"""How long before a figure's date a list may have been published and still be the one in force: ICE replaces it within days."""
CLOSE = 0.01
"""How far off, as a part of the figure, still is close; one is close to any figure."""
PEOPLE_SAY = frozenset({Unit.AGREEMENTS, Unit.AGENCIES, Unit.JURISDICTIONS})
"""Units that the press uses for one another when it reads the list."""
ROUND = 100
"""The least figure whose trailing noughts are taken for rounding."""
ROSTER_CHECK = (
    "A count of participation, or a model's share, is held against the last list of participating agencies published by the end of the "
    f"figure's date, if that was no more than {OLDEST.days} days before the date begins. A count of those that signed in a period is held "
    f"against what the first list after the period, if it came within {OLDEST.days} days, has of signatures in it; what had been left out by "
    "then is not counted. An agreement, an agency and a jurisdiction are different units; a figure in one of them is held against the list's "
    "agreements and agencies both, and matched_unit names the one that it fits best, its own first. matches: the figure's interval holds the "
    "count (nearly leaves out the value itself). rounds_to: the count, rounded as the figure is, gives the value: to whole per cent, or to the "
    "noughts at the end of a value of a hundred or more. off_by: the count is off by one, or by no more than a hundredth of the value, and is "
    "not nought; off_by counts in the figure's own unit, for a share in points. differs: anything further. no_list: no such list is on file by "
    f"the day asked about. A figure is not checked without a date, where it counts what takes part and its date is wider than {OLDEST.days} "
    "days, where it counts a part of the agencies that the list does not tell apart, or where it counts one model in one place."
)


@dataclass(frozen=True, slots=True)
class Question:
    """A figure as this rule sees it; ``national`` where it counts the whole list."""

    metric: str
    quantity: Quantity
    comparator: str
    cohort: str | None
    geography: str | None
    agency_class: str | None
    model: str | None
    date: When
    national: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """What a list has for a place, or in all; ``models`` gives each model's agreements and agencies."""

    agreements: int
    agencies: int
    states: int | None = None
    territories: int | None = None
    models: Mapping[str, Sequence[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Check:
    """How a figure compares: ``off_by`` is how far the count is from what the figure allows, in the figure's unit (points, of a share)."""

    verdict: RosterVerdict
    matched_unit: Unit | None = None
    off_by: float | None = None
    likely: str | None = None


def answerable(asked: Question) -> bool:
    """Whether a list can speak to a figure of this unit, date and geography at all."""
    if asked.date.earliest is None or asked.date.latest is None or (asked.model and not asked.national):
        return False
    if signing(asked):
        return asked.quantity.unit in PEOPLE_SAY and asked.agency_class in (None, AgencyClass.STATE_AGENCIES) and not asked.model
    if asked.agency_class or asked.cohort != Cohort.ACTIVE_AT or asked.date.latest - asked.date.earliest > OLDEST:
        return False
    if asked.metric == Metric.MODEL_SHARE:
        return asked.quantity.unit == Unit.PERCENT and asked.model is not None
    return asked.metric == Metric.PARTICIPATION and (
        asked.quantity.unit in PEOPLE_SAY or (asked.quantity.unit == Unit.STATES and asked.national)
    )


def signing(asked: Question) -> bool:
    """Whether a figure counts those that signed in its period, and not those that take part on its date."""
    return asked.metric == Metric.NEW_PARTICIPATION and asked.cohort == Cohort.SIGNED_IN


def list_for(asked: Question, published: Sequence[date]) -> int | None:
    """Which of the lists, given by their days in order, speaks to an answerable figure; null where none on file does."""
    earliest, latest = asked.date.earliest or date.min, asked.date.latest or date.max
    if signing(asked):
        found = min((number for number, day in enumerate(published) if day >= latest), default=None)
        return found if found is not None and published[found] - latest <= OLDEST else None
    found = max((number for number, day in enumerate(published) if day <= latest), default=None)
    return found if found is not None and earliest - published[found] <= OLDEST else None


def check(asked: Question, counts: Counts) -> Check:
    """Hold a figure against the counts of the list in force on its date, in the unit that fits it best."""
    tried = [_compared(asked, unit, count) for unit, count in _readings(asked, counts)]
    ranked = sorted(
        tried, key=lambda one: (list(RosterVerdict).index(one.verdict), one.off_by or 0, one.matched_unit != asked.quantity.unit)
    )
    best = ranked[0] if ranked else Check(RosterVerdict.DIFFERS)
    if best.verdict is RosterVerdict.DIFFERS:
        return Check(RosterVerdict.DIFFERS)
    return Check(best.verdict, best.matched_unit, best.off_by, _likely(asked, best, counts))


def _readings(asked: Question, counts: Counts) -> Iterable[tuple[Unit, float]]:
    agreements, agencies = counts.models.get(asked.model, (0, 0)) if asked.model else (counts.agreements, counts.agencies)
    if asked.metric == Metric.MODEL_SHARE:
        return [(Unit.AGREEMENTS, 100 * agreements / counts.agreements)] if counts.agreements else []
    if asked.quantity.unit == Unit.STATES:
        states, territories = counts.states or 0, counts.territories or 0
        wide, narrow = (Unit.STATES, states + territories), (Unit.STATES, states)
        match asked.geography:
            case Geography.STATES:
                return [narrow]
            case Geography.STATES_AND_TERRITORIES:
                return [wide]
            case _:
                return [narrow, wide]
    return [(Unit.AGREEMENTS, agreements), (Unit.AGENCIES, agencies)]


def _compared(asked: Question, unit: Unit, count: float) -> Check:
    said = asked.quantity
    away = max(bottom(said.low) - count, count - top(said.high), 0)
    # Half itself is not nearly half; in units that are counted the interval leaves the value out already.
    if away == 0 and not (asked.comparator == Comparator.NEARLY and count == said.value):
        return Check(RosterVerdict.MATCHES, unit)
    if asked.comparator in (Comparator.EXACT, Comparator.ABOUT, Comparator.NEARLY) and _rounded(asked, count) == said.value:
        return Check(RosterVerdict.ROUNDS_TO, unit)
    close = count > 0 and away <= max(1, CLOSE * said.value)
    return Check(RosterVerdict.OFF_BY, unit, max(round(away, 1), 0.1)) if close else Check(RosterVerdict.DIFFERS, unit)


def _rounded(asked: Question, count: float) -> float:
    """The count, rounded as the figure is: half upwards, as newspapers do, and never by more than a tenth of the value."""
    value, step = asked.quantity.value, 1
    while asked.quantity.unit != Unit.PERCENT and value >= ROUND * step and value % (step * 10) == 0:
        step *= 10
    return (count + step / 2) // step * step


def _likely(asked: Question, found: Check, counts: Counts) -> str | None:
    """A reason that gives the figure's own number, where there is one."""
    if found.matched_unit is not Unit.AGREEMENTS or asked.metric != Metric.PARTICIPATION:
        return None
    header = counts.agreements + 1
    named = {Comparator.EXACT: asked.quantity.value, Comparator.MORE_THAN: asked.quantity.value + 1}.get(Comparator(asked.comparator))
    if found.verdict is RosterVerdict.OFF_BY and asked.national and not asked.model and named == header:
        return f"Likely the header row was counted in: the list has {counts.agreements:,} agreements, one a row, below it."
    if found.verdict is not RosterVerdict.OFF_BY and asked.quantity.unit != Unit.AGREEMENTS:
        return "Likely the rows of the list were counted: each is an agreement, and an agency can have several."
    return None
