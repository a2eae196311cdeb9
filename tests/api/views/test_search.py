"""Search over HTTP: what is found, in which order, at which revision, and that no text does harm."""

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
from legal.queries.search import MOST_RANKED
from legal.schemas.search import SearchPage
from tests.api.factories import amended, faults, walked
from tests.conftest import ON_BOTH, serving
from tests.examples import examples
from tests.services import factories

Json = dict[str, Any]
Serve = Callable[[Database], FlaskClient]
PIN = "revision=1&as_of=2026-11-22"
HOSTILE = [
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


def search(client: FlaskClient, q: str, **others: Any) -> Json:
    answer = client.get("/v1/search", query_string={"q": q, **others})
    assert answer.status_code == 200, answer.text
    return answer.json


def ids(client: FlaskClient, q: str, **others: Any) -> list[str]:
    return [row["id"] for row in search(client, q, **others)["results"]]


def titled(title: str) -> Json:
    return factories.place(measures=[factories.measure(title=title)], figures=[])


@pytest.fixture
def client_of() -> Iterator[Serve]:
    """A function that gives a client of an app over a database of the test's own."""
    with ExitStack() as stack:
        yield lambda database: stack.enter_context(serving(database)).test_client()


@pytest.mark.parametrize("q", ["agreement", "Virgina jails", "washington", "zzzz"])
def test_the_answer_has_its_shape(client: FlaskClient, q: str) -> None:
    assert SearchPage().validate(search(client, q)) == {}


@pytest.mark.parametrize(("one", "other"), [("agreement", "Agreements"), ("287(g)", "287g"), ("order governor", "governors' orders")])
def test_a_word_is_found_in_any_form(client: FlaskClient, one: str, other: str) -> None:
    assert ids(client, one) == ids(client, other) != []


def test_every_word_has_to_occur(client: FlaskClient) -> None:
    assert set(ids(client, "county jails")) < set(ids(client, "county"))


def test_a_phrase_is_found_where_its_words_follow_each_other(client: FlaskClient) -> None:
    assert "va-signed-2025-2-county-jails" in ids(client, '"county jail authorities"')
    assert ids(client, '"authorities county jail"') == []


@pytest.mark.parametrize(
    ("q", "first"),
    [
        ("Spanberger", "va-directive-2026-02-04"),
        ("Dinan", "washington-times-2025-09-17"),
        ("West Virginia arrests", "wv-arrests-about-650"),
        ("va-directive-2026-02-04", "va-directive-2026-02-04"),
    ],
)
def test_people_authors_places_and_ids_are_found(client: FlaskClient, q: str, first: str) -> None:
    assert ids(client, q)[0] == first


@pytest.mark.parametrize("q", ["1,001", "1001"])
def test_a_number_is_found_as_it_is_printed_and_as_it_is_typed(client: FlaskClient, q: str) -> None:
    assert set(ids(client, q, noun="figure")) >= {"us-participation-1001-agencies", "us-participation-1001-agreements"}


@pytest.mark.parametrize("q", ["Virginia", "Virgina", "VIRGINIA", "VA"])
def test_what_is_about_virginia_comes_before_what_is_about_west_virginia(client: FlaskClient, q: str) -> None:
    found = [row["jurisdiction"] for row in search(client, q)["results"]]
    own = found.count("VA")
    assert own > 5
    assert found[:own] == ["VA"] * own


@pytest.mark.parametrize("q", ["West Virginia", "West Virgina", '"west virginia"'])
def test_west_virginia_is_not_virginia(client: FlaskClient, q: str) -> None:
    assert {row["jurisdiction"] for row in search(client, q)["results"]} == {"WV"}


@pytest.mark.parametrize(("q", "code"), [("Massachusets", "MA"), ("Marylnad", "MD"), ("Conneticut", "CT"), ("Nwe York", "NY")])
def test_a_misspelt_place_is_found_and_the_answer_says_how_it_was_read(client: FlaskClient, q: str, code: str) -> None:
    answer = search(client, q)
    assert answer["results"][0]["jurisdiction"] == code
    assert [place["code"] for place in answer["meta"]["interpreted_as"]["places"]] == [code]


def test_the_words_are_marked(client: FlaskClient) -> None:
    found = search(client, "directive")["results"][0]
    marks = {"field": "title", "text": "Governor Spanberger's <mark>directive</mark> ending state agencies' 287(g) agreements"}
    assert found["highlights"][0] == marks


def test_marked_text_is_escaped_and_a_title_is_plain(empty: Database, client_of: Serve) -> None:
    factories.load(empty, titled("<script>order</script> & peace"))
    found = search(client_of(empty), "order", noun="measure")["results"][0]
    assert found["title"] == "<script>order</script> & peace"
    assert found["highlights"][0]["text"] == "&lt;script&gt;<mark>order</mark>&lt;/script&gt; &amp; peace"


def test_the_links_lead_to_what_was_found(client: FlaskClient) -> None:
    for noun in ("measure", "figure", "document"):
        found = search(client, "2025", noun=noun, limit=1)["results"][0]
        assert client.get(found["links"]["self"]).json["id"] == found["id"]


@pytest.mark.parametrize("noun", ["measure", "figure", "document"])
def test_a_search_can_be_of_one_noun(client: FlaskClient, noun: str) -> None:
    assert {row["noun"] for row in search(client, "2025", noun=noun)["results"]} == {noun}


def test_a_search_can_be_of_several_nouns_and_places(client: FlaskClient) -> None:
    found = search(client, "agreements", noun="measure,figure", jurisdiction="Virginia,md")
    assert {row["jurisdiction"] for row in found["results"]} == {"VA", "MD"}
    assert found["meta"]["filters"] == {"q": "agreements", "noun": ["measure", "figure"], "jurisdiction": ["VA", "MD"]}


def test_a_document_has_no_place(client: FlaskClient) -> None:
    assert {row["jurisdiction"] for row in search(client, "article", noun="document")["results"]} == {None}


@pytest.mark.parametrize("q", ["nounmeasure", "jurisdictionva"])
def test_the_words_behind_the_filters_are_not_found(client: FlaskClient, q: str) -> None:
    assert ids(client, q) == []


@pytest.mark.parametrize(
    ("query", "parameter"), [("", "q"), ("q=", "q"), ("q=a&noun=origin", "noun"), ("q=a&jurisdiction=ZZ", "jurisdiction")]
)
def test_what_cannot_be_searched_for_is_refused(client: FlaskClient, query: str, parameter: str) -> None:
    answer = client.get(f"/v1/search?{query}")
    assert answer.status_code == 422
    assert any(name.startswith(parameter) for name in faults(answer))


@ON_BOTH
@pytest.mark.parametrize("q", HOSTILE)
def test_any_text_is_safe(client: FlaskClient, q: str) -> None:
    search(client, q)


@ON_BOTH
@examples(5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200))
def test_no_text_is_an_error(client: FlaskClient, q: str) -> None:
    assert client.get("/v1/search", query_string={"q": q}).status_code in (200, 422)


def test_nothing_to_look_for_finds_nothing(client: FlaskClient) -> None:
    assert search(client, "!!!")["results"] == []


def test_a_walk_gives_every_result_once_in_the_order_of_the_whole(client: FlaskClient) -> None:
    whole = ids(client, "agreements", limit=200)
    assert [row["id"] for row in walked(client, "/v1/search?q=agreements&limit=7")] == whole
    assert search(client, "agreements")["count"] == len(whole) == len(set(whole))


def test_a_cursor_of_another_search_is_refused(client: FlaskClient) -> None:
    following = search(client, "agreements", limit=1)["next"]
    assert client.get(following.replace("q=agreements", "q=sheriffs")).status_code == 422


def test_csv_and_ndjson_have_the_rows_of_json(client: FlaskClient) -> None:
    whole = search(client, "Virgina jails")["results"]
    lines = client.get("/v1/search?q=Virgina+jails&format=ndjson").text.splitlines()
    rows = list(csv.DictReader(io.StringIO(client.get("/v1/search?q=Virgina+jails&format=csv").text)))
    assert [json.loads(line) for line in lines] == whole
    assert [(row["id"], json.loads(row["highlights"])) for row in rows] == [(row["id"], row["highlights"]) for row in whole]


@ON_BOTH
def test_an_old_revision_answers_as_it_did(fresh: Database, client_of: Serve) -> None:
    client = client_of(fresh)
    questions = [f"/v1/search?{PIN}&q={q}&limit=200" for q in ("agreements", "Virgina", "order", "directive")]
    before = [client.get(question).data for question in questions]
    amended(fresh, "VA", "An order about agreements in Virginia")
    assert [client.get(question).data for question in questions] == before


@ON_BOTH
def test_an_edit_is_found_by_its_new_words_from_its_revision_on(empty: Database, client_of: Serve) -> None:
    factories.load(empty, titled("A directive"))
    factories.load(empty, titled("A moratorium"))
    client = client_of(empty)
    found = {q: [ids(client, q, revision=revision) for revision in (1, 2)] for q in ("directive", "moratorium")}
    assert found == {"directive": [["va-order"], []], "moratorium": [[], ["va-order"]]}


def test_the_answer_is_kept_by_caches_and_says_its_moment(client: FlaskClient) -> None:
    answer = client.get(f"/v1/search?q=order&{PIN}")
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Data-Revision"] == "1"
    assert answer.json["meta"]["as_of"] == "2026-11-22"


@pytest.mark.parametrize(("query", "count"), [("q=agreements", 4), ("q=zzzz", 4), ("q=agreements&jurisdiction=VA&noun=figure&limit=1", 5)])
def test_a_search_takes_a_fixed_number_of_statements(client: FlaskClient, statements: list[str], query: str, count: int) -> None:
    assert client.get(f"/v1/search?{query}").status_code == 200
    assert len(statements) == count


@ON_BOTH
def test_of_more_than_a_thousand_the_newest_are_ranked_and_the_answer_says_so(empty: Database, client_of: Serve) -> None:
    factories.load(empty)
    row = {"noun": "measure", "jurisdiction": "VA", "revision_from": 1, "revision_to": None, "title": "An agreement", "texts": []}
    stems = {"title_stems": "an agreement", "body_stems": "", "tags": "nounmeasure jurisdictionva"}
    client = client_of(empty)
    assert search(client, "agreement")["meta"]["complete"] is True
    with empty.transaction() as session:
        session.execute(insert(SearchEntry), [{**row, **stems, "id": f"m-{number}"} for number in range(MOST_RANKED)])
    answer = search(client, "agreement")
    assert (answer["count"], answer["meta"]["complete"]) == (MOST_RANKED, False)
    assert "va-order" not in [found["id"] for found in walked(client, "/v1/search?q=agreement&limit=200")]


def test_it_is_described_with_an_example(client: FlaskClient) -> None:
    operation = client.get("/openapi.json").json["paths"]["/v1/search"]["get"]
    q = next(parameter for parameter in operation["parameters"] if parameter["name"] == "q")
    assert (operation["operationId"], q["required"], q["schema"]["example"] if "example" in q["schema"] else q["example"]) == (
        "search",
        True,
        'Virgina "county jails"',
    )
