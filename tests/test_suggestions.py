"""Suggestions for names that do not exist."""

from legal.suggestions import suggest


def test_the_closest_name_comes_first() -> None:
    assert suggest("jurisdicton", ["direction", "jurisdiction", "kind"])[0] == "jurisdiction"


def test_a_name_that_resembles_nothing_gets_no_suggestion() -> None:
    assert suggest("xyzzy", ["jurisdiction", "kind"]) == ()


def test_of_a_mapping_the_keys_are_suggested() -> None:
    assert suggest("virgina", {"VA": "virginia", "WY": "wyoming"}) == ("VA",)


def test_a_very_long_name_is_compared_by_its_beginning() -> None:
    assert suggest("kind" + " " * 200 + "x" * 10_000, ["kind"]) == ("kind",)
