"""Detect the header row of a workbook sheet and identify its columns."""

from collections.abc import Sequence
from dataclasses import dataclass

from legal.readers.rosters.sheet_xml import column_letters
from legal.readers.rosters.workbook import Cell, Sheet
from legal.rules.rosters.normalize import clean_text, match_key
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


@dataclass(frozen=True, slots=True)
class HeaderRow:
    """A sheet's header: the number of its row and the name of each column, from the first column on."""

    row_number: int
    column_names: tuple[str, ...]
    """A ``RosterColumn`` for a known column, else the header text, else the column's letter."""
    printed_names: tuple[str, ...]

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


def find_header_row(sheet: Sheet) -> HeaderRow:
    """Return the row with the most known columns among the first twenty. The row may lack required columns."""
    header_rows = [_parse_header_row(number, cells) for number, cells in enumerate(sheet.rows[:_MAX_HEADER_ROW], start=1)]
    return max(header_rows, key=lambda header_row: len(header_row.known_columns()), default=HeaderRow(0, (), ()))


def _parse_header_row(number: int, cells: Sequence[Cell]) -> HeaderRow:
    names: list[str] = []
    for column_number, cell in enumerate(cells, start=1):
        text = clean_text(str(cell)).value or ""
        name = COLUMN_BY_SPELLING.get(match_key(text), text) or column_letters(column_number)
        names.append(name if name not in names else f"{text} ({column_letters(column_number)})")
    return HeaderRow(number, tuple(names), tuple(map(str, cells)))
