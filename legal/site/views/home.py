"""Show the front page: the map, the same as a table, and what changed lately."""

from flask import Blueprint

from legal.http.query_params import SnapshotQuery
from legal.http.reads import RequestContext
from legal.json_types import Json
from legal.queries.core.pagination import Paging
from legal.queries.history import changes
from legal.queries.record import jurisdictions, measures
from legal.queries.rosters import in_force
from legal.queries.stance import map as stance_map
from legal.schemas.base import TermField
from legal.site.map_drawing import credit_lines, draw_map
from legal.site.pages import page_endpoint
from legal.site.paging import all_rows
from legal.site.structured_data import home_data
from legal.vocabulary import Posture, RosterKind

blueprint = Blueprint("home", __name__)

_SORT_KEYS = ("name", "posture_label", "agreements", "agencies")
_MAX_EVENTS, _MAX_REVISIONS = 6, 1


class HomeQuery(SnapshotQuery):
    """The parameters of the front page: the snapshot, and which rows of the table in which order."""

    posture = TermField(Posture)
    sort = TermField([f"{sign}{key}" for key in _SORT_KEYS for sign in ("", "-")], load_default="name")


@blueprint.get("/")
@page_endpoint("home.html", HomeQuery)
def show_home(ctx: RequestContext) -> Json:
    """Show the map of all jurisdictions, the same as a table, and what changed lately."""
    map_rows, _ = stance_map.load_map_rows(ctx.session, ctx.snapshot)
    all_jurisdictions = jurisdictions.load_jurisdictions(ctx.session, ctx.snapshot)
    slugs = {row["code"]: row["slug"] for row in all_jurisdictions}
    rows = [{**row, "slug": slugs[row["code"]]} for row in map_rows]
    rosters = in_force.load_rosters(ctx.session, ctx.snapshot)
    current_roster = rosters.roster_in_force(RosterKind.PARTICIPATING, ctx.snapshot.as_of)
    return {
        "drawing": draw_map(rows),
        "credit_lines": credit_lines(ctx.snapshot, current_roster),
        "rows": _sort_rows([row for row in rows if ctx.query.get("posture") in (None, row["posture"])], ctx.query["sort"]),
        "total": len(rows),
        "sort": ctx.query["sort"],
        "posture": ctx.query.get("posture"),
        "roster": current_roster,
        "roster_days": sorted({roster.date.isoformat() for roster in rosters.participating}),
        "structured_data": home_data(ctx.snapshot.meta_json()),
        "latest_events": _load_latest_events(ctx, {row["code"]: str(row["name"]) for row in all_jurisdictions}),
        "revisions": changes.list_changes(ctx.session, ctx.snapshot, {}, Paging(_MAX_REVISIONS, "revision", descending=True))[0],
    }


def _load_latest_events(ctx: RequestContext, names: dict[str, str]) -> list[Json]:
    """Load the newest dated events of measures that had surely happened by the day, latest first, each with its measure."""
    rows, _ = measures.list_measures(ctx.session, ctx.snapshot, {}, all_rows("id"))
    day = ctx.snapshot.as_of.isoformat()
    events = [
        {**event, "measure": row["id"], "title": row["title"], "kind": row["kind"], "jurisdiction": names[row["jurisdiction"]]}
        for row in rows
        for event in row["events"]
        if event["date"]["earliest"] and event["date"]["latest"] and event["date"]["latest"] <= day
    ]
    return sorted(events, key=lambda event: (event["date"]["latest"], event["date"]["earliest"]), reverse=True)[:_MAX_EVENTS]


def _sort_rows(rows: list[Json], sort: str) -> list[Json]:
    """Return the rows in the order asked for; rows without a value come last either way, and ties are in the order of names."""
    key = sort.removeprefix("-")
    by_name = sorted(rows, key=lambda row: str(row["name"]))
    with_value = [row for row in by_name if row[key] is not None]
    return [
        *sorted(with_value, key=lambda row: row[key], reverse=sort.startswith("-")),
        *(row for row in by_name if row[key] is None),
    ]
