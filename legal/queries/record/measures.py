"""List measures, get a single measure, and build the API's measure objects."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, bindparam, or_, select, union
from sqlalchemy.orm import Session

from legal.db.statements import (
    JoinedNumbers,
    active_filters,
    bind_list,
    cached_statement,
    filter_values,
    in_filters,
    is_part_of_version,
    is_version_of,
    is_version_of_any,
    like_clauses,
    like_params,
    visible_at_revision,
)
from legal.errors import NotFound
from legal.json_types import Json, Row
from legal.models import Citation, Event, Measure, MeasureLink, MeasureVersion
from legal.queries.core import dates, in_effect
from legal.queries.core.pagination import Page, Paging, load_page
from legal.queries.core.snapshot import Snapshot
from legal.queries.record import citations, figures
from legal.rules.evidence import count_corroboration, newest_date, supporting_citations
from legal.rules.in_effect import missing_steps
from legal.rules.posture import Claim
from legal.vocabulary import Kind, Phase, Stands

MEASURE, _EVENT, _CITATION = MeasureVersion.__table__.c, Event.__table__.c, Citation.__table__.c
_LINK = MeasureLink.__table__.c
_IDENTITY, _TARGET = Measure.__table__.c, MeasureVersion.__table__.alias("target")

SORTS = {
    "id": MEASURE.measure,
    "jurisdiction": MEASURE.jurisdiction,
    "kind": MEASURE.kind,
    "status": in_effect.STATUS_ON_DAY,
    "title": MEASURE.title,
    "effective": MEASURE.effective_from_earliest,
}


def _current_versions(*narrowing: ColumnElement[bool]) -> Select[Any]:
    """Return the statement for measures as they were at the revision; ``narrowing`` says of which, by their permanent rows."""
    return select(MeasureVersion.__table__, *in_effect.DAY_COLUMNS).where(visible_at_revision(MEASURE, *narrowing))


CURRENT_VERSIONS = _current_versions()
"""Every measure, as it was at the revision, with its status on the requested day."""

_BY_ID = select(MeasureVersion.__table__, *in_effect.DAY_COLUMNS).where(is_version_of(MEASURE, bindparam("measure", type_=String)))
_TITLES = select(MEASURE.measure, MEASURE.title).where(is_version_of_any(MEASURE, bind_list("measures", MEASURE.measure)))
_JURISDICTIONS = bind_list("jurisdictions", MEASURE.jurisdiction)
_ON_CARDS = [or_(columns.jurisdiction.in_(_JURISDICTIONS), columns.kind == Kind.UNNAMED_STATES) for columns in (MEASURE, _IDENTITY)]
ON_CARDS = _current_versions(_ON_CARDS[1]).where(_ON_CARDS[0]).order_by(MEASURE.measure)
"""The measures of jurisdictions, and every claim about states that its source does not name."""

BY_JURISDICTION = (
    _current_versions(_IDENTITY.jurisdiction.in_(_JURISDICTIONS)).where(MEASURE.jurisdiction.in_(_JURISDICTIONS)).order_by(MEASURE.measure)
)
_EVENTS = (
    select(Event.__table__).where(_EVENT.measure_version.in_(citations.VERSION_KEYS)).order_by(_EVENT.measure_version, _EVENT.position)
)

_IS_CURRENT_LINK = is_part_of_version(_LINK, "measure_version", MeasureVersion.__table__)
# A union, because no index serves an OR of two lists.
_LINK_KEYS = union(
    select(_LINK.key).where(_LINK.measure_version.in_(citations.VERSION_KEYS)),
    select(_LINK.key).where(_IS_CURRENT_LINK, _LINK.target.in_(bind_list("measures", _LINK.target))),
)
_LINKS = (
    select(MEASURE.measure, _LINK.target, _LINK.effect)
    .select_from(MeasureLink.__table__)
    .join(MeasureVersion.__table__, and_(MEASURE.key == _LINK.measure_version, visible_at_revision(MEASURE)))
    .join(_TARGET, is_version_of(_TARGET.c, _LINK.target))
    .where(_LINK.key.in_(_LINK_KEYS))
    .order_by(MEASURE.measure, _LINK.position)
)
"""The links of measures, in both directions, to and from measures that are on file at the revision."""

_FILTERS = {
    **in_filters(jurisdiction=MEASURE.jurisdiction, kind=MEASURE.kind, status=in_effect.STATUS_ON_DAY, direction=MEASURE.direction),
    "stands": in_effect.IN_EFFECT_MATCHES,
    "document": MEASURE.key.in_(citations.citing_versions("measure_version", MeasureVersion.__table__)),
    "effective_after": MEASURE.effective_from_latest >= bindparam("effective_after"),
    "effective_before": MEASURE.effective_from_earliest <= bindparam("effective_before"),
}
_IDENTITY_FILTERS = in_filters(jurisdiction=_IDENTITY.jurisdiction, kind=_IDENTITY.kind)
"""The filters on what never changes about a measure."""


def list_measures(session: Session, snapshot: Snapshot, filters: Mapping[str, Any], paging: Paging) -> tuple[list[Json], Page]:
    """List one page of the measures that match; twelve SQL statements."""
    search_values = like_params(filters.get("q", ""))
    statement = _matching_measures(active_filters(filters, _FILTERS), len(search_values))
    page = load_page(session, snapshot, statement, SORTS, MEASURE.measure, paging, **filter_values(filters, _FILTERS), **search_values)
    return with_related(session, snapshot, page.rows), page


@cached_statement
def _matching_measures(names: tuple[str, ...], word_count: int) -> Select[Any]:
    narrowing = [_IDENTITY_FILTERS[name] for name in names if name in _IDENTITY_FILTERS]
    return _current_versions(*narrowing).where(
        *(_FILTERS[name] for name in names),
        *like_clauses(word_count, MEASURE.title, MEASURE.summary, MEASURE.measure, JoinedNumbers(MEASURE.identifiers)),
    )


def get_measure(session: Session, snapshot: Snapshot, id: str) -> Json:
    """Return a measure; eleven SQL statements.

    Raises:
        NotFound: the revision has no measure with this id.
    """
    row = snapshot.execute(session, _BY_ID, measure=id).mappings().one_or_none()
    if row is None:
        raise NotFound(f"There is no measure {id}.")
    return with_related(session, snapshot, [row])[0]


def load_titles(session: Session, snapshot: Snapshot, ids: Collection[str]) -> dict[str, str]:
    """Load the titles of those measures that the revision has, by id; one SQL statement."""
    return {row.measure: row.title for row in snapshot.execute(session, _TITLES, measures=list(ids))}


@dataclass(frozen=True, slots=True)
class MeasureRelations:
    """Hold the provisions of measures by version key, and the links between measures by id, in both directions."""

    provisions: Mapping[int, Sequence[Json]]
    acts_on: Mapping[str, Sequence[Json]]
    acted_on_by: Mapping[str, Sequence[Json]]


def with_related(session: Session, snapshot: Snapshot, rows: Sequence[Row]) -> list[Json]:
    """Return the measures in rows as the API shows them, with events, links, provisions, citations and figures; ten SQL statements."""
    ids, keys = [row["measure"] for row in rows], [row["key"] for row in rows]
    figure_rows = snapshot.execute(session, figures.BY_MEASURE, measures=ids).mappings().all()
    selection = citations.CitingVersions(measures=keys, figures=[row["key"] for row in figure_rows])
    citation_rows = citations.load_citations(session, snapshot, selection)
    event_rows = load_events(session, snapshot, keys)
    relations = MeasureRelations(provisions_json(citation_rows), *load_links(session, snapshot, rows))
    figures_by_measure: dict[str, list[Json]] = {}
    for figure in figures.with_checks(session, snapshot, figure_rows, citation_rows.figures):
        figures_by_measure.setdefault(figure["measure"], []).append(figure)
    return [
        measure_json(
            row,
            snapshot,
            event_rows.get(row["key"], []),
            citation_rows.measures.get(row["key"], []),
            figures_by_measure.get(row["measure"], []),
            relations,
        )
        for row in rows
    ]


def load_events(session: Session, snapshot: Snapshot, keys: Sequence[int]) -> dict[int, list[Row]]:
    """Return the events of versions, grouped by version key and sorted by position; one SQL statement."""
    return citations.group_by_version(snapshot.execute(session, _EVENTS, keys=keys).mappings(), "measure_version")


def provisions_json(citation_rows: citations.CitationRows) -> dict[int, list[Json]]:
    """Return the provisions of measures as the API shows them, by version key. Each has a citation, in whose row it is."""
    provisions_by_version: dict[int, list[Json]] = {}
    for version, rows in citation_rows.provisions.items():
        provisions_by_key: dict[int, Json] = {}
        for row in rows:
            provision = provisions_by_key.setdefault(row["provision"], _provision_json(row))
            provision["citations"].append(citations.citation_json(row))
        provisions_by_version[version] = list(provisions_by_key.values())
    return provisions_by_version


def load_links(session: Session, snapshot: Snapshot, rows: Sequence[Row]) -> tuple[dict[str, list[Json]], dict[str, list[Json]]]:
    """Return the links to and from measures, by the measure that acts and by the measure that is acted on; one SQL statement."""
    acts_on: defaultdict[str, list[Json]] = defaultdict(list)
    acted_on_by: defaultdict[str, list[Json]] = defaultdict(list)
    values = {"keys": [row["key"] for row in rows], "measures": [row["measure"] for row in rows]}
    for source, target, effect in snapshot.execute(session, _LINKS, **values):
        acts_on[source].append({"id": target, "effect": effect})
        acted_on_by[target].append({"id": source, "effect": effect})
    return acts_on, acted_on_by


def measure_json(
    row: Row,
    snapshot: Snapshot,
    event_rows: Sequence[Row],
    citation_rows: Sequence[Row],
    figures_json: Sequence[Json],
    relations: MeasureRelations,
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
        "acts_on": list(relations.acts_on.get(row["measure"], ())),
        "acted_on_by": list(relations.acted_on_by.get(row["measure"], ())),
        "provisions": list(relations.provisions.get(row["key"], ())),
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


def national_claim_json(row: Row, snapshot: Snapshot) -> Json:
    """Return a claim about unnamed states as a card shows it. The link leads to the citations."""
    return {
        "id": row["measure"],
        **{key: row[key] for key in ("title", "summary", "direction")},
        "status": row["status_on_day"],
        "stands": str(in_effect.measure_in_effect_on(row, snapshot.as_of)),
        "links": {"self": f"/v1/measures/{row['measure']}"},
    }


def _provision_json(row: Row) -> Json:
    fields = {key: row[f"provision_{key}"] for key in ("type", "text", "by")}
    return {**fields, "date": dates.row_date_json(row, "provision_date"), "citations": []}


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
