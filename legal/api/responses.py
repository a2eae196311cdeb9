"""Render the results of views in the format that a client asks for, and describe pages of lists."""

import functools
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Concatenate, ParamSpec
from urllib.parse import quote, urlencode

from flask import Response, current_app, request, stream_with_context
from marshmallow import Schema
from marshmallow.fields import Field
from werkzeug.datastructures import MIMEAccept
from werkzeug.exceptions import NotAcceptable

from legal.api.formats import tabular
from legal.http import cursors
from legal.http.reads import (
    Query,
    RequestContext,
    public_endpoint,
    published_read,
    redirect_to_canonical,
    redirect_trailing_slash,
    with_cache_headers,
    with_etag,
)
from legal.json_types import Json
from legal.queries.core.pagination import CursorPosition, Page

__all__ = [
    "Query",
    "RequestContext",
    "Table",
    "list_envelope",
    "public_endpoint",
    "published_endpoint",
    "redirect_to_canonical",
    "redirect_trailing_slash",
    "with_cache_headers",
    "with_etag",
    "with_table",
]

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a result, which every format can show.

    ``body_key`` is the key of the JSON body that holds them; null if the body has them in another shape. A page of a list also
    has the number of matches on all pages, and the row that the next page starts after.
    """

    rows: Sequence[Json]
    row_schema: type[Schema]
    body_key: str | None
    count: int | None = None
    next_position: CursorPosition | None = None


def published_endpoint(view: Callable[Concatenate[RequestContext, P], Json | Response]) -> Callable[Concatenate[Query, P], Response]:
    """Turn a view of the published record, which returns JSON or a response, into an endpoint of the API.

    A download of a list calls the view once for each 1,000 rows.
    """
    return published_read(view, _render_body, _choose_format)


def list_envelope(ctx: RequestContext, filters: Json, results: Sequence[Json], page: Page, row_schema: type[Schema]) -> Json:
    """Return the body of a list."""
    next_cursor = next_url = None
    if page.next_position:
        parameters = [(name, value) for name, value in request.args.items(multi=True) if name != "cursor"]
        next_cursor = cursors.issue_cursor(page.next_position, ctx.rows_before + len(results), ctx.snapshot, ctx.query)
        next_url = f"{ctx.link_base}{quote(request.path)}?{urlencode([*parameters, ('cursor', next_cursor)])}"
    body = {
        "results": list(results),
        "count": page.count,
        "next": next_url,
        "next_cursor": next_cursor,
        **({"facets": page.facets} if page.facets else {}),
        "meta": {**ctx.snapshot.meta_json(), "filters": filters},
    }
    return with_table(body, Table(results, row_schema, "results", page.count, page.next_position))


def with_table(body: Json, table: Table) -> Json:
    """Return a body with its rows as a table, for formats other than JSON. The table is removed when the body is rendered."""
    return {**body, "table": table}


def _choose_format(query: Query) -> str:
    """Return the format of the response, by the parameter ``format`` or the Accept header; JSON if there is no other."""
    if "bom" not in query:
        return "json"
    return str(query.get("format") or _negotiate_format(tuple(tabular.MEDIA_TYPES)))


def _render_body(body: Json, ctx: RequestContext, load_page_after: Callable[[CursorPosition], Json]) -> Response:
    table: Table | None = body.pop("table", None)
    if table is None:
        _negotiate_format(("json",))
        return with_cache_headers(_json_response(body), ctx)
    fields = tabular.check_fields(ctx.query["fields_"], _schema_instance(table.row_schema)) if "fields_" in ctx.query else None
    if ctx.is_download and table.next_position:
        pages = _iterate_pages(table, load_page_after)
        response = _render_table(stream_with_context(_encode_pages(pages, table.row_schema, fields, ctx)), table, ctx)
        return with_cache_headers(response, ctx, _download_etag(ctx))
    if ctx.format_name == "json":
        if fields is not None and table.body_key:
            body[table.body_key] = [tabular.pick_fields(row, fields) for row in table.rows]
        response = _json_response(body)
    else:
        response = _render_table(b"".join(_encode_pages([table.rows], table.row_schema, fields, ctx)), table, ctx)
    if body.get("next"):
        response.headers["Link"] = f'<{body["next"]}>; rel="next"'
    return with_cache_headers(response, ctx)


def _json_response(body: Json) -> Response:
    return Response(tabular.encode_json(body), mimetype=tabular.MEDIA_TYPES["json"])


@functools.cache
def _schema_instance(schema_class: type[Schema]) -> Schema:
    return schema_class()


def _iterate_pages(table: Table, load_page_after: Callable[[CursorPosition], Json]) -> Iterator[Sequence[Json]]:
    yield table.rows
    while table.next_position:
        table = load_page_after(table.next_position)["table"]
        yield table.rows


def _encode_pages(
    pages: Iterable[Sequence[Json]], row_schema: type[Schema], fields: Sequence[str] | None, ctx: RequestContext
) -> Iterator[bytes]:
    """Yield the rows of all pages in the format of the response, in chunks."""
    columns = _select_columns(_schema_instance(row_schema), fields)
    if fields is not None:
        pages = ([tabular.pick_fields(row, fields) for row in rows] for rows in pages)
    if ctx.format_name == "xlsx":
        from legal.api.formats import xlsx  # noqa: PLC0415 - xlsxwriter is imported when somebody asks for a workbook, not at start

        yield from xlsx.encode_xlsx(chain.from_iterable(pages), columns, ctx.snapshot.known_at)
    elif ctx.format_name == "ndjson":
        yield from map(tabular.encode_ndjson, pages)
    else:
        # An empty chunk would end the response, so the mark and the header are sent as one.
        yield (tabular.BYTE_ORDER_MARK if ctx.query["bom"] else b"") + tabular.encode_csv((), list(columns))
        yield from (tabular.encode_csv(rows, list(columns), with_header=False) for rows in pages)


def _select_columns(schema: Schema, fields: Sequence[str] | None) -> dict[str, Field[Any]]:
    columns = tabular.flat_fields(schema)
    if fields is None:
        return columns
    # A field selects its nested columns, or the column of the list that contains it.
    return {
        column: column_field
        for column, column_field in columns.items()
        if any(f"{column}.".startswith(f"{field}.") or field.startswith(f"{column}.") for field in fields)
    }


def _render_table(content: bytes | Iterator[bytes], table: Table, ctx: RequestContext) -> Response:
    content_type = tabular.CSV_CONTENT_TYPE if ctx.format_name == "csv" else tabular.MEDIA_TYPES[ctx.format_name]
    response = Response(content, content_type=content_type)
    file_name = tabular.content_disposition(request.path, ctx.snapshot, ctx.format_name, _describe_part(table, ctx))
    response.headers["Content-Disposition"] = file_name
    return response


def _describe_part(table: Table, ctx: RequestContext) -> str | None:
    """Return which rows of a list the response has, for its file name, such as ``rows-51-100-of-1274``; null for all rows."""
    if table.count is None or (ctx.is_download and not ctx.rows_before):
        return None
    if not table.rows:
        return f"rows-0-of-{table.count}"
    last_row = table.count if ctx.is_download else ctx.rows_before + len(table.rows)
    return f"rows-{ctx.rows_before + 1}-{last_row}-of-{table.count}"


def _download_etag(ctx: RequestContext) -> str:
    """Return an ETag before the rows are read, from everything that they depend on: the request, the snapshot and the release."""
    parameters = sorted((name, str(value)) for name, value in ctx.query.items())
    release = hashlib.sha256(current_app.extensions["description"]()).hexdigest()
    inputs = [request.path, ctx.format_name, parameters, ctx.snapshot.meta_json(), release]
    return hashlib.sha256(tabular.encode_json(inputs)).hexdigest()[:32]


def _negotiate_format(offered_formats: Sequence[str]) -> str:
    if not request.headers.get("Accept"):
        return "json"
    # Parameters such as a charset do not matter for the choice of a format.
    accepted_types = MIMEAccept([(media_type.split(";")[0].strip(), quality) for media_type, quality in request.accept_mimetypes])
    media_types = {tabular.MEDIA_TYPES[format_name]: format_name for format_name in offered_formats}
    best_media_type = accepted_types.best_match(list(media_types))
    if best_media_type is None:
        raise NotAcceptable(f"Available formats: {', '.join(media_types)}.")
    return media_types[best_media_type]
