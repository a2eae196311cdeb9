"""Open an untrusted workbook and return the values and links of its sheets, or refuse it."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from posixpath import basename, dirname, join, normpath

from python_calamine import CalamineError, CalamineWorkbook

from legal.errors import InvalidInput
from legal.readers.rosters.archive import pack_members, too_large_error, unpack_workbook
from legal.readers.rosters.sheet_xml import MAX_CELLS, CellPosition, SheetScan, list_elements, relation_id

_WORKBOOK_MEMBER, _WORKBOOK_RELATIONS_MEMBER = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"

Cell = str | float | bool | date | time | timedelta
"""The value of a cell: an empty text for a blank cell, the displayed text for an error such as #N/A."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet from A1 to its last cell with a value, including hidden rows and columns.

    The keys of the links are (row, column), both from 1.
    """

    name: str
    rows: list[list[Cell]]
    links: dict[CellPosition, str]


def open_workbook(workbook: bytes, file_name: str) -> list[Sheet]:
    """Return the worksheets of an .xlsx in their order, including hidden ones. ``file_name`` is for error messages.

    Raises:
        InvalidInput: the bytes are not an .xlsx, are damaged or protected, or exceed the limits for a roster.
    """
    members = unpack_workbook(workbook, file_name)
    if _WORKBOOK_MEMBER not in members or _WORKBOOK_RELATIONS_MEMBER not in members:
        raise InvalidInput(f"{file_name} is a zip archive but not a workbook. Save the roster as .xlsx.")
    parts = dict(_worksheet_parts(members, file_name))
    scans = {name: SheetScan(members[part], file_name) for name, part in parts.items()}
    if sum(scan.count_cells() for scan in scans.values()) > MAX_CELLS:  # the library allocates every cell up to the last
        raise too_large_error(file_name)
    links = {name: scan.resolve_links(_relation_targets(members, parts[name], file_name)) for name, scan in scans.items()}
    values = _read_values(members, list(parts), file_name)
    return [Sheet(name, _add_error_cells(rows, scans[name]), links[name]) for name, rows in values]


def _worksheet_parts(members: dict[str, bytes], file_name: str) -> Iterator[tuple[str, str]]:
    """Yield the name of each worksheet and the archive member that holds it."""
    targets = _relation_targets(members, _WORKBOOK_MEMBER, file_name)
    for element, attributes in list_elements(members[_WORKBOOK_MEMBER], file_name):
        part = normpath(join("/xl", targets.get(relation_id(attributes), ""))).lstrip("/")
        if element == "sheet" and part in members:
            yield attributes.get("name", ""), part


def _relation_targets(members: dict[str, bytes], part: str, file_name: str) -> dict[str, str]:
    """Return the targets of a member's relations, by relation id."""
    relations = members.get(join(dirname(part), "_rels", f"{basename(part)}.rels"), b"<none/>")
    return {
        attributes["Id"]: attributes["Target"]
        for name, attributes in list_elements(relations, file_name)
        if name == "Relationship" and {"Id", "Target"} <= attributes.keys()
    }


def _read_values(members: dict[str, bytes], sheet_names: list[str], file_name: str) -> Iterator[tuple[str, list[list[Cell]]]]:
    # The library unpacks the archive itself, with limits of its own or none. It gets a copy of the members that were checked.
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(pack_members(members)))
        for name in sheet_names:
            yield name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except CalamineError as error:
        raise InvalidInput(
            f"{file_name} is damaged: its values cannot be read. Open it in a spreadsheet program and save it again."
        ) from error


def _add_error_cells(rows: list[list[Cell]], scan: SheetScan) -> list[list[Cell]]:
    """Return the rows with error cells filled in. The workbook library reads error cells as blank, and drops them at the end of a sheet."""
    width = max([scan.last_column, *map(len, rows[:1])])
    all_rows = [row + [""] * (width - len(row)) for row in rows] + [[""] * width for _ in range(scan.last_row - len(rows))]
    for (row_number, column_number), error_text in scan.errors.items():
        all_rows[row_number - 1][column_number - 1] = error_text
    return all_rows
