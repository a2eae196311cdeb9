"""Read one of ICE's lists of 287(g) agencies out of a workbook, row by row; no row is lost, and nothing is guessed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import TypeVar

from legal.errors import Refused
from legal.readers.rosters.headers import NEEDED, Header, header
from legal.readers.rosters.workbook import Cell, Sheet, opened
from legal.rules.rosters.links import link
from legal.rules.rosters.normalize import agency_key, agency_type, cased, folded, is_error, model, state
from legal.rules.rosters.parsed import Flag, ParsedRoster, Reading, Repair, Row
from legal.rules.rosters.signature_dates import signed
from legal.vocabulary import Doubt, Mend, RosterColumn, RosterKind, RowOutcome

Value = TypeVar("Value")

TOTAL = re.compile(r"(grand|sub)?[ -]?totals?\b", re.IGNORECASE)
LONGEST_NAME = 110
"""Characters of an agency's name: its id is made of it. The longest that was published has 82."""
MOST_NAMED = 10
"""Columns that a note names."""
SHOWN = 80
"""Characters of a cell that a sentence quotes."""


def read(data: bytes, file: str, listed_on: date | None = None) -> ParsedRoster:
    """The list in a workbook; ``listed_on`` is the list's own date, after which nothing in it was signed.

    Raises:
        InvalidInput: the bytes are no workbook that can be opened safely.
        Refused: no sheet has a header with state, agency and support type.
    """
    sheets = opened(data, file)
    sheet, found = _chosen(sheets, file)
    rows, used = _repeats(tuple(_rows(sheet, found, listed_on))), _used(sheet, found)
    signs = any(row.signed or row.moa_url for row in rows)
    return ParsedRoster(
        sheet=sheet.name,
        header_row=found.row,
        columns={name: found.printed[place] for place, name in used},
        kind=RosterKind.PARTICIPATING if signs else RosterKind.PENDING,
        missing=tuple(column for column in RosterColumn if column not in found.names),
        rows=rows,
        other_sheets=tuple(other.name for other in sheets if other is not sheet),
        notes=tuple(_notes(sheets, sheet, found, [name for _, name in used])),
    )


def _chosen(sheets: Sequence[Sheet], file: str) -> tuple[Sheet, Header]:
    """The first sheet with a header and anything below it, else the first with a header."""
    headed = [(sheet, found) for sheet in sheets if (found := header(sheet)).holds()]
    if not headed:
        raise Refused(f"{file} has no sheet with the columns {_said(NEEDED)}; nothing was read. {_found(sheets)}")
    return next((one for one in headed if any(_below(*one))), headed[0])


def _said(columns: Sequence[RosterColumn]) -> str:
    return ", ".join(column.replace("_", " ").upper() for column in columns)


def _found(sheets: Sequence[Sheet]) -> str:
    best = max((header(sheet) for sheet in sheets), key=lambda found: len(found.known()), default=None)
    return f"The nearest to a header has {_said(best.known())}." if best and best.known() else "None of them was found."


def _below(sheet: Sheet, found: Header) -> Iterator[tuple[int, list[Cell]]]:
    """Each row below the header that has anything in it, with its number."""
    for number, cells in enumerate(sheet.rows[found.row :], start=found.row + 1):
        if any(_printed(cell).strip() for cell in cells):
            yield number, cells


def _used(sheet: Sheet, found: Header) -> list[tuple[int, str]]:
    """The columns that have a header or anything below it, by their place."""
    filled = {place for _, cells in _below(sheet, found) for place, cell in enumerate(cells) if _printed(cell).strip()}
    return [(place, name) for place, name in enumerate(found.names) if found.printed[place].strip() or place in filled]


def _notes(sheets: Sequence[Sheet], sheet: Sheet, found: Header, used: Sequence[str]) -> Iterator[str]:
    for other in sheets:
        if other is not sheet and header(other).holds():
            yield f"The sheet {other.name!r} has a header too and was not read."
    unknown = [name for name in used if name not in set(RosterColumn)]
    if unknown:
        more = f" and {len(unknown) - MOST_NAMED} more" if len(unknown) > MOST_NAMED else ""
        yield f"Columns that are not known, whose cells are kept as printed: {', '.join(map(repr, unknown[:MOST_NAMED]))}{more}."
    read_from = {found.names.index(column) + 1 for column in (RosterColumn.MOA, RosterColumn.ADDENDUM) if column in found.names}
    astray = sum(row > found.row and column not in read_from for row, column in sheet.links)
    if astray:
        yield f"Links in other columns than MOA and ADDENDUM were not read: {astray}."


def _rows(sheet: Sheet, found: Header, listed_on: date | None) -> Iterator[Row]:
    for number, cells in _below(sheet, found):
        line = Line(dict(zip(found.names, cells, strict=True)))
        links = {name: sheet.links.get((number, place), "") for place, name in enumerate(found.names, start=1)}
        row = line.row(number, links, listed_on)
        yield _aside(row, "It repeats the header.") if found.repeated(cells) else row


class Line:
    """One row while it is read: gathers what was mended, what is in doubt, and why it names no agreement."""

    def __init__(self, cells: Mapping[str, Cell]) -> None:
        self.cells = cells
        self.printed = {name: text for name, cell in cells.items() if (text := _printed(cell)).strip()}
        self.repairs: list[Repair] = []
        self.flags: list[Flag] = []
        self.why: list[str] = []

    def row(self, number: int, links: Mapping[str, str], listed_on: date | None) -> Row:
        """The row as read; ``links`` has the address behind each cell."""
        found = Row(
            number=number,
            outcome=RowOutcome.READ,
            jurisdiction=self._named(RosterColumn.STATE, state(self._text(RosterColumn.STATE)), "place"),
            agency=self._named(RosterColumn.AGENCY, _agency(self._text(RosterColumn.AGENCY)), "agency"),
            model=self._named(RosterColumn.SUPPORT_TYPE, model(self._text(RosterColumn.SUPPORT_TYPE)), "model"),
            agency_type=self._taken(RosterColumn.TYPE, agency_type(self._text(RosterColumn.TYPE))),
            county=self._taken(RosterColumn.COUNTY, _name(self._text(RosterColumn.COUNTY))),
            signed=self._taken(RosterColumn.SIGNED, signed(self.cells.get(RosterColumn.SIGNED, ""), listed_on)),
            moa_url=self._linked(RosterColumn.MOA, links),
            addendum_url=self._linked(RosterColumn.ADDENDUM, links),
            repairs=tuple(self.repairs),
            flags=tuple(self.flags),
            why=None,
            printed=self.printed,
        )
        if self.why:
            total = any(TOTAL.match(text.strip()) for text in self.printed.values())
            return _aside(found, "It is a total, not an agreement." if total else " ".join(self.why))
        return replace(found, outcome=RowOutcome.REPAIRED) if found.repairs else found

    def _text(self, column: RosterColumn) -> str:
        return self.printed.get(column, "")

    def _named(self, column: RosterColumn, reading: Reading[Value], what: str) -> Value | None:
        """What no agreement can be without."""
        if reading.doubt:
            self.why.append(f"{self._text(column).strip()[:SHOWN]!r} is no {what} that is known.")
        elif reading.value is None:
            self.why.append(f"There is no {what}.")
        return self._mended(column, reading, self._text(column))

    def _taken(self, column: RosterColumn, reading: Reading[Value]) -> Value | None:
        """What an agreement may be without."""
        if reading.doubt:
            self.flags.append(Flag(column, reading.doubt, self._text(column)))
        return self._mended(column, reading, self._text(column))

    def _linked(self, column: RosterColumn, links: Mapping[str, str]) -> str | None:
        target = _safe(links.get(column, ""))
        reading = link(target, self._text(column))
        if reading.doubt:
            self.flags.append(Flag(column, reading.doubt, target or self._text(column)))
        return self._mended(column, reading, target or self._text(column))

    def _mended(self, column: RosterColumn, reading: Reading[Value], printed: str) -> Value | None:
        as_read = None if reading.value is None else str(reading.value)
        self.repairs += [Repair(column, how, printed, as_read) for how in reading.mends]
        return reading.value


def _agency(text: str) -> Reading[str]:
    shown = _name(text)
    name = shown.value
    return (
        shown
        if name is None or (len(name) <= LONGEST_NAME and 0 < len(agency_key(name)) <= LONGEST_NAME)
        else Reading(None, doubt=Doubt.UNKNOWN_WORD)
    )


def _name(text: str) -> Reading[str]:
    shown = folded(text)
    if shown.value is None or is_error(shown.value):
        return Reading(None, (Mend.ERROR_CELL,) if shown.value else shown.mends)
    named = cased(shown.value)
    return Reading(named, shown.mends if named == shown.value else (*shown.mends, Mend.LETTER_CASE))


def _aside(row: Row, why: str) -> Row:
    return replace(row, outcome=RowOutcome.SET_ASIDE, why=why)


def _repeats(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """The rows, each that names an agreement once more with a flag that gives the first one's number."""
    first: dict[tuple[str | None, str, str | None], int] = {}
    return tuple(
        row if row.why or (before := first.setdefault(_identity(row), row.number)) == row.number else _repeating(row, before)
        for row in rows
    )


def _identity(row: Row) -> tuple[str | None, str, str | None]:
    return row.jurisdiction, agency_key(row.agency or ""), row.model


def _repeating(row: Row, before: int) -> Row:
    return replace(row, flags=(*row.flags, Flag(None, Doubt.REPEATS_ROW, str(before))))


def _printed(cell: Cell) -> str:
    """A cell as text: a date in ISO 8601, a whole number without a point."""
    match cell:
        case datetime():
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat()
        case date():
            return cell.isoformat()
        case bool():
            return str(cell).upper()
        case float() if cell.is_integer():
            return f"{cell:.0f}"
        case _:
            return _safe(str(cell))


def _safe(text: str) -> str:
    """No database keeps a null character, and a workbook may hold one."""
    return text.replace("\x00", "\ufffd")


def newest(data: bytes, file: str, listed: ParsedRoster, today: date) -> tuple[date, int] | None:
    """The newest signature in a list, with its row's number, whatever day the list is said to be of; what is still to come is left out.

    Where the list's own day has put a date in doubt, the workbook is read again as if it were today's: a
    list that is dated too early must not hide what was signed after it.
    """
    doubted = any(flag.what is Doubt.AFTER_LIST for row in listed.rows for flag in row.flags)
    mended = any(repair.how is Mend.YEAR_DIGIT for row in listed.rows for repair in row.repairs)
    rows = read(data, file, today).rows if doubted or mended else listed.rows
    found = max(((row.signed, -row.number) for row in rows if row.signed), default=None)
    return (found[0], -found[1]) if found else None
