"""Build each SQL statement once for its arguments, cache it, and bind the values of each request.

Building a statement takes several times as long as sending it. Everything that differs between two requests with the
same filters is therefore a bound parameter. Only whether a request reads the newest revision gives a statement another
shape (``shape_statement``).
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import (
    Alias,
    BindParameter,
    Boolean,
    ColumnElement,
    Date,
    Executable,
    FromClause,
    Integer,
    Select,
    String,
    Table,
    and_,
    bindparam,
    or_,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import visitors
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement, GenericFunction

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


class TwoShapes(FunctionElement[bool]):
    """A condition in two shapes with the same meaning, of which ``shape_statement`` chooses one.

    ``at_newest`` asks for what is open and uses the indexes that have this alone. ``at_pinned`` takes the revision that is
    bound. ``column`` tells a statement which table the condition is about.
    """

    type = Boolean()
    inherit_cache = True

    def __init__(self, column: Any, at_newest: ColumnElement[bool], at_pinned: ColumnElement[bool]) -> None:
        super().__init__(column)
        self.at_newest = at_newest
        self.at_pinned = at_pinned

    def self_group(self, against: Any = None) -> Any:
        """Return the condition itself: SQLAlchemy would compare a function with 1, and no index has that as its predicate."""
        return self


@compiles(TwoShapes)
def _refuse_shapeless(element: TwoShapes, compiler: SQLCompiler, **options: Any) -> str:
    raise TypeError("A statement about versions has no shape yet. Execute it through Snapshot.execute.")


def visible_at_revision(version: Any, *narrowing: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition that a version is valid at the revision; ``version`` has the columns of the version table.

    At a pinned revision, the last version of each thing is sought in an index, so that the time does not grow with the
    number of versions. ``narrowing`` are conditions on the identity table that say of which things (default: of all).
    """
    table = version.revision_from.table
    thing = _find_thing_column(table)
    if thing is None:
        return TwoShapes(version.revision_to, version.revision_to.is_(None), _is_in_span(version))
    at_pinned = and_(version.key.in_(_last_versions(table, _identity_column(thing), *narrowing)), _is_in_span(version))
    return TwoShapes(version.revision_to, version.revision_to.is_(None), at_pinned)


def is_version_of(version: Any, pointer: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition that a version is that of the thing whose id ``pointer`` has, and is valid at the revision."""
    table = version.revision_from.table
    thing = _find_thing_column(table)
    assert thing is not None, f"{table} has no versions of things."  # noqa: S101 - a programming error
    at_newest = and_(version[thing.name] == pointer, version.revision_to.is_(None))
    return TwoShapes(version.revision_to, at_newest, and_(version.key == _last_version(table, pointer), _is_in_span(version)))


def is_part_of_version(part: Any, owner: str, version_table: Table) -> ColumnElement[bool]:
    """Return the condition that a part, such as a citation, is one of a version that is valid at the revision.

    ``part`` has the columns of a table that repeats the revision that closed the version. ``owner`` is its column with the
    version's key.
    """
    visible_keys = select(version_table.c.key).where(visible_at_revision(version_table.c)).correlate(None)
    at_pinned = part[owner].in_(shape_statement(visible_keys, is_newest=False))
    return TwoShapes(part.revision_to, and_(part.revision_to.is_(None), part[owner].is_not(None)), at_pinned)


def is_version_of_any(version: Any, ids: BindParameter[Any]) -> ColumnElement[bool]:
    """Return the condition that a version is that of a thing whose id is in a bound list, and is valid at the revision."""
    table = version.revision_from.table
    thing = _find_thing_column(table)
    assert thing is not None, f"{table} has no versions of things."  # noqa: S101 - a programming error
    identity = _identity_column(thing)
    at_newest = and_(version[thing.name].in_(ids), version.revision_to.is_(None))
    at_pinned = and_(version.key.in_(_last_versions(table, identity, identity.in_(ids))), _is_in_span(version))
    return TwoShapes(version.revision_to, at_newest, at_pinned)


def _is_in_span(version: Any) -> ColumnElement[bool]:
    has_begun: ColumnElement[bool] = version.revision_from <= REVISION
    return has_begun & or_(version.revision_to.is_(None), version.revision_to > REVISION)


def _last_versions(table: FromClause, identity: Any, *narrowing: ColumnElement[bool]) -> Select[Any]:
    """Return a statement for the keys of the last versions, by the revision, of the things of an identity table that fit conditions."""
    return select(_last_version(table, identity)).select_from(identity.table).where(*narrowing).correlate(None)


def _last_version(table: FromClause, pointer: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a subquery for the key of the last version, by the revision, of the thing whose id ``pointer`` has."""
    versions = _base_table(table).alias()
    thing = _find_thing_column(versions)
    assert thing is not None  # noqa: S101 - the callers have looked
    keys = select(versions.c.key).where(thing == pointer, versions.c.revision_from <= REVISION)
    return keys.order_by(versions.c.revision_from.desc()).limit(1).correlate_except(versions).scalar_subquery()


def _find_thing_column(table: FromClause) -> Any:
    """Return the column of a version table that has the id of its thing, after which the table is named; null for other tables."""
    return table.c.get(_base_table(table).name.removesuffix("_versions"))


def _identity_column(thing: Any) -> Any:
    """Return the column that a version table's thing refers to: the id in the identity table."""
    return next(iter(thing.foreign_keys)).column


def _base_table(table: FromClause) -> Table:
    base = table.element if isinstance(table, Alias) else table
    assert isinstance(base, Table)  # noqa: S101 - a programming error
    return base


@lru_cache(maxsize=1024)
def shape_statement(statement: Executable, is_newest: bool) -> Executable:
    """Return a statement with each condition on versions in the shape for the newest revision, or for a pinned one.

    PostgreSQL and SQLite use a partial index only if the statement has its predicate as a literal, so that one shape cannot
    serve both.
    """

    def choose_shape(element: Any, **_: Any) -> Any:
        if isinstance(element, TwoShapes):
            return element.at_newest if is_newest else element.at_pinned
        # Tables and their aliases have no conditions, and rows are read by their columns.
        return element if isinstance(element, Table) or (isinstance(element, Alias) and isinstance(element.element, Table)) else None

    shaped_statement: Executable = visitors.replacement_traverse(statement, {}, choose_shape)  # type: ignore[call-overload]  # every statement is traversible
    return shaped_statement


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
