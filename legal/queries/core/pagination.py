"""Pages of a list: a walk by the last row seen, which neither repeats nor loses a row."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Integer, Select, and_, bindparam, func, or_
from sqlalchemy.orm import Session

from legal.db.statements import built_once
from legal.queries.core.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: after the row with this sort value and this id."""

    value: Any
    id: Any


@dataclass(frozen=True, slots=True)
class Paging:
    """How a list is walked: rows a page, the sort column, its direction, and where the page begins."""

    limit: int
    sort: str
    descending: bool = False
    after: Place | None = None
    facets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A page's rows, how many match in all, where the next one begins (null on the last), and counts by facet and value."""

    rows: list[Any]
    count: int
    next: Place | None
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


def page(
    session: Session, snapshot: Snapshot, matching: Select[Any], columns: Mapping[str, Any], unique: Any, paging: Paging, **values: Any
) -> Page:
    """One page of what matches; two statements, one of which counts, and one for each facet asked for.

    ``matching`` is kept for its shape and bound to ``values``. ``columns`` are those that can be sorted
    by, nulls last in either direction; ``unique`` breaks ties.
    """
    count = snapshot.execute(session, _counted(matching), **values).scalar_one()
    facets = {
        name: {
            str(value): number
            for value, number in snapshot.execute(session, _tallied(matching, columns[name]), **values)
            if value is not None
        }
        for name in paging.facets
    }
    statement = _walk(matching, columns[paging.sort], unique, paging.descending, paging.after and paging.after.value is not None)
    # One row more than asked for tells whether there is a next page.
    place = {"after_value": paging.after.value, "after_id": paging.after.id} if paging.after else {}
    rows = snapshot.execute(session, statement, most=paging.limit + 1, **place, **values).mappings().all()
    shown = list(rows[: paging.limit])
    following = Place(shown[-1]["sort_value"], shown[-1]["sort_id"]) if len(rows) > paging.limit else None
    return Page(shown, count, following, facets)


@built_once
def _counted(matching: Select[Any]) -> Select[Any]:
    return matching.with_only_columns(func.count())


@built_once
def _tallied(matching: Select[Any], column: Any) -> Select[Any]:
    return matching.with_only_columns(column, func.count()).group_by(column).order_by(column)


@built_once
def _walk(matching: Select[Any], column: Any, unique: Any, descending: bool, valued: bool | None) -> Select[Any]:
    """The rows of a page; ``valued`` is whether the row that it begins after has a value, and null on the first page."""
    rows = matching.add_columns(column.label("sort_value"), unique.label("sort_id"))
    rows = rows.order_by(column.is_(None), column.desc() if descending else column.asc(), unique.asc())
    rows = rows.limit(bindparam("most", type_=Integer))
    value, further_id = bindparam("after_value", type_=column.type), unique > bindparam("after_id", type_=unique.type)
    if valued is None:
        return rows
    if not valued:
        return rows.where(column.is_(None), further_id)
    further = column < value if descending else column > value
    return rows.where(or_(further, and_(column == value, further_id), column.is_(None)))


def cut(matching: Sequence[Any], value: Callable[[Any, str], Any], unique: Callable[[Any], str], paging: Paging) -> Page:
    """One page of rows that were worked out and not selected: the same order, the same walk as ``page``.

    ``value`` gives what a row is sorted and counted by, by name; one that is a mapping of counts is
    counted under each key that has any.
    """
    by_id = sorted(matching, key=unique)
    valued = [row for row in by_id if value(row, paging.sort) is not None]
    valued.sort(key=lambda row: value(row, paging.sort), reverse=paging.descending)
    ordered = [*valued, *(row for row in by_id if value(row, paging.sort) is None)]
    ids = [unique(row) for row in ordered]
    start = ids.index(paging.after.id) + 1 if paging.after and paging.after.id in ids else 0
    rows = ordered[start : start + paging.limit]
    following = Place(value(rows[-1], paging.sort), unique(rows[-1])) if ordered[start + paging.limit :] else None
    facets = {name: _tally(value(row, name) for row in ordered) for name in paging.facets}
    return Page(rows, len(ordered), following, facets)


def _tally(values: Iterable[Any]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for value in values:
        if isinstance(value, Mapping):
            found.update(key for key, count in value.items() if count)
        elif value is not None:
            found[str(value)] += 1
    return dict(sorted(found.items()))
