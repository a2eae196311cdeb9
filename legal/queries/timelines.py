"""Timelines: the dated events of a place's measures, oldest first."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from legal.queries import dates
from legal.queries.moments import Moment
from legal.queries.paging import Page, Paging, page
from legal.records import Event, MeasureVersion
from legal.rules.dates import reached

Json = dict[str, Any]

DATED = Event.__table__.c
# What happened by some day, nobody says since when, stands where it had happened for certain.
SORTS = {"date": func.coalesce(DATED.date_earliest, DATED.date_latest)}
FACETS = {"event": Event.event, "kind": MeasureVersion.kind, "measure": MeasureVersion.measure}
COLUMNS = SORTS | FACETS


def listed(session: Session, code: str, moment: Moment, paging: Paging) -> tuple[list[Json], Page]:
    """The events of a place, each with whether it had happened by the day asked about; two statements.

    An event without a date comes last: no date is guessed for it.
    """
    statement = (
        select(Event.__table__, MeasureVersion.measure, MeasureVersion.kind, MeasureVersion.title)
        .join(MeasureVersion, MeasureVersion.key == Event.measure_version)
        .where(moment.sees(MeasureVersion), MeasureVersion.jurisdiction == code)
    )
    found = page(session, statement, COLUMNS, Event.key, paging)
    return [
        {
            "date": dates.column(row, "date"),
            "happened": str(reached(row["date_earliest"], row["date_latest"], moment.as_of)),
            **{key: row[key] for key in ("event", "description", "measure", "kind", "title")},
            "links": {"self": f"/v1/measures/{row['measure']}", "jurisdiction": f"/v1/jurisdictions/{code}"},
        }
        for row in found.rows
    ], found
