"""Pages of a list: a walk by the last row seen, which neither repeats nor loses a row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, func, or_, select
from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: after the row with this sort value and this id."""

    value: Any
    id: str


@dataclass(frozen=True, slots=True)
class Paging:
    """How a list is walked: rows a page, the sort column, its direction, and where the page begins."""

    limit: int
    sort: str
    descending: bool = False
    after: Place | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page's rows, how many match in all, and where the next one begins; null on the last."""

    rows: list[Any]
    count: int
    next: Place | None


def page(
    session: Session,
    matching: Select[Any],
    columns: Mapping[str, SQLColumnExpression[Any]],
    unique: SQLColumnExpression[str],
    paging: Paging,
) -> Page:
    """One page of what matches; two statements, one of which counts.

    ``columns`` are those that can be sorted by, nulls last in either direction; ``unique`` breaks ties.
    """
    column = columns[paging.sort]
    count = session.scalar(select(func.count()).select_from(matching.subquery())) or 0
    statement = matching.order_by(column.is_(None), column.desc() if paging.descending else column.asc(), unique.asc())
    if paging.after:
        statement = statement.where(_beyond(column, unique, paging.after, paging.descending))
    # One row more than asked for tells whether there is a next page.
    rows: Sequence[Any] = (
        session.execute(statement.add_columns(column.label("sort_value"), unique.label("sort_id")).limit(paging.limit + 1)).mappings().all()
    )
    kept = list(rows[: paging.limit])
    following = Place(kept[-1]["sort_value"], kept[-1]["sort_id"]) if len(rows) > paging.limit else None
    return Page(kept, count, following)


def _beyond(column: SQLColumnExpression[Any], unique: SQLColumnExpression[str], place: Place, descending: bool) -> ColumnElement[bool]:
    if place.value is None:
        return and_(column.is_(None), unique > place.id)
    further = column < place.value if descending else column > place.value
    return or_(further, and_(column == place.value, unique > place.id), column.is_(None))
