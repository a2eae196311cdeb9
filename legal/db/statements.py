"""Build each SQL statement once for its arguments, cache it, and bind the values of each request.

Building a statement takes several times as long as sending it. Everything that differs between two requests with the
same filters is therefore a bound parameter.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import BindParameter, ColumnElement, Date, Integer, String, bindparam, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from legal.rules.search.text import fold_text

T = TypeVar("T")
BATCH_SIZE = 500
"""The most items in one statement, well below the parameter limit of every database."""

REVISION = bindparam("revision", type_=Integer)
"""The revision to read. ``Snapshot.execute`` binds it in every statement."""

AS_OF = bindparam("as_of", type_=Date)
"""The requested day. ``Snapshot.execute`` binds it in every statement."""

cached_statement = lru_cache(maxsize=128)
"""Cache the statement that a function builds, per argument tuple (LRU, 128)."""


def visible_at_revision(version: Any) -> ColumnElement[bool]:
    """Return the condition that a version is valid at the revision; ``version`` has the columns of the version table."""
    has_begun: ColumnElement[bool] = version.revision_from <= REVISION
    return has_begun & or_(version.revision_to.is_(None), version.revision_to > REVISION)


def bind_list(name: str, column: Any) -> BindParameter[Any]:
    """Return a parameter for the right side of ``IN``; it is bound to a list of values of the column's type."""
    return bindparam(name, type_=column.type, expanding=True)


def in_filters(**columns: Any) -> dict[str, ColumnElement[bool]]:
    """Return conditions by name: the column of that name has one of the values that are bound to the name."""
    return {name: column.in_(bind_list(name, column)) for name, column in columns.items()}


def active_filters(filters: Mapping[str, Any], names: Iterable[str]) -> tuple[str, ...]:
    """Return the ``names`` that have a value in ``filters``, in their order."""
    return tuple(name for name in names if filters.get(name))


def filter_values(filters: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Return the values of the active filters only. With surplus values, SQLAlchemy would compile the statement again."""
    return {name: filters[name] for name in active_filters(filters, names)}


def next_power_of_two(number: int) -> int:
    """Return the smallest power of two that is not less than ``number``, or 0 for 0.

    Statements with lists have a power of two as their number of parameters, so that the cache holds few variants of
    each.
    """
    return 1 << (number - 1).bit_length() if number else 0


class FoldedText(GenericFunction[str]):
    """A text as ``fold_text`` returns it: SQLite calls that function; PostgreSQL computes the same text in SQL."""

    type = String()
    name = "fold_text"
    inherit_cache = True


@compiles(FoldedText, "postgresql")
def _fold_on_postgresql(element: FoldedText, compiler: SQLCompiler, **options: Any) -> str:
    return f"regexp_replace(lower(normalize({compiler.process(element.clauses, **options)}, NFKD)), '[^[:alnum:]]+', '', 'g')"


class JoinedNumbers(GenericFunction[str]):
    """The values of ``number`` in a JSON array of objects, separated by spaces."""

    type = String()
    name = "joined_numbers"
    inherit_cache = True


@compiles(JoinedNumbers, "sqlite")
def _join_on_sqlite(element: JoinedNumbers, compiler: SQLCompiler, **options: Any) -> str:
    column = compiler.process(element.clauses, **options)
    return f"(SELECT group_concat(json_extract(value, '$.number'), ' ') FROM json_each({column}))"  # noqa: S608 - a column, never a value


@compiles(JoinedNumbers, "postgresql")
def _join_on_postgresql(element: JoinedNumbers, compiler: SQLCompiler, **options: Any) -> str:
    column = compiler.process(element.clauses, **options)
    return f"(SELECT string_agg(value ->> 'number', ' ') FROM json_array_elements({column}))"  # noqa: S608 - a column, never a value


def like_clauses(word_count: int, *columns: Any) -> list[ColumnElement[bool]]:
    """Return a condition for each of ``word_count`` words: a column contains it, when both are folded. ``like_params`` gives the values."""
    parameters = (bindparam(f"word_{number}", type_=String) for number in range(word_count))
    return [or_(*(FoldedText(column).contains(parameter) for column in columns)) for parameter in parameters]


def like_params(query: str) -> dict[str, str]:
    """Return the values for ``like_clauses``: the folded words of the query.

    The last word is repeated until the number of words is a power of two.
    """
    words = fold_words(query)
    return {f"word_{number}": words[min(number, len(words) - 1)] for number in range(next_power_of_two(len(words)))}


def fold_words(query: str) -> list[str]:
    """Return the folded words of a query. A query of punctuation alone gives a word that no folded text contains."""
    words = [folded_word for word in query.split() if (folded_word := fold_text(word))]
    return words or (["-"] if query.strip() else [])


def split_into_batches(items: Sequence[T], size: int = BATCH_SIZE) -> Iterable[Sequence[T]]:
    """Split items into batches of at most ``size``, in order."""
    return (items[start : start + size] for start in range(0, len(items), size))
