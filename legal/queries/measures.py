"""Measures: one, a list, and those of a place."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from legal.errors import NotFound
from legal.queries import citations, dates, figures, standing
from legal.queries.matching import words
from legal.queries.moments import Moment
from legal.queries.paging import Page, Paging, page
from legal.records import Citation, Event, FigureVersion, MeasureVersion
from legal.rules.evidence import corroboration
from legal.rules.posture import Claim
from legal.rules.standing import gaps
from legal.vocabulary import Phase

Row = Mapping[Any, Any]
Json = dict[str, Any]

SORTS = {
    "id": MeasureVersion.measure,
    "jurisdiction": MeasureVersion.jurisdiction,
    "kind": MeasureVersion.kind,
    "status": MeasureVersion.status,
    "title": MeasureVersion.title,
    "effective": MeasureVersion.__table__.c.effective_from_earliest,
}


def open_at(moment: Moment) -> Select[Any]:
    """Every measure as it was on file."""
    return select(MeasureVersion.__table__).where(moment.sees(MeasureVersion))


def listed(session: Session, moment: Moment, filters: Mapping[str, Any], paging: Paging) -> tuple[list[Json], Page]:
    """Measures that match, and the page they are; ten statements."""
    statement = open_at(moment)
    table = MeasureVersion.__table__.c
    for name in ("jurisdiction", "kind", "status", "direction"):
        if filters.get(name):
            statement = statement.where(table[name].in_(filters[name]))
    if filters.get("stands"):
        statement = statement.where(standing.is_any(filters["stands"], moment.as_of))
    if filters.get("document"):
        statement = statement.where(
            MeasureVersion.key.in_(select(Citation.measure_version).where(Citation.document == filters["document"]))
        )
    if filters.get("effective_after"):
        statement = statement.where(table.effective_from_latest >= filters["effective_after"])
    if filters.get("effective_before"):
        statement = statement.where(table.effective_from_earliest <= filters["effective_before"])
    if filters.get("q"):
        statement = statement.where(*words(filters["q"], MeasureVersion.title, MeasureVersion.summary, MeasureVersion.measure))
    found = page(session, statement, SORTS, MeasureVersion.measure, paging)
    return assembled(session, moment, found.rows), found


def one(session: Session, moment: Moment, id: str) -> Json:
    """A measure; nine statements.

    Raises:
        NotFound: there is none of that id at that revision.
    """
    row = session.execute(open_at(moment).where(MeasureVersion.measure == id)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"There is no measure {id}.")
    return assembled(session, moment, [row])[0]


def assembled(session: Session, moment: Moment, rows: Sequence[Row]) -> list[Json]:
    """Rows with their events, citations and figures, as the contract shows them; eight statements."""
    keys = [row["key"] for row in rows]
    cited = citations.of_versions(session, moment, Citation.measure_version, keys)
    happened = events(session, keys)
    about = figures.open_at(moment).where(FigureVersion.measure.in_([row["measure"] for row in rows])).order_by(FigureVersion.figure)
    counted: dict[str, list[Json]] = {}
    for figure in figures.assembled(session, moment, session.execute(about).mappings().all()):
        counted.setdefault(figure["measure"], []).append(figure)
    return [shown(row, moment, happened.get(row["key"], []), cited.get(row["key"], []), counted.get(row["measure"], [])) for row in rows]


def events(session: Session, keys: citations.Keys) -> dict[int, list[Row]]:
    """The events of the versions with these keys, by key, in their order; one statement."""
    statement = select(Event.__table__).where(Event.measure_version.in_(keys)).order_by(Event.measure_version, Event.position)
    return citations.grouped(session.execute(statement).mappings(), "measure_version")


def shown(row: Row, moment: Moment, happened: Sequence[Row], cited: Sequence[Row], counted: Sequence[Json]) -> Json:
    """A measure as the contract shows it."""
    return {
        "id": row["measure"],
        **{key: row[key] for key in ("jurisdiction", "kind", "title", "summary", "status", "direction")},
        "stands": str(standing.on(row, moment.as_of)),
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


def phase(row: Row, moment: Moment) -> Phase:
    """Where a measure is in its life on the day asked about."""
    return standing.phase(row, moment.as_of)


def claim(row: Row, moment: Moment) -> Claim:
    """A measure as the posture rules see it on the day asked about."""
    return Claim(
        row["measure"],
        row["kind"],
        row["status"],
        row["direction"],
        standing.on(row, moment.as_of),
        frozenset(row["binds"]),
        frozenset(row["does_not_bind"]),
        row["reach"],
        row["prohibits_agreements"],
        row["exceptions"] is not None,
        frozenset(row["implies"]),
        standing.over(row, moment.as_of),
    )
