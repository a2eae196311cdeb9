"""Test what all pages share: strict parameters, links that keep the clocks, security headers, and the response cache."""

import gzip
import re
from collections.abc import Iterator

import pytest
from flask import Flask, request_started
from flask.testing import FlaskClient

from tests.api.factories import database_url
from tests.conftest import make_app
from tests.site.markup import parse_page

pytestmark = pytest.mark.databases("sqlite")

HTML = {"Accept": "text/html"}
PAGES = (
    *("/", "/states/virginia", "/states/united-states", "/documents", "/documents/agreements-retelling-2026", "/figures", "/compare"),
    *("/measures/va-directive-2026-02-04", "/figures/us-participation-1001-agencies", "/compare?jurisdictions=VA,MD,US"),
    *(
        "/compare?jurisdictions=VA",
        "/search",
        "/search?q=jail",
        "/search?q=virgina",
        "/search?q=zzzz",
        "/check",
        "/check?sentence=Maryland+has+banned+287(g)+agreements.&as_of=2026-02-20",
        "/check?sentence=More+than+1,000+agencies+in+40+states+have+agreements.&as_of=2025-09-17",
        "/check?sentence=<script>alert(1)</script>",
        "/changes",
        "/methods",
        "/glossary",
        "/use",
        "/docs",
    ),
    *("/embed/map", "/embed/jurisdictions/VA", "/embed/jurisdictions/US", "/states/virginia?as_of=2026-02-20&revision=1"),
    *("/measures", "/measures?kind=ban&stands=yes,possible", "/measures?q=zzzz", "/agreements", "/agreements?jurisdiction=TX,FL"),
    *("/agreements?as_of=2015-01-01", "/figures?value=1,001", "/figures?value=7.5", "/diff?jurisdiction=VA", "/diff?jurisdiction=US"),
    *("/diff?jurisdiction=VT&from=2026-02-01&as_of=2026-02-02", "/changes?jurisdiction=VA&cause=correction"),
    *("/?posture=barred", "/?sort=-agreements&as_of=2015-01-01", "/figures?jurisdiction=FL&roster_check=none"),
)
"""Every kind of page, with parameters that make a difference."""


@pytest.mark.parametrize("path", PAGES)
def test_page_is_well_formed_html_with_its_own_files_only(shipped_client: FlaskClient, path: str) -> None:
    response = shipped_client.get(path, headers=HTML)
    assert (response.status_code, response.mimetype) == (200, "text/html")
    page = parse_page(response.text)
    loaded = [
        *(e.attributes["src"] for e in page.find_all("src")),
        *(e.attributes["href"] for e in page.find_named("link") if "stylesheet" in e.attributes["rel"]),
    ]
    assert [address for address in loaded if not re.match(r"/(?!/)", address)] == []
    assert {shipped_client.get(address, buffered=True).status_code for address in loaded} == {200}


@pytest.mark.parametrize("path", PAGES)
def test_page_has_no_inline_script_or_style(shipped_client: FlaskClient, path: str) -> None:
    page = parse_page(shipped_client.get(path, headers=HTML).text)
    assert not list(page.find_all("style"))
    assert page.find_named("style") == []
    inline_scripts = [script for script in page.find_named("script") if "src" not in script.attributes]
    assert all(script.attributes["type"] == "application/ld+json" for script in inline_scripts)
    assert not [name for element in page.find_all_elements() for name in element.attributes if name.startswith("on")]


@pytest.mark.parametrize("path", PAGES)
def test_page_forbids_what_it_does_not_need(shipped_client: FlaskClient, path: str) -> None:
    headers = shipped_client.get(path, headers=HTML).headers
    directives = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert (directives["default-src"], directives["script-src"], directives["base-uri"]) == ("'none'", "'self'", "'none'")
    assert directives["frame-ancestors"] == ("*" if path.startswith("/embed") else "'none'")
    assert path == "/docs" or "unsafe-inline" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", PAGES)
def test_links_of_a_page_lead_somewhere(shipped_client: FlaskClient, path: str) -> None:
    page = parse_page(shipped_client.get(path, headers=HTML).text)
    ids = set(page.values("id"))
    addresses = {element.attributes["href"] for element in page.find_named("a")}
    assert [address for address in addresses if address.startswith("#") and address[1:] not in ids] == []
    local = sorted(address.partition("#")[0] for address in addresses if address.startswith("/") and "landscape" not in address)
    # The longest pages link to hundreds of others of a kind; a few of each kind suffice.
    by_kind = {re.sub(r"=[^&]*", "=", "/".join(address.split("/")[:3])): address for address in local}
    assert {address: shipped_client.get(address).status_code for address in by_kind.values() if address} == dict.fromkeys(
        filter(None, by_kind.values()), 200
    )


def test_ids_of_a_page_are_unique(shipped_client: FlaskClient) -> None:
    for path in PAGES:
        ids = parse_page(shipped_client.get(path, headers=HTML).text).values("id")
        assert [id for id in set(ids) if ids.count(id) > 1] == [], path


def test_empty_parameters_of_forms_and_tracking_are_removed(client: FlaskClient) -> None:
    response = client.get("/states/virginia?as_of=&utm_source=x&fbclid=y&revision=1", headers=HTML)
    assert (response.status_code, response.headers["Location"]) == (302, "/states/virginia?revision=1")
    assert client.get("/?as_of=", headers=HTML).headers["Location"] == "/"


def test_misspelled_parameter_is_refused_with_a_suggestion(client: FlaskClient) -> None:
    response = client.get("/states/virginia?asof=2026-02-20", headers=HTML)
    assert response.status_code == 422
    assert "Did you mean as_of?" in response.text


def test_day_other_than_today_is_said_at_the_top(client: FlaskClient) -> None:
    page = parse_page(client.get("/states/virginia?as_of=2026-02-20", headers=HTML).text)
    banner = next(element for element in page.find_all("role") if element.attributes["role"] == "note")
    assert "This page answers for Feb. 20, 2026, not for today." in banner.text
    assert next(banner.find_all("href")).attributes["href"] == "/states/virginia"


@pytest.mark.parametrize("path", ["/search?q=jail&", "/search?", "/documents?", "/measures?", "/states/virginia?"])
def test_day_can_be_moved_at_the_head_of_a_page(client: FlaskClient, path: str) -> None:
    text = client.get(f"{path}as_of=2026-02-20", headers=HTML).text
    assert parse_page(text).find_id("as_of").attributes["value"] == "2026-02-20"
    [day_form] = re.findall(r"<form[^>]*>(?:(?!</form>).)*id=\"as_of\"", text, re.DOTALL)
    assert ('name="q" value="jail"' in day_form) == ("q=jail" in path)


def test_past_state_of_the_record_is_said_at_the_top(client: FlaskClient) -> None:
    text = client.get("/states/virginia?revision=1", headers=HTML).text
    assert "It shows the record as of revision 1" in text
    assert 'role="note"' not in client.get("/states/virginia", headers=HTML).text


def test_links_keep_the_clocks_that_the_reader_chose(client: FlaskClient) -> None:
    page = parse_page(client.get("/states/virginia?as_of=2026-02-20", headers=HTML).text)
    addresses = [element.attributes["href"] for element in page.find_id("measures").find_all("href")]
    pages = [address for address in addresses if address.startswith(("/documents", "/v1/measures"))]
    assert pages
    assert all("as_of=2026-02-20" in address for address in pages)


def test_permanent_link_pins_the_answer(client: FlaskClient) -> None:
    page = parse_page(client.get("/compare?jurisdictions=VA,MD&as_of=2026-02-20", headers=HTML).text)
    permalink = next(e.attributes["href"] for e in page.find_named("a") if e.text == "Permanent link to this answer")
    path = permalink.removeprefix("http://127.0.0.1:8000")
    assert path == "/compare?jurisdictions=VA%2CMD&as_of=2026-02-20&revision=1&rules=2&epoch=4f1c09d2ab"
    assert "immutable" in client.get(path, headers=HTML).headers["Cache-Control"]


def test_page_of_a_rule_pack_that_is_gone_links_to_the_present(client: FlaskClient) -> None:
    response = client.get("/states/virginia?rules=1", headers=HTML)
    assert response.status_code == 410
    assert 'href="/states/virginia?rules=2"' in response.text


def test_file_with_an_old_digest_leads_to_the_present_one(client: FlaskClient) -> None:
    response = client.get("/static/000000000000/site.css")
    assert response.status_code == 302
    present = client.get(response.headers["Location"])
    assert (present.status_code, present.mimetype) == (200, "text/css")
    assert "immutable" in present.headers["Cache-Control"]


@pytest.fixture
def cached_client(app: Flask) -> Iterator[FlaskClient]:
    """A client of an app with a response cache over the seeded database."""
    cached_app = make_app(database_url(app.extensions["database"]), cache_bytes=16 * 1024 * 1024)
    yield cached_app.test_client()
    cached_app.extensions["database"].dispose()


@pytest.mark.parametrize("path", ["/", "/states/virginia", "/pictures/map.svg", "/embed/map", "/sitemap.xml"])
def test_second_request_for_a_page_comes_from_the_cache(cached_client: FlaskClient, path: str) -> None:
    first = cached_client.get(path, headers=HTML)
    with request_started.connected_to(lambda *_, **__: pytest.fail("The app was called.")):
        second = cached_client.get(path, headers={**HTML, "If-None-Match": first.headers["ETag"]})
    assert (first.status_code, second.status_code) == (200, 304)


@pytest.fixture(scope="module")
def compressing_client(shipped_app: Flask) -> Iterator[FlaskClient]:
    """A client of an app with a response cache, which compresses, over the record as it ships."""
    cached_app = make_app(database_url(shipped_app.extensions["database"]), cache_bytes=16 * 1024 * 1024)
    yield cached_app.test_client()
    cached_app.extensions["database"].dispose()


@pytest.mark.parametrize("path", [path for path in PAGES if path != "/docs"] + ["/states/florida", "/states/texas"])
def test_page_is_under_100_kilobytes_with_everything(compressing_client: FlaskClient, path: str) -> None:
    response = compressing_client.get(path, headers={**HTML, "Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    files = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', gzip.decompress(response.data).decode()))
    size = len(response.data) + sum(len(compressing_client.get(file, headers={"Accept-Encoding": "gzip"}).data) for file in files)
    assert any(file.endswith(".css") for file in files)
    assert size < 100_000


@pytest.mark.parametrize("path", ["/figures/us-participation-1001-agencies", "/compare?jurisdictions=VA,MD", "/?posture=barred"])
def test_every_answer_says_how_to_cite_it(shipped_client: FlaskClient, path: str) -> None:
    page = parse_page(shipped_client.get(f"{path}{'&' if '?' in path else '?'}as_of=2026-02-20", headers=HTML).text)
    citation = page.find_id("page-citation").text
    assert citation.startswith("Legal Landscape, “")
    address = citation.rpartition(", http://127.0.0.1:8000")[2]
    assert "as_of=2026-02-20&revision=1&rules=2&epoch=4f1c09d2ab" in address
    assert shipped_client.get(address, headers=HTML).status_code == 200
