"""Return every error in one shape, RFC 9457 problem details, from one table of problem types."""

import errno
import functools
import sqlite3
import time
import traceback
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
from legal.db.schema import describe_missing_part
from legal.db.waiting import LateAnswer
from legal.errors import Fault, Gone, InvalidInput, NotFound, NotReady, RefusedOperation, SchemaMismatch
from legal.json_types import Json
from legal.settings import MAX_JSON_BYTES

ErrorPage = Callable[[Mapping[str, Any]], str]
PROBLEM_MEDIA_TYPE = "application/problem+json"
_TRACEBACK_SECONDS = 60.0
_MAX_LOGGED_FAULTS = 100
_logged_faults: dict[Any, float] = {}
"""When the traceback of a fault was logged last, by the type of the error and the place that raised it."""
_OUT_OF_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_SQLITE_OUT_OF_ROOM = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE)


@dataclass(frozen=True, slots=True)
class ProblemType:
    """A type of problem. ``slug`` is the last part of its URL, below ``/problems/``."""

    slug: str
    title: str
    description: str


PROBLEM_TYPES: Mapping[int, ProblemType] = {
    400: ProblemType("bad-request", "Malformed request", "The request is not well-formed HTTP, or does not match its declared encoding."),
    401: ProblemType("unauthorized", "Authentication required", "This path requires a key, sent in the header `Authorization: Bearer`."),
    403: ProblemType("forbidden", "Not allowed", "The key does not permit this operation."),
    404: ProblemType("not-found", "Not found", "Nothing exists at this path. `did_you_mean` lists similar identifiers, if there are any."),
    405: ProblemType(
        "method-not-allowed",
        "Method not allowed",
        "The path exists but does not support this method. The Allow header lists the supported methods.",
    ),
    406: ProblemType(
        "not-acceptable", "Format not available", "The response is not available in any format that the Accept header allows."
    ),
    409: ProblemType("conflict", "Conflict", "The operation conflicts with the current state of the record."),
    410: ProblemType(
        "gone",
        "No longer available",
        "The service does not have the requested rule pack, or the requested epoch of the record has ended because its operator restored a backup. "
        "`links.present` leads to the answer under the present rule pack, or at the newest revision.",
    ),
    412: ProblemType("precondition-failed", "Precondition failed", "The resource has changed and no longer matches the If-Match header."),
    413: ProblemType("content-too-large", "Content too large", f"The request body exceeds the limit of {MAX_JSON_BYTES // 2**20} MiB."),
    414: ProblemType("uri-too-long", "URI too long", "The URI is longer than this service accepts."),
    415: ProblemType("unsupported-media-type", "Unsupported media type", "This path does not accept the media type of the request body."),
    416: ProblemType(
        "range-not-satisfiable", "Range not satisfiable", "The file is shorter than the requested range. Content-Range has its length."
    ),
    422: ProblemType(
        "invalid-input",
        "Invalid input",
        "The request is well formed, but some values are invalid. `errors` lists each invalid value and how to fix it.",
    ),
    428: ProblemType(
        "precondition-required", "Precondition required", "This request requires an If-Match header, to avoid overwriting newer data."
    ),
    429: ProblemType("too-many-requests", "Too many requests", "Wait for the time in the Retry-After header, then try again."),
    431: ProblemType("header-too-large", "Header too large", "A request header is larger than this service accepts."),
    500: ProblemType("internal-error", "Internal error", "An unexpected error occurred. Details are in the server's log."),
    501: ProblemType("not-implemented", "Method not implemented", "This service does not implement the method."),
    503: ProblemType(
        "not-ready", "Not ready", "The service is temporarily unavailable. Wait for the time in the Retry-After header, then try again."
    ),
}


class ProblemErrorSchema(Schema):
    """One invalid value in the request, with its location and how to fix it."""

    class Meta:
        unknown = EXCLUDE

    detail = fields.String(required=True)
    parameter = fields.String()
    pointer = fields.String()
    did_you_mean = fields.List(fields.String())


class ProblemLinksSchema(Schema):
    """Links of a problem."""

    class Meta:
        unknown = EXCLUDE

    present = fields.String(
        required=True,
        metadata={
            "description": "The requested address under the present rule pack, or at the newest revision of the present epoch.",
            "example": "/v1/map.json?rules=2",
        },
    )


class ProblemSchema(Schema):
    """Problem details (RFC 9457)."""

    class Meta:
        unknown = EXCLUDE

    type = fields.String(required=True, metadata={"example": "/problems/not-found"})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    instance = fields.String(required=True)
    errors = fields.List(fields.Nested(ProblemErrorSchema))
    did_you_mean = fields.List(fields.String())
    links = fields.Nested(ProblemLinksSchema, metadata={"description": "Only for the type `/problems/gone`."})


def register_error_handlers(app: Flask, page: ErrorPage) -> None:
    """Make the app answer every error with a problem. ``page`` renders the problem as HTML for clients that prefer HTML."""
    respond = functools.partial(_problem_response, page)
    app.register_error_handler(InvalidInput, lambda e: respond(422, str(e), errors=[_fault_json(fault) for fault in e.faults]))
    app.register_error_handler(NotFound, lambda e: respond(404, str(e), did_you_mean=list(e.did_you_mean)))
    app.register_error_handler(Gone, lambda e: respond(410, str(e), links={"present": e.present_path}))
    app.register_error_handler(RefusedOperation, lambda e: respond(409, str(e)))
    app.register_error_handler(NotReady, lambda e: respond(503, str(e), headers={"Retry-After": "5"}))
    app.register_error_handler(SchemaMismatch, lambda e: _broken_schema_response(respond, str(e)))
    app.register_error_handler(HTTPException, functools.partial(_handle_http_error, respond))
    for error_class in (exc.DatabaseError, exc.InterfaceError, exc.TimeoutError):
        app.register_error_handler(error_class, functools.partial(_handle_database_error, respond))
    app.register_error_handler(OSError, functools.partial(_handle_system_error, respond))
    app.register_error_handler(sqlite3.Error, functools.partial(_handle_system_error, respond))
    app.register_error_handler(Exception, functools.partial(_handle_unexpected_error, respond))


def problem_for_unparsed_request(status: int) -> bytes:
    """Return the problem, as JSON, for a request that the server could not parse; its ``instance`` is empty."""
    problem_type = PROBLEM_TYPES[_problem_status(status)]
    return tabular.encode_json(
        {
            "type": f"/problems/{problem_type.slug}",
            "title": problem_type.title,
            "status": status,
            "detail": problem_type.description,
            "instance": "",
        }
    )


def _problem_response(
    page: ErrorPage, status: int, detail: str, headers: Mapping[str, str] | None = None, **extra_members: Any
) -> Response:
    problem_type = PROBLEM_TYPES[status]
    problem = {
        "type": f"/problems/{problem_type.slug}",
        "title": problem_type.title,
        "status": status,
        "detail": detail,
        "instance": quote(request.path, safe="/:@!$&'()*+,;=~-._"),
        **{name: value for name, value in extra_members.items() if value},
    }
    if _prefers_html():
        response = Response(page(problem), status, content_type="text/html; charset=utf-8")
    else:
        response = Response(tabular.encode_json(problem), status, content_type=PROBLEM_MEDIA_TYPE)
    response.headers.update(headers or {})
    response.headers["Cache-Control"] = "no-store"
    response.vary.update(("Accept", "Accept-Encoding"))
    return response


def _prefers_html() -> bool:
    accepted_types = request.accept_mimetypes
    json_quality = max(accepted_types["application/json"], accepted_types[PROBLEM_MEDIA_TYPE])
    return accepted_types["text/html"] > json_quality


def _fault_json(fault: Fault) -> Json:
    members = {
        "parameter": fault.parameter,
        "pointer": fault.pointer,
        "detail": fault.detail,
        "did_you_mean": list(fault.did_you_mean),
    }
    return {name: value for name, value in members.items() if value}


def _problem_status(status: int) -> int:
    """Return the status if it has a problem type, else 400 for client errors and 500 for server errors."""
    if status in PROBLEM_TYPES:
        return status
    return 400 if status < HTTPStatus.INTERNAL_SERVER_ERROR else 500


def _handle_http_error(respond: Callable[..., Response], error: HTTPException) -> Response:
    status = _problem_status(error.code or 500)
    headers = {name: value for name, value in error.get_headers(request.environ) if name in ("Allow", "Content-Range", "Retry-After")}
    return respond(status, _http_error_detail(error, status), headers=headers)


def _http_error_detail(error: HTTPException, status: int) -> str:
    if status == HTTPStatus.NOT_FOUND:
        return "Nothing exists at this path. /openapi.json lists all paths."
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        return f"This path does not support {request.method}."
    # Werkzeug's own descriptions can quote the request. The description of a 406 is the only one that this code writes.
    if status == HTTPStatus.NOT_ACCEPTABLE and error.description:
        return error.description
    return PROBLEM_TYPES[status].description


def _broken_schema_response(respond: Callable[..., Response], cause: str) -> Response:
    """Return a 500, because a retry does not help. The log names the cause; the response does not."""
    current_app.logger.error("The database schema does not fit this release: %s", cause)
    return respond(500, "The database does not have the schema that this service needs. Its operator must fix that.")


def is_out_of_room(error: Any) -> bool:
    """Return whether a file could not be written because the disk is full, or a quota or limit is reached."""
    code = getattr(error, "sqlite_errorcode", None)
    return code in _SQLITE_OUT_OF_ROOM or (isinstance(error, OSError) and error.errno in _OUT_OF_ROOM)


def _handle_system_error(respond: Callable[..., Response], error: Exception) -> Response:
    if not is_out_of_room(error):
        return _handle_unexpected_error(respond, error)
    current_app.logger.error("No room to write a file: %s", error)
    return respond(503, "The service has no room to write a file.", headers={"Retry-After": "60"})


def _handle_database_error(respond: Callable[..., Response], error: Exception) -> Response:
    if isinstance(error, exc.DBAPIError) and (missing_part := describe_missing_part(error)):
        return _broken_schema_response(respond, missing_part)
    cause: Any = getattr(error, "orig", None)
    if is_out_of_room(cause):
        return _handle_system_error(respond, cause)
    if isinstance(cause, LateAnswer):
        current_app.logger.error("%s %s: %s", request.method, quote(request.full_path, safe="/?&=%+,:"), cause)
    else:
        _log_fault("Database error", error)
    return respond(503, "The database is temporarily unavailable.", headers={"Retry-After": "5"})


def _log_fault(label: str, error: Exception) -> None:
    """Log a fault with its traceback, or in one line if the same fault was logged within the last minute: an outage meets every request."""
    places = [(frame.f_code, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    fault, now = (type(error), places[-1]), time.monotonic()
    is_known = now - _logged_faults.get(fault, -_TRACEBACK_SECONDS) < _TRACEBACK_SECONDS
    if is_known:
        current_app.logger.error("%s again: %s", label, type(error).__name__)
        return
    if len(_logged_faults) >= _MAX_LOGGED_FAULTS:
        _logged_faults.clear()
    _logged_faults[fault] = now
    current_app.logger.error("%s.", label, exc_info=error)


def _handle_unexpected_error(respond: Callable[..., Response], error: Exception) -> Response:
    _log_fault("Unexpected error", error)
    return respond(500, PROBLEM_TYPES[500].description)
