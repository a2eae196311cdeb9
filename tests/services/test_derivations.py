"""Seeds cannot derive figures from figures in different units."""

import pytest

from legal.errors import InvalidInput
from legal.services.seeds import check_references
from tests.services.factories import checked_seed_files, figure_json, jurisdiction_file


def check_derivation(unit: str, operation: str = "sum") -> None:
    """Check seeds with a figure derived from a number of agencies and a number in another unit."""
    derived_figure = figure_json("va-derived", derivation={"operation": operation, "of": ["va-two-sheriffs", "va-other"]})
    figures = [figure_json(), figure_json("va-other", unit=unit), derived_figure]
    check_references(checked_seed_files(jurisdiction_file(measures=[], figures=figures)))


@pytest.mark.parametrize("operation", ["sum", "growth", "share"])
def test_figure_cannot_be_derived_from_two_units(operation: str) -> None:
    with pytest.raises(InvalidInput) as error:
        check_derivation("agreements", operation)
    (fault,) = error.value.faults
    assert (fault.pointer, "different units" in fault.detail) == ("jurisdictions/VA.yaml#/figures/2/derivation/of", True)


def test_figure_may_be_derived_from_one_unit() -> None:
    check_derivation("agencies")
