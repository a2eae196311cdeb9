"""Serve documents."""

from legal.api.query_params import Blueprint, ListQuery, SnapshotQuery, facets_parameter, sort_parameter
from legal.api.responses import RequestContext, list_envelope, published_endpoint
from legal.api.shared_filters import resolve_filters, search_text_filter
from legal.json_types import Json
from legal.queries.record import documents
from legal.schemas.document import DocumentDetailSchema, DocumentPage, DocumentSchema

blueprint = Blueprint("documents", __name__, description="Source documents, and the measures and figures that cite them.")


class DocumentQuery(ListQuery):
    """The parameters of the list of documents."""

    q = search_text_filter()
    facets = facets_parameter(("publisher",))
    sort = sort_parameter(documents.SORTS, default="id")


@blueprint.read_endpoint("/v1/documents", query_schema=DocumentQuery, response_schema=DocumentPage, operation_id="listDocuments")
@published_endpoint
def list_documents(ctx: RequestContext) -> Json:
    """List the documents on file"""
    filters = resolve_filters(ctx)
    rows, page = documents.list_documents(ctx.session, ctx.snapshot, filters, ctx.paging)
    return list_envelope(ctx, filters, rows, page, DocumentSchema)


@blueprint.read_endpoint(
    "/v1/documents/<id>",
    query_schema=SnapshotQuery,
    response_schema=DocumentDetailSchema,
    operation_id="getDocument",
    path_example={"id": "washington-times-2025-09-17"},
)
@published_endpoint
def get_document(ctx: RequestContext, id: str) -> Json:
    """Get a document, with the measures and figures that cite it"""
    return {**documents.get_document(ctx.session, ctx.snapshot, id), "meta": ctx.snapshot.meta_json()}
