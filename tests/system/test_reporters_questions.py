"""Test that each request for a reporter's question in the README gives the answer."""

import csv
import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from legal.db.engine import Database
from legal.settings import ROOT
from tests.conftest import open_app
from tests.services.rosters.factories import import_rosters, parsed_row, roster_workbook

pytestmark = pytest.mark.databases("sqlite")
"""tests/system/test_databases.py compares the answers of both databases."""

SECTION = re.search(r"## Ask it\n(.*?)And everything else:", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
REQUESTS = dict(re.findall(r"^\| (.+?\?) \| `(/v1/[^`]+)`", SECTION[1] if SECTION else "", re.MULTILINE))
"""The requests in the README, by question."""


@pytest.fixture(scope="module")
def shipped_app(shipped_db: Database) -> Iterator[Flask]:
    """The app on the record of a fresh install."""
    with open_app(shipped_db) as app:
        yield app


@pytest.fixture
def shipped_client(shipped_app: Flask) -> FlaskClient:
    """A client of a fresh install."""
    return shipped_app.test_client()


def ask(client: FlaskClient, question: str) -> Any:
    """Return the JSON of the request for a question."""
    response = client.get(REQUESTS[question])
    assert response.status_code == 200
    return response.json


def test_readme_answers_eight_questions() -> None:
    assert len(REQUESTS) == 8


def test_states_that_bar_agreements_are_those_of_the_posture(shipped_client: FlaskClient) -> None:
    measures = ask(shipped_client, "Which states bar agreements, and since when?")["results"]
    barring = shipped_client.get("/v1/jurisdictions?posture=barred,barred_with_agreements&fields=code").json["results"]
    assert [measure["jurisdiction"] for measure in measures] == [row["code"] for row in barring] != []
    since = {measure["jurisdiction"]: measure["effective"]["from"] for measure in measures}
    assert since["WA"] == shipped_client.get("/v1/measures/wa-statewide-ban").json["effective"]["from"]
    assert all(measure["citations"] for measure in measures)


def test_changes_of_the_year_in_virginia_include_the_directive(shipped_client: FlaskClient) -> None:
    difference = ask(shipped_client, "What changed in Virginia this year?")
    changed = {item["id"]: item["title"] for item in difference["causes"]["world_changed"]}
    assert "va-directive-2026-02-04" in changed
    assert "ICE's roster of participating agencies, May 18, 2026" in changed.values()
    assert difference["posture"]["before"] == "active"


def test_agreements_of_texas_by_model_are_those_of_the_roster(shipped_client: FlaskClient) -> None:
    summary = ask(shipped_client, "How many agreements of each model had Texas on September 17, 2025?")
    counts = {row["model"]: row["agreements"] for row in summary["results"]}
    with (ROOT / "seeds" / "rosters" / "counts.csv").open(encoding="utf-8", newline="") as file:
        published = next(
            row for row in csv.DictReader(file) if (row["file"], row["jurisdiction"]) == ("participatingAgencies09172025pm.xlsx", "TX")
        )
    assert counts == {model: int(published[model]) for model in ("jail_enforcement", "task_force", "warrant_service_officer")}


def test_number_of_1001_is_off_by_one(shipped_client: FlaskClient) -> None:
    figures = ask(shipped_client, "Does the number 1,001 hold?")["results"]
    checks = {figure["unit"]: figure["roster_check"] for figure in figures}
    assert set(checks) == {"agencies", "agreements"}
    assert {unit: check["verdict"] for unit, check in checks.items()} == {"agencies": "matches_other_unit", "agreements": "off_by"}
    for check in checks.values():
        assert (check["off_by"], check["matched_unit"], check["counts"]["agreements"]) == (1, "agreements", 1000)
        assert "header row" in check["likely"]


def test_citation_of_maryland_leads_to_the_same_answer(shipped_client: FlaskClient) -> None:
    card = ask(shipped_client, "How do I cite Maryland?")
    cited_text, _, address = card["cite_as"].rpartition(", ")
    assert cited_text.startswith("Legal Landscape, “Maryland: stance on section 287(g) cooperation,” as of ")
    assert shipped_client.get(address).json == card


def test_sheriffs_need_the_rows_of_a_workbook(shipped_client: FlaskClient) -> None:
    answer = ask(shipped_client, "Which sheriffs in Pennsylvania signed in 2026?")
    assert answer["results"] == []
    assert "only the counts are on file" in answer["meta"]["note"]


def test_sheriffs_of_a_workbook_are_those_that_signed_in_the_year(writable_seeded_db: Database) -> None:
    county = {"jurisdiction": "PA", "county": None}
    rows = [
        parsed_row("Adams County Sheriff's Office", "2026-02-03", **county),
        parsed_row("Adams County Sheriff's Office", "2026-02-03", "jail_enforcement", **county),
        parsed_row("Bradford County Sheriff's Office", "2025-12-31", **county),
        parsed_row("Pocono Police Department", "2026-03-04", **county),
        parsed_row("Adams County Sheriff's Office", "2026-02-03", jurisdiction="OH", county=None),
    ]
    with writable_seeded_db.transaction() as session:
        import_rosters(session, roster_workbook("2026-05-18", *rows))
    with open_app(writable_seeded_db) as app:
        results = ask(app.test_client(), "Which sheriffs in Pennsylvania signed in 2026?")["results"]
    assert {(row["agency"], row["model"], row["jurisdiction"]) for row in results} == {
        ("Adams County Sheriff's Office", "task_force", "PA"),
        ("Adams County Sheriff's Office", "jail_enforcement", "PA"),
    }


def test_pending_bills_are_all_bills_that_may_be_pending(shipped_client: FlaskClient) -> None:
    bills = ask(shipped_client, "Which bills are pending?")
    all_bills = shipped_client.get("/v1/measures?kind=pending_bill").json["results"]
    assert bills["results"] == [bill for bill in all_bills if bill["stands"] in ("yes", "possible")] != []
    assert "va-bill-2026-conditions" in {bill["id"] for bill in bills["results"]}


def test_three_states_are_compared_in_a_table(shipped_client: FlaskClient) -> None:
    response = shipped_client.get(REQUESTS["How do three states compare, as a table?"])
    rows = list(csv.DictReader(io.StringIO(response.text, newline="")))
    assert response.mimetype == "text/csv"
    assert [row["name"] for row in rows] == ["Virginia", "Maryland", "Massachusetts"]
    for row, code in zip(rows, ("VA", "MD", "MA"), strict=True):
        card = shipped_client.get(f"/v1/jurisdictions/{code}").json
        assert row["posture.label"] == card["posture"]["label"]
        assert row["headline.text"] == card["headline"]["text"]
        assert row["stance.active_agreements.listed.agreements"] == str(card["stance"]["active_agreements"]["listed"]["agreements"])
