"""Types for a parsed roster: the value of each cell, the repairs made to it, and the flags raised on it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

from legal.vocabulary import AgencyType, Flag, Model, Repair, RosterColumn, RosterKind, RowOutcome

CellValue = TypeVar("CellValue")


@dataclass(frozen=True, slots=True)
class CellReading(Generic[CellValue]):
    """The value of one cell, with the repairs that led to this value or the flag that says why there is none."""

    value: CellValue | None
    repairs: tuple[Repair, ...] = ()
    flag: Flag | None = None


@dataclass(frozen=True, slots=True)
class CellRepair:
    """One repair of one cell: the text as printed (for a link, its address) and the value that was read."""

    column: str
    repair: Repair
    printed_text: str
    read_as: str | None


@dataclass(frozen=True, slots=True)
class CellFlag:
    """One flag on a cell or row.

    A flagged date, link or word gives no value, and a flagged county stays as printed. The row stays in the roster.
    ``repeats_row`` is about the whole row: ``column`` is null, and ``printed_text`` is the number of the earlier row.
    """

    column: str | None
    flag: Flag
    printed_text: str


@dataclass(frozen=True, slots=True)
class ParsedRow:
    """One row below the header. ``number`` is the row number that the spreadsheet shows.

    Only a row that was set aside may lack an agency or model.
    """

    number: int
    outcome: RowOutcome
    repairs: tuple[CellRepair, ...]
    flags: tuple[CellFlag, ...]
    set_aside_reason: str | None
    jurisdiction: str | None
    agency: str | None
    agency_type: AgencyType | None
    county: str | None
    model: Model | None
    signed_on: date | None
    moa_url: str | None
    addendum_url: str | None
    printed_cells: dict[str, str]
    """Text of each non-blank cell, by the keys of ``ParsedRoster.columns``. A date is in ISO 8601."""
    printed_state: str | None = None
    """The state as printed, where it is not on any list; the row then has no jurisdiction yet. Else null."""


CELL_CACHE_SIZE = 2**12
"""How many texts of cells each function of the reader remembers: consecutive rosters repeat nearly every cell."""
TIDYING_REPAIRS = frozenset(
    {Repair.OUTER_BLANK, Repair.REPEATED_BLANK, Repair.NO_BREAK_SPACE, Repair.NEWLINE, Repair.INVISIBLE_CHARACTER, Repair.ERROR_CELL}
)
"""Repairs of blanks, and of an N/A read as blank. They correct nothing, so a row with these alone counts as read."""
TOTAL_ROW, REPEATED_HEADER = "The row is a total, not an agreement.", "The row repeats the header."
"""Reasons for setting aside a row that is not an agreement. Nothing is lost by it."""


@dataclass(frozen=True, slots=True)
class ParsedRoster:
    """A roster as it was read from a single sheet of a workbook."""

    sheet: str
    header_row: int
    columns: dict[str, str]
    """Header texts as printed. The key is a ``RosterColumn`` for a known column, else the header text, else the column's letter."""
    kind: RosterKind
    """The kind that the content implies: ``participating`` if any row has a signature or a link."""
    missing_columns: tuple[RosterColumn, ...]
    """Known columns that the sheet lacks. State, agency and support type are always present."""
    rows: tuple[ParsedRow, ...]
    other_sheets: tuple[str, ...]
    notes: tuple[str, ...]
    doubtful_columns: Mapping[RosterColumn, tuple[str, ...]] = field(default_factory=dict)
    """Missing columns that an unknown header may stand for, with the headers as printed."""
    headed_sheets: tuple[str, ...] = ()
    """Sheets with a header and rows below it."""


def column_question(column: RosterColumn, headers: tuple[str, ...]) -> str:
    """Ask the operator which of several headers belongs to a column."""
    return f"{' and '.join(map(repr, headers))} may stand for {column.label}. Say which one does with --column {column.upper()}={headers[0]!r}."
