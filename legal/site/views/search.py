"""Show the results of a search."""

from flask import Blueprint
from marshmallow import fields, validate

from legal.http.query_params import SnapshotQuery
from legal.http.reads import RequestContext
from legal.json_types import Json
from legal.queries.core.pagination import Paging
from legal.queries.record import jurisdictions
from legal.queries.search import search_record
from legal.rules.sentences.reading import find_named_day
from legal.schemas.base import TermField, TextField
from legal.schemas.search import SEARCHABLE_ENTITIES
from legal.site.pages import page_endpoint
from legal.site.paging import next_page_path

blueprint = Blueprint("search", __name__)

_ROWS_ON_A_PAGE = 30


class SearchPageQuery(SnapshotQuery):
    """The parameters of the search page; without ``q`` it shows only the box."""

    q = TextField(200)
    noun = TermField(SEARCHABLE_ENTITIES)
    cursor = fields.String(validate=validate.Length(max=2000))


@blueprint.get("/search")
@page_endpoint("search.html", SearchPageQuery)
def show_search(ctx: RequestContext) -> Json:
    """Show what matches the words, best first."""
    by_code = {row["code"]: row for row in jurisdictions.load_jurisdictions(ctx.session, ctx.snapshot)}
    if "q" not in ctx.query:
        return {"query": None, "by_code": by_code}
    filters = {"q": ctx.query["q"], **({"noun": [ctx.query["noun"]]} if "noun" in ctx.query else {})}
    rows, page, search_meta = search_record(
        ctx.session, ctx.snapshot, filters, Paging(_ROWS_ON_A_PAGE, "relevance", start_after=ctx.start_after)
    )
    return {
        "query": ctx.query["q"],
        "named_day": find_named_day(ctx.query["q"], ctx.snapshot.as_of),
        "by_code": by_code,
        "results": rows,
        "count": page.count,
        "places": search_meta["interpreted_as"]["places"],
        "ignored": search_meta["interpreted_as"]["ignored"],
        "next_path": next_page_path(ctx, page),
    }
