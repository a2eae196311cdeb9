"""Test feeds over HTTP: what feed readers need of Atom and JSON Feed."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from legal.api.views import feeds
from legal.db.engine import Database
from legal.queries.history.feeds import Feed, FeedEntry
from legal.schemas.feed import FeedSchema
from legal.services.publishing import ChangeReason
from legal.settings import DEFAULT_PUBLIC_URL, Settings
from tests.api.factories import DIRECTIVE
from tests.conftest import Statements, make_app, open_app
from tests.services.factories import publish_figures

# Entries are tested on both databases in tests/queries/test_feeds.py; these tests check how they are rendered.
ATOM_NAMESPACE = "{http://www.w3.org/2005/Atom}"
CONTENT_TYPES = {"atom": "application/atom+xml; charset=utf-8", "json": "application/feed+json"}
FEED_NAMES = ("changes", "VA", "US", "WY")
FEED_PATHS = [f"/feeds/{name}.{ending}" for name in FEED_NAMES for ending in CONTENT_TYPES]
Responses = dict[str, Any]


@pytest.fixture(scope="session")
def responses(app: Flask) -> Responses:
    """The responses of several feeds, by path."""
    client = app.test_client()
    return {path: client.get(path) for path in FEED_PATHS}


@pytest.fixture
def writable_client(writable_seeded_db: Database) -> Iterator[FlaskClient]:
    """A client over a record that the test may change."""
    with open_app(writable_seeded_db) as app:
        yield app.test_client()


def atom_root(response: Any) -> ET.Element:
    """Parse a response as Atom."""
    return ET.fromstring(response.data)  # noqa: S314 - trusted input


def child_texts(element: ET.Element, name: str) -> list[str]:
    """Return the texts of the child elements with a name."""
    return [child.text or "" for child in element.findall(f"{ATOM_NAMESPACE}{name}")]


def titles_by_id(client: FlaskClient, path: str) -> dict[str, str]:
    """Return the titles in a JSON feed, by id."""
    return {item["id"]: item["title"] for item in client.get(path).json["items"]}


# Atom.


@pytest.mark.parametrize("name", FEED_NAMES)
def test_feed_parser_reads_every_feed_without_errors(responses: Responses, name: str) -> None:
    parsed_feed = feedparser.parse(responses[f"/feeds/{name}.atom"].data, response_headers={"content-type": CONTENT_TYPES["atom"]})
    assert (parsed_feed.bozo, parsed_feed.version) == (False, "atom10")
    items = responses[f"/feeds/{name}.json"].json["items"]
    assert [(entry.id, entry.link, entry.title) for entry in parsed_feed.entries] == [
        (item["id"], item["url"], item["title"]) for item in items
    ]


@pytest.mark.parametrize("name", FEED_NAMES)
def test_feed_has_everything_that_atom_requires(responses: Responses, name: str) -> None:
    feed = atom_root(responses[f"/feeds/{name}.atom"])
    assert feed.tag == f"{ATOM_NAMESPACE}feed"
    for element in (feed, *feed.findall(f"{ATOM_NAMESPACE}entry")):
        assert [len(child_texts(element, name)) for name in ("id", "title", "updated")] == [1, 1, 1]
        assert all(child_texts(element, "id") + child_texts(element, "title"))
    author = feed.find(f"{ATOM_NAMESPACE}author")
    assert author is not None
    assert child_texts(author, "name") == ["Legal Landscape"]


@pytest.mark.parametrize("name", FEED_NAMES)
def test_feed_links_to_itself_and_to_its_subject(responses: Responses, name: str) -> None:
    links = {link.get("rel"): link.get("href") for link in atom_root(responses[f"/feeds/{name}.atom"]).findall(f"{ATOM_NAMESPACE}link")}
    subject_path = {"changes": "/changes", "VA": "/states/virginia", "US": "/states/united-states", "WY": "/states/wyoming"}[name]
    assert links["self"] == links["first"] == f"{DEFAULT_PUBLIC_URL}/feeds/{name}.atom"
    assert links["alternate"] == f"{DEFAULT_PUBLIC_URL}{subject_path}"


def test_every_entry_has_a_link_a_summary_and_its_change(responses: Responses) -> None:
    for entry in atom_root(responses["/feeds/changes.atom"]).findall(f"{ATOM_NAMESPACE}entry"):
        assert [link.get("rel") for link in entry.findall(f"{ATOM_NAMESPACE}link")] == ["alternate", "related"]
        assert all(child_texts(entry, "summary"))
        assert child_texts(entry, "content")[0].startswith("Created in revision 1. A source was added: ")


def test_categories_are_the_kind_and_jurisdiction_with_labels(responses: Responses) -> None:
    parsed_feed = feedparser.parse(responses["/feeds/VA.atom"].data)
    (directive,) = (entry for entry in parsed_feed.entries if entry.link.endswith(DIRECTIVE))
    assert [(tag.term, tag.label) for tag in directive.tags] == [("executive_order", "Executive order"), ("VA", "Virginia")]


def test_no_character_makes_the_xml_malformed(app: Flask) -> None:
    hostile_text = "".join(map(chr, [*range(128), 0xD800, 0xDFFF, 0xFFFE, 0xFFFF, 0x202E, 0x1F5FD])) + "]]><!--</title>&amp;"
    now = datetime.now(UTC)
    entry = FeedEntry("urn:x", f"/{hostile_text}", "/", hostile_text, now, now, hostile_text, hostile_text, {hostile_text: hostile_text})
    with app.app_context():
        atom_bytes = feeds.render_atom(Feed("urn:y", "/feeds/x", f"/{hostile_text}", hostile_text, now, [entry], 1, 1, ""))
    feed = ET.fromstring(atom_bytes)  # noqa: S314 - trusted input
    assert len(feed.findall(f"{ATOM_NAMESPACE}entry")) == 1
    assert (child_texts(feed, "title")[0]).endswith("\u202e\U0001f5fd]]><!--</title>&amp;")


def test_control_characters_in_a_reason_are_replaced_in_atom(writable_client: FlaskClient, writable_seeded_db: Database) -> None:
    publish_figures(writable_seeded_db, "counted", reason=ChangeReason("correction", "Page\x07 2\x1b, <b>&\uffff", "somebody"))
    assert not feedparser.parse(writable_client.get("/feeds/VA.atom").data).bozo
    assert (
        "Correction: Page\ufffd 2\ufffd, <b>&\ufffd"
        in atom_root(writable_client.get("/feeds/VA.atom")).findall(f".//{ATOM_NAMESPACE}content")[0].text
    )


# JSON Feed.


@pytest.mark.parametrize("name", FEED_NAMES)
def test_json_feed_matches_its_schema(responses: Responses, name: str) -> None:
    assert FeedSchema().validate(responses[f"/feeds/{name}.json"].json) == {}


@pytest.mark.parametrize("name", FEED_NAMES)
def test_feed_has_everything_that_json_feed_requires(responses: Responses, name: str) -> None:
    feed = responses[f"/feeds/{name}.json"].json
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == f"{DEFAULT_PUBLIC_URL}/feeds/{name}.json"
    assert feed["title"]
    assert all(item["id"] and item["content_text"] for item in feed["items"])


@pytest.mark.parametrize("name", FEED_NAMES)
def test_both_formats_have_the_same_entries(responses: Responses, name: str) -> None:
    entries = atom_root(responses[f"/feeds/{name}.atom"]).findall(f"{ATOM_NAMESPACE}entry")
    atom_values = [[*(child_texts(entry, key)[0] for key in ("id", "title", "updated", "summary", "content"))] for entry in entries]
    items = responses[f"/feeds/{name}.json"].json["items"]
    assert atom_values == [[item[key] for key in ("id", "title", "date_modified", "summary", "content_text")] for item in items]


# Both formats.


@pytest.mark.parametrize("path", FEED_PATHS)
def test_each_format_has_its_content_type(responses: Responses, path: str) -> None:
    assert responses[path].content_type == CONTENT_TYPES[path.rpartition(".")[2]]


@pytest.mark.parametrize("path", FEED_PATHS)
def test_feed_is_cacheable_and_has_its_revision(responses: Responses, path: str) -> None:
    headers = responses[path].headers
    assert (headers["Data-Revision"], headers["Access-Control-Allow-Origin"]) == ("1", "*")
    assert headers["Cache-Control"].startswith("public, max-age=60")


@pytest.mark.parametrize("path", FEED_PATHS)
def test_matching_etag_gets_304(client: FlaskClient, responses: Responses, path: str) -> None:
    response = client.get(path, headers={"If-None-Match": responses[path].headers["ETag"]})
    assert (response.status_code, response.data, response.headers["ETag"]) == (304, b"", responses[path].headers["ETag"])


def test_feed_pinned_by_clocks_and_rules_is_immutable(client: FlaskClient) -> None:
    assert "immutable" in client.get("/feeds/VA.atom?as_of=2026-03-01&revision=1&rules=2").headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/feeds/changes.atom", "/feeds/changes.json"])
def test_response_cache_stores_and_compresses_feeds(copy_database: Callable[[str], str], path: str) -> None:
    cached_app = make_app(copy_database("seeded"), cache_bytes=10**7)
    client = cached_app.test_client()
    plain_body = client.get(path).data
    compressed = client.get(path, headers={"Accept-Encoding": "gzip"})
    cached_app.extensions["database"].dispose()
    assert compressed.headers["Content-Encoding"] == "gzip"
    assert len(compressed.data) < len(plain_body) / 3


@pytest.mark.parametrize(
    ("path", "count"),
    [("/feeds/changes.atom", 3), ("/feeds/changes.json", 3), ("/feeds/VA.atom", 10), ("/feeds/US.json", 9), ("/feeds/WY.json", 10)],
)
def test_feed_sends_a_fixed_number_of_statements(client: FlaskClient, statements: Statements, path: str, count: int) -> None:
    client.get(path)
    assert len(statements) == count


def test_edited_entity_moves_up_and_keeps_its_id(writable_client: FlaskClient, writable_seeded_db: Database) -> None:
    publish_figures(writable_seeded_db, "counted")
    feed_before = writable_client.get("/feeds/VA.json")
    publish_figures(writable_seeded_db, "counted", value=2)
    feed_after = writable_client.get("/feeds/VA.json", headers={"If-None-Match": feed_before.headers["ETag"]})
    (item_before, *_), (item_after, *_) = feed_before.json["items"], feed_after.json["items"]
    assert (item_after["id"], item_after["title"]) == (item_before["id"], "Virginia: 2 agencies: participation")
    assert item_after["date_modified"] > item_before["date_modified"]


def test_edit_elsewhere_does_not_change_the_feed(writable_client: FlaskClient, writable_seeded_db: Database) -> None:
    feeds_before = [writable_client.get(f"/feeds/{code}.atom") for code in ("WA", "WY")]
    publish_figures(writable_seeded_db, "counted")
    for feed, code in zip(feeds_before, ("WA", "WY"), strict=True):
        response = writable_client.get(f"/feeds/{code}.atom", headers={"If-None-Match": feed.headers["ETag"]})
        assert (response.status_code, response.headers["Data-Revision"]) == (304, "2")


def test_every_url_in_a_feed_works(writable_client: FlaskClient, writable_seeded_db: Database) -> None:
    publish_figures(writable_seeded_db, "counted")
    publish_figures(writable_seeded_db, retract_ids=("counted",))
    feed = writable_client.get("/feeds/VA.json").json
    assert feed["items"][0]["url"] == f"{DEFAULT_PUBLIC_URL}/figures/counted?revision=2"
    urls = [feed["feed_url"], *(item["_landscape"]["api_url"] for item in feed["items"])]
    assert {writable_client.get(url.removeprefix(DEFAULT_PUBLIC_URL)).status_code for url in urls} == {200}


def test_retracted_entity_stays_and_is_marked(writable_client: FlaskClient, writable_seeded_db: Database) -> None:
    publish_figures(writable_seeded_db, "counted")
    (id,) = set(titles_by_id(writable_client, "/feeds/VA.json")) - set(titles_by_id(writable_client, "/feeds/VA.json?revision=1"))
    publish_figures(writable_seeded_db, retract_ids=("counted",))
    assert titles_by_id(writable_client, "/feeds/VA.json")[id] == "Virginia: 1 agencies: participation (retracted)"


# Pages.


def test_pages_are_linked_both_ways_and_end(client: FlaskClient) -> None:
    urls, ids, url = [], [], "/feeds/changes.atom"
    while url:
        feed = atom_root(client.get(url))
        links = {link.get("rel"): str(link.get("href")).removeprefix(DEFAULT_PUBLIC_URL) for link in feed.findall(f"{ATOM_NAMESPACE}link")}
        assert (links["self"], links.get("previous")) == (url, urls[-1] if urls else None)
        urls.append(url)
        ids += [child_texts(entry, "id")[0] for entry in feed.findall(f"{ATOM_NAMESPACE}entry")]
        url = links.get("next", "")
    assert (links["first"], links["last"]) == ("/feeds/changes.atom", urls[-1])
    assert len(urls) == 2
    assert len(set(ids)) == len(ids) > 50


def test_json_feed_has_the_next_page_but_on_the_last(client: FlaskClient) -> None:
    page, ids = client.get("/feeds/changes.json").json, []
    while True:
        assert FeedSchema().validate(page) == {}
        ids += [item["id"] for item in page["items"]]
        if "next_url" not in page:
            break
        page = client.get(page["next_url"].removeprefix(DEFAULT_PUBLIC_URL)).json
    assert len(set(ids)) == len(ids) > 50


def test_walk_sees_one_state_of_the_record(writable_client: FlaskClient, writable_seeded_db: Database) -> None:
    next_url = writable_client.get("/feeds/changes.json").json["next_url"].removeprefix(DEFAULT_PUBLIC_URL)
    items_before = writable_client.get(next_url).json["items"]
    publish_figures(writable_seeded_db, "counted")
    assert writable_client.get(next_url).json["items"] == items_before


@pytest.mark.parametrize(("page", "status"), [("99", 404), ("0", 422), ("x", 422)])
def test_page_that_does_not_exist_is_refused(client: FlaskClient, page: str, status: int) -> None:
    assert client.get(f"/feeds/changes.json?page={page}").status_code == status


# URLs.


def test_urls_start_with_the_configured_public_url(copy_database: Callable[[str], str]) -> None:
    app = create_app(Settings(copy_database("seeded"), "a secret of the tests", 0, public_url="https://landscape.example"))
    feed = app.test_client().get("/feeds/VA.json").json
    app.extensions["database"].dispose()
    (link,) = feed["items"][0]["_landscape"].values()
    urls = (feed["feed_url"], feed["home_page_url"], feed["items"][0]["url"], link)
    assert {url[: url.index("/", 26) + 1] for url in urls} == {
        f"https://landscape.example/{name}/" for name in ("feeds", "states", "figures", "v1")
    }


@pytest.mark.parametrize("path", ["/feeds/VA.atom", "/feeds/VA.json"])
def test_host_headers_do_not_change_urls(client: FlaskClient, responses: Responses, path: str) -> None:
    response = client.get(path, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
    assert response.data == responses[path].data


@pytest.mark.parametrize("ending", CONTENT_TYPES)
@pytest.mark.parametrize("ref", ["va", "Virginia", "51", "US-VA", "ocd-division/country:us/state:va"])
def test_every_identifier_redirects_to_the_feed(client: FlaskClient, ref: str, ending: str) -> None:
    response = client.get(f"/feeds/{ref}.{ending}?revision=1")
    assert (response.status_code, response.headers["Location"]) == (308, f"/feeds/VA.{ending}?revision=1")


@pytest.mark.parametrize("ending", CONTENT_TYPES)
def test_unknown_jurisdiction_is_not_found_with_suggestions(client: FlaskClient, ending: str) -> None:
    response = client.get(f"/feeds/Virgina.{ending}")
    assert (response.status_code, response.content_type) == (404, "application/problem+json")
    assert response.json["did_you_mean"][0] == "VA"


@pytest.mark.parametrize(
    "path", ["/feeds/", "/feeds/VA", "/feeds/VA.xml", "/feeds/.atom", "/feeds/%00.atom", "/feeds/%FF.json", "/feeds/../VA.json"]
)
def test_other_paths_below_feeds_are_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_unknown_parameter_is_refused(client: FlaskClient) -> None:
    assert client.get("/feeds/VA.atom?limit=5").status_code == 422


def test_card_links_to_the_feed(client: FlaskClient) -> None:
    assert client.get("/v1/jurisdictions/VA").json["links"]["feed"] == "/feeds/VA.atom"


@pytest.mark.parametrize(("path", "statuses"), [("/feeds/changes", {"304"}), ("/feeds/{code}", {"304", "308"})])
def test_openapi_description_has_the_feeds(client: FlaskClient, path: str, statuses: set[str]) -> None:
    for ending, content_type in CONTENT_TYPES.items():
        operation_responses = client.get("/openapi.json").json["paths"][f"{path}.{ending}"]["get"]["responses"]
        assert list(operation_responses["200"]["content"]) == [content_type.partition(";")[0]]
        assert "Data-Revision" in operation_responses["200"]["headers"]
        assert {"304", "308"} & set(operation_responses) == statuses
