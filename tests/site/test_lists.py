"""Test the lists of measures, figures and agreements: each has the API's rows for the same filters and snapshot."""

import csv
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from legal.site.views.lists import counted_roster
from tests.site.markup import Element, parse_page

# The queries behind the pages are tested on both databases.
pytestmark = pytest.mark.databases("sqlite")

HTML = {"Accept": "text/html"}
DAYS = ("2021-06-01", "2026-02-20", "2026-11-25")


def read_page(client: FlaskClient, path: str) -> Element:
    """Return the tree of a page."""
    response = client.get(path, headers=HTML)
    assert response.status_code == 200, response.text
    return parse_page(response.text)


def csv_rows(client: FlaskClient, page: Element) -> Iterator[dict[str, str]]:
    """Return the rows of the CSV file that a page links to."""
    path = next(e.attributes["href"] for e in page.find_named("a") if e.text.startswith("Download CSV"))
    return csv.DictReader(client.get(path, buffered=True).text.splitlines())


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("filters", [{}, {"kind": "ban", "stands": "yes,possible"}, {"kind": "pending_bill"}, {"jurisdiction": "VA,MD"}])
def test_measures_are_those_of_the_api(shipped_client: FlaskClient, filters: dict[str, str], day: str) -> None:
    query = urlencode({**filters, "as_of": day})
    rows = shipped_client.get(f"/v1/measures?limit=200&{query}").json["results"]
    page = read_page(shipped_client, f"/measures?{query}")
    shown = {
        e.attributes["data-measure"]: (e.attributes["data-status"], e.attributes["data-stands"]) for e in page.find_all("data-measure")
    }
    assert shown == {row["id"]: (row["status"] or "", row["stands"]) for row in rows}
    assert page.values("data-count") == [str(len(rows))]
    assert len(list(csv_rows(shipped_client, page))) == len(rows)


def test_unknown_start_of_a_ban_is_said_and_not_guessed(shipped_client: FlaskClient) -> None:
    page = read_page(shipped_client, "/measures?kind=ban&stands=yes,possible&as_of=2026-11-25")
    dates = [e.text for e in page.find_all("data-label") if e.attributes["data-label"] == "Since"]
    assert dates == ["The sources do not say"] * 8


def test_start_of_an_order_is_given_with_its_day(shipped_client: FlaskClient) -> None:
    page = read_page(shipped_client, "/measures?jurisdiction=VA&kind=executive_order")
    assert "Feb. 4, 2026 (inferred)" in [e.text for e in page.find_all("data-label") if e.attributes["data-label"] == "Since"]


def test_measures_are_in_the_order_of_names(shipped_client: FlaskClient) -> None:
    page = read_page(shipped_client, "/measures?kind=pending_bill")
    places = [e.text for e in page.find_named("a") if e.attributes["href"].startswith("/states/")]
    assert places == sorted(places)
    assert places[:2] == ["Maryland", "Massachusetts"]


@pytest.mark.parametrize("number", ["1001", "1,001"])
def test_number_is_looked_up_with_its_verdict(shipped_client: FlaskClient, number: str) -> None:
    page = read_page(shipped_client, f"/figures?{urlencode({'value': number})}")
    assert sorted(page.values("data-figure")) == ["us-participation-1001-agencies", "us-participation-1001-agreements"]
    assert "1,001 agencies" in page.text
    assert "The figure is off by 1 for agreements, not for agencies." in page.text


def test_number_that_nobody_reports_is_not_called_wrong(shipped_client: FlaskClient) -> None:
    text = read_page(shipped_client, "/figures?value=4321").text
    assert "No figure on file matches. That says nothing about the number" in text


@pytest.mark.parametrize("filters", [{}, {"jurisdiction": "TX"}, {"jurisdiction": "FL,TX"}, {"model": "task_force"}])
@pytest.mark.parametrize("day", ["2025-09-17", "2026-11-25"])
def test_counts_by_model_are_those_of_the_api(shipped_client: FlaskClient, filters: dict[str, str], day: str) -> None:
    query = urlencode({**filters, "as_of": day})
    rows = shipped_client.get(f"/v1/agreements/summary?by=model&{query}").json["results"]
    page = read_page(shipped_client, f"/agreements?{query}")
    shown = [tuple(e.attributes[f"data-{key}"] for key in ("model", "agreements", "agencies")) for e in page.find_all("data-model")]
    assert shown == [(row["model"], str(row["agreements"]), str(row["agencies"])) for row in rows]


def test_texas_has_its_models_of_september_2025(shipped_client: FlaskClient) -> None:
    text = read_page(shipped_client, "/agreements?jurisdiction=TX&as_of=2025-09-17").find_id("models").text
    assert "On ICE’s roster of Sept. 17, 2025" in text
    assert "Task force 39 39" in text
    assert "All, each agency once 172 135" in text


def test_names_that_are_not_on_file_are_not_called_absent(shipped_client: FlaskClient) -> None:
    text = read_page(shipped_client, "/agreements?jurisdiction=PA&q=sheriff&as_of=2026-11-25").find_id("agencies").text
    assert "none published by Nov. 25, 2026 is on file here with its rows" in text
    assert "That is not a finding that there were no agreements." in text


@pytest.mark.parametrize("filters", [{}, {"q": "county"}, {"jurisdiction": "FL"}, {"signed_after": "2025-03-01"}, {"status": "any"}])
def test_agreements_are_those_of_the_api(rosters_client: FlaskClient, filters: dict[str, str]) -> None:
    query = urlencode({**filters, "as_of": "2025-12-01"})
    answer = rosters_client.get(f"/v1/agreements?limit=200&{query}").json
    page = read_page(rosters_client, f"/agreements?{query}")
    shown = [(e.attributes["data-agreement"], e.attributes["data-status"]) for e in page.find_all("data-agreement")]
    assert shown == [(row["id"], row["status"]) for row in answer["results"]]
    assert page.values("data-count") == [str(answer["count"])]
    assert len(list(csv_rows(rosters_client, page))) == answer["count"]


@pytest.mark.parametrize(
    ("filters", "roster"),
    [({"status": ["active"]}, "counts"), ({"status": ["active"], "q": "sheriff"}, "rows"), ({"status": ["pending"]}, "rows")],
)
def test_counts_are_put_under_the_roster_that_they_are_from(filters: dict[str, Any], roster: str) -> None:
    meta = {"without_rows": {"roster": "counts"}, "in_force": {"participating": {"roster": "rows"}}}
    assert counted_roster(filters, meta) == {"roster": roster}


def test_counts_that_name_no_agency_are_not_called_empty(shipped_client: FlaskClient) -> None:
    text = read_page(shipped_client, "/agreements?jurisdiction=PA&q=sheriff&as_of=2026-11-25").find_id("models").text
    assert text.endswith("They name no agency and no date of signature, so that they do not answer this question.")


def test_unknown_state_in_a_filter_is_refused(shipped_client: FlaskClient) -> None:
    response = shipped_client.get("/measures?jurisdiction=virgina", headers=HTML)
    assert response.status_code == 422
    assert "virgina" in response.text
