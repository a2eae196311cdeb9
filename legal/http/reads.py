"""Turn views of the published record into endpoints: resolve the snapshot, call the view, and set the cache headers."""

import functools
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import quote, urlencode

from flask import Response, current_app, redirect, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from legal.db.engine import Database
from legal.errors import EpochMismatch, Gone, NotFound, NotReady
from legal.http import cursors
from legal.queries.core.pagination import CursorPosition, Paging
from legal.queries.core.snapshot import Snapshot, resolve_snapshot
from legal.rules.posture import RULE_PACK

P = ParamSpec("P")
T = TypeVar("T")
Query = Mapping[str, Any]

_CACHE_CONTROL = "public, max-age=60, stale-while-revalidate=600, stale-if-error=86400"
PINNED_CACHE_CONTROL = "public, max-age=31536000, immutable"
"""The caching of what never changes at its address."""
_PARAMETERS_OF_EPOCH = frozenset({"epoch", "revision", "known_at", "cursor"})
"""Parameters that mean something only in the epoch that they come from."""
_DOWNLOAD_PAGE_ROWS = 1000
"""How many rows of a download are read and held in memory at a time."""


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
        """Return whether the request gives ``as_of``, ``revision`` and ``rules``, so that its response never changes in this epoch."""
        return all(self.query.get(name) is not None for name in ("as_of", "revision", "rules"))

    @property
    def link_base(self) -> str:
        """Return what links start with: the public address that the operator has set, or nothing."""
        return str(current_app.config["LINK_BASE"])

    @property
    def etag_prefix(self) -> str:
        """Return what ETags of the record start with: the epoch. No tag of an earlier epoch matches then."""
        return f"{self.snapshot.epoch}-"


def published_read(
    view: Callable[Concatenate[RequestContext, P], T | Response],
    render: Callable[[T, RequestContext, Callable[[CursorPosition], T]], Response],
    choose_format: Callable[[Query], str] = lambda _: "json",
) -> Callable[Concatenate[Query, P], Response]:
    """Turn a view of the published record into an endpoint that is open to everyone.

    The view reads one snapshot in one session. It returns a response with its cache headers, or what ``render`` turns into one.
    ``render`` also gets a function that calls the view again for the page after a position, with a session of its own, so
    that a slow client of a long download holds no connection.
    """

    def endpoint(query: Query, /, *args: P.args, **kwargs: P.kwargs) -> Response:
        if any("\0" in str(value) for value in kwargs.values()):
            raise NotFound("Path contains a NUL byte.")  # PostgreSQL raises an error on NUL in a text value.
        _check_rule_pack(query)
        format_name = choose_format(query)
        database: Database = current_app.extensions["database"]
        cursor = cursors.redeem_cursor(query["cursor"], query) if "cursor" in query else None

        def load_first_page(session: Session) -> tuple[RequestContext, T | Response]:
            if cursor:
                snapshot = _snapshot_of_epoch(session, cursor.as_of, cursor.revision, None, cursor.epoch)
                ctx = RequestContext(session, snapshot, query, format_name, cursor.position, cursor.rows_before)
            else:
                snapshot = _snapshot_of_epoch(session, *(query.get(name) for name in ("as_of", "revision", "known_at", "epoch")))
                ctx = RequestContext(session, snapshot, query, format_name)
            return ctx, view(ctx, *args, **kwargs)

        ctx, result = database.read(load_first_page)

        def load_page_after(position: CursorPosition) -> T:
            def load_page(session: Session) -> T:
                # Another revision may be the newest by now.
                snapshot = _resolve_same_history(session, ctx.snapshot)
                next_ctx = replace(ctx, session=session, snapshot=snapshot, start_after=position)
                return view(next_ctx, *args, **kwargs)  # type: ignore[return-value]

            return database.read(load_page)

        return result if isinstance(result, Response) else render(result, ctx, load_page_after)

    endpoint.access = "published"  # type: ignore[attr-defined]
    return functools.update_wrapper(endpoint, view)


def _snapshot_of_epoch(
    session: Session, as_of: date | None, revision: int | None, known_at: datetime | None, epoch: str | None
) -> Snapshot:
    """Return the snapshot that a request asks for.

    Raises:
        Gone: the epoch is not the present one. The present address is that of the newest revision, on the same day.
    """
    try:
        return resolve_snapshot(session, as_of, revision, known_at, epoch)
    except EpochMismatch as error:
        parameters = [(name, value) for name, value in request.args.items(multi=True) if name not in _PARAMETERS_OF_EPOCH]
        query_string = f"?{urlencode(parameters)}" if parameters else ""
        raise Gone(str(error), f"{quote(request.path)}{query_string}") from error


def _check_rule_pack(query: Query) -> None:
    rule_pack = query.get("rules", RULE_PACK)
    if rule_pack != RULE_PACK:
        parameters = urlencode([(name, RULE_PACK if name == "rules" else value) for name, value in request.args.items(multi=True)])
        raise Gone(
            f"This service does not carry rule pack {rule_pack}. It carries pack {RULE_PACK}.", f"{quote(request.path)}?{parameters}"
        )


def _resolve_same_history(session: Session, snapshot: Snapshot) -> Snapshot:
    """Resolve the snapshot that a download began with again, in another session.

    Raises:
        NotReady: a backup was restored, or the database file was replaced. The download is cut off.
    """
    try:
        same_snapshot = resolve_snapshot(session, snapshot.as_of, snapshot.revision, None, snapshot.epoch)
    except (EpochMismatch, NotFound):
        same_snapshot = None
    if same_snapshot is None or replace(same_snapshot, newest=snapshot.newest, newest_at=snapshot.newest_at) != snapshot:
        raise NotReady("The record was replaced during this download. Start it again.")
    return same_snapshot


def public_endpoint(view: Callable[P, T]) -> Callable[P, T]:
    """Mark a view as open to everyone and not part of the published record."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def redirect_to_canonical(path: str) -> Response:
    """Redirect permanently (308) to the canonical path of a resource, with the request's query string."""
    query_string = request.query_string.decode("ascii", "replace")
    return redirect(f"{path}?{query_string}" if query_string else path, 308, Response)  # type: ignore[return-value]  # redirect returns the given class


def redirect_trailing_slash() -> Response | None:
    """Redirect a path with a trailing slash to the path without it, if only the latter exists."""
    path = request.path.rstrip("/")
    if path == request.path or not path:
        return None
    try:
        current_app.create_url_adapter(request).match(path)  # type: ignore[union-attr]  # there is one during a request
    except HTTPException:
        return None
    return redirect_to_canonical(quote(path))


def with_cache_headers(response: Response, ctx: RequestContext, etag: str | None = None) -> Response:
    """Return a response of the published record with its cache headers. ``etag`` defaults to a hash of the body."""
    response.headers["Data-Revision"] = str(ctx.snapshot.revision)
    tag = f"{ctx.etag_prefix}{etag or _body_hash(response)}"
    return with_etag(response, PINNED_CACHE_CONTROL if ctx.is_pinned else _CACHE_CONTROL, tag)


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
