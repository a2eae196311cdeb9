"""A folder of seed files is checked as one whole."""

import pytest

from legal.errors import InvalidInput
from legal.readers import seeds as reader
from legal.schemas.seeds import flattened, validated
from legal.settings import SEEDS
from tests.schemas.factories import Json, document, figure, measure, origin, place

ORIGINS = ("origins.yaml", "origins", {"origins": [origin()]})
DOCUMENT = ("documents/one.yaml", "documents", {"document": document()})


def virginia(**more: object) -> tuple[str, str, Json]:
    return "jurisdictions/VA.yaml", "jurisdictions", {"jurisdiction": place(), "measures": [measure()], "figures": [figure()]} | more


def faults(*files: tuple[str, str, object]) -> list[str]:
    """Where something is wrong with some files."""
    with pytest.raises(InvalidInput, match="nothing was loaded") as refused:
        validated(files)
    return [str(fault.pointer) for fault in refused.value.faults]


def test_whole_files_come_out_loaded_and_in_order() -> None:
    loaded = validated([ORIGINS, DOCUMENT, virginia()])
    assert [(name, sort) for name, sort, _ in loaded] == [one[:2] for one in (ORIGINS, DOCUMENT, virginia())]


def test_the_faults_of_all_files_are_told_at_once_with_their_pointers() -> None:
    wrong = ("origins.yaml", "origins", {"origins": [origin(), origin(type="rumour")]})
    assert faults(wrong, DOCUMENT, virginia(measures=[measure(), measure(kind="law")], figures=[figure(value="40")])) == [
        "origins.yaml#/origins/1/type",
        "jurisdictions/VA.yaml#/measures/1/kind",
        "jurisdictions/VA.yaml#/figures/0/value",
    ]


@pytest.mark.parametrize("content", [None, [], "text"])
def test_a_file_that_is_no_mapping_is_told_by_its_name(content: object) -> None:
    assert faults(("documents/one.yaml", "documents", content)) == ["documents/one.yaml#"]


def test_a_key_of_yaml_that_is_no_text_is_told_too() -> None:
    assert faults(("documents/one.yaml", "documents", {"document": document(), 2: "two"})) == ["documents/one.yaml#/2"]


def test_a_pointer_escapes_what_json_pointers_escape() -> None:
    assert flattened({"a/b~c": ["Wrong."]}) == [("/a~1b~0c", "Wrong.")]


def test_two_messages_on_one_key_are_two_faults() -> None:
    assert flattened({"a": {"_schema": ["One.", "Two."]}}) == [("/a", "One."), ("/a", "Two.")]


def test_the_seeds_have_their_shape() -> None:
    assert len(validated(reader.files(SEEDS))) > 57
