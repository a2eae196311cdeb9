"""Statements: built once for each shape of question, and sent with the values of each answer.

To build a statement takes several times as long as to send one, so that what differs between two
answers of one shape is a bound parameter, and what does not is built once and kept.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import BindParameter, ColumnElement, Date, Integer, String, bindparam, or_

T = TypeVar("T")
BATCH_SIZE = 500

REVISION = bindparam("revision", type_=Integer)
"""The revision that is read; ``Snapshot.execute`` gives it to every statement."""

AS_OF = bindparam("as_of", type_=Date)
"""The day asked about; ``Snapshot.execute`` gives it to every statement."""

built_once = lru_cache(maxsize=128)
"""Of a function: keep what it built for a shape. Of shapes there may be many, and of those that are asked for again few."""


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


def bound(filters: Mapping[str, Any], offered: Iterable[str]) -> dict[str, Any]:
    """The values of those filters; with others a statement would be compiled anew."""
    return {name: filters[name] for name in given(filters, offered)}


def padded(number: int) -> int:
    """The power of two that so many fit in, or none: a shape for every number would be too many."""
    return 1 << (number - 1).bit_length() if number else 0


def words(number: int, *columns: Any) -> list[ColumnElement[bool]]:
    """That each of so many words stands somewhere in the columns, in any case; bound by ``worded``."""
    looked_for = (bindparam(f"word_{count}", type_=String) for count in range(number))
    return [or_(*(column.icontains(word, escape="/") for column in columns)) for word in looked_for]


def worded(query: str) -> dict[str, str]:
    """The words that ``words`` is bound to, as many as ``padded`` says: the last one again; wildcards are plain characters."""
    escaped = [word.replace("/", "//").replace("%", "/%").replace("_", "/_") for word in query.split()]
    return {f"word_{count}": escaped[min(count, len(escaped) - 1)] for count in range(padded(len(escaped)))}


def batches(items: Sequence[T], size: int = BATCH_SIZE) -> Iterable[Sequence[T]]:
    """Split items into batches of at most ``size``, in order, small enough for one statement's parameters on every database."""
    return (items[start : start + size] for start in range(0, len(items), size))
