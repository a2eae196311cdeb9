"""Figures that follow from other figures, worked out again."""

from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legal.rules.derivations import derived, follows
from legal.rules.figures import Quantity, bottom, interval, top
from legal.vocabulary import Comparator, DerivedVerdict, Operation, Unit
from tests.examples import examples


def of(value: float, comparator: str = Comparator.EXACT, unit: str = Unit.AGREEMENTS) -> Quantity:
    """A quantity as a source hedges it."""
    return Quantity(unit, float(value), *interval(comparator, value, unit))


def percent(value: float, comparator: str = Comparator.EXACT) -> Quantity:
    """A percentage as a source hedges it."""
    return of(value, comparator, Unit.PERCENT)


def worked_out(operation: str, *figures: Quantity) -> tuple[float, float | None, float | None]:
    """The value and the bounds of what figures come to."""
    found = derived(operation, figures)
    assert found is not None
    return found.value, found.low, found.high


def test_growth_is_by_how_much_the_second_exceeds_the_first() -> None:
    assert worked_out("growth", of(135), of(1001)) == (641.48, 641.48, 641.48)


def test_growth_that_shrinks_is_below_zero() -> None:
    assert worked_out("growth", of(40), of(30)) == (-25, -25, -25)


def test_growth_carries_no_binary_noise() -> None:
    assert worked_out("growth", of(3), of(4)) == (33.33, 33.33, 33.33)


def test_a_share_is_what_the_first_is_of_the_second() -> None:
    assert worked_out("share", of(5), of(8)) == (62.5, 62.5, 62.5)


def test_a_sum_adds_any_number_in_their_unit() -> None:
    assert derived("sum", [of(2), of(3), of(4)]) == Quantity(Unit.AGREEMENTS, 9, 9, 9)


def test_the_bounds_of_growth_follow_from_both_figures() -> None:
    assert worked_out("growth", of(100, "about"), of(200, "about")) == (100, 80.95, 121.05)


def test_the_bounds_of_a_sum_are_added() -> None:
    assert worked_out("sum", of(100, "about"), of(100, "at_most")) == (200, 95, 205)


@pytest.mark.parametrize(
    ("operation", "figures", "bounds"),
    [
        ("growth", (of(100), of(700, "more_than")), (601, None)),
        ("growth", (of(100), of(700, "at_most")), (-100, 600)),
        ("growth", (of(100, "at_most"), of(700)), (600, None)),
        ("growth", (of(100, "at_least"), of(700)), (-100, 600)),
        ("share", (of(10, "at_least"), of(100, "at_least")), (0, None)),
        ("sum", (of(2, "at_least"), of(3)), (5, None)),
        ("sum", (of(2, "at_most"), of(3)), (3, 5)),
    ],
)
def test_a_bound_that_is_open_stays_open_and_nothing_is_less_than_zero(
    operation: str, figures: tuple[Quantity, ...], bounds: tuple[float | None, float | None]
) -> None:
    assert worked_out(operation, *figures)[1:] == bounds


@pytest.mark.parametrize("zero", [of(0), of(0, "at_least"), of(0, "at_most"), of(1, "nearly"), of(5e-324, unit=Unit.HOURS)])
@pytest.mark.parametrize("operation", ["growth", "share"])
def test_nothing_is_a_part_of_zero(operation: str, zero: Quantity) -> None:
    part = of(1e12, unit=zero.unit)
    assert derived(operation, [zero, part] if operation == "growth" else [part, zero]) is None


def test_nothing_of_something_is_no_part_of_it() -> None:
    assert worked_out("share", of(0), of(8)) == (0, 0, 0)


@pytest.mark.parametrize("operation", list(Operation))
def test_two_units_come_to_nothing(operation: str) -> None:
    assert derived(operation, [of(5), of(8, unit=Unit.AGENCIES)]) is None


# Whether a figure follows.


@pytest.mark.parametrize(
    ("claimed", "found", "expected"),
    [
        (percent(641), percent(641.48), "follows"),
        (percent(642), percent(641.48), "does_not_follow"),
        (percent(600, "more_than"), Quantity(Unit.PERCENT, 640.74, 603.7, 677.78), "follows"),
        (percent(650, "more_than"), Quantity(Unit.PERCENT, 640.74, 603.7, 677.78), "may_follow"),
        (percent(700, "more_than"), Quantity(Unit.PERCENT, 640.74, 603.7, 677.78), "does_not_follow"),
        (percent(641), Quantity(Unit.PERCENT, 640.74, 603.7, None), "may_follow"),
        (percent(63), percent(62.5), "follows"),
        (percent(62), percent(62.5), "does_not_follow"),
        (percent(62.5), percent(62.5), "follows"),
        (percent(62.6), percent(62.5), "does_not_follow"),
        (of(5, "at_least"), Quantity(Unit.AGREEMENTS, 7, 6, None), "follows"),
        (of(5, "at_least"), Quantity(Unit.AGREEMENTS, 7, None, 9), "may_follow"),
    ],
)
def test_a_figure_follows_at_the_precision_it_is_printed_in(claimed: Quantity, found: Quantity, expected: str) -> None:
    assert follows(claimed, found) == expected


quantities = st.builds(of, st.integers(0, 2000), st.sampled_from(list(Comparator)))


@given(quantities, quantities, st.sampled_from(list(Operation)))
@examples(20)
def test_the_bounds_are_in_order_and_no_share_and_no_sum_is_below_zero(one: Quantity, other: Quantity, operation: str) -> None:
    found = derived(operation, [one, other])
    if found:
        assert found.low is not None
        assert (-100 if operation == "growth" else 0) <= found.low <= top(found.high)


@given(quantities, quantities, st.sampled_from(list(Operation)), st.integers(0, 50), st.integers(0, 50))
@examples(20)
def test_what_may_be_so_lies_within_what_hedged_figures_come_to(
    one: Quantity, other: Quantity, operation: str, more: int, less: int
) -> None:
    allowed = [of(min(ceil(each.low or 0) + step, top(each.high))) for each, step in ((one, more), (other, less))]
    wide, exact = derived(operation, [one, other]), derived(operation, allowed)
    if wide and exact:
        assert bottom(wide.low) <= exact.value <= top(wide.high)


@given(quantities, quantities)
@examples(20)
def test_the_exact_value_of_two_exact_figures_follows_from_them(one: Quantity, other: Quantity) -> None:
    found = derived("sum", [of(one.value), of(other.value)])
    assert found is not None
    assert follows(of(one.value + other.value), found) is DerivedVerdict.FOLLOWS
