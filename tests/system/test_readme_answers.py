"""The README's request for states that bar agreements is right, with and without rosters on file."""

import re

import pytest

from legal.db.engine import Database
from legal.settings import ROOT
from tests.conftest import open_app

pytestmark = pytest.mark.databases("sqlite")  # tests/system/test_databases.py holds both to one answer

QUESTION = "Which jurisdictions bar agreements?"
DAYS = ("2026-03-01", "2026-11-22")


def codes_of_request(database: Database, day: str) -> set[str]:
    """Return the codes that the README's request lists on a day."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (path,) = re.findall(rf"\| {re.escape(QUESTION)} \| `(.+?)`", readme)
    with open_app(database) as app:
        return {row["code"] for row in app.test_client().get(f"{path}&limit=200&as_of={day}").json["results"]}


def codes_with_a_full_ban(database: Database, day: str) -> set[str]:
    """Return the codes of the states with a law in effect that limits cooperation and prohibits agreements without exception."""
    path = f"/v1/measures?kind=ban,executive_order&stands=yes&direction=limits_cooperation&limit=200&as_of={day}"
    with open_app(database) as app:
        measures = app.test_client().get(path).json["results"]
    return {
        measure["jurisdiction"]
        for measure in measures
        if measure["scope"]["prohibits_agreements"]
        and not measure["scope"]["exceptions"]
        and not measure["scope"]["does_not_bind"]
        and measure["scope"]["agreements"] != "existing"
        and measure["scope"]["binds"] in ([], ["all_agencies"])
    }


@pytest.mark.parametrize("day", DAYS)
def test_readme_lists_the_states_that_bar_agreements(seeded_db: Database, shipped_db: Database, day: str) -> None:
    expected = codes_with_a_full_ban(shipped_db, day)
    assert codes_of_request(seeded_db, day) == codes_of_request(shipped_db, day) == expected
    assert len(expected) == 8
