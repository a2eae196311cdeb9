"""Find the conflicts among figures without comparing every pair: the time grows with the figures and the conflicts found."""

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from heapq import heappop, heappush
from itertools import chain, combinations, islice, product

from legal.rules.conflicts import (
    ComparableFigure,
    Comparison,
    compare_ends,
    compare_figures,
    compare_subjects,
    has_certain_time,
)
from legal.rules.figures import lower_limit, upper_limit
from legal.vocabulary import Verdict

ConflictingPair = tuple[ComparableFigure, ComparableFigure, Comparison]
_Entry = tuple[float, int]
"""A limit of a figure's range, and the position of the figure."""


def find_conflicts(figures: Iterable[ComparableFigure]) -> Iterator[ConflictingPair]:
    """Yield each pair of figures whose verdict is a conflict, contradictions first. The figures share jurisdiction, metric and type.

    Ranges are sorted by each limit, so the ranges below a figure's range begin one list, and those above it end the other.
    """
    by_subject: dict[tuple[str | None, ...], list[ComparableFigure]] = defaultdict(list)
    for figure in figures:
        by_subject[figure.subject].append(figure)
    yield from chain.from_iterable(map(_find_contradictions, by_subject.values()))
    yield from chain.from_iterable(map(_find_undated_conflicts, by_subject.values()))
    for first_group, second_group in combinations(by_subject.values(), 2):
        yield from _pair_vague_subjects(first_group, second_group)


def _find_contradictions(figures: Sequence[ComparableFigure]) -> Iterator[ConflictingPair]:
    """Yield the pairs of figures on one subject that are certainly of the same time and cannot both be true."""
    by_time: dict[tuple[object, ...], list[ComparableFigure]] = defaultdict(list)
    for figure in filter(has_certain_time, figures):
        by_time[figure.time].append(figure)
    for contemporaries in by_time.values():
        by_upper_limit = sorted(contemporaries, key=_upper_limit)
        for figure in contemporaries:
            below_count = bisect_left(by_upper_limit, _lower_limit(figure), key=_upper_limit)
            for lower_figure in islice(by_upper_limit, below_count):
                yield from _keep_verdict(lower_figure, figure, Verdict.CONTRADICTORY)


def _find_undated_conflicts(figures: Sequence[ComparableFigure]) -> Iterator[ConflictingPair]:
    """Yield the pairs of figures on one subject whose ranges exclude each other and whose dates leave open whether they conflict.

    Figures are taken in the order of their earliest days. Each is compared with those before it whose latest day has not passed.
    """
    ordered_figures = sorted(figures, key=lambda figure: figure.date.earliest or date.min)
    upper_limits: list[_Entry] = []
    lower_limits: list[_Entry] = []
    latest_days: list[tuple[date, int]] = []
    for position, figure in enumerate(ordered_figures):
        while latest_days and latest_days[0][0] < (figure.date.earliest or date.min):
            _, ended_position = heappop(latest_days)
            del upper_limits[bisect_left(upper_limits, (_upper_limit(ordered_figures[ended_position]), ended_position))]
            del lower_limits[bisect_left(lower_limits, (_lower_limit(ordered_figures[ended_position]), ended_position))]
        lower_entries = upper_limits[: bisect_left(upper_limits, (_lower_limit(figure), -1))]
        higher_entries = lower_limits[bisect_right(lower_limits, (_upper_limit(figure), len(ordered_figures))) :]
        for _, earlier_position in chain(lower_entries, higher_entries):
            yield from _keep_verdict(ordered_figures[earlier_position], figure, Verdict.UNDERSPECIFIED)
        insort(upper_limits, (_upper_limit(figure), position))
        insort(lower_limits, (_lower_limit(figure), position))
        heappush(latest_days, (figure.date.latest or date.max, position))


def _pair_vague_subjects(first_group: Sequence[ComparableFigure], second_group: Sequence[ComparableFigure]) -> Iterator[ConflictingPair]:
    """Yield all pairs of two groups with different subjects, if a source leaves out what would tell the subjects apart."""
    comparison = compare_subjects(first_group[0], second_group[0])
    if comparison and comparison.verdict is Verdict.UNDERSPECIFIED:
        for first, second in product(first_group, second_group):
            if not compare_ends(first, second):
                yield first, second, comparison


def _keep_verdict(first: ComparableFigure, second: ComparableFigure, verdict: Verdict) -> Iterator[ConflictingPair]:
    comparison = compare_figures(first, second)
    if comparison.verdict is verdict:
        yield first, second, comparison


def _lower_limit(figure: ComparableFigure) -> float:
    return lower_limit(figure.tolerated_range.low)


def _upper_limit(figure: ComparableFigure) -> float:
    return upper_limit(figure.tolerated_range.high)
