"""Serve full-text search."""

from legal.api.query_params import Blueprint, ListQuery, TermList
from legal.api.responses import RequestContext, list_envelope, published_endpoint
from legal.api.shared_filters import jurisdiction_filter, resolve_filters
from legal.json_types import Json
from legal.queries.search import search_record
from legal.schemas.base import TermField, TextField
from legal.schemas.search import SEARCHABLE_ENTITIES, FoundSchema, SearchPage

blueprint = Blueprint("search", __name__, description="Full-text search of the record.")


class SearchQuery(ListQuery):
    """The parameters of the search."""

    q = TextField(
        max_length=200,
        min_length=1,
        required=True,
        metadata={
            "description": (
                "Search text. All words must occur, in any grammatical form; common small words are ignored. Words in double quotes must occur as a phrase. "
                "The name of a jurisdiction may be misspelled; results about that jurisdiction come first. There are no operators."
            ),
            "example": 'Virgina "county jails"',
        },
    )
    noun = TermList(SEARCHABLE_ENTITIES, example="measure")
    jurisdiction = jurisdiction_filter()
    sort = TermField(
        ("relevance",), load_default="relevance", metadata={"description": "Best match first. Equal scores are sorted by type and id."}
    )


@blueprint.read_endpoint("/v1/search", query_schema=SearchQuery, response_schema=SearchPage, operation_id="search")
@published_endpoint
def search(ctx: RequestContext) -> Json:
    """Search measures, figures and documents, best match first, with the matched words marked"""
    filters = resolve_filters(ctx)
    rows, page, search_meta = search_record(ctx.session, ctx.snapshot, filters, ctx.paging)
    envelope = list_envelope(ctx, filters, rows, page, FoundSchema)
    return {**envelope, "meta": {**envelope["meta"], **search_meta}}
