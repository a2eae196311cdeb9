"""Agencies over HTTP."""

from legal.api.query_params import Blueprint, ListQuery, MomentQuery, faceting, places, search_text, sorting
from legal.api.responses import RequestContext, listing, published
from legal.json_types import Json
from legal.queries.rosters import agencies
from legal.schemas.agreement import AGENCY, AgencyDetailSchema, AgencyPage, AgencySchema

blueprint = Blueprint("agencies", __name__, description="Law enforcement agencies that ICE's lists name.")


class AgencyQuery(ListQuery):
    """What the list of agencies takes."""

    jurisdiction = places()
    q = search_text()
    facets = faceting(agencies.FACETS)
    sort = sorting(agencies.SORTS, default="id")


@blueprint.read("/v1/agencies", takes=AgencyQuery, gives=AgencyPage, named="listAgencies")
@published
def listed(ask: RequestContext) -> Json:
    """Agencies that any list had by the day asked about, whether they take part that day or not"""
    filters = ask.filters()
    rows, page = agencies.listed(ask.session, ask.moment, filters, ask.paging)
    return listing(ask, filters, rows, page, AgencySchema)


@blueprint.read("/v1/agencies/<id>", takes=MomentQuery, gives=AgencyDetailSchema, named="getAgency", example={"id": AGENCY})
@published
def one(ask: RequestContext, id: str) -> Json:
    """One agency, with all its names and all its agreements over time"""
    return {**agencies.one(ask.session, ask.moment, id), "meta": ask.moment.meta()}
