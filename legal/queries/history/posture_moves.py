"""Find when a jurisdiction's posture moved: at a revision, or as the days passed between two revisions."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Integer, bindparam, or_, select
from sqlalchemy.orm import Session

from legal.db.statements import REVISION
from legal.json_types import Row
from legal.models import Change, Revision
from legal.queries.core.snapshot import Snapshot
from legal.queries.stance.assessment import assess_stance
from legal.queries.stance.card_inputs import load_card_inputs
from legal.vocabulary import Cause, EntityType, JurisdictionType, Posture

MAX_REVISIONS = 20
"""How many of the newest revisions that concern the jurisdiction are looked at. Each takes a reading before and one after it."""

_REVISION_ROW, _CHANGE = Revision.__table__.c, Change.__table__.c
# A roster concerns every jurisdiction.
_REVISIONS_OF_JURISDICTION = select(_CHANGE.revision).where(
    or_(_CHANGE.jurisdiction == bindparam("jurisdiction"), _CHANGE.noun == EntityType.ROSTER)
)
_NEWEST_REVISIONS = (
    select(Revision.__table__)
    .where(_REVISION_ROW.number <= REVISION, _REVISION_ROW.number.in_(_REVISIONS_OF_JURISDICTION))
    .order_by(_REVISION_ROW.number.desc())
    .limit(bindparam("max_revisions", type_=Integer))
)


@dataclass(frozen=True, slots=True)
class PostureReadingOnDay:
    """The posture of a jurisdiction on one day at one revision, and its headline."""

    posture: Posture
    headline: str


@dataclass(frozen=True, slots=True)
class PostureMove:
    """A change of the posture at a moment. The revision is null if the posture moved because a day passed, not because the record changed."""

    moment: datetime
    day: date
    earlier_reading: PostureReadingOnDay
    later_reading: PostureReadingOnDay
    revision: int | None = None
    cause: Cause | None = None
    reason: str | None = None


class PostureHistory:
    """Read the posture of one jurisdiction on any day at any revision; nine SQL statements for each pair, once."""

    def __init__(self, session: Session, snapshot: Snapshot, jurisdiction: Row) -> None:
        self.session = session
        self.snapshot = snapshot
        self.jurisdiction = jurisdiction
        self._readings: dict[tuple[int, date], PostureReadingOnDay] = {}

    def read(self, revision: int, day: date) -> PostureReadingOnDay:
        """Return the reading of a day at a revision."""
        key = (revision, day)
        if key not in self._readings:
            (inputs,) = load_card_inputs(self.session, [self.jurisdiction], replace(self.snapshot, revision=revision, as_of=day))
            assessment = assess_stance(inputs)
            assert assessment.posture is not None, "The nation has no posture."  # noqa: S101 - a programming error
            assert assessment.headline is not None, "The nation has no headline."  # noqa: S101 - a programming error
            self._readings[key] = PostureReadingOnDay(assessment.posture.reading.posture, assessment.headline["text"])
        return self._readings[key]

    def find_moves_by_day(self, revision: int, start: date, end: date) -> Iterator[PostureMove]:
        """Yield the moves after ``start`` and through ``end`` at one revision, oldest first.

        The search halves the interval as long as its ends differ, so it misses a posture that moves and comes back.
        """
        if start >= end or self.read(revision, start).posture == self.read(revision, end).posture:
            return
        if end - start == timedelta(days=1):
            moment = datetime.combine(end, time(), UTC)
            yield PostureMove(moment, end, self.read(revision, start), self.read(revision, end))
            return
        middle = start + (end - start) // 2
        yield from self.find_moves_by_day(revision, start, middle)
        yield from self.find_moves_by_day(revision, middle, end)


def load_posture_moves(session: Session, snapshot: Snapshot, jurisdiction: Row) -> list[PostureMove]:
    """Return the moves of a jurisdiction's posture by the snapshot, oldest first, as a reader of the service saw them.

    Each revision is read on the day on which it was recorded, and the days until the next one at that revision. The first
    revision moves nothing, because nothing was known before. The nation has no posture.
    """
    if jurisdiction["type"] == JurisdictionType.NATION:
        return []
    values = {"jurisdiction": jurisdiction["code"], "max_revisions": MAX_REVISIONS}
    revision_rows = snapshot.execute(session, _NEWEST_REVISIONS, **values).all()[::-1]
    history = PostureHistory(session, snapshot, jurisdiction)
    moves: list[PostureMove] = []
    previous_day: date | None = None
    for row in revision_rows:
        day = row.recorded_at.astimezone(UTC).date()
        if row.number > 1:
            if previous_day:
                moves += history.find_moves_by_day(row.number - 1, previous_day, day)
            readings = history.read(row.number - 1, day), history.read(row.number, day)
            if readings[0].posture != readings[1].posture:
                moves.append(PostureMove(row.recorded_at, day, *readings, row.number, Cause(row.cause), row.reason))
        previous_day = day
    if previous_day:
        moves += history.find_moves_by_day(snapshot.revision, previous_day, snapshot.as_of)
    return moves
