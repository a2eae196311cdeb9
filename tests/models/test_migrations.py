"""Migrations: one road from nothing to the tables that the code maps, and back."""

from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, select

from legal.db.engine import Database
from legal.models import Base, FigureVersion
from legal.settings import ROOT
from tests.conftest import migrate, seed
from tests.services.rosters.factories import WORLD, put


def configuration(database: Database) -> Config:
    """Alembic's configuration for a database."""
    made = Config(toml_file=ROOT / "pyproject.toml")
    made.attributes["engine"] = database.engine
    return made


def checks(database: Database) -> dict[str, dict[str, Any]]:
    """Each table's check constraints, by name: what autogenerate does not compare."""
    seen = inspect(database.engine)
    return {table: {one["name"]: one["sqltext"] for one in seen.get_check_constraints(table)} for table in Base.metadata.tables}


@pytest.fixture
def bare(copy: Any) -> Any:
    """A migrated database of the test's own."""
    database = Database(copy(False))
    yield database
    database.dispose()


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory.from_config(Config(toml_file=ROOT / "pyproject.toml")).get_heads()) == 1


def test_the_migrated_schema_is_the_mapped_one(record: Database) -> None:
    command.check(configuration(record))


def test_the_migrated_checks_are_the_mapped_ones(bare: Database) -> None:
    migrated = checks(bare)
    migrate(bare, "base")
    Base.metadata.create_all(bare.engine)
    assert migrated == checks(bare)


def test_down_to_base_nothing_is_left(bare: Database) -> None:
    seed(bare)
    migrate(bare, "base")
    assert inspect(bare.engine).get_table_names() == ["alembic_version"]


def test_down_and_up_again_a_list_can_be_imported_anew(fresh: Database) -> None:
    with fresh.transaction() as session:
        put(session, WORLD[0])
    command.downgrade(configuration(fresh), "0002")
    migrate(fresh)
    seed(fresh)
    with fresh.transaction() as session:
        assert put(session, WORLD[0]) == [WORLD[0].id]


def test_what_a_column_held_comes_back_with_the_seeds(fresh: Database) -> None:
    command.downgrade(configuration(fresh), "0002")
    migrate(fresh)
    seed(fresh)
    with fresh.reading() as session:
        models = select(FigureVersion.model).where(FigureVersion.model.is_not(None), FigureVersion.revision_to.is_(None))
        assert session.scalars(models).all() == ["task_force"]


def test_up_down_and_up_again_there_is_no_drift(bare: Database) -> None:
    migrate(bare, "base")
    migrate(bare)
    command.check(configuration(bare))
    seed(bare)


def test_every_constraint_is_named_by_convention(record: Database) -> None:
    seen = inspect(record.engine)
    for table in Base.metadata.tables:
        assert seen.get_pk_constraint(table)["name"] == f"pk_{table}"
        assert all(one["name"].startswith(f"fk_{table}_") for one in seen.get_foreign_keys(table))
        assert all(one["name"].startswith(f"uq_{table}_") for one in seen.get_unique_constraints(table))
        assert all(one["name"].startswith(f"ck_{table}_") for one in seen.get_check_constraints(table))
