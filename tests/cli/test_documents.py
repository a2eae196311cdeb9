"""``flask documents``: passages are cited by their words, and every cited span is checked against the texts."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import Result

from legal.db.engine import Database
from legal.readers.texts import DocumentText, span_faults
from tests.cli.conftest import assert_refused, database_url
from tests.cli.factories import write_seed_folder, write_text_folder
from tests.services.factories import (
    PAPER_TEXT,
    citation_json,
    document_file,
    figure_json,
    hash_text,
    jurisdiction_file,
    load_small_seeds,
    measure_json,
)


def jurisdiction_citing(**changes: Any) -> dict[str, Any]:
    """Return a jurisdiction with one measure that cites one span."""
    return jurisdiction_file(measures=[measure_json(citations=[citation_json(**changes)])], figures=[])


def test_spans_that_hold_are_counted(runner_for: Any, empty_db: Database, tmp_path: Path) -> None:
    load_small_seeds(empty_db)
    result = runner_for(database_url(empty_db))("documents", "verify", write_text_folder(tmp_path))
    assert result.exit_code == 0
    assert result.stdout == "paper: 3 spans checked, 0 faults.\nAll 3 spans in 1 documents are correct; 0 documents unchecked.\n"


def test_the_shipped_seeds_hold_against_the_documents(runner_for: Any, seeded_db: Database, shared_folder: Path) -> None:
    result = runner_for(database_url(seeded_db))("documents", "verify", shared_folder / "documents")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "in 5 documents are correct; 0 documents unchecked." in result.stdout


def test_event_later_than_its_documents_is_found(runner_for: Any, empty_db: Database, tmp_path: Path) -> None:
    event = {"event": "in_force", "date": {"edtf": "2026-03", "basis": "inferred"}, "description": "It took effect."}
    late_figure = figure_json(date={"edtf": "2026-02-05", "basis": "explicit"})
    load_small_seeds(empty_db, jurisdiction_file(measures=[measure_json(events=[event])], figures=[late_figure]))
    result = runner_for(database_url(empty_db))("documents", "verify", write_text_folder(tmp_path))
    assert_refused(result, "2 events or quantities are later than every document that reports them.")
    assert "va-order: in_force of 2026-03-01 or later; its newest document is of 2026-02-04.\n" in result.stderr


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (PAPER_TEXT.replace("ended", "keeps"), "the file's bytes do not have the hash on file"),
        (PAPER_TEXT.replace("ended", "keeps"), "va-order at 0–30: the text between its offsets does not match its hash"),
        (PAPER_TEXT + "More.\n", f"the file has 3 paragraphs and {len(PAPER_TEXT) + 6} characters"),
        (PAPER_TEXT[:20], "va-order at 0–30: it ends at 30, but the text has 20 characters"),
    ],
)
def test_a_text_that_was_tampered_with_is_found(runner_for: Any, empty_db: Database, tmp_path: Path, text: str, fault: str) -> None:
    load_small_seeds(empty_db)
    result = runner_for(database_url(empty_db))("documents", "verify", write_text_folder(tmp_path, text))
    assert result.exit_code == 1
    assert f"paper: {fault}\n" in result.stderr


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"sha256": hash_text("Something else.")}, "the text between its offsets does not match its hash"),
        ({"paragraph": 2}, "it is in paragraph 1, not 2"),
        ({"start": 20, "end": 40}, "it spans more than one paragraph"),
    ],
)
def test_a_span_that_is_off_is_found(runner_for: Any, empty_db: Database, tmp_path: Path, changes: dict[str, Any], fault: str) -> None:
    load_small_seeds(empty_db, jurisdiction_citing(**changes))
    result = runner_for(database_url(empty_db))("documents", "verify", write_text_folder(tmp_path))
    assert fault in result.stderr
    assert_refused(result, "1 faults in 1 spans.")


def test_a_text_that_is_not_utf_8_is_found(runner_for: Any, empty_db: Database, tmp_path: Path) -> None:
    load_small_seeds(empty_db, jurisdiction_citing())
    (tmp_path / "paper.txt").write_bytes(b"\xff\xfe")
    assert "paper: the file is not UTF-8\n" in runner_for(database_url(empty_db))("documents", "verify", tmp_path).stderr


def test_a_text_that_is_missing_is_said_and_is_no_failure(runner_for: Any, empty_db: Database, tmp_path: Path) -> None:
    load_small_seeds(empty_db, documents=[document_file(), document_file(id="lost", file="lost.txt")])
    result = runner_for(database_url(empty_db))("documents", "verify", write_text_folder(tmp_path))
    assert (result.exit_code, result.stderr) == (0, "lost: lost.txt is not there; its 0 spans are unchecked.\n")


def test_where_nothing_could_be_checked_it_is_refused(runner_for: Any, empty_db: Database, tmp_path: Path) -> None:
    load_small_seeds(empty_db)
    assert_refused(
        runner_for(database_url(empty_db))("documents", "verify", tmp_path),
        "None of the documents on file is in that folder; nothing was checked.",
    )


def test_a_record_with_nothing_in_it_is_refused(runner_for: Any, empty_db: Database, tmp_path: Path) -> None:
    assert_refused(
        runner_for(database_url(empty_db))("documents", "verify", tmp_path),
        "Nothing has been published yet. The operator must load the seeds.",
    )


def test_a_file_outside_the_folder_is_not_read(runner_for: Any, empty_db: Database, tmp_path: Path) -> None:
    write_text_folder(tmp_path)
    load_small_seeds(empty_db, documents=[document_file(file="../paper.txt")])
    (tmp_path / "inner").mkdir()
    assert runner_for(database_url(empty_db))("documents", "verify", tmp_path / "inner").exit_code == 1


def test_the_spans_of_a_retracted_measure_are_not_checked(runner_for: Any, empty_db: Database, tmp_path: Path) -> None:
    load_small_seeds(empty_db, jurisdiction_citing(sha256=hash_text("Something else.")))
    load_small_seeds(empty_db, jurisdiction_citing())
    assert runner_for(database_url(empty_db))("documents", "verify", write_text_folder(tmp_path)).exit_code == 0


@pytest.mark.parametrize("words", [("verify",), ("verify", "nowhere"), ("frobnicate",)])
def test_wrong_usage_is_status_2(runner_for: Any, seeded_db: Database, words: tuple[str, ...]) -> None:
    assert runner_for(database_url(seeded_db))("documents", *words).exit_code == 2


LONG_TEXT = "The board voted. The sheriff’s office ended it.\n\nThe board voted again.\n"


@pytest.fixture
def cite(runner_for: Any, seeded_db: Database, tmp_path: Path) -> Callable[..., Result]:
    """Return a function that cites words from a text in a folder, with seeds that know the text as ``paper``."""
    seeds, texts = tmp_path / "seeds", tmp_path / "texts"
    write_seed_folder(seeds, documents=[document_file(sha256=hash_text(LONG_TEXT))])
    write_text_folder(texts, LONG_TEXT)

    def run(document: str, words: str, *options: object) -> Result:
        known = {"TEXT": str(texts / "paper.txt"), "FOLDER": texts}
        options = tuple(known.get(str(option), option) for option in options)
        return runner_for(database_url(seeded_db))("documents", "cite", known.get(document, document), words, "--seeds", seeds, *options)

    return run


@pytest.mark.parametrize(("document", "options"), [("paper", ("--texts", "FOLDER")), ("TEXT", ())])
def test_cite_prints_a_citation_that_verifies(cite: Callable[..., Result], document: str, options: tuple[str, ...]) -> None:
    result = cite(document, "sheriff's office", *options)
    assert result.exit_code == 0, result.stderr
    [citation] = yaml.safe_load(result.stdout)
    assert citation["document"] == "paper"
    assert list(span_faults(DocumentText("", LONG_TEXT), citation)) == []
    assert LONG_TEXT[citation["start"] : citation["end"]] == "sheriff’s office"


def test_words_that_occur_twice_are_refused_with_their_contexts(cite: Callable[..., Result]) -> None:
    result = cite("TEXT", "The board voted")
    assert_refused(result, "These words occur 2 times in paper.txt. Give more words, or choose with --occurrence.")
    assert "  1: paragraph 1: … The board voted. The sheriff’s office ended i …" in result.stderr
    assert "  2: paragraph 2: …" in result.stderr


def test_an_occurrence_can_be_chosen(cite: Callable[..., Result]) -> None:
    assert yaml.safe_load(cite("TEXT", "The board voted", "--occurrence", 2).stdout)[0]["paragraph"] == 2


def test_an_occurrence_that_does_not_exist_is_refused(cite: Callable[..., Result]) -> None:
    result = cite("TEXT", "The board voted", "--occurrence", 3)
    assert_refused(result, "These words occur 2 times in paper.txt. There is no occurrence 3.")


@pytest.mark.parametrize(("words", "hint"), [("The board has voted again", " Paragraph 2 is the closest."), ("qqqq zzzz", "")])
def test_words_that_do_not_occur_are_refused(cite: Callable[..., Result], words: str, hint: str) -> None:
    assert_refused(cite("TEXT", words), f"These words do not occur within one paragraph of paper.txt.{hint}")


def test_a_text_not_in_the_seeds_is_cited_without_an_id(cite: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "new.txt").write_text("A new text.", encoding="utf-8")
    result = cite(str(tmp_path / "new.txt"), "new")
    assert result.stdout.startswith("- document: # not in the seeds: add its file under documents/ first\n  paragraph: 1\n")


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("papers", "papers is neither a text file nor the id of a document in the seeds. Did you mean paper?"),
        ("xyzzy", "xyzzy is neither a text file nor the id of a document in the seeds."),
    ],
)
def test_an_unknown_document_is_refused(cite: Callable[..., Result], document: str, message: str) -> None:
    assert_refused(cite(document, "words"), message)


def test_an_id_without_a_folder_of_texts_is_wrong_usage(cite: Callable[..., Result]) -> None:
    assert cite("paper", "words").exit_code == 2


def test_a_folder_without_the_text_is_refused(cite: Callable[..., Result], tmp_path: Path) -> None:
    assert_refused(cite("paper", "words", "--texts", tmp_path), f"{tmp_path / 'paper.txt'} is not there.")


def test_citing_from_a_text_that_is_not_utf_8_is_refused(cite: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "latin.txt").write_bytes(b"\xff\xfe")
    assert_refused(cite(str(tmp_path / "latin.txt"), "words"), f"{tmp_path / 'latin.txt'} is not UTF-8.")


@pytest.mark.parametrize("content", ["document: {id: draft}", "document: null", "[]", "document: {id: 1, file: a.txt, sha256: null}"])
def test_an_unfinished_document_file_does_not_stop_citing(cite: Callable[..., Result], tmp_path: Path, content: str) -> None:
    (tmp_path / "seeds" / "documents" / "draft.yaml").write_text(content, encoding="utf-8")
    assert cite("TEXT", "office").exit_code == 0
