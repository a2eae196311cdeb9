"""The postures of a fresh install, compared with those that an editor worked out by hand in docs/expected-postures.md."""

import re

import pytest

from legal.db.engine import Database
from legal.settings import ROOT
from tests.conftest import open_app

pytestmark = pytest.mark.databases("sqlite")  # tests/system/test_databases.py compares the responses of both

ROW = re.compile(r"\| ((?:[A-Z]{2} ?)+) \| `(\w+)` \|")


def read_expected_postures() -> dict[str, dict[str, str]]:
    """Return the expected posture of each jurisdiction, by day."""
    sections = re.split(r"^## ", (ROOT / "docs" / "expected-postures.md").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return {section[:10]: {code: posture for codes, posture in ROW.findall(section) for code in codes.split()} for section in sections}


EXPECTED_POSTURES = read_expected_postures()


def test_the_tables_name_every_jurisdiction() -> None:
    days = ("1990-01-01", "2024-12-31", "2025-09-17", "2026-02-20", "2026-11-25")
    assert {day: len(postures) for day, postures in EXPECTED_POSTURES.items()} == dict.fromkeys(days, 56)


@pytest.mark.parametrize("day", EXPECTED_POSTURES)
def test_a_fresh_install_gives_the_expected_postures(shipped_db: Database, day: str) -> None:
    with open_app(shipped_db) as app:
        rows = app.test_client().get(f"/v1/jurisdictions?limit=57&as_of={day}").json["results"]
    assert {row["code"]: row["posture"]["value"] for row in rows if row["posture"]} == EXPECTED_POSTURES[day]
