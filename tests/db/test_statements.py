"""Statements are built for shapes, of which there are few, whatever a client sends."""

import pytest

from legal.db.statements import bound, given, padded, worded

FILTERS = {"kind": ["ban"], "status": [], "q": "sheriff"}


def test_the_shape_of_a_question_is_which_filters_it_gives() -> None:
    assert given(FILTERS, ("kind", "status", "direction")) == ("kind",)


def test_only_what_a_statement_binds_is_sent_with_it() -> None:
    assert bound(FILTERS, ("kind", "status")) == {"kind": ["ban"]}


@pytest.mark.parametrize(("number", "shape"), [(0, 0), (1, 1), (2, 2), (3, 4), (5, 8), (100, 128)])
def test_so_many_words_take_the_next_power_of_two(number: int, shape: int) -> None:
    assert padded(number) == shape


def test_the_last_word_stands_for_those_that_are_missing() -> None:
    assert worded("one two three") == {"word_0": "one", "word_1": "two", "word_2": "three", "word_3": "three"}


def test_no_word_binds_nothing() -> None:
    assert worded("  ") == {}


def test_wildcards_are_plain_characters() -> None:
    assert worded("5% a_b c/d") == {"word_0": "5/%", "word_1": "a/_b", "word_2": "c//d", "word_3": "c//d"}
