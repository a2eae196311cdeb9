"""Figures over HTTP."""

from legal.api.query_params import Blueprint, ListQuery, MomentQuery, Words, document, faceting, places, sorting
from legal.api.responses import RequestContext, listing, published
from legal.json_types import Json
from legal.queries.record import figures
from legal.schemas.figure import FigureDetailSchema, FigurePage, FigureSchema
from legal.vocabulary import Metric, RosterVerdict, Unit

blueprint = Blueprint("figures", __name__, description="Reported quantities, each with its unit, its hedge and its date.")


class FigureQuery(ListQuery):
    """What the list of figures takes."""

    jurisdiction = places()
    metric = Words(Metric, example="participation")
    unit = Words(Unit, example="agreements")
    document = document()
    roster_check = Words(RosterVerdict, example="off_by", description="Figures that compare so with the list in force on their date.")
    facets = faceting(("jurisdiction", "metric", "unit"))
    sort = sorting(figures.SORTS, default="id")


@blueprint.read("/v1/figures", takes=FigureQuery, gives=FigurePage, named="listFigures")
@published
def listed(ask: RequestContext) -> Json:
    """Figures that match; two units are never added or compared"""
    filters = ask.filters()
    rows, page = figures.listed(ask.session, ask.moment, filters, ask.paging)
    return listing(ask, filters, rows, page, FigureSchema)


@blueprint.read(
    "/v1/figures/<id>",
    takes=MomentQuery,
    gives=FigureDetailSchema,
    named="getFigure",
    example={"id": "va-ordered-to-terminate-5-agreements"},
)
@published
def one(ask: RequestContext, id: str) -> Json:
    """One figure, with the passages that report it"""
    return {**figures.one(ask.session, ask.moment, id), "meta": ask.moment.meta()}
