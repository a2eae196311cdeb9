"""Show the log of changes as sentences, and what differs in a jurisdiction between two days."""

from collections.abc import Iterable
from itertools import groupby

from flask import Blueprint
from marshmallow import fields, validate

from legal.errors import Fault, InvalidInput
from legal.http.query_params import JurisdictionList, SnapshotQuery
from legal.http.reads import RequestContext
from legal.json_types import Json
from legal.queries.core.pagination import Paging
from legal.queries.history import changes, diffs, timelines
from legal.queries.record import documents, figures, jurisdictions, measures
from legal.schemas.base import Day, TermField, TextField
from legal.site.pages import page_endpoint
from legal.site.paging import all_rows, next_page_path
from legal.site.timeline import combine_events
from legal.site.views.lists import load_jurisdictions_by_code
from legal.site.words import document_name, figure_title, quantity_text
from legal.vocabulary import Cause

blueprint = Blueprint("changes", __name__)

_ROWS_ON_A_PAGE = 100


class ChangeLogQuery(SnapshotQuery):
    """The parameters of the page of changes."""

    jurisdiction = JurisdictionList()
    cause = TermField(Cause)
    cursor = fields.String(validate=validate.Length(max=2000))


@blueprint.get("/changes")
@page_endpoint("changes.html", ChangeLogQuery)
def show_changes(ctx: RequestContext) -> Json:
    """Show what each revision changed, with its cause and its reason."""
    filters: Json = {"cause": [ctx.query["cause"]]} if "cause" in ctx.query else {}
    if "jurisdiction" in ctx.query:
        chosen = jurisdictions.find_jurisdictions(ctx.session, ctx.snapshot, ctx.query["jurisdiction"], "jurisdiction")
        filters["jurisdiction"] = [row["code"] for row in chosen]
    paging = Paging(_ROWS_ON_A_PAGE, "revision", descending=True, start_after=ctx.start_after)
    rows, page = changes.list_changes(ctx.session, ctx.snapshot, filters, paging)
    return {
        "revisions": [
            (first_rows[0], first_rows) for first_rows in (list(group) for _, group in groupby(rows, lambda row: row["revision"]))
        ],
        "count": page.count,
        "next_path": next_page_path(ctx, page),
        "titles": _load_titles(ctx, rows),
        "filters": filters,
        "chosen_codes": filters.get("jurisdiction", []),
        "jurisdictions": load_jurisdictions_by_code(ctx),
    }


def _load_titles(ctx: RequestContext, changed_rows: Iterable[Json]) -> dict[str, str]:
    """Load the titles of the measures and figures, and the names of the documents, in rows of the log, as they are at the snapshot."""
    ids = {row["id"] for row in changed_rows}
    named_documents = documents.load_naming_fields(ctx.session, ctx.snapshot, ids)
    named_figures = figures.load_naming_fields(ctx.session, ctx.snapshot, ids)
    return {
        **{id: document_name(row) for id, row in named_documents.items()},
        **{id: f"{quantity_text(row)}: {figure_title(row)}" for id, row in named_figures.items()},
        **measures.load_titles(ctx.session, ctx.snapshot, ids),
    }


class DiffPageQuery(SnapshotQuery):
    """The parameters of the comparison of two days; ``as_of`` is the later one."""

    jurisdiction = TextField(100, required=True)
    from_ = Day(data_key="from")


@blueprint.get("/diff")
@page_endpoint("diff.html", DiffPageQuery)
def show_diff(ctx: RequestContext) -> Json:
    """Show what happened in a jurisdiction between two days, by default this year, and what differs between them.

    Raises:
        InvalidInput: the first day is later than the second.
    """
    jurisdiction = jurisdictions.find_jurisdictions(ctx.session, ctx.snapshot, [ctx.query["jurisdiction"]], "jurisdiction")[0]
    end = ctx.snapshot.as_of
    start = ctx.query.get("from_", end.replace(month=1, day=1))
    if start > end:
        fault = Fault("Swap the two values.", parameter="from")
        raise InvalidInput("The first day must not be later than the second.", [fault])
    events, _ = timelines.list_timeline_events(
        ctx.session, jurisdiction["code"], ctx.snapshot, {"from": start, "to": end}, all_rows("date")
    )
    return {
        "jurisdiction": jurisdiction,
        "start": start,
        "difference": diffs.compare_days(ctx.session, jurisdiction, ctx.snapshot, start, end),
        "events": list(combine_events(events)),
        "jurisdictions": load_jurisdictions_by_code(ctx),
    }
