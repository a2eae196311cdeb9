"""The search splits text into words, folds them and stems them."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from legal.rules.search.text import MAX_WORD_LENGTH, fold_letters, fold_text, split_words, stem_text


@pytest.mark.parametrize(
    ("text", "stems"),
    [
        ("The governor's order", "the governor order"),
        ("Agreements, agreement", "agreement agreement"),
        ("287(g) and 287g", "287g and 287g"),
        ("1,001 agencies", "1001 agenc"),
        ("2025,2026", "2025 2026"),
        ("executive_order", "execut order"),
        ("Peña PEÑA pena", "pena pena pena"),
        ("2½ ½", "2"),
        ("…—!!", ""),
        ("\ufc5e", ""),
    ],
)
def test_text_is_reduced_to_stems(text: str, stems: str) -> None:
    assert stem_text(text) == stems


def test_word_has_its_span_in_the_text() -> None:
    text = "“Sheriffs” of 287(g)"
    assert [text[token.start : token.end] for token in split_words(text)] == ["Sheriffs", "of", "287(g)"]


def test_word_is_cut_to_the_length_that_every_database_accepts() -> None:
    assert len(fold_letters("ﷺ" * 200)) == MAX_WORD_LENGTH


def test_folded_letters_have_no_punctuation_spaces_or_capitals() -> None:
    assert fold_letters("U.S. Virgin Islands") == "usvirginislands"


def test_threads_do_not_mix_up_their_words() -> None:
    plurals = [f"thing{number}s" for number in range(500)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(stem_text, plurals)) == [word.removesuffix("s") for word in plurals]


@pytest.mark.parametrize(
    ("text", "folded"), [("O’Brien", "obrien"), ("DOÑA  ANA", "donaana"), ("287(g)", "287g"), ("½ %_", "12"), ("İ", "i"), ("中文", "中文")]
)
def test_folded_text_has_letters_and_digits_only(text: str, folded: str) -> None:
    assert fold_text(text) == folded
