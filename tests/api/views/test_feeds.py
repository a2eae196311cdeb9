"""Feeds over HTTP: what feed readers need of Atom and of JSON Feed."""

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
from legal.queries.history.feeds import Entry, Feed
from legal.schemas.feed import FeedSchema
from legal.services.publishing import Why
from legal.settings import PUBLIC_URL, Settings
from tests.api.factories import DIRECTIVE
from tests.conftest import Statements, make_app, serving
from tests.services.factories import publish_figures

# The entries are held to both databases in tests/queries/test_feeds.py; here it is how they are written.
ATOM = "{http://www.w3.org/2005/Atom}"
TYPES = {"atom": "application/atom+xml; charset=utf-8", "json": "application/feed+json"}
NAMES = ("changes", "VA", "US", "WY")
PATHS = [f"/feeds/{name}.{ending}" for name in NAMES for ending in TYPES]
Answers = dict[str, Any]


@pytest.fixture(scope="session")
def answers(app: Flask) -> Answers:
    """Every feed that is looked at, by its address."""
    client = app.test_client()
    return {path: client.get(path) for path in PATHS}


@pytest.fixture
def changing(fresh: Database) -> Iterator[FlaskClient]:
    """A client of a record that the test may change."""
    with serving(fresh) as app:
        yield app.test_client()


def root(answer: Any) -> ET.Element:
    """An Atom answer, read by a parser of XML."""
    return ET.fromstring(answer.data)  # noqa: S314 - it is ours


def texts(element: ET.Element, name: str) -> list[str]:
    """The texts of the children of a name."""
    return [child.text or "" for child in element.findall(f"{ATOM}{name}")]


def titles(client: FlaskClient, path: str) -> dict[str, str]:
    """The titles of a JSON feed by id."""
    return {item["id"]: item["title"] for item in client.get(path).json["items"]}


# Atom.


@pytest.mark.parametrize("name", NAMES)
def test_a_feed_parser_reads_it_without_a_complaint(answers: Answers, name: str) -> None:
    found = feedparser.parse(answers[f"/feeds/{name}.atom"].data, response_headers={"content-type": TYPES["atom"]})
    assert (found.bozo, found.version) == (False, "atom10")
    items = answers[f"/feeds/{name}.json"].json["items"]
    assert [(one.id, one.link, one.title) for one in found.entries] == [(one["id"], one["url"], one["title"]) for one in items]


@pytest.mark.parametrize("name", NAMES)
def test_it_has_all_that_atom_requires(answers: Answers, name: str) -> None:
    feed = root(answers[f"/feeds/{name}.atom"])
    assert feed.tag == f"{ATOM}feed"
    for element in (feed, *feed.findall(f"{ATOM}entry")):
        assert [len(texts(element, required)) for required in ("id", "title", "updated")] == [1, 1, 1]
        assert all(texts(element, "id") + texts(element, "title"))
    assert texts(feed.find(f"{ATOM}author") or feed, "name") == ["Legal Landscape"]


@pytest.mark.parametrize("name", NAMES)
def test_it_says_where_it_is_and_what_it_is_about(answers: Answers, name: str) -> None:
    links = {link.get("rel"): link.get("href") for link in root(answers[f"/feeds/{name}.atom"]).findall(f"{ATOM}link")}
    about = "/v1/changes" if name == "changes" else f"/v1/jurisdictions/{name}"
    assert links == {"self": f"{PUBLIC_URL}/feeds/{name}.atom", "alternate": f"{PUBLIC_URL}{about}"}


def test_every_entry_has_a_link_a_summary_and_what_changed(answers: Answers) -> None:
    for entry in root(answers["/feeds/changes.atom"]).findall(f"{ATOM}entry"):
        assert [link.get("rel") for link in entry.findall(f"{ATOM}link")] == ["alternate"]
        assert all(texts(entry, "summary"))
        assert texts(entry, "content")[0].startswith("Created in revision 1. A source was added: ")


def test_a_category_is_the_kind_with_its_label(answers: Answers) -> None:
    found = feedparser.parse(answers["/feeds/VA.atom"].data)
    (directive,) = (entry for entry in found.entries if entry.link.endswith(DIRECTIVE))
    assert [(tag.term, tag.label) for tag in directive.tags] == [("executive_order", "Executive order"), ("VA", "Virginia")]


def test_no_character_breaks_the_xml(app: Flask) -> None:
    nasty = "".join(map(chr, [*range(128), 0xD800, 0xDFFF, 0xFFFE, 0xFFFF, 0x202E, 0x1F5FD])) + "]]><!--</title>&amp;"
    now = datetime.now(UTC)
    entry = Entry("urn:x", f"/{nasty}", nasty, now, now, nasty, nasty, {nasty: nasty})
    with app.app_context():
        made = feeds.atom(Feed("urn:y", "/feeds/x", f"/{nasty}", nasty, now, [entry]))
    feed = ET.fromstring(made)  # noqa: S314 - it is ours
    assert len(feed.findall(f"{ATOM}entry")) == 1
    assert (texts(feed, "title")[0]).endswith("\u202e\U0001f5fd]]><!--</title>&amp;")


def test_a_reason_with_control_characters_is_told_without_them(changing: FlaskClient, fresh: Database) -> None:
    publish_figures(fresh, "counted", why=Why("correction", "Page\x07 2\x1b, <b>&\uffff", "somebody"))
    found = feedparser.parse(changing.get("/feeds/VA.atom").data)
    assert not found.bozo
    assert "Correction: Page\ufffd 2\ufffd, <b>&\ufffd" in root(changing.get("/feeds/VA.atom")).findall(f".//{ATOM}content")[0].text


# JSON Feed.


@pytest.mark.parametrize("name", NAMES)
def test_the_json_keeps_to_its_shape(answers: Answers, name: str) -> None:
    assert FeedSchema().validate(answers[f"/feeds/{name}.json"].json) == {}


@pytest.mark.parametrize("name", NAMES)
def test_it_has_all_that_json_feed_requires(answers: Answers, name: str) -> None:
    feed = answers[f"/feeds/{name}.json"].json
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == f"{PUBLIC_URL}/feeds/{name}.json"
    assert feed["title"]
    assert all(item["id"] and item["content_text"] for item in feed["items"])


@pytest.mark.parametrize("name", NAMES)
def test_both_formats_say_the_same(answers: Answers, name: str) -> None:
    entries = root(answers[f"/feeds/{name}.atom"]).findall(f"{ATOM}entry")
    told = [[*(texts(entry, key)[0] for key in ("id", "title", "updated", "summary", "content"))] for entry in entries]
    items = answers[f"/feeds/{name}.json"].json["items"]
    assert told == [[item[key] for key in ("id", "title", "date_modified", "summary", "content_text")] for item in items]


# What both are.


@pytest.mark.parametrize("path", PATHS)
def test_the_content_type_is_the_format_s_own(answers: Answers, path: str) -> None:
    assert answers[path].content_type == TYPES[path.rpartition(".")[2]]


@pytest.mark.parametrize("path", PATHS)
def test_a_feed_can_be_kept_and_names_its_revision(answers: Answers, path: str) -> None:
    headers = answers[path].headers
    assert (headers["Data-Revision"], headers["Access-Control-Allow-Origin"]) == ("1", "*")
    assert headers["Cache-Control"].startswith("public, max-age=60")


@pytest.mark.parametrize("path", PATHS)
def test_a_reader_that_has_it_is_not_sent_it_again(client: FlaskClient, answers: Answers, path: str) -> None:
    answer = client.get(path, headers={"If-None-Match": answers[path].headers["ETag"]})
    assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", answers[path].headers["ETag"])


def test_a_feed_that_is_pinned_on_both_clocks_never_changes(client: FlaskClient) -> None:
    assert "immutable" in client.get("/feeds/VA.atom?as_of=2026-03-01&revision=1").headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/feeds/changes.atom", "/feeds/changes.json"])
def test_the_response_cache_keeps_it_and_compresses_it(copy: Callable[[bool], str], path: str) -> None:
    made = make_app(copy(True), cache_bytes=10**7)
    client = made.test_client()
    whole = client.get(path).data
    packed = client.get(path, headers={"Accept-Encoding": "gzip"})
    made.extensions["database"].dispose()
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.data) < len(whole) / 3


@pytest.mark.parametrize(
    ("path", "sent"),
    [("/feeds/changes.atom", 3), ("/feeds/changes.json", 3), ("/feeds/VA.atom", 4), ("/feeds/US.json", 4), ("/feeds/WY.json", 4)],
)
def test_the_number_of_statements_is_fixed(client: FlaskClient, statements: Statements, path: str, sent: int) -> None:
    client.get(path)
    assert len(statements) == sent


def test_an_edit_moves_the_feed_and_keeps_the_id(changing: FlaskClient, fresh: Database) -> None:
    publish_figures(fresh, "counted")
    before = changing.get("/feeds/VA.json")
    publish_figures(fresh, "counted", value=2)
    after = changing.get("/feeds/VA.json", headers={"If-None-Match": before.headers["ETag"]})
    (was, *_), (became, *_) = before.json["items"], after.json["items"]
    assert (became["id"], became["title"]) == (was["id"], "Virginia: 2 agencies: participation")
    assert became["date_modified"] > was["date_modified"]


def test_an_edit_elsewhere_does_not_move_the_feed(changing: FlaskClient, fresh: Database) -> None:
    before = [changing.get(f"/feeds/{code}.atom") for code in ("WA", "WY")]
    publish_figures(fresh, "counted")
    for feed, code in zip(before, ("WA", "WY"), strict=True):
        after = changing.get(f"/feeds/{code}.atom", headers={"If-None-Match": feed.headers["ETag"]})
        assert (after.status_code, after.headers["Data-Revision"]) == (304, "2")


def test_every_address_in_a_feed_answers(changing: FlaskClient, fresh: Database) -> None:
    publish_figures(fresh, "counted")
    publish_figures(fresh, retract=("counted",))
    feed = changing.get("/feeds/VA.json").json
    assert feed["items"][0]["url"].endswith("/v1/figures/counted?revision=2")
    addresses = [feed["home_page_url"], feed["feed_url"], *(item["url"] for item in feed["items"])]
    assert {changing.get(address.removeprefix(PUBLIC_URL)).status_code for address in addresses} == {200}


def test_a_retracted_thing_stays_and_says_so(changing: FlaskClient, fresh: Database) -> None:
    publish_figures(fresh, "counted")
    (id,) = set(titles(changing, "/feeds/VA.json")) - set(titles(changing, "/feeds/VA.json?revision=1"))
    publish_figures(fresh, retract=("counted",))
    assert titles(changing, "/feeds/VA.json")[id] == "Virginia: 1 agencies: participation (retracted)"


# Addresses.


def test_addresses_begin_with_what_the_operator_set(copy: Callable[[bool], str]) -> None:
    made = create_app(Settings(copy(True), "a secret of the tests", 0, public_url="https://landscape.example"))
    feed = made.test_client().get("/feeds/VA.json").json
    made.extensions["database"].dispose()
    assert {address[:33] for address in (feed["feed_url"], feed["items"][0]["url"])} == {
        "https://landscape.example/feeds/V",
        "https://landscape.example/v1/meas",
    }


@pytest.mark.parametrize("path", ["/feeds/VA.atom", "/feeds/VA.json"])
def test_no_request_can_bend_an_address(client: FlaskClient, answers: Answers, path: str) -> None:
    asked = client.get(path, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
    assert asked.data == answers[path].data


@pytest.mark.parametrize("ending", TYPES)
@pytest.mark.parametrize("ref", ["va", "Virginia", "51", "US-VA", "ocd-division/country:us/state:va"])
def test_every_form_of_an_identifier_leads_to_the_feed(client: FlaskClient, ref: str, ending: str) -> None:
    answer = client.get(f"/feeds/{ref}.{ending}?revision=1")
    assert (answer.status_code, answer.headers["Location"]) == (308, f"/feeds/VA.{ending}?revision=1")


@pytest.mark.parametrize("ending", TYPES)
def test_an_unknown_place_is_a_problem_that_helps(client: FlaskClient, ending: str) -> None:
    answer = client.get(f"/feeds/Virgina.{ending}")
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
    assert answer.json["did_you_mean"][0] == "VA"


@pytest.mark.parametrize(
    "path", ["/feeds/", "/feeds/VA", "/feeds/VA.xml", "/feeds/.atom", "/feeds/%00.atom", "/feeds/%FF.json", "/feeds/../VA.json"]
)
def test_what_is_no_feed_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_an_unknown_parameter_is_refused(client: FlaskClient) -> None:
    assert client.get("/feeds/VA.atom?limit=5").status_code == 422


def test_the_card_leads_to_the_feed(client: FlaskClient) -> None:
    assert client.get("/v1/jurisdictions/VA").json["links"]["feed"] == "/feeds/VA.atom"


@pytest.mark.parametrize(("path", "also"), [("/feeds/changes", {"304"}), ("/feeds/{code}", {"304", "308"})])
def test_the_description_has_them(client: FlaskClient, path: str, also: set[str]) -> None:
    for ending, media in TYPES.items():
        told = client.get("/openapi.json").json["paths"][f"{path}.{ending}"]["get"]["responses"]
        assert list(told["200"]["content"]) == [media.partition(";")[0]]
        assert "Data-Revision" in told["200"]["headers"]
        assert {"304", "308"} & set(told) == also
