"""Test the derivation checks of figures over HTTP."""

from typing import Any

import pytest

from legal.db.engine import Database
from tests.queries.clients import client_of
from tests.services.factories import figure_json, jurisdiction_file, load_small_seeds

pytestmark = pytest.mark.databases("sqlite")  # tests/system/test_databases.py compares both databases


def growth_check(database: Database, *operands: dict[str, Any], **changes: Any) -> Any:
    """Publish a growth figure with its two operands and return its derivation check."""
    derivation = {"operation": "growth", "of": ["va-before", "va-after"]}
    growth = {"metric": "growth", "unit": "percent", "cohort": None, "value": 100} | changes
    figures = [figure_json(id, **operand) for id, operand in zip(derivation["of"], operands, strict=True)]
    load_small_seeds(
        database, jurisdiction_file(measures=[], figures=[*figures, figure_json("va-growth", derivation=derivation, **growth)])
    )
    with client_of(database) as client:
        (figure,) = client.get("/v1/figures?metric=growth").json["results"]
        assert figure == next(row for row in client.get("/v1/jurisdictions/VA").json["figures"] if row["id"] == "va-growth")
        return figure["derived_check"]


@pytest.mark.parametrize(("value", "verdict"), [(100, "follows"), (150, "does_not_follow")])
def test_growth_figure_is_checked_against_its_operands(empty_db: Database, value: int, verdict: str) -> None:
    result = growth_check(empty_db, {"value": 5}, {"value": 10}, value=value)
    assert (result["value"], result["low"], result["high"], result["verdict"]) == (100, 100, 100, verdict)


def test_hedged_operands_give_bounds(empty_db: Database) -> None:
    result = growth_check(empty_db, {"value": 100, "comparator": "about"}, {"value": 200, "comparator": "at_least"})
    assert (result["low"], result["high"], result["verdict"]) == (90.48, None, "may_follow")


def test_growth_from_zero_has_no_check(empty_db: Database) -> None:
    assert growth_check(empty_db, {"value": 0}, {"value": 10}) is None


def test_growth_of_a_number_in_words_has_no_check(empty_db: Database) -> None:
    in_words = {"value": None, "comparator": None, "printed": "thousands"}
    assert growth_check(empty_db, in_words, {"value": 10}) is None
