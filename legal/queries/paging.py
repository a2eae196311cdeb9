"""Pages of a list: a walk by the last row seen, which neither repeats nor loses a row."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, func, or_
from sqlalchemy.orm import Session


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
    session: Session,
    matching: Select[Any],
    columns: Mapping[str, SQLColumnExpression[Any]],
    unique: SQLColumnExpression[Any],
    paging: Paging,
) -> Page:
    """One page of what matches; two statements, one of which counts, and one for each facet asked for.

    ``columns`` are those that can be sorted by, nulls last in either direction; ``unique`` breaks ties.
    """
    column = columns[paging.sort]
    count = session.scalar(matching.with_only_columns(func.count())) or 0
    facets = {name: _counts(session, matching, columns[name]) for name in paging.facets}
    statement = matching.order_by(column.is_(None), column.desc() if paging.descending else column.asc(), unique.asc())
    if paging.after:
        statement = statement.where(_beyond(column, unique, paging.after, paging.descending))
    # One row more than asked for tells whether there is a next page.
    rows: Sequence[Any] = (
        session.execute(statement.add_columns(column.label("sort_value"), unique.label("sort_id")).limit(paging.limit + 1)).mappings().all()
    )
    kept = list(rows[: paging.limit])
    following = Place(kept[-1]["sort_value"], kept[-1]["sort_id"]) if len(rows) > paging.limit else None
    return Page(kept, count, following, facets)


def _counts(session: Session, matching: Select[Any], column: SQLColumnExpression[Any]) -> dict[str, int]:
    grouped = matching.with_only_columns(column, func.count()).group_by(column).order_by(column)
    return {str(value): count for value, count in session.execute(grouped) if value is not None}


def _beyond(column: SQLColumnExpression[Any], unique: SQLColumnExpression[Any], place: Place, descending: bool) -> ColumnElement[bool]:
    if place.value is None:
        return and_(column.is_(None), unique > place.id)
    further = column < place.value if descending else column > place.value
    return or_(further, and_(column == place.value, unique > place.id), column.is_(None))


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
