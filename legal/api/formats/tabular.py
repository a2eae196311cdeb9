"""Encode the rows of a list as JSON, NDJSON or CSV, with the same keys in every format."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson
from marshmallow import Schema, fields

from legal.errors import Fault, InvalidInput
from legal.json_types import Row
from legal.queries.core.snapshot import Snapshot

FORMULA_PREFIXES = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A spreadsheet may run text that starts with one of these as a formula. XLSX needs none of this: its cells are typed.

Source: https://owasp.org/www-community/attacks/CSV_Injection
"""
MEDIA_TYPES = {
    "json": "application/json",
    "csv": "text/csv",
    "ndjson": "application/x-ndjson",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
CSV_CONTENT_TYPE = "text/csv; charset=utf-8; header=present"
CSV_RESPONSE_SCHEMA = {"type": "string", "description": "CSV (RFC 4180) with a header row."}


def encode_json(body: Any) -> bytes:
    """Return a value as JSON in UTF-8."""
    return orjson.dumps(body)


def encode_ndjson(rows: Iterable[Row]) -> bytes:
    """Return one JSON object per line."""
    return b"".join(orjson.dumps(row) + b"\n" for row in rows)


def encode_csv(rows: Iterable[Row], columns: Sequence[str]) -> bytes:
    """Return CSV (RFC 4180) with a header row and formulas defused. Nested keys are joined by dots; lists are encoded as JSON."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(map(csv_cell, values) for values in flatten_rows(rows, columns))
    return buffer.getvalue().encode("utf-8")


def flatten_rows(rows: Iterable[Row], columns: Sequence[str]) -> Iterator[list[Any]]:
    """Yield each row as a list of plain values, one per column; lists and objects are encoded as JSON."""
    paths = [column.split(".") for column in columns]
    for row in rows:
        yield [_plain_value(_value_at_path(row, path)) for path in paths]


def csv_cell(value: Any) -> Any:
    """Return a plain value as CSV writes it, with formulas defused."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return _defuse_formula(value) if isinstance(value, str) else value


def _defuse_formula(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would run as a formula."""
    return f"'{text}" if text.startswith(FORMULA_PREFIXES) else text


def content_disposition(path: str, snapshot: Snapshot, extension: str) -> str:
    """Return a Content-Disposition header whose file name has the resource, the revision and the day."""
    resource_name = re.sub(r"[^A-Za-z0-9]+", "-", path.removeprefix("/v1/")).strip("-")
    name = "-".join(filter(None, ("legal-landscape", resource_name, f"r{snapshot.revision}", snapshot.as_of.isoformat())))
    return f'attachment; filename="{name}.{extension}"'


def flat_columns(schema: Schema, prefix: str = "") -> list[str]:
    """Return the flattened keys of a schema, in its order. All pages of a list have the same keys, whatever their rows."""
    columns: list[str] = []
    for name, field in schema.fields.items():
        key = f"{prefix}{field.data_key or name}"
        columns += flat_columns(field.schema, f"{key}.") if isinstance(field, fields.Nested) else [key]
    return columns


def schema_keys(schema: Schema, prefix: str = "") -> set[str]:
    """Return every key of a schema as a dotted path, including those of nested objects and of objects in lists."""
    keys: set[str] = set()
    for name, field in schema.fields.items():
        key = f"{prefix}{field.data_key or name}"
        item_field = field.inner if isinstance(field, fields.List) else field
        keys |= {key} | (schema_keys(item_field.schema, f"{key}.") if isinstance(item_field, fields.Nested) else set())
    return keys


def check_fields(requested_keys: Sequence[str], schema: Schema) -> list[str]:
    """Return the keys that a client requests, after checking that the schema has all of them.

    Raises:
        InvalidInput: the schema does not have one of the keys.
    """
    keys = schema_keys(schema)
    faults = [Fault(f"There is no key {key}.", parameter="fields") for key in requested_keys if key not in keys]
    if faults:
        raise InvalidInput("The rows of this list lack a requested key.", faults)
    return list(requested_keys)


def pick_fields(row: Any, keys: Sequence[str]) -> Any:
    """Return a row with only the given keys, in the row's order."""
    nested_keys: dict[str, list[str]] = {}
    for key in keys:
        name, _, nested_key = key.partition(".")
        nested_keys.setdefault(name, []).append(nested_key)
    if isinstance(row, list):
        return [pick_fields(item, keys) for item in row]
    if not isinstance(row, Mapping):
        return row
    return {
        name: value if "" in nested_keys[name] else pick_fields(value, nested_keys[name])
        for name, value in row.items()
        if name in nested_keys
    }


def _value_at_path(row: Any, path: Sequence[str]) -> Any:
    for key in path:
        row = row.get(key) if isinstance(row, Mapping) else None
    return row


def _plain_value(value: Any) -> Any:
    return orjson.dumps(value).decode("utf-8") if isinstance(value, Mapping | list) else value
