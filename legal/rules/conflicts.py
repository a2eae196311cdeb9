"""Compare two figures on the same metric and jurisdiction. Figures are never averaged or dropped."""

from dataclasses import dataclass
from functools import cached_property

from legal.rules.dates import EdtfDate
from legal.rules.figures import QuantityRange
from legal.vocabulary import Cohort, Dimension, Geography, Metric, Quantity, Verdict

UNPAIRED_METRICS = frozenset({Metric.OTHER})
"""Metrics whose figures are not paired, because they count unlike things."""
CONFLICT_VERDICTS = (Verdict.CONTRADICTORY, Verdict.UNDERSPECIFIED)
"""The verdicts of pairs that are conflicts, the more serious one first. Stance cards show only these."""

_UNSPECIFIED_VALUES = (None, Geography.UNSPECIFIED)


@dataclass(frozen=True, slots=True)
class Period:
    """The span of time that a number covers. Both ends are dates with bounds, and unknown if the number is not of a span."""

    begins: EdtfDate
    ends: EdtfDate


@dataclass(frozen=True)  # without slots, so that properties are computed once for all pairs
class ComparableFigure:
    """A figure with the dimensions that a comparison reads. ``follows`` is the id of the figure at the other end of one statement."""

    id: str
    quantity: QuantityRange
    is_rounded: bool
    cohort: str | None
    agency_class: str | None
    geography: str | None
    date: EdtfDate
    period: Period
    follows: str | None = None

    @cached_property
    def tolerated_range(self) -> QuantityRange:
        """Return the quantities that do not contradict the figure: for a round number, all that round to it."""
        return self.quantity.widen_to_rounding() if self.is_rounded else self.quantity

    @cached_property
    def subject(self) -> tuple[str | None, ...]:
        """Return what the figure counts, with null for whatever its source does not specify."""
        values = (self.quantity.unit, self.cohort, self.agency_class, self.geography)
        return tuple(None if value in _UNSPECIFIED_VALUES else value for value in values)

    @cached_property
    def time(self) -> tuple[object, ...]:
        """Return the bounds of the figure's date and of its period."""
        dates = (self.date, self.period.begins, self.period.ends)
        return tuple(bound for date in dates for bound in (date.earliest, date.latest))


@dataclass(frozen=True, slots=True)
class Comparison:
    """A verdict, the dimension that decides it, and the reason in one sentence."""

    verdict: Verdict
    dimension: Dimension
    explanation: str


def pairing_type(metric: str, quantity: str) -> str | None:
    """Return what a figure and its partner must have in common, besides jurisdiction and metric; null for a figure without partners."""
    if metric in UNPAIRED_METRICS:
        return None
    return Quantity.COUNT if quantity == Quantity.ESTIMATE else quantity


def compare_figures(first: ComparableFigure, second: ComparableFigure) -> Comparison:
    """Compare two figures on the same metric and jurisdiction; the first dimension that decides gives the verdict.

    The order is: whether one statement has both, what the figures count (unit, cohort, agency class, geography), then
    their periods and dates if these are certainly different, then their quantities. A missing or vague date decides only
    if the intervals do not overlap. Source: docs/rules.md, "Conflicts".
    """
    return (
        compare_ends(first, second)
        or compare_subjects(first, second)
        or _compare_times(first, second)
        or _compare_quantities(first, second)
    )


def compare_ends(first: ComparableFigure, second: ComparableFigure) -> Comparison | None:
    """Return the verdict on two ends of one statement ("from 35 to nearly 150"); null for any other pair."""
    if first.id != second.follows and second.id != first.follows:
        return None
    return Comparison(Verdict.SUCCESSION, Dimension.DATE, "One statement has both: the quantity went from the one to the other.")


def compare_subjects(first: ComparableFigure, second: ComparableFigure) -> Comparison | None:
    """Return the verdict on two figures that may count different things; null if they certainly count the same."""
    if first.quantity.unit != second.quantity.unit:
        explanation = f"One figure counts {first.quantity.unit} and the other {second.quantity.unit}. Different units are never compared."
        return Comparison(Verdict.NOT_COMPARABLE, Dimension.UNIT, explanation)
    for dimension, first_value, second_value in (
        (Dimension.COHORT, first.cohort, second.cohort),
        (Dimension.AGENCY_CLASS, first.agency_class, second.agency_class),
        (Dimension.GEOGRAPHY, first.geography, second.geography),
    ):
        if first_value == second_value or (first_value in _UNSPECIFIED_VALUES and second_value in _UNSPECIFIED_VALUES):
            continue
        name = dimension.label.lower()
        if first_value in _UNSPECIFIED_VALUES or second_value in _UNSPECIFIED_VALUES:
            specified_value = second_value if first_value in _UNSPECIFIED_VALUES else first_value
            explanation = f"One source specifies the {name} ({specified_value}) and the other does not."
            return Comparison(Verdict.UNDERSPECIFIED, dimension, explanation)
        explanation = f"The {name} of one figure is {first_value} and that of the other is {second_value}."
        return Comparison(Verdict.NOT_COMPARABLE, dimension, explanation)
    return None


def _compare_times(first: ComparableFigure, second: ComparableFigure) -> Comparison | None:
    if have_different_periods(first, second):
        return Comparison(Verdict.NOT_COMPARABLE, Dimension.DATE, "The figures count different periods.")
    if are_different_days(first.date, second.date):
        return Comparison(Verdict.SUCCESSION, Dimension.DATE, "The figures have different dates.")
    return None


def _compare_quantities(first: ComparableFigure, second: ComparableFigure) -> Comparison:
    if first.quantity.overlaps(second.quantity):
        if first.quantity == second.quantity:
            return Comparison(Verdict.COMPATIBLE, Dimension.VALUE, "The figures give the same quantity.")
        return Comparison(Verdict.COMPATIBLE, Dimension.COMPARATOR, "The intervals that the sources' wording allows overlap.")
    if first.tolerated_range.overlaps(second.tolerated_range):
        return Comparison(Verdict.COMPATIBLE, Dimension.ROUNDING, "One number is round, and the other rounds to it.")
    if have_same_time(first, second):
        return Comparison(Verdict.CONTRADICTORY, Dimension.VALUE, "The figures have the same date, and their intervals do not overlap.")
    return Comparison(
        Verdict.UNDERSPECIFIED, Dimension.DATE, "The intervals do not overlap, and the dates leave open whether they are of the same time."
    )


def are_different_days(first: EdtfDate, second: EdtfDate) -> bool:
    """Return whether two dates are certainly different days."""
    is_earlier = first.latest is not None and second.earliest is not None and first.latest < second.earliest
    is_later = second.latest is not None and first.earliest is not None and second.latest < first.earliest
    return is_earlier or is_later


def have_different_periods(first: ComparableFigure, second: ComparableFigure) -> bool:
    """Return whether two figures certainly count different periods; the date of a count of signatures is such a period too."""
    if first.cohort == second.cohort == Cohort.SIGNED_IN and are_different_days(first.date, second.date):
        return True
    return are_different_days(first.period.begins, second.period.begins) or are_different_days(first.period.ends, second.period.ends)


def have_same_time(first: ComparableFigure, second: ComparableFigure) -> bool:
    """Return whether two figures are certainly of the same time: one day, one period, or both."""
    return first.time == second.time and has_certain_time(first)


def has_certain_time(figure: ComparableFigure) -> bool:
    """Return whether a figure's date is one day, or its period begins and ends on certain days, and neither is vague."""
    has_certain_period = _is_one_day(figure.period.begins) and _is_one_day(figure.period.ends)
    has_no_period = figure.period.begins.edtf is None and figure.period.ends.edtf is None
    if figure.cohort == Cohort.SIGNED_IN:
        return has_certain_period or (has_no_period and None not in (figure.date.earliest, figure.date.latest))
    if figure.date.edtf is None:
        return has_certain_period
    return _is_one_day(figure.date) and (has_certain_period or has_no_period)


def _is_one_day(date: EdtfDate) -> bool:
    return date.earliest is not None and date.earliest == date.latest
