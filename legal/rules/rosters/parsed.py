"""One of ICE's lists as it was read: what its cells came to, what had to be mended, and what could not be understood."""

from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from legal.vocabulary import AgencyType, Doubt, Mend, Model, RosterColumn, RosterKind, RowOutcome

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Reading(Generic[Value]):
    """What a cell says: a value or none, how it was mended, and what is in doubt (then there is no value)."""

    value: Value | None
    mends: tuple[Mend, ...] = ()
    doubt: Doubt | None = None


@dataclass(frozen=True, slots=True)
class Repair:
    """One thing that was mended in a cell: as it was printed (of a link, its address), and as it was read."""

    column: str
    how: Mend
    printed: str
    read: str | None


@dataclass(frozen=True, slots=True)
class Flag:
    """One thing in doubt: the cell has no value and stays as printed. ``repeats_row`` has no column, and prints the earlier row's number."""

    column: str | None
    what: Doubt
    printed: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row below the header, numbered as the spreadsheet shows it; only one that was set aside may lack state, agency or model."""

    number: int
    outcome: RowOutcome
    repairs: tuple[Repair, ...]
    flags: tuple[Flag, ...]
    why: str | None
    jurisdiction: str | None
    agency: str | None
    agency_type: AgencyType | None
    county: str | None
    model: Model | None
    signed: date | None
    moa_url: str | None
    addendum_url: str | None
    printed: dict[str, str]
    """Each cell that is not blank, by the keys of ``Listed.columns``; a date is in ISO 8601."""


@dataclass(frozen=True, slots=True)
class ParsedRoster:
    """A list as it was read from the one sheet that has its header."""

    sheet: str
    header_row: int
    columns: dict[str, str]
    """The header as printed, by ``RosterColumn`` where it is known, else by itself, and by the column's letter where it is blank."""
    kind: RosterKind
    """What the columns say: ``participating`` where any row has a signature or a link."""
    missing: tuple[RosterColumn, ...]
    """The known columns that the sheet does not have; state, agency and support type are always there."""
    rows: tuple[Row, ...]
    other_sheets: tuple[str, ...]
    notes: tuple[str, ...]
