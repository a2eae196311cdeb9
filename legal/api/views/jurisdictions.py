"""Serve jurisdictions: the list, a stance card, and several cards side by side."""

from flask import Response
from marshmallow import validate

from legal.api.query_params import (
    Blueprint,
    JurisdictionList,
    ListQuery,
    SnapshotQuery,
    TableQuery,
    TermList,
    facets_parameter,
    sort_parameter,
)
from legal.api.responses import RequestContext, Table, list_envelope, published_endpoint, redirect_to_canonical, with_table
from legal.api.shared_filters import resolve_filters, search_text_filter
from legal.errors import Fault, InvalidInput
from legal.json_types import Json
from legal.queries.record import jurisdictions
from legal.queries.stance import cards, postures
from legal.schemas.jurisdiction import CardSchema, ComparisonSchema, JurisdictionPage, JurisdictionRowSchema
from legal.vocabulary import JurisdictionType, Kind, Posture

_MIN_COMPARED, _MAX_COMPARED = 2, 12

blueprint = Blueprint("jurisdictions", __name__, description="Stances of jurisdictions.")


class JurisdictionQuery(ListQuery):
    """The parameters of the list of jurisdictions."""

    type = TermList(JurisdictionType, example="state")
    posture = TermList(Posture, example="barred")
    kind = TermList(
        Kind,
        example="ban",
        description=(
            "Only jurisdictions with a measure of this kind that is, or may be, in effect. One or more of these values, separated by commas."
        ),
    )
    q = search_text_filter()
    facets = facets_parameter(("type", "posture", "kind"))
    sort = sort_parameter(("code", "name", "posture"), default="code")


class CompareJurisdictionsQuery(TableQuery):
    """The parameters of a comparison of jurisdictions."""

    jurisdictions = JurisdictionList(
        required=True,
        validate=validate.Length(min=_MIN_COMPARED, max=_MAX_COMPARED),
        metadata={
            "description": f"From {_MIN_COMPARED} to {_MAX_COMPARED} jurisdictions, separated by commas.",
            "example": ["VA", "MD", "MA"],
        },
    )


@blueprint.read_endpoint(
    "/v1/jurisdictions", query_schema=JurisdictionQuery, response_schema=JurisdictionPage, operation_id="listJurisdictions"
)
@published_endpoint
def list_jurisdictions(ctx: RequestContext) -> Json:
    """List jurisdictions, each with its posture and its numbers of measures by kind"""
    filters = resolve_filters(ctx)
    rows, page = postures.list_postures(ctx.session, ctx.snapshot, filters, ctx.paging)
    return list_envelope(ctx, filters, rows, page, JurisdictionRowSchema)


@blueprint.read_endpoint(
    "/v1/jurisdictions/<path:ref>",
    query_schema=SnapshotQuery,
    response_schema=CardSchema,
    operation_id="getJurisdiction",
    path_example={"ref": "VA"},
)
@published_endpoint
def get_stance_card(ctx: RequestContext, ref: str) -> Json | Response:
    """Get a jurisdiction's stance card: its posture, its stance, its figures, and the passages that support them

    The canonical identifier is the USPS code. Other identifiers redirect (308) to it and keep the query string.
    """
    jurisdiction = jurisdictions.find_jurisdiction(ctx.session, ctx.snapshot, ref)
    if ref != jurisdiction["code"]:
        return redirect_to_canonical(f"/v1/jurisdictions/{jurisdiction['code']}")
    return cards.load_stance_card(ctx.session, jurisdiction, ctx.snapshot, ctx.link_base)


@blueprint.read_endpoint(
    "/v1/compare", query_schema=CompareJurisdictionsQuery, response_schema=ComparisonSchema, operation_id="compareJurisdictions"
)
@published_endpoint
def compare_jurisdictions(ctx: RequestContext) -> Json:
    """Get the stance cards of several jurisdictions, in the order requested

    As a table, it has one row for each; `fields` selects the columns. Measures and figures are given by their ids.
    """
    rows = jurisdictions.find_jurisdictions(ctx.session, ctx.snapshot, ctx.query["jurisdictions"], "jurisdictions")
    if len(rows) < _MIN_COMPARED:
        fault = Fault(f"All of these are one jurisdiction. Name at least {_MIN_COMPARED}.", parameter="jurisdictions")
        raise InvalidInput("There is nothing to compare.", [fault])
    results = cards.load_stance_cards(ctx.session, rows, ctx.snapshot, ctx.link_base)
    return with_table({"results": results, "meta": ctx.snapshot.meta_json()}, Table(results, CardSchema, "results"))
