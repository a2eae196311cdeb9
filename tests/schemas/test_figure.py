"""Schema of figures in seed files: derivations."""

import pytest
from marshmallow import ValidationError

from legal.schemas.figure import FigureDraft
from legal.schemas.seeds import flatten_messages
from tests.schemas.factories import valid_figure


def derivation_faults(operation: str, figure_ids: list[str]) -> list[str]:
    """Return the JSON pointers of the faults in a figure's derivation."""
    faults = FigureDraft().validate(valid_figure(derivation={"operation": operation, "of": figure_ids}))
    return [pointer for pointer, _ in flatten_messages(faults)]


@pytest.mark.parametrize("operation", ["growth", "share", "sum"])
def test_derivation_needs_two_figures(operation: str) -> None:
    assert derivation_faults(operation, ["one", "two"]) == []
    assert derivation_faults(operation, ["one"]) == ["/derivation/of"]


def test_only_a_sum_accepts_more_than_two_figures() -> None:
    faults = {operation: derivation_faults(operation, ["one", "two", "three"]) for operation in ("sum", "growth", "share")}
    assert faults == {"sum": [], "growth": ["/derivation/of"], "share": ["/derivation/of"]}


def test_unknown_operation_is_rejected() -> None:
    with pytest.raises(ValidationError):
        FigureDraft().load(valid_figure(derivation={"operation": "mean", "of": ["one", "two"]}))
