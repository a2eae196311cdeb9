"""Published answers: the moment resolved, the question put, the rows rendered, the caches told."""

import functools
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import urlencode

from flask import Response, current_app, request
from marshmallow import Schema
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotAcceptable

from legal.api import cursors, formats
from legal.database import Database
from legal.queries import documents, jurisdictions, moments
from legal.queries.moments import Moment
from legal.queries.paging import Page, Paging, Place

P = ParamSpec("P")
T = TypeVar("T")
Json = dict[str, Any]
Query = Mapping[str, Any]

FRESH = "public, max-age=60, stale-while-revalidate=600, stale-if-error=86400"
PINNED = "public, max-age=31536000, immutable"
NOT_FILTERS = frozenset({"as_of", "revision", "known_at", "limit", "cursor", "fields_", "format", "sort"})


@dataclass(frozen=True, slots=True)
class Ask:
    """What a request asks: its session, its moment, its parameters, and where in a list it stands."""

    session: Session
    moment: Moment
    query: Query
    after: Place | None

    @property
    def paging(self) -> Paging:
        """How the list is to be walked."""
        sort = self.query["sort"]
        return Paging(self.query["limit"], sort.removeprefix("-"), sort.startswith("-"), self.after)

    def filters(self) -> Json:
        """The filters that narrow the list, each checked to name something that exists.

        Raises:
            InvalidInput: one names a jurisdiction or a document that does not exist.
        """
        plain = {name: value for name, value in self.query.items() if name not in NOT_FILTERS}
        if "jurisdiction" in plain:
            plain["jurisdiction"] = jurisdictions.codes(self.session, plain["jurisdiction"])
        if "document" in plain:
            documents.existing(self.session, self.moment, plain["document"])
        return plain


def published(view: Callable[Concatenate[Ask, P], Json | Response]) -> Callable[Concatenate[Query, P], Response]:
    """A read of the published record, open to everybody: one session, one moment, an answer that caches can keep."""

    def answer(query: Query, /, *args: P.args, **kwargs: P.kwargs) -> Response:
        database: Database = current_app.extensions["database"]
        after = cursors.redeem(query["cursor"], query) if "cursor" in query else None
        with database.reading() as session:
            if after:
                moment, place = moments.resolve(session, after[1], after[0]), after[2]
            else:
                moment, place = moments.resolve(session, query.get("as_of"), query.get("revision"), query.get("known_at")), None
            made = view(Ask(session, moment, query, place), *args, **kwargs)
        if isinstance(made, Response):
            return made
        pinned = query.get("as_of") is not None and query.get("revision") is not None
        return _kept(_rendered(made, query), moment, pinned)

    answer.access = "published"  # type: ignore[attr-defined]
    return functools.update_wrapper(answer, view)


def public(view: Callable[P, T]) -> Callable[P, T]:
    """Open to everybody, and not part of the published record."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def listing(ask: Ask, filters: Json, results: Sequence[Json], page: Page, schema: type[Schema]) -> Json:
    """The envelope of a list; ``shape`` is taken off again before it is sent."""
    following = None
    if page.next:
        given = {key: value for key, value in request.args.items() if key != "cursor"}
        following = f"{request.path}?{urlencode({**given, 'cursor': cursors.issue(page.next, ask.moment, ask.query)})}"
    meta = {**ask.moment.meta(), "filters": filters}
    return {"results": list(results), "count": page.count, "next": following, "meta": meta, "shape": schema()}


def _rendered(body: Json, query: Query) -> Response:
    shape = body.pop("shape", None)
    if shape is None:
        _negotiated(("json",), None)
        return Response(formats.json(body), mimetype="application/json")
    form = _negotiated(("json", "csv", "ndjson"), query.get("format"))
    if "fields_" in query:
        wanted = formats.chosen(query["fields_"], shape)
        body["results"] = [formats.picked(row, wanted) for row in body["results"]]
    if form == "csv":
        all_columns = formats.columns(shape)
        columns = (
            all_columns if "fields_" not in query else [c for c in all_columns if any(c == w or c.startswith(f"{w}.") for w in wanted)]
        )
        made = Response(formats.csv_table(body["results"], columns), content_type="text/csv; charset=utf-8; header=present")
    elif form == "ndjson":
        made = Response(formats.ndjson(body["results"]), mimetype=formats.MEDIA["ndjson"])
    else:
        made = Response(formats.json(body), mimetype="application/json")
    if body["next"]:
        made.headers["Link"] = f'<{body["next"]}>; rel="next"'
    return made


def _negotiated(offered: Sequence[str], asked: str | None) -> str:
    if asked:
        return asked
    if not request.headers.get("Accept"):
        return "json"
    best = request.accept_mimetypes.best_match([formats.MEDIA[form] for form in offered])
    if best is None:
        raise NotAcceptable(f"This answer can be had as {', '.join(formats.MEDIA[form] for form in offered)}.")
    return next(form for form in offered if formats.MEDIA[form] == best)


def _kept(made: Response, moment: Moment, pinned: bool) -> Response:
    made.headers["Data-Revision"] = str(moment.revision)
    return cacheable(made, PINNED if pinned else FRESH)


def cacheable(made: Response, control: str = FRESH) -> Response:
    """An answer with what caches need, and 304 where the client has it already."""
    made.headers["Cache-Control"] = control
    made.vary.update(("Accept", "Accept-Encoding"))
    # Weak: the same answer in another compression is the same answer.
    digest = hashlib.sha256(made.get_data() + (made.content_type or "").encode()).hexdigest()[:32]
    made.set_etag(digest, weak=True)
    made.make_conditional(request)
    return made
