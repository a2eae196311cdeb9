"""Serve conflicts between figures."""

from legal.api.query_params import Blueprint, ListQuery, TermList, facets_parameter, sort_parameter
from legal.api.responses import RequestContext, list_envelope, published_endpoint
from legal.api.shared_filters import jurisdiction_filter, resolve_filters
from legal.json_types import Json
from legal.queries.record import conflicts
from legal.schemas.conflict import ConflictPage, ConflictSchema
from legal.vocabulary import Dimension, Metric, Verdict

blueprint = Blueprint("conflicts", __name__, description="Pairs of figures, and whether they agree.")


class ConflictQuery(ListQuery):
    """The parameters of the list of conflicts."""

    jurisdiction = jurisdiction_filter()
    metric = TermList(Metric, example="participation")
    verdict = TermList(Verdict, example="contradictory")
    dimension = TermList(Dimension, example="unit")
    facets = facets_parameter(("jurisdiction", "metric", "verdict", "dimension"))
    sort = sort_parameter(conflicts.SORTS, default="id")


@blueprint.read_endpoint("/v1/conflicts", query_schema=ConflictQuery, response_schema=ConflictPage, operation_id="listConflicts")
@published_endpoint
def list_conflicts(ctx: RequestContext) -> Json:
    """List all pairs of figures with the same metric and jurisdiction, each with a verdict and the property that decides it"""
    filters = resolve_filters(ctx)
    rows, page = conflicts.list_conflicts(ctx.session, ctx.snapshot, filters, ctx.paging)
    return list_envelope(ctx, filters, rows, page, ConflictSchema)
