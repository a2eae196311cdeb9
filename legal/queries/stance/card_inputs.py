"""Load the rows that stance cards are made from, with fourteen SQL statements for any number of jurisdictions."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from legal.json_types import Json, Row
from legal.queries.core.snapshot import Snapshot
from legal.queries.record import citations, documents, figures, measures
from legal.queries.record.contradictions import StatedContradiction, load_contradictions
from legal.queries.record.measures import MeasureRelations
from legal.queries.rosters.figure_checks import checkable_figures, counted_roster_ids, figure_checks_json, load_signature_counts
from legal.queries.rosters.in_force import CurrentRoster, JurisdictionRosterEntry, load_departure_counts, load_roster_counts, load_rosters
from legal.rules.dates import EdtfDate
from legal.vocabulary import RosterKind


@dataclass(frozen=True, slots=True)
class CardInputs:
    """Hold the rows that the card of one jurisdiction is made from.

    Citations and events are grouped by the key of their measure or figure version, figure checks by figure id. All
    cards share these mappings, which may have keys of other jurisdictions.
    """

    jurisdiction: Row
    snapshot: Snapshot
    measures: Sequence[Row]
    figures: Sequence[Row]
    measure_citations: Mapping[int, Sequence[Row]]
    figure_citations: Mapping[int, Sequence[Row]]
    events: Mapping[int, Sequence[Row]]
    relations: MeasureRelations
    national_claims: Sequence[Row]
    figure_checks: Mapping[str, Json]
    document_dates: Sequence[EdtfDate]
    roster_entry: JurisdictionRosterEntry | None
    contradictions: Sequence[StatedContradiction]


def load_card_inputs(session: Session, jurisdictions: Sequence[Row], snapshot: Snapshot) -> list[CardInputs]:
    """Load the inputs of each jurisdiction's card, in the order given; fourteen SQL statements."""
    codes = [jurisdiction["code"] for jurisdiction in jurisdictions]
    measures_by_jurisdiction = _load_by_jurisdiction(session, snapshot, measures.BY_JURISDICTION, codes)
    figures_by_jurisdiction = _load_by_jurisdiction(session, snapshot, figures.BY_JURISDICTION, codes)
    measure_keys, figure_keys = measures.MEASURE_KEYS_BY_JURISDICTION, figures.FIGURE_KEYS_BY_JURISDICTION
    measure_citations = citations.load_citations(session, snapshot, "measure_version", measure_keys, jurisdictions=codes)
    figure_citations = citations.load_citations(session, snapshot, "figure_version", figure_keys, jurisdictions=codes)
    events = measures.load_events(session, snapshot, measure_keys, jurisdictions=codes)
    relations = MeasureRelations(
        measures.load_provisions(session, snapshot, measure_keys, jurisdictions=codes),
        *measures.load_links(session, snapshot, measures.LINKED_BY_JURISDICTION, jurisdictions=codes),
    )
    national_claims = snapshot.execute(session, measures.NATIONAL_CLAIMS).mappings().all()
    document_dates = documents.load_document_dates(session, snapshot)
    contradictions = load_contradictions(session, snapshot, {"jurisdiction": codes})
    current_roster, figure_checks = _load_roster_inputs(session, snapshot, chain.from_iterable(figures_by_jurisdiction.values()))
    return [
        CardInputs(
            jurisdiction=jurisdiction,
            snapshot=snapshot,
            measures=measures_by_jurisdiction[jurisdiction["code"]],
            figures=figures_by_jurisdiction[jurisdiction["code"]],
            measure_citations=measure_citations,
            figure_citations=figure_citations,
            events=events,
            relations=relations,
            national_claims=national_claims,
            figure_checks=figure_checks,
            document_dates=document_dates,
            roster_entry=current_roster.entry_for(jurisdiction["code"]),
            contradictions=[stated for stated in contradictions if stated.row["jurisdiction"] == jurisdiction["code"]],
        )
        for jurisdiction in jurisdictions
    ]


def _load_by_jurisdiction(
    session: Session, snapshot: Snapshot, statement: Select[Any], codes: Sequence[str]
) -> defaultdict[str, list[Row]]:
    rows_by_jurisdiction: defaultdict[str, list[Row]] = defaultdict(list)
    for row in snapshot.execute(session, statement, jurisdictions=codes).mappings():
        rows_by_jurisdiction[row["jurisdiction"]].append(row)
    return rows_by_jurisdiction


def _load_roster_inputs(session: Session, snapshot: Snapshot, figure_rows: Iterable[Row]) -> tuple[CurrentRoster, dict[str, Json]]:
    """Load the roster in force and the roster checks of the figures by id; four SQL statements.

    A single statement loads the counts for the roster in force and for the checks.
    """
    rosters = load_rosters(session, snapshot).published_by(snapshot.as_of)
    in_force = rosters.roster_in_force(RosterKind.PARTICIPATING, snapshot.as_of)
    checkable = checkable_figures(figure_rows, rosters)
    roster_ids = [*counted_roster_ids(checkable), *([in_force.id] if in_force else [])]
    roster_counts = load_roster_counts(session, snapshot, roster_ids)
    figure_checks = figure_checks_json(checkable, roster_counts, load_signature_counts(session, snapshot, checkable))
    return CurrentRoster(in_force, roster_counts, snapshot, load_departure_counts(session, snapshot, in_force)), figure_checks
