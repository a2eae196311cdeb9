"""``flask db``: the schema brought up, brought down, and shown."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect

from legal.db.engine import Database
from legal.queries.health import expected_schema
from tests.cli.conftest import address, refused


@pytest.fixture
def bare(tmp_path: Path) -> str:
    """The URL of a database that nobody has made yet."""
    return f"sqlite:///{tmp_path / 'legal.sqlite'}"


def tables(url: str) -> list[str]:
    """The tables of a database."""
    database = Database(url)
    found = inspect(database.engine).get_table_names()
    database.dispose()
    return found


def test_upgrade_makes_the_schema(run: Any, bare: str) -> None:
    assert run(bare)("db", "upgrade").exit_code == 0
    assert "measure_versions" in tables(bare)


def test_upgrading_again_changes_nothing(run: Any, bare: str) -> None:
    before = (run(bare)("db", "upgrade").exit_code, tables(bare))
    assert (run(bare)("db", "upgrade").exit_code, tables(bare)) == before


def test_downgrade_takes_the_schema_away(run: Any, bare: str) -> None:
    run(bare)("db", "upgrade")
    assert run(bare)("db", "downgrade", "base").exit_code == 0
    assert tables(bare) == ["alembic_version"]


def test_current_shows_the_revision(run: Any, record: Database, capfd: pytest.CaptureFixture[str]) -> None:
    result = run(address(record))("db", "current")
    assert result.exit_code == 0
    assert f"{expected_schema()} (head)" in result.stdout + capfd.readouterr().out


@pytest.mark.parametrize("command", ["upgrade", "downgrade"])
def test_a_revision_that_does_not_exist_is_refused(run: Any, record: Database, command: str) -> None:
    refused(run(address(record))("db", command, "nonsense"), "The schema stays as it is: Can't locate revision identified by 'nonsense'.")


@pytest.mark.parametrize("words", [("db", "frobnicate"), ("db", "downgrade"), ("frobnicate",), ("db", "upgrade", "head", "more")])
def test_wrong_usage_is_status_2(run: Any, bare: str, words: tuple[str, ...]) -> None:
    result = run(bare)(*words)
    assert (result.exit_code, result.stderr.startswith("Usage: ")) == (2, True)
