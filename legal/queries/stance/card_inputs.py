"""Load the rows that stance cards are made from: five SQL statements for any number of jurisdictions, and six that cards share."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from legal.json_types import Json, Row
from legal.queries.core.snapshot import Snapshot
from legal.queries.record import citations, documents, figures, measures
from legal.queries.record.citations import ClaimSources
from legal.queries.record.contradictions import StatedContradiction, cite_contradictions, load_contradiction_rows
from legal.queries.record.measures import MeasureDetails
from legal.queries.rosters.figure_checks import checkable_figures, counted_roster_ids, figure_checks_json, load_signature_counts
from legal.queries.rosters.in_force import CurrentRoster, JurisdictionRosterEntry, load_departure_counts, load_roster_counts, load_rosters
from legal.rules.dates import EdtfDate
from legal.vocabulary import Kind, RosterKind


@dataclass(frozen=True, slots=True)
class CardInputs:
    """Hold the rows that the card of one jurisdiction is made from.

    Details and sources are by the key of their measure or figure version, figure checks by figure id. All cards share these
    mappings, which may have keys of other jurisdictions.
    """

    jurisdiction: Row
    snapshot: Snapshot
    measures: Sequence[Row]
    figures: Sequence[Row]
    measure_details: Mapping[int, MeasureDetails]
    figure_sources: Mapping[int, ClaimSources]
    national_claims: Sequence[Row]
    figure_checks: Mapping[str, Json]
    document_dates: Sequence[EdtfDate]
    roster_entry: JurisdictionRosterEntry | None
    contradictions: Sequence[StatedContradiction]


def load_card_inputs(session: Session, jurisdictions: Sequence[Row], snapshot: Snapshot) -> list[CardInputs]:
    """Load the inputs of each jurisdiction's card, in the order given; five SQL statements.

    What the cards of a revision share takes six more, once: contradictions, documents, rosters, counts, signatures, departures.
    """
    codes = [jurisdiction["code"] for jurisdiction in jurisdictions]
    rows = snapshot.execute(session, measures.ON_CARDS, jurisdictions=codes).mappings().all()
    measure_rows = [row for row in rows if row["jurisdiction"] in codes]
    figure_rows = snapshot.execute(session, figures.BY_JURISDICTION, jurisdictions=codes).mappings().all()
    contradiction_rows = load_contradiction_rows(session, snapshot, codes)
    sources = citations.load_sources(
        session, snapshot, citations.CitingVersions(*(_version_keys(rows) for rows in (measure_rows, figure_rows, contradiction_rows)))
    )
    measure_details = measures.load_details(session, snapshot, measure_rows, sources.measures)
    contradictions = cite_contradictions(contradiction_rows, sources.contradictions)
    current_roster, figure_checks = _load_roster_inputs(session, snapshot, figure_rows)
    measures_by_jurisdiction, figures_by_jurisdiction = _group_by_jurisdiction(measure_rows), _group_by_jurisdiction(figure_rows)
    national_claims = [row for row in rows if row["kind"] == Kind.UNNAMED_STATES]
    document_dates = documents.load_document_dates(session, snapshot)
    return [
        CardInputs(
            jurisdiction=jurisdiction,
            snapshot=snapshot,
            measures=measures_by_jurisdiction[jurisdiction["code"]],
            figures=figures_by_jurisdiction[jurisdiction["code"]],
            measure_details=measure_details,
            figure_sources=sources.figures,
            national_claims=national_claims,
            figure_checks=figure_checks,
            document_dates=document_dates,
            roster_entry=current_roster.entry_for(jurisdiction["code"]),
            contradictions=[stated for stated in contradictions if stated.row["jurisdiction"] == jurisdiction["code"]],
        )
        for jurisdiction in jurisdictions
    ]


def _version_keys(rows: Iterable[Row]) -> list[int]:
    return [row["key"] for row in rows]


def _group_by_jurisdiction(rows: Iterable[Row]) -> defaultdict[str, list[Row]]:
    rows_by_jurisdiction: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        rows_by_jurisdiction[row["jurisdiction"]].append(row)
    return rows_by_jurisdiction


def _load_roster_inputs(session: Session, snapshot: Snapshot, figure_rows: Iterable[Row]) -> tuple[CurrentRoster, dict[str, Json]]:
    """Load the roster in force and the roster checks of the figures by id; four SQL statements, once for a revision.

    A single statement loads the counts for the roster in force and for the checks.
    """
    rosters = load_rosters(session, snapshot).published_by(snapshot.as_of)
    in_force = rosters.roster_in_force(RosterKind.PARTICIPATING, snapshot.as_of)
    checkable = checkable_figures(figure_rows, rosters)
    roster_ids = [*counted_roster_ids(checkable), *([in_force.id] if in_force else [])]
    roster_counts = load_roster_counts(session, snapshot, roster_ids)
    figure_checks = figure_checks_json(checkable, roster_counts, load_signature_counts(session, snapshot, checkable))
    return CurrentRoster(in_force, roster_counts, snapshot, load_departure_counts(session, snapshot, in_force)), figure_checks
