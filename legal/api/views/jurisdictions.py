"""Jurisdictions over HTTP: the list of all, and the stance card of one."""

from flask import Response
from marshmallow import validate
from webargs.fields import DelimitedList

from legal.api.query_params import Blueprint, ListQuery, MomentQuery, Words, faceting, search_text, sorting
from legal.api.responses import RequestContext, canonical, listing, published
from legal.errors import Fault, InvalidInput
from legal.json_types import Json
from legal.queries.record import jurisdictions
from legal.queries.stance import cards, postures
from legal.schemas.base import Text
from legal.schemas.jurisdiction import CardSchema, ComparisonSchema, JurisdictionPage, JurisdictionRowSchema
from legal.vocabulary import JurisdictionType, Kind, Posture

FEWEST_COMPARED = 2

blueprint = Blueprint("jurisdictions", __name__, description="Where each place stands.")


class JurisdictionQuery(ListQuery):
    """What the list of jurisdictions takes."""

    type = Words(JurisdictionType, example="state")
    posture = Words(Posture, example="barred")
    kind = Words(Kind, example="ban", description="Places with a measure of one of these kinds that stands or may stand.")
    q = search_text()
    facets = faceting(("type", "posture", "kind"))
    sort = sorting(("code", "name", "posture"), default="code")


class CompareQuery(MomentQuery):
    """What a comparison takes."""

    jurisdictions = DelimitedList(
        Text(100),
        required=True,
        validate=validate.Length(min=2, max=12),
        metadata={"description": "Two to twelve places, comma-separated.", "example": ["VA", "MD", "MA"]},
    )


@blueprint.read("/v1/jurisdictions", takes=JurisdictionQuery, gives=JurisdictionPage, named="listJurisdictions")
@published
def listed(ask: RequestContext) -> Json:
    """All 57 places, each with its posture and its measures by kind"""
    filters = ask.filters()
    rows, page = postures.page(ask.session, ask.moment, filters, ask.paging)
    return listing(ask, filters, rows, page, JurisdictionRowSchema)


@blueprint.read("/v1/jurisdictions/<path:ref>", takes=MomentQuery, gives=CardSchema, named="getJurisdiction", example={"ref": "VA"})
@published
def card(ask: RequestContext, ref: str) -> Json | Response:
    """Where one place stands: its posture, its stance, its figures, and the passages behind them

    The reference may be a USPS code, name, slug, FIPS code, ISO 3166-2 code or OCD id, in any case;
    one that is not the canonical USPS code is redirected (308), query string kept.
    """
    place = jurisdictions.find(ask.session, ref)
    if ref != place["code"]:
        return canonical(f"/v1/jurisdictions/{place['code']}")
    return cards.card(ask.session, place, ask.moment)


@blueprint.read("/v1/compare", takes=CompareQuery, gives=ComparisonSchema, named="compareJurisdictions")
@published
def compare(ask: RequestContext) -> Json:
    """Two to twelve places side by side, in the order they are named in"""
    places = jurisdictions.chosen(ask.session, ask.query["jurisdictions"], "jurisdictions")
    if len(places) < FEWEST_COMPARED:
        fault = Fault("They are all one place; name at least two.", parameter="jurisdictions")
        raise InvalidInput("There is nothing to compare.", [fault])
    return {"results": cards.cards(ask.session, places, ask.moment), "meta": ask.moment.meta()}
