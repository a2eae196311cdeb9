"""The templates and JSON Schemas of seed files: they agree with the shapes that load seed files."""

import json
from pathlib import Path
from typing import Any

import orjson
import pytest
from jsonschema import Draft202012Validator

from legal.readers import seeds as seed_reader
from legal.schemas.json_schema import seed_file_schema
from legal.schemas.seeds import SEED_FILE_SCHEMAS
from legal.settings import ROOT, SEEDS_FOLDER

EDITING = ROOT / "docs" / "editing"
TEMPLATES = {"jurisdictions": "jurisdiction.yaml", "documents": "document.yaml", "origins": "origins.yaml", "renames": "renames.yaml"}


def read_schema(kind: str) -> Any:
    """Return the JSON Schema that is checked in for a kind of seed file."""
    return json.loads((EDITING / f"{kind}.schema.json").read_text(encoding="utf-8"))


def schema_faults(kind: str, path: Path) -> list[str]:
    """Return what the JSON Schema says against a file."""
    content = seed_reader.read_seed_file(path, path.name)
    return [f"{path.name}: {error.json_path}: {error.message}" for error in Draft202012Validator(read_schema(kind)).iter_errors(content)]


@pytest.mark.parametrize("kind", SEED_FILE_SCHEMAS)
def test_json_schemas_are_generated_from_the_shapes(kind: str) -> None:
    generated = orjson.dumps(seed_file_schema(SEED_FILE_SCHEMAS[kind], f"Legal Landscape seed file: {kind}"))
    assert json.loads(generated) == read_schema(kind), "run `flask seeds schemas docs/editing`"


@pytest.mark.parametrize("kind", SEED_FILE_SCHEMAS)
def test_templates_load_and_satisfy_their_json_schema(kind: str) -> None:
    path = EDITING / TEMPLATES[kind]
    assert SEED_FILE_SCHEMAS[kind].validate(seed_reader.read_seed_file(path, path.name)) == {}
    assert schema_faults(kind, path) == []


@pytest.mark.parametrize(("section", "definition"), [("measures", "Measure"), ("figures", "Figure"), ("contradictions", "Contradiction")])
def test_templates_show_every_key(section: str, definition: str) -> None:
    entry = seed_reader.read_seed_file(EDITING / "jurisdiction.yaml", "jurisdiction.yaml")[section][0]
    assert entry.keys() == read_schema("jurisdictions")["$defs"][definition]["properties"].keys()


def test_every_seed_file_satisfies_its_json_schema() -> None:
    paths = [(path.parent.name, path) for kind in ("jurisdictions", "documents") for path in sorted(SEEDS_FOLDER.glob(f"{kind}/*.yaml"))]
    paths += [(kind, SEEDS_FOLDER / f"{kind}.yaml") for kind in ("origins", "renames")]
    assert [fault for kind, path in paths for fault in schema_faults(kind, path)] == []


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("jurisdictions", {"jurisdiction": {"code": "ZZ"}}),
        ("origins", {"origins": [{"id": "x", "type": "rumor", "title": "X"}]}),
        ("origins", {"origins": [], "more": 1}),
    ],
)
def test_json_schemas_refuse_wrong_files(kind: str, content: Any) -> None:
    assert not Draft202012Validator(read_schema(kind)).is_valid(content)
