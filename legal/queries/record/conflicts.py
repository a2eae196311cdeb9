"""List conflicts: pairs of figures on one metric, and statements without a number, with the verdict on whether they agree."""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, islice
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from legal.db.statements import active_filters, cached_statement, filter_values
from legal.json_types import Json, Row
from legal.queries.core import dates
from legal.queries.core.pagination import CursorPosition, Page, Paging, slice_page
from legal.queries.core.snapshot import Snapshot
from legal.queries.record import contradictions, figures
from legal.queries.record.contradictions import StatedContradiction
from legal.rules.conflict_search import find_conflicts
from legal.rules.conflicts import CONFLICT_VERDICTS, ComparableFigure, Comparison, Period, compare_figures, pairing_type
from legal.vocabulary import Dimension, Stands, Verdict

MAX_CARD_CONFLICTS = 100
"""The most conflicts that a stance card shows, contradictions first. The list of conflicts has all."""

_FIGURE_FILTERS = ("jurisdiction", "metric")
_VERDICT_COLUMNS = ("verdict", "dimension")
SORTS = ("id", "jurisdiction", "metric", *_VERDICT_COLUMNS)


@dataclass(frozen=True, slots=True)
class FigureGroup:
    """The figures of a jurisdiction on one metric that are paired with one another, in the order of their ids."""

    jurisdiction: str
    metric: str
    figures: Sequence[ComparableFigure]


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
    """List the conflicts that match, one page of them, with their figures in full; eight statements, or six with the filter ``metric``.

    Without a filter, sort or facet on the verdict, only the pairs of the page are compared.
    """
    stated_conflicts = (
        []
        if filters.get("metric")
        else _stated_conflicts(contradictions.load_contradictions(session, snapshot, filters.get("jurisdiction", ())))
    )
    figure_rows = snapshot.execute(
        session, _figures_statement(active_filters(filters, _FIGURE_FILTERS)), **filter_values(filters, _FIGURE_FILTERS)
    ).mappings()
    rows = [row for row in figure_rows if figures.figure_report(row, snapshot).on_file is not Stands.NO]
    groups = _group_figures(rows)
    has_verdicts = paging.sort != "id" or paging.facets or any(filters.get(name) for name in _VERDICT_COLUMNS)
    page = _slice_judged(groups, stated_conflicts, filters, paging) if has_verdicts else _slice_by_id(groups, stated_conflicts, paging)
    page_ids = {id for conflict in page.rows for id in conflict.figure_ids}
    page_figures = figures.with_related(session, snapshot, [row for row in rows if row["figure"] in page_ids])
    figures_by_id = {figure["id"]: figure for figure in page_figures}
    return [_conflict_json(conflict, figures_by_id) for conflict in page.rows], page


@cached_statement
def _figures_statement(names: tuple[str, ...]) -> Select[Any]:
    return figures.matching_figures(names).order_by(figures.FIGURE.figure)


def card_conflicts_json(rows: Iterable[Row], stated_contradictions: Iterable[StatedContradiction]) -> list[Json]:
    """Return the conflicts of one jurisdiction as a stance card shows them, contradictions first.

    They name their figures by id. Pairs of figures that agree, or that speak of different things, are left out.
    """
    pairs = chain.from_iterable(islice(_find_conflicts(group), MAX_CARD_CONFLICTS) for group in _group_figures(rows))
    all_conflicts = chain(_stated_conflicts(stated_contradictions), pairs)
    by_severity = sorted(all_conflicts, key=lambda conflict: (CONFLICT_VERDICTS.index(conflict.verdict), conflict.id))
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
        for conflict in by_severity[:MAX_CARD_CONFLICTS]
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


def _slice_by_id(groups: Sequence[FigureGroup], stated_conflicts: Sequence[Conflict], paging: Paging) -> Page:
    """Return one page of all conflicts in the order of their ids. Only the pairs of the page are compared."""
    after_id = str(paging.start_after.id) if paging.start_after else None
    sorted_stated = sorted(stated_conflicts, key=_conflict_id, reverse=paging.descending)
    remaining_conflicts = (conflict for conflict in sorted_stated if _is_later(conflict.id, after_id, descending=paging.descending))
    pairs = _iterate_pairs(groups, after_id, descending=paging.descending)
    merged_conflicts = list(islice(heapq.merge(remaining_conflicts, pairs, key=_conflict_id, reverse=paging.descending), paging.limit + 1))
    conflicts = merged_conflicts[: paging.limit]
    next_position = CursorPosition(conflicts[-1].id, conflicts[-1].id) if len(merged_conflicts) > paging.limit else None
    pair_count = sum(len(group.figures) * (len(group.figures) - 1) // 2 for group in groups)
    return Page(conflicts, len(stated_conflicts) + pair_count, next_position)


def _conflict_id(conflict: Conflict) -> str:
    return conflict.id


def _is_later(id: str, after_id: str | None, *, descending: bool) -> bool:
    return after_id is None or (id < after_id if descending else id > after_id)


def _iterate_pairs(groups: Sequence[FigureGroup], after_id: str | None, *, descending: bool) -> Iterator[Conflict]:
    """Yield the pairs in the order of their ids, from the one that follows ``after_id``.

    An id has no double hyphen, so the ids of pairs sort by the first figure and then by the second.
    """
    heads = [(group, position) for group in groups for position in range(len(group.figures) - 1)]
    heads.sort(key=lambda head: head[0].figures[head[1]].id, reverse=descending)
    for group, position in heads:
        first, partners = group.figures[position], group.figures[position + 1 :]
        for second in reversed(partners) if descending else partners:
            if _is_later(_pair_id(first, second), after_id, descending=descending):
                yield _judge_pair(group, first, second)


def _slice_judged(groups: Sequence[FigureGroup], stated_conflicts: Sequence[Conflict], filters: Mapping[str, Any], paging: Paging) -> Page:
    """Return one sorted page of the conflicts that match. If only verdicts of conflict are wanted, other pairs are not compared."""
    verdicts = filters.get("verdict")
    find_pairs = _find_conflicts if verdicts and set(verdicts) <= set(CONFLICT_VERDICTS) else _judge_all_pairs
    conflicts = chain(stated_conflicts, chain.from_iterable(map(find_pairs, groups)))
    matching_conflicts = [conflict for conflict in conflicts if _matches(conflict, filters)]
    return slice_page(matching_conflicts, getattr, _conflict_id, paging)


def _find_conflicts(group: FigureGroup) -> Iterator[Conflict]:
    for first, second, comparison in find_conflicts(group.figures):
        yield _build_conflict(group, min(first, second, key=_figure_id), max(first, second, key=_figure_id), comparison)


def _figure_id(figure: ComparableFigure) -> str:
    return figure.id


def _judge_all_pairs(group: FigureGroup) -> Iterator[Conflict]:
    for first, second in combinations(group.figures, 2):
        yield _judge_pair(group, first, second)


def _judge_pair(group: FigureGroup, first: ComparableFigure, second: ComparableFigure) -> Conflict:
    return _build_conflict(group, first, second, compare_figures(first, second))


def _build_conflict(group: FigureGroup, first: ComparableFigure, second: ComparableFigure, comparison: Comparison) -> Conflict:
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


def _matches(conflict: Conflict, filters: Mapping[str, Any]) -> bool:
    return all(not filters.get(name) or getattr(conflict, name) in filters[name] for name in _VERDICT_COLUMNS)


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
