"""Test the keys and values of cached statements."""

import pytest
from sqlalchemy import literal, select

from legal.db.engine import Database
from legal.db.statements import FoldedText, active_filters, filter_values, like_params, next_power_of_two
from legal.rules.search.text import fold_text

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


def test_like_params_folds_words_and_repeats_the_last() -> None:
    assert like_params("5% A_b ’ é/d") == {"word_0": "5", "word_1": "ab", "word_2": "ed", "word_3": "ed"}


@pytest.mark.parametrize(("query", "params"), [("% _", {"word_0": "-"}), ("  ", {})])
def test_query_of_punctuation_matches_no_folded_text(query: str, params: dict[str, str]) -> None:
    assert like_params(query) == params


@pytest.mark.parametrize("text", ["O’Brien & Söhne", "DOÑA\u00a0ANA", "287(g) ½ №5", "İstanbul ﬁx", "中文 ², 10 %", "_-/\\"])
def test_databases_fold_text_as_the_rules_do(empty_db: Database, text: str) -> None:
    with empty_db.reading() as session:
        assert session.scalar(select(FoldedText(literal(text)))) == fold_text(text)
