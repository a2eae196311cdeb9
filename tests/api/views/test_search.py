"""Test search over HTTP: matches, order, revisions, and hostile text."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlalchemy import insert

from legal.db.engine import Database
from legal.models import SearchEntry
from legal.queries.search import MAX_RANKED_HITS
from legal.schemas.search import SearchPage
from tests.api.factories import faults_by_parameter, publish_edited_title, walk_pages
from tests.conftest import ON_BOTH_BACKENDS, open_app
from tests.examples import examples
from tests.services import factories

Json = dict[str, Any]
CreateClient = Callable[[Database], FlaskClient]
PINNED_QUERY = "revision=1&as_of=2026-11-22&rules=2"
HOSTILE_TEXTS = [
    '"',
    '""""',
    "' OR 1=1 --",
    "AND",
    "NEAR(a b, 2)",
    "title_stems : x",
    "{tags} : nounmeasure",
    "^order*",
    "a & ! | ( <->",
    "it's:*",
    "\\'\\",
    "%_%",
    ":query",
    "%(query)s",
    "½ ﱞ ２８７",
    "\ufdfa" * 200,
    "x" * 200,
    "a " * 100,
    "word1 " * 33,
    " ".join(map(str, range(66))),
    "\U0001f600",
    "نص عربي 中文 ไทย",
    "0x1f 1e5 -1 +1 1.5.2",
]


def search_json(client: FlaskClient, q: str, **parameters: Any) -> Json:
    """Return the result page of a search."""
    response = client.get("/v1/search", query_string={"q": q, **parameters})
    assert response.status_code == 200, response.text
    return dict(response.json)


def found_ids(client: FlaskClient, q: str, **parameters: Any) -> list[str]:
    """Return the ids of the results of a search."""
    return [row["id"] for row in search_json(client, q, **parameters)["results"]]


def jurisdiction_with_title(title: str) -> Json:
    return factories.jurisdiction_file(measures=[factories.measure_json(title=title)], figures=[])


@pytest.fixture
def create_client() -> Iterator[CreateClient]:
    """A function that creates a client of an app over a database."""
    with ExitStack() as stack:
        yield lambda database: stack.enter_context(open_app(database)).test_client()


@pytest.mark.parametrize("q", ["agreement", "Virgina jails", "washington", "zzzz"])
def test_result_page_matches_its_schema(client: FlaskClient, q: str) -> None:
    assert SearchPage().validate(search_json(client, q)) == {}


@pytest.mark.parametrize(("q", "other_form"), [("agreement", "Agreements"), ("287(g)", "287g"), ("order governor", "governors' orders")])
def test_word_matches_in_any_form(client: FlaskClient, q: str, other_form: str) -> None:
    assert found_ids(client, q) == found_ids(client, other_form) != []


def test_every_word_must_occur(client: FlaskClient) -> None:
    assert set(found_ids(client, "county jails")) < set(found_ids(client, "county"))


def test_phrase_matches_only_consecutive_words(client: FlaskClient) -> None:
    assert "va-signed-2025-2-county-jails" in found_ids(client, '"county jail authorities"')
    assert found_ids(client, '"authorities county jail"') == []


@pytest.mark.parametrize(
    ("q", "first"),
    [
        ("Spanberger", "va-directive-2026-02-04"),
        ("Dinan", "washington-times-2025-09-17"),
        ("West Virginia arrests", "wv-arrests-about-650"),
        ("va-directive-2026-02-04", "va-directive-2026-02-04"),
    ],
)
def test_names_authors_jurisdictions_and_ids_are_found(client: FlaskClient, q: str, first: str) -> None:
    assert found_ids(client, q)[0] == first


@pytest.mark.parametrize("q", ["1,001", "1001"])
def test_number_matches_with_and_without_separators(client: FlaskClient, q: str) -> None:
    assert set(found_ids(client, q, noun="figure")) >= {"us-participation-1001-agencies", "us-participation-1001-agreements"}


@pytest.mark.parametrize("q", ["Virginia", "Virgina", "VIRGINIA", "VA"])
def test_virginia_comes_before_west_virginia(client: FlaskClient, q: str) -> None:
    codes = [row["jurisdiction"] for row in search_json(client, q)["results"]]
    count = codes.count("VA")
    assert count > 5
    assert codes[:count] == ["VA"] * count


@pytest.mark.parametrize("q", ["West Virginia", "West Virgina", '"west virginia"'])
def test_west_virginia_does_not_match_virginia(client: FlaskClient, q: str) -> None:
    assert {row["jurisdiction"] for row in search_json(client, q)["results"]} == {"WV"}


@pytest.mark.parametrize(("q", "code"), [("Massachusets", "MA"), ("Marylnad", "MD"), ("Conneticut", "CT"), ("Nwe York", "NY")])
def test_misspelled_jurisdiction_is_found_and_interpreted(client: FlaskClient, q: str, code: str) -> None:
    page = search_json(client, q)
    assert page["results"][0]["jurisdiction"] == code
    assert [place["code"] for place in page["meta"]["interpreted_as"]["places"]] == [code]


def test_matched_words_are_marked(client: FlaskClient) -> None:
    row = search_json(client, "directive")["results"][0]
    highlight = {"field": "title", "text": "Governor Spanberger's <mark>directive</mark> to state agencies on five 287(g) agreements"}
    assert row["highlights"][0] == highlight


def test_highlight_is_escaped_html_and_title_is_plain_text(empty_db: Database, create_client: CreateClient) -> None:
    factories.load_small_seeds(empty_db, jurisdiction_with_title("<script>order</script> & peace"))
    row = search_json(create_client(empty_db), "order", noun="measure")["results"][0]
    assert row["title"] == "<script>order</script> & peace"
    assert row["highlights"][0]["text"] == "&lt;script&gt;<mark>order</mark>&lt;/script&gt; &amp; peace"


def test_links_lead_to_the_results(client: FlaskClient) -> None:
    for noun in ("measure", "figure", "document"):
        row = search_json(client, "2025", noun=noun, limit=1)["results"][0]
        assert client.get(row["links"]["self"]).json["id"] == row["id"]


@pytest.mark.parametrize("noun", ["measure", "figure", "document"])
def test_search_can_be_limited_to_one_noun(client: FlaskClient, noun: str) -> None:
    assert {row["noun"] for row in search_json(client, "2025", noun=noun)["results"]} == {noun}


def test_search_can_be_limited_to_several_nouns_and_jurisdictions(client: FlaskClient) -> None:
    page = search_json(client, "agreements", noun="measure,figure", jurisdiction="Virginia,md")
    assert {row["jurisdiction"] for row in page["results"]} == {"VA", "MD"}
    assert page["meta"]["filters"] == {"q": "agreements", "noun": ["measure", "figure"], "jurisdiction": ["VA", "MD"]}


def test_document_has_no_jurisdiction(client: FlaskClient) -> None:
    assert {row["jurisdiction"] for row in search_json(client, "article", noun="document")["results"]} == {None}


@pytest.mark.parametrize("q", ["nounmeasure", "jurisdictionva"])
def test_internal_filter_words_are_not_found(client: FlaskClient, q: str) -> None:
    assert found_ids(client, q) == []


@pytest.mark.parametrize(
    ("query", "parameter"), [("", "q"), ("q=", "q"), ("q=a&noun=origin", "noun"), ("q=a&jurisdiction=ZZ", "jurisdiction")]
)
def test_invalid_parameter_is_refused(client: FlaskClient, query: str, parameter: str) -> None:
    response = client.get(f"/v1/search?{query}")
    assert response.status_code == 422
    assert any(name.startswith(parameter) for name in faults_by_parameter(response))


@ON_BOTH_BACKENDS
def test_hostile_texts_cause_no_error(client: FlaskClient) -> None:
    responses = {q: client.get("/v1/search", query_string={"q": q}) for q in HOSTILE_TEXTS}
    assert [(q, response.text) for q, response in responses.items() if response.status_code != 200] == []


@ON_BOTH_BACKENDS
@examples(5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200))
def test_no_text_causes_an_error(client: FlaskClient, q: str) -> None:
    assert client.get("/v1/search", query_string={"q": q}).status_code in (200, 422)


def test_search_without_words_has_no_results(client: FlaskClient) -> None:
    assert search_json(client, "!!!")["results"] == []


def test_pages_contain_every_result_once_and_in_order(client: FlaskClient) -> None:
    ids = found_ids(client, "agreements", limit=200)
    assert [row["id"] for row in walk_pages(client, "/v1/search?q=agreements&limit=7")] == ids
    assert search_json(client, "agreements")["count"] == len(ids) == len(set(ids))


def test_cursor_of_another_search_is_refused(client: FlaskClient) -> None:
    next_url = search_json(client, "agreements", limit=1)["next"]
    assert client.get(next_url.replace("q=agreements", "q=sheriffs")).status_code == 422


def test_csv_and_ndjson_have_the_rows_of_json(client: FlaskClient) -> None:
    json_rows = search_json(client, "Virgina jails")["results"]
    lines = client.get("/v1/search?q=Virgina+jails&format=ndjson").text.splitlines()
    csv_rows = list(csv.DictReader(io.StringIO(client.get("/v1/search?q=Virgina+jails&format=csv").text)))
    assert [json.loads(line) for line in lines] == json_rows
    texts = ["; ".join(f"field: {part['field']}, text: {part['text']}" for part in row["highlights"]) for row in json_rows]
    assert [(row["id"], row["highlights"]) for row in csv_rows] == list(zip([row["id"] for row in json_rows], texts, strict=True))


def test_download_of_a_search_has_every_result(client: FlaskClient) -> None:
    count = search_json(client, "states")["count"]
    assert len(client.get("/v1/search?q=states&format=ndjson").text.splitlines()) == count > 50


@ON_BOTH_BACKENDS
def test_old_revision_keeps_its_results_after_an_edit(writable_seeded_db: Database, create_client: CreateClient) -> None:
    client = create_client(writable_seeded_db)
    urls = [f"/v1/search?{PINNED_QUERY}&q={q}&limit=200" for q in ("agreements", "Virgina", "order", "directive")]
    bodies_before = [client.get(url).data for url in urls]
    publish_edited_title(writable_seeded_db, "VA", "An order about agreements in Virginia")
    assert [client.get(url).data for url in urls] == bodies_before


@ON_BOTH_BACKENDS
def test_edited_text_is_found_from_its_revision_on(empty_db: Database, create_client: CreateClient) -> None:
    factories.load_small_seeds(empty_db, jurisdiction_with_title("A directive"))
    factories.load_small_seeds(empty_db, jurisdiction_with_title("A moratorium"))
    client = create_client(empty_db)
    ids = {q: [found_ids(client, q, revision=revision) for revision in (1, 2)] for q in ("directive", "moratorium")}
    assert ids == {"directive": [["va-order"], []], "moratorium": [[], ["va-order"]]}


def test_pinned_search_is_immutable_and_has_its_snapshot(client: FlaskClient) -> None:
    response = client.get(f"/v1/search?q=order&{PINNED_QUERY}")
    assert "immutable" in response.headers["Cache-Control"]
    assert response.headers["Data-Revision"] == "1"
    assert response.json["meta"]["as_of"] == "2026-11-22"


@pytest.mark.parametrize(("query", "count"), [("q=agreements", 4), ("q=zzzz", 4), ("q=agreements&jurisdiction=VA&noun=figure&limit=1", 5)])
def test_search_sends_a_fixed_number_of_statements(client: FlaskClient, statements: list[str], query: str, count: int) -> None:
    assert client.get(f"/v1/search?{query}").status_code == 200
    assert len(statements) == count


@ON_BOTH_BACKENDS
def test_only_the_newest_hits_are_ranked_and_the_page_is_incomplete(empty_db: Database, create_client: CreateClient) -> None:
    factories.load_small_seeds(empty_db)
    row = {"noun": "measure", "jurisdiction": "VA", "revision_from": 1, "revision_to": None, "title": "An agreement", "texts": []}
    stems = {"title_stems": "an agreement", "body_stems": "", "tags": "nounmeasure jurisdictionva"}
    client = create_client(empty_db)
    assert search_json(client, "agreement")["meta"]["complete"] is True
    with empty_db.transaction() as session:
        session.execute(insert(SearchEntry), [{**row, **stems, "id": f"m-{number}"} for number in range(MAX_RANKED_HITS)])
    page = search_json(client, "agreement")
    assert (page["count"], page["meta"]["complete"]) == (MAX_RANKED_HITS, False)
    assert "va-order" not in [row["id"] for row in walk_pages(client, "/v1/search?q=agreement&limit=200")]


def test_openapi_description_has_an_example_query(client: FlaskClient) -> None:
    operation = client.get("/openapi.json").json["paths"]["/v1/search"]["get"]
    q = next(parameter for parameter in operation["parameters"] if parameter["name"] == "q")
    assert (operation["operationId"], q["required"], q["schema"]["example"] if "example" in q["schema"] else q["example"]) == (
        "search",
        True,
        'Virgina "county jails"',
    )


def test_jurisdiction_is_the_first_result_for_its_name(client: FlaskClient) -> None:
    row = search_json(client, "Virgina")["results"][0]
    assert (row["noun"], row["id"], row["title"], row["links"]["self"]) == ("jurisdiction", "VA", "Virginia", "/v1/jurisdictions/VA")
    assert row["highlights"] == [{"field": "title", "text": "<mark>Virginia</mark>"}]


@pytest.mark.parametrize(
    ("q", "filters", "ids"),
    [
        ("virginia", {"noun": "jurisdiction"}, ["VA", "WV"]),
        ("virginia", {"noun": "jurisdiction", "jurisdiction": "WV"}, ["WV"]),
        ("Washington DC", {"noun": "jurisdiction"}, ["DC"]),
        ("zzzz", {"noun": "jurisdiction"}, []),
        ("¿?", {"noun": "jurisdiction"}, []),
    ],
)
def test_jurisdictions_are_filtered_like_other_results(client: FlaskClient, q: str, filters: dict[str, str], ids: list[str]) -> None:
    assert found_ids(client, q, **filters) == ids


def test_query_with_other_words_finds_no_jurisdiction(client: FlaskClient) -> None:
    assert "jurisdiction" not in {row["noun"] for row in search_json(client, "Virginia jails")["results"]}


def test_number_of_the_section_is_found_in_any_spelling(client: FlaskClient) -> None:
    spellings = ("287(g)", "287g", "287 g", "287 (g)", "No. 287(g)", "Section 287(g)")
    assert len({tuple(sorted(found_ids(client, q, limit=200))) for q in spellings}) == 1
