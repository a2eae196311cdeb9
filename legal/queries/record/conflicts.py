"""List pairs of figures on the same metric and jurisdiction, with the verdict of their comparison."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from legal.db.statements import active_filters, cached_statement, filter_values
from legal.json_types import Json, Row
from legal.queries.core import dates
from legal.queries.core.pagination import Page, Paging, slice_page
from legal.queries.core.snapshot import Snapshot
from legal.queries.record import figures
from legal.rules.conflicts import UNPAIRED_METRICS, ComparableFigure, Comparison, compare_figures
from legal.vocabulary import Stands, Verdict

_FIGURE_FILTERS = ("jurisdiction", "metric")
SORTS = ("id", "jurisdiction", "metric", "verdict", "dimension")
_VERDICTS_BY_SEVERITY = (Verdict.CONTRADICTORY, Verdict.UNDERSPECIFIED, Verdict.NOT_COMPARABLE, Verdict.SUCCESSION, Verdict.COMPATIBLE)


def list_conflicts(session: Session, snapshot: Snapshot, filters: Mapping[str, Any], paging: Paging) -> tuple[list[Json], Page]:
    """List one page of the pairs that match, with their figures in full; six SQL statements."""
    figure_rows = snapshot.execute(
        session, _figures_statement(active_filters(filters, _FIGURE_FILTERS)), **filter_values(filters, _FIGURE_FILTERS)
    ).mappings()
    rows = [row for row in figure_rows if figures.figure_report(row, snapshot).on_file is not Stands.NO]
    matching = [pair for pair in figure_pairs(rows) if _matches(pair, filters)]
    page = slice_page(matching, lambda pair, name: pair[name], lambda pair: str(pair["id"]), paging)
    page_ids = {id for pair in page.rows for id in pair["figures"]}
    page_figures = figures.with_related(session, snapshot, [row for row in rows if row["figure"] in page_ids])
    figures_by_id = {figure["id"]: figure for figure in page_figures}
    return [_with_figures(pair, figures_by_id) for pair in page.rows], page


@cached_statement
def _figures_statement(names: tuple[str, ...]) -> Select[Any]:
    return figures.matching_figures(names).order_by(figures.FIGURE.figure)


def conflicts_json(rows: Sequence[Row], figures_by_id: Mapping[str, Json]) -> list[Json]:
    """Return the pairs among the figures of one jurisdiction, with their figures in full and contradictions first."""
    pairs = sorted(figure_pairs(rows), key=lambda pair: (_VERDICTS_BY_SEVERITY.index(Verdict(pair["verdict"])), pair["id"]))
    return [_with_figures(pair, figures_by_id) for pair in pairs]


def figure_pairs(rows: Iterable[Row]) -> Iterator[Json]:
    """Yield every pair of figures on the same metric and jurisdiction, with its verdict; the key ``figures`` has the two ids."""
    comparable_rows: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if row["metric"] not in UNPAIRED_METRICS:
            comparable_rows[row["jurisdiction"], row["metric"]].append(row)
    for (jurisdiction, metric), rows_of_metric in comparable_rows.items():
        for first, second in combinations(rows_of_metric, 2):
            comparison = compare_figures(_reported_figure(first), _reported_figure(second))
            yield _pair_json(jurisdiction, metric, (first["figure"], second["figure"]), comparison)


def _pair_json(jurisdiction: str, metric: str, ids: tuple[str, str], comparison: Comparison) -> Json:
    return {
        "id": "--".join(sorted(ids)),
        "metric": metric,
        "jurisdiction": jurisdiction,
        "verdict": str(comparison.verdict),
        "dimension": str(comparison.dimension),
        "why": comparison.explanation,
        "figures": ids,
    }


def _reported_figure(row: Row) -> ComparableFigure:
    return ComparableFigure(
        row["figure"], figures.figure_quantity(row), row["cohort"], row["agency_class"], row["geography"], dates.date_from_row(row, "date")
    )


def _matches(pair: Json, filters: Mapping[str, Any]) -> bool:
    return all(not filters.get(name) or pair[name] in filters[name] for name in ("verdict", "dimension"))


def _with_figures(pair: Json, figures_by_id: Mapping[str, Json]) -> Json:
    return {**pair, "figures": [figures_by_id[id] for id in pair["figures"]]}
