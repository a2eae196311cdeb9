"""What two figures on one metric and place say of each other; nothing is averaged, nothing dropped."""

from dataclasses import dataclass

from legal.rules.dates import When
from legal.rules.figures import Quantity
from legal.vocabulary import Cohort, Dimension, Geography, Metric, Verdict

HETEROGENEOUS = frozenset({Metric.OTHER})
"""Metrics under which unlike things stand together, so that their figures are not paired."""


@dataclass(frozen=True, slots=True)
class Reported:
    """A figure as these rules see it."""

    id: str
    quantity: Quantity
    cohort: str | None
    agency_class: str | None
    geography: str | None
    date: When


@dataclass(frozen=True, slots=True)
class Comparison:
    """A verdict, the dimension that decides it, and why in a sentence."""

    verdict: Verdict
    dimension: Dimension
    why: str


def compare(one: Reported, other: Reported) -> Comparison:
    """Compare two figures on one metric and jurisdiction: the first dimension that decides.

    What they count comes first (unit, cohort, agency class, geography), then when (two dates that
    are certainly apart), then how much; a date that a source leaves out decides only where the
    quantities could not both be so. Source: design, "What it is for"; contract, "Figures and conflicts".
    """
    return _of_what(one, other) or _when_and_how_much(one, other)


def _of_what(one: Reported, other: Reported) -> Comparison | None:
    if one.quantity.unit != other.quantity.unit:
        why = f"One counts {one.quantity.unit}, the other {other.quantity.unit}; two units are never compared."
        return Comparison(Verdict.NOT_COMPARABLE, Dimension.UNIT, why)
    for dimension, mine, theirs in (
        (Dimension.COHORT, one.cohort, other.cohort),
        (Dimension.AGENCY_CLASS, one.agency_class, other.agency_class),
        (Dimension.GEOGRAPHY, one.geography, other.geography),
    ):
        unsaid = (None, Geography.UNSPECIFIED)
        if mine == theirs or (mine in unsaid and theirs in unsaid):
            continue
        if mine in unsaid or theirs in unsaid:
            why = f"One source says which {dimension.label.lower()} it counts ({theirs if mine in unsaid else mine}), the other does not."
            return Comparison(Verdict.UNDERSPECIFIED, dimension, why)
        return Comparison(Verdict.NOT_COMPARABLE, dimension, f"One is of {mine}, the other of {theirs}.")
    return None


def _when_and_how_much(one: Reported, other: Reported) -> Comparison:
    if apart(one.date, other.date):
        if one.cohort == Cohort.SIGNED_IN:
            return Comparison(Verdict.NOT_COMPARABLE, Dimension.DATE, "They count different periods.")
        return Comparison(Verdict.SUCCESSION, Dimension.DATE, "They are of different dates, one after the other.")
    if one.quantity.meets(other.quantity):
        if one.quantity == other.quantity:
            return Comparison(Verdict.COMPATIBLE, Dimension.VALUE, "They give the same quantity.")
        return Comparison(Verdict.COMPATIBLE, Dimension.COMPARATOR, "The intervals that their wording allows meet.")
    if same(one, other):
        return Comparison(Verdict.CONTRADICTORY, Dimension.VALUE, "They are of the same date, and no quantity is allowed by both.")
    return Comparison(
        Verdict.UNDERSPECIFIED, Dimension.DATE, "No quantity is allowed by both, and the dates do not say whether they are of one day."
    )


def apart(one: When, other: When) -> bool:
    """Whether two dates are certainly different days."""
    before = one.latest is not None and other.earliest is not None and one.latest < other.earliest
    after = other.latest is not None and one.earliest is not None and other.latest < one.earliest
    return before or after


def same(one: Reported, other: Reported) -> bool:
    """Whether two figures are certainly of one date: one day, or one whole period."""
    bounds = (one.date.earliest, one.date.latest)
    if None in bounds or bounds != (other.date.earliest, other.date.latest):
        return False
    return bounds[0] == bounds[1] or one.cohort == Cohort.SIGNED_IN
