"""Scan a sheet's XML for the last cell, the error cells and the links, which the workbook library does not report."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from xml.parsers import expat

from legal.errors import InvalidInput
from legal.readers.rosters.archive import too_large_error

CellPosition = tuple[int, int]
"""A cell's row and column, both from 1."""
Attributes = dict[str, str]

_CELL_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_MAX_ROW, _MAX_COLUMN = 1_048_576, 16_384
MAX_ELEMENTS = 4_000_000
MAX_DEPTH = 50
"""Levels of nested elements; a sheet has about five."""
MAX_CELLS = 500_000
"""Cells from A1 to the last row and column, blank ones included. A published roster has about 26,000."""
_HYPERLINK_FORMULA = re.compile(r'=?\s*HYPERLINK\(\s*"((?:[^"]|"")*)"\s*(?:[,;]\s*"((?:[^"]|"")*)"\s*)?\)\s*', re.IGNORECASE)
"""A formula that is a link: its URL and, if given, the text that the cell shows."""
_UNCOMPUTED_FORMULA = "#FORMULA"
"""Text for a formula whose value is not in the file."""


class SheetScan:
    """The last row and column with a value, the error cells and the links of a sheet.

    Raises:
        InvalidInput: the sheet is not XML, its cells are out of order, or it exceeds the limits for a roster.
    """

    def __init__(self, content: bytes, file_name: str) -> None:
        self.file_name = file_name
        self.last_row = self.last_column = 0
        self.errors: dict[CellPosition, str] = {}
        """Texts of cells that the library leaves blank: errors, and formulas whose value is not in the file."""
        self.formula_links: dict[CellPosition, str] = {}
        self.anchors: list[tuple[str, str, str]] = []
        """Each link's cell range, the id of its relation, and the location within the target."""
        self._row, self._position = 0, (0, 0)
        self._is_error = self._in_value = self._in_formula = self._has_formula = self._has_value = False
        self._formula = ""
        parse_xml(content, file_name, self._start_element, self._end_element, self._add_text)

    def count_cells(self) -> int:
        """Return the number of cells up to the last row and column that have a value."""
        return self.last_row * self.last_column

    def resolve_links(self, targets: dict[str, str]) -> dict[CellPosition, str]:
        """Return the URL of each linked cell, given the targets of the sheet's relations by id. A link wins over a formula."""
        links = dict(self.formula_links)
        for cell_range, relation, location in self.anchors:
            target = targets.get(relation, "") + ("#" + location if location and relation in targets else "")
            links |= dict.fromkeys(self._expand_range(cell_range), target) if target else {}
            if len(links) > MAX_CELLS:
                raise too_large_error(self.file_name)
        return links

    def _expand_range(self, cell_range: str) -> Iterator[CellPosition]:
        first, _, last = cell_range.partition(":")
        (first_row, first_column), (last_row, last_column) = (
            parse_position(first, self.file_name),
            parse_position(last or first, self.file_name),
        )
        if (last_row - first_row + 1) * (last_column - first_column + 1) > MAX_CELLS:
            raise too_large_error(self.file_name)
        return ((row, column) for row in range(first_row, last_row + 1) for column in range(first_column, last_column + 1))

    def _start_element(self, name: str, attributes: Attributes) -> None:
        match name:
            case "row":
                self._row = parse_position(f"A{attributes['r']}", self.file_name)[0] if "r" in attributes else self._row + 1
            case "c":
                self._start_cell(attributes)
            case "f":
                self._has_formula = self._in_formula = True
            case "v" | "is":
                self._in_value = name == "v"
                self._extend_to_position()
            case "hyperlink":
                self.anchors.append((attributes.get("ref", ""), relation_id(attributes), attributes.get("location", "")))

    def _start_cell(self, attributes: Attributes) -> None:
        previous = self._position
        next_column = previous[1] + 1 if previous[0] == self._row else 1
        self._position = parse_position(attributes["r"], self.file_name) if "r" in attributes else (self._row, next_column)
        self._is_error = attributes.get("t") == "e"
        self._has_formula = self._has_value = False
        self._formula = ""
        # The library would drop the cells of a row that follows a later one.
        if self._position <= previous or self._position[0] != self._row:
            raise InvalidInput(
                f"{self.file_name} is damaged: its cells are out of order. Open it in a spreadsheet program and save it again."
            )

    def _end_element(self, name: str) -> None:
        self._in_value = self._in_formula = False
        if name == "c" and self._has_formula:
            self._end_formula()

    def _end_formula(self) -> None:
        link = _HYPERLINK_FORMULA.fullmatch(self._formula)
        if link:
            self.formula_links[self._position] = link[1].replace('""', '"')
        # Without this, a formula that was never computed would look like a blank cell.
        if not self._has_value:
            self.errors[self._position] = (link[2] or link[1]).replace('""', '"') if link else _UNCOMPUTED_FORMULA
            self._extend_to_position()

    def _extend_to_position(self) -> None:
        self.last_row, self.last_column = self._position[0], max(self.last_column, self._position[1])

    def _add_text(self, text: str) -> None:
        self._has_value = self._has_value or self._in_value
        self._formula += text if self._in_formula else ""
        if self._in_value and self._is_error:
            self.errors[self._position] = self.errors.get(self._position, "") + text


def parse_position(reference: str, file_name: str) -> CellPosition:
    """Return the row and column of a cell reference such as ``G2``.

    Raises:
        InvalidInput: the reference is malformed or outside the limits of a sheet.
    """
    position = _find_position(reference)
    if position is None:
        raise InvalidInput(
            f"{file_name} is damaged: there is no cell {reference[:20]!r}. Open it in a spreadsheet program and save it again."
        )
    return position


@lru_cache(maxsize=2**14)
def _find_position(reference: str) -> CellPosition | None:
    match = _CELL_REFERENCE.fullmatch(reference.replace("$", ""))
    column = 0
    for letter in match[1] if match else "":
        column = 26 * column + ord(letter) - ord("A") + 1
    return (int(match[2]), column) if match and column <= _MAX_COLUMN and int(match[2]) <= _MAX_ROW else None


def column_letters(column: int) -> str:
    """Return the letters of a column number, from 1: ``A`` … ``Z``, ``AA`` …"""
    quotient, remainder = divmod(column - 1, 26)
    return (column_letters(quotient) if quotient else "") + chr(ord("A") + remainder)


def relation_id(attributes: Attributes) -> str:
    """Return the ``r:id`` of an element; the attribute may be in either of two namespaces."""
    return next((value for name, value in attributes.items() if name.endswith("/relationships id")), "")


def list_elements(content: bytes, file_name: str) -> list[tuple[str, Attributes]]:
    """Return the name (without namespace) and attributes of each element of an archive member."""
    elements: list[tuple[str, Attributes]] = []
    parse_xml(content, file_name, lambda name, attributes: elements.append((name, attributes)))
    return elements


def parse_xml(
    content: bytes,
    file_name: str,
    start_element: Callable[[str, Attributes], None],
    end_element: Callable[[str], None] | None = None,
    add_text: Callable[[str], None] | None = None,
) -> None:
    """Call the handlers for each element and text of an archive member. Element names come without their namespace.

    Raises:
        InvalidInput: the content is not XML, or has too many or too deeply nested elements.
    """
    count = depth = 0

    def handle_start(name: str, attributes: Attributes) -> None:
        nonlocal count, depth
        count, depth = count + 1, depth + 1
        if count > MAX_ELEMENTS or depth > MAX_DEPTH:
            raise too_large_error(file_name)
        start_element(name.rpartition(" ")[2], attributes)

    def handle_end(name: str) -> None:
        nonlocal depth
        depth -= 1
        if end_element:
            end_element(name.rpartition(" ")[2])

    parser = expat.ParserCreate("utf-8", " ")
    parser.buffer_text = True
    parser.StartElementHandler = handle_start
    parser.EndElementHandler = handle_end
    parser.CharacterDataHandler = add_text
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise InvalidInput(
            f"{file_name} is damaged: a part of it is not XML. Open it in a spreadsheet program and save it again."
        ) from error
