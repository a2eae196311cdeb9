"""Test which revision and which day a request reads."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from legal.db import statements
from legal.db.engine import Database
from legal.errors import InvalidInput, NotFound, NotReady
from legal.models import Revision
from legal.queries.core import snapshot
from tests.databases import EPOCH

FIRST = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECOND = FIRST + timedelta(microseconds=1)
REVISION = {"cause": "correction", "reason": "A test.", "actor": "an editor"}


@pytest.fixture
def session(empty_db: Database) -> Iterator[Session]:
    """Yield a read session on a database with two revisions of different rules."""
    with empty_db.transaction() as writer:
        writer.execute(insert(Revision).values(number=1, recorded_at=FIRST, rule_pack=1, codebook="1.0", **REVISION))
        writer.execute(insert(Revision).values(number=2, recorded_at=SECOND, rule_pack=2, codebook="1.1", **REVISION))
    with empty_db.reading() as reader:
        yield reader


def test_default_snapshot_is_the_newest_revision_today(session: Session) -> None:
    assert snapshot.latest_snapshot(session) == snapshot.Snapshot(
        2, SECOND, snapshot.today_in_utc(), "1.1", 2, EPOCH, newest=2, newest_at=SECOND
    )


def test_today_is_the_day_in_utc() -> None:
    assert snapshot.today_in_utc() in (datetime.now(UTC).date(), (datetime.now(UTC) - timedelta(seconds=5)).date())


def test_as_of_may_be_in_the_future(session: Session) -> None:
    assert snapshot.resolve_snapshot(session, date(9999, 12, 31)).as_of == date(9999, 12, 31)


def test_older_revision_has_its_own_codebook_and_rules(session: Session) -> None:
    older = snapshot.resolve_snapshot(session, revision=1)
    assert (older.revision, older.known_at, older.codebook, older.rule_pack) == (1, FIRST, "1.0", 1)


@pytest.mark.parametrize(("known_at", "revision"), [(FIRST, 1), (SECOND, 2), (SECOND + timedelta(days=1), 2)])
def test_known_at_maps_to_the_revision_newest_then(session: Session, known_at: datetime, revision: int) -> None:
    assert snapshot.resolve_snapshot(session, known_at=known_at).revision == revision


def test_known_at_respects_the_utc_offset(session: Session) -> None:
    assert snapshot.resolve_snapshot(session, known_at=FIRST.astimezone(timezone(timedelta(hours=-8)))).revision == 1


def test_later_of_two_revisions_with_one_timestamp_counts(empty_db: Database) -> None:
    with empty_db.transaction() as writer:
        for number in (1, 2):
            writer.execute(insert(Revision).values(number=number, recorded_at=FIRST, rule_pack=1, codebook="1.0", **REVISION))
    with empty_db.reading() as session:
        assert snapshot.resolve_snapshot(session, known_at=FIRST).revision == 2


def test_revision_together_with_known_at_is_rejected(session: Session) -> None:
    with pytest.raises(InvalidInput) as error:
        snapshot.resolve_snapshot(session, revision=1, known_at=FIRST)
    assert error.value.faults[0].parameter == "known_at"


def test_known_at_in_the_future_is_rejected(session: Session) -> None:
    with pytest.raises(InvalidInput, match="known_at must not be in the future"):
        snapshot.resolve_snapshot(session, known_at=datetime.now(UTC) + timedelta(minutes=1))


@pytest.mark.parametrize("known_at", [FIRST - timedelta(microseconds=1), datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14)))])
def test_known_at_before_the_first_revision_is_not_found(session: Session, known_at: datetime) -> None:
    with pytest.raises(NotFound, match="before the first revision"):
        snapshot.resolve_snapshot(session, known_at=known_at)


@pytest.mark.parametrize("revision", [0, 3, 2**31 - 1])
def test_missing_revision_is_not_found(session: Session, revision: int) -> None:
    with pytest.raises(NotFound, match=f"no revision {revision}. The newest is 2"):
        snapshot.resolve_snapshot(session, revision=revision)


@pytest.mark.parametrize("options", [{}, {"revision": 1}, {"known_at": FIRST}])
def test_empty_record_is_not_ready(empty_db: Database, options: dict[str, object]) -> None:
    with pytest.raises(NotReady), empty_db.reading() as session:
        snapshot.resolve_snapshot(session, **options)  # type: ignore[arg-type]


def test_meta_has_known_at_to_the_microsecond_in_utc() -> None:
    second = snapshot.Snapshot(
        1, SECOND.astimezone(timezone(timedelta(hours=-5))), date(2026, 2, 4), "1.0", 1, EPOCH, newest=1, newest_at=SECOND
    )
    assert second.meta_json() == {
        "revision": 1,
        "as_of": "2026-02-04",
        "known_at": "2026-03-01T12:00:00.000001Z",
        "codebook": "1.0",
        "rules": 2,
        "epoch": EPOCH,
    }


def test_bound_values_cannot_replace_the_clocks(session: Session) -> None:
    older = snapshot.resolve_snapshot(session, date(2026, 1, 1), 1)
    clocks = older.execute(session, select(statements.REVISION, statements.AS_OF), revision=2, as_of=date(2030, 1, 1)).one()
    assert tuple(clocks) == (1, date(2026, 1, 1))
