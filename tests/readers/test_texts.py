"""Paragraphs are counted as the contract says, and every fault of a span is told."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legal.readers.texts import read, span_faults
from tests.examples import examples
from tests.readers.factories import span, text

CONTENT = "\n \nOne — first.\r\n\r\n  Two, zweitens.\n\n\nThree\n"


def test_paragraphs_are_the_lines_that_are_not_blank() -> None:
    assert text(CONTENT).paragraphs() == 3


@pytest.mark.parametrize(("content", "number"), [("", 0), ("\n\n", 0), (" \t\r\n", 0), ("One", 1), ("\ufeffOne\nTwo", 2)])
def test_a_text_may_have_none(content: str, number: int) -> None:
    assert text(content).paragraphs() == number


@pytest.mark.parametrize(("word", "number"), [("One", 1), ("first", 1), ("Two", 2), ("zweitens", 2), ("Three", 3)])
def test_a_word_stands_in_the_paragraph_of_its_line(word: str, number: int) -> None:
    assert text(CONTENT).paragraph_at(CONTENT.index(word)) == number


@given(st.lists(st.sampled_from(["", " ", "a", "bé", "\r"]), max_size=12).map("\n".join))
@examples(20)
def test_the_last_word_stands_in_the_last_paragraph(content: str) -> None:
    assert text(content).paragraph_at(len(content)) == text(content).paragraphs()


@pytest.mark.parametrize(("passage", "number"), [("One — first.", 1), ("zweitens", 2), ("  Two", 2), ("\n\n\nThree\n", 3)])
def test_a_span_that_holds_has_no_fault(passage: str, number: int) -> None:
    assert list(span_faults(text(CONTENT), span(CONTENT, passage, number))) == []


def test_offsets_count_code_points() -> None:
    content = "😀 é — x"
    assert list(span_faults(text(content), span(content, "x", 1, start=6, end=7))) == []


def test_a_span_of_other_text_does_not_have_its_hash() -> None:
    found = span_faults(text(CONTENT.replace("first", "First")), span(CONTENT, "One — first.", 1))
    assert list(found) == ["the text between its offsets does not have its hash"]


def test_a_span_may_not_end_beyond_the_text() -> None:
    assert list(span_faults(text("One"), span("One", "One", 1, end=4))) == ["it ends at 4, beyond the text's 3 characters"]


def test_a_span_keeps_to_one_paragraph() -> None:
    passage = "first.\r\n\r\n  Two"
    assert list(span_faults(text(CONTENT), span(CONTENT, passage, 1))) == ["it runs over more than one paragraph"]


def test_a_span_does_not_point_at_blank_text() -> None:
    assert list(span_faults(text(CONTENT), span(CONTENT, "\n \n", 1))) == ["it points at blank text"]


@pytest.mark.parametrize("passage", ["Two", "\r\n  Two"])
def test_a_span_in_another_paragraph_says_in_which_it_stands(passage: str) -> None:
    assert list(span_faults(text(CONTENT), span(CONTENT, passage, 1))) == ["it stands in paragraph 2, not 1"]


def test_two_things_wrong_are_both_told() -> None:
    assert len(list(span_faults(text(CONTENT), span(CONTENT, "Two", 1, sha256="0" * 64)))) == 2


def test_a_file_is_read_with_its_line_ends_and_hashed_as_it_is(tmp_path: Path) -> None:
    raw = CONTENT.encode()
    (tmp_path / "one.txt").write_bytes(raw)
    found = read(tmp_path / "one.txt")
    assert (found.content, found.sha256) == (CONTENT, hashlib.sha256(raw).hexdigest())


def test_a_file_that_is_not_utf_8_is_not_guessed_at(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_bytes("é".encode("latin-1"))
    with pytest.raises(UnicodeDecodeError):
        read(tmp_path / "one.txt")


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "nowhere.txt")
