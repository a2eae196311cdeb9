"""``flask db``: upgrade the schema, downgrade it, and show it."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect

from legal.db.engine import Database
from legal.db.schema import SCHEMA_REVISIONS
from tests.cli.conftest import assert_refused, database_url
from tests.services.rosters.factories import import_rosters, parsed_row, roster_workbook

ROSTER_LOSSES = "1 rosters with all their rows and 4 contradictions between statements."
LOSSES = f"This deletes 2 revisions: everything that was ever published and {ROSTER_LOSSES}"
ADVICE = "Make a backup first, then add --yes; nothing was done."


@pytest.fixture
def new_url(tmp_path: Path) -> str:
    """Return the URL of a database that does not exist yet."""
    return f"sqlite:///{tmp_path / 'legal.sqlite'}"


@pytest.fixture
def rosters_url(writable_seeded_db: Database) -> str:
    """Return the URL of a seeded database with one roster."""
    with writable_seeded_db.transaction() as session:
        import_rosters(session, roster_workbook("2025-01-10", parsed_row()))
    return database_url(writable_seeded_db)


def list_tables(url: str) -> list[str]:
    """Return the tables of a database."""
    database = Database(url)
    tables = inspect(database.engine).get_table_names()
    database.dispose()
    return tables


def test_upgrade_makes_the_schema(runner_for: Any, new_url: str) -> None:
    assert runner_for(new_url)("db", "upgrade").exit_code == 0
    assert "measure_versions" in list_tables(new_url)


def test_upgrading_again_changes_nothing(runner_for: Any, new_url: str) -> None:
    first = (runner_for(new_url)("db", "upgrade").exit_code, list_tables(new_url))
    assert (runner_for(new_url)("db", "upgrade").exit_code, list_tables(new_url)) == first


def test_downgrading_an_empty_database_needs_no_confirmation(runner_for: Any, new_url: str) -> None:
    runner_for(new_url)("db", "upgrade")
    assert runner_for(new_url)("db", "downgrade", "base").exit_code == 0
    assert list_tables(new_url) == ["alembic_version"]


def test_downgrading_a_database_that_was_never_migrated_changes_nothing(runner_for: Any, new_url: str) -> None:
    assert runner_for(new_url)("db", "downgrade", "base").exit_code == 0


@pytest.mark.parametrize(
    ("target", "losses"),
    [
        ("base", LOSSES),
        ("0002", f"This deletes {ROSTER_LOSSES}"),
        (f"-{len(SCHEMA_REVISIONS) - 2}", f"This deletes {ROSTER_LOSSES}"),
        (f"-{len(SCHEMA_REVISIONS) - 5}", "This deletes 4 contradictions between statements."),
    ],
)
def test_a_downgrade_that_deletes_data_is_refused_without_confirmation(runner_for: Any, rosters_url: str, target: str, losses: str) -> None:
    assert_refused(runner_for(rosters_url)("db", "downgrade", "--", target), f"{losses} {ADVICE}")
    assert "rosters" in list_tables(rosters_url)


def test_a_downgrade_to_the_present_schema_deletes_nothing(runner_for: Any, rosters_url: str) -> None:
    assert runner_for(rosters_url)("db", "downgrade", SCHEMA_REVISIONS[-1]).exit_code == 0


def test_a_confirmed_downgrade_deletes_the_rosters(runner_for: Any, rosters_url: str) -> None:
    assert runner_for(rosters_url)("db", "downgrade", "0002", "--yes").exit_code == 0
    assert "rosters" not in list_tables(rosters_url)
    runner_for(rosters_url)("db", "upgrade")


@pytest.mark.parametrize(("answer", "is_deleted"), [("y", True), ("n", False), ("", False)])
def test_in_a_terminal_a_downgrade_asks_before_it_deletes(runner_for: Any, rosters_url: str, answer: str, is_deleted: bool) -> None:
    result = runner_for(rosters_url)("db", "downgrade", "0002", answers=f"{answer}\n")
    assert f"This deletes {ROSTER_LOSSES}" in result.stdout
    assert (result.exit_code == 0, "rosters" not in list_tables(rosters_url)) == (is_deleted, is_deleted)
    runner_for(rosters_url)("db", "upgrade")


def test_current_shows_the_schema_revision(runner_for: Any, seeded_db: Database, capfd: pytest.CaptureFixture[str]) -> None:
    result = runner_for(database_url(seeded_db))("db", "current")
    assert result.exit_code == 0
    assert f"{SCHEMA_REVISIONS[-1]} (head)" in result.stdout + capfd.readouterr().out


@pytest.mark.parametrize("command", ["upgrade", "downgrade"])
def test_an_unknown_schema_revision_is_refused(runner_for: Any, seeded_db: Database, command: str) -> None:
    result = runner_for(database_url(seeded_db))("db", command, "nonsense")
    assert_refused(result, "The schema was not changed: Can't locate revision identified by 'nonsense'.")


@pytest.mark.parametrize("words", [("db", "frobnicate"), ("db", "downgrade"), ("frobnicate",), ("db", "upgrade", "head", "more")])
def test_wrong_usage_has_exit_status_2(runner_for: Any, new_url: str, words: tuple[str, ...]) -> None:
    result = runner_for(new_url)(*words)
    assert (result.exit_code, result.stderr.startswith("Usage: ")) == (2, True)


def test_help_lists_every_command(runner_for: Any, new_url: str) -> None:
    output = runner_for(new_url)("--help").stdout
    names = ("backup", "copy", "db", "doctor", "documents", "mcp", "mirror", "restore", "rosters", "seed", "seeds")
    assert [name for name in names if f"  {name} " not in output] == []
