"""Figures: one, a list, and those of a place."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from legal.errors import NotFound
from legal.queries import citations, dates
from legal.queries.moments import Moment
from legal.queries.paging import Page, Paging, page
from legal.records import Citation, FigureVersion
from legal.rules.dates import reached
from legal.rules.evidence import corroboration
from legal.rules.posture import Report

Row = Mapping[Any, Any]
Json = dict[str, Any]

SORTS = {
    "id": FigureVersion.figure,
    "jurisdiction": FigureVersion.jurisdiction,
    "metric": FigureVersion.metric,
    "unit": FigureVersion.unit,
    "value": FigureVersion.value,
    "date": FigureVersion.__table__.c.date_earliest,
}


def open_at(moment: Moment) -> Select[Any]:
    """Every figure as it was on file."""
    return select(FigureVersion.__table__).where(moment.sees(FigureVersion))


def listed(session: Session, moment: Moment, filters: Mapping[str, Any], paging: Paging) -> tuple[list[Json], Page]:
    """Figures that match, and the page they are; three statements."""
    statement = open_at(moment)
    for name, column in (("jurisdiction", FigureVersion.jurisdiction), ("metric", FigureVersion.metric), ("unit", FigureVersion.unit)):
        if filters.get(name):
            statement = statement.where(column.in_(filters[name]))
    if filters.get("document"):
        citing = select(Citation.figure_version).where(Citation.document == filters["document"])
        statement = statement.where(FigureVersion.key.in_(citing))
    found = page(session, statement, SORTS, FigureVersion.figure, paging)
    return assembled(session, moment, found.rows), found


def one(session: Session, moment: Moment, id: str) -> Json:
    """A figure; two statements.

    Raises:
        NotFound: there is none of that id at that revision.
    """
    row = session.execute(open_at(moment).where(FigureVersion.figure == id)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"There is no figure {id}.")
    return assembled(session, moment, [row])[0]


def assembled(session: Session, moment: Moment, rows: Sequence[Row]) -> list[Json]:
    """Rows with their citations, as the contract shows them; one statement."""
    cited = citations.of_versions(session, moment, Citation.figure_version, [row["key"] for row in rows])
    return [shown(row, cited.get(row["key"], [])) for row in rows]


def shown(row: Row, cited: Sequence[Row]) -> Json:
    """A figure as the contract shows it."""
    return {
        "id": row["figure"],
        **{key: row[key] for key in ("jurisdiction", "measure", "metric", "unit", "cohort", "geography", "comparator")},
        **{key: number(row[key]) for key in ("value", "low", "high")},
        "date": dates.column(row, "date"),
        "note": row["note"],
        "citations": [citations.shown(one) for one in cited],
        "corroboration": corroboration(map(citations.evidence, cited)),
        "roster_check": None,
        "version": row["version"],
        "links": {"self": f"/v1/figures/{row['figure']}", "jurisdiction": f"/v1/jurisdictions/{row['jurisdiction']}"},
    }


def number(value: float | None) -> float | int | None:
    """A whole number without a fraction, as it was printed."""
    return int(value) if value is not None and value.is_integer() else value


def report(row: Row, moment: Moment) -> Report:
    """A figure as the posture rules see it on the day asked about."""
    return Report(row["figure"], row["metric"], reached(row["reported_earliest"], row["reported_latest"], moment.as_of))
