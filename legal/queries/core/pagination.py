"""Paginate lists with keyset pagination: each page starts after the last row of the previous page, so no row is repeated or lost."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Integer, Select, and_, bindparam, func, or_
from sqlalchemy.orm import Session

from legal.db.statements import cached_statement
from legal.queries.core.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class CursorPosition:
    """The last row of the previous page: its sort value and its id."""

    value: Any
    id: Any


@dataclass(frozen=True, slots=True)
class Paging:
    """The page that a request asks for.

    ``limit`` is the maximum number of rows, ``sort`` the name of the column to sort by, and ``facets`` the names of the
    columns whose values are counted.
    """

    limit: int
    sort: str
    descending: bool = False
    start_after: CursorPosition | None = None
    facets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of a page, with the number of matches on all pages. ``facets`` has the number of matches by facet and value.

    ``next_position`` is null on the last page.
    """

    rows: list[Any]
    count: int
    next_position: CursorPosition | None
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


def load_page(
    session: Session, snapshot: Snapshot, matching: Select[Any], columns: Mapping[str, Any], unique: Any, paging: Paging, **values: Any
) -> Page:
    """Load one page of the rows that match; one SQL statement, one for each facet, and one to count if the page is not the only one.

    ``matching`` is a cached statement for the rows that match, and ``values`` has the values for its parameters.
    ``columns`` maps names to the columns to sort and count by. Nulls come last in either direction; ``unique`` breaks
    ties.
    """
    page_rows, next_position = load_page_rows(session, snapshot, matching, columns[paging.sort], unique, paging, **values)
    is_only_page = paging.start_after is None and next_position is None
    count = len(page_rows) if is_only_page else _load_count(session, snapshot, matching, values)
    facets = {name: load_facet(session, snapshot, matching, columns[name], **values) for name in paging.facets}
    return Page(page_rows, count, next_position, facets)


def _load_count(session: Session, snapshot: Snapshot, matching: Select[Any], values: Mapping[str, Any]) -> int:
    """Load the number of matches; one SQL statement, once for a revision and a day, because the pages of a list share it."""
    bound_values = tuple((name, tuple(value) if isinstance(value, list) else value) for name, value in values.items())

    def load(keys: list[Hashable]) -> dict[Hashable, int]:
        return dict.fromkeys(keys, snapshot.execute(session, _count_statement(matching), **values).scalar_one())

    key: Hashable = (matching, snapshot.as_of, bound_values)
    return snapshot.load_shared_items(session, "counts", [key], load)[key]


def load_facet(session: Session, snapshot: Snapshot, matching: Select[Any], column: Any, **values: Any) -> dict[str, int]:
    """Load the number of matches by the value of a column, without nulls; one SQL statement."""
    counts = snapshot.execute(session, _facet_statement(matching, column), **values)
    return {str(value): number for value, number in counts if value is not None}


def load_page_rows(
    session: Session, snapshot: Snapshot, matching: Select[Any], column: Any, unique: Any, paging: Paging, **values: Any
) -> tuple[list[Any], CursorPosition | None]:
    """Load the rows of a page, sorted by a column, and the position of the next page; one SQL statement."""
    statement = _page_statement(matching, column, unique, paging.descending, paging.start_after and paging.start_after.value is not None)
    # The extra row shows whether there is a next page.
    position = {"after_value": paging.start_after.value, "after_id": paging.start_after.id} if paging.start_after else {}
    rows = snapshot.execute(session, statement, row_limit=paging.limit + 1, **position, **values).mappings().all()
    page_rows = list(rows[: paging.limit])
    next_position = CursorPosition(page_rows[-1]["sort_value"], page_rows[-1]["sort_id"]) if len(rows) > paging.limit else None
    return page_rows, next_position


@cached_statement
def _count_statement(matching: Select[Any]) -> Select[Any]:
    return matching.with_only_columns(func.count())


@cached_statement
def _facet_statement(matching: Select[Any], column: Any) -> Select[Any]:
    # Grouped by its label: PostgreSQL does not recognize that two expressions with parameters are the same.
    return matching.with_only_columns(column.label("facet_value"), func.count()).group_by("facet_value").order_by("facet_value")


@cached_statement
def _page_statement(matching: Select[Any], column: Any, unique: Any, descending: bool, position_has_value: bool | None) -> Select[Any]:
    """Return the statement for a page.

    The page starts after a certain row. ``position_has_value`` is true if that row has a sort value, and null on the
    first page.
    """
    rows = matching.add_columns(column.label("sort_value"), unique.label("sort_id"))
    # An index serves only if the order asks neither about null, where there is none, nor for the same column twice.
    may_be_null = column is not unique and _may_be_null(column)
    nulls_last = [column.is_(None)] if may_be_null else []
    tie_breaker = [] if column is unique else [unique.asc()]
    rows = rows.order_by(*nulls_last, column.desc() if descending else column.asc(), *tie_breaker)
    rows = rows.limit(bindparam("row_limit", type_=Integer))
    value, has_later_id = bindparam("after_value", type_=column.type), unique > bindparam("after_id", type_=unique.type)
    if position_has_value is None:
        return rows
    if not position_has_value:
        return rows.where(column.is_(None), has_later_id)
    has_later_value = column < value if descending else column > value
    is_later = or_(has_later_value, and_(column == value, has_later_id))
    if may_be_null:
        return rows.where(or_(is_later, column.is_(None)))
    return rows.where(column <= value if descending else column >= value, is_later)


def _may_be_null(column: Any) -> bool:
    """Return whether an expression can be null: all can but columns that are declared so."""
    return bool(getattr(column, "nullable", True))


def slice_page(matching: Sequence[Any], value: Callable[[Any, str], Any], unique: Callable[[Any], str], paging: Paging) -> Page:
    """Return one page of rows that were computed in Python, sorted as in ``load_page``.

    ``value(row, name)`` returns the row's value in the column ``name``, to sort and count by. If that value maps keys
    to counts, the row is counted once for each key with a count above zero.
    """
    by_id = sorted(matching, key=unique)
    rows_with_value = [row for row in by_id if value(row, paging.sort) is not None]
    rows_with_value.sort(key=lambda row: value(row, paging.sort), reverse=paging.descending)
    sorted_rows = [*rows_with_value, *(row for row in by_id if value(row, paging.sort) is None)]
    ids = [unique(row) for row in sorted_rows]
    start = ids.index(paging.start_after.id) + 1 if paging.start_after and paging.start_after.id in ids else 0
    rows = sorted_rows[start : start + paging.limit]
    next_position = CursorPosition(value(rows[-1], paging.sort), unique(rows[-1])) if sorted_rows[start + paging.limit :] else None
    facets = {name: _count_values(value(row, name) for row in sorted_rows) for name in paging.facets}
    return Page(rows, len(sorted_rows), next_position, facets)


def _count_values(values: Iterable[Any]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for value in values:
        if isinstance(value, Mapping):
            counts.update(key for key, count in value.items() if count)
        elif value is not None:
            counts[str(value)] += 1
    return dict(sorted(counts.items()))
