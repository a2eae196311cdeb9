"""The database: sessions that see one moment, and transactions that hold or leave no trace."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from legal.db.engine import Database, engine, normalised
from legal.models import Revision

AT = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)
REVISION = {"number": 1, "cause": "correction", "reason": "A test.", "actor": "somebody", "rule_pack": 1, "codebook": "1.0"}


def count(database: Database) -> int:
    """How many revisions there are."""
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Revision)) or 0


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_a_bare_postgresql_address_means_psycopg_3(scheme: str) -> None:
    assert normalised(f"{scheme}://somebody@db/legal").drivername == "postgresql+psycopg"


def test_another_address_is_left_as_it_is() -> None:
    assert normalised("sqlite:///a.sqlite").drivername == "sqlite"


def test_the_folder_of_a_sqlite_file_is_made(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/new/folder/legal.sqlite")
    with database.reading() as session:
        assert session.scalar(text("SELECT 1")) == 1
    database.dispose()
    assert (tmp_path / "new/folder/legal.sqlite").is_file()


@pytest.mark.parametrize("address", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_makes_no_folder(address: str) -> None:
    made = engine(address)
    with made.connect() as connection:
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1
    made.dispose()


def test_sqlite_waits_keeps_its_pointers_and_lets_readers_go_on(tmp_path: Path) -> None:
    made = engine(f"sqlite:///{tmp_path}/legal.sqlite")
    with made.connect() as connection:
        told = {name: connection.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "foreign_keys", "busy_timeout")}
    made.dispose()
    assert told == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 30000}


def test_a_transaction_is_committed_when_its_block_ends(empty: Database) -> None:
    with empty.transaction() as session:
        session.execute(insert(Revision).values(recorded_at=AT, **REVISION))
    assert count(empty) == 1


def write_and_fail(database: Database) -> None:
    """A transaction that writes and then raises."""
    with database.transaction() as session:
        session.execute(insert(Revision).values(recorded_at=AT, **REVISION))
        raise KeyError


def test_a_failing_transaction_leaves_no_trace(empty: Database) -> None:
    with pytest.raises(KeyError):
        write_and_fail(empty)
    assert count(empty) == 0


def test_a_reading_session_writes_nothing(record: Database) -> None:
    with suppress(DBAPIError), record.reading() as session:  # PostgreSQL says no, SQLite forgets it
        session.execute(update(Revision).values(reason="Changed while reading."))
    with record.reading() as session:
        assert session.scalar(select(Revision.reason)) != "Changed while reading."


def test_all_statements_of_a_reading_session_see_one_moment(empty: Database) -> None:
    with empty.reading() as session:
        before = session.scalar(select(func.count()).select_from(Revision))
        with empty.transaction() as writing:
            writing.execute(insert(Revision).values(recorded_at=AT, **REVISION))
        assert session.scalar(select(func.count()).select_from(Revision)) == before


def test_a_connection_that_read_can_write_afterwards(empty: Database) -> None:
    assert count(empty) == 0
    with empty.transaction() as session:
        session.execute(delete(Revision))


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=-5)), timezone(timedelta(hours=14))])
def test_a_moment_comes_back_as_it_was_in_utc(empty: Database, zone: timezone) -> None:
    with empty.transaction() as session:
        session.execute(insert(Revision).values(recorded_at=AT.astimezone(zone), **REVISION))
    with empty.reading() as session:
        kept = session.scalar(select(Revision.recorded_at))
    assert kept is not None
    assert (kept, kept.utcoffset()) == (AT, timedelta(0))


def test_no_moment_is_no_moment(empty: Database) -> None:
    with empty.reading() as session:
        assert session.scalar(select(func.max(Revision.recorded_at))) is None
