"""Render the results of views in the format that a client asks for, and describe pages of lists."""

import functools
from collections.abc import Callable, Sequence
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from flask import Response, request
from marshmallow import Schema
from werkzeug.datastructures import MIMEAccept
from werkzeug.exceptions import NotAcceptable

from legal.api.formats import tabular, xlsx
from legal.http import cursors
from legal.http.reads import Query, RequestContext, public_endpoint, published_read, redirect_to_canonical, with_cache_headers, with_etag
from legal.json_types import Json
from legal.queries.core.pagination import Page
from legal.queries.core.snapshot import Snapshot

__all__ = [
    "Query",
    "RequestContext",
    "list_envelope",
    "public_endpoint",
    "published_endpoint",
    "redirect_to_canonical",
    "with_cache_headers",
    "with_etag",
]

P = ParamSpec("P")


def published_endpoint(view: Callable[Concatenate[RequestContext, P], Json | Response]) -> Callable[Concatenate[Query, P], Response]:
    """Turn a view of the published record, which returns JSON or a response, into an endpoint of the API."""
    return published_read(view, _render_body)


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
