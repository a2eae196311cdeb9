"""Find the header of one of ICE's lists in a sheet, whatever the era, and tell which column is which."""

from collections.abc import Sequence
from dataclasses import dataclass

from legal.readers.rosters.sheet_xml import letters
from legal.readers.rosters.workbook import Cell, Sheet
from legal.rules.rosters.normalize import folded, key
from legal.vocabulary import RosterColumn

HEADERS = {
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
"""What each column has been called, or may well be, by the letters and digits of its header."""
KNOWN = {spelling: column for column, spellings in HEADERS.items() for spelling in spellings}
NEEDED = (RosterColumn.STATE, RosterColumn.AGENCY, RosterColumn.SUPPORT_TYPE)
WITHIN = 20
"""Rows from the top among which the header is looked for."""


@dataclass(frozen=True, slots=True)
class Header:
    """A sheet's header: its row's number, and what each column is, from the first one on."""

    row: int
    names: tuple[str, ...]
    """A ``RosterColumn`` where it is known, else the header itself, else the column's letter."""
    printed: tuple[str, ...]

    def holds(self) -> bool:
        """Whether the list can be read by it."""
        return set(NEEDED) <= set(self.names)

    def known(self) -> tuple[RosterColumn, ...]:
        """The columns that are known."""
        return tuple(column for column in RosterColumn if column in self.names)

    def repeated(self, cells: Sequence[Cell]) -> bool:
        """Whether a row says once more what the needed columns are."""
        return all(KNOWN.get(key(str(cells[self.names.index(column)]))) is column for column in NEEDED)


def header(sheet: Sheet) -> Header:
    """The row among the first twenty that names the most known columns; it need not name them all."""
    found = [_header(number, cells) for number, cells in enumerate(sheet.rows[:WITHIN], start=1)]
    return max(found, key=lambda one: len(one.known()), default=Header(0, (), ()))


def _header(number: int, cells: Sequence[Cell]) -> Header:
    names: list[str] = []
    for place, cell in enumerate(cells, start=1):
        shown = folded(str(cell)).value or ""
        name = KNOWN.get(key(shown), shown) or letters(place)
        names.append(name if name not in names else f"{shown} ({letters(place)})")
    return Header(number, tuple(names), tuple(map(str, cells)))
