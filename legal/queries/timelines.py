"""Timelines: the dated events of a place's measures and agreements, oldest first."""

from typing import Any

from sqlalchemy import Date, Select, String, cast, exists, func, literal, null, select, union_all
from sqlalchemy.orm import Session, aliased

from legal.queries import dates
from legal.queries.moments import Moment
from legal.queries.paging import Page, Paging, page
from legal.records import Agreement, Event, MeasureVersion, Roster, RosterRow, RosterVersion
from legal.rules.dates import When, reached
from legal.vocabulary import AgreementEvent, Basis, Kind, Model, RosterKind

Json = dict[str, Any]

NONE, NO_DAY = cast(null(), String), cast(null(), Date)
TOLD = ("event", "description", "measure", "agreement", "kind", "title")
SORTS = ("date",)
FACETS = ("event", "kind", "measure")


def listed(session: Session, code: str, moment: Moment, paging: Paging) -> tuple[list[Json], Page]:
    """The events of a place, each with whether it had happened by the day asked about; two statements.

    An event without a date comes last: no date is guessed for it. What lists tell is what all lists
    on file tell, those of later days too, as the events of measures are.
    """
    every = union_all(_of_measures(code, moment), *_of_agreements(code, moment)).subquery()
    # What happened by some day, nobody says since when, stands where it had happened for certain.
    columns = {"date": func.coalesce(every.c.date_earliest, every.c.date_latest), **{name: every.c[name] for name in FACETS}}
    found = page(session, select(every).select_from(every), columns, every.c.key, paging)
    return [_shown(row, code, moment) for row in found.rows], found


def _of_measures(code: str, moment: Moment) -> Select[Any]:
    event, measure = Event.__table__.c, MeasureVersion
    return (
        select(
            *(event[f"date_{part}"] for part in ("edtf", "earliest", "latest", "basis")),
            *(event.event, event.description, measure.measure, NONE.label("agreement"), measure.kind, measure.title),
            *(NONE.label("model"), NONE.label("roster"), NONE.label("agency")),
            (measure.measure + literal("/") + cast(event.position + 1000, String)).label("key"),
        )
        .join(measure, measure.key == Event.measure_version)
        .where(moment.sees(measure), measure.jurisdiction == code)
    )


def _of_agreements(code: str, moment: Moment) -> list[Select[Any]]:
    on_file = (RosterRow.kind == RosterKind.PARTICIPATING, RosterRow.revision_from <= moment.revision, RosterRow.counted)
    seek = select(RosterRow.key).where(RosterRow.agreement == Agreement.id, *on_file).correlate(Agreement).limit(1)
    first = seek.order_by(RosterRow.position).scalar_subquery()
    last = seek.order_by(RosterRow.position.desc()).scalar_subquery()
    row, later = aliased(RosterRow), aliased(Roster)
    published = exists().where(RosterVersion.roster == later.id, moment.sees(RosterVersion))
    following = select(func.min(later.position)).where(later.kind == RosterKind.PARTICIPATING, later.position > row.position, published)
    signed = _told(AgreementEvent.SIGNED, row, row.roster, row.signed, literal(str(Basis.EXPLICIT))).where(
        row.key == last, row.signed.is_not(None)
    )
    begun = (
        _told(AgreementEvent.LISTED, row, Roster.id, Roster.date, Roster.date_basis)
        .join(Roster, Roster.id == row.roster)
        .where(row.key == first)
    )
    gone = (
        _told(AgreementEvent.UNLISTED, row, Roster.id, Roster.date, Roster.date_basis)
        .join(Roster, Roster.position == following.correlate(row).scalar_subquery())
        .where(row.key == last)
    )
    return [told.where(Agreement.jurisdiction == code, Agreement.revision_from <= moment.revision) for told in (signed, begun, gone)]


def _told(event: AgreementEvent, row: Any, roster: Any, day: Any, basis: Any) -> Select[Any]:
    """An event of each agreement, with the list that tells it."""
    return select(
        *(NONE.label("date_edtf"), day.label("date_earliest"), day.label("date_latest"), basis.label("date_basis")),
        *(literal(str(event)).label("event"), NONE.label("description"), NONE.label("measure"), Agreement.id.label("agreement")),
        *(
            literal(str(Kind.ACTIVE_AGREEMENTS)).label("kind"),
            row.agency.label("title"),
            Agreement.model,
            roster.label("roster"),
            Agreement.agency,
        ),
        (Agreement.id + literal(f"/{event}")).label("key"),
    ).join(row, row.agreement == Agreement.id)


def _shown(row: Any, code: str, moment: Moment) -> Json:
    date = dates.of(row, "date") if row["measure"] else _day(row)
    return {
        "date": dates.shown(date),
        "happened": str(reached(date.earliest, date.latest, moment.as_of)),
        **{key: row[key] for key in TOLD},
        **({} if row["measure"] else {"description": _described(row)}),
        "links": {
            "self": f"/v1/measures/{row['measure']}" if row["measure"] else f"/v1/agencies/{row['agency']}",
            "jurisdiction": f"/v1/jurisdictions/{code}",
        },
    }


def _day(row: Any) -> When:
    day = row["date_earliest"]
    return When(day.isoformat(), day, day, Basis(row["date_basis"]))


def _described(row: Any) -> str:
    """What a list tells, in words: of an agreement under which model, and by which list."""
    return f"{AgreementEvent(row['event']).definition} {Model(row['model']).label}; {row['roster']}."
