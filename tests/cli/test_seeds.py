"""``flask seeds``: help for editors of seed files."""

from pathlib import Path
from typing import Any

from legal.db.engine import Database
from legal.settings import ROOT
from tests.cli.conftest import database_url


def test_schemas_writes_the_files_that_are_checked_in(runner_for: Any, seeded_db: Database, tmp_path: Path) -> None:
    result = runner_for(database_url(seeded_db))("seeds", "schemas", tmp_path)
    assert result.exit_code == 0
    checked_in = sorted((ROOT / "docs" / "editing").glob("*.schema.json"))
    assert sorted(result.stdout.splitlines()) == [str(tmp_path / path.name) for path in checked_in]
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {path.name: path.read_bytes() for path in checked_in}


def test_a_folder_that_does_not_exist_is_wrong_usage(runner_for: Any, seeded_db: Database, tmp_path: Path) -> None:
    assert runner_for(database_url(seeded_db))("seeds", "schemas", tmp_path / "nowhere").exit_code == 2
