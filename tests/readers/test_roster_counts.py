"""Read the counts of rosters from two CSV files."""

from pathlib import Path

import pytest

from legal.errors import InvalidInput
from legal.readers.roster_counts import read_roster_counts
from legal.readers.seeds import read_seed_files
from legal.settings import SEEDS_FOLDER

LISTS = "file,date,seen_again,other_names\na.xlsx,2025-05-16,,b.xlsx c.xlsx\n"
COUNTS = "file,date,jurisdiction,agencies\na.xlsx,2025-05-16,FL,2\n"


def write_folder(folder: Path, lists: str = LISTS, counts: str = COUNTS) -> Path:
    """Write both files and return the folder."""
    (folder / "lists.csv").write_text(lists, encoding="utf-8")
    (folder / "counts.csv").write_text(counts, encoding="utf-8")
    return folder


def test_each_roster_has_its_counts(tmp_path: Path) -> None:
    assert read_roster_counts(write_folder(tmp_path)) == {
        "rosters": [
            {"file": "a.xlsx", "date": "2025-05-16", "seen_again": None, "counts": [{"jurisdiction": "FL", "agencies": "2"}]},
        ]
    }


def test_counts_of_no_roster_are_a_fault(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as error:
        read_roster_counts(write_folder(tmp_path, counts=COUNTS.replace("2025-05-16", "2025-05-17")))
    assert [(fault.pointer, fault.detail) for fault in error.value.faults] == [
        ("rosters/counts.csv#/2", "lists.csv has no roster a.xlsx of 2025-05-17.")
    ]


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"rosters/lists\.csv is missing"):
        read_roster_counts(tmp_path)


@pytest.mark.parametrize("content", [b"file,date\n\xff,x\n", b'file,date\n"open,x\n'])
def test_file_that_is_not_csv_is_refused(tmp_path: Path, content: bytes) -> None:
    (write_folder(tmp_path) / "lists.csv").write_bytes(content)
    with pytest.raises(InvalidInput, match=r"rosters/lists\.csv is not CSV in UTF-8"):
        read_roster_counts(tmp_path)


def test_shipped_counts_are_those_that_were_counted(shared_folder: Path) -> None:
    for name in ("lists.csv", "counts.csv"):
        assert (SEEDS_FOLDER / "rosters" / name).read_bytes() == (shared_folder / "rosters" / name).read_bytes()


def test_counts_are_read_with_the_other_seeds() -> None:
    name, kind, content = list(read_seed_files(SEEDS_FOLDER))[-1]
    assert (name, kind, len(content["rosters"])) == ("rosters", "rosters", 86)
