"""Store the differences between a roster and the next one of its kind: departed agreements with their successors, and doubtful signatures.

Both follow from the rows. They are stored because a read could not compare all rosters with one another.
"""

import itertools
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, delete, exists, insert, or_, select, update
from sqlalchemy.orm import Session

from legal.json_types import Json, Row
from legal.models import Agreement, AgreementDeparture, DoubtfulSignature, Roster, RosterRow, RosterVersion
from legal.rules.rosters import renames
from legal.rules.rosters.renames import ListedAgreement, RosterAgency
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


def _rows_missing_elsewhere() -> Select[Any]:
    """Return the statement for the agreements that the roster ``here`` lists and the roster ``there`` does not."""
    other_row = RosterRow.__table__.alias("other_row").c
    is_elsewhere = exists().where(
        other_row.roster == bindparam("there"), other_row.agreement == _ROW.agreement, other_row.revision_to.is_(None)
    )
    columns = (_ROW.agreement, _ROW.jurisdiction, _ROW.agency, _ROW.agency_type, _ROW.county_fips, _ROW.model, _ROW.signed)
    statement = select(*columns, _AGREEMENT.agency.label("agency_id")).join(Agreement.__table__, _AGREEMENT.id == _ROW.agreement)
    return statement.where(_ROW.roster == bindparam("here"), _ROW.counted, _ROW.revision_to.is_(None), ~is_elsewhere)


_MISSING_ELSEWHERE = _rows_missing_elsewhere()


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
        departures = [_departure_row(agreement, arrivals, earlier.id, later.id, revision) for agreement in departed_agreements]
        _insert_all(session, AgreementDeparture, departures)
        if kind == RosterKind.PARTICIPATING:
            successors = {row["successor"] for row in departures}
            late_arrivals = [agreement for agreement in arrivals if agreement.id not in successors and _is_late(agreement, earlier.date)]
            _insert_doubts(session, late_arrivals, earlier, later, revision)


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
    return ListedAgreement(row["agreement"], agency, row["model"], row["signed"])


def _departure_row(
    departed_agreement: ListedAgreement, arrivals: Iterable[ListedAgreement], earlier: str, later: str, revision: int
) -> Json:
    successor = renames.find_successor(departed_agreement, arrivals)
    return {
        "agreement": departed_agreement.id,
        "jurisdiction": departed_agreement.agency.jurisdiction,
        "roster": earlier,
        "next_roster": later,
        "successor": successor and successor.agreement.id,
        "successor_agency": successor and successor.agreement.agency.name,
        "reason": successor and successor.reason,
        "revision_from": revision,
    }
