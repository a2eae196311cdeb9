"""Test the pages of jurisdictions: each says what the API says at the same snapshot, and nothing stronger."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from legal.db.engine import Database
from legal.services.seeds import load_seeds
from legal.vocabulary import Cause
from tests.api.factories import database_url, edited_seeds
from tests.conftest import make_app
from tests.site.markup import Element, parse_page

# The queries behind the pages are tested on both databases.
pytestmark = pytest.mark.databases("sqlite")

DAYS = ("2021-06-01", "2026-02-20", "2026-11-25")
HTML = {"Accept": "text/html"}


def read_page(client: FlaskClient, path: str) -> Element:
    """Return the tree of a page."""
    response = client.get(path, headers=HTML)
    assert response.status_code == 200, response.text
    return parse_page(response.text)


def citation_counts(citations: list[dict[str, Any]]) -> Counter[tuple[str, str, str]]:
    """Count citations by document, paragraph and start."""
    return Counter((citation["document"], str(citation["paragraph"]), str(citation["start"])) for citation in citations)


def shown_citations(page: Element) -> Counter[tuple[str, str, str]]:
    """Count the citations that a page shows by document, paragraph and start."""
    return Counter(
        (element.attributes["data-document"], element.attributes["data-paragraph"], element.attributes["data-start"])
        for element in page.find_all("data-document")
    )


def assert_page_shows_card(page: Element, card: dict[str, Any], other_measures: list[dict[str, Any]]) -> None:
    """Check that a page has what the card has: no more and no less."""
    if card["posture"]:
        assert page.find_id("headline").text == " ".join(card["headline"]["text"].split())
        why = page.find_id("why")
        assert (why.attributes["data-posture"], why.attributes["data-rule"]) == (card["posture"]["value"], card["posture"]["rule"])
        assert page.values("data-because") == card["posture"]["because"]
        assert page.values("data-set-aside") == [item["id"] for item in card["posture"]["set_aside"]]
        assert page.values("data-would-become") == [item["posture"] for item in card["posture"]["would_become"]]
    slots = {element.attributes["data-slot"]: element.attributes["data-knowledge"] for element in page.find_all("data-slot")}
    assert slots == {kind: slot["knowledge"] for kind, slot in card["stance"].items()}
    slots_with_background = [*card["stance"].values(), *card["background"].values()]
    measures = [*(measure for slot in slots_with_background for measure in slot["measures"]), *other_measures]
    shown = {
        element.attributes["data-measure"]: (element.attributes["data-status"], element.attributes["data-stands"])
        for element in page.find_all("data-measure")
    }
    assert shown == {measure["id"]: (measure["status"] or "", measure["stands"]) for measure in measures}
    figures = {element.attributes["data-figure"]: element.attributes for element in page.find_all("data-figure")}
    assert list(figures) == [figure["id"] for figure in card["figures"]]
    for figure in card["figures"]:
        assert figures[figure["id"]]["data-value"] == ("" if figure["value"] is None else str(figure["value"]))
        assert figures[figure["id"]]["data-verdict"] == (figure["roster_check"]["verdict"] if figure["roster_check"] else "")
    absences = [citation for slot in card["stance"].values() for citation in slot["citations"]]
    provisions = [provision for measure in measures for provision in measure["provisions"]]
    cited = [citation for row in (*measures, *provisions, *card["figures"], *card["conflicts"]) for citation in row["citations"]]
    assert sorted(page.values("data-provision")) == sorted(provision["type"] for provision in provisions)
    assert page.values("data-claim") == [claim["id"] for claim in card["national_claims"]]
    assert shown_citations(page) == citation_counts([*cited, *absences])
    disputed = [item["id"] for item in card["conflicts"] if item["verdict"] in ("contradictory", "underspecified")]
    assert page.values("data-conflict") == disputed
    listed = card["stance"]["active_agreements"]["listed"]
    shown_rosters = [(e.attributes["data-agreements"], e.attributes["data-agencies"]) for e in page.find_all("data-roster")]
    assert shown_rosters == ([(str(listed["agreements"]), str(listed["agencies"]))] if listed else [])


@pytest.mark.parametrize("day", DAYS)
def test_every_page_shows_what_the_card_says(shipped_client: FlaskClient, day: str) -> None:
    jurisdictions = shipped_client.get("/v1/jurisdictions?limit=200").json["results"]
    assert len(jurisdictions) == 57
    ended = shipped_client.get(f"/v1/measures?stands=no&as_of={day}&limit=200").json["results"]
    for row in jurisdictions:
        card = shipped_client.get(f"/v1/jurisdictions/{row['code']}?as_of={day}").json
        others = [measure for measure in ended if measure["jurisdiction"] == row["code"]]
        assert_page_shows_card(read_page(shipped_client, f"/states/{row['slug']}?as_of={day}"), card, others)


def test_links_to_measures_have_their_titles_and_not_their_ids(shipped_client: FlaskClient) -> None:
    titles = {row["id"]: row["title"] for row in shipped_client.get("/v1/measures?limit=200").json["results"]}
    for row in shipped_client.get("/v1/jurisdictions?limit=200").json["results"]:
        links = read_page(shipped_client, f"/states/{row['slug']}").find_named("a")
        assert [link.text for link in links if link.text in titles] == [], row["code"]


def test_silence_is_never_shown_as_absence(shipped_client: FlaskClient) -> None:
    silent = read_page(shipped_client, "/states/vermont").find_id("silent").text
    assert "do not say. That is not a finding that there is none." in silent
    assert "Ban: no record." in silent


def test_page_before_the_first_roster_says_so(shipped_client: FlaskClient) -> None:
    text = read_page(shipped_client, "/states/virginia?as_of=2015-01-01").find_id("agreements").text
    assert "No roster on file had been published by Jan. 1, 2015. That is not a finding that there were no agreements." in text


def test_state_on_no_roster_has_a_sentence_instead_of_a_chart(shipped_client: FlaskClient) -> None:
    page = read_page(shipped_client, "/states/vermont")
    assert "names an agency in Vermont." in page.find_id("agreements").text
    assert not page.find_id("agreements").find_named("svg")


def test_chart_names_its_last_counts_in_text(shipped_client: FlaskClient) -> None:
    chart = read_page(shipped_client, "/states/virginia").find_id("chart-text").text
    assert "at most 33 agreements" in chart
    assert "task force 23" in chart


def test_pages_of_agencies_are_linked_where_rows_are_on_file(rosters_client: FlaskClient) -> None:
    page = read_page(rosters_client, "/states/florida?as_of=2025-12-01")
    assert page.values("data-agreement") == ["fl-baker-county-sheriffs-office-task-force", "fl-union-county-sheriffs-office-task-force"]


def test_timeline_combines_agreements_of_one_day(rosters_client: FlaskClient) -> None:
    events = [element.text for element in read_page(rosters_client, "/states/florida").find_id("timeline").find_all("data-event")]
    assert "Jan. 10, 2025 Listed : Baker County Sheriff's Office ; Union County Sheriff's Office" in events
    assert len(events) == len(set(events))


@pytest.mark.parametrize("ref", ["VA", "Virginia", "51", "us-va"])
def test_other_identifiers_redirect_to_the_slug(client: FlaskClient, ref: str) -> None:
    response = client.get(f"/states/{ref}?as_of=2026-02-20", headers=HTML)
    assert (response.status_code, response.headers["Location"]) == (308, "/states/virginia?as_of=2026-02-20")


def test_unknown_state_suggests_pages(client: FlaskClient) -> None:
    response = client.get("/states/virgina", headers=HTML)
    assert response.status_code == 404
    assert '<a href="/states/VA">VA</a>' in response.text


@pytest.fixture
def corrected_app(writable_seeded_db: Database) -> Iterator[Flask]:
    """An app over a record in which a title of Virginia was corrected."""
    with writable_seeded_db.transaction() as session:
        load_seeds(session, edited_seeds("VA", "Another title"), Cause.CORRECTION, "A title was wrong.")
    app = make_app(database_url(writable_seeded_db))
    yield app
    app.extensions["database"].dispose()


def test_correction_stands_on_the_page_of_what_was_corrected(corrected_app: Flask) -> None:
    page = read_page(corrected_app.test_client(), "/states/virginia")
    assert "revision 2: A title was wrong." in page.find_id("corrections").text


def test_page_without_corrections_says_so(client: FlaskClient) -> None:
    assert "We have corrected nothing about Virginia" in read_page(client, "/states/virginia").find_id("corrections").text


def test_correction_stands_on_the_page_of_the_measure(corrected_app: Flask) -> None:
    client = corrected_app.test_client()
    corrections = read_page(client, "/states/virginia").find_id("corrections")
    (corrected,) = corrections.values("data-correction")
    id = corrected.removeprefix("measure/")
    measure_page = read_page(client, f"/measures/{id}")
    assert measure_page.find_id("corrections").values("data-correction") == [corrected]
    assert "title: from" in measure_page.find_id("corrections").text
    assert "to Another title" in measure_page.find_id("corrections").text


@pytest.mark.parametrize(
    ("path", "noun"),
    [
        ("/measures/va-directive-2026-02-04", "measure"),
        ("/figures/us-participation-1001-agencies", "figure"),
        ("/documents/agreements-retelling-2026", "document"),
    ],
)
def test_page_of_what_was_never_corrected_says_so(shipped_client: FlaskClient, path: str, noun: str) -> None:
    text = read_page(shipped_client, path).find_id("corrections").text
    assert f"We have corrected nothing about this {noun} up to revision 1." in text


def test_departures_are_apart_from_agreements(rosters_client: FlaskClient) -> None:
    page = read_page(rosters_client, "/states/florida?as_of=2025-12-01")
    unlisted = rosters_client.get("/v1/agreements?jurisdiction=FL&status=unlisted&as_of=2025-12-01").json["results"]
    assert unlisted
    assert page.values("data-departure") == [row["id"] for row in unlisted]
    assert "No roster says why." in page.find_id("departures").text


@pytest.mark.parametrize("day", ["2021-06-01", "2025-09-17", "2026-11-25"])
@pytest.mark.parametrize("code", ["TX", "VA", "VT", "GU"])
def test_models_of_a_state_are_those_of_the_api(shipped_client: FlaskClient, code: str, day: str) -> None:
    slug = shipped_client.get(f"/v1/jurisdictions/{code}").json["slug"]
    rows = shipped_client.get(f"/v1/agreements/summary?by=model&jurisdiction={code}&as_of={day}").json["results"]
    shown = [
        tuple(e.attributes[f"data-{key}"] for key in ("model", "agreements", "agencies"))
        for e in read_page(shipped_client, f"/states/{slug}?as_of={day}").find_id("agreements").find_all("data-model")
    ]
    assert shown == [(row["model"], str(row["agreements"]), str(row["agencies"])) for row in rows]


def test_parts_of_a_page_are_listed_at_its_head(shipped_client: FlaskClient) -> None:
    page = read_page(shipped_client, "/states/florida")
    (contents,) = [nav for nav in page.find_named("nav") if nav.attributes["aria-label"] == "On this page"]
    targets = [link.attributes["href"][1:] for link in contents.find_named("a")]
    assert targets == [e.attributes["id"] for e in page.find_named("section") if e.attributes.get("id") in targets]
    assert {"why", "measures", "agreements", "figures", "conflicts", "silent", "cite"} <= set(targets)
