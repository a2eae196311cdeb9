"""Cursors: where a walk of a list stands, opaque to the client and signed, so that it cannot be bent."""

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import current_app, request
from itsdangerous import BadData, URLSafeSerializer

from legal.errors import Fault, InvalidInput
from legal.queries.core.pagination import Place
from legal.queries.core.snapshot import Snapshot


def issue(place: Place, moment: Snapshot, query: Mapping[str, Any]) -> str:
    """A cursor after ``place``, for the list with these parameters at this moment."""
    value = ["date", place.value.isoformat()] if isinstance(place.value, date) else ["plain", place.value]
    signed = _serializer().dumps([moment.revision, moment.as_of.isoformat(), _digest(query), value, place.id])
    return signed if isinstance(signed, str) else signed.decode("ascii")


def redeem(cursor: str, query: Mapping[str, Any]) -> tuple[int, date, Place]:
    """The revision, the day and the place that a cursor was issued for.

    Raises:
        InvalidInput: it was not issued by this service, was changed, or belongs to other parameters.
    """
    try:
        revision, day, digest, (sort, value), id = _serializer().loads(cursor)
    except BadData:
        raise _refused("This is not a cursor of this service; take it from `next`, unchanged.") from None
    if digest != _digest(query):
        raise _refused("This cursor was issued for other parameters; walk a list with the parameters it began with.")
    return revision, date.fromisoformat(day), Place(date.fromisoformat(value) if sort == "date" else value, id)


def _refused(detail: str) -> InvalidInput:
    return InvalidInput("The cursor cannot be used.", [Fault(detail, parameter="cursor")])


def _digest(query: Mapping[str, Any]) -> str:
    # The page's size and its form may change on the way; what is listed may not.
    relevant = sorted((key, str(value)) for key, value in query.items() if key not in ("cursor", "limit", "format", "fields_", "facets"))
    return hashlib.sha256(repr((request.path, relevant)).encode()).hexdigest()[:16]


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="cursor")
