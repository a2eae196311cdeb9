"""A list's rows as a workbook: the same rows and keys as CSV, with text kept as text."""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from legal.api.formats.tabular import Json, flat

LONGEST_CELL = 32767  # characters; the format's limit
CUT = " […] cut: a cell holds no more; CSV and JSON have the whole"
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def table(rows: Iterable[Json], columns: Sequence[str], created: datetime) -> bytes:
    """XLSX with a header row that stays in view; ``created`` is in the file, so that the same answer is the same bytes."""
    buffer = io.BytesIO()
    with Workbook(buffer, OPTIONS) as book:
        book.set_properties({"title": "Legal Landscape", "created": created.replace(tzinfo=None)})
        sheet = book.add_worksheet("results")
        sheet.freeze_panes(1, 0)
        for number, values in enumerate([list(columns), *flat(rows, columns)]):
            _write(sheet, number, values)
    return buffer.getvalue()


def _write(sheet: Worksheet, number: int, values: Iterable[Any]) -> None:
    for position, value in enumerate(values):
        if isinstance(value, bool):
            sheet.write_boolean(number, position, value)
        elif isinstance(value, int | float):
            sheet.write_number(number, position, value)
        elif value is not None:
            # Written as text whatever it looks like: nothing runs, and a FIPS code keeps its zero.
            text = str(value)
            sheet.write_string(number, position, text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - len(CUT)] + CUT)
