"""Every error in one shape: RFC 9457 problem details, from one table."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, current_app, request
from marshmallow import EXCLUDE, Schema, fields
from sqlalchemy import exc
from werkzeug.exceptions import HTTPException

from legal.api.formats import tabular
from legal.errors import Fault, InvalidInput, NotFound, NotReady, Refused

Page = Callable[[Mapping[str, Any]], str]
MEDIA = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of problem: its address under ``/problems/``, its title, and what to do about it."""

    slug: str
    title: str
    description: str


SORTS: Mapping[int, Sort] = {
    400: Sort("bad-request", "The request cannot be read", "The request is not well-formed HTTP, or not in the encoding it says."),
    401: Sort("unauthorized", "A key is needed", "This address needs a key, sent as Authorization: Bearer."),
    403: Sort("forbidden", "Not allowed", "The key that was sent may not do this."),
    404: Sort("not-found", "Not found", "Nothing is at this address. Where something alike exists, did_you_mean names it."),
    405: Sort(
        "method-not-allowed",
        "Method not allowed",
        "The address exists and does not take this method; the Allow header lists those it takes.",
    ),
    406: Sort("not-acceptable", "No such format", "The answer cannot be given in any format that the Accept header admits."),
    409: Sort("conflict", "Conflict", "The thing has changed since the request was prepared."),
    412: Sort("precondition-failed", "Precondition failed", "The thing is no longer the one that If-Match names."),
    413: Sort("content-too-large", "Too large", "The body is larger than this address takes: 1 MiB of JSON."),
    414: Sort("uri-too-long", "Address too long", "The address is longer than this service reads."),
    415: Sort("unsupported-media-type", "Unsupported media type", "The body is not in a format that this address takes."),
    422: Sort(
        "invalid-input",
        "Invalid input",
        "The request can be read, and something in it is wrong; errors lists each thing with what to do about it.",
    ),
    428: Sort("precondition-required", "Precondition required", "This request needs If-Match, so that nothing newer is overwritten."),
    429: Sort("too-many-requests", "Too many requests", "Wait for as long as Retry-After says."),
    431: Sort("header-too-large", "Header too large", "A header is larger than this service reads."),
    500: Sort("internal-error", "Internal error", "Something went wrong on this side; the operator has been told in the log."),
    501: Sort("not-implemented", "Not implemented", "The method is not one that this service knows."),
    503: Sort("not-ready", "Not ready", "The service cannot answer for now; try again after Retry-After."),
}


class ProblemErrorSchema(Schema):
    """One thing that is wrong, and where."""

    class Meta:
        unknown = EXCLUDE

    detail = fields.String(required=True)
    parameter = fields.String()
    pointer = fields.String()
    did_you_mean = fields.List(fields.String())


class ProblemSchema(Schema):
    """RFC 9457 problem details."""

    class Meta:
        unknown = EXCLUDE

    type = fields.String(required=True, metadata={"example": "/problems/not-found"})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    instance = fields.String(required=True)
    errors = fields.List(fields.Nested(ProblemErrorSchema))
    did_you_mean = fields.List(fields.String())


def register(app: Flask, page: Page) -> None:
    """Answer every error of the app as a problem; ``page`` renders one for those who would rather have HTML."""
    answer = functools.partial(_answer, page)
    app.register_error_handler(InvalidInput, lambda e: answer(422, str(e), errors=[_fault(fault) for fault in e.faults]))
    app.register_error_handler(NotFound, lambda e: answer(404, str(e), did_you_mean=list(e.did_you_mean)))
    app.register_error_handler(Refused, lambda e: answer(409, str(e)))
    app.register_error_handler(NotReady, lambda e: answer(503, str(e), headers={"Retry-After": "5"}))
    app.register_error_handler(HTTPException, functools.partial(_http, answer))
    for error in (exc.DatabaseError, exc.InterfaceError, exc.TimeoutError):
        app.register_error_handler(error, functools.partial(_database, answer))
    app.register_error_handler(Exception, functools.partial(_unexpected, answer))


def _answer(page: Page, status: int, detail: str, headers: Mapping[str, str] | None = None, **extra: Any) -> Response:
    sort = SORTS[status]
    body = {
        "type": f"/problems/{sort.slug}",
        "title": sort.title,
        "status": status,
        "detail": detail,
        "instance": quote(request.path, safe="/:@!$&'()*+,;=~-._"),
        **{key: value for key, value in extra.items() if value},
    }
    if _prefers_html():
        made = Response(page(body), status, content_type="text/html; charset=utf-8")
    else:
        made = Response(tabular.json(body), status, content_type=MEDIA)
    made.headers.update(headers or {})
    made.headers["Cache-Control"] = "no-store"
    made.vary.update(("Accept", "Accept-Encoding"))
    return made


def unread(status: int) -> bytes:
    """The problem for a request that the server could not even read, so that nothing of it can be told."""
    sort = SORTS.get(status, SORTS[400] if status < HTTPStatus.INTERNAL_SERVER_ERROR else SORTS[500])
    told = {"type": f"/problems/{sort.slug}", "title": sort.title, "status": status, "detail": sort.description, "instance": ""}
    return tabular.json(told)


def _prefers_html() -> bool:
    accepted = request.accept_mimetypes
    machine = max(accepted["application/json"], accepted[MEDIA])
    return accepted["text/html"] > machine


def _fault(fault: Fault) -> dict[str, Any]:
    told = {"parameter": fault.parameter, "pointer": fault.pointer, "detail": fault.detail, "did_you_mean": list(fault.did_you_mean)}
    return {key: value for key, value in told.items() if value}


def _http(answer: Callable[..., Response], error: HTTPException) -> Response:
    status = error.code or 500
    kept = {name: value for name, value in error.get_headers(request.environ) if name in ("Allow", "Retry-After")}
    if status not in SORTS:
        status = 400 if status < HTTPStatus.INTERNAL_SERVER_ERROR else 500
    return answer(status, _detail(error, status), headers=kept)


def _detail(error: HTTPException, status: int) -> str:
    if status == HTTPStatus.NOT_FOUND:
        return "Nothing is at this address; /openapi.json lists those that exist."
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        return f"This address does not take {request.method}."
    # Werkzeug's own words can quote the request; only what this code wrote itself is passed on.
    ours = status == HTTPStatus.NOT_ACCEPTABLE and error.description
    return ours or SORTS[status].description


def _database(answer: Callable[..., Response], error: Exception) -> Response:
    current_app.logger.error("The database cannot be used.", exc_info=error)
    return answer(503, "The database cannot be used for now.", headers={"Retry-After": "5"})


def _unexpected(answer: Callable[..., Response], error: Exception) -> Response:
    current_app.logger.error("An unexpected error.", exc_info=error)
    return answer(500, SORTS[500].description)
