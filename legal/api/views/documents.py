"""Documents over HTTP."""

from legal.api.query_params import Blueprint, ListQuery, MomentQuery, faceting, search_text, sorting
from legal.api.responses import RequestContext, listing, published
from legal.json_types import Json
from legal.queries.record import documents
from legal.schemas.document import DocumentDetailSchema, DocumentPage, DocumentSchema

blueprint = Blueprint("documents", __name__, description="What was read, and what points into it.")


class DocumentQuery(ListQuery):
    """What the list of documents takes."""

    q = search_text()
    facets = faceting(("publisher",))
    sort = sorting(documents.SORTS, default="id")


@blueprint.read("/v1/documents", takes=DocumentQuery, gives=DocumentPage, named="listDocuments")
@published
def listed(ask: RequestContext) -> Json:
    """Documents that were read for the record"""
    filters = ask.filters()
    rows, page = documents.listed(ask.session, ask.moment, filters, ask.paging)
    return listing(ask, filters, rows, page, DocumentSchema)


@blueprint.read(
    "/v1/documents/<id>", takes=MomentQuery, gives=DocumentDetailSchema, named="getDocument", example={"id": "washington-times-2025-09-17"}
)
@published
def one(ask: RequestContext, id: str) -> Json:
    """One document, with all that cites it"""
    return {**documents.one(ask.session, ask.moment, id), "meta": ask.moment.meta()}
