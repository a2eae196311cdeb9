"""Serve figures."""

from legal.api.query_params import Blueprint, ListQuery, ReportedNumber, SnapshotQuery, TermList, facets_parameter, sort_parameter
from legal.api.responses import RequestContext, list_envelope, published_endpoint
from legal.api.shared_filters import document_filter, jurisdiction_filter, resolve_filters
from legal.json_types import Json
from legal.queries.record import figures
from legal.schemas.figure import FigureDetailSchema, FigurePage, FigureSchema
from legal.vocabulary import Metric, RosterVerdict, Unit

blueprint = Blueprint("figures", __name__, description="Reported quantities, each with its unit, comparator and date.")


class FigureQuery(ListQuery):
    """The parameters of the list of figures."""

    jurisdiction = jurisdiction_filter()
    metric = TermList(Metric, example="participation")
    unit = TermList(Unit, example="agreements")
    value = ReportedNumber(
        metadata={"description": "Only figures with this value.", "example": 1001, "exclusiveMinimum": 0},
    )
    document = document_filter()
    roster_check = TermList(
        RosterVerdict,
        example="off_by",
        description="Verdict of the comparison with the roster in force on the figure's date. One or more of these values, separated by commas.",
    )
    facets = facets_parameter(("jurisdiction", "metric", "unit"))
    sort = sort_parameter(figures.SORTS, default="id")


@blueprint.read_endpoint("/v1/figures", query_schema=FigureQuery, response_schema=FigurePage, operation_id="listFigures")
@published_endpoint
def list_figures(ctx: RequestContext) -> Json:
    """List figures; figures of different units are never added or compared"""
    filters = resolve_filters(ctx)
    rows, page = figures.list_figures(ctx.session, ctx.snapshot, filters, ctx.paging)
    return list_envelope(ctx, filters, rows, page, FigureSchema)


@blueprint.read_endpoint(
    "/v1/figures/<id>",
    query_schema=SnapshotQuery,
    response_schema=FigureDetailSchema,
    operation_id="getFigure",
    path_example={"id": "va-ordered-to-terminate-5-agreements"},
)
@published_endpoint
def get_figure(ctx: RequestContext, id: str) -> Json:
    """Get a figure, with the passages that report it"""
    return {**figures.get_figure(ctx.session, ctx.snapshot, id), "meta": ctx.snapshot.meta_json()}
