"""Moments: which revision and which day a request asks for."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from legal.db.engine import Database
from legal.db.statements import AS_OF as DAY_ASKED
from legal.db.statements import REVISION as NUMBER_ASKED
from legal.errors import InvalidInput, NotFound, NotReady
from legal.models import Revision
from legal.queries.core import snapshot

FIRST = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECOND = FIRST + timedelta(microseconds=1)
REVISION = {"cause": "correction", "reason": "A test.", "actor": "somebody"}


@pytest.fixture
def session(empty: Database) -> Iterator[Session]:
    """A session on a record with two revisions, the rules of which differ."""
    with empty.transaction() as writing:
        writing.execute(insert(Revision).values(number=1, recorded_at=FIRST, rule_pack=1, codebook="1.0", **REVISION))
        writing.execute(insert(Revision).values(number=2, recorded_at=SECOND, rule_pack=2, codebook="1.1", **REVISION))
    with empty.reading() as reading:
        yield reading


def test_without_a_word_it_is_the_newest_revision_today(session: Session) -> None:
    assert snapshot.latest(session) == snapshot.Snapshot(2, SECOND, snapshot.today(), "1.1", 2)


def test_today_is_a_day_in_utc() -> None:
    assert snapshot.today() in (datetime.now(UTC).date(), (datetime.now(UTC) - timedelta(seconds=5)).date())


def test_a_day_may_lie_ahead(session: Session) -> None:
    assert snapshot.resolve(session, date(9999, 12, 31)).as_of == date(9999, 12, 31)


def test_an_old_revision_comes_with_the_rules_of_its_time(session: Session) -> None:
    found = snapshot.resolve(session, revision=1)
    assert (found.revision, found.known_at, found.codebook, found.rule_pack) == (1, FIRST, "1.0", 1)


@pytest.mark.parametrize(("known_at", "revision"), [(FIRST, 1), (SECOND, 2), (SECOND + timedelta(days=1), 2)])
def test_a_moment_maps_to_the_revision_that_was_newest_then(session: Session, known_at: datetime, revision: int) -> None:
    assert snapshot.resolve(session, known_at=known_at).revision == revision


def test_a_moment_of_another_zone_is_the_same_moment(session: Session) -> None:
    assert snapshot.resolve(session, known_at=FIRST.astimezone(timezone(timedelta(hours=-8)))).revision == 1


def test_of_two_revisions_at_one_moment_the_later_counts(empty: Database) -> None:
    with empty.transaction() as writing:
        for number in (1, 2):
            writing.execute(insert(Revision).values(number=number, recorded_at=FIRST, rule_pack=1, codebook="1.0", **REVISION))
    with empty.reading() as session:
        assert snapshot.resolve(session, known_at=FIRST).revision == 2


def test_two_moments_at_once_are_refused(session: Session) -> None:
    with pytest.raises(InvalidInput) as caught:
        snapshot.resolve(session, revision=1, known_at=FIRST)
    assert caught.value.faults[0].parameter == "known_at"


def test_what_will_be_known_is_refused(session: Session) -> None:
    with pytest.raises(InvalidInput, match="What will be known is not known"):
        snapshot.resolve(session, known_at=datetime.now(UTC) + timedelta(minutes=1))


@pytest.mark.parametrize("known_at", [FIRST - timedelta(microseconds=1), datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14)))])
def test_before_the_first_revision_there_is_nothing(session: Session, known_at: datetime) -> None:
    with pytest.raises(NotFound, match="before the first revision"):
        snapshot.resolve(session, known_at=known_at)


@pytest.mark.parametrize("revision", [0, 3, 2**31 - 1])
def test_a_revision_that_does_not_exist_is_not_found(session: Session, revision: int) -> None:
    with pytest.raises(NotFound, match=f"no revision {revision}; the newest is 2"):
        snapshot.resolve(session, revision=revision)


@pytest.mark.parametrize("asked", [{}, {"revision": 1}, {"known_at": FIRST}])
def test_before_anything_is_published_the_record_is_not_ready(empty: Database, asked: dict[str, object]) -> None:
    with pytest.raises(NotReady), empty.reading() as session:
        snapshot.resolve(session, **asked)  # type: ignore[arg-type]


def test_a_moment_is_told_to_the_microsecond_in_utc() -> None:
    moment = snapshot.Snapshot(1, SECOND.astimezone(timezone(timedelta(hours=-5))), date(2026, 2, 4), "1.0", 1)
    assert moment.meta() == {"revision": 1, "as_of": "2026-02-04", "known_at": "2026-03-01T12:00:00.000001Z", "codebook": "1.0"}


def test_no_value_that_goes_with_a_statement_moves_the_clocks(session: Session) -> None:
    moment = snapshot.resolve(session, date(2026, 1, 1), 1)
    found = moment.execute(session, select(NUMBER_ASKED, DAY_ASKED), revision=2, as_of=date(2030, 1, 1)).one()
    assert tuple(found) == (1, date(2026, 1, 1))
