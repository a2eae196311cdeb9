"""Show the documents, measures, figures and agencies, one page for each, and the list of documents."""

from collections.abc import Iterable

from flask import Blueprint

from legal.http.reads import RequestContext
from legal.json_types import Json, Row
from legal.queries.history import changes
from legal.queries.record import conflicts, documents, figures, jurisdictions, measures
from legal.queries.rosters import agencies, in_force
from legal.site.pages import page_endpoint
from legal.site.paging import all_rows
from legal.site.structured_data import figure_data
from legal.site.words import figure_title
from legal.vocabulary import DocumentType, EntityType

blueprint = Blueprint("records", __name__)


@blueprint.get("/documents")
@page_endpoint("documents.html")
def show_documents(ctx: RequestContext) -> Json:
    """Show all documents on file, articles and rosters apart."""
    rows = sorted(documents.load_documents(ctx.session, ctx.snapshot), key=lambda row: row["published"]["earliest"] or "", reverse=True)
    return {
        "texts": [row for row in rows if row["type"] != DocumentType.ROSTER],
        "rosters": [row for row in rows if row["type"] == DocumentType.ROSTER],
    }


@blueprint.get("/documents/<id>")
@page_endpoint("document.html")
def show_document(ctx: RequestContext, id: str) -> Json:
    """Show a document: where it comes from, and what each of its cited passages supports."""
    document = documents.get_document(ctx.session, ctx.snapshot, id)
    filters = {"document": id}
    citing_measures, _ = measures.list_measures(ctx.session, ctx.snapshot, filters, all_rows("id"))
    citing_figures, _ = figures.list_figures(ctx.session, ctx.snapshot, filters, all_rows("id"))
    citing_contradictions = document["cited_by"]["contradictions"]
    return {
        "document": document,
        "passages": sorted(
            [
                *_passages(citing_measures, id, "measures", {row["id"]: row["title"] for row in citing_measures}),
                *_passages(citing_figures, id, "figures", {row["id"]: figure_title(row) for row in citing_figures}),
                *_contradiction_passages(citing_contradictions, jurisdictions.load_jurisdictions(ctx.session, ctx.snapshot)),
            ],
            key=lambda passage: (passage["citation"]["paragraph"], passage["citation"]["start"], passage["id"]),
        ),
        "corrections": changes.list_corrections(ctx.session, ctx.snapshot, EntityType.DOCUMENT, id),
        "counts": in_force.load_roster_counts(ctx.session, ctx.snapshot, [id]).get(id),
    }


def _passages(citing_rows: Iterable[Json], document: str, noun: str, titles: dict[str, str]) -> list[Json]:
    """Return the citations of a document, each with the measure or figure that it is for."""
    return [
        {
            "citation": citation,
            "id": row["id"],
            "jurisdiction": row["jurisdiction"],
            "title": titles[row["id"]],
            "path": f"/{noun}/{row['id']}",
        }
        for row in citing_rows
        for citation in (*row["citations"], *(citation for part in row.get("provisions", ()) for citation in part["citations"]))
        if citation["document"] == document
    ]


def _contradiction_passages(contradictions: Iterable[Json], jurisdiction_rows: Iterable[Row]) -> list[Json]:
    """Return the citations for contradictions between statements, which are shown on their jurisdiction's page."""
    slugs = {row["code"]: row["slug"] for row in jurisdiction_rows}
    return [
        {
            "citation": citation,
            "id": contradiction["id"],
            "jurisdiction": contradiction["jurisdiction"],
            "title": "A contradiction between statements",
            "path": f"/states/{slugs[contradiction['jurisdiction']]}",
        }
        for contradiction in contradictions
        for citation in contradiction["citations"]
    ]


@blueprint.get("/measures/<id>")
@page_endpoint("measure.html")
def show_measure(ctx: RequestContext, id: str) -> Json:
    """Show a measure with its scope, dates, figures and sources."""
    measure = measures.get_measure(ctx.session, ctx.snapshot, id)
    linked_ids = {link["id"] for name in ("acts_on", "acted_on_by") for link in measure[name]}
    return {
        "item": measure,
        "jurisdiction": jurisdictions.find_jurisdiction(ctx.session, ctx.snapshot, measure["jurisdiction"]),
        "corrections": changes.list_corrections(ctx.session, ctx.snapshot, EntityType.MEASURE, id),
        "documents": _documents_by_id(ctx),
        "titles": measures.load_titles(ctx.session, ctx.snapshot, linked_ids) if linked_ids else {},
    }


@blueprint.get("/figures/<id>")
@page_endpoint("figure.html")
def show_figure(ctx: RequestContext, id: str) -> Json:
    """Show a figure: what it counts, what it allows, whether it holds, and where another figure disagrees."""
    figure = figures.get_figure(ctx.session, ctx.snapshot, id)
    documents_by_id = _documents_by_id(ctx)
    return {
        "item": figure,
        "jurisdiction": jurisdictions.find_jurisdiction(ctx.session, ctx.snapshot, figure["jurisdiction"]),
        "corrections": changes.list_corrections(ctx.session, ctx.snapshot, EntityType.FIGURE, id),
        "documents": documents_by_id,
        "structured_data": figure_data(figure, documents_by_id, ctx.snapshot.as_of.isoformat()),
        "comparisons": [
            {**pair, "other": next(row for row in pair["figures"] if row["id"] != id)}
            for pair in conflicts.list_comparisons(ctx.session, ctx.snapshot, figure)
        ],
    }


@blueprint.get("/agencies/<id>")
@page_endpoint("agency.html")
def show_agency(ctx: RequestContext, id: str) -> Json:
    """Show an agency: its agreements over every roster that names it, its names, and the memorandums."""
    agency = agencies.get_agency(ctx.session, ctx.snapshot, id)
    return {"agency": agency, "jurisdiction": jurisdictions.find_jurisdiction(ctx.session, ctx.snapshot, agency["jurisdiction"])}


def _documents_by_id(ctx: RequestContext) -> dict[str, Json]:
    return {document["id"]: document for document in documents.load_documents(ctx.session, ctx.snapshot)}
