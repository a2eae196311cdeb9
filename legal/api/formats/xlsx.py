"""Encode the rows of a list as an XLSX workbook, with the same rows and keys as CSV.

Spreadsheets never read a text as a number or a formula.
"""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from legal.api.formats.tabular import flatten_rows
from legal.json_types import Row

MAX_CELL_LENGTH = 32767  # characters; a limit of the XLSX format
TRUNCATION_NOTE = " […] Truncated. CSV and JSON have the full text."
_WORKBOOK_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def encode_xlsx(rows: Iterable[Row], columns: Sequence[str], created: datetime) -> bytes:
    """Return a workbook with one sheet and a frozen header row.

    ``created`` becomes the file's creation time, instead of the current time, so that the same rows give the same
    bytes.
    """
    buffer = io.BytesIO()
    with Workbook(buffer, _WORKBOOK_OPTIONS) as workbook:
        workbook.set_properties({"title": "Legal Landscape", "created": created.replace(tzinfo=None)})
        sheet = workbook.add_worksheet("results")
        sheet.freeze_panes(1, 0)
        for row_number, values in enumerate([list(columns), *flatten_rows(rows, columns)]):
            _write_row(sheet, row_number, values)
    return buffer.getvalue()


def _write_row(sheet: Worksheet, row_number: int, values: Iterable[Any]) -> None:
    for column_number, value in enumerate(values):
        if isinstance(value, bool):
            sheet.write_boolean(row_number, column_number, value)
        elif isinstance(value, int | float):
            sheet.write_number(row_number, column_number, value)
        elif value is not None:
            # As a string, no formula runs and a FIPS code keeps its leading zero.
            sheet.write_string(row_number, column_number, _truncate_text(str(value)))


def _truncate_text(text: str) -> str:
    return text if len(text) <= MAX_CELL_LENGTH else text[: MAX_CELL_LENGTH - len(TRUNCATION_NOTE)] + TRUNCATION_NOTE
