"""Stances: the card of one place, and the posture of all."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from legal.queries import citations, dates, documents, figures, jurisdictions, measures
from legal.queries.moments import Moment, rfc3339
from legal.queries.paging import Page, Paging, Place
from legal.records import Citation, FigureVersion, MeasureVersion
from legal.rules import knowledge, posture
from legal.rules.evidence import Evidence, confidence, reaches, stale, supporting, weakest
from legal.rules.posture import Claim, Reading, Report
from legal.vocabulary import JurisdictionType, Kind, Knowledge, Posture, Stands

Row = Mapping[Any, Any]
Json = dict[str, Any]

LICENSE = "CC-BY-4.0"


def card(session: Session, place: Row, moment: Moment) -> Json:
    """The stance card of a place; eight statements, whatever the data.

    ``place`` is a row of ``jurisdictions.find``.
    """
    mine = select(MeasureVersion.key).where(moment.sees(MeasureVersion), MeasureVersion.jurisdiction == place["code"])
    counted = select(FigureVersion.key).where(moment.sees(FigureVersion), FigureVersion.jurisdiction == place["code"])
    measure_rows = _ordered(session, measures.open_at(moment).where(MeasureVersion.jurisdiction == place["code"]), MeasureVersion.measure)
    figure_rows = _ordered(session, figures.open_at(moment).where(FigureVersion.jurisdiction == place["code"]), FigureVersion.figure)
    cited = citations.of_versions(session, moment, Citation.measure_version, mine)
    cited_figures = citations.of_versions(session, moment, Citation.figure_version, counted)
    happened = measures.events(session, mine)
    shown_figures = [figures.shown(row, cited_figures.get(row["key"], [])) for row in figure_rows]
    about: dict[str | None, list[Json]] = defaultdict(list)
    for figure in shown_figures:
        about[figure["measure"]].append(figure)
    shown_measures = [
        measures.shown(row, moment, happened.get(row["key"], []), cited.get(row["key"], []), about[row["measure"]]) for row in measure_rows
    ]
    claims = [measures.claim(row, moment) for row in measure_rows]
    reports = [figures.report(row, moment) for row in figure_rows]
    evidence = {
        **{row["measure"]: list(map(citations.evidence, cited.get(row["key"], []))) for row in measure_rows},
        **{row["figure"]: list(map(citations.evidence, cited_figures.get(row["key"], []))) for row in figure_rows},
    }
    covered = documents.coverage(session, moment, mine, counted)
    on_file = {report.id for report in reports if report.on_file is not Stands.NO}
    return {
        **jurisdictions.shown(place),
        "posture": None if place["type"] == JurisdictionType.NATION else _posture(posture.read(claims, reports), moment, evidence),
        "stance": {str(kind): _slot(kind, claims, shown_measures, evidence) for kind in Kind},
        "figures": [figure for figure in shown_figures if figure["id"] in on_file],
        "conflicts": None,
        "coverage": {
            "documents_searched": covered["documents_searched"],
            "documents_mentioning": covered["documents_mentioning"],
            "latest_document": dates.shown(reaches(covered["dates"])),
        },
        "cite_as": _cite_as(place, moment),
        "license": LICENSE,
        "links": _links(place["code"], moment),
        "meta": moment.meta(),
    }


def page(session: Session, moment: Moment, filters: Mapping[str, Any], paging: Paging) -> tuple[list[Json], Page]:
    """Places that match, each with its posture and its measures by kind, and the page they are; three statements.

    There are 57 places, and what they are sorted and filtered by is worked out, so that this page is cut here.
    """
    matching = [row for row in listed(session, moment) if _matches(row, filters)]
    matching.sort(key=lambda row: str(row["code"]))
    matching.sort(key=lambda row: _sort_value(row, paging.sort) or "", reverse=paging.descending)
    matching.sort(key=lambda row: _sort_value(row, paging.sort) is None)
    codes = [row["code"] for row in matching]
    start = codes.index(paging.after.id) + 1 if paging.after and paging.after.id in codes else 0
    rows = matching[start : start + paging.limit]
    following = Place(_sort_value(rows[-1], paging.sort), rows[-1]["code"]) if matching[start + paging.limit :] else None
    return rows, Page(rows, len(matching), following)


def _sort_value(row: Json, sort: str) -> str | None:
    value: str | None = row["posture"] and row["posture"]["value"] if sort == "posture" else row[sort]
    return value


def _matches(row: Json, filters: Mapping[str, Any]) -> bool:
    posture_value = row["posture"] and row["posture"]["value"]
    named = f"{row['name']} {row['code']} {row['slug']}".lower()
    return (
        (not filters.get("type") or row["type"] in filters["type"])
        and (not filters.get("posture") or posture_value in filters["posture"])
        and (not filters.get("kind") or any(row["measures"][kind] for kind in filters["kind"]))
        and all(word in named for word in filters.get("q", "").lower().split())
    )


def listed(session: Session, moment: Moment) -> list[Json]:
    """All 57 places with their postures and their measures by kind; three statements."""
    claims: dict[str, list[Claim]] = defaultdict(list)
    reports: dict[str, list[Report]] = defaultdict(list)
    for row in session.execute(measures.open_at(moment).order_by(MeasureVersion.measure)).mappings():
        claims[row["jurisdiction"]].append(measures.claim(row, moment))
    for row in session.execute(figures.open_at(moment).order_by(FigureVersion.figure)).mappings():
        reports[row["jurisdiction"]].append(figures.report(row, moment))
    return [_row(place, claims[place["code"]], reports[place["code"]]) for place in jurisdictions.all_places(session)]


def _row(place: Row, claims: Sequence[Claim], reports: Sequence[Report]) -> Json:
    nation = place["type"] == JurisdictionType.NATION
    kinds = Counter(claim.kind for claim in claims if claim.stands is not Stands.NO)
    return {
        **jurisdictions.shown(place),
        "posture": None if nation else _named(posture.read(claims, reports).posture),
        "measures": {str(kind): kinds[kind] for kind in Kind},
    }


def _ordered(session: Session, statement: Any, by: Any) -> Sequence[Row]:
    found: Sequence[Row] = session.execute(statement.order_by(by)).mappings().all()
    return found


def _named(value: Posture) -> Json:
    return {"value": str(value), "label": value.label}


def _posture(reading: Reading, moment: Moment, evidence: Mapping[str, Sequence[Evidence]]) -> Json:
    used = [one for key in reading.because for one in supporting(evidence[key])]
    through = reaches(one.published for one in used)
    return {
        **_named(reading.posture),
        "rule": reading.rule,
        "rule_version": moment.rule_pack,
        "because": list(reading.because),
        "set_aside": [{"id": key, "why": why} for key, why in reading.set_aside],
        "could_be": [str(value) for value in reading.could_be],
        "would_become": [{"if": key, "posture": str(value)} for key, value in reading.would_become],
        "confidence": str(weakest(confidence(evidence[key]) for key in reading.because)),
        "evidence_through": dates.shown(through),
        "stale": stale(through, reading.because, moment.as_of),
    }


def _slot(kind: Kind, claims: Sequence[Claim], shown: Sequence[Json], evidence: Mapping[str, Sequence[Evidence]]) -> Json:
    known = knowledge.of_slot(kind, claims)
    mine = [measure for measure in shown if measure["kind"] == kind]
    behind = knowledge.behind(kind, known, claims)
    return {
        "knowledge": str(known),
        "evidence_through": dates.shown(reaches(one.published for key in behind for one in supporting(evidence[key]))),
        "measures": [measure for measure in mine if measure["stands"] != Stands.NO],
        "citations": [one for measure in mine if measure["id"] in behind for one in measure["citations"]]
        if known is Knowledge.ABSENT
        else [],
    }


def _cite_as(place: Row, moment: Moment) -> str:
    return (
        f"Legal Landscape, “{place['name']}”, as of {moment.as_of.isoformat()}, revision {moment.revision} "
        f"(recorded {rfc3339(moment.known_at)[:10]}), {_permalink(place['code'], moment)}"
    )


def _permalink(code: str, moment: Moment) -> str:
    return f"/v1/jurisdictions/{code}?as_of={moment.as_of.isoformat()}&revision={moment.revision}"


def _links(code: str, moment: Moment) -> Json:
    return {
        "self": f"/v1/jurisdictions/{code}",
        "permalink": _permalink(code, moment),
        "timeline": None,
        "html": None,
        "csv": f"/v1/measures?jurisdiction={code}&format=csv",
        "feed": None,
    }
