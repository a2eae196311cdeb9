"""Words as the search takes them."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from legal.rules.search import text as rules
from legal.rules.search.text import letters, stems, words


@pytest.mark.parametrize(
    ("text", "found"),
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
def test_a_text_is_cut_into_stems(text: str, found: str) -> None:
    assert stems(text) == found


def test_a_word_knows_where_it_stands() -> None:
    text = "“Sheriffs” of 287(g)"
    assert [text[word.start : word.end] for word in words(text)] == ["Sheriffs", "of", "287(g)"]


def test_a_word_is_no_longer_than_any_database_takes() -> None:
    assert len(letters("ﷺ" * 200)) == rules.LONGEST


def test_letters_leave_out_points_spaces_and_case() -> None:
    assert letters("U.S. Virgin Islands") == "usvirginislands"


def test_threads_do_not_mix_their_words_up() -> None:
    plurals = [f"thing{number}s" for number in range(500)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(stems, plurals)) == [word.removesuffix("s") for word in plurals]
