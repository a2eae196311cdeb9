"""The schema of the database: whether this release can use it, and what is missing of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from legal.db.engine import Database
from legal.db.schema import SCHEMA_REVISIONS, check_schema_revision, describe_missing_part, load_schema_revision
from legal.errors import SchemaMismatch
from legal.queries.core.snapshot import latest_snapshot
from legal.settings import ROOT


@pytest.fixture
def mismatched_db(seeded_db: Database) -> Iterator[Database]:
    """Give a seeded database that says that another release wrote it; it is put right afterwards."""
    with seeded_db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    yield seeded_db
    with seeded_db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": SCHEMA_REVISIONS[-1]})


def driver_error(database: Database, statement: str) -> DBAPIError:
    """Return the error that a statement raises."""
    with database.reading() as session, pytest.raises(DBAPIError) as caught:
        session.execute(text(statement))
    return caught.value


def test_the_list_of_schema_revisions_is_that_of_the_migrations() -> None:
    scripts = ScriptDirectory.from_config(Config(toml_file=ROOT / "pyproject.toml")).walk_revisions()
    assert tuple(script.revision for script in scripts)[::-1] == SCHEMA_REVISIONS


def test_the_newest_schema_is_accepted() -> None:
    check_schema_revision(SCHEMA_REVISIONS[-1])


@pytest.mark.parametrize(
    ("revision", "advice"),
    [
        (None, "The database has no schema yet. Run `flask db upgrade`."),
        ("0001", f"The database has schema 0001, and this release needs {SCHEMA_REVISIONS[-1]}. Run `flask db upgrade`."),
        ("9999", "The database has schema 9999, which this release does not know: another release wrote it. "),
    ],
)
def test_another_schema_is_refused_with_the_advice_that_helps(revision: str | None, advice: str) -> None:
    with pytest.raises(SchemaMismatch) as caught:
        check_schema_revision(revision)
    assert str(caught.value).startswith(advice)


def test_a_database_without_tables_has_no_schema_revision(tmp_path: Path) -> None:
    (tmp_path / "bare.sqlite").touch()
    database = Database(f"sqlite:///{tmp_path / 'bare.sqlite'}")
    with database.reading() as session:
        assert load_schema_revision(session) is None
    database.dispose()


def test_a_snapshot_of_a_database_of_another_release_is_refused(mismatched_db: Database) -> None:
    with mismatched_db.reading() as session, pytest.raises(SchemaMismatch):
        latest_snapshot(session)


@pytest.mark.parametrize("statement", ["SELECT * FROM no_table", "SELECT no_column FROM revisions"])
def test_a_missing_table_or_column_is_named(seeded_db: Database, statement: str) -> None:
    missing_part = describe_missing_part(driver_error(seeded_db, statement))
    assert missing_part is not None
    assert statement.split("no_")[1].split(" ", maxsplit=1)[0] in missing_part


@pytest.mark.parametrize("statement", ["SELECT (", "SELECT abs('x', 'y')"])
def test_other_errors_name_no_missing_part(seeded_db: Database, statement: str) -> None:
    assert describe_missing_part(driver_error(seeded_db, statement)) is None
