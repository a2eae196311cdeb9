"""Test the engine, the consistent view of read sessions, and commit and rollback of transactions."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import URL, delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from legal.db.engine import Database, build_engine, normalize_url
from legal.models import Revision
from legal.queries import health

RECORDED_AT = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)
REVISION = {"number": 1, "cause": "correction", "reason": "A test.", "actor": "an editor", "rule_pack": 1, "codebook": "1.0"}


def count_revisions(database: Database) -> int:
    """Return the number of revisions."""
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Revision)) or 0


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_url_without_driver_uses_psycopg_3(scheme: str) -> None:
    assert normalize_url(f"{scheme}://user@db/legal").drivername == "postgresql+psycopg"


def test_sqlite_url_keeps_its_driver() -> None:
    assert normalize_url("sqlite:///a.sqlite").drivername == "sqlite"


def test_folder_of_sqlite_file_is_created(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/new/folder/legal.sqlite")
    with database.engine.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    database.dispose()
    assert (tmp_path / "new/folder/legal.sqlite").is_file()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_in_memory_database_creates_no_folder(url: str) -> None:
    engine = build_engine(url)
    with engine.connect() as connection:
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1
    engine.dispose()


def test_sqlite_uses_wal_foreign_keys_and_busy_timeout(tmp_path: Path) -> None:
    engine = build_engine(f"sqlite:///{tmp_path}/legal.sqlite")
    with engine.connect() as connection:
        pragmas = {name: connection.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "foreign_keys", "busy_timeout")}
    engine.dispose()
    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 30000}


@pytest.mark.databases("postgresql")
def test_operator_can_set_the_cost_of_pages_in_the_url(postgres_url: URL) -> None:
    costs = []
    for options in ({}, {"options": "-c random_page_cost=2"}):
        engine = build_engine(postgres_url.update_query_dict(options).render_as_string(hide_password=False))
        with engine.connect() as connection:
            costs.append(connection.exec_driver_sql("SHOW random_page_cost").scalar_one())
        engine.dispose()
    assert costs == ["1.1", "2"]


@pytest.mark.databases("sqlite")
def test_request_waits_for_a_lock_for_the_whole_timeout(copy_database: Callable[[str], str]) -> None:
    database = Database(copy_database("empty"), timeout_seconds=0.8)
    for _ in range(2):  # with a new connection and with one of the pool
        with database.answering() as session:
            assert session.scalar(text("PRAGMA busy_timeout")) == 800
    database.dispose()


def test_transaction_commits_when_its_block_ends(empty_db: Database) -> None:
    with empty_db.transaction() as session:
        session.execute(insert(Revision).values(recorded_at=RECORDED_AT, **REVISION))
    assert count_revisions(empty_db) == 1


def write_and_fail(database: Database) -> None:
    """Write in a transaction and raise KeyError."""
    with database.transaction() as session:
        session.execute(insert(Revision).values(recorded_at=RECORDED_AT, **REVISION))
        raise KeyError


def test_failing_transaction_is_rolled_back(empty_db: Database) -> None:
    with pytest.raises(KeyError):
        write_and_fail(empty_db)
    assert count_revisions(empty_db) == 0


def test_read_session_writes_nothing(seeded_db: Database) -> None:
    with suppress(DBAPIError), seeded_db.reading() as session:  # PostgreSQL raises, SQLite rolls back
        session.execute(update(Revision).values(reason="Changed while reading."))
    with seeded_db.reading() as session:
        assert session.scalar(select(Revision.reason)) != "Changed while reading."


def test_read_session_has_a_consistent_view(empty_db: Database) -> None:
    with empty_db.reading() as session:
        count_at_start = session.scalar(select(func.count()).select_from(Revision))
        with empty_db.transaction() as writer:
            writer.execute(insert(Revision).values(recorded_at=RECORDED_AT, **REVISION))
        assert session.scalar(select(func.count()).select_from(Revision)) == count_at_start


def test_pooled_connection_can_write_after_reading(empty_db: Database) -> None:
    assert count_revisions(empty_db) == 0
    with empty_db.transaction() as session:
        session.execute(delete(Revision))


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=-5)), timezone(timedelta(hours=14))])
def test_timestamp_is_returned_in_utc(empty_db: Database, zone: timezone) -> None:
    with empty_db.transaction() as session:
        session.execute(insert(Revision).values(recorded_at=RECORDED_AT.astimezone(zone), **REVISION))
    with empty_db.reading() as session:
        recorded_at = session.scalar(select(Revision.recorded_at))
    assert recorded_at is not None
    assert (recorded_at, recorded_at.utcoffset()) == (RECORDED_AT, timedelta(0))


def test_null_timestamp_is_returned_as_none(empty_db: Database) -> None:
    with empty_db.reading() as session:
        assert session.scalar(select(func.max(Revision.recorded_at))) is None


@pytest.fixture
def own_db(copy_database: Callable[[str], str]) -> Iterator[Database]:
    """An empty database in a file of its own."""
    database = Database(copy_database("empty"))
    yield database
    database.dispose()


@pytest.mark.databases("sqlite")
def test_replaced_file_is_opened_anew_without_the_log_of_the_earlier_one(own_db: Database, tmp_path: Path) -> None:
    path = Path(str(own_db.engine.url.database))
    other = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(other)) as target:
        source.backup(target)
    with own_db.transaction() as session:
        session.execute(insert(Revision).values(recorded_at=RECORDED_AT, **REVISION))
    opening = own_db.opening
    with own_db.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM revisions")) == 1
        other.replace(path)
        with own_db.reading() as later_session:
            assert later_session.scalar(text("SELECT count(*) FROM revisions")) == 0
    assert own_db.opening == opening + 1


@pytest.mark.databases("sqlite")
def test_missing_file_has_no_state(own_db: Database) -> None:
    Path(str(own_db.engine.url.database)).unlink()
    assert health.load_record_state(own_db) is None
    assert own_db.is_answering
