"""Migrations create the schema of the models, and remove it again."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import TableClause, column, func, insert, inspect, select

from legal.db.engine import Database
from legal.models import (
    Base,
    Citation,
    Document,
    FigureVersion,
    Jurisdiction,
    MeasureLink,
    MeasureVersion,
    Provision,
    Roster,
    RosterVersion,
)
from legal.settings import ROOT
from legal.vocabulary import BACKGROUND_KINDS
from tests.databases import migrate_database, seed_database
from tests.services.factories import jurisdiction_file, load_small_seeds
from tests.services.rosters.factories import ROSTER_HISTORY, import_rosters


def alembic_config(database: Database) -> Config:
    """Return Alembic's configuration for a database."""
    config = Config(toml_file=ROOT / "pyproject.toml")
    config.attributes["engine"] = database.engine
    return config


def check_constraints(database: Database) -> dict[str, dict[str, Any]]:
    """Return the SQL of each table's check constraints by name, which Alembic's check does not compare."""
    inspector = inspect(database.engine)
    return {table: {check["name"]: check["sqltext"] for check in inspector.get_check_constraints(table)} for table in Base.metadata.tables}


@pytest.fixture
def own_db(copy_database: Callable[[str], str]) -> Iterator[Database]:
    """A migrated database without rows, for one test only."""
    database = Database(copy_database("empty"))
    yield database
    database.dispose()


def test_migrations_have_one_head() -> None:
    assert len(ScriptDirectory.from_config(Config(toml_file=ROOT / "pyproject.toml")).get_heads()) == 1


def test_migrated_schema_equals_the_models(seeded_db: Database) -> None:
    command.check(alembic_config(seeded_db))


def test_migrated_checks_equal_the_models(own_db: Database) -> None:
    migrated = check_constraints(own_db)
    migrate_database(own_db, "base")
    Base.metadata.create_all(own_db.engine)
    assert migrated == check_constraints(own_db)


def test_downgrade_to_base_leaves_no_table(own_db: Database) -> None:
    seed_database(own_db)
    migrate_database(own_db, "base")
    assert inspect(own_db.engine).get_table_names() == ["alembic_version"]


def test_roster_can_be_imported_again_after_a_downgrade(writable_seeded_db: Database) -> None:
    with writable_seeded_db.transaction() as session:
        import_rosters(session, ROSTER_HISTORY[0])
    command.downgrade(alembic_config(writable_seeded_db), "0002")
    migrate_database(writable_seeded_db)
    seed_database(writable_seeded_db)
    with writable_seeded_db.transaction() as session:
        assert import_rosters(session, ROSTER_HISTORY[0]) == [ROSTER_HISTORY[0].id]


def list_revisions_of_jurisdictions(database: Database) -> dict[str, int]:
    """Return the revision that added each jurisdiction."""
    with database.reading() as session:
        return dict(session.execute(select(Jurisdiction.code, Jurisdiction.revision_from)).all())


def test_upgrade_gives_jurisdictions_on_file_the_first_revision(own_db: Database) -> None:
    load_small_seeds(own_db)
    load_small_seeds(own_db, jurisdiction_file(), jurisdiction_file("MD", "Maryland"))
    command.downgrade(alembic_config(own_db), "0012")
    migrate_database(own_db)
    assert list_revisions_of_jurisdictions(own_db) == {"VA": 1, "MD": 1}


def test_upgrade_leaves_jurisdictions_before_the_first_revision_to_the_seeds(own_db: Database) -> None:
    command.downgrade(alembic_config(own_db), "0012")
    identifiers = jurisdiction_file()["jurisdiction"]
    older_table = TableClause("jurisdictions", *map(column, identifiers))
    with own_db.transaction() as session:
        session.execute(insert(older_table), identifiers)
    migrate_database(own_db)
    assert list_revisions_of_jurisdictions(own_db) == {}
    load_small_seeds(own_db)
    assert list_revisions_of_jurisdictions(own_db) == {"VA": 1}


def test_seeds_restore_a_column_dropped_by_a_downgrade(writable_seeded_db: Database) -> None:
    command.downgrade(alembic_config(writable_seeded_db), "0002")
    migrate_database(writable_seeded_db)
    seed_database(writable_seeded_db)
    with writable_seeded_db.reading() as session:
        models = select(FigureVersion.model).where(FigureVersion.model.is_not(None), FigureVersion.revision_to.is_(None))
        assert session.scalars(models).all() == ["task_force"]


def test_upgrade_gives_older_figures_a_type_and_their_rounding(writable_seeded_db: Database) -> None:
    command.downgrade(alembic_config(writable_seeded_db), "0005")
    migrate_database(writable_seeded_db)
    columns = (FigureVersion.figure, FigureVersion.quantity, FigureVersion.rounded, FigureVersion.title)
    with writable_seeded_db.reading() as session:
        figures = {row.figure: tuple(row)[1:] for row in session.execute(select(*columns))}
    assert figures["us-growth-641-percent"] == ("rate", False, None)
    assert figures["ma-term-limit-12-months"] == ("cap", False, None)
    assert [figures[f"us-participation-{number}-agencies"] for number in (1000, 1001)] == [("count", True, None), ("count", False, None)]
    assert "us-arrests-thousands" not in figures  # the older schema has no place for words


def test_upgrade_counts_the_models_of_each_jurisdiction(writable_seeded_db: Database) -> None:
    with writable_seeded_db.transaction() as session:
        import_rosters(session, *ROSTER_HISTORY)
    with writable_seeded_db.reading() as session:
        counts = session.scalars(select(RosterVersion.counts).order_by(RosterVersion.roster)).all()
    command.downgrade(alembic_config(writable_seeded_db), "0003")
    with writable_seeded_db.reading() as session:
        assert all(sorted(older) == ["jurisdiction", "model"] for older in session.scalars(select(RosterVersion.counts)))
    migrate_database(writable_seeded_db)
    with writable_seeded_db.reading() as session:
        assert session.scalars(select(RosterVersion.counts).order_by(RosterVersion.roster)).all() == counts


def test_downgrade_deletes_rosters_without_rows_and_seeds_restore_them(own_db: Database) -> None:
    seed_database(own_db, with_rosters=True)
    command.downgrade(alembic_config(own_db), "0003")
    with own_db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Roster)) == 0
        assert session.scalar(select(func.count()).select_from(Document)) == 5
    migrate_database(own_db)
    seed_database(own_db, with_rosters=True)
    with own_db.reading() as session:
        assert session.scalar(select(func.count()).select_from(RosterVersion)) == 86


def list_links_and_provisions(database: Database) -> set[tuple[str, ...]]:
    """List the links and provisions of open versions, and the measures of all kinds that the first schema did not know."""
    is_open = MeasureVersion.revision_to.is_(None)
    links = select(MeasureVersion.measure, MeasureLink.target, MeasureLink.effect).join(MeasureLink).where(is_open)
    provisions = (
        select(MeasureVersion.measure, Provision.text, func.count(Citation.key))
        .select_from(MeasureVersion)
        .join(Provision, Provision.measure_version == MeasureVersion.key)
        .join(Citation, Citation.provision == Provision.key)
        .where(is_open)
        .group_by(MeasureVersion.measure, Provision.key, Provision.text)
    )
    background = select(MeasureVersion.measure, MeasureVersion.kind).where(is_open, MeasureVersion.kind.in_(BACKGROUND_KINDS))
    with database.reading() as session:
        return {tuple(map(str, row)) for statement in (links, provisions, background) for row in session.execute(statement)}


def test_downgrade_forgets_links_and_background_and_seeds_restore_them(own_db: Database) -> None:
    seed_database(own_db)
    before = list_links_and_provisions(own_db)
    command.downgrade(alembic_config(own_db), "0004")
    migrate_database(own_db)
    assert list_links_and_provisions(own_db) == set()
    seed_database(own_db)
    assert list_links_and_provisions(own_db) == before
    assert len(before) > 20


def test_schema_has_no_drift_after_downgrade_and_upgrade(own_db: Database) -> None:
    migrate_database(own_db, "base")
    migrate_database(own_db)
    command.check(alembic_config(own_db))
    seed_database(own_db)


def test_every_constraint_is_named_by_convention(seeded_db: Database) -> None:
    inspector = inspect(seeded_db.engine)
    for table in Base.metadata.tables:
        assert inspector.get_pk_constraint(table)["name"] == f"pk_{table}"
        assert all(constraint["name"].startswith(f"fk_{table}_") for constraint in inspector.get_foreign_keys(table))
        assert all(constraint["name"].startswith(f"uq_{table}_") for constraint in inspector.get_unique_constraints(table))
        assert all(constraint["name"].startswith(f"ck_{table}_") for constraint in inspector.get_check_constraints(table))
