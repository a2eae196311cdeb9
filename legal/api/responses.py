"""Published answers: the moment resolved, the question put, the rows rendered, the caches told."""

import functools
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import urlencode

from flask import Response, current_app, redirect, request
from marshmallow import Schema
from sqlalchemy.orm import Session
from werkzeug.datastructures import MIMEAccept
from werkzeug.exceptions import NotAcceptable

from legal.api import cursors
from legal.api import filters as api_filters
from legal.api.formats import tabular, xlsx
from legal.db.engine import Database
from legal.errors import NotFound
from legal.json_types import Json
from legal.queries.core import snapshot
from legal.queries.core.pagination import Page, Paging, Place
from legal.queries.core.snapshot import Snapshot
from legal.queries.record import documents, jurisdictions

P = ParamSpec("P")
T = TypeVar("T")
Query = Mapping[str, Any]

FRESH = "public, max-age=60, stale-while-revalidate=600, stale-if-error=86400"
PINNED = "public, max-age=31536000, immutable"
NOT_FILTERS = frozenset({"as_of", "revision", "known_at", "limit", "cursor", "fields_", "format", "sort", "facets"})


@dataclass(frozen=True, slots=True)
class RequestContext:
    """What a request asks: its session, its moment, its parameters, and where in a list it stands."""

    session: Session
    moment: Snapshot
    query: Query
    after: Place | None

    @property
    def paging(self) -> Paging:
        """How the list is to be walked."""
        sort = self.query["sort"]
        return Paging(self.query["limit"], sort.removeprefix("-"), sort.startswith("-"), self.after, tuple(self.query.get("facets", ())))

    @property
    def pinned(self) -> bool:
        """Whether both clocks are given, so that the answer never changes again."""
        return self.query.get("as_of") is not None and self.query.get("revision") is not None

    def filters(self) -> Json:
        """The filters that narrow the list, each checked to name something that exists.

        Raises:
            InvalidInput: one names a jurisdiction or a document that does not exist.
        """
        plain = {name: value for name, value in self.query.items() if name not in NOT_FILTERS}
        if "jurisdiction" in plain:
            chosen = jurisdictions.chosen(self.session, plain["jurisdiction"], "jurisdiction")
            plain["jurisdiction"] = [place["code"] for place in chosen]
        if "document" in plain:
            documents.existing(self.session, self.moment, plain["document"])
        if "county_fips" in plain:
            api_filters.existing(plain["county_fips"])
        return plain


def published(view: Callable[Concatenate[RequestContext, P], Json | Response]) -> Callable[Concatenate[Query, P], Response]:
    """A read of the published record, open to everybody: one session, one moment, an answer that caches can keep."""

    def answer(query: Query, /, *args: P.args, **kwargs: P.kwargs) -> Response:
        if any("\0" in str(named) for named in kwargs.values()):
            raise NotFound("Nothing has a name with a NUL in it.")  # PostgreSQL would not even look
        database: Database = current_app.extensions["database"]
        after = cursors.redeem(query["cursor"], query) if "cursor" in query else None
        with database.reading() as session:
            if after:
                moment, place = snapshot.resolve(session, after[1], after[0]), after[2]
            else:
                moment, place = snapshot.resolve(session, query.get("as_of"), query.get("revision"), query.get("known_at")), None
            ask = RequestContext(session, moment, query, place)
            made = view(ask, *args, **kwargs)
        return made if isinstance(made, Response) else kept(_rendered(made, ask), ask)

    answer.access = "published"  # type: ignore[attr-defined]
    return functools.update_wrapper(answer, view)


def public(view: Callable[P, T]) -> Callable[P, T]:
    """Open to everybody, and not part of the published record."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def canonical(path: str) -> Response:
    """A redirect for good (308) to the one address that a thing has, query string kept."""
    query = request.query_string.decode("ascii", "replace")
    return redirect(f"{path}?{query}" if query else path, 308, Response)  # type: ignore[return-value]  # it is of the class given


def listing(ask: RequestContext, filters: Json, results: Sequence[Json], page: Page, schema: type[Schema]) -> Json:
    """The envelope of a list; ``shape`` is taken off again before it is sent."""
    following = None
    if page.next:
        given = {key: value for key, value in request.args.items() if key != "cursor"}
        following = f"{request.path}?{urlencode({**given, 'cursor': cursors.issue(page.next, ask.moment, ask.query)})}"
    meta = {**ask.moment.meta(), "filters": filters}
    facets = {"facets": page.facets} if page.facets else {}
    return {"results": list(results), "count": page.count, "next": following, **facets, "meta": meta, "shape": schema}


def _rendered(body: Json, ask: RequestContext) -> Response:
    query = ask.query
    schema = body.pop("shape", None)
    if schema is None:
        _negotiated(("json",), None)
        return Response(tabular.json(body), mimetype="application/json")
    shape = _made(schema)
    form = _negotiated(tuple(tabular.MEDIA), query.get("format"))
    if "fields_" in query:
        wanted = tabular.chosen(query["fields_"], shape)
        body["results"] = [tabular.picked(row, wanted) for row in body["results"]]
    if form in ("csv", "xlsx"):
        all_columns = tabular.columns(shape)
        columns = (
            all_columns
            if "fields_" not in query
            else [c for c in all_columns if any(f"{c}.".startswith(f"{w}.") or w.startswith(f"{c}.") for w in wanted)]
        )
        if form == "csv":
            made = Response(tabular.csv_table(body["results"], columns), content_type=tabular.CSV_TYPE)
        else:
            made = Response(xlsx.table(body["results"], columns, ask.moment.known_at), content_type=tabular.MEDIA["xlsx"])
        made.headers["Content-Disposition"] = tabular.attachment(request.path, ask.moment.revision, ask.moment.as_of.isoformat(), form)
    elif form == "ndjson":
        made = Response(tabular.ndjson(body["results"]), mimetype=tabular.MEDIA["ndjson"])
    else:
        made = Response(tabular.json(body), mimetype="application/json")
    if body["next"]:
        made.headers["Link"] = f'<{body["next"]}>; rel="next"'
    return made


@functools.cache
def _made(schema: type[Schema]) -> Schema:
    return schema()


def _negotiated(offered: Sequence[str], asked: str | None) -> str:
    if asked:
        return asked
    if not request.headers.get("Accept"):
        return "json"
    # A parameter such as a charset says nothing about which of our formats is wanted.
    wishes = MIMEAccept([(wish.split(";")[0].strip(), quality) for wish, quality in request.accept_mimetypes])
    best = wishes.best_match([tabular.MEDIA[form] for form in offered])
    if best is None:
        raise NotAcceptable(f"This answer can be had as {', '.join(tabular.MEDIA[form] for form in offered)}.")
    return next(form for form in offered if tabular.MEDIA[form] == best)


def kept(made: Response, ask: RequestContext, tag: str | None = None) -> Response:
    """A published answer with what caches need; ``tag`` is its ETag where that is known before the body is made."""
    made.headers["Data-Revision"] = str(ask.moment.revision)
    return cacheable(made, PINNED if ask.pinned else FRESH, tag)


def cacheable(made: Response, control: str = FRESH, tag: str | None = None) -> Response:
    """An answer with what caches need, and 304 where the client has it already."""
    made.headers["Cache-Control"] = control
    made.vary.update(("Accept", "Accept-Encoding"))
    # Weak: the same answer in another compression is the same answer.
    made.set_etag(tag or hashlib.sha256(made.get_data() + (made.content_type or "").encode()).hexdigest()[:32], weak=True)
    made.make_conditional(request)
    return made
