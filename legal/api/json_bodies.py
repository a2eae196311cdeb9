"""Parse JSON bodies strictly, and say where in the body a fault is."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import request
from marshmallow import Schema, ValidationError
from werkzeug.exceptions import UnsupportedMediaType

from legal.errors import Fault, InvalidInput


def load_json_body(schema: Schema) -> Any:
    """Return the request's JSON body, checked by a schema.

    Raises:
        BadRequest: the body is not JSON.
        InvalidInput: the body does not have the shape of the schema; each fault has a JSON Pointer.
        UnsupportedMediaType: the body is declared as something else.
    """
    if not request.is_json:
        raise UnsupportedMediaType
    body = request.get_json()
    try:
        return schema.load(body)
    except ValidationError as error:
        faults = [Fault(detail, pointer=pointer) for pointer, detail in _list_faults(error.messages)]
        raise InvalidInput("The body is not valid.", faults) from error


def _list_faults(messages: Any, pointer: str = "") -> Iterator[tuple[str, str]]:
    """Yield the JSON Pointer and the text of each message."""
    if isinstance(messages, Mapping):
        for key, nested in messages.items():
            token = str(key)[:100].replace("~", "~0").replace("/", "~1")
            yield from _list_faults(nested, pointer if key == "_schema" else f"{pointer}/{token}")
    elif isinstance(messages, list):
        for nested in messages:
            yield from _list_faults(nested, pointer)
    else:
        yield pointer, str(messages)
