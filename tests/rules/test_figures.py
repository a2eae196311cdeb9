"""The interval of a figure follows from its comparator."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legal.rules.figures import allowed_interval
from legal.vocabulary import COUNTED_UNITS, Comparator, Unit
from tests.examples import examples

COUNTED_INTERVALS = {
    "exact": (40, 40),
    "about": (38, 42),
    "more_than": (41, None),
    "at_least": (40, None),
    "nearly": (38, 39),
    "at_most": (None, 40),
}
MEASURED_INTERVALS = COUNTED_INTERVALS | {"more_than": (40, None), "nearly": (38, 40)}


def test_bound_of_counted_units_is_the_next_whole_number() -> None:
    assert COUNTED_UNITS
    for unit in COUNTED_UNITS:
        assert {comparator: allowed_interval(comparator, 40, unit) for comparator in Comparator} == COUNTED_INTERVALS, unit


def test_bound_of_measured_units_is_the_value_itself() -> None:
    measured_units = set(Unit) - COUNTED_UNITS
    assert measured_units
    for unit in measured_units:
        assert {comparator: allowed_interval(comparator, 40, unit) for comparator in Comparator} == MEASURED_INTERVALS, unit


def test_forty_and_more_than_forty_do_not_overlap() -> None:
    assert allowed_interval("exact", 40, "states")[1] < allowed_interval("more_than", 40, "states")[0]


def test_fraction_of_a_counted_unit_is_bounded_by_whole_numbers() -> None:
    assert allowed_interval("more_than", 40.5, "agencies") == (41, None)
    assert allowed_interval("nearly", 40.5, "agencies") == (pytest.approx(38.475), 40)


def test_binary_noise_is_dropped() -> None:
    assert allowed_interval("about", 1000, "agencies") == (950.0, 1050.0)


@pytest.mark.parametrize("value", [0, 1, 10, 19])
def test_nearly_a_small_number_is_the_whole_number_before_it(value: int) -> None:
    assert allowed_interval("nearly", value, "agencies") == (max(value - 1, 0), max(value - 1, 0))


@given(st.sampled_from(list(Comparator)), st.floats(0, 1e12), st.sampled_from(list(Unit)))
@examples(20)
def test_bounds_are_in_order_and_at_least_one_is_set(comparator: str, value: float, unit: str) -> None:
    low, high = allowed_interval(comparator, value, unit)
    assert low is not None or high is not None
    assert low is None or high is None or 0 <= low <= high


@given(st.sampled_from(["exact", "about", "at_least", "at_most"]), st.integers(0, 10**12), st.sampled_from(list(Unit)))
@examples(20)
def test_value_is_in_the_interval_of_inclusive_comparators(comparator: str, value: int, unit: str) -> None:
    low, high = allowed_interval(comparator, value, unit)
    assert low is None or low <= value
    assert high is None or value <= high


@given(st.sampled_from(["more_than", "nearly"]), st.integers(1, 10**12), st.sampled_from(sorted(COUNTED_UNITS)))
@examples(20)
def test_value_is_outside_the_interval_of_exclusive_comparators(comparator: str, value: int, unit: str) -> None:
    low, high = allowed_interval(comparator, value, unit)
    assert (low is not None and value < low) or (high is not None and high < value)
