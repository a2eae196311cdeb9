"""Parse a workbook of ICE into a roster, row by row. Every row is kept, and unclear cells are flagged, not guessed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from functools import lru_cache

from legal.errors import RefusedOperation
from legal.readers.rosters.headers import NO_COLUMNS, REQUIRED_COLUMNS, GivenColumns, HeaderRow, find_header_row
from legal.readers.rosters.workbook import Cell, Sheet, open_workbook
from legal.rules.rosters.links import NO_DOCUMENT_WORDS, parse_link
from legal.rules.rosters.normalize import (
    agency_key,
    clean_text,
    is_spreadsheet_error,
    match_key,
    parse_agency_type,
    parse_jurisdiction,
    parse_model,
    title_case,
)
from legal.rules.rosters.parsed import (
    CELL_CACHE_SIZE,
    REPEATED_HEADER,
    TIDYING_REPAIRS,
    TOTAL_ROW,
    CellFlag,
    CellReading,
    CellRepair,
    CellValue,
    ParsedRoster,
    ParsedRow,
    column_question,
)
from legal.rules.rosters.signature_dates import parse_signature_date
from legal.vocabulary import Flag, Repair, RosterColumn, RosterKind, RowOutcome

_TOTAL_ROW_TEXT = re.compile(r"(grand|sub)?[ -]?totals?\b", re.IGNORECASE)
MAX_AGENCY_NAME_LENGTH = 110
"""Characters of an agency's name; the agency's id contains it. The longest name published so far has 82."""
_MAX_COLUMNS_IN_NOTE = 10
_MAX_QUOTE_LENGTH = 80
"""Characters of a cell that a message quotes."""


def parse_roster(
    workbook: bytes, file_name: str, roster_date: date | None = None, given_columns: GivenColumns = NO_COLUMNS
) -> ParsedRoster:
    """Parse the roster in a workbook. Signature dates after ``roster_date`` are flagged.

    ``given_columns`` are the headers of columns that the operator names.

    Raises:
        InvalidInput: the bytes are not a workbook that can be opened safely.
        RefusedOperation: no sheet has a header with state, agency and support type, or with the columns that are given.
    """
    sheets = open_workbook(workbook, file_name)
    headed_sheets = _headed_sheets(sheets, file_name, given_columns)
    sheet, header_row = next((headed_sheet for headed_sheet in headed_sheets if any(_rows_below(*headed_sheet))), headed_sheets[0])
    rows, columns = _flag_repeats(tuple(_parse_rows(sheet, header_row, roster_date))), _columns_in_use(sheet, header_row)
    is_participating = any(map(_has_signature_or_link, rows)) or bool(header_row.doubtful_columns)
    return ParsedRoster(
        sheet=sheet.name,
        header_row=header_row.row_number,
        columns={name: header_row.printed_names[index] for index, name in columns},
        kind=RosterKind.PARTICIPATING if is_participating else RosterKind.PENDING,
        missing_columns=tuple(column for column in RosterColumn if column not in header_row.column_names),
        rows=rows,
        other_sheets=tuple(candidate.name for candidate in sheets if candidate is not sheet),
        notes=tuple(_notes(headed_sheets, sheet, header_row, [name for _, name in columns])),
        doubtful_columns=header_row.doubtful_columns,
        headed_sheets=tuple(
            candidate.name for candidate, candidate_header in headed_sheets if any(_rows_below(candidate, candidate_header))
        ),
    )


def _has_signature_or_link(row: ParsedRow) -> bool:
    """Return true if the date or the link column is filled, even with text that cannot be read."""
    texts = (row.printed_cells.get(column, "") for column in (RosterColumn.SIGNED, RosterColumn.MOA))
    return bool(row.moa_url) or any(not is_spreadsheet_error(text) and match_key(text) not in NO_DOCUMENT_WORDS for text in texts)


def _headed_sheets(sheets: Sequence[Sheet], file_name: str, given_columns: GivenColumns) -> list[tuple[Sheet, HeaderRow]]:
    """Return the sheets that have a header with the required columns, each with its header; at least one."""
    header_rows = [(sheet, find_header_row(sheet, given_columns)) for sheet in sheets]
    headed_sheets = [(sheet, header_row) for sheet, header_row in header_rows if header_row.has_required_columns()]
    if not headed_sheets:
        columns = _column_list(REQUIRED_COLUMNS)
        reasons = " ".join(
            filter(None, (_closest_header([header for _, header in header_rows]), _doubts([header for _, header in header_rows])))
        )
        raise RefusedOperation(f"{file_name} has no sheet with the columns {columns}. Nothing was imported. {reasons}")
    printed_keys = {match_key(name) for _, header_row in headed_sheets for name in header_row.printed_names}
    missing = [header for header in given_columns.values() if match_key(header) not in printed_keys]
    if missing:
        raise RefusedOperation(f"{file_name} has no column {missing[0]!r}. Nothing was imported. Check --column.")
    return headed_sheets


def _column_list(columns: Sequence[RosterColumn]) -> str:
    return ", ".join(column.replace("_", " ").upper() for column in columns)


def _closest_header(header_rows: Sequence[HeaderRow]) -> str:
    best = max(header_rows, key=lambda header_row: len(header_row.known_columns()), default=None)
    return f"The closest row has {_column_list(best.known_columns())}." if best and best.known_columns() else "No row has any of them."


def _doubts(header_rows: Sequence[HeaderRow]) -> str:
    return " ".join(
        column_question(column, headers) for header_row in header_rows for column, headers in header_row.doubtful_columns.items()
    )


def _rows_below(sheet: Sheet, header_row: HeaderRow) -> Iterator[tuple[int, list[Cell]]]:
    """Yield the number and the cells of each non-blank row below the header."""
    for number, cells in enumerate(sheet.rows[header_row.row_number :], start=header_row.row_number + 1):
        if any(_cell_text(cell).strip() for cell in cells):
            yield number, cells


def _columns_in_use(sheet: Sheet, header_row: HeaderRow) -> list[tuple[int, str]]:
    """Return the index and name of each column that has a header text or a value below it."""
    filled_indexes = {index for _, cells in _rows_below(sheet, header_row) for index, cell in enumerate(cells) if _cell_text(cell).strip()}
    names = enumerate(header_row.column_names)
    return [(index, name) for index, name in names if header_row.printed_names[index].strip() or index in filled_indexes]


def _notes(
    headed_sheets: Sequence[tuple[Sheet, HeaderRow]], sheet: Sheet, header_row: HeaderRow, column_names: Sequence[str]
) -> Iterator[str]:
    for candidate, _ in headed_sheets:
        if candidate is not sheet:
            yield f"The sheet {candidate.name!r} also has a header. It was not read."
    unknown_names = [name for name in column_names if name not in set(RosterColumn)]
    if unknown_names:
        hidden_count = len(unknown_names) - _MAX_COLUMNS_IN_NOTE
        more = f" and {hidden_count} more" if hidden_count > 0 else ""
        yield f"Unknown columns, stored as printed: {', '.join(map(repr, unknown_names[:_MAX_COLUMNS_IN_NOTE]))}{more}."
    names = header_row.column_names
    link_columns = {names.index(column) + 1 for column in (RosterColumn.MOA, RosterColumn.ADDENDUM) if column in names}
    ignored_links = sum(row > header_row.row_number and column not in link_columns for row, column in sheet.links)
    if ignored_links:
        yield f"Links outside the columns MOA and ADDENDUM, not read: {ignored_links}."


def _parse_rows(sheet: Sheet, header_row: HeaderRow, roster_date: date | None) -> Iterator[ParsedRow]:
    names = header_row.column_names
    for number, cells in _rows_below(sheet, header_row):
        parser = RowParser(dict(zip(names, cells, strict=True)))
        links = {name: sheet.links.get((number, column), "") for column, name in enumerate(names, start=1)}
        row = parser.parse(number, links, roster_date)
        yield _set_aside(row, REPEATED_HEADER) if header_row.is_repeated_in(cells) else row


class RowParser:
    """Parse one row, and collect its repairs, its flags and the reasons why it names no agreement."""

    def __init__(self, cells: Mapping[str, Cell]) -> None:
        self.cells = cells
        self.printed_cells = {name: text for name, cell in cells.items() if (text := _cell_text(cell)).strip()}
        self.repairs: list[CellRepair] = []
        self.flags: list[CellFlag] = []
        self.set_aside_reasons: list[str] = []
        self.printed_state: str | None = None

    def parse(self, number: int, links: Mapping[str, str], roster_date: date | None) -> ParsedRow:
        """Return the parsed row. ``links`` has the hyperlink of each column's cell."""
        row = ParsedRow(
            number=number,
            outcome=RowOutcome.READ,
            jurisdiction=self._read_state(),
            agency=self._require(RosterColumn.AGENCY, _parse_agency_name(self._text(RosterColumn.AGENCY)), "agency"),
            model=self._require(RosterColumn.SUPPORT_TYPE, parse_model(self._text(RosterColumn.SUPPORT_TYPE)), "model"),
            agency_type=self._accept(RosterColumn.TYPE, parse_agency_type(self._text(RosterColumn.TYPE))),
            county=self._accept(RosterColumn.COUNTY, _parse_name(self._text(RosterColumn.COUNTY))),
            signed_on=self._accept(RosterColumn.SIGNED, parse_signature_date(self.cells.get(RosterColumn.SIGNED, ""), roster_date)),
            moa_url=self._accept_link(RosterColumn.MOA, links),
            addendum_url=self._accept_link(RosterColumn.ADDENDUM, links),
            repairs=tuple(self.repairs),
            flags=tuple(self.flags),
            set_aside_reason=None,
            printed_cells=self.printed_cells,
            printed_state=self.printed_state,
        )
        is_total = any(_TOTAL_ROW_TEXT.match(text.strip()) for text in self.printed_cells.values())
        if self.set_aside_reasons or (is_total and self.printed_state):
            return _set_aside(row, TOTAL_ROW if is_total else " ".join(self._all_reasons()))
        return replace(row, outcome=RowOutcome.REPAIRED) if any(repair.repair not in TIDYING_REPAIRS for repair in row.repairs) else row

    def _read_state(self) -> str | None:
        """Return the jurisdiction. The import, which knows counties and agencies, resolves a state that is on no list."""
        text = self._text(RosterColumn.STATE)
        reading = parse_jurisdiction(text)
        if reading.flag:
            self.printed_state = clean_text(text).value
            return None
        return self._require(RosterColumn.STATE, reading, "jurisdiction")

    def _all_reasons(self) -> list[str]:
        unknown_state = [_unknown_reason("jurisdiction", self.printed_state)] if self.printed_state else []
        return [*unknown_state, *self.set_aside_reasons]

    def _text(self, column: RosterColumn) -> str:
        return self.printed_cells.get(column, "")

    def _require(self, column: RosterColumn, reading: CellReading[CellValue], label: str) -> CellValue | None:
        """Return the value of a cell that every agreement needs. If the cell has no value, the row is set aside."""
        if reading.flag:
            self.set_aside_reasons.append(_unknown_reason(label, self._text(column).strip()))
        elif reading.value is None:
            self.set_aside_reasons.append(f"The {label} is missing.")
        return self._record_repairs(column, reading, self._text(column))

    def _accept(self, column: RosterColumn, reading: CellReading[CellValue]) -> CellValue | None:
        """Return the value of a cell that may be empty, and note its repairs and flags."""
        if reading.flag:
            self.flags.append(CellFlag(column, reading.flag, self._text(column)))
        return self._record_repairs(column, reading, self._text(column))

    def _accept_link(self, column: RosterColumn, links: Mapping[str, str]) -> str | None:
        target = _replace_null_characters(links.get(column, ""))
        reading = parse_link(target, self._text(column))
        if reading.flag:
            self.flags.append(CellFlag(column, reading.flag, target or self._text(column)))
        return self._record_repairs(column, reading, target or self._text(column))

    def _record_repairs(self, column: RosterColumn, reading: CellReading[CellValue], printed_text: str) -> CellValue | None:
        read_as = None if reading.value is None else str(reading.value)
        self.repairs += [CellRepair(column, repair, printed_text, read_as) for repair in reading.repairs]
        return reading.value


def _unknown_reason(label: str, printed_text: str) -> str:
    return f"Unknown {label}: {printed_text[:_MAX_QUOTE_LENGTH]!r}."


@lru_cache(maxsize=CELL_CACHE_SIZE)
def _parse_agency_name(text: str) -> CellReading[str]:
    reading = _parse_name(text)
    if reading.value is None or _is_usable_agency_name(reading.value):
        return reading
    return CellReading(None, flag=Flag.UNKNOWN_WORD)


def _is_usable_agency_name(name: str) -> bool:
    return len(name) <= MAX_AGENCY_NAME_LENGTH and 0 < len(agency_key(name)) <= MAX_AGENCY_NAME_LENGTH


@lru_cache(maxsize=CELL_CACHE_SIZE)
def _parse_name(text: str) -> CellReading[str]:
    reading = clean_text(text)
    if reading.value is None or is_spreadsheet_error(reading.value):
        return CellReading(None, (Repair.ERROR_CELL,) if reading.value else reading.repairs)
    name = title_case(reading.value)
    return CellReading(name, reading.repairs if name == reading.value else (*reading.repairs, Repair.LETTER_CASE))


def _set_aside(row: ParsedRow, reason: str) -> ParsedRow:
    return replace(row, outcome=RowOutcome.SET_ASIDE, set_aside_reason=reason)


def _flag_repeats(rows: tuple[ParsedRow, ...]) -> tuple[ParsedRow, ...]:
    """Flag each row that names the same agreement as an earlier row. The flag has the number of the first such row."""
    first_numbers: dict[tuple[str | None, str, str | None], int] = {}
    return tuple(
        row
        if row.set_aside_reason or (first_number := first_numbers.setdefault(_agreement_key(row), row.number)) == row.number
        else _add_repeat_flag(row, first_number)
        for row in rows
    )


def _agreement_key(row: ParsedRow) -> tuple[str | None, str, str | None]:
    return row.jurisdiction or row.printed_state, agency_key(row.agency or ""), row.model


def _add_repeat_flag(row: ParsedRow, first_number: int) -> ParsedRow:
    return replace(row, flags=(*row.flags, CellFlag(None, Flag.REPEATS_ROW, str(first_number))))


def _cell_text(cell: Cell) -> str:
    """Return a cell as text: a date in ISO 8601, a whole number without a decimal point."""
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
            return _replace_null_characters(str(cell))


def _replace_null_characters(text: str) -> str:
    """Replace null characters, which workbooks may contain and PostgreSQL does not store."""
    return text.replace("\x00", "\ufffd")


def find_newest_signature(
    workbook: bytes, file_name: str, roster: ParsedRoster, today: date, given_columns: GivenColumns = NO_COLUMNS
) -> tuple[date, int] | None:
    """Return the latest signature date in a roster, not later than today, and the number of its row.

    If the roster's date led to flags or corrected years, the workbook is parsed again as if it were dated today. The
    second parsing finds signatures that a roster date set too early would hide.
    """
    has_late_dates = any(flag.flag is Flag.AFTER_LIST for row in roster.rows for flag in row.flags)
    has_corrected_years = any(repair.repair is Repair.YEAR_DIGIT for row in roster.rows for repair in row.repairs)
    rows = parse_roster(workbook, file_name, today, given_columns).rows if has_late_dates or has_corrected_years else roster.rows
    newest = max(((row.signed_on, -row.number) for row in rows if row.signed_on), default=None)
    return (newest[0], -newest[1]) if newest else None
