"""Show several jurisdictions side by side."""

from flask import Blueprint
from marshmallow import validate

from legal.http.query_params import JurisdictionList, SnapshotQuery
from legal.http.reads import RequestContext
from legal.json_types import Json
from legal.queries.record import jurisdictions
from legal.queries.stance import cards
from legal.site.pages import page_endpoint

blueprint = Blueprint("compare", __name__)

_MAX_COMPARED = 12


class CompareQuery(SnapshotQuery):
    """The parameters of the comparison: the snapshot and the jurisdictions, by any identifier."""

    jurisdictions = JurisdictionList(validate=validate.Length(min=1, max=_MAX_COMPARED), load_default=())


@blueprint.get("/compare")
@page_endpoint("compare.html", CompareQuery)
def show_comparison(ctx: RequestContext) -> Json:
    """Show a table with the jurisdictions as columns and the parts of their stances as rows."""
    refs = [ref.strip() for ref in ctx.query["jurisdictions"] if ref.strip()]
    rows = jurisdictions.find_jurisdictions(ctx.session, ctx.snapshot, refs, "jurisdictions")
    return {
        "cards": cards.load_stance_cards(ctx.session, rows, ctx.snapshot) if rows else [],
        "jurisdictions": sorted(jurisdictions.load_jurisdictions(ctx.session, ctx.snapshot), key=lambda row: str(row["name"])),
        "most": _MAX_COMPARED,
    }
