"""A figure that follows from others names as many as its operation takes."""

import pytest
from marshmallow import ValidationError

from legal.schemas.figure import FigureDraft
from legal.schemas.seeds import flattened
from tests.schemas.factories import figure


def derived(operation: str, of: list[str]) -> list[str]:
    """Where a derivation is wrong, by JSON pointer."""
    faults = FigureDraft().validate(figure(derivation={"operation": operation, "of": of}))
    return [pointer for pointer, _ in flattened(faults)]


@pytest.mark.parametrize("operation", ["growth", "share", "sum"])
def test_two_figures_are_enough_and_one_is_not(operation: str) -> None:
    assert derived(operation, ["one", "two"]) == []
    assert derived(operation, ["one"]) == ["/derivation/of"]


def test_only_a_sum_takes_more_than_two() -> None:
    assert [derived(operation, ["one", "two", "three"]) for operation in ("sum", "growth", "share")] == [
        [],
        ["/derivation/of"],
        ["/derivation/of"],
    ]


def test_an_operation_is_one_of_the_list() -> None:
    with pytest.raises(ValidationError):
        FigureDraft().load(figure(derivation={"operation": "mean", "of": ["one", "two"]}))
