"""Show the stance of one jurisdiction, with everything that it rests on."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, Response

from legal.http.links import absolute_url
from legal.http.reads import RequestContext, redirect_to_canonical
from legal.json_types import Json, Row
from legal.queries.history import changes, timelines
from legal.queries.record import documents, jurisdictions, measures
from legal.queries.rosters import agreements, counts
from legal.queries.stance import cards
from legal.rules.posture import POSTURE_RULES
from legal.site import references, structured_data
from legal.site.charts import make_history_chart
from legal.site.pages import page_endpoint
from legal.site.paging import all_rows
from legal.site.timeline import TimelineEntry, combine_events
from legal.site.views.lists import counted_roster
from legal.site.words import figure_title
from legal.vocabulary import AgreementStatus, Cause, JurisdictionType, Stands

blueprint = Blueprint("states", __name__)


@blueprint.get("/states/<ref>")
@page_endpoint("state.html")
def show_state(ctx: RequestContext, ref: str) -> Json | Response:
    """Show a jurisdiction: headline, posture with its reasons, measures, agreements, figures, and what is not on file."""
    jurisdiction = jurisdictions.find_jurisdiction(ctx.session, ctx.snapshot, ref)
    if ref != jurisdiction["slug"]:
        return redirect_to_canonical(f"/states/{jurisdiction['slug']}")
    card = cards.load_stance_card(ctx.session, jurisdiction, ctx.snapshot)
    other_measures = _load_other_measures(ctx, card)
    slots = [*card["stance"].values(), *card["background"].values()]
    shown_measures = [*(measure for slot in slots for measure in slot["measures"]), *other_measures, *card["national_claims"]]
    return {
        "card": card,
        "rule": next((rule for rule in POSTURE_RULES if card["posture"] and rule.name == card["posture"]["rule"]), None),
        "titles": {measure["id"]: measure["title"] for measure in shown_measures},
        "figure_titles": {figure["id"]: figure_title(figure) for figure in card["figures"]},
        "documents": {document["id"]: document for document in documents.load_documents(ctx.session, ctx.snapshot)},
        "other_measures": other_measures,
        **_load_agreements(ctx, jurisdiction),
        "timeline": _load_timeline(ctx, jurisdiction),
        "corrections": _load_corrections(ctx, jurisdiction),
        "structured_data": structured_data.state_data(card),
        "picture": absolute_url(f"/pictures/states/{card['slug']}.png?{ctx.snapshot.pin}"),
        "reference": references.state_reference(card, absolute_url(f"/states/{card['slug']}?{ctx.snapshot.pin}")),
    }


@blueprint.get("/states/<ref>/citation.<any(bib, ris, json):format_name>")
@page_endpoint()
def send_reference(ctx: RequestContext, ref: str, format_name: str) -> Response:
    """Send the citation of a jurisdiction's page as BibTeX, RIS or CSL-JSON."""
    jurisdiction = jurisdictions.find_jurisdiction(ctx.session, ctx.snapshot, ref)
    card = cards.load_stance_card(ctx.session, jurisdiction, ctx.snapshot)
    reference = references.state_reference(card, absolute_url(f"/states/{card['slug']}?{ctx.snapshot.pin}"))
    return references.reference_response(reference, format_name, ctx)


def _load_other_measures(ctx: RequestContext, card: Json) -> list[Json]:
    """Load the jurisdiction's measures that are not in effect on the day, which no slot shows."""
    filters = {"jurisdiction": [card["code"]], "stands": [str(Stands.NO)]}
    rows, _ = measures.list_measures(ctx.session, ctx.snapshot, filters, all_rows("id"))
    return rows


def _load_agreements(ctx: RequestContext, jurisdiction: Row) -> Json:
    """Load the history of the counts as a chart, and the agencies of the last roster whose rows are on file."""
    codes = [jurisdiction["code"]]
    history, _ = counts.list_history(ctx.session, ctx.snapshot, "jurisdiction,model", codes, all_rows("date"))
    filters = {"jurisdiction": codes, "status": [str(AgreementStatus.ACTIVE)]}
    is_nation = jurisdiction["type"] == JurisdictionType.NATION
    rows, _, meta = ([], None, {}) if is_nation else agreements.list_agreements(ctx.session, ctx.snapshot, filters, all_rows("id"))
    models, _, models_meta = agreements.summarize_agreements(ctx.session, ctx.snapshot, filters, "model", all_rows("model"))
    return {
        "chart": make_history_chart(history, ctx.snapshot.as_of),
        "roster_dates": list(dict.fromkeys(row["date"]["earliest"] for row in history)),
        "models": [] if is_nation else models,
        "models_meta": models_meta,
        "counted_roster": counted_roster(filters, models_meta),
        "agreements": rows,
        "departures": [] if is_nation else _load_departures(ctx, codes),
        "agreements_meta": meta,
    }


def _load_departures(ctx: RequestContext, codes: list[str]) -> list[Json]:
    """Load the agreements that a roster listed and the next one does not."""
    filters = {"jurisdiction": codes, "status": [str(AgreementStatus.UNLISTED)]}
    rows, _, _ = agreements.list_agreements(ctx.session, ctx.snapshot, filters, all_rows("id"))
    return rows


def _load_timeline(ctx: RequestContext, jurisdiction: Row) -> list[TimelineEntry]:
    rows, _ = timelines.list_timeline_events(ctx.session, jurisdiction["code"], ctx.snapshot, {}, all_rows("date"))
    return list(combine_events(rows))


def _load_corrections(ctx: RequestContext, jurisdiction: Row) -> Sequence[Mapping[str, object]]:
    filters = {"jurisdiction": [jurisdiction["code"]], "cause": [str(Cause.CORRECTION)]}
    rows, _ = changes.list_changes(ctx.session, ctx.snapshot, filters, all_rows("revision", descending=True))
    return rows
