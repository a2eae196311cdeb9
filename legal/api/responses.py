"""Turn views into endpoints: resolve the snapshot, call the view, render its result, and set the cache headers."""

import functools
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import quote, urlencode

from flask import Response, current_app, redirect, request
from marshmallow import Schema
from sqlalchemy.orm import Session
from werkzeug.datastructures import MIMEAccept
from werkzeug.exceptions import NotAcceptable

from legal.api import cursors
from legal.api.formats import tabular, xlsx
from legal.db.engine import Database
from legal.errors import Gone, NotFound
from legal.json_types import Json
from legal.queries.core.pagination import CursorPosition, Page, Paging
from legal.queries.core.snapshot import Snapshot, resolve_snapshot
from legal.rules.posture import RULE_PACK

P = ParamSpec("P")
T = TypeVar("T")
Query = Mapping[str, Any]

_CACHE_CONTROL = "public, max-age=60, stale-while-revalidate=600, stale-if-error=86400"
_PINNED_CACHE_CONTROL = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class RequestContext:
    """The context of a request: its session, its snapshot and its parsed query parameters.

    ``start_after`` is the last row of the previous page, from the request's cursor.
    """

    session: Session
    snapshot: Snapshot
    query: Query
    start_after: CursorPosition | None

    @property
    def paging(self) -> Paging:
        """Return the page that the request asks for."""
        sort = self.query["sort"]
        facets = tuple(self.query.get("facets", ()))
        return Paging(self.query["limit"], sort.removeprefix("-"), sort.startswith("-"), self.start_after, facets)

    @property
    def is_pinned(self) -> bool:
        """Return whether the request gives ``as_of``, ``revision`` and ``rules``, so that its response never changes."""
        return all(self.query.get(name) is not None for name in ("as_of", "revision", "rules"))


def published_endpoint(view: Callable[Concatenate[RequestContext, P], Json | Response]) -> Callable[Concatenate[Query, P], Response]:
    """Turn a view of the published record into an endpoint that is open to everyone.

    The view reads a single snapshot in a single session. It returns a JSON object, or a response that has its cache
    headers.
    """

    def endpoint(query: Query, /, *args: P.args, **kwargs: P.kwargs) -> Response:
        if any("\0" in str(value) for value in kwargs.values()):
            raise NotFound("Path contains a NUL byte.")  # PostgreSQL raises an error on NUL in a text value.
        _check_rule_pack(query)
        database: Database = current_app.extensions["database"]
        cursor = cursors.redeem_cursor(query["cursor"], query) if "cursor" in query else None
        with database.reading() as session:
            if cursor:
                revision, as_of, start_after = cursor
                ctx = RequestContext(session, resolve_snapshot(session, as_of, revision), query, start_after)
            else:
                snapshot = resolve_snapshot(session, query.get("as_of"), query.get("revision"), query.get("known_at"))
                ctx = RequestContext(session, snapshot, query, None)
            result = view(ctx, *args, **kwargs)
        return result if isinstance(result, Response) else with_cache_headers(_render_body(result, ctx), ctx)

    endpoint.access = "published"  # type: ignore[attr-defined]
    return functools.update_wrapper(endpoint, view)


def _check_rule_pack(query: Query) -> None:
    rule_pack = query.get("rules", RULE_PACK)
    if rule_pack != RULE_PACK:
        parameters = urlencode({**request.args, "rules": RULE_PACK})
        raise Gone(
            f"This service does not carry rule pack {rule_pack}. It carries pack {RULE_PACK}.", f"{quote(request.path)}?{parameters}"
        )


def public_endpoint(view: Callable[P, T]) -> Callable[P, T]:
    """Mark a view as open to everyone and not part of the published record."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def redirect_to_canonical(path: str) -> Response:
    """Redirect permanently (308) to the canonical path of a resource, with the request's query string."""
    query_string = request.query_string.decode("ascii", "replace")
    return redirect(f"{path}?{query_string}" if query_string else path, 308, Response)  # type: ignore[return-value]  # redirect returns the given class


def list_envelope(ctx: RequestContext, filters: Json, results: Sequence[Json], page: Page, row_schema: type[Schema]) -> Json:
    """Return the body of a list. The body has the key ``row_schema``, which rendering removes."""
    next_url = None
    if page.next_position:
        parameters = {name: value for name, value in request.args.items() if name != "cursor"}
        cursor = cursors.issue_cursor(page.next_position, ctx.snapshot, ctx.query)
        next_url = f"{request.path}?{urlencode({**parameters, 'cursor': cursor})}"
    meta = {**ctx.snapshot.meta_json(), "filters": filters}
    facets = {"facets": page.facets} if page.facets else {}
    return {"results": list(results), "count": page.count, "next": next_url, **facets, "meta": meta, "row_schema": row_schema}


def _render_body(body: Json, ctx: RequestContext) -> Response:
    schema_class = body.pop("row_schema", None)
    if schema_class is None:
        _negotiate_format(("json",), None)
        return Response(tabular.encode_json(body), mimetype=tabular.MEDIA_TYPES["json"])
    schema = _schema_instance(schema_class)
    format_name = _negotiate_format(tuple(tabular.MEDIA_TYPES), ctx.query.get("format"))
    fields = tabular.check_fields(ctx.query["fields_"], schema) if "fields_" in ctx.query else None
    if fields is not None:
        body["results"] = [tabular.pick_fields(row, fields) for row in body["results"]]
    if format_name in ("csv", "xlsx"):
        response = _render_table(body["results"], _select_columns(schema, fields), format_name, ctx.snapshot)
    elif format_name == "ndjson":
        response = Response(tabular.encode_ndjson(body["results"]), mimetype=tabular.MEDIA_TYPES["ndjson"])
    else:
        response = Response(tabular.encode_json(body), mimetype=tabular.MEDIA_TYPES["json"])
    if body["next"]:
        response.headers["Link"] = f'<{body["next"]}>; rel="next"'
    return response


@functools.cache
def _schema_instance(schema_class: type[Schema]) -> Schema:
    return schema_class()


def _select_columns(schema: Schema, fields: Sequence[str] | None) -> list[str]:
    columns = tabular.flat_columns(schema)
    if fields is None:
        return columns
    # A field selects the columns below it, and the column of a list above it.
    return [column for column in columns if any(f"{column}.".startswith(f"{field}.") or field.startswith(f"{column}.") for field in fields)]


def _render_table(rows: Sequence[Json], columns: Sequence[str], format_name: str, snapshot: Snapshot) -> Response:
    if format_name == "csv":
        response = Response(tabular.encode_csv(rows, columns), content_type=tabular.CSV_CONTENT_TYPE)
    else:
        response = Response(xlsx.encode_xlsx(rows, columns, snapshot.known_at), content_type=tabular.MEDIA_TYPES["xlsx"])
    response.headers["Content-Disposition"] = tabular.content_disposition(request.path, snapshot, format_name)
    return response


def _negotiate_format(offered_formats: Sequence[str], requested_format: str | None) -> str:
    if requested_format:
        return requested_format
    if not request.headers.get("Accept"):
        return "json"
    # Parameters such as a charset do not matter for the choice of a format.
    accepted_types = MIMEAccept([(media_type.split(";")[0].strip(), quality) for media_type, quality in request.accept_mimetypes])
    media_types = {tabular.MEDIA_TYPES[format_name]: format_name for format_name in offered_formats}
    best_media_type = accepted_types.best_match(list(media_types))
    if best_media_type is None:
        raise NotAcceptable(f"Available formats: {', '.join(media_types)}.")
    return media_types[best_media_type]


def with_cache_headers(response: Response, ctx: RequestContext, etag: str | None = None) -> Response:
    """Return a response of the published record with its cache headers. ``etag`` defaults to a hash of the body."""
    response.headers["Data-Revision"] = str(ctx.snapshot.revision)
    return with_etag(response, _PINNED_CACHE_CONTROL if ctx.is_pinned else _CACHE_CONTROL, etag)


def with_etag(response: Response, cache_control: str = _CACHE_CONTROL, etag: str | None = None) -> Response:
    """Return a response with its cache headers and ETag, or 304 if the client has the same ETag."""
    response.headers["Cache-Control"] = cache_control
    response.vary.update(("Accept", "Accept-Encoding"))
    # The tag is weak because the same response may be sent in several compressions.
    response.set_etag(etag or _body_hash(response), weak=True)
    response.make_conditional(request)
    return response


def _body_hash(response: Response) -> str:
    return hashlib.sha256(response.get_data() + (response.content_type or "").encode()).hexdigest()[:32]
