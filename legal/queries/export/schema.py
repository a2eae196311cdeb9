"""Define the classes that describe an export's tables and columns: types, allowed values, keys, and the SQL that reads them."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from legal.db.statements import cached_statement
from legal.json_types import Json, Row
from legal.queries.core.snapshot import Snapshot
from legal.vocabulary import Basis

_FIELD_TYPES = {str: "string", int: "integer", float: "number", bool: "boolean", dt.date: "date", object: "array"}
"""The Table Schema type for each Python type of a column. Source: https://specs.frictionlessdata.io/table-schema/"""


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """Describe a column.

    ``type`` is a Table Schema type, ``terms`` has the allowed values if these are a closed list, and ``references`` is
    the table whose key the column points to. ``source`` is the SQL expression; null means that the value is computed in
    Python.
    """

    name: str
    type: str
    description: str
    required: bool
    terms: tuple[str, ...] = ()
    references: str | None = None
    source: ColumnElement[Any] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ExportTable:
    """Describe a table.

    ``refine`` takes the statement that selects the columns, and adds joins, conditions and the sort order.
    ``compute_values`` returns the values of the columns without a source; these columns come last. A table of answers
    has ``stream_answers`` instead, which yields the API's objects.
    """

    name: str
    description: str
    key: tuple[str, ...]
    columns: tuple[ExportColumn, ...]
    refine: Callable[[Select[Any]], Select[Any]] | None = None
    compute_values: Callable[[Row, Snapshot], list[Any]] | None = None
    stream_answers: Callable[[Session, Snapshot], Iterator[Json]] | None = None

    @cached_statement
    def build_statement(self) -> Select[Any]:
        """Return the statement for the rows at a snapshot, in the order of the key."""
        assert self.refine is not None, f"{self.name} has no statement: it holds answers."  # noqa: S101 - a programming error
        return self.refine(select(*(column.source.label(column.name) for column in self.columns if column.source is not None)))


def stored_column(
    source: Any,
    description: str,
    *,
    name: str = "",
    type: str = "",
    terms: Iterable[str] = (),
    references: str | None = None,
    required: bool | None = None,
) -> ExportColumn:
    """Return a column that is read from the database. Name, type and ``required`` default to those of the column ``source``."""
    return ExportColumn(
        name=name or source.key,
        type=type or _FIELD_TYPES[source.type.python_type],
        description=description,
        required=not source.nullable if required is None else required,
        terms=tuple(map(str, terms)),
        references=references,
        source=source,
    )


def date_columns(table: Any, prefix: str, description: str) -> tuple[ExportColumn, ...]:
    """Return the four columns ``<prefix>_edtf``, ``_earliest``, ``_latest`` and ``_basis`` of a date."""
    return (
        stored_column(table[f"{prefix}_edtf"], f"{description}, in EDTF level 1. Null: unknown."),
        stored_column(table[f"{prefix}_earliest"], "The earliest day that the date allows. Null: no lower bound."),
        stored_column(table[f"{prefix}_latest"], "The latest day that the date allows. Null: no upper bound."),
        stored_column(table[f"{prefix}_basis"], "Where the date comes from.", terms=Basis),
    )


def version_columns(table: Any) -> tuple[ExportColumn, ...]:
    """Return the columns for the number, the revision and the content hash of a row's version."""
    return (
        stored_column(table.version, "The version of this row, counted from 1."),
        stored_column(table.revision_from, "The revision that published this version.", references="revisions"),
        stored_column(table.content_sha256, "SHA-256 of the canonical JSON of this version's content."),
    )
