"""Readiness: what the service knows of the database behind it."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from legal.db.engine import Database
from legal.queries import health
from legal.queries.health import Readiness
from tests.conftest import migrate


def of(database: Database) -> Readiness:
    """How ready a database is."""
    with database.reading() as session:
        return health.of(session)


@pytest.fixture
def bare(tmp_path: Path) -> Any:
    """A database that nobody has migrated."""
    database = Database(f"sqlite:///{tmp_path / 'legal.sqlite'}")
    yield database
    database.dispose()


def test_a_seeded_database_is_ready(record: Database) -> None:
    assert of(record) == Readiness(health.expected_schema(), 1)


def test_a_migrated_database_has_no_revision(empty: Database) -> None:
    assert of(empty) == Readiness(health.expected_schema(), None)


def test_a_database_without_tables_has_no_schema(bare: Database) -> None:
    assert of(bare) == Readiness(None, None)


def test_a_database_that_was_taken_down_has_no_schema(bare: Database) -> None:
    migrate(bare)
    migrate(bare, "base")
    assert of(bare) == Readiness(None, None)


def test_another_schema_is_told_apart(bare: Database) -> None:
    migrate(bare)
    with bare.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    assert of(bare).schema == "0000"


def test_the_newest_revision_is_known(record: Database) -> None:
    assert health.newest_revision(record) == 1


def test_a_database_that_does_not_answer_has_no_newest_revision(bare: Database) -> None:
    assert health.newest_revision(bare) is None
