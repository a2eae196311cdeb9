"""Conflicts: pairs of figures on one metric and place, and what they say of each other."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from legal.db.statements import bound, built_once, given
from legal.json_types import Json, Row
from legal.queries.core import dates
from legal.queries.core.pagination import Page, Paging, cut
from legal.queries.core.snapshot import Snapshot
from legal.queries.record import figures
from legal.rules.conflicts import HETEROGENEOUS, Comparison, Reported, compare
from legal.vocabulary import Stands, Verdict

NARROWED = ("jurisdiction", "metric")
SORTS = ("id", "jurisdiction", "metric", "verdict", "dimension")
GRAVITY = (Verdict.CONTRADICTORY, Verdict.UNDERSPECIFIED, Verdict.NOT_COMPARABLE, Verdict.SUCCESSION, Verdict.COMPATIBLE)


def listed(session: Session, moment: Snapshot, filters: Mapping[str, Any], paging: Paging) -> tuple[list[Json], Page]:
    """Pairs that match, and the page they are; six statements. Only the page's figures are shown in full."""
    found_rows = moment.execute(session, _figures(given(filters, NARROWED)), **bound(filters, NARROWED)).mappings()
    rows = [row for row in found_rows if figures.report(row, moment).on_file is not Stands.NO]
    matching = [pair for pair in pairs(rows) if _matches(pair, filters)]
    found = cut(matching, lambda pair, name: pair[name], lambda pair: str(pair["id"]), paging)
    wanted = {id for pair in found.rows for id in pair["figures"]}
    shown = {figure["id"]: figure for figure in figures.assembled(session, moment, [row for row in rows if row["figure"] in wanted])}
    return [_with_figures(pair, shown) for pair in found.rows], found


@built_once
def _figures(names: tuple[str, ...]) -> Select[Any]:
    return figures.matching(names).order_by(figures.FIGURE.figure)


def of_figures(rows: Sequence[Row], shown: Mapping[str, Json]) -> list[Json]:
    """The pairs among the figures of one place, those that contradict first."""
    found = sorted(pairs(rows), key=lambda pair: (GRAVITY.index(Verdict(pair["verdict"])), pair["id"]))
    return [_with_figures(pair, shown) for pair in found]


def pairs(rows: Iterable[Row]) -> Iterator[Json]:
    """Every pair of figures on one metric and place, with its verdict; ``figures`` are ids."""
    together: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if row["metric"] not in HETEROGENEOUS:
            together[row["jurisdiction"], row["metric"]].append(row)
    for (jurisdiction, metric), group in together.items():
        for one, other in combinations(group, 2):
            yield _pair(jurisdiction, metric, (one["figure"], other["figure"]), compare(_reported(one), _reported(other)))


def _pair(jurisdiction: str, metric: str, ids: tuple[str, str], found: Comparison) -> Json:
    return {
        "id": "--".join(sorted(ids)),
        "metric": metric,
        "jurisdiction": jurisdiction,
        "verdict": str(found.verdict),
        "dimension": str(found.dimension),
        "why": found.why,
        "figures": ids,
    }


def _reported(row: Row) -> Reported:
    return Reported(row["figure"], figures.quantity(row), row["cohort"], row["agency_class"], row["geography"], dates.of(row, "date"))


def _matches(pair: Json, filters: Mapping[str, Any]) -> bool:
    return all(not filters.get(name) or pair[name] in filters[name] for name in ("verdict", "dimension"))


def _with_figures(pair: Json, shown: Mapping[str, Json]) -> Json:
    return {**pair, "figures": [shown[id] for id in pair["figures"]]}
