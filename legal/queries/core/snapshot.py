"""Resolve the snapshot that a request reads: a day and a revision of the record."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from sqlalchemy import Executable, Result, bindparam, func, select
from sqlalchemy.orm import Session

from legal.db.schema import SCHEMA_REVISION, check_schema_revision
from legal.db.shared_results import load_shared, load_shared_items
from legal.db.statements import shape_statement
from legal.errors import EpochMismatch, Fault, InvalidInput, NotFound, NotReady
from legal.json_types import Json, Row
from legal.models import RecordEpoch, Revision
from legal.rules.posture import RULE_PACK

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")
_EARLIEST_TIME = datetime(1970, 1, 1, tzinfo=UTC)

_REVISION = Revision.__table__.c
# Statements on tables, unlike those on models, do not make SQLAlchemy configure every mapper at the first request.
EPOCH = select(RecordEpoch.__table__.c.token).scalar_subquery()
"""The epoch of the record, as a column that a statement can select in addition, to save a statement."""

_NEWEST_NUMBER = select(func.max(_REVISION.number)).scalar_subquery().label("newest")
_NEWEST_TIME = select(func.max(_REVISION.recorded_at)).scalar_subquery().label("newest_at")
_COLUMNS = (
    _REVISION.number,
    _REVISION.recorded_at,
    _REVISION.codebook,
    _REVISION.rule_pack,
    EPOCH.label("epoch"),
    SCHEMA_REVISION.label("schema"),
    _NEWEST_NUMBER,
    _NEWEST_TIME,
)
_NEWEST = select(*_COLUMNS).order_by(_REVISION.number.desc()).limit(1)
_BY_NUMBER = _NEWEST.where(_REVISION.number == bindparam("number"))
# The index on times is walked from its end: revisions are recorded in the order of their numbers.
_BY_KNOWN_AT = (
    _NEWEST.where(_REVISION.recorded_at <= bindparam("known_at"))
    .order_by(None)
    .order_by(_REVISION.recorded_at.desc(), _REVISION.number.desc())
)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The day and the state of the record that a request reads.

    ``as_of`` is the day that the answer describes. ``revision`` is the state of the record that was published at
    ``known_at``.

    ``rule_pack`` is the number of the rule pack when the revision was published. Postures always use the program's own rule pack.
    ``epoch`` is the token of the record's history: revisions of two epochs are not comparable.
    ``newest`` is the newest revision that the session sees: at that one, statements have another shape. It was published at
    ``newest_at``.
    """

    revision: int
    known_at: datetime
    as_of: date
    codebook: str
    rule_pack: int
    epoch: str
    newest: int
    newest_at: datetime

    @property
    def is_newest(self) -> bool:
        """Return whether the revision is the newest one, so that what is open is what is valid."""
        return self.revision == self.newest

    def meta_json(self) -> Json:
        """Return the ``meta`` object of a response."""
        return {
            "revision": self.revision,
            "as_of": self.as_of.isoformat(),
            "known_at": format_rfc3339(self.known_at),
            "codebook": self.codebook,
            "rules": RULE_PACK,
            "epoch": self.epoch,
        }

    @property
    def pin(self) -> str:
        """Return the query string with the day, the revision, the rule pack and the epoch. The answer to a URL with this query never changes."""
        return f"as_of={self.as_of.isoformat()}&revision={self.revision}&rules={RULE_PACK}&epoch={self.epoch}"

    def execute(self, session: Session, statement: Executable, **values: Any) -> Result[*tuple[Any, ...]]:
        """Execute a statement with the day, the revision and ``values`` bound; ``values`` cannot replace the first two."""
        shaped_statement = shape_statement(statement, self.is_newest)
        # The statements select columns: a session would look for objects to load, which takes a third of their time.
        return session.connection().execute(shaped_statement, {**values, "revision": self.revision, "as_of": self.as_of})

    def load_shared(self, session: Session, statement: Executable, build: Callable[[Sequence[Row]], T], **values: Any) -> T:
        """Return what ``build`` makes of the rows of a statement, from memory if it was executed with these values before.

        Only for what many answers share, and what depends on the revision and ``values`` alone. A revision is told apart by
        its time too: until the operator begins an epoch, a restored database issues numbers of the same epoch again.
        """
        shaped_statement = shape_statement(statement, self.is_newest)
        return load_shared(session, shaped_statement, build, self._state, {**values, "revision": self.revision})

    def load_shared_items(self, session: Session, kind: str, keys: Iterable[K], load: Callable[[list[K]], Mapping[K, T]]) -> dict[K, T]:
        """Return an item of a kind for each key, from memory if another answer has loaded it; ``load`` loads all others at once.

        Only for what depends on the revision and the key alone. What depends on the day too has the day in its key.
        """
        return load_shared_items(session, kind, self._state, keys, load)

    @property
    def _state(self) -> tuple[str, int, datetime]:
        return self.epoch, self.revision, self.known_at


def format_rfc3339(timestamp: datetime) -> str:
    """Return a timestamp as RFC 3339 in UTC, to the microsecond."""
    return timestamp.astimezone(UTC).isoformat().replace("+00:00", "Z")


def today_in_utc() -> date:
    """Return the current day in UTC."""
    return datetime.now(UTC).date()


def latest_snapshot(session: Session) -> Snapshot:
    """Return the snapshot of today and the newest revision."""
    return resolve_snapshot(session)


def resolve_snapshot(
    session: Session, as_of: date | None = None, revision: int | None = None, known_at: datetime | None = None, epoch: str | None = None
) -> Snapshot:
    """Return the snapshot that a request asks for. ``as_of`` defaults to today, the revision to the newest, the epoch to the present one.

    Raises:
        EpochMismatch: ``epoch`` is not the present one.
        InvalidInput: both ``revision`` and ``known_at`` are given, or ``known_at`` is in the future.
        NotFound: the revision does not exist, or ``known_at`` is before the first revision.
        NotReady: nothing has been published yet.
        SchemaMismatch: another release wrote the database.
    """
    if revision is not None and known_at is not None:
        fault = Fault("Remove known_at or revision.", parameter="known_at")
        raise InvalidInput("Use either revision or known_at, not both.", [fault])
    if known_at is not None and known_at > datetime.now(UTC):
        raise InvalidInput("known_at must not be in the future.", [Fault("Use a time in the past.", parameter="known_at")])
    # Clamp to 1970: a datetime of the year 1 can overflow when it is converted to UTC.
    values = {"number": revision, "known_at": known_at and max(known_at, _EARLIEST_TIME)}
    statement = _BY_NUMBER if revision is not None else _BY_KNOWN_AT if known_at else _NEWEST
    row = session.connection().execute(statement, values).one_or_none()
    present_epoch = session.scalar(select(EPOCH)) if row is None else row.epoch
    if epoch is not None and epoch != present_epoch:
        raise EpochMismatch(
            f"The epoch {epoch} of this record has ended: its operator has restored a backup, and revision numbers are issued again. "
            f"The present epoch is {present_epoch}, and what a revision said in the earlier one is not on file."
        )
    if row is None:
        raise _missing_revision(session, revision, known_at)
    check_schema_revision(row.schema)
    day = as_of or today_in_utc()
    return Snapshot(row.number, row.recorded_at, day, row.codebook, row.rule_pack, row.epoch, row.newest, row.newest_at)


def _missing_revision(session: Session, revision: int | None, known_at: datetime | None) -> NotFound | NotReady:
    newest = session.scalar(select(func.max(Revision.number)))
    if newest is None:
        return NotReady("Nothing has been published yet. The operator must load the seeds.")
    if revision is not None:
        return NotFound(f"There is no revision {revision}. The newest is {newest}.")
    return NotFound("known_at is before the first revision.")
