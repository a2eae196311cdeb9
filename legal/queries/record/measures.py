"""List measures, get a single measure, and build the API's measure objects."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
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
from legal.queries.record.citations import ClaimSources
from legal.rules.dates import EdtfDate
from legal.rules.evidence import newest_date, supporting_citations
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
_IS_ON_CARD = [or_(columns.jurisdiction.in_(_JURISDICTIONS), columns.kind == Kind.UNNAMED_STATES) for columns in (MEASURE, _IDENTITY)]
ON_CARDS = _current_versions(_IS_ON_CARD[1]).where(_IS_ON_CARD[0]).order_by(MEASURE.measure)
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
    """List one page of the measures that match; ten SQL statements."""
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
    """Return a measure; nine SQL statements.

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
class MeasureDetails:
    """Hold what is said about a measure at a revision, whatever the day. Answers share it: it must not be changed.

    ``json`` is the measure as the API shows it, with nothing yet in the fields that depend on the day, and no figures.
    ``events`` are pairs of an event and its date, and ``effects`` what the measure does to others.
    """

    json: Json
    sources: ClaimSources
    events: Sequence[tuple[str, EdtfDate]]
    effects: frozenset[str]


def with_related(session: Session, snapshot: Snapshot, rows: Sequence[Row]) -> list[Json]:
    """Return the measures in rows as the API shows them, with events, links, provisions, citations and figures; eight SQL statements."""
    figure_rows = figures.load_rows_about_measures(session, snapshot, [row["measure"] for row in rows])
    selection = citations.CitingVersions(measures=[row["key"] for row in rows], figures=[row["key"] for row in figure_rows])
    sources = citations.load_sources(session, snapshot, selection)
    details = load_details(session, snapshot, rows, sources.measures)
    figures_by_measure: defaultdict[str, list[Json]] = defaultdict(list)
    for figure in figures.with_checks(session, snapshot, figure_rows, sources.figures):
        figures_by_measure[figure["measure"]].append(figure)
    return [measure_json(row, snapshot, details[row["key"]], figures_by_measure[row["measure"]]) for row in rows]


def load_details(
    session: Session, snapshot: Snapshot, rows: Iterable[Row], sources: Mapping[int, ClaimSources]
) -> dict[int, MeasureDetails]:
    """Load what is said about the measures in rows, by version key; two SQL statements, once for a revision.

    ``sources`` are those of these versions, by version key.
    """
    rows_by_key = {row["key"]: row for row in rows}

    def load(keys: list[int]) -> dict[int, MeasureDetails]:
        return _load_details(session, snapshot, [rows_by_key[key] for key in keys], sources)

    return snapshot.load_shared_items(session, "measure details", rows_by_key, load)


def _load_details(
    session: Session, snapshot: Snapshot, rows: Sequence[Row], sources: Mapping[int, ClaimSources]
) -> dict[int, MeasureDetails]:
    events_by_key: defaultdict[int, list[Row]] = defaultdict(list)
    for event in snapshot.execute(session, _EVENTS, keys=[row["key"] for row in rows]).mappings():
        events_by_key[event["measure_version"]].append(event)
    acts_on, acted_on_by = _load_links(session, snapshot, rows)
    return {
        row["key"]: MeasureDetails(
            _lasting_json(row, events_by_key[row["key"]], sources[row["key"]], acts_on[row["measure"]], acted_on_by[row["measure"]]),
            sources[row["key"]],
            [(event["event"], dates.date_from_row(event, "date")) for event in events_by_key[row["key"]]],
            frozenset(link["effect"] for link in acts_on[row["measure"]]),
        )
        for row in rows
    }


def _load_links(
    session: Session, snapshot: Snapshot, rows: Sequence[Row]
) -> tuple[defaultdict[str, list[Json]], defaultdict[str, list[Json]]]:
    """Return the links to and from measures, by the measure that acts and by the measure that is acted on; one SQL statement."""
    acts_on: defaultdict[str, list[Json]] = defaultdict(list)
    acted_on_by: defaultdict[str, list[Json]] = defaultdict(list)
    values = {"keys": [row["key"] for row in rows], "measures": [row["measure"] for row in rows]}
    for source, target, effect in snapshot.execute(session, _LINKS, **values):
        acts_on[source].append({"id": target, "effect": effect})
        acted_on_by[target].append({"id": source, "effect": effect})
    return acts_on, acted_on_by


def _lasting_json(row: Row, event_rows: Sequence[Row], sources: ClaimSources, acts_on: Sequence[Json], acted_on_by: Sequence[Json]) -> Json:
    """Return a measure as the API shows it, in the order of its fields, with null where ``measure_json`` puts a value."""
    return {
        "id": row["measure"],
        **{key: row[key] for key in ("jurisdiction", "kind", "title", "summary")},
        "status": None,
        "direction": row["direction"],
        **dict.fromkeys(("stands", "phase", "last_known", "gaps")),
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
        "acts_on": acts_on,
        "acted_on_by": acted_on_by,
        "provisions": sources.provisions,
        "figures": None,
        "citations": sources.citations,
        "corroboration": sources.corroboration,
        "version": row["version"],
        "links": {"self": f"/v1/measures/{row['measure']}", "jurisdiction": f"/v1/jurisdictions/{row['jurisdiction']}"},
    }


def measure_json(row: Row, snapshot: Snapshot, details: MeasureDetails, figures_json: Sequence[Json]) -> Json:
    """Return a measure as the API shows it; ``figures_json`` has the figures about the measure."""
    stands = in_effect.measure_in_effect_on(row, snapshot.as_of)
    return {
        **details.json,
        "status": row["status_on_day"],
        "stands": str(stands),
        "phase": str(measure_phase(row, snapshot)),
        "last_known": _last_known_json(row, snapshot, stands, details.sources),
        "gaps": missing_steps(row["kind"], row["status_on_day"], [event for event, _ in details.events]),
        "figures": list(figures_json),
    }


def _last_known_json(row: Row, snapshot: Snapshot, stands: Stands, sources: ClaimSources) -> Json | None:
    """Return the date of the newest source of a measure that is past its horizon; null while the evidence is not too old."""
    if stands is not Stands.POSSIBLE or not in_effect.measure_past_horizon(row, snapshot.as_of):
        return None
    return dates.date_json(newest_date(citation.published for citation in supporting_citations(sources.evidence)))


def national_claim_json(row: Row, snapshot: Snapshot) -> Json:
    """Return a claim about unnamed states as a card shows it. The link leads to the citations."""
    return {
        "id": row["measure"],
        **{key: row[key] for key in ("title", "summary", "direction")},
        "status": row["status_on_day"],
        "stands": str(in_effect.measure_in_effect_on(row, snapshot.as_of)),
        "links": {"self": f"/v1/measures/{row['measure']}"},
    }


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
