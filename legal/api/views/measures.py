"""Measures over HTTP."""

from legal.api.query_params import Blueprint, Day, ListQuery, MomentQuery, Words, document, faceting, places, search_text, sorting
from legal.api.responses import RequestContext, listing, published
from legal.json_types import Json
from legal.queries.record import measures
from legal.schemas.measure import STATUSES, MeasureDetailSchema, MeasurePage, MeasureSchema
from legal.vocabulary import Direction, Kind, Stands

blueprint = Blueprint("measures", __name__, description="Legal instruments, proceedings and standing sets of agreements.")


class MeasureQuery(ListQuery):
    """What the list of measures takes."""

    jurisdiction = places()
    kind = Words(Kind, example="ban")
    status = Words(STATUSES, example="in_force")
    direction = Words(Direction, example="limits_cooperation")
    stands = Words(Stands, example="yes", description="Whether it stands on the day asked about.")
    document = document()
    effective_after = Day(metadata={"description": "Effective on or after this day, as far as the date allows.", "example": "2025-01-01"})
    effective_before = Day(metadata={"description": "Effective on or before this day, as far as the date allows.", "example": "2026-12-31"})
    q = search_text()
    facets = faceting(("jurisdiction", "kind", "status"))
    sort = sorting(measures.SORTS, default="id")


@blueprint.read("/v1/measures", takes=MeasureQuery, gives=MeasurePage, named="listMeasures")
@published
def listed(ask: RequestContext) -> Json:
    """Measures that match, whether they stand on the day asked about or not"""
    filters = ask.filters()
    rows, page = measures.listed(ask.session, ask.moment, filters, ask.paging)
    return listing(ask, filters, rows, page, MeasureSchema)


@blueprint.read(
    "/v1/measures/<id>", takes=MomentQuery, gives=MeasureDetailSchema, named="getMeasure", example={"id": "va-directive-2026-02-04"}
)
@published
def one(ask: RequestContext, id: str) -> Json:
    """One measure, with its events, its figures and the passages behind it"""
    return {**measures.one(ask.session, ask.moment, id), "meta": ask.moment.meta()}
