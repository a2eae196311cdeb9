"""Open a workbook that somebody sent: the values and links of its sheets, or a refusal; nothing in it is trusted."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from posixpath import basename, dirname, join, normpath

from python_calamine import CalamineError, CalamineWorkbook

from legal.errors import InvalidInput
from legal.readers.rosters.archive import packed, too_large, unpacked
from legal.readers.rosters.sheet_xml import MOST_CELLS, Place, Scan, elements, identifier

MAIN, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"

Cell = str | float | bool | date | time | timedelta
"""A value: a blank cell is an empty text, and an error such as #N/A the text that it shows."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet from A1 to its last cell that has a value, hidden rows and columns too; links are by row and column, both from 1."""

    name: str
    rows: list[list[Cell]]
    links: dict[Place, str]


def opened(data: bytes, file: str) -> list[Sheet]:
    """The worksheets of an .xlsx in their order, hidden ones too; ``file`` is what to call it.

    Raises:
        InvalidInput: the bytes are no .xlsx, are damaged or protected, or hold more than a list could.
    """
    members = unpacked(data, file)
    if MAIN not in members or RELATIONS not in members:
        raise InvalidInput(f"{file} is a zip archive and no workbook; save the list as .xlsx.")
    parts = dict(_parts(members, file))
    scans = {name: Scan(members[part], file) for name, part in parts.items()}
    if sum(scan.cells() for scan in scans.values()) > MOST_CELLS:  # the library makes room for every cell up to the last
        raise too_large(file)
    links = {name: scan.linked(_targets(members, parts[name], file)) for name, scan in scans.items()}
    return [Sheet(name, _mended(rows, scans[name]), links[name]) for name, rows in _values(members, list(parts), file)]


def _parts(members: dict[str, bytes], file: str) -> Iterator[tuple[str, str]]:
    """Each worksheet's name, and the member that it is kept in."""
    targets = _targets(members, MAIN, file)
    for element, attributes in elements(members[MAIN], file):
        part = normpath(join("/xl", targets.get(identifier(attributes), ""))).lstrip("/")
        if element == "sheet" and part in members:
            yield attributes.get("name", ""), part


def _targets(members: dict[str, bytes], part: str, file: str) -> dict[str, str]:
    """Where the relations of a member lead, by their identifiers."""
    relations = members.get(join(dirname(part), "_rels", f"{basename(part)}.rels"), b"<none/>")
    return {at["Id"]: at["Target"] for name, at in elements(relations, file) if name == "Relationship" and {"Id", "Target"} <= at.keys()}


def _values(members: dict[str, bytes], names: list[str], file: str) -> Iterator[tuple[str, list[list[Cell]]]]:
    # A copy of what has been checked: the library unpacks for itself, and has bounds of its own or none.
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(packed(members)))
        for name in names:
            yield name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except CalamineError as error:
        raise InvalidInput(f"{file} is damaged: its values cannot be read; open it and save it anew.") from error


def _mended(rows: list[list[Cell]], scan: Scan) -> list[list[Cell]]:
    """The rows with their error cells, which the library leaves blank and, at the end, out."""
    width = max([scan.last_column, *map(len, rows[:1])])
    whole = [row + [""] * (width - len(row)) for row in rows] + [[""] * width for _ in range(scan.last_row - len(rows))]
    for (row, column), shown in scan.errors.items():
        whole[row - 1][column - 1] = shown
    return whole
