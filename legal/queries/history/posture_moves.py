"""Find when a jurisdiction's posture moved: at a revision, or as the days passed between two revisions."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, func, or_, select
from sqlalchemy.orm import Session

from legal.db.statements import REVISION
from legal.json_types import Row
from legal.models import ChangeCount, ChangeSeries, Revision
from legal.queries.core.snapshot import Snapshot
from legal.queries.stance.assessment import assess_stance
from legal.queries.stance.card_inputs import load_card_inputs
from legal.vocabulary import Cause, EntityType, JurisdictionType, Posture

MAX_REVISIONS = 20
"""How many of the newest revisions that concern the jurisdiction are looked at. Each takes a reading before and one after it."""

_REVISION_ROW, _SERIES, _COUNT = Revision.__table__.c, ChangeSeries.__table__.c, ChangeCount.__table__.c


def _newest_revisions_statement() -> Select[Any]:
    """Return the statement for the newest revisions that concern a jurisdiction.

    No series of changes is read further back than to where it alone has as many revisions.
    """
    # A roster concerns every jurisdiction.
    concerns = or_(_SERIES.jurisdiction == bindparam("jurisdiction"), _SERIES.noun == EntityType.ROSTER)
    revisions = select(_COUNT.revision).where(_COUNT.series == _SERIES.key, _COUNT.revision <= REVISION)
    last_of_series = revisions.order_by(_COUNT.revision.desc()).limit(1).offset(MAX_REVISIONS - 1).correlate(ChangeSeries.__table__)
    bounds = select(last_of_series.scalar_subquery().label("bound")).select_from(ChangeSeries.__table__).where(concerns).subquery()
    first = select(func.coalesce(func.max(bounds.c.bound), 1)).scalar_subquery()
    series = select(_SERIES.key).where(concerns).correlate(None)
    numbers = select(_COUNT.revision).where(_COUNT.series.in_(series), _COUNT.revision.between(first, REVISION)).correlate(None)
    newest_first = select(Revision.__table__).where(_REVISION_ROW.number.in_(numbers)).order_by(_REVISION_ROW.number.desc())
    return newest_first.limit(MAX_REVISIONS)


_NEWEST_REVISIONS = _newest_revisions_statement()


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

    Each revision is read on the day on which it was recorded, and the days until the next one at that revision. The revision
    that added the jurisdiction moves nothing, because nothing was known before. The nation has no posture.
    """
    if jurisdiction["type"] == JurisdictionType.NATION:
        return []
    first_revision = jurisdiction["revision_from"]
    newest_first = snapshot.execute(session, _NEWEST_REVISIONS, jurisdiction=jurisdiction["code"]).all()
    revision_rows = [row for row in reversed(newest_first) if row.number >= first_revision]
    history = PostureHistory(session, snapshot, jurisdiction)
    moves: list[PostureMove] = []
    previous_day: date | None = None
    for row in revision_rows:
        day = row.recorded_at.astimezone(UTC).date()
        if row.number > first_revision:
            if previous_day:
                moves += history.find_moves_by_day(row.number - 1, previous_day, day)
            readings = history.read(row.number - 1, day), history.read(row.number, day)
            if readings[0].posture != readings[1].posture:
                moves.append(PostureMove(row.recorded_at, day, *readings, row.number, Cause(row.cause), row.reason))
        previous_day = day
    if previous_day:
        moves += history.find_moves_by_day(snapshot.revision, previous_day, snapshot.as_of)
    return moves
