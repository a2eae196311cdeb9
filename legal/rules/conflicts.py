"""Compare two figures on the same metric and jurisdiction. Figures are never averaged or dropped."""

from dataclasses import dataclass

from legal.rules.dates import EdtfDate
from legal.rules.figures import QuantityRange
from legal.vocabulary import Cohort, Dimension, Geography, Metric, Verdict

UNPAIRED_METRICS = frozenset({Metric.OTHER})
"""Metrics whose figures are not paired, because they count unlike things."""

_UNSPECIFIED_VALUES = (None, Geography.UNSPECIFIED)


@dataclass(frozen=True, slots=True)
class ComparableFigure:
    """A figure with the fields that ``compare_figures`` reads."""

    id: str
    quantity: QuantityRange
    cohort: str | None
    agency_class: str | None
    geography: str | None
    date: EdtfDate


@dataclass(frozen=True, slots=True)
class Comparison:
    """A verdict, the dimension that decides it, and the reason in one sentence."""

    verdict: Verdict
    dimension: Dimension
    explanation: str


def compare_figures(first: ComparableFigure, second: ComparableFigure) -> Comparison:
    """Compare two figures on the same metric and jurisdiction; the first dimension that decides gives the verdict.

    The unit comes first, then cohort, agency class and geography. The dates follow if they are certainly different
    days, and the quantities come last. A missing or vague date decides only if the intervals do not overlap. Source:
    docs/rules.md, "Conflicts".
    """
    return _compare_subjects(first, second) or _compare_dates_and_quantities(first, second)


def _compare_subjects(first: ComparableFigure, second: ComparableFigure) -> Comparison | None:
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


def _compare_dates_and_quantities(first: ComparableFigure, second: ComparableFigure) -> Comparison:
    if are_different_days(first.date, second.date):
        if first.cohort == Cohort.SIGNED_IN:
            return Comparison(Verdict.NOT_COMPARABLE, Dimension.DATE, "The figures count different periods.")
        return Comparison(Verdict.SUCCESSION, Dimension.DATE, "The figures have different dates.")
    if first.quantity.overlaps(second.quantity):
        if first.quantity == second.quantity:
            return Comparison(Verdict.COMPATIBLE, Dimension.VALUE, "The figures give the same quantity.")
        return Comparison(Verdict.COMPATIBLE, Dimension.COMPARATOR, "The intervals that the sources' wording allows overlap.")
    if have_same_date(first, second):
        return Comparison(Verdict.CONTRADICTORY, Dimension.VALUE, "The figures have the same date, and their intervals do not overlap.")
    return Comparison(
        Verdict.UNDERSPECIFIED, Dimension.DATE, "The intervals do not overlap, and the dates leave open whether they are the same day."
    )


def are_different_days(first: EdtfDate, second: EdtfDate) -> bool:
    """Return whether two dates are certainly different days."""
    is_earlier = first.latest is not None and second.earliest is not None and first.latest < second.earliest
    is_later = second.latest is not None and first.earliest is not None and second.latest < first.earliest
    return is_earlier or is_later


def have_same_date(first: ComparableFigure, second: ComparableFigure) -> bool:
    """Return whether two figures certainly have the same date.

    A date of several days can be the same only if both figures count signatures in that period.
    """
    bounds = (first.date.earliest, first.date.latest)
    if None in bounds or bounds != (second.date.earliest, second.date.latest):
        return False
    return bounds[0] == bounds[1] or first.cohort == Cohort.SIGNED_IN
