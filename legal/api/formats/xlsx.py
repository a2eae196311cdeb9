"""Encode the rows of a list as an XLSX workbook, with the same rows and keys as CSV.

Spreadsheets never read a text as a number or a formula, and dates are dates.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, Any

from marshmallow import fields
from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from legal.api.formats.tabular import flatten_rows
from legal.json_types import Row

MAX_CELL_LENGTH = 32767  # characters; a limit of the XLSX format
TRUNCATION_NOTE = " […] Truncated. CSV and JSON have the full text."
_WORKBOOK_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_FIRST_DAY = date(1900, 3, 1)
"""Earlier days have no serial number that all spreadsheets read alike, because Excel counts a February 29, 1900."""
_CHUNK_BYTES = 64 * 1024


def encode_xlsx(rows: Iterable[Row], columns: Mapping[str, fields.Field[Any]], created: datetime) -> Iterator[bytes]:
    """Yield a workbook in chunks: one sheet with a frozen header row. It is written to a temporary file, not to memory.

    ``columns`` are the fields of the rows by dotted keys. A column of days or of times has date cells; times are in UTC.
    ``created`` becomes the file's creation time, instead of the current time, so that the same rows give the same bytes.

    Raises:
        OSError: there is no room for the temporary file.
    """
    # In the folder, because the library would leave its own temporary files behind if the disk is full.
    with TemporaryDirectory(prefix="landscape-") as folder, TemporaryFile(dir=folder) as file:
        _write_workbook(file, folder, rows, columns, created)
        file.seek(0)
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk


def _write_workbook(file: IO[bytes], folder: str, rows: Iterable[Row], columns: Mapping[str, fields.Field[Any]], created: datetime) -> None:
    workbook = Workbook(file, {**_WORKBOOK_OPTIONS, "tmpdir": folder})
    sheet = workbook.add_worksheet("results")
    try:
        workbook.set_properties({"title": "Legal Landscape", "created": created.replace(tzinfo=None)})
        date_formats = _date_formats(workbook, columns.values())
        sheet.freeze_panes(1, 0)
        _write_row(sheet, 0, list(columns), [None] * len(columns))
        for row_number, values in enumerate(flatten_rows(rows, list(columns)), start=1):
            _write_row(sheet, row_number, values, date_formats)
        workbook.close()
    except FileCreateError as error:
        raise OSError(*error.args[0].args) from None
    finally:
        with suppress(OSError):  # what is left to write may find no room
            sheet.row_data_fh.close()


def _date_formats(workbook: Workbook, column_fields: Iterable[fields.Field[Any]]) -> list[Format | None]:
    """Return the cell format of each column, or None for a column of neither days nor times."""
    day_format, time_format = workbook.add_format({"num_format": "yyyy-mm-dd"}), workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    return [
        day_format if isinstance(field, fields.Date) else time_format if isinstance(field, fields.DateTime) else None
        for field in column_fields
    ]


def _write_row(sheet: Worksheet, row_number: int, values: Iterable[Any], date_formats: Iterable[Format | None]) -> None:
    for column_number, (value, date_format) in enumerate(zip(values, date_formats, strict=True)):
        if isinstance(value, bool):
            sheet.write_boolean(row_number, column_number, value)
        elif isinstance(value, int | float):
            sheet.write_number(row_number, column_number, value)
        elif date_format and value and (time := datetime.fromisoformat(value)).date() >= _FIRST_DAY:
            in_utc = time.astimezone(UTC).replace(tzinfo=None) if time.tzinfo else time
            sheet.write_datetime(row_number, column_number, in_utc, date_format)
        elif value:
            # As a string, no formula runs and a FIPS code keeps its leading zero.
            sheet.write_string(row_number, column_number, _truncate_text(str(value)))


def _truncate_text(text: str) -> str:
    return text if len(text) <= MAX_CELL_LENGTH else text[: MAX_CELL_LENGTH - len(TRUNCATION_NOTE)] + TRUNCATION_NOTE
