"""Suggestions for names that do not exist."""

from legal.suggestions import MIN_SCORE, similarity, suggest


def test_the_closest_name_comes_first() -> None:
    assert suggest("jurisdicton", ["direction", "jurisdiction", "kind"])[0] == "jurisdiction"


def test_a_name_that_resembles_nothing_gets_no_suggestion() -> None:
    assert suggest("xyzzy", ["jurisdiction", "kind"]) == ()


def test_of_a_mapping_the_keys_are_suggested() -> None:
    assert suggest("virgina", {"VA": "virginia", "WY": "wyoming"}) == ("VA",)


def test_a_very_long_name_is_compared_by_its_beginning() -> None:
    assert suggest("kind" + " " * 200 + "x" * 10_000, ["kind"]) == ("kind",)


def test_names_that_share_only_letters_are_not_close() -> None:
    assert max(similarity("state", "status"), similarity("page", "agency_type")) < MIN_SCORE


def test_name_with_all_words_of_another_is_close() -> None:
    assert suggest("wt", ["wt-2025-09-17", "wp-2025-09-17"]) == ("wt-2025-09-17",)
