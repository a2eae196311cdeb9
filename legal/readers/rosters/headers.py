"""Detect the header row of a workbook sheet and identify its columns."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from legal.readers.rosters.sheet_xml import column_letters
from legal.readers.rosters.workbook import Cell, Sheet
from legal.rules.rosters.links import parse_link
from legal.rules.rosters.normalize import clean_text, match_key, parse_jurisdiction, parse_model
from legal.rules.rosters.signature_dates import parse_signature_date
from legal.vocabulary import RosterColumn

COLUMN_SPELLINGS = {
    RosterColumn.STATE: ("state", "states", "statename", "stateterritory", "stateorterritory", "jurisdiction"),
    RosterColumn.AGENCY: (
        *("lawenforcementagency", "lawenforcementagencies", "lawenforcementagencyname", "lawenforcementagencylea", "lawenforcmentagency"),
        *("nameoflawenforcementagency", "agency", "agencyname", "nameofagency", "lea", "leaname"),
    ),
    RosterColumn.TYPE: ("type", "agencytype", "typeofagency", "leatype"),
    RosterColumn.COUNTY: ("county", "counties", "countyname", "countyparish", "countyorparish"),
    RosterColumn.SUPPORT_TYPE: (
        *("supporttype", "supporttypes", "typeofsupport", "model", "models", "modeltype", "287gmodel", "287gsupporttype"),
        *("287gprogrammodel", "programmodel", "agreementtype", "287gtype"),
    ),
    RosterColumn.SIGNED: (
        *("signed", "datesigned", "signeddate", "signedon", "dateofsignature", "signaturedate", "moasigned", "moasigneddate"),
        *("moadatesigned", "datemoasigned"),
    ),
    RosterColumn.MOA: ("moa", "moas", "moalink", "moaurl", "linktomoa", "memorandumofagreement", "agreementlink"),
    RosterColumn.ADDENDUM: ("addendum", "addendums", "addenda", "addendumlink", "moaaddendum", "addendumtomoa"),
}
"""Header texts accepted for each column, as match keys: those seen in rosters and likely variants."""
COLUMN_BY_SPELLING = {spelling: column for column, spellings in COLUMN_SPELLINGS.items() for spelling in spellings}
REQUIRED_COLUMNS = (RosterColumn.STATE, RosterColumn.AGENCY, RosterColumn.SUPPORT_TYPE)
_MAX_HEADER_ROW = 20


GivenColumns = Mapping[RosterColumn, str]
"""Columns that the operator names, with their headers as printed."""
NO_COLUMNS: GivenColumns = MappingProxyType({})
_MAX_ROWS_TO_RECOGNIZE = 500
_AGENCY_WORDS = re.compile(r"\b(police|sheriff|department|office|constable|marshal|corrections|commissioners|jail)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class HeaderRow:
    """A sheet's header: the number of its row and the name of each column, from the first column on."""

    row_number: int
    column_names: tuple[str, ...]
    """A ``RosterColumn`` for a known column, else the header text, else the column's letter."""
    printed_names: tuple[str, ...]
    doubtful_columns: Mapping[RosterColumn, tuple[str, ...]] = field(default_factory=dict)
    """Missing columns that several headers, or a header with several readings, may stand for, with the headers as printed."""

    def has_required_columns(self) -> bool:
        """Return true if the header has every column that a roster needs."""
        return set(REQUIRED_COLUMNS) <= set(self.column_names)

    def known_columns(self) -> tuple[RosterColumn, ...]:
        """Return the columns of the header that are known roster columns."""
        return tuple(column for column in RosterColumn if column in self.column_names)

    def is_repeated_in(self, cells: Sequence[Cell]) -> bool:
        """Return true for a row that repeats the header texts of the required columns."""
        texts = [(column, str(cells[self.column_names.index(column)])) for column in REQUIRED_COLUMNS]
        return all(COLUMN_BY_SPELLING.get(match_key(text)) is column for column, text in texts)


def find_header_row(sheet: Sheet, given_columns: GivenColumns = NO_COLUMNS) -> HeaderRow:
    """Return the row, of the first twenty rows, with the most known columns. It may lack required columns.

    ``given_columns`` are columns that the operator names. Columns under other headers are recognized by their values.
    """
    header_rows = [_parse_header_row(number, cells, given_columns) for number, cells in enumerate(sheet.rows[:_MAX_HEADER_ROW], start=1)]
    header_row = max(header_rows, key=lambda header_row: len(header_row.known_columns()), default=HeaderRow(0, (), ()))
    return _recognize_columns(sheet, header_row) if header_row.known_columns() else header_row


def _recognize_columns(sheet: Sheet, header_row: HeaderRow) -> HeaderRow:
    """Name the columns under unknown headers that can be only one of the missing columns."""
    readings = {
        index: [
            column
            for column in RECOGNIZED_BY_VALUES
            if column not in header_row.column_names and _reads_as(column, sheet, header_row, index)
        ]
        for index, name in enumerate(header_row.column_names)
        if name not in set(RosterColumn)
    }
    indexes_by_column = {column: [index for index, columns in readings.items() if column in columns] for column in RECOGNIZED_BY_VALUES}
    names = list(header_row.column_names)
    for column, indexes in indexes_by_column.items():
        if len(indexes) == 1 and len(readings[indexes[0]]) == 1:
            names[indexes[0]] = column
    doubtful = {
        column: tuple(header_row.printed_names[index] or header_row.column_names[index] for index in indexes)
        for column, indexes in indexes_by_column.items()
        if indexes and column not in names
    }
    return replace(header_row, column_names=tuple(names), doubtful_columns=doubtful)


def _reads_as(column: RosterColumn, sheet: Sheet, header_row: HeaderRow, index: int) -> bool:
    """Return true if nearly all values below a header can be values of a column."""
    first_row = header_row.row_number
    cells = [
        (cells[index], sheet.links.get((number, index + 1), ""))
        for number, cells in enumerate(sheet.rows[first_row : first_row + _MAX_ROWS_TO_RECOGNIZE], start=first_row + 1)
    ]
    filled_cells = [(cell, link) for cell, link in cells if link or str(cell).strip()]
    count = sum(RECOGNIZED_BY_VALUES[column](cell, link) for cell, link in filled_cells)
    return bool(filled_cells) and 10 * count >= 9 * len(filled_cells)


def _is_signature_date(cell: Cell, _: str) -> bool:
    return parse_signature_date(cell, None).value is not None


RECOGNIZED_BY_VALUES: Mapping[RosterColumn, Callable[[Cell, str], bool]] = {
    RosterColumn.STATE: lambda cell, _: parse_jurisdiction(str(cell)).value is not None,
    RosterColumn.AGENCY: lambda cell, _: bool(_AGENCY_WORDS.search(str(cell))),
    RosterColumn.SUPPORT_TYPE: lambda cell, _: parse_model(str(cell)).value is not None,
    RosterColumn.SIGNED: _is_signature_date,
    RosterColumn.MOA: lambda cell, link: parse_link(link, str(cell)).value is not None,
}
"""For each column that can be recognized by its values, whether a cell with a link is one of them."""


def _parse_header_row(number: int, cells: Sequence[Cell], given_columns: GivenColumns) -> HeaderRow:
    names: list[str] = []
    given_keys = {match_key(header): column for column, header in given_columns.items()}
    for column_number, cell in enumerate(cells, start=1):
        text = clean_text(str(cell)).value or ""
        known_name = given_keys.get(match_key(text)) or (
            None if (spelled_name := COLUMN_BY_SPELLING.get(match_key(text))) in given_columns else spelled_name
        )
        name = known_name or text or column_letters(column_number)
        names.append(name if name not in names else f"{text} ({column_letters(column_number)})")
    return HeaderRow(number, tuple(names), tuple(map(str, cells)))
