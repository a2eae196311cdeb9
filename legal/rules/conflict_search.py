"""Find the pairs of figures with each verdict without comparing every two: the steps grow with the figures, not with the pairs.

A set of figures is a whole number with one bit for each figure, so one step sets apart all figures that differ in a dimension.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import accumulate
from operator import or_
from typing import Generic, TypeVar

from legal.rules.conflicts import ComparableFigure, has_certain_time
from legal.vocabulary import Cohort, Dimension, Verdict

Outcome = tuple[Verdict, Dimension]
"""The verdict on a pair, and the dimension that decides it."""
FigureBits = int
"""A set of figures: the bit at a position is set if the figure at that position belongs to the set."""
PairBits = dict[int, FigureBits]
"""A set of pairs: for the position of a figure, the figures after it that it makes a pair with."""

Value = TypeVar("Value")
Limit = TypeVar("Limit", date, float)

_SUBJECT_DIMENSIONS = (Dimension.UNIT, Dimension.COHORT, Dimension.AGENCY_CLASS, Dimension.GEOGRAPHY)
"""The dimensions of ``ComparableFigure.subject``, in its order."""
_EVERY_FIGURE = -1  # all bits


def sort_pairs(figures: Sequence[ComparableFigure]) -> dict[Outcome, PairBits]:
    """Return all pairs of figures by the outcome that ``compare_figures`` gives. The figures share jurisdiction, metric and type."""
    index = _FigureIndex(figures)
    pairs_by_outcome: dict[Outcome, PairBits] = defaultdict(dict)
    for position, figure in enumerate(figures):
        remaining_figures = (1 << len(figures)) - (2 << position)  # those after this one
        for outcome, decided_figures in index.iterate_outcomes(figure):
            if partners := remaining_figures & decided_figures:
                pairs_by_outcome[outcome][position] = pairs_by_outcome[outcome].get(position, 0) | partners
                remaining_figures ^= partners
    return pairs_by_outcome


def iterate_positions(figures: FigureBits, *, descending: bool = False) -> Iterator[int]:
    """Yield the positions of the figures in a set."""
    while figures:
        position = figures.bit_length() - 1 if descending else (figures & -figures).bit_length() - 1
        yield position
        figures ^= 1 << position


class _FigureIndex:
    """Figures by what a comparison reads."""

    def __init__(self, figures: Sequence[ComparableFigure]) -> None:
        self._ends = _find_ends(figures)
        self._by_subject = [_group_by(figure.subject[index] for figure in figures) for index in range(len(_SUBJECT_DIMENSIONS))]
        self._by_quantity = _group_by(figure.quantity for figure in figures)
        self._by_time = _group_by(figure.time for figure in figures)
        self._dates = _Intervals((figure.date.earliest, figure.date.latest) for figure in figures)
        self._period_begins = _Intervals((figure.period.begins.earliest, figure.period.begins.latest) for figure in figures)
        self._period_ends = _Intervals((figure.period.ends.earliest, figure.period.ends.latest) for figure in figures)
        self._quantities = _Intervals((figure.quantity.low, figure.quantity.high) for figure in figures)
        self._tolerated_ranges = _Intervals((figure.tolerated_range.low, figure.tolerated_range.high) for figure in figures)

    def iterate_outcomes(self, figure: ComparableFigure) -> Iterator[tuple[Outcome, FigureBits]]:
        """Yield each possible outcome in the order in which ``compare_figures`` decides, with the figures that it decides.

        An outcome does not decide about figures that came with an outcome before it.
        """
        yield (Verdict.SUCCESSION, Dimension.DATE), self._ends[figure.id]
        for dimension, value, by_value in zip(_SUBJECT_DIMENSIONS, figure.subject, self._by_subject, strict=True):
            if value is not None:
                yield (Verdict.UNDERSPECIFIED, dimension), by_value.get(None, 0)
            yield (Verdict.UNDERSPECIFIED if value is None else Verdict.NOT_COMPARABLE, dimension), ~by_value[value]
        other_days = self._dates.exclude(figure.date.earliest, figure.date.latest)
        yield (
            (Verdict.NOT_COMPARABLE, Dimension.DATE),
            self._exclude_periods(figure) | (other_days if figure.cohort == Cohort.SIGNED_IN else 0),
        )
        yield (Verdict.SUCCESSION, Dimension.DATE), other_days
        yield (Verdict.COMPATIBLE, Dimension.VALUE), self._by_quantity[figure.quantity]
        yield (Verdict.COMPATIBLE, Dimension.COMPARATOR), ~self._quantities.exclude(figure.quantity.low, figure.quantity.high)
        tolerated_range = figure.tolerated_range
        yield (Verdict.COMPATIBLE, Dimension.ROUNDING), ~self._tolerated_ranges.exclude(tolerated_range.low, tolerated_range.high)
        if has_certain_time(figure):
            yield (Verdict.CONTRADICTORY, Dimension.VALUE), self._by_time[figure.time]
        yield (Verdict.UNDERSPECIFIED, Dimension.DATE), _EVERY_FIGURE

    def _exclude_periods(self, figure: ComparableFigure) -> FigureBits:
        begins, ends = figure.period.begins, figure.period.ends
        return self._period_begins.exclude(begins.earliest, begins.latest) | self._period_ends.exclude(ends.earliest, ends.latest)


class _Intervals(Generic[Limit]):
    """Intervals of figures in one dimension, sorted by each bound. A null bound is open."""

    def __init__(self, intervals: Iterable[tuple[Limit | None, Limit | None]]) -> None:
        bounds = list(intervals)
        self._lower_bounds: list[Limit] = sorted({lower for lower, _ in bounds if lower is not None})
        self._upper_bounds: list[Limit] = sorted({upper for _, upper in bounds if upper is not None})
        self._by_lower_bound = _accumulate(self._lower_bounds, _group_by(lower for lower, _ in bounds))
        self._by_upper_bound = _accumulate(self._upper_bounds, _group_by(upper for _, upper in bounds))

    def exclude(self, lower: Limit | None, upper: Limit | None) -> FigureBits:
        """Return the figures whose intervals certainly do not overlap this one."""
        figures_below = 0 if lower is None else self._by_upper_bound[bisect_left(self._upper_bounds, lower)]
        figures_above = 0 if upper is None else self._by_lower_bound[-1] ^ self._by_lower_bound[bisect_right(self._lower_bounds, upper)]
        return figures_below | figures_above


def _group_by(values: Iterable[Value]) -> dict[Value, FigureBits]:
    """Return the figures by their values, which are in the order of the figures."""
    figures_by_value: dict[Value, FigureBits] = {}
    for position, value in enumerate(values):
        figures_by_value[value] = figures_by_value.get(value, 0) | 1 << position
    return figures_by_value


def _accumulate(bounds: Iterable[Limit], figures_by_bound: Mapping[Limit | None, FigureBits]) -> list[FigureBits]:
    """Return the figures of the first so many bounds, from none to all."""
    return list(accumulate((figures_by_bound[bound] for bound in bounds), or_, initial=0))


def _find_ends(figures: Sequence[ComparableFigure]) -> dict[str, FigureBits]:
    """Return for each figure those at the other end of one statement with it."""
    positions = {figure.id: position for position, figure in enumerate(figures)}
    ends = dict.fromkeys(positions, 0)
    for position, figure in enumerate(figures):
        if figure.follows in positions:
            ends[figure.follows] |= 1 << position
            ends[figure.id] |= 1 << positions[figure.follows]
    return ends
