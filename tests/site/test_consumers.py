"""Test with the software of others, over HTTP, that what pages offer can be read: feeds, embeds, citations, structured data."""

import json
import threading
from collections.abc import Iterator
from urllib.request import Request, urlopen

import bibtexparser
import feedparser
import micawber
import pytest
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from pydantic import ValidationError
from werkzeug.serving import make_server

from legal.db.engine import Database
from tests.api.factories import database_url
from tests.conftest import make_app
from tests.site.markup import Element, parse_page
from tests.site.schema_org import validate_structured_data

# The server's answers are tested on both databases elsewhere.
pytestmark = pytest.mark.databases("sqlite")


@pytest.fixture(scope="module")
def server_url(shipped_db: Database) -> Iterator[str]:
    """The public address of a running server over the record as it ships."""
    app = make_app(database_url(shipped_db), cache_bytes=32 * 1024 * 1024)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    url = f"http://127.0.0.1:{server.server_port}"
    app.config.update(PUBLIC_URL=url, LINK_BASE=url)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield url
    server.shutdown()
    thread.join()
    server.server_close()
    app.extensions["database"].dispose()


def fetch(url: str) -> str:
    """Return the text at an address."""
    with urlopen(Request(url, headers={"Accept": "text/html"})) as response:  # noqa: S310 - a server of the test
        return str(response.read().decode())


def fetch_page(url: str) -> Element:
    """Return the tree of the page at an address."""
    return parse_page(fetch(url))


def head_links(page: Element, media_type: str) -> list[str]:
    """Return the addresses in the head of a page that lead to a media type."""
    return [link.attributes["href"] for link in page.find_named("link") if link.attributes.get("type") == media_type]


@pytest.mark.parametrize(("path", "count"), [("/", 1), ("/states/virginia", 2)])
def test_feed_reader_subscribes_from_a_page(server_url: str, path: str, count: int) -> None:
    addresses = head_links(fetch_page(server_url + path), "application/atom+xml")
    assert len(addresses) == count
    for address in addresses:
        feed = feedparser.parse(server_url + address)
        assert (feed.bozo, feed.status) == (False, 200)
        assert feed.entries
        assert all(entry.link.startswith(f"{server_url}/") for entry in feed.entries)
        assert feedparser.parse(server_url + address, etag=feed.etag).status == 304


@pytest.mark.parametrize("path", ["/", "/states/virginia", "/states/virginia?as_of=2026-02-20"])
def test_oembed_consumer_embeds_the_address_of_a_page(server_url: str, path: str) -> None:
    (address,) = head_links(fetch_page(server_url + path), "application/json+oembed")
    consumer = micawber.ProviderRegistry()
    consumer.register(f"{server_url}.*", micawber.Provider(address.partition("?")[0]))
    article = micawber.parse_text(f"The state of affairs:\n\n{server_url}{path}\n\nMore text.", consumer, maxwidth=600)
    (frame,) = parse_page(article).find_named("iframe")
    assert int(frame.attributes["width"]) <= 600
    embed = fetch_page(frame.attributes["src"])
    assert "Legal Landscape, as of" in embed.text
    assert ("Feb. 20, 2026" in embed.text) == path.endswith("2026-02-20")


def test_oembed_consumer_is_told_what_cannot_be_embedded(server_url: str) -> None:
    with pytest.raises(micawber.ProviderHTTPException):
        micawber.Provider(f"{server_url}/oembed").request(f"{server_url}/methods")


def citation_address(page: Element, name: str) -> str:
    """Return the address of a citation that a page offers under a name."""
    return next(e.attributes["href"] for e in page.find_named("a") if e.text == f"Download {name}")


@pytest.mark.parametrize("slug", ["virginia", "district-of-columbia", "united-states"])
def test_bibtex_parser_reads_the_citation_of_a_page(server_url: str, slug: str) -> None:
    page = fetch_page(f"{server_url}/states/{slug}")
    library = bibtexparser.parse_string(fetch(server_url + citation_address(page, "BibTeX")))
    (entry,) = library.entries
    assert not library.failed_blocks
    assert fetch_page(entry["url"]).find_named("h1")[0].text == page.find_named("h1")[0].text


def test_citeproc_formats_the_citation_of_a_page(server_url: str) -> None:
    page = fetch_page(f"{server_url}/states/maryland?as_of=2026-02-20")
    items = json.loads(fetch(server_url + citation_address(page, "CSL-JSON")))
    bibliography = CitationStylesBibliography(
        CitationStylesStyle("harvard-cite-them-right", validate=False), CiteProcJSON(items), formatter.plain
    )
    bibliography.register(Citation([CitationItem(items[0]["id"])]))
    text = str(bibliography.bibliography()[0])
    assert "Legal Landscape" in text
    assert "Maryland" in text
    assert fetch_page(items[0]["URL"]).find_named("h1")[0].text == "Maryland"


def structured_data(page: Element) -> dict[str, object] | None:
    """Return the structured data of a page, or None."""
    texts = [script.text for script in page.find_named("script") if script.attributes.get("type") == "application/ld+json"]
    return json.loads(texts[0]) if texts else None


def test_structured_data_of_all_pages_is_valid(server_url: str) -> None:
    pages = [
        address for address in fetch(f"{server_url}/sitemap.xml").split("<loc>")[1:] if "/states/" in address or "/figures/" in address
    ]
    found = [structured_data(fetch_page(f"{server_url}/"))]
    found += [structured_data(fetch_page(address.partition("<")[0])) for address in pages]
    valid = [data for data in found if data]
    for data in valid:
        validate_structured_data(data)
    types = [data["@type"] for data in valid]
    assert types.count("Dataset") == 58
    assert types.count("ClaimReview") > 5


@pytest.mark.parametrize(
    "data",
    [
        {"@type": "Dataset", "legislationType": "Ban"},
        {"@type": "Legislation", "legislationLegalForce": "https://schema.org/Maybe"},
        {"@type": "Dataset", "hasPart": [{"@type": "Organization", "name": "not a creative work"}]},
        {"@type": "Dataset", "dateModified": 5},
    ],
)
def test_validator_refuses_what_the_vocabulary_does_not_have(data: dict[str, object]) -> None:
    with pytest.raises((ValidationError, ValueError, TypeError)):
        validate_structured_data({"@context": "https://schema.org", **data})
