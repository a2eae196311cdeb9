"""Serve agencies."""

from legal.api.query_params import Blueprint, ListQuery, SnapshotQuery, facets_parameter, sort_parameter
from legal.api.responses import RequestContext, list_envelope, published_endpoint
from legal.api.shared_filters import jurisdiction_filter, resolve_filters, search_text_filter
from legal.json_types import Json
from legal.queries.rosters import agencies
from legal.schemas.agreement import EXAMPLE_AGENCY, AgencyDetailSchema, AgencyPage, AgencySchema

blueprint = Blueprint("agencies", __name__, description="Law enforcement agencies that ICE's rosters name.")


class AgencyQuery(ListQuery):
    """The parameters of the list of agencies."""

    jurisdiction = jurisdiction_filter()
    q = search_text_filter()
    facets = facets_parameter(agencies.FACETS)
    sort = sort_parameter(agencies.SORTS, default="id")


@blueprint.read_endpoint("/v1/agencies", query_schema=AgencyQuery, response_schema=AgencyPage, operation_id="listAgencies")
@published_endpoint
def list_agencies(ctx: RequestContext) -> Json:
    """List the agencies on all rosters published by the requested day, whether or not they have an active agreement"""
    filters = resolve_filters(ctx)
    rows, page = agencies.list_agencies(ctx.session, ctx.snapshot, filters, ctx.paging)
    return list_envelope(ctx, filters, rows, page, AgencySchema)


@blueprint.read_endpoint(
    "/v1/agencies/<id>",
    query_schema=SnapshotQuery,
    response_schema=AgencyDetailSchema,
    operation_id="getAgency",
    path_example={"id": EXAMPLE_AGENCY},
)
@published_endpoint
def get_agency(ctx: RequestContext, id: str) -> Json:
    """Get an agency, with all its names and all its agreements over time"""
    return {**agencies.get_agency(ctx.session, ctx.snapshot, id), "meta": ctx.snapshot.meta_json()}
