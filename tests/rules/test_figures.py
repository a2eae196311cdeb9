"""What a reported quantity allows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legal.rules.figures import interval
from legal.vocabulary import WHOLE_UNITS, Comparator, Unit
from tests.examples import examples

COUNTED = {
    "exact": (40, 40),
    "about": (38, 42),
    "more_than": (41, None),
    "at_least": (40, None),
    "nearly": (38, 39),
    "at_most": (None, 40),
}
MEASURED = COUNTED | {"more_than": (40, None), "nearly": (38, 40)}


@pytest.mark.parametrize("unit", sorted(WHOLE_UNITS))
@pytest.mark.parametrize(("comparator", "expected"), COUNTED.items())
def test_what_is_counted_has_a_next_whole_number(unit: str, comparator: str, expected: tuple[float | None, float | None]) -> None:
    assert interval(comparator, 40, unit) == expected


@pytest.mark.parametrize("unit", sorted(set(Unit) - WHOLE_UNITS))
@pytest.mark.parametrize(("comparator", "expected"), MEASURED.items())
def test_what_is_measured_is_bounded_by_the_value_itself(unit: str, comparator: str, expected: tuple[float | None, float | None]) -> None:
    assert interval(comparator, 40, unit) == expected


def test_every_comparator_is_tried_here() -> None:
    assert set(COUNTED) == set(Comparator)


def test_forty_and_more_than_forty_have_nothing_in_common() -> None:
    assert interval("exact", 40, "states")[1] < interval("more_than", 40, "states")[0]


def test_a_fraction_of_a_counted_unit_is_bounded_by_the_next_whole_number() -> None:
    assert interval("more_than", 40.5, "agencies") == (41, None)
    assert interval("nearly", 40.5, "agencies") == (pytest.approx(38.475), 40)


def test_binary_noise_is_taken_off() -> None:
    assert interval("about", 1000, "agencies") == (950.0, 1050.0)


@pytest.mark.parametrize("value", [0, 1, 10, 19])
def test_nearly_a_small_number_is_the_whole_number_before_it(value: int) -> None:
    assert interval("nearly", value, "agencies") == (max(value - 1, 0), max(value - 1, 0))


@given(st.sampled_from(list(Comparator)), st.floats(0, 1e12), st.sampled_from(list(Unit)))
@examples(20)
def test_bounds_are_ordered_and_one_at_least_is_there(comparator: str, value: float, unit: str) -> None:
    low, high = interval(comparator, value, unit)
    assert low is not None or high is not None
    assert low is None or high is None or 0 <= low <= high


@given(st.sampled_from(["exact", "about", "at_least", "at_most"]), st.integers(0, 10**12), st.sampled_from(list(Unit)))
@examples(20)
def test_the_value_lies_within_unless_the_words_leave_it_out(comparator: str, value: int, unit: str) -> None:
    low, high = interval(comparator, value, unit)
    assert low is None or low <= value
    assert high is None or value <= high


@given(st.sampled_from(["more_than", "nearly"]), st.integers(1, 10**12), st.sampled_from(sorted(WHOLE_UNITS)))
@examples(20)
def test_the_value_lies_outside_where_the_words_leave_it_out(comparator: str, value: int, unit: str) -> None:
    low, high = interval(comparator, value, unit)
    assert (low is not None and value < low) or (high is not None and high < value)
