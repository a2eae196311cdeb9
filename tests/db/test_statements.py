"""Test the keys and values of cached statements."""

import pytest

from legal.db.statements import active_filters, filter_values, like_params, next_power_of_two

FILTERS = {"kind": ["ban"], "status": [], "q": "sheriff"}


def test_active_filters_are_those_with_a_value() -> None:
    assert active_filters(FILTERS, ("kind", "status", "direction")) == ("kind",)


def test_filter_values_omits_inactive_and_unknown_filters() -> None:
    assert filter_values(FILTERS, ("kind", "status")) == {"kind": ["ban"]}


@pytest.mark.parametrize(("number", "power"), [(0, 0), (1, 1), (2, 2), (3, 4), (5, 8), (100, 128)])
def test_next_power_of_two_is_never_less_than_the_number(number: int, power: int) -> None:
    assert next_power_of_two(number) == power


def test_like_params_repeats_the_last_word() -> None:
    assert like_params("one two three") == {"word_0": "one", "word_1": "two", "word_2": "three", "word_3": "three"}


def test_like_params_of_blank_query_are_empty() -> None:
    assert like_params("  ") == {}


def test_like_params_escapes_wildcards() -> None:
    assert like_params("5% a_b c/d") == {"word_0": "5/%", "word_1": "a/_b", "word_2": "c//d", "word_3": "c//d"}
