"""The moment an answer is for, on both clocks: a day in the world and a revision of the record."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Executable, Result, bindparam, func, select
from sqlalchemy.orm import Session

from legal.errors import Fault, InvalidInput, NotFound, NotReady
from legal.models import Revision

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

RECORDED = Revision.__table__.c
TOLD = (RECORDED.number, RECORDED.recorded_at, RECORDED.codebook, RECORDED.rule_pack)
NEWEST = select(*TOLD).order_by(RECORDED.number.desc()).limit(1)
NUMBERED = NEWEST.where(RECORDED.number == bindparam("number"))
BY_THEN = NEWEST.where(RECORDED.recorded_at <= bindparam("known_at"))


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What ``meta`` tells: the revision that is read, when it was recorded, and the day asked about."""

    revision: int
    known_at: datetime
    as_of: date
    codebook: str
    rule_pack: int

    def meta(self) -> dict[str, Any]:
        """The body's ``meta``."""
        return {
            "revision": self.revision,
            "as_of": self.as_of.isoformat(),
            "known_at": rfc3339(self.known_at),
            "codebook": self.codebook,
        }

    def execute(self, session: Session, statement: Executable, **values: Any) -> Result[*tuple[Any, ...]]:
        """Send a statement that is built once; both clocks are bound in it, and the values of the answer."""
        return session.execute(statement, {**values, "revision": self.revision, "as_of": self.as_of})


def rfc3339(moment: datetime) -> str:
    """A moment in UTC to the microsecond it was recorded at."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def today() -> date:
    """The day it is, in UTC."""
    return datetime.now(UTC).date()


def latest(session: Session) -> Snapshot:
    """The newest revision, today."""
    return resolve(session)


def resolve(session: Session, as_of: date | None = None, revision: int | None = None, known_at: datetime | None = None) -> Snapshot:
    """The moment that a request asks for: today and the newest revision where it does not say.

    Raises:
        InvalidInput: both ``revision`` and ``known_at``, or a ``known_at`` that is still to come.
        NotFound: a revision that does not exist, or a moment before the first one.
        NotReady: nothing has been published yet.
    """
    if revision is not None and known_at is not None:
        fault = Fault("Give either revision or known_at, not both.", parameter="known_at")
        raise InvalidInput("Two moments of the record were asked for at once.", [fault])
    if known_at is not None and known_at > datetime.now(UTC):
        raise InvalidInput("What will be known is not known.", [Fault("known_at lies in the future.", parameter="known_at")])
    # A moment of the year 1 may have no name in UTC; nothing was recorded then either way.
    values = {"number": revision, "known_at": known_at and max(known_at, EPOCH)}
    found = session.execute(NUMBERED if revision is not None else BY_THEN if known_at else NEWEST, values).one_or_none()
    if found is None:
        raise _nothing(session, revision, known_at)
    return Snapshot(found.number, found.recorded_at, as_of or today(), found.codebook, found.rule_pack)


def _nothing(session: Session, revision: int | None, known_at: datetime | None) -> NotFound | NotReady:
    newest = session.scalar(select(func.max(Revision.number)))
    if newest is None:
        return NotReady("Nothing has been published yet; the operator has to load the seeds.")
    if revision is not None:
        return NotFound(f"There is no revision {revision}; the newest is {newest}.")
    return NotFound("That moment lies before the first revision.")
