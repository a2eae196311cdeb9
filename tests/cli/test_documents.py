"""``flask documents verify``: every cited span against the texts."""

from pathlib import Path
from typing import Any

import pytest

from legal.db.engine import Database
from tests.cli.conftest import address, refused
from tests.cli.factories import text_folder
from tests.services.factories import TEXT, citation, document, load, measure, place, sha256


def one_citation(**changes: Any) -> dict[str, Any]:
    """A place with one measure that cites one span."""
    return place(measures=[measure(citations=[citation(**changes)])], figures=[])


def test_spans_that_hold_are_counted(run: Any, empty: Database, tmp_path: Path) -> None:
    load(empty)
    result = run(address(empty))("documents", "verify", text_folder(tmp_path))
    assert result.exit_code == 0
    assert result.stdout == "paper: 3 spans checked, 0 faults.\nAll 3 spans in 1 documents hold; 0 documents unchecked.\n"


def test_the_shipped_seeds_hold_against_the_documents(run: Any, record: Database, shared: Path) -> None:
    result = run(address(record))("documents", "verify", shared / "documents")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "in 5 documents hold; 0 documents unchecked." in result.stdout


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (TEXT.replace("ended", "keeps"), "the file's bytes do not have the hash on file"),
        (TEXT.replace("ended", "keeps"), "va-order at 0–30: the text between its offsets does not have its hash"),
        (TEXT + "More.\n", f"the file has 3 paragraphs and {len(TEXT) + 6} characters"),
        (TEXT[:20], "va-order at 0–30: it ends at 30, beyond the text's 20 characters"),
    ],
)
def test_a_text_that_was_tampered_with_is_found(run: Any, empty: Database, tmp_path: Path, text: str, fault: str) -> None:
    load(empty)
    result = run(address(empty))("documents", "verify", text_folder(tmp_path, text))
    assert result.exit_code == 1
    assert f"paper: {fault}\n" in result.stderr


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"sha256": sha256("Something else.")}, "the text between its offsets does not have its hash"),
        ({"paragraph": 2}, "it stands in paragraph 1, not 2"),
        ({"start": 20, "end": 40}, "it runs over more than one paragraph"),
    ],
)
def test_a_span_that_is_off_is_found(run: Any, empty: Database, tmp_path: Path, changes: dict[str, Any], fault: str) -> None:
    load(empty, one_citation(**changes))
    result = run(address(empty))("documents", "verify", text_folder(tmp_path))
    assert fault in result.stderr
    refused(result, "1 faults in 1 spans.")


def test_a_text_that_is_not_utf_8_is_found(run: Any, empty: Database, tmp_path: Path) -> None:
    load(empty, one_citation())
    (tmp_path / "paper.txt").write_bytes(b"\xff\xfe")
    assert "paper: the file is not UTF-8\n" in run(address(empty))("documents", "verify", tmp_path).stderr


def test_a_text_that_is_missing_is_said_and_is_no_failure(run: Any, empty: Database, tmp_path: Path) -> None:
    load(empty, documents=[document(), document(id="lost", file="lost.txt")])
    result = run(address(empty))("documents", "verify", text_folder(tmp_path))
    assert (result.exit_code, result.stderr) == (0, "lost: lost.txt is not there; its 0 spans are unchecked.\n")


def test_where_nothing_could_be_checked_it_is_refused(run: Any, empty: Database, tmp_path: Path) -> None:
    load(empty)
    refused(run(address(empty))("documents", "verify", tmp_path), "None of the documents on file is in that folder; nothing was checked.")


def test_a_record_with_nothing_in_it_is_refused(run: Any, empty: Database, tmp_path: Path) -> None:
    refused(run(address(empty))("documents", "verify", tmp_path), "Nothing has been published yet; the operator has to load the seeds.")


def test_a_file_outside_the_folder_is_not_read(run: Any, empty: Database, tmp_path: Path) -> None:
    text_folder(tmp_path)
    load(empty, documents=[document(file="../paper.txt")])
    (tmp_path / "inner").mkdir()
    assert run(address(empty))("documents", "verify", tmp_path / "inner").exit_code == 1


def test_the_spans_of_a_retracted_measure_are_not_checked(run: Any, empty: Database, tmp_path: Path) -> None:
    load(empty, one_citation(sha256=sha256("Something else.")))
    load(empty, one_citation())
    assert run(address(empty))("documents", "verify", text_folder(tmp_path)).exit_code == 0


@pytest.mark.parametrize("words", [("verify",), ("verify", "nowhere"), ("frobnicate",)])
def test_wrong_usage_is_status_2(run: Any, record: Database, words: tuple[str, ...]) -> None:
    assert run(address(record))("documents", *words).exit_code == 2
