"""A list's rows as JSON, NDJSON, CSV or XLSX: the same rows, the same keys."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson
from marshmallow import Schema, fields

from legal.errors import Fault, InvalidInput

Json = Mapping[str, Any]
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
MEDIA = {
    "json": "application/json",
    "csv": "text/csv",
    "ndjson": "application/x-ndjson",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
CSV_TYPE = "text/csv; charset=utf-8; header=present"
CSV_SHAPE = {"type": "string", "description": "RFC 4180 with a header."}


def json(body: Any) -> bytes:
    """UTF-8 JSON."""
    return orjson.dumps(body)


def ndjson(rows: Iterable[Json]) -> bytes:
    """One JSON object a line."""
    return b"".join(orjson.dumps(row) + b"\n" for row in rows)


def csv_table(rows: Iterable[Json], columns: Sequence[str]) -> bytes:
    """RFC 4180 with a header; nested keys are flattened with dots, lists are JSON, and no cell runs as a formula."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(map(cell, values) for values in flat(rows, columns))
    return buffer.getvalue().encode("utf-8")


def flat(rows: Iterable[Json], columns: Sequence[str]) -> Iterator[list[Any]]:
    """The rows as lists of plain values, one for each column; lists and objects are JSON."""
    paths = [column.split(".") for column in columns]
    for row in rows:
        yield [_plain(_reach(row, path)) for path in paths]


def cell(value: Any) -> Any:
    """A plain value as CSV keeps it; an apostrophe stands before text that a spreadsheet would run as a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value


def attachment(path: str, revision: int, as_of: str, extension: str) -> str:
    """A Content-Disposition whose file name says what the file is, and of which revision and day."""
    what = re.sub(r"[^A-Za-z0-9]+", "-", path.removeprefix("/v1/")).strip("-")
    name = "-".join(filter(None, ("legal-landscape", what, f"r{revision}", as_of)))
    return f'attachment; filename="{name}.{extension}"'


def columns(schema: Schema, prefix: str = "") -> list[str]:
    """The flattened keys of a shape, in its order; the same for every page, whatever the rows."""
    found: list[str] = []
    for name, field in schema.fields.items():
        key = f"{prefix}{field.data_key or name}"
        found += columns(field.schema, f"{key}.") if isinstance(field, fields.Nested) else [key]
    return found


def keys(schema: Schema, prefix: str = "") -> set[str]:
    """Every key of a shape, by its dotted path, objects and lists of objects included."""
    found: set[str] = set()
    for name, field in schema.fields.items():
        key = f"{prefix}{field.data_key or name}"
        inner = field.inner if isinstance(field, fields.List) else field
        found |= {key} | (keys(inner.schema, f"{key}.") if isinstance(inner, fields.Nested) else set())
    return found


def chosen(wanted: Sequence[str], schema: Schema) -> list[str]:
    """The keys that a client asked for.

    Raises:
        InvalidInput: one of them is no key of the shape.
    """
    known = keys(schema)
    faults = [Fault(f"There is no key {key} here.", parameter="fields") for key in wanted if key not in known]
    if faults:
        raise InvalidInput("The answer has no such key.", faults)
    return list(wanted)


def picked(row: Any, wanted: Iterable[str]) -> Any:
    """A row with just the wanted keys, in the row's own order."""
    below: dict[str, list[str]] = {}
    for key in wanted:
        head, _, rest = key.partition(".")
        below.setdefault(head, []).append(rest)
    if isinstance(row, list):
        return [picked(one, wanted) for one in row]
    if not isinstance(row, Mapping):
        return row
    return {key: value if "" in below[key] else picked(value, below[key]) for key, value in row.items() if key in below}


def _reach(row: Any, path: Sequence[str]) -> Any:
    for key in path:
        row = row.get(key) if isinstance(row, Mapping) else None
    return row


def _plain(value: Any) -> Any:
    return orjson.dumps(value).decode("utf-8") if isinstance(value, Mapping | list) else value
