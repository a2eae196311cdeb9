"""Test the page that checks a sentence: what it shows equals the API's answer, and it works as a plain form."""

import pytest
from flask.testing import FlaskClient

from tests.site.markup import parse_page

pytestmark = pytest.mark.databases("sqlite")

CASES = [
    ("Maryland has banned 287(g) agreements.", "2026-02-20"),
    ("Maryland has banned 287(g) agreements.", "2026-11-25"),
    ("More than 1,000 agencies in 40 states have agreements.", "2025-09-17"),
    ("California and Oregon ban 287(g) agreements. Texas has 304 agreements.", "2026-02-20"),
    ("Should Texas ban 287(g)?", "2026-02-20"),
    ("<b>Oregon</b>", "2026-02-20"),
]


@pytest.mark.parametrize(("sentence", "day"), CASES)
def test_page_shows_what_the_api_answers(shipped_client: FlaskClient, sentence: str, day: str) -> None:
    answer = shipped_client.post("/v1/check", json={"sentence": sentence, "as_of": day}).json
    page = parse_page(shipped_client.get("/check", query_string={"sentence": sentence, "as_of": day}).text)
    verdict = page.find_id("verdict")
    assert (verdict.attributes["data-verdict"], verdict.attributes["data-day"]) == (answer["verdict"], answer["day"])
    claims = list(verdict.find_all("data-claim"))
    shown = [tuple(claim.attributes[f"data-{name}"] or None for name in ("about", "jurisdiction", "verdict")) for claim in claims]
    assert shown == [(claim["about"], claim["jurisdiction"], claim["verdict"]) for claim in answer["claims"]]
    assert all(claim["reason"] in element.text for claim, element in zip(answer["claims"], claims, strict=True))
    assert len(list(verdict.find_all("data-document"))) == len(answer["citations"])
    assert answer["wording"] is None or page.find_id("wording").text == answer["wording"]


def test_form_keeps_the_sentence_and_the_clocks(shipped_client: FlaskClient) -> None:
    text = shipped_client.get("/check?sentence=Is+<b>+so%3F&as_of=2026-02-20&revision=1").text
    page = parse_page(text)
    assert page.find_id("sentence").text == "Is <b> so?"
    assert page.find_id("as_of").attributes["value"] == "2026-02-20"
    assert '<input type="hidden" name="revision" value="1">' in text
    assert "<b> so" not in text


def test_page_without_a_sentence_offers_some_to_try(shipped_client: FlaskClient) -> None:
    page = parse_page(shipped_client.get("/check").text)
    addresses = [element.attributes["href"] for element in page.find_named("a") if "sentence=" in element.attributes["href"]]
    assert len(addresses) == 3
    assert {shipped_client.get(address).status_code for address in addresses} == {200}


def test_too_long_a_text_is_refused_as_a_page(shipped_client: FlaskClient) -> None:
    for text in ("a" * 1001, "No. Yes. " * 4):
        response = shipped_client.get("/check", query_string={"sentence": text}, headers={"Accept": "text/html"})
        assert (response.status_code, response.mimetype) == (422, "text/html")


@pytest.mark.parametrize("clocks", ["", "&as_of=2026-11-25&revision=1"])
def test_links_of_a_verdict_ask_about_the_day_that_the_sentence_names(shipped_client: FlaskClient, clocks: str) -> None:
    page = parse_page(shipped_client.get(f"/check?sentence=Maryland+banned+287(g)+agreements+on+February+20,+2026.{clocks}").text)
    assert page.find_id("verdict").attributes["data-day"] == "2026-02-20"
    addresses = [element.attributes["href"] for element in page.find_id("verdict").find_named("a")]
    own_addresses = [address for address in addresses if address.startswith(("/states/", "/measures/"))]
    assert len(own_addresses) > 1
    assert all("as_of=2026-02-20" in address and "as_of=2026-11-25" not in address for address in own_addresses)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("Maryland banned it on February 20, 2026", "2026-02-20"),
        ("Texas bans", "2025-01-01"),
        ("March 1, 2025 or May 2, 2025", "2025-01-01"),
    ],
)
def test_search_leads_to_the_check_on_the_day_that_the_words_name(shipped_client: FlaskClient, words: str, day: str) -> None:
    page = parse_page(shipped_client.get("/search", query_string={"q": words, "as_of": "2025-01-01"}).text)
    [address] = [element.attributes["href"] for element in page.find_named("a") if "sentence=" in element.attributes["href"]]
    assert f"as_of={day}" in address
    assert address.count("as_of") == 1


def test_menu_and_search_lead_to_the_check(shipped_client: FlaskClient) -> None:
    assert 'href="/check"' in shipped_client.get("/").text
    assert 'href="/check?sentence=Texas+bans"' in shipped_client.get("/search?q=Texas+bans").text
