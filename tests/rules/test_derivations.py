"""Figures that follow from other figures are computed again from their intervals."""

from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legal.rules.derivations import derivation_verdict, derive_figure
from legal.rules.figures import QuantityRange, allowed_interval, lower_limit, upper_limit
from legal.vocabulary import Comparator, DerivedVerdict, Operation, Unit
from tests.examples import examples


def make_quantity(value: float, comparator: str = Comparator.EXACT, unit: str = Unit.AGREEMENTS) -> QuantityRange:
    """Return a quantity with the interval of its comparator."""
    return QuantityRange(unit, float(value), *allowed_interval(comparator, value, unit))


def make_percentage(value: float, comparator: str = Comparator.EXACT) -> QuantityRange:
    """Return a percentage with the interval of its comparator."""
    return make_quantity(value, comparator, Unit.PERCENT)


def derive_value_and_bounds(operation: str, *inputs: QuantityRange) -> tuple[float, float | None, float | None]:
    """Return the value and the bounds of a derived figure."""
    derived_figure = derive_figure(operation, inputs)
    assert derived_figure is not None
    return derived_figure.value, derived_figure.low, derived_figure.high


def test_growth_is_the_increase_from_the_first_to_the_second() -> None:
    assert derive_value_and_bounds("growth", make_quantity(135), make_quantity(1001)) == (641.48, 641.48, 641.48)


def test_decrease_is_negative_growth() -> None:
    assert derive_value_and_bounds("growth", make_quantity(40), make_quantity(30)) == (-25, -25, -25)


def test_growth_has_no_binary_noise() -> None:
    assert derive_value_and_bounds("growth", make_quantity(3), make_quantity(4)) == (33.33, 33.33, 33.33)


def test_share_is_the_first_in_percent_of_the_second() -> None:
    assert derive_value_and_bounds("share", make_quantity(5), make_quantity(8)) == (62.5, 62.5, 62.5)


def test_sum_adds_any_number_of_figures() -> None:
    assert derive_figure("sum", [make_quantity(2), make_quantity(3), make_quantity(4)]) == QuantityRange(Unit.AGREEMENTS, 9, 9, 9)


def test_bounds_of_growth_follow_from_both_figures() -> None:
    assert derive_value_and_bounds("growth", make_quantity(100, "about"), make_quantity(200, "about")) == (100, 80.95, 121.05)


def test_bounds_of_a_sum_are_added() -> None:
    assert derive_value_and_bounds("sum", make_quantity(100, "about"), make_quantity(100, "at_most")) == (200, 95, 205)


@pytest.mark.parametrize(
    ("operation", "inputs", "bounds"),
    [
        ("growth", (make_quantity(100), make_quantity(700, "more_than")), (601, None)),
        ("growth", (make_quantity(100), make_quantity(700, "at_most")), (-100, 600)),
        ("growth", (make_quantity(100, "at_most"), make_quantity(700)), (600, None)),
        ("growth", (make_quantity(100, "at_least"), make_quantity(700)), (-100, 600)),
        ("share", (make_quantity(10, "at_least"), make_quantity(100, "at_least")), (0, None)),
        ("sum", (make_quantity(2, "at_least"), make_quantity(3)), (5, None)),
        ("sum", (make_quantity(2, "at_most"), make_quantity(3)), (3, 5)),
    ],
)
def test_open_bound_stays_open_and_no_input_is_below_zero(
    operation: str, inputs: tuple[QuantityRange, ...], bounds: tuple[float | None, float | None]
) -> None:
    assert derive_value_and_bounds(operation, *inputs)[1:] == bounds


@pytest.mark.parametrize(
    "zero",
    [
        make_quantity(0),
        make_quantity(0, "at_least"),
        make_quantity(0, "at_most"),
        make_quantity(1, "nearly"),
        make_quantity(5e-324, unit=Unit.HOURS),
    ],
)
@pytest.mark.parametrize("operation", ["growth", "share"])
def test_ratio_to_zero_is_null(operation: str, zero: QuantityRange) -> None:
    part = make_quantity(1e12, unit=zero.unit)
    assert derive_figure(operation, [zero, part] if operation == "growth" else [part, zero]) is None


def test_share_of_zero_in_a_total_is_zero() -> None:
    assert derive_value_and_bounds("share", make_quantity(0), make_quantity(8)) == (0, 0, 0)


@pytest.mark.parametrize("operation", list(Operation))
def test_figures_in_two_units_derive_nothing(operation: str) -> None:
    assert derive_figure(operation, [make_quantity(5), make_quantity(8, unit=Unit.AGENCIES)]) is None


# Verdicts.


@pytest.mark.parametrize(
    ("reported_figure", "computed_figure", "expected"),
    [
        (make_percentage(641), make_percentage(641.48), "follows"),
        (make_percentage(642), make_percentage(641.48), "does_not_follow"),
        (make_percentage(600, "more_than"), QuantityRange(Unit.PERCENT, 640.74, 603.7, 677.78), "follows"),
        (make_percentage(650, "more_than"), QuantityRange(Unit.PERCENT, 640.74, 603.7, 677.78), "may_follow"),
        (make_percentage(700, "more_than"), QuantityRange(Unit.PERCENT, 640.74, 603.7, 677.78), "does_not_follow"),
        (make_percentage(641), QuantityRange(Unit.PERCENT, 640.74, 603.7, None), "may_follow"),
        (make_percentage(63), make_percentage(62.5), "follows"),
        (make_percentage(62), make_percentage(62.5), "does_not_follow"),
        (make_percentage(62.5), make_percentage(62.5), "follows"),
        (make_percentage(62.6), make_percentage(62.5), "does_not_follow"),
        (make_quantity(5, "at_least"), QuantityRange(Unit.AGREEMENTS, 7, 6, None), "follows"),
        (make_quantity(5, "at_least"), QuantityRange(Unit.AGREEMENTS, 7, None, 9), "may_follow"),
    ],
)
def test_verdict_uses_the_printed_precision(reported_figure: QuantityRange, computed_figure: QuantityRange, expected: str) -> None:
    assert derivation_verdict(reported_figure, computed_figure) == expected


QUANTITIES = st.builds(make_quantity, st.integers(0, 2000), st.sampled_from(list(Comparator)))


@given(QUANTITIES, QUANTITIES, st.sampled_from(list(Operation)))
@examples(20)
def test_bounds_are_in_order_and_shares_and_sums_are_not_negative(first: QuantityRange, second: QuantityRange, operation: str) -> None:
    derived_figure = derive_figure(operation, [first, second])
    if derived_figure:
        assert derived_figure.low is not None
        assert (-100 if operation == "growth" else 0) <= derived_figure.low <= upper_limit(derived_figure.high)


@given(QUANTITIES, QUANTITIES, st.sampled_from(list(Operation)), st.integers(0, 50), st.integers(0, 50))
@examples(20)
def test_result_of_allowed_values_lies_within_the_derived_bounds(
    first: QuantityRange, second: QuantityRange, operation: str, first_step: int, second_step: int
) -> None:
    steps = ((first, first_step), (second, second_step))
    allowed = [make_quantity(min(ceil(quantity.low or 0) + step, upper_limit(quantity.high))) for quantity, step in steps]
    hedged_figure, exact_figure = derive_figure(operation, [first, second]), derive_figure(operation, allowed)
    if hedged_figure and exact_figure:
        assert lower_limit(hedged_figure.low) <= exact_figure.value <= upper_limit(hedged_figure.high)


@given(QUANTITIES, QUANTITIES)
@examples(20)
def test_exact_sum_of_two_exact_figures_follows(first: QuantityRange, second: QuantityRange) -> None:
    derived_figure = derive_figure("sum", [make_quantity(first.value), make_quantity(second.value)])
    assert derived_figure is not None
    assert derivation_verdict(make_quantity(first.value + second.value), derived_figure) is DerivedVerdict.FOLLOWS
