"""``flask seeds``: help for editors of seed files."""

import json
from pathlib import Path
from typing import Any

import pytest

from legal.db.engine import Database
from legal.readers.shapes import read_shapes
from legal.settings import ROOT
from tests.cli.conftest import assert_refused, database_url
from tests.rules.test_shapes import TWO_SQUARES

pytestmark = pytest.mark.databases("sqlite")  # files only: no command of this group reads the record


def test_schemas_writes_the_files_that_are_checked_in(runner_for: Any, seeded_db: Database, tmp_path: Path) -> None:
    result = runner_for(database_url(seeded_db))("seeds", "schemas", tmp_path)
    assert result.exit_code == 0
    checked_in = sorted((ROOT / "docs" / "editing").glob("*.schema.json"))
    assert sorted(result.stdout.splitlines()) == [str(tmp_path / path.name) for path in checked_in]
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {path.name: path.read_bytes() for path in checked_in}


def test_a_folder_that_does_not_exist_is_wrong_usage(runner_for: Any, seeded_db: Database, tmp_path: Path) -> None:
    assert runner_for(database_url(seeded_db))("seeds", "schemas", tmp_path / "nowhere").exit_code == 2


def test_shapes_converts_a_topology_to_geojson(runner_for: Any, seeded_db: Database, tmp_path: Path) -> None:
    (tmp_path / "states.json").write_text(json.dumps(TWO_SQUARES), encoding="utf-8")
    result = runner_for(database_url(seeded_db))("seeds", "shapes", tmp_path / "states.json", "--output", tmp_path / "shapes.json")
    assert result.stdout.splitlines() == [str(tmp_path / "shapes.json")]
    assert json.loads((tmp_path / "shapes.json").read_text(encoding="utf-8"))["type"] == "FeatureCollection"
    assert list(read_shapes(tmp_path / "shapes.json")) == ["01", "02"]


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"transform": {"scale": 1}}'])
def test_shapes_refuses_what_is_not_topojson(runner_for: Any, seeded_db: Database, tmp_path: Path, content: str) -> None:
    (tmp_path / "states.json").write_text(content, encoding="utf-8")
    result = runner_for(database_url(seeded_db))("seeds", "shapes", tmp_path / "states.json", "--output", tmp_path / "shapes.json")
    assert_refused(result, "states.json is not TopoJSON with the object `states`. Give states-10m.json of us-atlas.")
    assert not (tmp_path / "shapes.json").exists()
