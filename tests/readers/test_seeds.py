"""Test that seed files are read without implicit conversions, or refused by name."""

from pathlib import Path
from typing import Any

import pytest

from legal.errors import InvalidInput
from legal.readers.seeds import MAX_SEED_FILE_BYTES, read_seed_files
from legal.settings import SEEDS_FOLDER
from tests.readers.factories import write_seed_folder


def read_jurisdiction_file(path: Path, content: str | bytes) -> Any:
    """Return the content of a jurisdiction's file as it is read."""
    return {name: file_content for name, _, file_content in read_seed_files(write_seed_folder(path, VA=content))}["jurisdictions/VA.yaml"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-02-04", "2026-02-04"),
        ("2026-02", "2026-02"),
        ("NO", "NO"),
        ("no", "no"),
        ("off", "off"),
        ("True", "True"),
        ("true", True),
        ("false", False),
        ("010", "010"),
        ("12:30", "12:30"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("40", 40),
        ("-1", -1),
        ("0", 0),
        ("1.5", 1.5),
        ("'51'", "51"),
        ("null", None),
        ("", None),
        ("Straße", "Straße"),
    ],
)
def test_value_has_the_type_that_it_looks_like(tmp_path: Path, text: str, value: object) -> None:
    read_value = read_jurisdiction_file(tmp_path, f"value: {text}")["value"]
    assert (type(read_value), read_value) == (type(value), value)


@pytest.mark.parametrize("content", ["a: 1\na: 2", "one:\n  - a: 1\n    b: 2\n    a: 1", "{a: 1, 'a': 2}"])
def test_repeated_key_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(InvalidInput) as error:
        read_jurisdiction_file(tmp_path, content)
    assert "the key 'a' is repeated" in error.value.faults[0].detail


@pytest.mark.parametrize(
    "content",
    [
        b"a: [1",
        b"a: 1\n---\nb: 2",
        b"a: \xff\xfe",
        b"a: \x00",
        b"a: !!python/object/apply:os.getcwd []",
        b"<<: {a: 1}",
        b"? [a]\n: b",
        b"a: *missing",
    ],
    ids=["unfinished", "two documents", "not UTF-8", "NUL", "an object", "a merge", "a list as key", "no anchor"],
)
def test_file_that_is_not_plain_yaml_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(InvalidInput, match="Nothing was loaded") as error:
        read_jurisdiction_file(tmp_path, content)
    assert [fault.pointer for fault in error.value.faults] == ["jurisdictions/VA.yaml"]
    assert "\n" not in error.value.faults[0].detail


def test_refusal_does_not_reveal_the_path_of_the_folder(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as error:
        read_jurisdiction_file(tmp_path, "a: [1")
    assert str(tmp_path) not in error.value.faults[0].detail


def test_file_of_one_mebibyte_is_the_largest_accepted(tmp_path: Path) -> None:
    largest_content = "a: x".ljust(MAX_SEED_FILE_BYTES)
    assert read_jurisdiction_file(tmp_path / "full", largest_content) == {"a": "x"}
    with pytest.raises(InvalidInput, match=r"jurisdictions/VA\.yaml is larger than 1 MiB"):
        read_jurisdiction_file(tmp_path / "over", largest_content + " ")


def test_origins_come_first_then_documents_then_jurisdictions(tmp_path: Path) -> None:
    names = [(name, subfolder) for name, subfolder, _ in read_seed_files(write_seed_folder(tmp_path, WV="{}", VA="{}"))]
    assert names == [
        ("origins.yaml", "origins"),
        ("documents/one.yaml", "documents"),
        ("jurisdictions/VA.yaml", "jurisdictions"),
        ("jurisdictions/WV.yaml", "jurisdictions"),
    ]


def test_missing_folder_has_no_seeds(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="has no seeds"):
        list(read_seed_files(tmp_path / "nowhere"))


def test_folder_without_origins_has_no_seeds(tmp_path: Path) -> None:
    (write_seed_folder(tmp_path) / "origins.yaml").unlink()
    with pytest.raises(InvalidInput, match="has no seeds"):
        list(read_seed_files(tmp_path))


def test_folder_with_only_origins_has_no_seeds(tmp_path: Path) -> None:
    (write_seed_folder(tmp_path) / "documents" / "one.yaml").unlink()
    with pytest.raises(InvalidInput, match="has no seeds"):
        list(read_seed_files(tmp_path))


def test_file_that_is_not_yaml_by_name_is_ignored(tmp_path: Path) -> None:
    (write_seed_folder(tmp_path) / "jurisdictions" / "notes.txt").write_text("not a seed")
    assert [name for name, _, _ in read_seed_files(tmp_path)] == ["origins.yaml", "documents/one.yaml"]


def test_seeds_have_a_file_for_every_jurisdiction() -> None:
    assert sum(path.suffix == ".yaml" for path in (SEEDS_FOLDER / "jurisdictions").iterdir()) == 57


def test_too_deeply_nested_yaml_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"jurisdictions/VA\.yaml is nested deeper"):
        read_jurisdiction_file(tmp_path, "[" * 100_000)
