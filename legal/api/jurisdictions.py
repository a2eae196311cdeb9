"""Jurisdictions over HTTP: the list of all, and the stance card of one."""

from flask import Response, redirect, request

from legal.api.answers import Ask, Json, listing, published
from legal.api.parameters import Blueprint, ListQuery, MomentQuery, Words, search_text, sorting
from legal.queries import jurisdictions, stances
from legal.schemas.jurisdiction import CardSchema, JurisdictionPage, JurisdictionRowSchema
from legal.vocabulary import JurisdictionType, Kind, Posture

blueprint = Blueprint("jurisdictions", __name__, description="Where each place stands.")


class JurisdictionQuery(ListQuery):
    """What the list of jurisdictions takes."""

    type = Words(JurisdictionType, metadata={"example": ["state"]})
    posture = Words(Posture, metadata={"example": ["barred"]})
    kind = Words(Kind, metadata={"description": "Places with a measure of one of these kinds that stands or may stand."})
    q = search_text()
    sort = sorting(("code", "name", "posture"), default="code")


@blueprint.read("/v1/jurisdictions", takes=JurisdictionQuery, gives=JurisdictionPage, named="listJurisdictions")
@published
def listed(ask: Ask) -> Json:
    """All 57 places, each with its posture and its measures by kind"""
    filters = ask.filters()
    rows, page = stances.page(ask.session, ask.moment, filters, ask.paging)
    return listing(ask, filters, rows, page, JurisdictionRowSchema)


@blueprint.read("/v1/jurisdictions/<path:ref>", takes=MomentQuery, gives=CardSchema, named="getJurisdiction", example={"ref": "VA"})
@published
def card(ask: Ask, ref: str) -> Json | Response:
    """Where one place stands: its posture, its stance, its figures, and the passages behind them

    The reference may be a USPS code, name, slug, FIPS code, ISO 3166-2 code or OCD id, in any case;
    one that is not the canonical USPS code is redirected (308), query string kept.
    """
    place = jurisdictions.find(ask.session, ref)
    if ref != place["code"]:
        query = request.query_string.decode("ascii", "replace")
        return redirect(f"/v1/jurisdictions/{place['code']}{'?' if query else ''}{query}", 308)  # type: ignore[return-value]
    return stances.card(ask.session, place, ask.moment)
