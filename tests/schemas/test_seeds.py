"""Validation of all seed files at once."""

import pytest

from legal.errors import InvalidInput
from legal.json_types import Json
from legal.readers import seeds as reader
from legal.schemas.seeds import flatten_messages, validate_seed_files
from legal.settings import SEEDS_FOLDER
from tests.schemas.factories import valid_document, valid_figure, valid_jurisdiction, valid_measure, valid_origin

ORIGINS_FILE = ("origins.yaml", "origins", {"origins": [valid_origin()]})
DOCUMENT_FILE = ("documents/one.yaml", "documents", {"document": valid_document()})


def virginia_file(**changes: object) -> tuple[str, str, Json]:
    """Build Virginia's seed file as (name, kind, content)."""
    return (
        "jurisdictions/VA.yaml",
        "jurisdictions",
        {"jurisdiction": valid_jurisdiction(), "measures": [valid_measure()], "figures": [valid_figure()]} | changes,
    )


def fault_pointers(*files: tuple[str, str, object]) -> list[str]:
    """Validate files and return the pointers of the faults."""
    with pytest.raises(InvalidInput, match="Nothing was loaded") as error:
        validate_seed_files(files)
    return [str(fault.pointer) for fault in error.value.faults]


def test_valid_files_are_loaded_in_order() -> None:
    files = [ORIGINS_FILE, DOCUMENT_FILE, virginia_file()]
    assert [(name, kind) for name, kind, _ in validate_seed_files(files)] == [(name, kind) for name, kind, _ in files]


def test_faults_of_all_files_are_reported_at_once() -> None:
    invalid_origins = ("origins.yaml", "origins", {"origins": [valid_origin(), valid_origin(type="rumor")]})
    assert fault_pointers(
        invalid_origins,
        DOCUMENT_FILE,
        virginia_file(measures=[valid_measure(), valid_measure(kind="law")], figures=[valid_figure(value="40")]),
    ) == [
        "origins.yaml#/origins/1/type",
        "jurisdictions/VA.yaml#/measures/1/kind",
        "jurisdictions/VA.yaml#/figures/0/value",
    ]


@pytest.mark.parametrize("content", [None, [], "text"])
def test_file_that_is_no_mapping_is_reported_by_name(content: object) -> None:
    assert fault_pointers(("documents/one.yaml", "documents", content)) == ["documents/one.yaml#"]


def test_key_that_is_no_string_is_reported() -> None:
    assert fault_pointers(("documents/one.yaml", "documents", {"document": valid_document(), 2: "two"})) == ["documents/one.yaml#/2"]


def test_pointers_are_escaped_as_json_pointers() -> None:
    assert flatten_messages({"a/b~c": ["Wrong."]}) == [("/a~1b~0c", "Wrong.")]


def test_two_messages_on_one_key_are_two_faults() -> None:
    assert flatten_messages({"a": {"_schema": ["One.", "Two."]}}) == [("/a", "One."), ("/a", "Two.")]


def test_shipped_seeds_are_valid() -> None:
    assert len(validate_seed_files(reader.read_seed_files(SEEDS_FOLDER))) > 57


def test_session_that_ends_before_it_begins_is_refused() -> None:
    session = {"jurisdiction": "MD", "identifier": "2026", "name": "2026 Regular Session", "classification": None}
    file = ("sessions.csv", "sessions", {"sessions": [{**session, "start": "2026-04-13", "end": "2026-01-14"}]})
    assert fault_pointers(file) == ["sessions.csv#/sessions/0/end"]


def test_contradiction_needs_two_sides() -> None:
    citation = valid_measure()["citations"][0]
    contradiction = {"id": "va-two-statements", "measures": [], "verdict": "contradictory", "why": "They differ.", "citations": [citation]}
    assert fault_pointers(virginia_file(contradictions=[contradiction])) == ["jurisdictions/VA.yaml#/contradictions/0/citations"]
