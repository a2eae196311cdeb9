"""Serve rosters: the list, a single roster row by row, and the comparison of two rosters."""

from legal.api.query_params import Blueprint, ListQuery, SnapshotQuery, TermList, facets_parameter, sort_parameter
from legal.api.responses import RequestContext, list_envelope, published_endpoint
from legal.api.shared_filters import resolve_filters
from legal.json_types import Json
from legal.queries.rosters import rosters
from legal.schemas.base import SlugField
from legal.schemas.roster import RosterDetailSchema, RosterDiffSchema, RosterPage, RosterSchema
from legal.vocabulary import RosterKind, RowOutcome

_PATH_EXAMPLE = {"id": "participating-2025-09-17-0a1b2c3d"}

blueprint = Blueprint("rosters", __name__, description="Rosters that ICE publishes, as imported.")


class RosterQuery(ListQuery):
    """The parameters of the list of rosters."""

    kind = TermList(RosterKind, example="participating")
    facets = facets_parameter(rosters.FACETS)
    sort = sort_parameter(rosters.SORTS, default="date")


class RosterRowsQuery(SnapshotQuery):
    """The parameters of one roster."""

    outcome = TermList(RowOutcome, example="set_aside", description="Only rows with one of these outcomes, separated by commas.")


class CompareRostersQuery(SnapshotQuery):
    """The parameters of a comparison of two rosters."""

    against = SlugField(
        required=True, metadata={"description": "Id of the roster to compare with.", "example": "participating-2025-05-16-4d5e6f70"}
    )


@blueprint.read_endpoint("/v1/rosters", query_schema=RosterQuery, response_schema=RosterPage, operation_id="listRosters")
@published_endpoint
def list_rosters(ctx: RequestContext) -> Json:
    """List rosters published by the requested day, oldest first"""
    filters = resolve_filters(ctx)
    rows, page = rosters.list_rosters(ctx.session, ctx.snapshot, filters, ctx.paging)
    return list_envelope(ctx, filters, rows, page, RosterSchema)


@blueprint.read_endpoint(
    "/v1/rosters/<id>",
    query_schema=RosterRowsQuery,
    response_schema=RosterDetailSchema,
    operation_id="getRoster",
    path_example=_PATH_EXAMPLE,
)
@published_endpoint
def get_roster(ctx: RequestContext, id: str) -> Json:
    """Get a roster row by row, with the values read, the repairs, and the reasons why rows were set aside"""
    filters = resolve_filters(ctx)
    roster = rosters.get_roster(ctx.session, ctx.snapshot, id, filters.get("outcome", ()))
    return {**roster, "meta": {**ctx.snapshot.meta_json(), "filters": filters}}


@blueprint.read_endpoint(
    "/v1/rosters/<id>/diff",
    query_schema=CompareRostersQuery,
    response_schema=RosterDiffSchema,
    operation_id="compareRosters",
    path_example=_PATH_EXAMPLE,
)
@published_endpoint
def compare_rosters(ctx: RequestContext, id: str) -> Json:
    """Compare two rosters of one kind: added, removed, re-dated and possibly renamed agencies"""
    comparison = rosters.compare_rosters(ctx.session, ctx.snapshot, id, ctx.query["against"])
    return {**comparison, "meta": ctx.snapshot.meta_json()}
