"""Answers on a fresh install, where only counts of rosters are on file."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from legal.db.engine import Database
from legal.services.seeds import load_seeds
from legal.vocabulary import Model
from tests.conftest import open_app
from tests.databases import load_shipped_seeds
from tests.services.rosters.factories import FAIRFAX_ROW, GUAM_ROW, import_rosters, parsed_row, roster_workbook
from tests.services.rosters.test_counted_rosters import FLORIDA, GUAM, counted_roster
from tests.session import SessionStore

DAY = "as_of=2025-09-17"
NEWEST = "participating-2025-09-17-6e10b847"


@pytest.fixture(scope="session")
def shipped_app(backend: str, shipped_db: Database, session_store: SessionStore) -> Flask:
    """The app over ``shipped_db``."""
    app: Flask = session_store.get_or_create("shipped_app", backend, lambda: open_app(shipped_db))
    return app


@pytest.fixture
def shipped(shipped_app: Flask) -> FlaskClient:
    """A client of the app as ``make run`` serves it."""
    return shipped_app.test_client()


def get(client: FlaskClient, path: str) -> Any:
    """Return the JSON of an answer."""
    response = client.get(path)
    assert response.status_code == 200, response.text
    return response.json


@pytest.mark.parametrize(("code", "agreements", "agencies"), [("FL", 325, 263), ("TX", 172, 135)])
def test_card_shows_the_counts_of_the_roster_in_force(shipped: FlaskClient, code: str, agreements: int, agencies: int) -> None:
    listed = get(shipped, f"/v1/jurisdictions/{code}?{DAY}")["stance"]["active_agreements"]["listed"]
    assert (listed["roster"], listed["agreements"], listed["agencies"]) == (NEWEST, agreements, agencies)
    assert listed["date"]["basis"] == "inferred"


def test_map_has_counts(shipped: FlaskClient) -> None:
    rows = {row["code"]: row for row in get(shipped, f"/v1/map.json?{DAY}")["rows"]}
    assert [(rows[code]["agreements"], rows[code]["agencies"]) for code in ("FL", "TX")] == [(325, 263), (172, 135)]


@pytest.mark.parametrize(
    ("day", "agreements", "agencies"), [("2025-09-17", 1000, 832), ("2026-02-10", 1376, 1151), ("2026-02-11", 1414, 1184)]
)
def test_summary_is_answered_from_counts(shipped: FlaskClient, day: str, agreements: int, agencies: int) -> None:
    for by in ("jurisdiction", "model"):
        summary = get(shipped, f"/v1/agreements/summary?by={by}&as_of={day}&limit=200")
        assert (summary["meta"]["totals"]["agreements"], summary["meta"]["totals"]["agencies"]) == (agreements, agencies)
        assert sum(row["agreements"] for row in summary["results"]) == agreements
        assert "From the counts of participating-" in summary["meta"]["note"]


def test_summary_of_some_jurisdictions_and_one_model(shipped: FlaskClient) -> None:
    summary = get(shipped, f"/v1/agreements/summary?by=jurisdiction&jurisdiction=FL,MA,HI&model=task_force&{DAY}")
    history = get(shipped, f"/v1/agreements/history?by=jurisdiction,model&jurisdiction=FL&{DAY}&sort=-date&limit=3")
    [florida] = [row for row in history["results"] if row["model"] == "task_force"]
    assert {"jurisdiction": "FL", "agreements": florida["agreements"], "agencies": florida["agreements"]} in summary["results"]
    assert "HI" not in [row["jurisdiction"] for row in summary["results"]]
    assert get(shipped, f"/v1/agreements/summary?by=model&jurisdiction=US&model=task_force&{DAY}")["count"] == 1


@pytest.mark.parametrize(
    "query", ["by=month", "by=jurisdiction&q=sheriff", "by=model&status=any", "by=jurisdiction&model=task_force,jail_enforcement"]
)
def test_summary_that_needs_rows_claims_nothing(shipped: FlaskClient, query: str) -> None:
    summary = get(shipped, f"/v1/agreements/summary?{query}&{DAY}")
    assert (summary["results"], summary["meta"]["totals"]["agreements"]) == ([], None)
    assert summary["meta"]["note"].startswith(f"Of {NEWEST}, the roster of participating agencies in force, only the counts are on file.")


def test_agreements_without_rows_are_not_claimed_to_be_none(shipped: FlaskClient) -> None:
    answer = get(shipped, f"/v1/agreements?{DAY}")
    assert (answer["count"], answer["meta"]["in_force"]["participating"], answer["meta"]["without_rows"]["roster"]) == (0, None, NEWEST)
    assert "so that no agreement can be shown" in answer["meta"]["note"]


def test_day_before_the_first_roster_has_no_note(shipped: FlaskClient) -> None:
    meta = get(shipped, "/v1/agreements?as_of=2020-01-01")["meta"]
    assert (meta["without_rows"], meta["note"]) == (None, None)


def test_history_of_a_jurisdiction_has_zeros_where_it_is_not_named(shipped: FlaskClient) -> None:
    rows = get(shipped, "/v1/agreements/history?by=jurisdiction&jurisdiction=MD&limit=200")["results"]
    assert len(rows) == 86
    nine = [row["date"]["edtf"] for row in rows if row["agreements"] == 9]
    assert (nine[0], nine[-1]) == ("2026-02-02", "2026-02-13")
    assert (rows[-1]["date"]["edtf"], rows[-1]["agreements"], rows[-1]["agencies"]) == ("2026-05-18", 0, 0)


def test_history_of_the_nation_has_totals(shipped: FlaskClient) -> None:
    rows = get(shipped, f"/v1/agreements/history?by=jurisdiction&jurisdiction=US&limit=200&{DAY}")["results"]
    assert (rows[-1]["agreements"], rows[-1]["agencies"], rows[-1]["roster"]) == (1000, 832, NEWEST)


def test_history_by_jurisdiction_has_a_row_for_each_named_one(shipped: FlaskClient) -> None:
    history = get(shipped, "/v1/agreements/history?by=jurisdiction&limit=1")
    assert history["count"] == 2529


@pytest.mark.parametrize("jurisdiction", ["", "&jurisdiction=US", "&jurisdiction=FL,TX"])
def test_history_by_model_adds_up(shipped: FlaskClient, jurisdiction: str) -> None:
    rows = get(shipped, f"/v1/agreements/history?by=model&limit=200&{DAY}{jurisdiction}&sort=-date")["results"]
    newest = [row for row in rows if row["roster"] == NEWEST]
    assert [row["model"] for row in newest] == sorted(map(str, Model))
    assert sum(row["agreements"] for row in newest) == (497 if "FL" in jurisdiction else 1000)


def test_history_by_both_keys_adds_up_for_the_nation_too(shipped: FlaskClient) -> None:
    for codes, total in (("FL,TX", 497), ("US", 1000)):
        rows = get(shipped, f"/v1/agreements/history?by=jurisdiction,model&jurisdiction={codes}&{DAY}&sort=-date&limit=200")["results"]
        assert sum(row["agreements"] for row in rows if row["roster"] == NEWEST) == total


def test_walk_through_the_history_repeats_nothing(shipped: FlaskClient) -> None:
    path, rows = f"/v1/agreements/history?by=model&limit=50&{DAY}&sort=-agreements", []
    while path:
        page = get(shipped, path)
        rows += page["results"]
        path = page["next"]
    assert len({(row["roster"], row["model"]) for row in rows}) == len(rows) == page["count"]
    assert [row["agreements"] for row in rows] == sorted((row["agreements"] for row in rows), reverse=True)


def test_history_has_table_forms(shipped: FlaskClient) -> None:
    lines = shipped.get(f"/v1/agreements/history?by=model&format=csv&{DAY}").text.splitlines()
    assert lines[0] == "date.edtf,date.earliest,date.latest,date.basis,roster,model,agreements,agencies"


def test_history_needs_a_key(shipped: FlaskClient) -> None:
    assert "Give the keys to group by" in shipped.get("/v1/agreements/history").text


def test_roster_without_rows_says_so(shipped: FlaskClient) -> None:
    roster = get(shipped, f"/v1/rosters/{NEWEST}")
    assert (roster["rows_on_file"], roster["rows"], roster["sheet"], roster["counts"]["read"]) == (False, [], None, None)
    assert (roster["counts"]["rows"], roster["counts"]["states"], roster["seen_again"]["basis"]) == (1000, 40, "unknown")
    [florida] = [row for row in roster["by_jurisdiction"] if row["jurisdiction"] == "FL"]
    assert (florida["agreements"], florida["agencies"], sum(florida["models"].values())) == (325, 263, 325)
    seen_again = get(shipped, "/v1/rosters/participating-2025-09-18-4f2b62c6")["seen_again"]
    assert (seen_again["edtf"], seen_again["basis"]) == ("2025-09-23", "inferred")


def test_rosters_without_rows_cannot_be_compared(shipped: FlaskClient) -> None:
    response = shipped.get(f"/v1/rosters/{NEWEST}/diff?against=participating-2025-09-18-4f2b62c6")
    assert response.status_code == 422
    assert f"Of {NEWEST} only the counts are on file." in response.text


def test_checks_of_counts_work_and_checks_of_signatures_find_no_roster(shipped: FlaskClient) -> None:
    figures = get(shipped, "/v1/figures?limit=200")["results"]
    checks = {figure["id"]: (figure["metric"], figure["roster_check"]) for figure in figures if figure["roster_check"]}
    signed = [check for metric, check in checks.values() if metric == "new_participation"]
    counted = [check for metric, check in checks.values() if metric != "new_participation"]
    assert signed
    assert {check["verdict"] for check in signed} == {"no_roster"}
    assert {check["roster"] for check in counted if check["date"] and check["date"]["edtf"] == "2025-09-17"} == {NEWEST}
    assert "matches" in {check["verdict"] for check in counted}


@pytest.fixture
def mixed_client(backend: str, copy_database: Any) -> Iterator[FlaskClient]:
    """A client with a roster that has rows, and a newer one of which only the counts are on file."""
    database = Database(copy_database("seeded"))
    rows = (parsed_row(), FAIRFAX_ROW, GUAM_ROW)
    newer = roster_workbook("2025-06-16", parsed_row())
    with database.transaction() as session:
        import_rosters(session, roster_workbook("2025-05-16", *rows))
        files = [
            *load_shipped_seeds(),
            ("rosters", "rosters", {"rosters": [counted_roster(newer, counts=[FLORIDA, GUAM], seen_again=None)]}),
        ]
        load_seeds(session, files)
    with open_app(database) as app:
        yield app.test_client()
    database.dispose()


def test_agreements_come_from_the_last_roster_with_rows(mixed_client: FlaskClient) -> None:
    answer = get(mixed_client, "/v1/agreements")
    assert answer["count"] == 3
    assert {row["unlisted_since"] for row in answer["results"]} == {None}
    assert answer["meta"]["in_force"]["participating"]["date"]["edtf"] == "2025-05-16"
    assert answer["meta"]["without_rows"]["date"]["edtf"] == "2025-06-16"
    assert "the last roster with rows" in answer["meta"]["note"]


def test_roster_without_rows_does_not_end_an_agreement(mixed_client: FlaskClient) -> None:
    events = [row["event"] for row in get(mixed_client, "/v1/jurisdictions/VA/timeline?limit=200")["results"]]
    assert "listed" in events
    assert "unlisted" not in events


def test_summary_by_type_comes_from_the_last_roster_with_rows(mixed_client: FlaskClient) -> None:
    assert get(mixed_client, "/v1/agreements/summary?by=agency_type")["meta"]["totals"]["agreements"] == 3
    by_jurisdiction = get(mixed_client, "/v1/agreements/summary?by=jurisdiction")
    assert by_jurisdiction["meta"]["totals"] == {"agreements": 4, "agencies": 3, "states": 1, "territories": 1, "jurisdiction_unknown": 0}


def test_earlier_revision_knows_no_newer_roster(mixed_client: FlaskClient) -> None:
    assert get(mixed_client, "/v1/agreements?revision=2")["meta"]["without_rows"] is None
    assert get(mixed_client, "/v1/agreements/history?by=jurisdiction&revision=2&jurisdiction=VA")["count"] == 1


def test_first_roster_is_of_january_2021(shipped: FlaskClient) -> None:
    first = get(shipped, "/v1/rosters?limit=1")["results"][0]
    assert (first["date"]["edtf"], first["rows_on_file"]) == (date(2021, 1, 31).isoformat(), False)
