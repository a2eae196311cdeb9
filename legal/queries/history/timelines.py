"""List the dated events of a jurisdiction's measures and agreements, oldest first."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Date, FromClause, Select, String, and_, bindparam, cast, exists, func, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from legal.db.statements import REVISION, active_filters, cached_statement, filter_values, is_version_of, visible_at_revision
from legal.json_types import Json, Row
from legal.models import Agreement, Event, MeasureVersion, Roster, RosterRow, RosterVersion
from legal.queries.core import dates
from legal.queries.core.pagination import Page, Paging, load_page
from legal.queries.core.snapshot import Snapshot
from legal.queries.rosters import departures
from legal.rules.dates import EdtfDate, happened_by
from legal.rules.rosters.aliases import JURISDICTION_NAMES
from legal.vocabulary import AgreementEvent, Basis, Kind, Model, RosterKind

TIMELINE_SORTS = ("date",)
TIMELINE_FACETS = ("event", "kind", "measure")

_RowsByRoster = Mapping[tuple[str, str], Row]
"""Departures by an agreement and the roster that shows what became of it, or what it came from."""

_COPIED_COLUMNS = ("event", "description", "measure", "agreement", "kind", "title")
_NULL_TEXT = cast(null(), String)
_JURISDICTION = bindparam("jurisdiction", type_=String)
_EVENT, _MEASURE, _AGREEMENT = Event.__table__.c, MeasureVersion.__table__.c, Agreement.__table__.c
_ROSTER, _ROSTER_VERSION, _ROSTER_ROW = Roster.__table__.c, RosterVersion.__table__.c, RosterRow.__table__.c


def list_timeline_events(
    session: Session, code: str, snapshot: Snapshot, filters: Mapping[str, date], paging: Paging
) -> tuple[list[Json], Page]:
    """List the events of a jurisdiction. Each event says whether it had happened by the requested day; three SQL statements.

    Events of agreements come from all rosters on file, including those published after the requested day. Events
    without a date come last, because no date is guessed. The filters ``from`` and ``to`` select events that may have
    happened on or after one day and on or before another.
    """
    statement = _matching_events(active_filters(filters, _FILTERS))
    page = load_page(session, snapshot, statement, _COLUMNS, _EVENTS.c.key, paging, jurisdiction=code, **filter_values(filters, _FILTERS))
    agreements = [row["agreement"] for row in page.rows if row["event"] in (AgreementEvent.UNLISTED, AgreementEvent.CORRECTED)]
    departure_rows = departures.load_departures(session, snapshot, agreements)
    departures_by_roster = {(row["agreement"], row["next_roster"]): row for row in departure_rows}
    origins_by_roster = {(row["successor"], row["successor_roster"]): row for row in departure_rows}
    return [
        _timeline_event_json(row, _event_links_json(row, departures_by_roster, origins_by_roster), code, snapshot) for row in page.rows
    ], page


def _event_links_json(row: Row, departures_by_roster: _RowsByRoster, origins_by_roster: _RowsByRoster) -> Json:
    """Return what an agreement may have become or was corrected from, for an event of the roster that shows it."""
    agreement_on_roster = row["agreement"], row["roster"]
    origin = origins_by_roster.get(agreement_on_roster) if row["event"] == AgreementEvent.CORRECTED else None
    return {
        **departures.departure_json(departures_by_roster.get(agreement_on_roster)),
        "corrected_from": departures.correction_json(origin, is_origin=True) if origin else None,
    }


def _measure_events() -> Select[Any]:
    return (
        select(
            *(_EVENT[f"date_{part}"] for part in ("edtf", "earliest", "latest", "basis")),
            *(_EVENT.event, _EVENT.description, _MEASURE.measure, _NULL_TEXT.label("agreement"), _MEASURE.kind, _MEASURE.title),
            *(_NULL_TEXT.label("model"), _NULL_TEXT.label("roster"), _NULL_TEXT.label("agency")),
            (_MEASURE.measure + literal("/") + cast(_EVENT.position + 1000, String)).label("key"),
        )
        .select_from(Event.__table__)
        .join(MeasureVersion.__table__, _MEASURE.key == _EVENT.measure_version)
        .where(visible_at_revision(_MEASURE), _MEASURE.jurisdiction == _JURISDICTION)
    )


def _agreement_events() -> list[Select[Any]]:
    """Return the statements for signatures, first listings, absences from the roster after the last one, and corrections of states.

    A correction stands for the absence in the one jurisdiction, where the agreement was not signed either, and for the first
    listing in the other.
    """
    on_file = (_ROSTER_ROW.kind == RosterKind.PARTICIPATING, visible_at_revision(_ROSTER_ROW), _ROSTER_ROW.counted)
    rows = select(_ROSTER_ROW.key).where(_ROSTER_ROW.agreement == _AGREEMENT.id, *on_file).correlate(Agreement.__table__).limit(1)
    first_row = rows.order_by(_ROSTER_ROW.position).scalar_subquery()
    last_row = rows.order_by(_ROSTER_ROW.position.desc()).scalar_subquery()
    row_table = RosterRow.__table__.alias("row_of_agreement")
    row = row_table.c
    signed_event = _agreement_event(AgreementEvent.SIGNED, row_table, row.roster, row.signed, literal(str(Basis.EXPLICIT)))
    listed_event = _agreement_event(AgreementEvent.LISTED, row_table, _ROSTER.id, _ROSTER.date, _ROSTER.date_basis)
    unlisted_event = _agreement_event(AgreementEvent.UNLISTED, row_table, _ROSTER.id, _ROSTER.date, _ROSTER.date_basis)
    corrected_events = [
        _agreement_event(AgreementEvent.CORRECTED, row_table, _ROSTER.id, _ROSTER.date, _ROSTER.date_basis, side)
        for side in ("_to", "_from")
    ]
    is_next_roster = _ROSTER.position == _next_roster_position(row_table)
    was_corrected, is_correction = departures.is_corrected(row.agreement, row.position), departures.is_correction(row.agreement, row.roster)
    events = (
        signed_event.where(row.key == last_row, row.signed.is_not(None), ~was_corrected),
        listed_event.join(Roster.__table__, _ROSTER.id == row.roster).where(row.key == first_row, ~is_correction),
        unlisted_event.join(Roster.__table__, is_next_roster).where(row.key == last_row, ~was_corrected),
        corrected_events[0].join(Roster.__table__, is_next_roster).where(row.key == last_row, was_corrected),
        corrected_events[1].join(Roster.__table__, _ROSTER.id == row.roster).where(row.key == first_row, is_correction),
    )
    return [event.where(_AGREEMENT.jurisdiction == _JURISDICTION, _AGREEMENT.revision_from <= REVISION) for event in events]


def _next_roster_position(row_table: FromClause) -> Any:
    """Return a subquery for the position of the next participating roster with rows after the roster that a row is on.

    A roster without rows cannot show whether it lists an agreement.
    """
    later_roster = Roster.__table__.alias("later_roster").c
    is_on_file = exists().where(is_version_of(_ROSTER_VERSION, later_roster.id), _ROSTER_VERSION.read.is_not(None))
    is_later = later_roster.position > row_table.c.position
    positions = select(func.min(later_roster.position)).where(later_roster.kind == RosterKind.PARTICIPATING, is_later, is_on_file)
    return positions.correlate(row_table).scalar_subquery()


def _agreement_event(event: AgreementEvent, row_table: FromClause, roster: Any, day: Any, basis: Any, key_suffix: str = "") -> Select[Any]:
    """Return the statement for one kind of event, with the day, the basis of the day, and the roster that shows the event."""
    row = row_table.c
    return select(
        *(_NULL_TEXT.label("date_edtf"), day.label("date_earliest"), day.label("date_latest"), basis.label("date_basis")),
        *(literal(str(event)).label("event"), _NULL_TEXT.label("description"), _NULL_TEXT.label("measure")),
        *(_AGREEMENT.id.label("agreement"), literal(str(Kind.ACTIVE_AGREEMENTS)).label("kind"), row.agency.label("title")),
        *(_AGREEMENT.model, roster.label("roster"), _AGREEMENT.agency, (_AGREEMENT.id + literal(f"/{event}{key_suffix}")).label("key")),
    ).join(row_table, row.agreement == _AGREEMENT.id)


_EVENTS = union_all(_measure_events(), *_agreement_events()).subquery()
_TIMELINE = select(_EVENTS).select_from(_EVENTS)
_EARLIEST, _LATEST = _EVENTS.c.date_earliest, _EVENTS.c.date_latest
_HAS_DATE = or_(_EARLIEST.is_not(None), _LATEST.is_not(None))
_FILTERS = {
    "from": and_(_HAS_DATE, or_(_LATEST.is_(None), bindparam("from", type_=Date) <= _LATEST)),
    "to": and_(_HAS_DATE, or_(_EARLIEST.is_(None), bindparam("to", type_=Date) >= _EARLIEST)),
}
# An event with only a latest day is sorted by that day: by then it had certainly happened.
_COLUMNS = {"date": func.coalesce(_EVENTS.c.date_earliest, _EVENTS.c.date_latest), **{name: _EVENTS.c[name] for name in TIMELINE_FACETS}}


@cached_statement
def _matching_events(names: tuple[str, ...]) -> Select[Any]:
    return _TIMELINE.where(*(_FILTERS[name] for name in names))


def _timeline_event_json(row: Row, links: Json, code: str, snapshot: Snapshot) -> Json:
    event_date = dates.date_from_row(row, "date") if row["measure"] else _exact_date(row)
    return {
        "date": dates.date_json(event_date),
        "happened": str(happened_by(event_date.earliest, event_date.latest, snapshot.as_of)),
        **{key: row[key] for key in _COPIED_COLUMNS},
        **({} if row["measure"] else {"description": _agreement_event_description(row, links)}),
        **links,
        "links": {
            "self": f"/v1/measures/{row['measure']}" if row["measure"] else f"/v1/agencies/{row['agency']}",
            "jurisdiction": f"/v1/jurisdictions/{code}",
        },
    }


def _exact_date(row: Row) -> EdtfDate:
    day = row["date_earliest"]
    return EdtfDate(day.isoformat(), day, day, Basis(row["date_basis"]))


def _agreement_event_description(row: Row, links: Json) -> str:
    """Return the definition of the event, the label of the agreement's model, and the id of the roster that shows it."""
    description = f"{AgreementEvent(row['event']).definition} {Model(row['model']).label}; {row['roster']}."
    if successor := links["possibly_renamed_to"]:
        return f"{description} {successor['roster']} adds {successor['agency']}, which may be the same agency."
    for key, relation in (("corrected_from", "Before"), ("corrected_to", "From then on")):
        if links[key]:
            return f"{description} {relation}: {_jurisdiction_text(links[key]['jurisdiction'])}."
    return description


def _jurisdiction_text(code: str | None) -> str:
    return JURISDICTION_NAMES[code] if code else "a state that cannot be read"
