"""Show the log of changes as sentences, newest first."""

from itertools import groupby

from flask import Blueprint
from marshmallow import fields, validate

from legal.http.query_params import SnapshotQuery
from legal.http.reads import RequestContext
from legal.json_types import Json
from legal.queries.core.pagination import Paging
from legal.queries.history import changes
from legal.queries.record import jurisdictions
from legal.schemas.base import TermField, TextField
from legal.site.pages import page_endpoint
from legal.site.paging import next_page_path
from legal.vocabulary import Cause

blueprint = Blueprint("changes", __name__)

_ROWS_ON_A_PAGE = 100


class ChangeLogQuery(SnapshotQuery):
    """The parameters of the page of changes."""

    jurisdiction = TextField(100)
    cause = TermField(Cause)
    cursor = fields.String(validate=validate.Length(max=2000))


@blueprint.get("/changes")
@page_endpoint("changes.html", ChangeLogQuery)
def show_changes(ctx: RequestContext) -> Json:
    """Show what each revision changed, with its cause and its reason."""
    filters: Json = {"cause": [ctx.query["cause"]]} if "cause" in ctx.query else {}
    if "jurisdiction" in ctx.query:
        filters["jurisdiction"] = [jurisdictions.find_jurisdiction(ctx.session, ctx.query["jurisdiction"])["code"]]
    paging = Paging(_ROWS_ON_A_PAGE, "revision", descending=True, start_after=ctx.start_after)
    rows, page = changes.list_changes(ctx.session, ctx.snapshot, filters, paging)
    return {
        "revisions": [
            (first_rows[0], first_rows) for first_rows in (list(group) for _, group in groupby(rows, lambda row: row["revision"]))
        ],
        "count": page.count,
        "next_path": next_page_path(ctx, page),
        "names": {row["code"]: row["name"] for row in jurisdictions.load_jurisdictions(ctx.session)},
    }
