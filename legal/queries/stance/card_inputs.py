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
from legal.queries.record.documents import DocumentCoverage
from legal.queries.record.measures import MeasureDetails
from legal.queries.rosters.figure_checks import load_figure_checks
from legal.queries.rosters.in_force import JurisdictionRosterEntry, load_current_roster
from legal.vocabulary import Kind


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
    figures_json: Mapping[int, Json]
    national_claims: Sequence[Row]
    figure_checks: Mapping[str, Json]
    coverage: DocumentCoverage
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
    figures_json = figures.load_lasting_json(session, snapshot, figure_rows, sources.figures)
    contradictions = cite_contradictions(contradiction_rows, sources.contradictions)
    figure_checks = load_figure_checks(session, snapshot, figure_rows)
    current_roster = load_current_roster(session, snapshot)
    coverage = documents.load_coverage(session, snapshot)
    measures_by_jurisdiction, figures_by_jurisdiction = _group_by_jurisdiction(measure_rows), _group_by_jurisdiction(figure_rows)
    national_claims = [row for row in rows if row["kind"] == Kind.UNNAMED_STATES]
    return [
        CardInputs(
            jurisdiction=jurisdiction,
            snapshot=snapshot,
            measures=measures_by_jurisdiction[jurisdiction["code"]],
            figures=figures_by_jurisdiction[jurisdiction["code"]],
            measure_details=measure_details,
            figure_sources=sources.figures,
            figures_json=figures_json,
            national_claims=national_claims,
            figure_checks=figure_checks,
            coverage=coverage,
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
