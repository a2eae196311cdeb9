"""Go through a sheet's XML for what the library that reads its values leaves out: where cells end, error cells and links."""

import re
from collections.abc import Callable, Iterator
from xml.parsers import expat

from legal.errors import InvalidInput
from legal.readers.rosters.archive import too_large

Place = tuple[int, int]
"""A cell's row and column, both from 1."""
Attributes = dict[str, str]

REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
MOST_ELEMENTS = 4_000_000
DEEPEST = 50
"""Levels of elements; a sheet has some five."""
MOST_CELLS = 500_000
"""Cells from A1 to the last row and column, blank ones too; a published list has some 26,000."""


UNSOLVED = "#FORMULA"
"""What stands for a formula whose value the file does not have."""


class Scan:
    """What a sheet's XML says: its last row and column that have a value, its error cells and its links.

    Raises:
        InvalidInput: the sheet is not XML, its cells are not in order, or there is more than a list could be.
    """

    def __init__(self, content: bytes, file: str) -> None:
        self.file = file
        self.last_row = self.last_column = 0
        self.errors: dict[Place, str] = {}
        self.anchors: list[tuple[str, str, str]] = []
        """Of each link the cells, the identifier of its relation, and the place within what that leads to."""
        self._row, self._place, self._error, self._words = 0, (0, 0), False, False
        self._formula = self._filled = False
        parsed(content, file, self._start, self._end, self._text)

    def cells(self) -> int:
        """Cells up to the last row and column that have a value."""
        return self.last_row * self.last_column

    def linked(self, targets: dict[str, str]) -> dict[Place, str]:
        """Where each linked cell leads, by the targets of the sheet's relations."""
        found: dict[Place, str] = {}
        for cells, relation, place in self.anchors:
            target = targets.get(relation, "") + ("#" + place if place and relation in targets else "")
            found |= dict.fromkeys(self._spread(cells), target) if target else {}
            if len(found) > MOST_CELLS:
                raise too_large(self.file)
        return found

    def _spread(self, cells: str) -> Iterator[Place]:
        first, _, last = cells.partition(":")
        (top, left), (bottom, right) = position(first, self.file), position(last or first, self.file)
        if (bottom - top + 1) * (right - left + 1) > MOST_CELLS:
            raise too_large(self.file)
        return ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))

    def _start(self, name: str, attributes: Attributes) -> None:
        match name:
            case "row":
                self._row = position(f"A{attributes['r']}", self.file)[0] if "r" in attributes else self._row + 1
            case "c":
                self._begin_cell(attributes)
            case "f":
                self._formula = True
            case "v" | "is":
                self._words = name == "v"
                self.last_row, self.last_column = self._place[0], max(self.last_column, self._place[1])
            case "hyperlink":
                self.anchors.append((attributes.get("ref", ""), identifier(attributes), attributes.get("location", "")))

    def _begin_cell(self, attributes: Attributes) -> None:
        before = self._place
        beside = before[1] + 1 if before[0] == self._row else 1
        self._place = position(attributes["r"], self.file) if "r" in attributes else (self._row, beside)
        self._error = attributes.get("t") == "e"
        self._formula = self._filled = False
        # The library would lose the cells of a row that comes after a later one.
        if self._place <= before or self._place[0] != self._row:
            raise InvalidInput(f"{self.file} is damaged: its cells are not in order; open it and save it anew.")

    def _end(self, name: str) -> None:
        self._words = False
        # Nobody has worked it out, so that it would look like a blank, and its row like none.
        if name == "c" and self._formula and not self._filled:
            self.errors[self._place] = UNSOLVED
            self.last_row, self.last_column = self._place[0], max(self.last_column, self._place[1])

    def _text(self, text: str) -> None:
        self._filled = self._filled or self._words
        if self._words and self._error:
            self.errors[self._place] = self.errors.get(self._place, "") + text


def position(reference: str, file: str) -> Place:
    """The row and column of a cell such as ``G2``.

    Raises:
        InvalidInput: there is no such cell.
    """
    match = REFERENCE.fullmatch(reference.replace("$", ""))
    column = 0
    for letter in match[1] if match else "":
        column = 26 * column + ord(letter) - ord("A") + 1
    if not match or column > LAST_COLUMN or int(match[2]) > LAST_ROW:
        raise InvalidInput(f"{file} is damaged: it has no cell {reference[:20]!r}; open it and save it anew.")
    return int(match[2]), column


def letters(column: int) -> str:
    """The letters of a column, from 1: ``A``, and after ``Z`` comes ``AA``."""
    rest, last = divmod(column - 1, 26)
    return (letters(rest) if rest else "") + chr(ord("A") + last)


def identifier(attributes: Attributes) -> str:
    """The ``r:id`` of an element, in whichever of the two namespaces it is."""
    return next((value for name, value in attributes.items() if name.endswith("/relationships id")), "")


def elements(content: bytes, file: str) -> list[tuple[str, Attributes]]:
    """The elements of a member, each by its name without the namespace, with its attributes."""
    found: list[tuple[str, Attributes]] = []
    parsed(content, file, lambda name, attributes: found.append((name, attributes)))
    return found


def parsed(
    content: bytes,
    file: str,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Hand the elements and texts of a member over as they come; each element by its name without the namespace."""
    count = depth = 0

    def started(name: str, attributes: Attributes) -> None:
        nonlocal count, depth
        count, depth = count + 1, depth + 1
        if count > MOST_ELEMENTS or depth > DEEPEST:
            raise too_large(file)
        start(name.rpartition(" ")[2], attributes)

    def ended(name: str) -> None:
        nonlocal depth
        depth -= 1
        if end:
            end(name.rpartition(" ")[2])

    parser = expat.ParserCreate("utf-8", " ")
    parser.buffer_text = True
    parser.StartElementHandler = started
    parser.EndElementHandler = ended
    parser.CharacterDataHandler = text
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise InvalidInput(f"{file} is damaged: a part of it is not XML; open it and save it anew.") from error
