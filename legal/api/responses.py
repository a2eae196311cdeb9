"""Turn views into endpoints: resolve the snapshot, call the view, render its result, and set the cache headers."""

import functools
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import quote, urlencode

from flask import Response, current_app, redirect, request, stream_with_context
from marshmallow import Schema
from marshmallow.fields import Field
from sqlalchemy.orm import Session
from werkzeug.datastructures import MIMEAccept
from werkzeug.exceptions import HTTPException, NotAcceptable

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
_DOWNLOAD_PAGE_ROWS = 1000
"""How many rows of a download are read and held in memory at a time."""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a result, which can be had in every format.

    ``body_key`` is the key of the JSON body that holds them; null if the body has them in another shape. A page of a list also
    has the number of matches on all pages, and the row that the next page starts after.
    """

    rows: Sequence[Json]
    row_schema: type[Schema]
    body_key: str | None
    count: int | None = None
    next_position: CursorPosition | None = None


@dataclass(frozen=True, slots=True)
class RequestContext:
    """The context of a request: its session, its snapshot, its parsed query parameters and the format of its response.

    ``start_after`` is the last row of the previous page, from the request's cursor, and ``rows_before`` the number of rows up
    to that one.
    """

    session: Session
    snapshot: Snapshot
    query: Query
    format_name: str = "json"
    start_after: CursorPosition | None = None
    rows_before: int = 0

    @property
    def paging(self) -> Paging:
        """Return the page that the request asks for."""
        sort = self.query["sort"]
        facets = tuple(self.query.get("facets", ())) if self.format_name == "json" else ()
        limit = _DOWNLOAD_PAGE_ROWS if self.is_download else self.query["limit"]
        return Paging(limit, sort.removeprefix("-"), sort.startswith("-"), self.start_after, facets)

    @property
    def is_download(self) -> bool:
        """Return whether the response has every row of a list: it is not JSON, and the client has not given a limit."""
        return self.format_name != "json" and "limit" in self.query and "limit" not in request.args

    @property
    def is_pinned(self) -> bool:
        """Return whether the request gives ``as_of``, ``revision`` and ``rules``, so that its response never changes."""
        return all(self.query.get(name) is not None for name in ("as_of", "revision", "rules"))

    @property
    def link_base(self) -> str:
        """Return what links start with: the public address that the operator has set, or nothing."""
        return str(current_app.config["LINK_BASE"])


def published_endpoint(view: Callable[Concatenate[RequestContext, P], Json | Response]) -> Callable[Concatenate[Query, P], Response]:
    """Turn a view of the published record into an endpoint that is open to everyone.

    The view reads a single snapshot in a single session. It returns a JSON object, or a response that has its cache
    headers. A download of a list calls the view once for each 1,000 rows.
    """

    def endpoint(query: Query, /, *args: P.args, **kwargs: P.kwargs) -> Response:
        if any("\0" in str(value) for value in kwargs.values()):
            raise NotFound("Path contains a NUL byte.")  # PostgreSQL raises an error on NUL in a text value.
        _check_rule_pack(query)
        format_name = _choose_format(query)
        database: Database = current_app.extensions["database"]
        cursor = cursors.redeem_cursor(query["cursor"], query) if "cursor" in query else None
        with database.reading() as session:
            if cursor:
                snapshot = resolve_snapshot(session, cursor.as_of, cursor.revision)
                ctx = RequestContext(session, snapshot, query, format_name, cursor.position, cursor.rows_before)
            else:
                snapshot = resolve_snapshot(session, query.get("as_of"), query.get("revision"), query.get("known_at"))
                ctx = RequestContext(session, snapshot, query, format_name)
            result = view(ctx, *args, **kwargs)

        def load_next_page(position: CursorPosition) -> Table:
            # Each page has a session of its own, so that a slow client holds no connection.
            with database.reading() as session:
                table: Table = view(replace(ctx, session=session, start_after=position), *args, **kwargs)["table"]  # type: ignore[index]
            return table

        return result if isinstance(result, Response) else _render_body(result, ctx, load_next_page)

    endpoint.access = "published"  # type: ignore[attr-defined]
    return functools.update_wrapper(endpoint, view)


def _check_rule_pack(query: Query) -> None:
    rule_pack = query.get("rules", RULE_PACK)
    if rule_pack != RULE_PACK:
        parameters = urlencode([(name, RULE_PACK if name == "rules" else value) for name, value in request.args.items(multi=True)])
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


def redirect_trailing_slash() -> Response | None:
    """Redirect a path that exists only without its trailing slash to the one without."""
    path = request.path.rstrip("/")
    if path == request.path or not path:
        return None
    try:
        current_app.create_url_adapter(request).match(path)  # type: ignore[union-attr]  # there is one during a request
    except HTTPException:
        return None
    return redirect_to_canonical(quote(path))


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
    """Return the format of the response, by the parameter ``format`` or the Accept header; JSON where there is no other."""
    if "bom" not in query:
        return "json"
    return str(query.get("format") or _negotiate_format(tuple(tabular.MEDIA_TYPES)))


def _render_body(body: Json, ctx: RequestContext, load_next_page: Callable[[CursorPosition], Table]) -> Response:
    table: Table | None = body.pop("table", None)
    if table is None:
        _negotiate_format(("json",))
        return with_cache_headers(_json_response(body), ctx)
    fields = tabular.check_fields(ctx.query["fields_"], _schema_instance(table.row_schema)) if "fields_" in ctx.query else None
    if ctx.is_download and table.next_position:
        pages = _iterate_pages(table, load_next_page)
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


def _iterate_pages(table: Table, load_next_page: Callable[[CursorPosition], Table]) -> Iterator[Sequence[Json]]:
    yield table.rows
    while table.next_position:
        table = load_next_page(table.next_position)
        yield table.rows


def _encode_pages(
    pages: Iterable[Sequence[Json]], row_schema: type[Schema], fields: Sequence[str] | None, ctx: RequestContext
) -> Iterator[bytes]:
    """Yield the rows of all pages in the format of the response, in chunks."""
    columns = _select_columns(_schema_instance(row_schema), fields)
    if fields is not None:
        pages = ([tabular.pick_fields(row, fields) for row in rows] for rows in pages)
    if ctx.format_name == "xlsx":
        yield from xlsx.encode_xlsx(chain.from_iterable(pages), columns, ctx.snapshot.known_at)
    elif ctx.format_name == "ndjson":
        yield from map(tabular.encode_ndjson, pages)
    else:
        # An empty chunk would end the response, so that the mark and the header are one.
        yield (tabular.BYTE_ORDER_MARK if ctx.query["bom"] else b"") + tabular.encode_csv((), list(columns))
        yield from (tabular.encode_csv(rows, list(columns), with_header=False) for rows in pages)


def _select_columns(schema: Schema, fields: Sequence[str] | None) -> dict[str, Field[Any]]:
    columns = tabular.flat_fields(schema)
    if fields is None:
        return columns
    # A field selects the columns below it, and the column of a list above it.
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
