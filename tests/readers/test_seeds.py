"""Seed files are read as what they look like, or refused by name."""

from pathlib import Path
from typing import Any

import pytest

from legal.errors import InvalidInput
from legal.readers.seeds import LARGEST_FILE, files
from legal.settings import SEEDS
from tests.readers.factories import folder


def read(path: Path, content: str | bytes) -> Any:
    """What a place's file is read as."""
    return {name: found for name, _, found in files(folder(path, VA=content))}["jurisdictions/VA.yaml"]


@pytest.mark.parametrize(
    ("written", "meant"),
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
def test_a_value_is_what_it_looks_like(tmp_path: Path, written: str, meant: object) -> None:
    found = read(tmp_path, f"value: {written}")["value"]
    assert (type(found), found) == (type(meant), meant)


@pytest.mark.parametrize("content", ["a: 1\na: 2", "one:\n  - a: 1\n    b: 2\n    a: 1", "{a: 1, 'a': 2}"])
def test_a_key_does_not_stand_twice(tmp_path: Path, content: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read(tmp_path, content)
    assert "the key 'a' stands twice" in refused.value.faults[0].detail


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
def test_what_is_not_plain_yaml_is_refused_by_its_name(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(InvalidInput, match="nothing was loaded") as refused:
        read(tmp_path, content)
    assert [fault.pointer for fault in refused.value.faults] == ["jurisdictions/VA.yaml"]
    assert "\n" not in refused.value.faults[0].detail


def test_a_refusal_says_nothing_of_where_the_folder_is(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as refused:
        read(tmp_path, "a: [1")
    assert str(tmp_path) not in refused.value.faults[0].detail


def test_a_file_may_be_a_mebibyte_and_no_byte_more(tmp_path: Path) -> None:
    filled = "a: x".ljust(LARGEST_FILE)
    assert read(tmp_path / "full", filled) == {"a": "x"}
    with pytest.raises(InvalidInput, match=r"jurisdictions/VA\.yaml is larger than 1 MiB"):
        read(tmp_path / "over", filled + " ")


def test_files_come_sorted_with_what_others_point_at_first(tmp_path: Path) -> None:
    names = [(name, sort) for name, sort, _ in files(folder(tmp_path, WV="{}", VA="{}"))]
    assert names == [
        ("origins.yaml", "origins"),
        ("documents/one.yaml", "documents"),
        ("jurisdictions/VA.yaml", "jurisdictions"),
        ("jurisdictions/WV.yaml", "jurisdictions"),
    ]


def test_a_folder_that_is_not_there_has_no_seeds(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="has no seeds"):
        list(files(tmp_path / "nowhere"))


def test_a_folder_without_origins_has_no_seeds(tmp_path: Path) -> None:
    (folder(tmp_path) / "origins.yaml").unlink()
    with pytest.raises(InvalidInput, match="has no seeds"):
        list(files(tmp_path))


def test_origins_alone_are_no_seeds(tmp_path: Path) -> None:
    (folder(tmp_path) / "documents" / "one.yaml").unlink()
    with pytest.raises(InvalidInput, match="has no seeds"):
        list(files(tmp_path))


def test_a_file_of_another_sort_is_left_alone(tmp_path: Path) -> None:
    (folder(tmp_path) / "jurisdictions" / "notes.txt").write_text("not a seed")
    assert [name for name, _, _ in files(tmp_path)] == ["origins.yaml", "documents/one.yaml"]


def test_the_seeds_have_a_file_for_every_place() -> None:
    assert sum(path.suffix == ".yaml" for path in (SEEDS / "jurisdictions").iterdir()) == 57


def test_what_is_nested_too_deep_is_refused_before_the_loader_gives_out(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"jurisdictions/VA\.yaml is nested deeper"):
        read(tmp_path, "[" * 100_000)
