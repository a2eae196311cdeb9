"""Figures that follow from others: what the seeds may not claim."""

import pytest

from legal.errors import InvalidInput
from legal.services import seeds as acts
from tests.services.factories import figure, files, place


def check(unit: str, operation: str = "sum") -> None:
    """Check seeds in which a figure follows from one of agencies and one of another unit."""
    derived = figure("va-derived", derivation={"operation": operation, "of": ["va-two-sheriffs", "va-other"]})
    acts.check(files(place(measures=[], figures=[figure(), figure("va-other", unit=unit), derived])))


@pytest.mark.parametrize("operation", ["sum", "growth", "share"])
def test_a_figure_does_not_follow_from_figures_in_two_units(operation: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        check("agreements", operation)
    (fault,) = caught.value.faults
    assert (fault.pointer, "two units" in fault.detail) == ("jurisdictions/VA.yaml#/figures/2/derivation/of", True)


def test_a_figure_may_follow_from_figures_in_one_unit() -> None:
    check("agencies")
