"""Statements: built once for each shape of question, and sent with the values of each answer.

To build a statement takes several times as long as to send one, so that what differs between two
answers of one shape is a bound parameter, and what does not is built once and kept.
"""

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Date, Integer, String, bindparam, or_

REVISION = bindparam("revision", type_=Integer)
"""The revision that is read; ``Moment.ask`` gives it to every statement."""

AS_OF = bindparam("as_of", type_=Date)
"""The day asked about; ``Moment.ask`` gives it to every statement."""

kept = lru_cache(maxsize=1024)
"""Keep what a function built for a shape; of shapes there are more than of questions that anybody asks."""


def seen(version: Any) -> ColumnElement[bool]:
    """That a version row, by its table's columns, is the one open at the revision."""
    begun: ColumnElement[bool] = version.revision_from <= REVISION
    return begun & or_(version.revision_to.is_(None), version.revision_to > REVISION)


def some(name: str, column: Any) -> BindParameter[Any]:
    """A parameter that is bound to several values of a column's type: what stands after IN."""
    return bindparam(name, type_=column.type, expanding=True)


def among(**columns: Any) -> dict[str, ColumnElement[bool]]:
    """That a column has one of the values bound to its name."""
    return {name: column.in_(some(name, column)) for name, column in columns.items()}


def given(filters: Mapping[str, Any], offered: Iterable[str]) -> tuple[str, ...]:
    """Those of the filters offered that are asked for: the shape of a question."""
    return tuple(name for name in offered if filters.get(name))


def words(number: int, *columns: Any) -> list[ColumnElement[bool]]:
    """That each of so many words stands somewhere in the columns, in any case; bound by ``worded``."""
    bound = (bindparam(f"word_{count}", type_=String) for count in range(number))
    return [or_(*(column.icontains(word, escape="/") for column in columns)) for word in bound]


def worded(query: Collection[str]) -> dict[str, str]:
    """The values that ``words`` is bound to; wildcards are plain characters."""
    escaped = (word.replace("/", "//").replace("%", "/%").replace("_", "/_") for word in query)
    return {f"word_{count}": word for count, word in enumerate(escaped)}
