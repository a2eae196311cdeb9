"""What a table of an export is made of: columns that know their type, their closed list and what they point at."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select

from legal.db.statements import built_once, seen
from legal.queries.core.snapshot import Snapshot
from legal.vocabulary import Basis

TYPES = {str: "string", int: "integer", float: "number", bool: "boolean", dt.date: "date", object: "array"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its type in the words of Table Schema, its closed list, the table whose key it points at.

    ``source`` is what the database is asked for; null where the value is worked out here.
    """

    name: str
    type: str
    about: str
    required: bool
    terms: tuple[str, ...] = ()
    to: str | None = None
    source: ColumnElement[Any] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table, of which there is one: ``shaped`` joins, narrows and sorts what is selected; ``worked_out`` gives the last columns from a row."""

    name: str
    about: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    shaped: Callable[[Select[Any]], Select[Any]] | None
    worked_out: Callable[[Mapping[Any, Any], Snapshot], list[Any]] | None = None

    @built_once
    def statement(self) -> Select[Any]:
        """What asks the database for the rows at a moment, sorted by the key."""
        assert self.shaped is not None, f"{self.name} is worked out"  # noqa: S101 - a mistake of ours, not of a caller
        return self.shaped(select(*(one.source.label(one.name) for one in self.columns if one.source is not None)))


def column(
    source: Any,
    about: str,
    *,
    name: str = "",
    type: str = "",
    terms: Iterable[str] = (),
    to: str | None = None,
    required: bool | None = None,
) -> Column:
    """A column that is read as it stands; it is required where the record requires it, unless told otherwise."""
    needed = not source.nullable if required is None else required
    return Column(name or source.key, type or TYPES[source.type.python_type], about, needed, tuple(map(str, terms)), to, source)


def date(table: Any, prefix: str, of: str) -> tuple[Column, ...]:
    """The four columns of a date."""
    return (
        column(table[f"{prefix}_edtf"], f"{of}, in EDTF level 1; null is unknown."),
        column(table[f"{prefix}_earliest"], "The first day that it allows; null is open."),
        column(table[f"{prefix}_latest"], "The last day that it allows; null is open."),
        column(table[f"{prefix}_basis"], "Where the date comes from.", terms=Basis),
    )


def versioned(table: Any) -> tuple[Column, ...]:
    """What tells which version of a thing this is."""
    return (
        column(table.version, "Counts the versions of this thing from 1."),
        column(table.revision_from, "The revision that published this version.", to="revisions"),
        column(table.content_sha256, "Of the canonical JSON of the version's content."),
    )


def meant(version: Any, identity: Any, pointer: Any) -> ColumnElement[bool]:
    """That a version, by its table's columns, is the one that a pointer means at the moment."""
    return and_(identity == pointer, seen(version))
