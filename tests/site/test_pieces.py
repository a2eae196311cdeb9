"""Test the pieces for other pages: embeds, pictures and oEmbed."""

import base64
import hashlib
import struct
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient

from legal.site.pictures import PICTURE_SIZE, wrap_headline
from tests.site.markup import parse_page

pytestmark = pytest.mark.databases("sqlite")

HTML = {"Accept": "text/html"}
ORIGIN = "http://127.0.0.1:8000"


def test_embed_of_a_state_has_headline_day_and_source_in_the_picture(shipped_client: FlaskClient) -> None:
    card = shipped_client.get("/v1/jurisdictions/NM?as_of=2026-11-25").json
    page = parse_page(shipped_client.get("/embed/jurisdictions/NM?as_of=2026-11-25", headers=HTML).text)
    assert " ".join(card["headline"]["text"].split()) in page.text
    assert page.values("data-posture") == [card["posture"]["value"]]
    assert "Legal Landscape, as of Nov. 25, 2026, revision 1" in page.text
    assert page.find_named("script") == []


def test_embed_by_another_identifier_redirects(client: FlaskClient) -> None:
    assert client.get("/embed/jurisdictions/virginia").headers["Location"] == "/embed/jurisdictions/VA"


def test_embed_of_the_nation_claims_no_posture(client: FlaskClient) -> None:
    page = parse_page(client.get("/embed/jurisdictions/US", headers=HTML).text)
    assert "Federal law is the background, not a stance." in page.text
    assert page.values("data-posture") == []


def test_map_embed_has_the_citation_in_the_picture(shipped_client: FlaskClient) -> None:
    page = parse_page(shipped_client.get("/embed/map?as_of=2026-11-25", headers=HTML).text)
    picture = page.find_named("svg")[0].text
    assert "Legal Landscape, as of Nov. 25, 2026, revision 1" in picture
    assert "ICE’s roster of May 18, 2026" in picture
    assert {link.attributes["target"] for link in page.find_named("a")} == {"_top"}


@pytest.mark.parametrize(
    "path", ["/pictures/map", "/pictures/states/virginia", "/pictures/states/california", "/pictures/states/united-states"]
)
def test_svg_picture_stands_alone_with_its_source(shipped_client: FlaskClient, path: str) -> None:
    response = shipped_client.get(f"{path}.svg?as_of=2026-11-25")
    assert response.mimetype == "image/svg+xml"
    root = ET.fromstring(response.text)  # noqa: S314 - our own picture
    text = " ".join(root.itertext())
    assert "Legal Landscape, as of Nov. 25, 2026, revision 1" in text
    assert f"{ORIGIN}/" in text
    style = root.find("{http://www.w3.org/2000/svg}style")
    assert style is not None
    digest = base64.b64encode(hashlib.sha256((style.text or "").encode()).digest()).decode()
    assert f"'sha256-{digest}'" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/pictures/map.png", "/pictures/states/virginia.png", "/pictures/states/united-states.png"])
def test_png_picture_has_the_promised_width(shipped_client: FlaskClient, path: str) -> None:
    response = shipped_client.get(path)
    assert response.mimetype == "image/png"
    assert response.data[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">I", response.data[16:20])[0] == PICTURE_SIZE[0]
    assert "inline" in response.headers["Content-Disposition"]


def test_picture_shows_its_words(shipped_client: FlaskClient) -> None:
    first, second = (shipped_client.get(f"/pictures/states/{slug}.png").data for slug in ("maine", "oregon"))
    assert first != second
    assert len(first) > 20_000  # without a font, only rules and a shape would be left


def test_long_headline_is_set_smaller_until_it_fits() -> None:
    short_size, short_lines = wrap_headline("Short.")
    long_size, long_lines = wrap_headline("many words " * 60)
    assert (short_size, short_lines) == (38, ["Short."])
    assert long_size < short_size
    assert wrap_headline("words " * 2000)[0] == 21
    assert " ".join(long_lines).split() == ("many words " * 60).split()


@pytest.mark.parametrize(
    ("url", "source"),
    [
        (f"{ORIGIN}/", f"{ORIGIN}/embed/map"),
        (ORIGIN, f"{ORIGIN}/embed/map"),
        (f"{ORIGIN}/states/virginia", f"{ORIGIN}/embed/jurisdictions/VA"),
        (f"{ORIGIN}/states/virginia?as_of=2026-02-20", f"{ORIGIN}/embed/jurisdictions/VA?as_of=2026-02-20"),
        (f"{ORIGIN}/embed/jurisdictions/VA", f"{ORIGIN}/embed/jurisdictions/VA"),
    ],
)
def test_oembed_gives_the_frame_for_an_address(client: FlaskClient, url: str, source: str) -> None:
    answer = client.get("/oembed", query_string={"url": url, "maxwidth": 300, "format": "json"}).json
    assert (answer["version"], answer["type"], answer["width"]) == ("1.0", "rich", 300)
    frame = parse_page(answer["html"]).find_named("iframe")[0]
    assert (frame.attributes["src"], frame.attributes["width"]) == (source, "300")
    assert client.get(source.removeprefix(ORIGIN)).status_code == 200
    assert client.get(answer["thumbnail_url"].removeprefix(ORIGIN)).mimetype == "image/png"


@pytest.mark.parametrize(
    ("parameters", "status"), [({"url": "http://x/methods"}, 404), ({"url": "http://x/", "format": "xml"}, 501), ({}, 422)]
)
def test_oembed_refuses_what_has_no_embed(client: FlaskClient, parameters: dict[str, str], status: int) -> None:
    assert client.get("/oembed", query_string=parameters).status_code == status


@pytest.mark.parametrize("path", ["/", "/states/virginia"])
def test_page_is_discovered_by_an_oembed_consumer(client: FlaskClient, path: str) -> None:
    links = parse_page(client.get(path, headers=HTML).text).find_named("link")
    address = next(link.attributes["href"] for link in links if link.attributes.get("type") == "application/json+oembed")
    assert client.get(address.removeprefix(ORIGIN)).json["type"] == "rich"


def test_open_graph_picture_is_pinned_and_exists(client: FlaskClient) -> None:
    metas = parse_page(client.get("/states/virginia", headers=HTML).text).find_named("meta")
    properties = {meta.attributes["property"]: meta.attributes["content"] for meta in metas if "property" in meta.attributes}
    picture = client.get(properties["og:image"].removeprefix(ORIGIN))
    assert picture.mimetype == "image/png"
    assert "immutable" in picture.headers["Cache-Control"]
