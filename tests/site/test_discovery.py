"""Test what crawlers, assistants and browsers look for, and the structured data of pages."""

import json
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import pytest
from flask.testing import FlaskClient

from tests.site.markup import parse_page

pytestmark = pytest.mark.databases("sqlite")

HTML = {"Accept": "text/html"}
ORIGIN = "http://127.0.0.1:8000"


def structured_data(client: FlaskClient, path: str) -> dict[str, Any] | None:
    """Return the structured data of a page, or None."""
    scripts = parse_page(client.get(path, headers=HTML).text).find_named("script")
    texts = [script.text for script in scripts if script.attributes.get("type") == "application/ld+json"]
    return json.loads(texts[0]) if texts else None


def test_sitemap_lists_pages_that_exist(client: FlaskClient) -> None:
    root = ET.fromstring(client.get("/sitemap.xml").text)  # noqa: S314 - our own file
    paths = [(element.text or "").removeprefix(ORIGIN) for element in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert sum(path.startswith("/states/") for path in paths) == 57
    sample = [path for number, path in enumerate(paths) if number % 7 == 0 or path.count("/") == 1]
    assert {path: client.get(path, headers=HTML).status_code for path in sample} == dict.fromkeys(sample, 200)


def test_robots_may_read_pages_and_pictures(client: FlaskClient) -> None:
    text = client.get("/robots.txt").text
    assert f"Sitemap: {ORIGIN}/sitemap.xml" in text
    assert "Allow: /pictures/" in text


def test_guide_for_language_models_says_how_to_quote(client: FlaskClient) -> None:
    response = client.get("/llms.txt")
    assert response.mimetype == "text/plain"
    assert response.text.startswith("# Legal Landscape\n")
    assert "It is never a finding that there is none." in response.text
    assert response.text.count("/states/") == 57


def test_favicon_is_found_at_its_usual_place(client: FlaskClient) -> None:
    assert client.get("/favicon.ico", follow_redirects=True).mimetype == "image/svg+xml"


def test_front_page_is_a_dataset_with_downloads(client: FlaskClient) -> None:
    data = structured_data(client, "/")
    assert data is not None
    assert (data["@context"], data["@type"]) == ("https://schema.org", "Dataset")
    assert {"name", "description", "license", "creator", "distribution"} <= set(data)
    for download in data["distribution"]:
        assert client.get(download["contentUrl"].removeprefix(ORIGIN), buffered=True).status_code == 200


def test_only_a_certain_law_is_said_to_be_in_force(client: FlaskClient) -> None:
    data = structured_data(client, "/states/virginia?as_of=2026-11-25")
    assert data is not None
    forces = {part["legislationType"]: part.get("legislationLegalForce") for part in data["hasPart"]}
    assert forces == {"Executive order": "https://schema.org/InForce", "Pending bill": None}


def test_page_without_laws_has_no_parts(client: FlaskClient) -> None:
    data = structured_data(client, "/states/vermont")
    assert data is not None
    assert data["hasPart"] == []


def test_identifiers_of_a_law_are_given(shipped_client: FlaskClient) -> None:
    rows = shipped_client.get("/v1/measures?limit=200&kind=ban,mandate,executive_order,pending_bill&stands=yes").json["results"]
    numbered = [row for row in rows if row["identifiers"]]
    slugs = {row["code"]: row["slug"] for row in shipped_client.get("/v1/jurisdictions?limit=200").json["results"]}
    for row in numbered:
        data = structured_data(shipped_client, f"/states/{slugs[row['jurisdiction']]}")
        assert data is not None
        numbers = [part.get("legislationIdentifier") for part in data["hasPart"]]
        assert [identifier["number"] for identifier in row["identifiers"]] in numbers


def test_checked_figure_is_a_claim_review(shipped_client: FlaskClient) -> None:
    data = structured_data(shipped_client, "/figures/us-participation-1001-agencies")
    assert data is not None
    assert data["@type"] == "ClaimReview"
    assert data["reviewRating"]["alternateName"] == "Matches another unit"
    assert data["itemReviewed"]["appearance"]


def test_unchecked_figure_is_no_claim_review(shipped_client: FlaskClient) -> None:
    assert structured_data(shipped_client, "/figures/va-ordered-to-terminate-5-agreements") is None


@pytest.mark.parametrize("path", ["/", "/states/virginia"])
def test_feed_reader_finds_a_feed_of_the_page(client: FlaskClient, path: str) -> None:
    links = parse_page(client.get(path, headers=HTML).text).find_named("link")
    addresses = [link.attributes["href"] for link in links if link.attributes.get("type") == "application/atom+xml"]
    assert addresses
    for address in addresses:
        feed = feedparser.parse(client.get(address).data)
        assert not feed.bozo
        assert feed.entries
