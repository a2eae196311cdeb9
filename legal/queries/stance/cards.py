"""Stances: the cards of places."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from legal.json_types import Json, Row
from legal.queries.core import dates
from legal.queries.core.snapshot import Snapshot, rfc3339
from legal.queries.record import citations, conflicts, documents, figures, jurisdictions, measures
from legal.queries.rosters import figure_checks
from legal.queries.rosters import in_force as roster_in_force
from legal.queries.rosters.in_force import Listing
from legal.queries.stance.postures import named
from legal.rules import knowledge, posture
from legal.rules.dates import When
from legal.rules.evidence import Evidence, confidence, reaches, stale, strongest, supporting, weakest
from legal.rules.posture import Claim, Reading
from legal.vocabulary import JurisdictionType, Kind, Knowledge, RosterKind, Stands

LICENSE = "CC-BY-4.0"


def card(session: Session, place: Row, moment: Snapshot) -> Json:
    """The stance card of a place, a row of ``jurisdictions.find``; nine statements, whatever the data."""
    return cards(session, [place], moment)[0]


def cards(session: Session, places: Sequence[Row], moment: Snapshot) -> list[Json]:
    """The stance cards of several places, in their order; nine statements, however many places."""
    codes = [place["code"] for place in places]
    held = _by_place(session, moment, measures.OF_PLACES, codes)
    told = _by_place(session, moment, figures.OF_PLACES, codes)
    cited = citations.of_versions(session, moment, "measure_version", measures.KEYS_OF_PLACES, jurisdictions=codes)
    cited_figures = citations.of_versions(session, moment, "figure_version", figures.KEYS_OF_PLACES, jurisdictions=codes)
    happened = measures.events(session, moment, measures.KEYS_OF_PLACES, jurisdictions=codes)
    searched = documents.searched(session, moment)
    shelf = roster_in_force.shelf(session, moment).by(moment.as_of)
    in_force = shelf.in_force(RosterKind.PARTICIPATING, moment.as_of)
    asked = figure_checks.asked((row for rows in told.values() for row in rows), shelf)
    kept = roster_in_force.kept(session, moment, [*figure_checks.lists_of(asked), *([in_force.id] if in_force else [])])
    checked = figure_checks.shown(asked, kept, figure_checks.signed(session, moment, asked))
    current = roster_in_force.Current(in_force, kept, moment)
    shared = (cited, cited_figures, happened, searched, checked)
    return [
        _card(place, moment, Parts(held[place["code"]], told[place["code"]], *shared, current.listing(place["code"]))) for place in places
    ]


@dataclass(frozen=True, slots=True)
class Parts:
    """What a card is put together from: a place's rows, and what belongs to their versions, by key."""

    measures: Sequence[Row]
    figures: Sequence[Row]
    cited: Mapping[int, list[Row]]
    cited_figures: Mapping[int, list[Row]]
    happened: Mapping[int, list[Row]]
    searched: Sequence[When]
    checked: Mapping[str, Json]
    listed: Listing | None


def _card(place: Row, moment: Snapshot, parts: Parts) -> Json:
    known = {row["figure"]: row for row in parts.figures}
    shown_figures = {
        row["figure"]: figures.shown(row, moment, parts.cited_figures.get(row["key"], []), known, parts.checked.get(row["figure"]))
        for row in parts.figures
    }
    about: dict[str | None, list[Json]] = defaultdict(list)
    for figure in shown_figures.values():
        about[figure["measure"]].append(figure)
    shown_measures = [
        measures.shown(row, moment, parts.happened.get(row["key"], []), parts.cited.get(row["key"], []), about[row["measure"]])
        for row in parts.measures
    ]
    listed = parts.listed
    claims = [measures.claim(row, moment) for row in parts.measures] + ([listed.claim()] if listed else [])
    reports = [figures.report(row, moment) for row in parts.figures]
    evidence = {
        **{row["measure"]: list(map(citations.evidence, parts.cited.get(row["key"], []))) for row in parts.measures},
        **{row["figure"]: list(map(citations.evidence, parts.cited_figures.get(row["key"], []))) for row in parts.figures},
        **({listed.id: [listed.evidence()]} if listed else {}),
    }
    on_file = {report.id for report in reports if report.on_file is not Stands.NO}
    return {
        **jurisdictions.shown(place),
        "posture": None if place["type"] == JurisdictionType.NATION else _posture(posture.read(claims, reports), moment, evidence),
        "stance": {str(kind): _slot(kind, claims, shown_measures, evidence, listed) for kind in Kind},
        "figures": [figure for id, figure in shown_figures.items() if id in on_file],
        "conflicts": conflicts.of_figures([row for row in parts.figures if row["figure"] in on_file], shown_figures),
        "coverage": {
            "documents_searched": len(parts.searched),
            "documents_mentioning": len({one.document for listed in evidence.values() for one in listed}),
            "latest_document": dates.shown(reaches(parts.searched)),
        },
        "cite_as": _cite_as(place, moment),
        "license": LICENSE,
        "links": _links(place["code"], moment),
        "meta": moment.meta(),
    }


def _by_place(session: Session, moment: Snapshot, statement: Select[Any], codes: list[str]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in moment.execute(session, statement, jurisdictions=codes).mappings():
        found[row["jurisdiction"]].append(row)
    return found


def _posture(reading: Reading, moment: Snapshot, evidence: Mapping[str, Sequence[Evidence]]) -> Json:
    used = [one for key in reading.because for one in supporting(evidence[key])]
    through = reaches(one.published for one in used)
    return {
        **named(reading.posture),
        "rule": reading.rule,
        "rule_version": moment.rule_pack,
        "because": list(reading.because),
        "set_aside": [{"id": key, "why": why} for key, why in reading.set_aside],
        "could_be": [str(value) for value in reading.could_be],
        "would_become": [{"if": key, "posture": str(value)} for key, value in reading.would_become],
        "confidence": str(weakest(strongest(confidence(evidence[key]) for key in one) for one in reading.grounds)),
        "evidence_through": dates.shown(through),
        "stale": stale(through, reading.because, moment.as_of),
    }


def _slot(
    kind: Kind, claims: Sequence[Claim], shown: Sequence[Json], evidence: Mapping[str, Sequence[Evidence]], listed: Listing | None
) -> Json:
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
        "listed": listed.shown() if listed and kind is Kind.ACTIVE_AGREEMENTS else None,
    }


def _cite_as(place: Row, moment: Snapshot) -> str:
    return (
        f"Legal Landscape, “{place['name']}”, as of {moment.as_of.isoformat()}, revision {moment.revision} "
        f"(recorded {rfc3339(moment.known_at)[:10]}), {_permalink(place['code'], moment)}"
    )


def _permalink(code: str, moment: Snapshot) -> str:
    return f"/v1/jurisdictions/{code}?as_of={moment.as_of.isoformat()}&revision={moment.revision}"


def _links(code: str, moment: Snapshot) -> Json:
    return {
        "self": f"/v1/jurisdictions/{code}",
        "permalink": _permalink(code, moment),
        "timeline": f"/v1/jurisdictions/{code}/timeline",
        "html": None,
        "csv": f"/v1/measures?jurisdiction={code}&format=csv",
        "feed": f"/feeds/{code}.atom",
    }
