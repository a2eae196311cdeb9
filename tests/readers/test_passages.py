"""Test that passages are found by their words."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legal.readers.passages import Passage, closest_paragraph, find_passages
from legal.readers.texts import DocumentText, span_faults

CONTENT = "The sheriff's office “will not” sign.\n\nIt is a year—long plan, the sheriff said.\nThe plan ended. The plan\u00a0 ended.\n"


def build_text(content: str) -> DocumentText:
    """Return a text with this content."""
    return DocumentText(hashlib.sha256(content.encode()).hexdigest(), content)


def find_quotes(words: str, content: str = CONTENT) -> list[str]:
    """Return each passage as the text prints it."""
    return [content[passage.start : passage.end] for passage in find_passages(build_text(content), words)]


def test_passage_has_its_paragraph_offsets_and_hash() -> None:
    [passage] = find_passages(build_text(CONTENT), "It is a year")
    start = CONTENT.index("It is a year")
    assert passage == Passage(2, start, start + 12, hashlib.sha256(b"It is a year").hexdigest())


@pytest.mark.parametrize(
    ("words", "quote"),
    [
        ('"will not"', "“will not”"),
        ("sheriff’s office", "sheriff's office"),
        ("year - long".replace(" ", ""), "year—long"),
        ("  plan,   the\tsheriff ", "plan, the sheriff"),
    ],
)
def test_quotes_dashes_and_blanks_of_any_kind_match(words: str, quote: str) -> None:
    assert find_quotes(words) == [quote]


def test_words_that_occur_twice_give_two_passages() -> None:
    assert find_quotes("The plan ended.") == ["The plan ended.", "The plan\u00a0 ended."]


def test_overlapping_occurrences_are_all_found() -> None:
    assert find_quotes("no no", "no no no") == ["no no", "no no"]


@pytest.mark.parametrize("words", ["the governor", "sign. It is", "", "   "])
def test_words_that_do_not_occur_in_one_paragraph_give_nothing(words: str) -> None:
    assert find_quotes(words) == []


def test_quotes_and_dashes_that_the_text_lost_are_ignored() -> None:
    assert find_quotes("Maryland's year-long plan", "Marylands yearlong plan") == ["Marylands yearlong plan"]


def test_match_with_quotes_wins_over_a_match_without() -> None:
    assert find_quotes("it's", "its and it’s") == ["it’s"]


def test_most_similar_paragraph_is_suggested() -> None:
    assert closest_paragraph(build_text(CONTENT), "It was a year-long plan, the sheriffs said") == 2


def test_no_paragraph_is_suggested_if_none_is_similar() -> None:
    assert closest_paragraph(build_text(CONTENT), "zzzzzzzzzzzz") is None


@given(st.text(alphabet="ab '’—-\n ", max_size=60), st.data())
def test_every_passage_is_a_valid_citation_span(content: str, data: st.DataObject) -> None:
    words = data.draw(st.text(alphabet="ab '-", min_size=1, max_size=4))
    text = build_text(content)
    faults = [
        list(span_faults(text, {"paragraph": p.paragraph, "start": p.start, "end": p.end, "sha256": p.sha256}))
        for p in find_passages(text, words)
    ]
    assert faults == [[]] * len(faults)


@given(st.text(alphabet="ab '’—-\n ", min_size=1, max_size=60), st.data())
def test_words_copied_from_a_line_are_found_there(content: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(content) - 1))
    end = data.draw(st.integers(start + 1, len(content)))
    words = content[start:end].strip()
    copied_start = content.index(words, start)
    offsets = {(passage.start, passage.end) for passage in find_passages(build_text(content), words)}
    assert "\n" in words or not words or (copied_start, copied_start + len(words)) in offsets
