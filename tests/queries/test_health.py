"""Test what the service reports about its database."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from legal.db.engine import Database
from legal.db.schema import SCHEMA_REVISIONS
from legal.queries import health
from legal.queries.health import Readiness, RecordState
from tests.databases import EPOCH, migrate_database


def readiness_of(database: Database) -> Readiness:
    """Return the readiness of a database."""
    with database.reading() as session:
        return health.load_readiness(session)


@pytest.fixture
def unmigrated_db(tmp_path: Path) -> Any:
    """Return a database without tables."""
    (tmp_path / "legal.sqlite").touch()
    database = Database(f"sqlite:///{tmp_path / 'legal.sqlite'}")
    yield database
    database.dispose()


def test_seeded_database_is_ready(seeded_db: Database) -> None:
    assert readiness_of(seeded_db) == Readiness(SCHEMA_REVISIONS[-1], 1)


def test_migrated_database_has_no_revision(empty_db: Database) -> None:
    assert readiness_of(empty_db) == Readiness(SCHEMA_REVISIONS[-1], None)


def test_database_without_tables_has_no_schema(unmigrated_db: Database) -> None:
    assert readiness_of(unmigrated_db) == Readiness(None, None)


def test_downgraded_database_has_no_schema(unmigrated_db: Database) -> None:
    migrate_database(unmigrated_db)
    migrate_database(unmigrated_db, "base")
    assert readiness_of(unmigrated_db) == Readiness(None, None)


def test_schema_of_another_version_is_reported(unmigrated_db: Database) -> None:
    migrate_database(unmigrated_db)
    with unmigrated_db.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    assert readiness_of(unmigrated_db).schema == "0000"


def test_state_of_a_seeded_record_is_its_revision_and_epoch(seeded_db: Database) -> None:
    assert health.load_record_state(seeded_db) == RecordState(1, EPOCH, seeded_db.opening)


def test_unreadable_database_has_no_state(unmigrated_db: Database) -> None:
    assert health.load_record_state(unmigrated_db) is None


@pytest.mark.parametrize("statement", ["DROP TABLE roster_rows", "ALTER TABLE figure_versions DROP COLUMN printed"])
def test_a_missing_table_or_column_is_named(unmigrated_db: Database, statement: str) -> None:
    migrate_database(unmigrated_db)
    with unmigrated_db.engine.begin() as connection:
        connection.execute(text(statement))
    readiness = readiness_of(unmigrated_db)
    assert readiness.missing_part is not None
    assert statement.rsplit(maxsplit=1)[-1] in readiness.missing_part


def test_a_corrupt_page_is_not_taken_for_a_missing_table(unmigrated_db: Database) -> None:
    migrate_database(unmigrated_db)
    with unmigrated_db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        page = connection.exec_driver_sql("SELECT rootpage FROM sqlite_master WHERE name = 'revisions'").scalar_one()
        page_size = connection.exec_driver_sql("PRAGMA page_size").scalar_one()
    unmigrated_db.dispose()
    with Path(str(unmigrated_db.engine.url.database)).open("r+b") as file:
        file.seek((page - 1) * page_size)
        file.write(b"\xff" * page_size)
    with pytest.raises(DatabaseError, match="malformed"):
        readiness_of(unmigrated_db)
