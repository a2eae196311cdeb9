"""The interval of a figure follows from its comparator."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legal.rules.figures import QuantityRange, allowed_interval, is_round_number, rounding_step
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
    assert allowed_interval("nearly", 40.5, "agencies") == (39, 40)
    assert allowed_interval("about", 40.5, "agencies") == (39, 42)


def test_binary_noise_is_dropped() -> None:
    assert allowed_interval("about", 1000, "percent") == (950.0, 1050.0)


@pytest.mark.parametrize(
    ("value", "interval"), [(0, (0, 1)), (1, (0, 2)), (9, (8, 10)), (20, (19, 21)), (650, (618, 682)), (1130, (1074, 1186))]
)
def test_about_a_count_reaches_whole_numbers_on_both_sides(value: int, interval: tuple[int, int]) -> None:
    assert allowed_interval("about", value, "arrests") == interval


@pytest.mark.parametrize(
    ("value", "step"),
    [
        (40, 1),
        (99, 1),
        (100, 10),
        (135, 1),
        (150, 10),
        (1000, 100),
        (1001, 1),
        (1130, 10),
        (3600, 100),
        (40_000, 1000),
        (1_000_000, 100_000),
    ],
)
def test_number_is_as_round_as_its_zeros_up_to_a_tenth(value: int, step: int) -> None:
    assert rounding_step(value) == step


@pytest.mark.parametrize(
    ("comparator", "value", "unit", "expected"),
    [
        ("exact", 1000, "agencies", True),
        ("exact", 1001, "agencies", False),
        ("exact", 40, "states", False),
        ("about", 1000, "agencies", False),
        ("exact", 600, "percent", False),
    ],
)
def test_only_an_unhedged_count_with_zeros_is_round(comparator: str, value: int, unit: str, expected: bool) -> None:
    assert is_round_number(comparator, value, unit) is expected


@given(st.integers(100, 10**9))
@examples(20)
def test_what_rounds_to_a_number_is_what_its_widened_range_contains(value: int) -> None:
    step, widened = rounding_step(value), QuantityRange("agencies", value, value, value).widen_to_rounding()
    assert widened.low is not None
    assert widened.high is not None
    for number in (widened.low - 1, widened.low, value, widened.high, widened.high + 1):
        assert ((number + step / 2) // step * step == value) is (widened.low <= number <= widened.high)


@given(st.sampled_from(list(Comparator)), st.floats(0, 1e12), st.sampled_from(sorted(COUNTED_UNITS)))
@examples(20)
def test_bounds_of_counts_are_whole_numbers(comparator: str, value: float, unit: str) -> None:
    assert all(bound is None or float(bound).is_integer() for bound in allowed_interval(comparator, value, unit))


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
