"""Store the differences between a roster and the next one of its kind: departed agreements with their successors, and doubtful signatures.

Both follow from the rows, in whatever order rosters are imported. They are stored because a read could not compare all rosters
with each other.
"""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, delete, exists, insert, or_, select, update
from sqlalchemy.orm import Session

from legal.db.statements import bind_list
from legal.json_types import Json, Row
from legal.models import Agreement, AgreementDeparture, DoubtfulSignature, Roster, RosterRow, RosterVersion
from legal.rules.rosters import renames
from legal.rules.rosters.admission import POSITION_DAY_LENGTH
from legal.rules.rosters.renames import LATE_SUCCESSOR_WINDOW, ListedAgreement, RosterAgency, Successor
from legal.vocabulary import RosterKind

PLAUSIBLE_DELAY = timedelta(days=180)
"""The longest plausible time from a signature to a roster that does not list the agreement yet. ICE lists most within weeks."""

_ROSTER, _VERSION, _ROW, _AGREEMENT = Roster.__table__.c, RosterVersion.__table__.c, RosterRow.__table__.c, Agreement.__table__.c
_DEPARTURE, _DOUBT = AgreementDeparture.__table__.c, DoubtfulSignature.__table__.c

_ROSTERS_WITH_ROWS = (
    select(_ROSTER.id, _ROSTER.date, _ROSTER.position)
    .join(RosterVersion.__table__, and_(_VERSION.roster == _ROSTER.id, _VERSION.revision_to.is_(None), _VERSION.read.is_not(None)))
    .where(_ROSTER.kind == bindparam("kind"))
)
_POSITION = bindparam("position", type_=_ROSTER.position.type)
_PREVIOUS_ROSTER = _ROSTERS_WITH_ROWS.where(_ROSTER.position < _POSITION).order_by(_ROSTER.position.desc()).limit(1)
_ROSTER_AT = _ROSTERS_WITH_ROWS.where(_ROSTER.position == _POSITION)
_NEXT_ROSTER = _ROSTERS_WITH_ROWS.where(_ROSTER.position > _POSITION).order_by(_ROSTER.position).limit(1)


_LISTED_COLUMNS = (
    *(_ROW[name] for name in ("agreement", "jurisdiction", "agency", "agency_type", "county", "county_fips", "model", "signed")),
    _AGREEMENT.agency.label("agency_id"),
)


def _rows_missing_elsewhere() -> Select[Any]:
    """Return the statement for the agreements that the roster ``here`` lists and the roster ``there`` does not."""
    other_row = RosterRow.__table__.alias("other_row").c
    is_elsewhere = exists().where(
        other_row.roster == bindparam("there"), other_row.agreement == _ROW.agreement, other_row.revision_to.is_(None)
    )
    statement = select(*_LISTED_COLUMNS).join(Agreement.__table__, _AGREEMENT.id == _ROW.agreement)
    return statement.where(_ROW.roster == bindparam("here"), _ROW.counted, _ROW.revision_to.is_(None), ~is_elsewhere)


_MISSING_ELSEWHERE = _rows_missing_elsewhere()


_FIRST_ROW = RosterRow.__table__.alias("first_row").c


def _position_of_row(*conditions: ColumnElement[bool], agreement: Any) -> Any:
    """Return a subquery for the first position of an agreement's open rows of a kind under the conditions on ``first_row``."""
    is_row = (_FIRST_ROW.agreement == agreement, _FIRST_ROW.kind == bindparam("kind"), _FIRST_ROW.revision_to.is_(None))
    return select(_FIRST_ROW.position).where(*is_row, *conditions).order_by(_FIRST_ROW.position).limit(1).scalar_subquery()


def _departures_without_neighbor() -> Select[Any]:
    """Return the statement for departures around some days whose successor, if any, is not on the next roster.

    ``returned`` is the position of the first roster that lists the agreement again; null if none does.
    """
    next_rosters = Roster.__table__.alias("next_rosters")
    next_roster = next_rosters.c
    returned = _position_of_row(_FIRST_ROW.position > next_roster.position, agreement=_DEPARTURE.agreement)
    is_row = (_ROW.roster == _DEPARTURE.roster, _ROW.agreement == _DEPARTURE.agreement, _ROW.counted, _ROW.revision_to.is_(None))
    return (
        select(AgreementDeparture.__table__, *_LISTED_COLUMNS[2:])
        .add_columns(next_roster.position.label("next_position"), next_roster.date.label("next_date"), returned.label("returned"))
        .select_from(AgreementDeparture.__table__)
        .join(next_rosters, next_roster.id == _DEPARTURE.next_roster)
        .join(RosterRow.__table__, and_(*is_row))
        .join(Agreement.__table__, _AGREEMENT.id == _DEPARTURE.agreement)
        .where(_DEPARTURE.revision_to.is_(None), or_(_DEPARTURE.successor.is_(None), _DEPARTURE.successor_roster != _DEPARTURE.next_roster))
        .where(next_roster.kind == bindparam("kind"), next_roster.date >= bindparam("first_day"), next_roster.position <= _POSITION)
    )


def _first_listings() -> Select[Any]:
    """Return the statement for the rows of agreements of some jurisdictions on the first roster of a kind that lists them."""
    first_position = _position_of_row(agreement=_AGREEMENT.id)
    is_first = (_ROW.agreement == _AGREEMENT.id, _ROW.kind == bindparam("kind"), _ROW.position == first_position)
    return (
        select(*_LISTED_COLUMNS, _ROW.roster, _ROW.position)
        .select_from(RosterRow.__table__)
        .join(Agreement.__table__, and_(*is_first, _ROW.counted, _ROW.revision_to.is_(None)))
        .where(_AGREEMENT.jurisdiction.in_(bind_list("jurisdictions", _AGREEMENT.jurisdiction)))
        .where(_ROW.position > bindparam("first_position", type_=_ROSTER.position.type), _ROW.position < _POSITION)
        .order_by(_ROW.position, _ROW.agreement)
    )


_DEPARTURES_WITHOUT_NEIGHBOR, _FIRST_LISTINGS = _departures_without_neighbor(), _first_listings()


def _already_listed() -> Select[Any]:
    earlier = RosterRow.__table__.alias("earlier_row").c
    is_listed = exists().where(
        earlier.agreement == _ROW.agreement,
        earlier.kind == _ROW.kind,
        earlier.position < bindparam("before", type_=_ROSTER.position.type),
        earlier.revision_to.is_(None),
    )
    return select(_ROW.agreement).where(_ROW.roster == bindparam("roster"), _ROW.counted, _ROW.revision_to.is_(None), is_listed)


_ALREADY_LISTED = _already_listed()
"""The agreements of a roster that an earlier roster of its kind, before a position, lists too."""


def _is_listed_by_older() -> ColumnElement[bool]:
    """Return the condition that a roster lists a doubt's agreement and is older than the doubt's rosters."""
    later = Roster.__table__.alias("later_roster").c
    is_later = exists().where(later.id == _DOUBT.roster, later.position > _POSITION, later.kind == bindparam("kind"))
    is_listed = exists().where(_ROW.roster == bindparam("listing"), _ROW.agreement == _DOUBT.agreement, _ROW.revision_to.is_(None))
    return and_(is_later, is_listed)


def _closing_statements(model: Any, condition: ColumnElement[bool]) -> tuple[Any, ...]:
    """Return the statements that close the open rows under a condition; rows that the current revision added are deleted."""
    table, is_open = model.__table__, model.__table__.c.revision_to.is_(None)
    is_new = table.c.revision_from == bindparam("closing_revision")
    return (
        delete(table).where(condition, is_new),
        update(table).where(condition, is_open).values(revision_to=bindparam("closing_revision")),
    )


_CLOSE_PAIRS_OF = (
    *_closing_statements(AgreementDeparture, or_(_DEPARTURE.roster == bindparam("id"), _DEPARTURE.next_roster == bindparam("id"))),
    *_closing_statements(DoubtfulSignature, or_(_DOUBT.roster == bindparam("id"), _DOUBT.previous_roster == bindparam("id"))),
)
_CLOSE_PAIR = (
    *_closing_statements(AgreementDeparture, and_(_DEPARTURE.roster == bindparam("earlier"), _DEPARTURE.next_roster == bindparam("later"))),
    *_closing_statements(DoubtfulSignature, and_(_DOUBT.previous_roster == bindparam("earlier"), _DOUBT.roster == bindparam("later"))),
)
_CLOSE_DOUBTS_OF_LISTED = _closing_statements(DoubtfulSignature, _is_listed_by_older())


def refresh_pairs_around(session: Session, revision: int, kind: str, position: str) -> None:
    """Compare the roster at a position with its neighbors, or the neighbors with each other if it is gone."""
    values = {"kind": kind, "position": position}
    neighbors = [session.execute(statement, values).one_or_none() for statement in (_PREVIOUS_ROSTER, _ROSTER_AT, _NEXT_ROSTER)]
    previous_roster, roster, next_roster = neighbors
    if roster:
        close_pairs_of(session, revision, roster.id)
        _execute_all(session, _CLOSE_DOUBTS_OF_LISTED, {**values, "listing": roster.id, "closing_revision": revision})
    if previous_roster and next_roster:
        _execute_all(session, _CLOSE_PAIR, {"earlier": previous_roster.id, "later": next_roster.id, "closing_revision": revision})
    _store_pairs(session, revision, kind, [neighbor for neighbor in neighbors if neighbor])
    _update_late_successors(session, revision, kind, position, next_roster.position if next_roster else position)


def close_pairs_of(session: Session, revision: int, roster: str) -> None:
    """Close everything that is stored about a roster and its neighbors."""
    _execute_all(session, _CLOSE_PAIRS_OF, {"id": roster, "closing_revision": revision})


def _execute_all(session: Session, statements: Iterable[Any], values: Json) -> None:
    for statement in statements:
        session.execute(statement, values)


def _store_pairs(session: Session, revision: int, kind: str, rosters: Sequence[Any]) -> None:
    """Store the differences between each two consecutive rosters; none of them may be on file already."""
    for earlier, later in itertools.pairwise(rosters):
        departed_agreements = _load_listed(session, earlier.id, later.id)
        arrivals = _load_listed(session, later.id, earlier.id)
        successors = renames.find_successors(departed_agreements, arrivals)
        departures = [
            {
                "agreement": agreement.id,
                "jurisdiction": agreement.agency.jurisdiction,
                "roster": earlier.id,
                "next_roster": later.id,
                **_successor_columns(successors.get(agreement.id), later.id),
                "revision_from": revision,
            }
            for agreement in departed_agreements
        ]
        _insert_all(session, AgreementDeparture, departures)
        if kind == RosterKind.PARTICIPATING:
            _insert_doubts(session, [agreement for agreement in arrivals if _is_late(agreement, earlier.date)], earlier, later, revision)


def _successor_columns(successor: Successor | None, roster: str | None) -> Json:
    return {
        "successor": successor and successor.agreement.id,
        "successor_agency": successor and successor.agreement.agency.name,
        "successor_roster": successor and roster,
        "is_correction": successor is not None and successor.is_correction,
        "reason": successor and successor.reason,
    }


def _update_late_successors(session: Session, revision: int, kind: str, position: str, last_position: str) -> None:
    """Find the successors on later rosters of the agreements that departed shortly before a position, or with the roster after it.

    ``last_position`` is that of the roster after it, or the position itself. Only agreements whose jurisdiction is known are
    followed.
    """
    first_day = _day_of(position) - LATE_SUCCESSOR_WINDOW
    values = {"kind": kind, "first_day": first_day, "position": last_position}
    departures = [row for row in session.execute(_DEPARTURES_WITHOUT_NEIGHBOR, values).mappings() if row["jurisdiction"]]
    if not departures:
        return
    last_day = max(row["next_date"] for row in departures) + LATE_SUCCESSOR_WINDOW
    values = {
        "kind": kind,
        "jurisdictions": sorted({row["jurisdiction"] for row in departures}),
        "first_position": min(row["next_position"] for row in departures),
        "position": f"{last_day + timedelta(days=1)}",
    }
    first_listings = session.execute(_FIRST_LISTINGS, values).mappings().all()
    for departure in departures:
        successor, roster = _find_late_successor(departure, first_listings)
        columns = _successor_columns(successor, roster)
        if any(departure[name] != value for name, value in columns.items()):
            _replace_departure(session, departure, columns, revision)


def _day_of(position: str) -> date:
    return date.fromisoformat(position[:POSITION_DAY_LENGTH])


def _find_late_successor(departure: Row, first_listings: Sequence[Row]) -> tuple[Successor | None, str | None]:
    """Return the likeliest successor on the earliest roster that is the first to list one, with that roster; else nulls.

    A roster that lists the departed agreement itself again ends the search.
    """
    agreement = _listed_agreement(departure)
    last_day = departure["next_date"] + LATE_SUCCESSOR_WINDOW
    rows = [
        row
        for row in first_listings
        if row["position"] > departure["next_position"]
        and _day_of(row["position"]) <= last_day
        and (departure["returned"] is None or row["position"] < departure["returned"])
    ]
    for roster, rows_of_roster in itertools.groupby(rows, lambda row: row["roster"]):
        if successor := renames.find_late_successor(agreement, map(_listed_agreement, rows_of_roster)):
            return successor, roster
    return None, None


def _replace_departure(session: Session, departure: Row, columns: Mapping[str, Any], revision: int) -> None:
    is_row = _DEPARTURE.key == departure["key"]
    if departure["revision_from"] == revision:
        session.execute(update(AgreementDeparture.__table__).where(is_row).values(**columns))
        return
    session.execute(update(AgreementDeparture.__table__).where(is_row).values(revision_to=revision))
    kept_columns = {name: departure[name] for name in ("agreement", "jurisdiction", "roster", "next_roster")}
    session.execute(insert(AgreementDeparture.__table__), {**kept_columns, **columns, "revision_from": revision})


def _is_late(agreement: ListedAgreement, previous_day: Any) -> bool:
    return agreement.signed is not None and agreement.signed < previous_day - PLAUSIBLE_DELAY


def _insert_doubts(session: Session, agreements: Sequence[ListedAgreement], earlier: Any, later: Any, revision: int) -> None:
    if not agreements:
        return
    listed_earlier = set(session.scalars(_ALREADY_LISTED, {"roster": later.id, "before": later.position}))
    rows = [
        {
            "agreement": agreement.id,
            "signed": agreement.signed,
            "roster": later.id,
            "previous_roster": earlier.id,
            "revision_from": revision,
        }
        for agreement in agreements
        if agreement.id not in listed_earlier
    ]
    _insert_all(session, DoubtfulSignature, rows)


def _insert_all(session: Session, model: Any, rows: Sequence[Json]) -> None:
    if rows:
        session.execute(insert(model.__table__), rows)


def _load_listed(session: Session, roster: str, other_roster: str) -> list[ListedAgreement]:
    return [_listed_agreement(row) for row in session.execute(_MISSING_ELSEWHERE, {"here": roster, "there": other_roster}).mappings()]


def _listed_agreement(row: Row) -> ListedAgreement:
    signatures = frozenset({(row["model"], row["signed"])})
    agency = RosterAgency(row["agency_id"], row["jurisdiction"], row["agency"], row["agency_type"], row["county_fips"], signatures)
    return ListedAgreement(row["agreement"], agency, row["model"], row["signed"], row["county"])
