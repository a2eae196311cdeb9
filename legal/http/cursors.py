"""Issue and redeem pagination cursors, which are opaque to clients and signed against tampering."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import current_app, request
from itsdangerous import BadData, URLSafeSerializer

from legal.errors import Fault, InvalidInput
from legal.queries.core.pagination import CursorPosition
from legal.queries.core.snapshot import Snapshot

# A client may change the page size and the format between pages, but not the rows or their order.
_CHANGEABLE_PARAMETERS = ("cursor", "limit", "format", "bom", "fields_", "facets")


@dataclass(frozen=True, slots=True)
class RedeemedCursor:
    """The snapshot that a cursor was issued for, the row that its page starts after, and the number of rows up to that one."""

    revision: int
    as_of: date
    epoch: str
    position: CursorPosition
    rows_before: int


def issue_cursor(position: CursorPosition, rows_before: int, snapshot: Snapshot, query: Mapping[str, Any]) -> str:
    """Return a cursor for the page after ``position``, valid for this path, these parameters and this snapshot."""
    sort_value = ["date", position.value.isoformat()] if isinstance(position.value, date) else ["plain", position.value]
    payload = [snapshot.revision, snapshot.as_of.isoformat(), snapshot.epoch, _query_digest(query), sort_value, position.id, rows_before]
    cursor = _cursor_serializer().dumps(payload)
    return cursor if isinstance(cursor, str) else cursor.decode("ascii")


def redeem_cursor(cursor: str, query: Mapping[str, Any]) -> RedeemedCursor:
    """Return what is stored in a cursor.

    Raises: InvalidInput: the cursor is not from this service, was changed, or belongs to a request with other
    parameters.
    """
    try:
        revision, as_of, epoch, digest, (value_type, value), id, rows_before = _cursor_serializer().loads(cursor)
    except (BadData, ValueError):  # an earlier release put other values into a cursor
        raise _invalid_cursor("This is not a cursor of this service. Use the cursor from `next`, unchanged.") from None
    if digest != _query_digest(query):
        raise _invalid_cursor("This cursor belongs to a request with other parameters. Use the same parameters for all pages of a list.")
    position = CursorPosition(date.fromisoformat(value) if value_type == "date" else value, id)
    return RedeemedCursor(revision, date.fromisoformat(as_of), epoch, position, rows_before)


def _invalid_cursor(detail: str) -> InvalidInput:
    return InvalidInput("The cursor is not valid.", [Fault(detail, parameter="cursor")])


def _query_digest(query: Mapping[str, Any]) -> str:
    fixed_parameters = sorted((name, str(value)) for name, value in query.items() if name not in _CHANGEABLE_PARAMETERS)
    return hashlib.sha256(repr((request.path, fixed_parameters)).encode()).hexdigest()[:16]


def _cursor_serializer() -> URLSafeSerializer:
    # The last key signs; cursors that an earlier key has signed are still valid.
    return URLSafeSerializer([*current_app.config["SECRET_KEY_FALLBACKS"], current_app.config["SECRET_KEY"]], salt="cursor")
