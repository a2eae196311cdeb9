"""Rosters over HTTP."""

from legal.api.query_params import Blueprint, ListQuery, MomentQuery, Words, faceting, sorting
from legal.api.responses import RequestContext, listing, published
from legal.json_types import Json
from legal.queries.rosters import rosters
from legal.schemas.base import Slug
from legal.schemas.roster import RosterDetailSchema, RosterDiffSchema, RosterPage, RosterSchema
from legal.vocabulary import RosterKind, RowOutcome

EXAMPLE = {"id": "participating-2025-09-17-0a1b2c3d"}

blueprint = Blueprint("rosters", __name__, description="The lists that ICE publishes, as they were read.")


class RosterQuery(ListQuery):
    """What the list of rosters takes."""

    kind = Words(RosterKind, example="participating")
    facets = faceting(rosters.FACETS)
    sort = sorting(rosters.SORTS, default="date")


class RowQuery(MomentQuery):
    """What one roster takes."""

    outcome = Words(RowOutcome, example="set_aside", description="Just the rows that came to one of these.")


class CompareQuery(MomentQuery):
    """What a comparison of two rosters takes."""

    against = Slug(required=True, metadata={"description": "The roster to compare with.", "example": "participating-2025-05-16-4d5e6f70"})


@blueprint.read("/v1/rosters", takes=RosterQuery, gives=RosterPage, named="listRosters")
@published
def listed(ask: RequestContext) -> Json:
    """Lists that had been published by the day asked about, the oldest first"""
    filters = ask.filters()
    rows, page = rosters.listed(ask.session, ask.moment, filters, ask.paging)
    return listing(ask, filters, rows, page, RosterSchema)


@blueprint.read("/v1/rosters/<id>", takes=RowQuery, gives=RosterDetailSchema, named="getRoster", example=EXAMPLE)
@published
def one(ask: RequestContext, id: str) -> Json:
    """One list row by row: what was read, what was repaired and how, what was set aside and why"""
    filters = ask.filters()
    found = rosters.one(ask.session, ask.moment, id, filters.get("outcome", ()))
    return {**found, "meta": {**ask.moment.meta(), "filters": filters}}


@blueprint.read("/v1/rosters/<id>/diff", takes=CompareQuery, gives=RosterDiffSchema, named="compareRosters", example=EXAMPLE)
@published
def diff(ask: RequestContext, id: str) -> Json:
    """What a list has that another of its kind lacks, what it lacks, what it dates otherwise, and who may have been renamed"""
    return {**rosters.diff(ask.session, ask.moment, id, ask.query["against"]), "meta": ask.moment.meta()}
