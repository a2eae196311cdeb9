"""Test the counting of paragraphs and the faults of citation spans."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legal.readers.texts import read_text, span_faults
from tests.examples import examples
from tests.readers.factories import citation_span, document_text

CONTENT = "\n \nOne — first.\r\n\r\n  Two, zweitens.\n\n\nThree\n"


def test_paragraphs_are_non_blank_lines() -> None:
    assert document_text(CONTENT).count_paragraphs() == 3


@pytest.mark.parametrize(("content", "number"), [("", 0), ("\n\n", 0), (" \t\r\n", 0), ("One", 1), ("\ufeffOne\nTwo", 2)])
def test_paragraphs_are_counted_in_short_texts(content: str, number: int) -> None:
    assert document_text(content).count_paragraphs() == number


@pytest.mark.parametrize(("word", "number"), [("One", 1), ("first", 1), ("Two", 2), ("zweitens", 2), ("Three", 3)])
def test_word_is_in_the_paragraph_of_its_line(word: str, number: int) -> None:
    assert document_text(CONTENT).paragraph_at(CONTENT.index(word)) == number


@given(st.lists(st.sampled_from(["", " ", "a", "bé", "\r"]), max_size=12).map("\n".join))
@examples(20)
def test_end_of_the_text_is_in_the_last_paragraph(content: str) -> None:
    assert document_text(content).paragraph_at(len(content)) == document_text(content).count_paragraphs()


@pytest.mark.parametrize(("passage", "number"), [("One — first.", 1), ("zweitens", 2), ("  Two", 2), ("\n\n\nThree\n", 3)])
def test_valid_span_has_no_fault(passage: str, number: int) -> None:
    assert list(span_faults(document_text(CONTENT), citation_span(CONTENT, passage, number))) == []


def test_offsets_count_code_points() -> None:
    content = "😀 é — x"
    assert list(span_faults(document_text(content), citation_span(content, "x", 1, start=6, end=7))) == []


def test_span_of_changed_text_does_not_match_its_hash() -> None:
    faults = span_faults(document_text(CONTENT.replace("first", "First")), citation_span(CONTENT, "One — first.", 1))
    assert list(faults) == ["the text between its offsets does not match its hash"]


def test_span_must_not_end_beyond_the_text() -> None:
    assert list(span_faults(document_text("One"), citation_span("One", "One", 1, end=4))) == ["it ends at 4, but the text has 3 characters"]


def test_span_must_not_cross_paragraphs() -> None:
    passage = "first.\r\n\r\n  Two"
    assert list(span_faults(document_text(CONTENT), citation_span(CONTENT, passage, 1))) == ["it spans more than one paragraph"]


def test_span_must_not_be_blank() -> None:
    assert list(span_faults(document_text(CONTENT), citation_span(CONTENT, "\n \n", 1))) == ["it contains only blanks"]


@pytest.mark.parametrize("passage", ["Two", "\r\n  Two"])
def test_fault_names_the_actual_paragraph(passage: str) -> None:
    assert list(span_faults(document_text(CONTENT), citation_span(CONTENT, passage, 1))) == ["it is in paragraph 2, not 1"]


def test_every_fault_is_reported() -> None:
    assert len(list(span_faults(document_text(CONTENT), citation_span(CONTENT, "Two", 1, sha256="0" * 64)))) == 2


def test_line_endings_and_hash_are_those_of_the_file(tmp_path: Path) -> None:
    raw = CONTENT.encode()
    (tmp_path / "one.txt").write_bytes(raw)
    text = read_text(tmp_path / "one.txt")
    assert (text.content, text.sha256) == (CONTENT, hashlib.sha256(raw).hexdigest())


def test_file_that_is_not_utf_8_raises(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_bytes("é".encode("latin-1"))
    with pytest.raises(UnicodeDecodeError):
        read_text(tmp_path / "one.txt")


def test_missing_file_raises(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_text(tmp_path / "nowhere.txt")
