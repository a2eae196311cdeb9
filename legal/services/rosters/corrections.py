"""Correct what is on file about rosters, as revisions: record another day on which one was published, redate it, or withdraw it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import Integer, String, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from legal.errors import InvalidInput, NotFound
from legal.json_types import Row
from legal.models import Agreement, Roster, RosterRow, RosterVersion
from legal.rules.rosters.admission import roster_id
from legal.services import search_index
from legal.services.publishing import DOCUMENT_ENTITY, ORIGIN_ENTITY, ChangeReason, Draft, begin_publishing, publish
from legal.services.rosters import drafts as roster_drafts
from legal.services.rosters import pairs
from legal.services.rosters.drafts import ROSTER_ENTITY, RosterFile
from legal.suggestions import suggest
from legal.vocabulary import Basis, Cause, RosterKind

ACTOR = "rosters"

_ROSTER, _VERSION, _ROW, _AGREEMENT = Roster.__table__.c, RosterVersion.__table__.c, RosterRow.__table__.c, Agreement.__table__.c
_IDENTITY = (_ROSTER.kind, _ROSTER.date, _ROSTER.date_basis, _ROSTER.position, _ROSTER.time_of_day, _ROSTER.sha256)
_OPEN_ROSTERS = (
    select(RosterVersion.__table__, *_IDENTITY).join(Roster.__table__, _ROSTER.id == _VERSION.roster).where(_VERSION.revision_to.is_(None))
)
_OPEN_ROSTER = _OPEN_ROSTERS.where(_VERSION.roster == bindparam("roster"))
_OPEN_IDS = _OPEN_ROSTERS.with_only_columns(_VERSION.roster)
_NEWEST_SIGNATURE = select(func.max(_ROW.signed)).where(_ROW.roster == bindparam("roster"), _ROW.revision_to.is_(None))
_AGENCIES = (
    select(_AGREEMENT.agency)
    .join(RosterRow.__table__, _ROW.agreement == _AGREEMENT.id)
    .where(_ROW.roster == bindparam("roster"), _ROW.revision_to.is_(None))
    .distinct()
)
_CLOSE_ROWS = (
    update(RosterRow.__table__)
    .where(_ROW.roster == bindparam("old_roster"), _ROW.revision_to.is_(None))
    .values(revision_to=bindparam("revision", type_=Integer))
)


def _copy_rows() -> Any:
    """Return the statement that copies the open rows of a roster to another one."""
    new_values = {
        "roster": bindparam("new_roster", type_=String),
        "position": bindparam("new_position", type_=String),
        "revision_from": bindparam("revision", type_=Integer),
    }
    names = [column.name for column in RosterRow.__table__.columns if column.name not in ("key", "revision_to")]
    columns: list[Any] = [new_values[name] if name in new_values else _ROW[name] for name in names]
    rows = select(*columns)
    rows = rows.where(_ROW.roster == bindparam("old_roster"), _ROW.revision_to.is_(None))
    return insert(RosterRow.__table__).from_select(names, rows)


_COPY_ROWS = _copy_rows()


def load_open_roster(session: Session, id: str) -> Row:
    """Load the open version of a roster with its identity.

    Raises:
        NotFound: no such roster is on file; the error has similar ids.
    """
    row = session.execute(_OPEN_ROSTER, {"roster": id}).mappings().one_or_none()
    if row is None:
        suggestions = suggest(id, session.scalars(_OPEN_IDS).all())
        hint = f" Did you mean {' or '.join(suggestions)}?" if suggestions else ""
        raise NotFound(f"There is no roster {id}.{hint}", suggestions)
    return row


def observe_roster(session: Session, row: Row, observed_file: RosterFile) -> int | None:
    """Record that the bytes of a roster were published on another day too; return the revision, or None if nothing changes.

    The earliest day is the roster's date. A day that only the file's name gives is ignored if it is impossible.

    Raises:
        InvalidInput: the operator gave the day, and it is impossible.
    """
    if observed_file.date == row["date"] or observed_file.date.isoformat() in (row["seen_on"] or ()):
        return None
    if observed_file.date_basis is Basis.INFERRED and observed_file.name == row["file"]:
        return None  # an operator has given the date of this file
    problem = _date_problem(session, row["roster"], observed_file.date, is_earlier=observed_file.date < row["date"])
    if problem and observed_file.date_basis is Basis.EXPLICIT:
        raise InvalidInput(f"{observed_file.name} was refused. Nothing changed. {problem}")
    if problem:
        return None
    reason = f"ICE's roster of {row['kind']} agencies of {row['date']} was also published on {observed_file.date}."
    change = ChangeReason(Cause.SOURCE_ADDED, reason, ACTOR)
    if observed_file.date < row["date"]:
        return _move_roster(session, row, observed_file, [*(row["seen_on"] or ()), row["date"].isoformat()], change)
    draft = roster_drafts.stored_roster_draft(row, stored_file(row), [*(row["seen_on"] or ()), observed_file.date.isoformat()])
    return publish(session, [draft], [], change).revision


def redate_roster(session: Session, id: str, day: date, given_time: time | None, reason: str) -> tuple[str, int]:
    """Give a roster another day or time, in one revision; return its new id and the revision.

    Raises:
        NotFound: there is no such roster.
        InvalidInput: the day is in the future, before the newest signature, or the roster has it already.
    """
    begin_publishing(session)
    row = load_open_roster(session, id)
    new_file = RosterFile(row["file"], row["sha256"], RosterKind(row["kind"]), day, Basis.EXPLICIT, given_time)
    if stored_identity := session.get(Roster, new_file.id):
        new_file = replace(new_file, date_basis=Basis(stored_identity.date_basis))  # it had this date before
    if new_file.id == id:
        raise InvalidInput(f"{id} has this date already. Nothing changed.")
    if problem := _date_problem(session, id, day, is_earlier=day < row["date"]):
        raise InvalidInput(f"{id} was not redated. Nothing changed. {problem}")
    seen_on = [seen_day for seen_day in row["seen_on"] or () if seen_day > day.isoformat()]
    revision = _move_roster(session, row, new_file, seen_on, ChangeReason(Cause.CORRECTION, reason, ACTOR))
    return new_file.id, revision


def withdraw_roster(session: Session, id: str, reason: str) -> int:
    """Take a roster off the record with its document, origin and rows, in one revision; return the revision.

    Raises:
        NotFound: there is no such roster.
    """
    begin_publishing(session)
    row = load_open_roster(session, id)
    agencies = session.scalars(_AGENCIES, {"roster": id}).all()
    revision = _publish(session, [], id, ChangeReason(Cause.CORRECTION, reason, ACTOR))
    _close_rows(session, row, revision)
    pairs.refresh_pairs_around(session, revision, row["kind"], row["position"])
    search_index.reindex_agencies(session, revision, agencies)
    return revision


def _date_problem(session: Session, roster: str, day: date, *, is_earlier: bool) -> str | None:
    """Return why a roster cannot have been published on a day, or None. Signatures matter only for a day before its own."""
    if day > datetime.now(UTC).date():
        return f"{day} is in the future."
    newest = session.scalar(_NEWEST_SIGNATURE, {"roster": roster}) if is_earlier else None
    return f"{day} is before its newest signature, of {newest}." if newest and newest > day else None


def stored_file(row: Row) -> RosterFile:
    """Return the file of a roster on file. If its id differs from the id without a time, an operator gave the time."""
    day, basis, kind = row["date"], Basis(row["date_basis"]), RosterKind(row["kind"])
    has_given_time = roster_id(kind, day, row["sha256"]) != row["roster"]
    given_time = time.fromisoformat(row["time_of_day"]) if has_given_time else None
    return RosterFile(row["file"], row["sha256"], kind, day, basis, given_time)


def _move_roster(session: Session, row: Row, new_file: RosterFile, seen_on: Sequence[str], change: ChangeReason) -> int:
    agencies = session.scalars(_AGENCIES, {"roster": row["roster"]}).all()
    new_drafts = [
        roster_drafts.roster_origin_draft(new_file),
        roster_drafts.roster_document_draft(new_file),
        roster_drafts.stored_roster_draft(row, new_file, sorted(set(seen_on))),
    ]
    revision = _publish(session, new_drafts, row["roster"], change)
    values = {"old_roster": row["roster"], "new_roster": new_file.id, "new_position": new_file.position, "revision": revision}
    session.execute(_COPY_ROWS, values)
    _close_rows(session, row, revision)
    pairs.refresh_pairs_around(session, revision, row["kind"], row["position"])
    pairs.refresh_pairs_around(session, revision, row["kind"], new_file.position)
    search_index.reindex_agencies(session, revision, agencies)
    return revision


def _publish(session: Session, new_drafts: Iterable[Draft], old_roster: str, change: ChangeReason) -> int:
    retractions = [(entity, old_roster) for entity in (ROSTER_ENTITY, DOCUMENT_ENTITY, ORIGIN_ENTITY)]
    revision = publish(session, new_drafts, retractions, change).revision
    assert revision is not None  # noqa: S101 - an open roster is retracted
    return revision


def _close_rows(session: Session, row: Row, revision: int) -> None:
    session.execute(_CLOSE_ROWS, {"old_roster": row["roster"], "revision": revision})
    pairs.close_pairs_of(session, revision, row["roster"])
