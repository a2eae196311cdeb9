"""Derivations as they are written down."""

import pytest

from legal.schemas.figure import DerivationSchema


def faults(operation: str, figures: int) -> set[str]:
    """The keys of a derivation that are refused."""
    return set(DerivationSchema().validate({"operation": operation, "of": [f"figure-{number}" for number in range(figures)]}))


@pytest.mark.parametrize("operation", ["growth", "share"])
def test_growth_and_a_share_follow_from_two_figures(operation: str) -> None:
    assert (faults(operation, 2), faults(operation, 3)) == (set(), {"of"})


def test_a_sum_follows_from_any_number() -> None:
    assert faults("sum", 5) == set()


@pytest.mark.parametrize("operation", ["growth", "share", "sum"])
def test_nothing_follows_from_one_figure(operation: str) -> None:
    assert faults(operation, 1) == {"of"}
