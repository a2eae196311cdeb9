"""Test the pages about change: what happened between two days, and the log of what the record changed."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.site.markup import Element, parse_page

# The queries behind the pages are tested on both databases.
pytestmark = pytest.mark.databases("sqlite")

HTML = {"Accept": "text/html"}


def read_page(client: FlaskClient, path: str) -> Element:
    """Return the tree of a page."""
    response = client.get(path, headers=HTML)
    assert response.status_code == 200, response.text
    return parse_page(response.text)


def difference_items(difference: dict[str, Any]) -> list[str]:
    """Return the items of the API's comparison of two days, as the page names them."""
    return [f"{item['noun']}/{item['id']}" for item in (*difference["causes"]["world_changed"], *difference["certainty"])]


@pytest.mark.parametrize("start", ["2021-06-01", "2026-01-01", "2026-02-20"])
@pytest.mark.parametrize("code", ["VA", "MD", "CO", "FL", "US", "VT"])
def test_differences_are_those_of_the_api(shipped_client: FlaskClient, code: str, start: str) -> None:
    difference = shipped_client.get(f"/v1/diff?jurisdiction={code}&from={start}&as_of=2026-11-25").json
    page = read_page(shipped_client, f"/diff?jurisdiction={code}&from={start}&as_of=2026-11-25")
    assert page.values("data-change") == difference_items(difference)


def test_this_year_in_virginia_is_told_in_words(shipped_client: FlaskClient) -> None:
    page = read_page(shipped_client, "/diff?jurisdiction=VA&as_of=2026-11-25")
    assert "From Jan. 1, 2026 to Nov. 25, 2026" in page.text
    assert "The posture goes from “Active agreements” to “Limited, agreements on file.”" in page.text
    events = [event.text for event in page.find_id("events").find_all("data-event")]
    assert "Feb. 4, 2026 Issued : Governor Spanberger's directive to state agencies on five 287(g) agreements" in events[0]
    assert "agreements in Virginia from 32 to 29 ; agencies in Virginia from 30 to 27" in page.find_id("differences").text
    assert "in effect: from no to yes" in page.find_id("differences").text


def test_what_is_only_less_certain_is_no_change_in_the_world(shipped_client: FlaskClient) -> None:
    page = read_page(shipped_client, "/diff?jurisdiction=MD&from=2026-02-20&as_of=2026-11-25")
    assert "That is no change in the world." in page.find_id("differences").text


def test_quiet_time_is_not_called_a_time_without_events(shipped_client: FlaskClient) -> None:
    page = read_page(shipped_client, "/diff?jurisdiction=VT&from=2026-02-01&as_of=2026-02-02")
    assert "That is not a finding that nothing happened." in page.find_id("events").text
    assert "Nothing that is certain on both days differs." in page.find_id("differences").text


def test_days_in_the_wrong_order_are_refused(shipped_client: FlaskClient) -> None:
    response = shipped_client.get("/diff?jurisdiction=VA&from=2026-03-01&as_of=2026-02-01", headers=HTML)
    assert response.status_code == 422
    assert "The first day must not be later than the second." in response.text


def test_agencies_of_one_day_are_listed_together(rosters_client: FlaskClient) -> None:
    page = read_page(rosters_client, "/diff?jurisdiction=FL&from=2025-01-01&as_of=2025-12-01")
    events = [event.text for event in page.find_id("events").find_all("data-event")]
    assert "Jan. 10, 2025 Listed : Baker County Sheriff's Office ; Union County Sheriff's Office" in events


def test_log_names_things_by_their_titles(shipped_client: FlaskClient) -> None:
    page = read_page(shipped_client, "/changes?jurisdiction=VA")
    assert "Created: measure Governor Spanberger's directive to state agencies on five 287(g) agreements" in page.text
    rows = shipped_client.get("/v1/changes?jurisdiction=VA&limit=200").json["results"]
    assert sorted(page.values("data-change")) == sorted(f"{row['noun']}/{row['id']}" for row in rows)


def test_log_of_a_state_leads_to_what_happened_there(shipped_client: FlaskClient) -> None:
    links = [e.attributes["href"] for e in read_page(shipped_client, "/changes?jurisdiction=VA").find_named("a")]
    assert "/diff?jurisdiction=VA" in links


def test_table_of_the_log_has_the_filters_of_the_page(shipped_client: FlaskClient) -> None:
    links = [e.attributes["href"] for e in read_page(shipped_client, "/changes?jurisdiction=VA&cause=source_added").find_named("a")]
    (table_link,) = [link for link in links if link.startswith("/v1/changes") and "format=csv" in link]
    rows = shipped_client.get(table_link.replace("format=csv", "format=json")).json["results"]
    assert {row["jurisdiction"] for row in rows} == {"VA"}


def test_imported_rows_are_told_in_words(rosters_app: Flask) -> None:
    text = read_page(rosters_app.test_client(), "/changes").text
    assert "{" not in text
    assert "Imported ICE's roster of participating agencies of 2025-09-17." in text
