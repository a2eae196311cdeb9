"""Measures: one, a list, and those of a place."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from legal.db.statements import among, bound, built_once, given, seen, some, worded, words
from legal.errors import NotFound
from legal.json_types import Json, Row
from legal.models import Citation, Event, MeasureVersion
from legal.queries.core import dates, in_effect
from legal.queries.core.pagination import Page, Paging, page
from legal.queries.core.snapshot import Snapshot
from legal.queries.record import citations, figures
from legal.rules.evidence import corroboration
from legal.rules.in_effect import gaps
from legal.rules.posture import Claim
from legal.vocabulary import Phase

MEASURE, EVENT, CITATION = MeasureVersion.__table__.c, Event.__table__.c, Citation.__table__.c

SORTS = {
    "id": MEASURE.measure,
    "jurisdiction": MEASURE.jurisdiction,
    "kind": MEASURE.kind,
    "status": MEASURE.status,
    "title": MEASURE.title,
    "effective": MEASURE.effective_from_earliest,
}

OPEN = select(MeasureVersion.__table__).where(seen(MEASURE))
"""Every measure as it was on file."""

ONE = OPEN.where(MEASURE.measure == bindparam("measure"))
OF_PLACES = OPEN.where(MEASURE.jurisdiction.in_(some("jurisdictions", MEASURE.jurisdiction))).order_by(MEASURE.measure)
KEYS_OF_PLACES = OF_PLACES.with_only_columns(MEASURE.key).order_by(None)

FILTERS = {
    **among(jurisdiction=MEASURE.jurisdiction, kind=MEASURE.kind, status=MEASURE.status, direction=MEASURE.direction),
    "stands": in_effect.IS_ANY,
    "document": MEASURE.key.in_(select(CITATION.measure_version).where(CITATION.document == bindparam("document"))),
    "effective_after": MEASURE.effective_from_latest >= bindparam("effective_after"),
    "effective_before": MEASURE.effective_from_earliest <= bindparam("effective_before"),
}


def listed(session: Session, moment: Snapshot, filters: Mapping[str, Any], paging: Paging) -> tuple[list[Json], Page]:
    """Measures that match, and the page they are; ten statements."""
    called = worded(filters.get("q", ""))
    statement = _matching(given(filters, FILTERS), len(called))
    found = page(session, moment, statement, SORTS, MEASURE.measure, paging, **bound(filters, FILTERS), **called)
    return assembled(session, moment, found.rows), found


@built_once
def _matching(names: tuple[str, ...], called: int) -> Select[Any]:
    return OPEN.where(*(FILTERS[name] for name in names), *words(called, MEASURE.title, MEASURE.summary, MEASURE.measure))


def one(session: Session, moment: Snapshot, id: str) -> Json:
    """A measure; nine statements.

    Raises:
        NotFound: there is none of that id at that revision.
    """
    row = moment.execute(session, ONE, measure=id).mappings().one_or_none()
    if row is None:
        raise NotFound(f"There is no measure {id}.")
    return assembled(session, moment, [row])[0]


def assembled(session: Session, moment: Snapshot, rows: Sequence[Row]) -> list[Json]:
    """Rows with their events, citations and figures, as the contract shows them; eight statements."""
    keys = [row["key"] for row in rows]
    cited = citations.of_versions(session, moment, "measure_version", citations.KEYS, keys=keys)
    happened = events(session, moment, citations.KEYS, keys=keys)
    about = moment.execute(session, figures.OF_MEASURES, measures=[row["measure"] for row in rows]).mappings().all()
    counted: dict[str, list[Json]] = {}
    for figure in figures.assembled(session, moment, about):
        counted.setdefault(figure["measure"], []).append(figure)
    return [shown(row, moment, happened.get(row["key"], []), cited.get(row["key"], []), counted.get(row["measure"], [])) for row in rows]


def events(session: Session, moment: Snapshot, versions: citations.Versions, **values: Any) -> dict[int, list[Row]]:
    """The events of some versions, by key, in their order; one statement."""
    return citations.grouped(moment.execute(session, _events(versions), **values).mappings().all(), "measure_version")


@built_once
def _events(versions: citations.Versions) -> Select[Any]:
    return select(Event.__table__).where(EVENT.measure_version.in_(versions)).order_by(EVENT.measure_version, EVENT.position)


def shown(row: Row, moment: Snapshot, happened: Sequence[Row], cited: Sequence[Row], counted: Sequence[Json]) -> Json:
    """A measure as the contract shows it."""
    return {
        "id": row["measure"],
        **{key: row[key] for key in ("jurisdiction", "kind", "title", "summary", "status", "direction")},
        "stands": str(in_effect.on(row, moment.as_of)),
        "phase": str(phase(row, moment)),
        "gaps": gaps(row["kind"], row["status"], [event["event"] for event in happened]),
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
        "effective": {"from": dates.column(row, "effective_from"), "to": dates.column(row, "effective_to")},
        "events": [
            {"event": event["event"], "date": dates.column(event, "date"), "description": event["description"]} for event in happened
        ],
        "figures": list(counted),
        "citations": [citations.shown(one) for one in cited],
        "corroboration": corroboration(map(citations.evidence, cited)),
        "version": row["version"],
        "links": {"self": f"/v1/measures/{row['measure']}", "jurisdiction": f"/v1/jurisdictions/{row['jurisdiction']}"},
    }


def phase(row: Row, moment: Snapshot) -> Phase:
    """Where a measure is in its life on the day asked about."""
    return in_effect.phase(row, moment.as_of)


def claim(row: Row, moment: Snapshot) -> Claim:
    """A measure as the posture rules see it on the day asked about."""
    return Claim(
        row["measure"],
        row["kind"],
        row["status"],
        row["direction"],
        in_effect.on(row, moment.as_of),
        frozenset(row["binds"]),
        frozenset(row["does_not_bind"]),
        row["reach"],
        row["prohibits_agreements"],
        row["exceptions"] is not None,
        frozenset(row["implies"]),
        in_effect.over(row, moment.as_of),
    )
