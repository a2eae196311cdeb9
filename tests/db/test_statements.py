"""Test the keys and values of cached statements."""

import pytest
from sqlalchemy import ColumnElement, literal, select

from legal.db.engine import Database
from legal.db.statements import (
    FoldedText,
    active_filters,
    filter_values,
    is_version_of,
    like_params,
    next_power_of_two,
    shape_statement,
    visible_at_revision,
)
from legal.models import MeasureVersion, SearchEntry
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


MEASURE = MeasureVersion.__table__.c
MEASURES = select(MEASURE.key).where(visible_at_revision(MEASURE))


def test_shape_for_the_newest_revision_has_the_predicate_of_the_indexes() -> None:
    assert str(shape_statement(MEASURES, is_newest=True)).endswith("WHERE measure_versions.revision_to IS NULL")


@pytest.mark.parametrize("condition", [visible_at_revision(MEASURE), is_version_of(MEASURE, literal("va-a"))])
def test_shape_for_a_pinned_revision_seeks_the_last_version(condition: ColumnElement[bool]) -> None:
    shaped = str(shape_statement(select(MEASURE.key).where(condition), is_newest=False))
    assert "ORDER BY measure_versions_1.revision_from DESC" in shaped


def test_statement_without_a_shape_cannot_be_executed() -> None:
    with pytest.raises(TypeError, match=r"Execute it through Snapshot\.execute"):
        str(MEASURES)


def test_version_of_a_table_without_things_is_a_programming_error() -> None:
    with pytest.raises(AssertionError):
        is_version_of(SearchEntry.__table__.c, literal("va-a"))
