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
BYTE_ORDER_MARK = "\ufeff".encode()
"""Tells Excel that a CSV file is in UTF-8."""


def encode_json(body: Any) -> bytes:
    """Return a value as JSON in UTF-8."""
    return orjson.dumps(body)


def encode_ndjson(rows: Iterable[Row]) -> bytes:
    """Return one JSON object per line."""
    return b"".join(orjson.dumps(row) + b"\n" for row in rows)


def encode_csv(rows: Iterable[Row], columns: Sequence[str], *, with_header: bool = True) -> bytes:
    """Return CSV (RFC 4180) with formulas defused. Nested keys are joined by dots, and the items of a list by semicolons."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    if with_header:
        writer.writerow(columns)
    writer.writerows(map(csv_cell, values) for values in flatten_rows(rows, columns))
    return buffer.getvalue().encode("utf-8")


def flatten_rows(rows: Iterable[Row], columns: Sequence[str]) -> Iterator[list[Any]]:
    """Yield each row as a list of plain values, one per column; lists and objects become text."""
    paths = [column.split(".") for column in columns]
    for row in rows:
        yield [_plain_value(_value_at_path(row, path)) for path in paths]


def csv_cell(value: Any) -> Any:
    """Return a plain value as CSV writes it, with formulas defused."""
    return _defuse_formula(value) if isinstance(value, str) else _undefused_cell(value)


def _undefused_cell(value: Any) -> Any:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else value


def _defuse_formula(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would run as a formula."""
    return f"'{text}" if text.startswith(FORMULA_PREFIXES) else text


def content_disposition(path: str, snapshot: Snapshot, extension: str, part: str | None = None) -> str:
    """Return a Content-Disposition header whose file name has the resource, the revision, the day and the part of the list."""
    resource_name = re.sub(r"[^A-Za-z0-9]+", "-", path.removeprefix("/v1/")).strip("-")
    name = "-".join(filter(None, ("legal-landscape", resource_name, f"r{snapshot.revision}", snapshot.as_of.isoformat(), part)))
    return f'attachment; filename="{name}.{extension}"'


def flat_fields(schema: Schema, prefix: str = "") -> dict[str, fields.Field[Any]]:
    """Return the fields of a schema by their flattened keys, in its order.

    All pages of a list have the same keys, whatever their rows.
    """
    fields_by_key: dict[str, fields.Field[Any]] = {}
    for name, field in schema.fields.items():
        key = f"{prefix}{field.data_key or name}"
        fields_by_key |= flat_fields(field.schema, f"{key}.") if isinstance(field, fields.Nested) else {key: field}
    return fields_by_key


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
    """Return a scalar as it is, and a list or an object as text: its items, joined with semicolons."""
    if isinstance(value, list):
        return "; ".join(map(_item_text, value))
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_item_text(item)}" for key, item in value.items())
    return value


def _item_text(value: Any) -> str:
    """Return an item of a list as text: an entity is its id, a date its EDTF, and another object the keys that have a value."""
    if isinstance(value, list):
        return " / ".join(map(_item_text, value))
    if not isinstance(value, Mapping):
        return str(_undefused_cell(value))
    if len(value) == 1:
        return _item_text(next(iter(value.values())))
    for identifying_key in ("id", "edtf"):
        if identifying_key in value:
            return _item_text(value[identifying_key])
    texts = {key: _item_text(item) for key, item in value.items()}
    return ", ".join(f"{key}: {text}" for key, text in texts.items() if text)
