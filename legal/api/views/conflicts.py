"""Conflicts over HTTP."""

from legal.api.query_params import Blueprint, ListQuery, Words, faceting, places, sorting
from legal.api.responses import RequestContext, listing, published
from legal.json_types import Json
from legal.queries.record import conflicts
from legal.schemas.conflict import ConflictPage, ConflictSchema
from legal.vocabulary import Dimension, Metric, Verdict

blueprint = Blueprint("conflicts", __name__, description="Which figures meet, and which do not.")


class ConflictQuery(ListQuery):
    """What the list of conflicts takes."""

    jurisdiction = places()
    metric = Words(Metric, example="participation")
    verdict = Words(Verdict, example="contradictory")
    dimension = Words(Dimension, example="unit")
    facets = faceting(("jurisdiction", "metric", "verdict", "dimension"))
    sort = sorting(conflicts.SORTS, default="id")


@blueprint.read("/v1/conflicts", takes=ConflictQuery, gives=ConflictPage, named="listConflicts")
@published
def listed(ask: RequestContext) -> Json:
    """Every pair of figures on one metric and place, with a verdict and the dimension that decides it"""
    filters = ask.filters()
    rows, page = conflicts.listed(ask.session, ask.moment, filters, ask.paging)
    return listing(ask, filters, rows, page, ConflictSchema)
