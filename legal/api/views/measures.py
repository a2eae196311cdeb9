"""Serve measures."""

from legal.api.query_params import Blueprint, Day, ListQuery, SnapshotQuery, TermList, facets_parameter, sort_parameter
from legal.api.responses import RequestContext, list_envelope, published_endpoint
from legal.api.shared_filters import document_filter, jurisdiction_filter, resolve_filters, search_text_filter
from legal.json_types import Json
from legal.queries.record import measures
from legal.schemas.measure import MEASURE_STATUSES, MeasureDetailSchema, MeasurePage, MeasureSchema
from legal.vocabulary import Direction, Kind, Stands

blueprint = Blueprint("measures", __name__, description="Legal instruments, proceedings and standing sets of agreements.")


class MeasureQuery(ListQuery):
    """The parameters of the list of measures."""

    jurisdiction = jurisdiction_filter()
    kind = TermList(Kind, example="ban")
    status = TermList(MEASURE_STATUSES, example="in_force")
    direction = TermList(Direction, example="limits_cooperation")
    stands = TermList(
        Stands,
        example="yes",
        description="Whether the measure is in effect on the requested day. One or more of these values, separated by commas.",
    )
    document = document_filter()
    effective_after = Day(
        metadata={
            "description": "Effective on or after this day. A month or a year matches if it includes such a day.",
            "example": "2025-01-01",
        }
    )
    effective_before = Day(
        metadata={
            "description": "Effective on or before this day. A month or a year matches if it includes such a day.",
            "example": "2026-12-31",
        }
    )
    q = search_text_filter()
    facets = facets_parameter(("jurisdiction", "kind", "status"))
    sort = sort_parameter(measures.SORTS, default="id")


@blueprint.read_endpoint("/v1/measures", query_schema=MeasureQuery, response_schema=MeasurePage, operation_id="listMeasures")
@published_endpoint
def list_measures(ctx: RequestContext) -> Json:
    """List measures, whether or not they are in effect on the requested day"""
    filters = resolve_filters(ctx)
    rows, page = measures.list_measures(ctx.session, ctx.snapshot, filters, ctx.paging)
    return list_envelope(ctx, filters, rows, page, MeasureSchema)


@blueprint.read_endpoint(
    "/v1/measures/<id>",
    query_schema=SnapshotQuery,
    response_schema=MeasureDetailSchema,
    operation_id="getMeasure",
    path_example={"id": "va-directive-2026-02-04"},
)
@published_endpoint
def get_measure(ctx: RequestContext, id: str) -> Json:
    """Get a measure, with its events, its figures and the passages that support it"""
    return {**measures.get_measure(ctx.session, ctx.snapshot, id), "meta": ctx.snapshot.meta_json()}
