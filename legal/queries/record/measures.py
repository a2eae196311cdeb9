"""List measures, get a single measure, and build the API's measure objects."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from legal.db.statements import (
    active_filters,
    bind_list,
    cached_statement,
    filter_values,
    in_filters,
    like_clauses,
    like_params,
    visible_at_revision,
)
from legal.errors import NotFound
from legal.json_types import Json, Row
from legal.models import Citation, Event, MeasureVersion
from legal.queries.core import dates, in_effect
from legal.queries.core.pagination import Page, Paging, load_page
from legal.queries.core.snapshot import Snapshot
from legal.queries.record import citations, figures
from legal.rules.evidence import count_corroboration, newest_date, supporting_citations
from legal.rules.in_effect import missing_steps
from legal.rules.posture import Claim
from legal.vocabulary import Phase, Stands

MEASURE, _EVENT, _CITATION = MeasureVersion.__table__.c, Event.__table__.c, Citation.__table__.c

SORTS = {
    "id": MEASURE.measure,
    "jurisdiction": MEASURE.jurisdiction,
    "kind": MEASURE.kind,
    "status": in_effect.STATUS_ON_DAY,
    "title": MEASURE.title,
    "effective": MEASURE.effective_from_earliest,
}

CURRENT_VERSIONS = select(MeasureVersion.__table__, *in_effect.DAY_COLUMNS).where(visible_at_revision(MEASURE))
"""Every measure, as it was at the revision, with its status on the requested day."""

_BY_ID = CURRENT_VERSIONS.where(MEASURE.measure == bindparam("measure"))
BY_JURISDICTION = CURRENT_VERSIONS.where(MEASURE.jurisdiction.in_(bind_list("jurisdictions", MEASURE.jurisdiction))).order_by(
    MEASURE.measure
)
MEASURE_KEYS_BY_JURISDICTION = BY_JURISDICTION.with_only_columns(MEASURE.key).order_by(None)

_FILTERS = {
    **in_filters(jurisdiction=MEASURE.jurisdiction, kind=MEASURE.kind, status=in_effect.STATUS_ON_DAY, direction=MEASURE.direction),
    "stands": in_effect.IN_EFFECT_MATCHES,
    "document": MEASURE.key.in_(select(_CITATION.measure_version).where(_CITATION.document == bindparam("document"))),
    "effective_after": MEASURE.effective_from_latest >= bindparam("effective_after"),
    "effective_before": MEASURE.effective_from_earliest <= bindparam("effective_before"),
}


def list_measures(session: Session, snapshot: Snapshot, filters: Mapping[str, Any], paging: Paging) -> tuple[list[Json], Page]:
    """List one page of the measures that match; ten SQL statements."""
    search_values = like_params(filters.get("q", ""))
    statement = _matching_measures(active_filters(filters, _FILTERS), len(search_values))
    page = load_page(session, snapshot, statement, SORTS, MEASURE.measure, paging, **filter_values(filters, _FILTERS), **search_values)
    return with_related(session, snapshot, page.rows), page


@cached_statement
def _matching_measures(names: tuple[str, ...], word_count: int) -> Select[Any]:
    return CURRENT_VERSIONS.where(
        *(_FILTERS[name] for name in names), *like_clauses(word_count, MEASURE.title, MEASURE.summary, MEASURE.measure)
    )


def get_measure(session: Session, snapshot: Snapshot, id: str) -> Json:
    """Return a measure; nine SQL statements.

    Raises:
        NotFound: the revision has no measure with this id.
    """
    row = snapshot.execute(session, _BY_ID, measure=id).mappings().one_or_none()
    if row is None:
        raise NotFound(f"There is no measure {id}.")
    return with_related(session, snapshot, [row])[0]


def with_related(session: Session, snapshot: Snapshot, rows: Sequence[Row]) -> list[Json]:
    """Return the measures in rows as the API shows them, with events, citations and figures; eight SQL statements."""
    keys = [row["key"] for row in rows]
    citation_rows = citations.load_citations(session, snapshot, "measure_version", citations.VERSION_KEYS, keys=keys)
    event_rows = load_events(session, snapshot, citations.VERSION_KEYS, keys=keys)
    figure_rows = snapshot.execute(session, figures.BY_MEASURE, measures=[row["measure"] for row in rows]).mappings().all()
    figures_by_measure: dict[str, list[Json]] = {}
    for figure in figures.with_related(session, snapshot, figure_rows):
        figures_by_measure.setdefault(figure["measure"], []).append(figure)
    return [
        measure_json(
            row, snapshot, event_rows.get(row["key"], []), citation_rows.get(row["key"], []), figures_by_measure.get(row["measure"], [])
        )
        for row in rows
    ]


def load_events(session: Session, snapshot: Snapshot, versions: citations.VersionSelection, **values: Any) -> dict[int, list[Row]]:
    """Return the events of the selected versions, grouped by version key and sorted by position; one SQL statement."""
    return citations.group_by_version(snapshot.execute(session, _events_statement(versions), **values).mappings().all(), "measure_version")


@cached_statement
def _events_statement(versions: citations.VersionSelection) -> Select[Any]:
    return select(Event.__table__).where(_EVENT.measure_version.in_(versions)).order_by(_EVENT.measure_version, _EVENT.position)


def measure_json(
    row: Row, snapshot: Snapshot, event_rows: Sequence[Row], citation_rows: Sequence[Row], figures_json: Sequence[Json]
) -> Json:
    """Return a measure as the API shows it; ``figures_json`` has the figures about the measure."""
    return {
        "id": row["measure"],
        **{key: row[key] for key in ("jurisdiction", "kind", "title", "summary")},
        "status": row["status_on_day"],
        "direction": row["direction"],
        "stands": str(in_effect.measure_in_effect_on(row, snapshot.as_of)),
        "phase": str(measure_phase(row, snapshot)),
        "last_known": _last_known_json(row, snapshot, citation_rows),
        "gaps": missing_steps(row["kind"], row["status_on_day"], [event["event"] for event in event_rows]),
        "identifiers": row["identifiers"],
        "notices": row["notices"],
        "scope": {
            "binds": row["binds"],
            "does_not_bind": row["does_not_bind"],
            "agreements": row["reach"],
            **{key: row[key] for key in ("prohibits_agreements", "exceptions", "max_term_months")},
        },
        "implies": row["implies"],
        "agreements": row["agreements"] or [],
        "actors": row["actors"],
        "effective": {"from": dates.row_date_json(row, "effective_from"), "to": dates.row_date_json(row, "effective_to")},
        "events": [
            {"event": event["event"], "date": dates.row_date_json(event, "date"), "description": event["description"]}
            for event in event_rows
        ],
        "figures": list(figures_json),
        "citations": [citations.citation_json(citation) for citation in citation_rows],
        "corroboration": count_corroboration(map(citations.citation_evidence, citation_rows)),
        "version": row["version"],
        "links": {"self": f"/v1/measures/{row['measure']}", "jurisdiction": f"/v1/jurisdictions/{row['jurisdiction']}"},
    }


def _last_known_json(row: Row, snapshot: Snapshot, citation_rows: Sequence[Row]) -> Json | None:
    """Return the date of the newest source of a measure that is past its horizon; null while the evidence is not too old."""
    stands = in_effect.measure_in_effect_on(row, snapshot.as_of)
    if stands is not Stands.POSSIBLE or not in_effect.measure_past_horizon(row, snapshot.as_of):
        return None
    evidence = supporting_citations(map(citations.citation_evidence, citation_rows))
    return dates.date_json(newest_date(citation.published for citation in evidence))


def measure_phase(row: Row, snapshot: Snapshot) -> Phase:
    """Return the phase of a measure on the requested day."""
    return in_effect.measure_phase_on(row, snapshot.as_of)


def measure_claim(row: Row, snapshot: Snapshot) -> Claim:
    """Return a measure on the requested day, as the input of the posture rules."""
    return Claim(
        row["measure"],
        row["kind"],
        row["status_on_day"],
        row["direction"],
        in_effect.measure_in_effect_on(row, snapshot.as_of),
        frozenset(row["binds"]),
        frozenset(row["does_not_bind"]),
        row["reach"],
        row["prohibits_agreements"],
        row["exceptions"] is not None,
        frozenset(row["implies"]),
        in_effect.effect_ended_by(row, snapshot.as_of),
        bool(row["is_unlisted"]),
        in_effect.measure_past_horizon(row, snapshot.as_of),
    )
