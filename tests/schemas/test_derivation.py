"""Schema of derivations in seed files."""

import pytest

from legal.schemas.figure import DerivationSchema


def rejected_keys(operation: str, count: int) -> set[str]:
    """Return the keys rejected in a derivation from a number of figures."""
    return set(DerivationSchema().validate({"operation": operation, "of": [f"figure-{number}" for number in range(count)]}))


@pytest.mark.parametrize("operation", ["growth", "share"])
def test_growth_and_shares_are_derived_from_two_figures(operation: str) -> None:
    assert (rejected_keys(operation, 2), rejected_keys(operation, 3)) == (set(), {"of"})


def test_sum_is_derived_from_any_number_of_figures() -> None:
    assert rejected_keys("sum", 5) == set()


@pytest.mark.parametrize("operation", ["growth", "share", "sum"])
def test_one_figure_is_too_few(operation: str) -> None:
    assert rejected_keys(operation, 1) == {"of"}
