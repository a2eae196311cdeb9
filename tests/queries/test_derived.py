"""Figures that follow from others, as they are served."""

from typing import Any

import pytest

from legal.db.engine import Database
from tests.queries.served import on
from tests.services.factories import figure, load, place

pytestmark = pytest.mark.databases("sqlite")  # tests/system/test_databases.py holds both to one answer


def check(database: Database, *values: dict[str, Any], **claimed: Any) -> Any:
    """The check of a figure of growth between two others."""
    derivation = {"operation": "growth", "of": ["va-one", "va-other"]}
    said = {"metric": "growth", "unit": "percent", "cohort": None, "value": 100} | claimed
    given = [figure(id, **value) for id, value in zip(derivation["of"], values, strict=True)]
    load(database, place(measures=[], figures=[*given, figure("va-growth", derivation=derivation, **said)]))
    with on(database) as client:
        (shown,) = client.get("/v1/figures?metric=growth").json["results"]
        assert shown == next(one for one in client.get("/v1/jurisdictions/VA").json["figures"] if one["id"] == "va-growth")
        return shown["derived_check"]


@pytest.mark.parametrize(("value", "verdict"), [(100, "follows"), (150, "does_not_follow")])
def test_a_figure_is_checked_against_what_the_others_come_to(empty: Database, value: int, verdict: str) -> None:
    found = check(empty, {"value": 5}, {"value": 10}, value=value)
    assert (found["value"], found["low"], found["high"], found["verdict"]) == (100, 100, 100, verdict)


def test_hedged_figures_give_bounds(empty: Database) -> None:
    found = check(empty, {"value": 100, "comparator": "about"}, {"value": 200, "comparator": "at_least"})
    assert (found["low"], found["high"], found["verdict"]) == (90.48, None, "may_follow")


def test_growth_from_nothing_has_no_check(empty: Database) -> None:
    assert check(empty, {"value": 0}, {"value": 10}) is None
