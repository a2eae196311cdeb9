"""Timelines: the dated events of a place's measures and agreements, oldest first."""

from typing import Any

from sqlalchemy import Date, FromClause, Select, String, bindparam, cast, exists, func, literal, null, select, union_all
from sqlalchemy.orm import Session

from legal.db.statements import REVISION, seen
from legal.json_types import Json
from legal.models import Agreement, Event, MeasureVersion, Roster, RosterRow, RosterVersion
from legal.queries.core import dates
from legal.queries.core.pagination import Page, Paging, page
from legal.queries.core.snapshot import Snapshot
from legal.rules.dates import When, reached
from legal.vocabulary import AgreementEvent, Basis, Kind, Model, RosterKind

NONE, NO_DAY = cast(null(), String), cast(null(), Date)
TOLD = ("event", "description", "measure", "agreement", "kind", "title")
SORTS = ("date",)
FACETS = ("event", "kind", "measure")

EVENT, MEASURE, AGREEMENT = Event.__table__.c, MeasureVersion.__table__.c, Agreement.__table__.c
ROSTER, VERSION, ROW = Roster.__table__.c, RosterVersion.__table__.c, RosterRow.__table__.c
PLACE = bindparam("jurisdiction", type_=String)


def listed(session: Session, code: str, moment: Snapshot, paging: Paging) -> tuple[list[Json], Page]:
    """The events of a place, each with whether it had happened by the day asked about; two statements.

    An event without a date comes last: no date is guessed for it. What lists tell is what all lists
    on file tell, those of later days too, as the events of measures are.
    """
    found = page(session, moment, ALL, COLUMNS, EVERY.c.key, paging, jurisdiction=code)
    return [_shown(row, code, moment) for row in found.rows], found


def _of_measures() -> Select[Any]:
    return (
        select(
            *(EVENT[f"date_{part}"] for part in ("edtf", "earliest", "latest", "basis")),
            *(EVENT.event, EVENT.description, MEASURE.measure, NONE.label("agreement"), MEASURE.kind, MEASURE.title),
            *(NONE.label("model"), NONE.label("roster"), NONE.label("agency")),
            (MEASURE.measure + literal("/") + cast(EVENT.position + 1000, String)).label("key"),
        )
        .join(MeasureVersion.__table__, MEASURE.key == EVENT.measure_version)
        .where(seen(MEASURE), MEASURE.jurisdiction == PLACE)
    )


def _of_agreements() -> list[Select[Any]]:
    on_file = (ROW.kind == RosterKind.PARTICIPATING, ROW.revision_from <= REVISION, ROW.counted)
    seek = select(ROW.key).where(ROW.agreement == AGREEMENT.id, *on_file).correlate(Agreement.__table__).limit(1)
    first = seek.order_by(ROW.position).scalar_subquery()
    last = seek.order_by(ROW.position.desc()).scalar_subquery()
    told, later = RosterRow.__table__.alias("told"), Roster.__table__.alias("later").c
    row = told.c
    published = exists().where(VERSION.roster == later.id, seen(VERSION))
    following = select(func.min(later.position)).where(later.kind == RosterKind.PARTICIPATING, later.position > row.position, published)
    signed = _told(AgreementEvent.SIGNED, told, row.roster, row.signed, literal(str(Basis.EXPLICIT)))
    begun = _told(AgreementEvent.LISTED, told, ROSTER.id, ROSTER.date, ROSTER.date_basis)
    gone = _told(AgreementEvent.UNLISTED, told, ROSTER.id, ROSTER.date, ROSTER.date_basis)
    events = (
        signed.where(row.key == last, row.signed.is_not(None)),
        begun.join(Roster.__table__, ROSTER.id == row.roster).where(row.key == first),
        gone.join(Roster.__table__, ROSTER.position == following.correlate(told).scalar_subquery()).where(row.key == last),
    )
    return [event.where(AGREEMENT.jurisdiction == PLACE, AGREEMENT.revision_from <= REVISION) for event in events]


def _told(event: AgreementEvent, row: FromClause, roster: Any, day: Any, basis: Any) -> Select[Any]:
    """An event of each agreement, with the list that tells it."""
    return select(
        *(NONE.label("date_edtf"), day.label("date_earliest"), day.label("date_latest"), basis.label("date_basis")),
        *(literal(str(event)).label("event"), NONE.label("description"), NONE.label("measure"), AGREEMENT.id.label("agreement")),
        *(literal(str(Kind.ACTIVE_AGREEMENTS)).label("kind"), row.c.agency.label("title"), AGREEMENT.model),
        *(roster.label("roster"), AGREEMENT.agency, (AGREEMENT.id + literal(f"/{event}")).label("key")),
    ).join(row, row.c.agreement == AGREEMENT.id)


EVERY = union_all(_of_measures(), *_of_agreements()).subquery()
ALL = select(EVERY).select_from(EVERY)
# What happened by some day, nobody says since when, stands where it had happened for certain.
COLUMNS = {"date": func.coalesce(EVERY.c.date_earliest, EVERY.c.date_latest), **{name: EVERY.c[name] for name in FACETS}}


def _shown(row: Any, code: str, moment: Snapshot) -> Json:
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
