"""List conflicts: pairs of figures on one metric, and statements without a number, with the verdict on whether they agree."""

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from legal.db.statements import active_filters, cached_statement, filter_values
from legal.json_types import Json, Row
from legal.queries.core import dates
from legal.queries.core.pagination import CursorPosition, Page, Paging
from legal.queries.core.snapshot import Snapshot
from legal.queries.record import contradictions, figures
from legal.queries.record.contradictions import StatedContradiction
from legal.rules.conflict_search import FigureBits, PairBits, iterate_positions, sort_pairs
from legal.rules.conflicts import CONFLICT_VERDICTS, ComparableFigure, Period, compare_figures, pairing_type
from legal.vocabulary import Dimension, Stands, Verdict

MAX_CARD_CONFLICTS = 100
"""The most conflicts that a stance card shows, contradictions first. The list of conflicts has all."""

_FIGURE_FILTERS = ("jurisdiction", "metric")
_VERDICT_COLUMNS = ("verdict", "dimension")
SORTS = ("id", "jurisdiction", "metric", *_VERDICT_COLUMNS)


@dataclass(frozen=True, eq=False)  # without slots, so that the pairs are sorted once
class FigureGroup:
    """The figures of a jurisdiction on one metric that are paired with one another, in the order of their ids."""

    jurisdiction: str
    metric: str
    figures: Sequence[ComparableFigure]

    @cached_property
    def pair_sets(self) -> list["PairSet"]:
        """Return all pairs of the group, in one set for each outcome."""
        return [PairSet(self, verdict, dimension, pairs) for (verdict, dimension), pairs in sort_pairs(self.figures).items()]


@dataclass(frozen=True, slots=True)
class PairSet:
    """The pairs of a group whose comparison has one outcome. ``pairs`` names figures by their positions in the group."""

    group: FigureGroup
    verdict: Verdict
    dimension: Dimension
    pairs: PairBits

    @property
    def jurisdiction(self) -> str:
        """Return the jurisdiction of the figures."""
        return self.group.jurisdiction

    @property
    def metric(self) -> str:
        """Return the metric of the figures."""
        return self.group.metric

    @property
    def count(self) -> int:
        """Return the number of pairs."""
        return sum(figure_bits.bit_count() for figure_bits in self.pairs.values())


@dataclass(frozen=True, slots=True)
class Conflict:
    """A pair of figures, or statements without a number, with the verdict on whether they agree."""

    id: str
    jurisdiction: str
    metric: str | None
    verdict: Verdict
    dimension: Dimension
    explanation: str
    figure_ids: tuple[str, ...] = ()
    measure_ids: tuple[str, ...] = ()
    citations: Sequence[Json] = ()


def list_conflicts(session: Session, snapshot: Snapshot, filters: Mapping[str, Any], paging: Paging) -> tuple[list[Json], Page]:
    """List the conflicts that match, one page of them, with their figures in full; eight statements, or six with the filter ``metric``."""
    stated_conflicts = (
        []
        if filters.get("metric")
        else _stated_conflicts(contradictions.load_contradictions(session, snapshot, filters.get("jurisdiction", ())))
    )
    rows = _load_figure_rows(session, snapshot, filters)
    page = _slice_page(_group_figures(rows), stated_conflicts, filters, paging)
    return _with_figures(session, snapshot, page.rows, rows), page


def list_comparisons(session: Session, snapshot: Snapshot, figure: Json) -> list[Json]:
    """List the pairs of one figure with every figure that it is compared with, in the order of their ids; six statements."""
    rows = _load_figure_rows(session, snapshot, {"jurisdiction": [figure["jurisdiction"]], "metric": [figure["metric"]]})
    pairs = [
        _judge_pair(group, *sorted((subject, partner), key=_figure_id))
        for group in _group_figures(rows)
        for subject in group.figures
        if subject.id == figure["id"]
        for partner in group.figures
        if partner is not subject
    ]
    return _with_figures(session, snapshot, pairs, rows)


def _load_figure_rows(session: Session, snapshot: Snapshot, filters: Mapping[str, Any]) -> list[Row]:
    """Load the figures that match and may have been reported by the day; one statement."""
    statement = _figures_statement(active_filters(filters, _FIGURE_FILTERS))
    rows = snapshot.execute(session, statement, **filter_values(filters, _FIGURE_FILTERS)).mappings()
    return [row for row in rows if figures.figure_report(row, snapshot).on_file is not Stands.NO]


@cached_statement
def _figures_statement(names: tuple[str, ...]) -> Select[Any]:
    return figures.matching_figures(names).order_by(figures.FIGURE.figure)


def card_conflicts_json(rows: Iterable[Row], stated_contradictions: Iterable[StatedContradiction]) -> list[Json]:
    """Return the conflicts of one jurisdiction as a stance card shows them, contradictions first.

    They name their figures by id. Pairs of figures that agree, or that speak of different things, are left out.
    """
    # The names of the verdicts sort the more serious one first.
    paging = Paging(MAX_CARD_CONFLICTS, "verdict")
    page = _slice_page(_group_figures(rows), _stated_conflicts(stated_contradictions), {"verdict": CONFLICT_VERDICTS}, paging)
    return [
        {
            "id": conflict.id,
            "verdict": str(conflict.verdict),
            "dimension": str(conflict.dimension),
            "why": conflict.explanation,
            "figures": list(conflict.figure_ids),
            "measures": list(conflict.measure_ids),
            "citations": list(conflict.citations),
        }
        for conflict in page.rows
    ]


def _group_figures(rows: Iterable[Row]) -> list[FigureGroup]:
    """Group the figures that have a number by what a pair must have in common."""
    rows_by_group: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in rows:
        shared_type = pairing_type(row["metric"], row["quantity"])
        if shared_type and row["value"] is not None:
            rows_by_group[row["jurisdiction"], row["metric"], shared_type].append(row)
    return [
        FigureGroup(jurisdiction, metric, sorted(map(_comparable_figure, group_rows), key=_figure_id))
        for (jurisdiction, metric, _), group_rows in rows_by_group.items()
    ]


def _stated_conflicts(stated_contradictions: Iterable[StatedContradiction]) -> list[Conflict]:
    return [
        Conflict(
            id=contradiction.row["contradiction"],
            jurisdiction=contradiction.row["jurisdiction"],
            metric=None,
            verdict=Verdict(contradiction.row["verdict"]),
            dimension=Dimension.STATEMENT,
            explanation=contradiction.row["why"],
            measure_ids=tuple(contradiction.row["measures"]),
            citations=contradiction.citations,
        )
        for contradiction in stated_contradictions
    ]


def _slice_page(groups: Sequence[FigureGroup], stated_conflicts: Iterable[Conflict], filters: Mapping[str, Any], paging: Paging) -> Page:
    """Return one page of the conflicts that match. Pairs are counted by their outcomes; only those of the page are taken out one by one."""
    pair_sets = [pair_set for group in groups for pair_set in group.pair_sets if _matches(pair_set, filters)]
    stated_conflicts = [conflict for conflict in stated_conflicts if _matches(conflict, filters)]
    conflicts = list(islice(_sort_conflicts(pair_sets, stated_conflicts, paging), paging.limit + 1))
    rows = conflicts[: paging.limit]
    next_position = CursorPosition(getattr(rows[-1], paging.sort), rows[-1].id) if len(conflicts) > paging.limit else None
    facets = {name: _count_values(pair_sets, stated_conflicts, name) for name in paging.facets}
    return Page(rows, len(stated_conflicts) + sum(pair_set.count for pair_set in pair_sets), next_position, facets)


def _matches(conflicts: PairSet | Conflict, filters: Mapping[str, Any]) -> bool:
    return all(not filters.get(name) or getattr(conflicts, name) in filters[name] for name in _VERDICT_COLUMNS)


def _count_values(pair_sets: Iterable[PairSet], stated_conflicts: Iterable[Conflict], name: str) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for pair_set in pair_sets:
        counts[str(getattr(pair_set, name))] += pair_set.count
    counts.update(str(value) for conflict in stated_conflicts if (value := getattr(conflict, name)) is not None)
    return dict(sorted(counts.items()))


def _sort_conflicts(pair_sets: Sequence[PairSet], stated_conflicts: Sequence[Conflict], paging: Paging) -> Iterator[Conflict]:
    """Yield the conflicts in the order of the page, from the one that it starts with: by value with nulls last, and then by id."""

    def sort_value(conflicts: PairSet | Conflict) -> str | None:
        return None if paging.sort == "id" else getattr(conflicts, paging.sort)

    values = {*map(sort_value, pair_sets), *map(sort_value, stated_conflicts)}
    sorted_values = [*sorted((value for value in values if value is not None), reverse=paging.descending), *values & {None}]
    after_id = str(paging.start_after.id) if paging.start_after else None
    if paging.start_after and paging.sort != "id":
        sorted_values = sorted_values[sorted_values.index(paging.start_after.value) :]
    for value in sorted_values:
        yield from _sort_by_id(
            [pair_set for pair_set in pair_sets if sort_value(pair_set) == value],
            [conflict for conflict in stated_conflicts if sort_value(conflict) == value],
            after_id,
            descending=paging.descending and paging.sort == "id",
        )
        after_id = None


def _sort_by_id(
    pair_sets: Iterable[PairSet], stated_conflicts: Iterable[Conflict], after_id: str | None, *, descending: bool
) -> Iterator[Conflict]:
    """Yield the conflicts in the order of their ids, from the one that follows ``after_id``."""
    pairs = _iterate_pairs(pair_sets, after_id, descending=descending)
    sorted_stated = sorted(stated_conflicts, key=_conflict_id, reverse=descending)
    remaining_conflicts = (conflict for conflict in sorted_stated if _is_later(conflict.id, after_id, descending=descending))
    return heapq.merge(remaining_conflicts, pairs, key=_conflict_id, reverse=descending)


def _conflict_id(conflict: Conflict) -> str:
    return conflict.id


def _is_later(id: str, after_id: str | None, *, descending: bool) -> bool:
    return after_id is None or (id < after_id if descending else id > after_id)


def _iterate_pairs(pair_sets: Iterable[PairSet], after_id: str | None, *, descending: bool) -> Iterator[Conflict]:
    """Yield the pairs in the order of their ids, from the one that follows ``after_id``.

    An id has no double hyphen, so the ids of pairs sort by the first figure and then by the second.
    """
    partners: dict[tuple[FigureGroup, int], FigureBits] = defaultdict(int)
    for pair_set in pair_sets:
        for position, figure_bits in pair_set.pairs.items():
            partners[pair_set.group, position] |= figure_bits
    for group, position in sorted(partners, key=lambda head: head[0].figures[head[1]].id, reverse=descending):
        figures, first, figure_bits = group.figures, group.figures[position], partners[group, position]
        last_position = next(iterate_positions(figure_bits, descending=not descending))
        if not _is_later(_pair_id(first, figures[last_position]), after_id, descending=descending):
            continue
        for partner_position in iterate_positions(figure_bits, descending=descending):
            if _is_later(_pair_id(first, figures[partner_position]), after_id, descending=descending):
                yield _judge_pair(group, first, figures[partner_position])


def _judge_pair(group: FigureGroup, first: ComparableFigure, second: ComparableFigure) -> Conflict:
    comparison = compare_figures(first, second)
    verdict, dimension, explanation = comparison.verdict, comparison.dimension, comparison.explanation
    return Conflict(_pair_id(first, second), group.jurisdiction, group.metric, verdict, dimension, explanation, (first.id, second.id))


def _pair_id(first: ComparableFigure, second: ComparableFigure) -> str:
    return f"{first.id}--{second.id}"


def _comparable_figure(row: Row) -> ComparableFigure:
    return ComparableFigure(
        row["figure"],
        figures.numeric_range(row),
        row["rounded"],
        row["cohort"],
        row["agency_class"],
        row["geography"],
        dates.date_from_row(row, "date"),
        Period(dates.date_from_row(row, "period_from"), dates.date_from_row(row, "period_to")),
        row["follows"],
    )


def _figure_id(figure: ComparableFigure) -> str:
    return figure.id


def _with_figures(session: Session, snapshot: Snapshot, conflicts: Iterable[Conflict], figure_rows: Iterable[Row]) -> list[Json]:
    """Return conflicts as the API has them, with their figures in full; five statements."""
    ids = {id for conflict in conflicts for id in conflict.figure_ids}
    shown_figures = figures.with_related(session, snapshot, [row for row in figure_rows if row["figure"] in ids])
    figures_by_id = {figure["id"]: figure for figure in shown_figures}
    return [_conflict_json(conflict, figures_by_id) for conflict in conflicts]


def _conflict_json(conflict: Conflict, figures_by_id: Mapping[str, Json]) -> Json:
    return {
        "id": conflict.id,
        "metric": conflict.metric,
        "jurisdiction": conflict.jurisdiction,
        "verdict": str(conflict.verdict),
        "dimension": str(conflict.dimension),
        "why": conflict.explanation,
        "figures": [figures_by_id[id] for id in conflict.figure_ids],
        "measures": list(conflict.measure_ids),
        "citations": list(conflict.citations),
    }
