"""What every answer shares: its shape, its cost, its envelope, its order, its pages."""

import json

import pytest
from flask.testing import FlaskClient

from legal.schemas.jurisdiction import CardSchema
from tests.api.factories import DIRECTIVE, DOCUMENT, FIGURE, LISTS, READS, SINGLES, faults, walked
from tests.conftest import Statements

VARIANTS = {
    "/v1/jurisdictions": [
        "limit=200",
        "limit=1",
        "q=nowhere",
        "sort=-posture&limit=5",
        "as_of=2020-01-01&limit=5",
        "kind=ban,litigation&limit=5",
    ],
    "/v1/measures": [
        "limit=200",
        "limit=1",
        "q=nowhere",
        "sort=-effective&limit=5",
        "as_of=2020-01-01&limit=5",
        "stands=yes,possible&limit=5",
        f"document={DOCUMENT}&limit=5",
    ],
    "/v1/figures": [
        "limit=200",
        "limit=1",
        "metric=term_limit,arrests&limit=5",
        "sort=-value&limit=5",
        "as_of=2020-01-01&limit=5",
        f"document={DOCUMENT}&limit=5",
    ],
    "/v1/documents": ["limit=200", "limit=1", "q=nowhere", "sort=-published&limit=5", "as_of=2020-01-01&limit=5"],
}
MOST = 11  # statements for one answer
COSTS = {
    **{path: [f"{path}?{query}" for query in ("limit=200", "limit=1", "as_of=1900-01-01", "sort=-id")] for path in LISTS},
    "/v1/jurisdictions": ["/v1/jurisdictions?limit=200", "/v1/jurisdictions?limit=1", "/v1/jurisdictions?posture=barred&q=a"],
    "/v1/jurisdictions/{ref}": [f"/v1/jurisdictions/{code}" for code in ("VA", "US", "WY", "MA", "PR")],
    "/v1/measures/{id}": [f"/v1/measures/{id}" for id in (DIRECTIVE, "wa-statewide-ban", "us-active-agreements")],
    "/v1/figures/{id}": [f"/v1/figures/{FIGURE}", "/v1/figures/va-signed-2025-5-agreements"],
    "/v1/documents/{id}": [f"/v1/documents/{id}" for id in (DOCUMENT, "breitbart-2025-09-17", "agreements-retelling-2026")],
    "/v1/codebook": ["/v1/codebook", "/v1/codebook?revision=1"],
}
NONE = ["/healthz", "/openapi.json", "/problems/not-found", "/docs", "/static/docs.js"]


@pytest.mark.parametrize(
    ("path", "query"),
    [*((path, "") for path in SINGLES), *((path, query) for path, queries in VARIANTS.items() for query in queries)],
)
def test_an_answer_has_the_shape_that_is_described(client: FlaskClient, path: str, query: str) -> None:
    answer = client.get(f"{path}?{query}")
    assert answer.status_code == 200
    assert READS[path]().validate(answer.json) == {}


@pytest.mark.parametrize("code", ["US", "MA", "MN", "CO", "FL", "WV", "WA", "WY"])
def test_every_sort_of_card_has_the_shape_that_is_described(client: FlaskClient, code: str) -> None:
    assert CardSchema().validate(client.get(f"/v1/jurisdictions/{code}").json) == {}


@pytest.mark.parametrize("noun", ["measures", "figures", "documents"])
def test_a_single_thing_is_the_row_of_its_list(client: FlaskClient, noun: str) -> None:
    for row in client.get(f"/v1/{noun}?limit=7").json["results"]:
        one = client.get(f"/v1/{noun}/{row['id']}").json
        assert {key: one[key] for key in row} == row


def test_a_document_lists_all_that_cites_it(client: FlaskClient) -> None:
    cited_by = client.get(f"/v1/documents/{DOCUMENT}").json["cited_by"]
    for noun, citing in cited_by.items():
        rows = client.get(f"/v1/{noun}?document={DOCUMENT}&limit=200").json["results"]
        assert sorted(one["id"] for one in citing) == [row["id"] for row in rows]


@pytest.mark.parametrize("paths", COSTS.values(), ids=COSTS)
def test_a_read_takes_a_fixed_number_of_statements(client: FlaskClient, statements: Statements, paths: list[str]) -> None:
    counts = set()
    for path in paths:
        statements.clear()
        assert client.get(path).status_code == 200
        counts.add(len(statements))
    assert len(counts) == 1
    assert max(counts) <= MOST


@pytest.mark.parametrize("path", NONE)
def test_what_is_no_part_of_the_record_takes_no_statement(client: FlaskClient, statements: Statements, path: str) -> None:
    assert client.get(path, buffered=True).status_code == 200
    assert statements == []


def test_readiness_is_asked_without_reading_the_record(client: FlaskClient, statements: Statements) -> None:
    client.get("/readyz")
    assert not [statement for statement in statements if "_versions" in statement]


def test_a_refused_request_takes_no_statement(client: FlaskClient, statements: Statements) -> None:
    client.get("/v1/measures?limit=0")
    client.get("/v1/measures?cursor=bent")
    assert statements == []


@pytest.mark.parametrize("path", READS)
def test_every_body_says_what_moment_it_is_for(client: FlaskClient, path: str) -> None:
    meta = client.get(f"{path}?as_of=2026-03-01").json["meta"]
    assert (meta["revision"], meta["as_of"], meta["codebook"]) == (1, "2026-03-01", "1.0")
    assert meta["known_at"].endswith("Z")


def test_a_list_says_which_filters_it_understood(client: FlaskClient) -> None:
    meta = client.get("/v1/measures?kind=ban,litigation&q=suit&effective_after=2020-01-01&limit=3").json["meta"]
    assert meta["filters"] == {"kind": ["ban", "litigation"], "q": "suit", "effective_after": "2020-01-01"}


@pytest.mark.parametrize("path", LISTS)
def test_an_empty_result_is_an_answer(client: FlaskClient, path: str) -> None:
    empty = {"/v1/figures": "metric=model_share&unit=people", "/v1/rosters": "kind=pending"}.get(path, "q=nothing-is-called-this")
    answer = client.get(f"{path}?{empty}")
    assert (answer.status_code, answer.json["results"], answer.json["count"], answer.json["next"]) == (200, [], 0, None)


def test_links_never_name_a_host(client: FlaskClient) -> None:
    for path in ("/v1/measures?limit=1", "/v1/jurisdictions/VA", "/v1/jurisdictions/va"):
        answer = client.get(path, headers={"Host": "evil.example"})
        assert "evil.example" not in answer.get_data(as_text=True) + str(answer.headers)


# The moment.


@pytest.mark.parametrize("query", ["revision=1", "known_at=2100-01-01T00:00:00Z", "known_at=1999-01-01T00:00:00Z", "revision=2"])
def test_what_was_known_is_asked_of_the_record(client: FlaskClient, query: str) -> None:
    expected = {"revision=1": 200, "known_at=2100-01-01T00:00:00Z": 422, "known_at=1999-01-01T00:00:00Z": 404, "revision=2": 404}
    assert client.get(f"/v1/codebook?{query}").status_code == expected[query]


def test_what_was_known_at_a_moment_is_the_revision_of_that_moment(client: FlaskClient) -> None:
    known_at = client.get("/v1/codebook").json["meta"]["known_at"]
    assert client.get(f"/v1/codebook?known_at={known_at}").json["meta"]["revision"] == 1


def test_two_moments_at_once_are_refused(client: FlaskClient) -> None:
    assert "known_at" in faults(client.get("/v1/codebook?revision=1&known_at=2026-01-01T00:00:00Z"))


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00%2B23:59", "0001-01-01T00:00:00Z", "1969-12-31T23:59:59-12:00"])
def test_a_moment_at_the_edge_of_the_calendar_lies_before_the_record(client: FlaskClient, moment: str) -> None:
    assert client.get(f"/v1/measures?known_at={moment}").status_code == 404


# Order.


@pytest.mark.parametrize(
    ("path", "sort", "reach"),
    [
        ("/v1/jurisdictions", "name", lambda row: row["name"]),
        ("/v1/jurisdictions", "posture", lambda row: row["posture"] and row["posture"]["value"]),
        ("/v1/measures", "jurisdiction", lambda row: row["jurisdiction"]),
        ("/v1/measures", "kind", lambda row: row["kind"]),
        ("/v1/measures", "effective", lambda row: row["effective"]["from"]["earliest"]),
        ("/v1/figures", "value", lambda row: row["value"]),
        ("/v1/figures", "date", lambda row: row["date"]["earliest"]),
        ("/v1/documents", "published", lambda row: row["published"]["earliest"]),
    ],
)
def test_a_list_is_sorted_either_way_with_nulls_last(client: FlaskClient, path: str, sort: str, reach) -> None:
    up, down = ([reach(row) for row in client.get(f"{path}?limit=200&sort={sign}{sort}").json["results"]] for sign in ("", "-"))
    told = sorted(value for value in up if value is not None)
    nulls = [None] * (len(up) - len(told))
    assert (up, down) == ([*told, *nulls], [*reversed(told), *nulls])


def test_a_list_cannot_be_sorted_by_what_it_does_not_offer(client: FlaskClient) -> None:
    assert "sort" in faults(client.get("/v1/measures?sort=summary"))


# Pages.


@pytest.mark.parametrize(
    "first",
    [
        "/v1/jurisdictions?limit=9&sort=-posture",
        "/v1/measures?limit=4",
        "/v1/measures?limit=4&sort=-effective",
        "/v1/measures?limit=4&sort=effective&as_of=2026-01-01",
        "/v1/figures?limit=13&sort=-date",
        "/v1/figures?limit=13&sort=value",
        "/v1/documents?limit=2&sort=published",
        "/v1/documents?limit=2&sort=-title",
    ],
)
def test_a_walk_gives_every_row_once_and_in_order(client: FlaskClient, first: str) -> None:
    at_once = client.get(first.replace(first.split("limit=")[1].split("&", maxsplit=1)[0], "200", 1)).json["results"]
    assert list(walked(client, first)) == at_once


def test_a_page_says_how_many_there_are_in_all(client: FlaskClient) -> None:
    page = client.get("/v1/jurisdictions?limit=10").json
    assert (len(page["results"]), page["count"]) == (10, 57)


def test_the_next_page_stands_in_the_link_header_too(client: FlaskClient) -> None:
    page = client.get("/v1/measures?limit=1")
    assert page.headers["Link"] == f'<{page.json["next"]}>; rel="next"'


def test_the_last_page_has_no_next(client: FlaskClient) -> None:
    page = client.get("/v1/documents?limit=200")
    assert page.json["next"] is None
    assert "Link" not in page.headers


# Just some keys.


def test_fields_gives_just_those_keys(client: FlaskClient) -> None:
    row = client.get("/v1/measures?limit=1&fields=id,scope.binds,citations.document").json["results"][0]
    assert list(row) == ["id", "scope", "citations"]
    assert list(row["scope"]) == ["binds"]
    assert all(list(citation) == ["document"] for citation in row["citations"])


def test_fields_reach_past_a_null(client: FlaskClient) -> None:
    rows = client.get("/v1/jurisdictions?limit=200&fields=code,posture.value").json["results"]
    assert {"code": "US", "posture": None} in rows
    assert {"code": "FL", "posture": {"value": "active"}} in rows


@pytest.mark.parametrize("fields", ["nothing", "id.deeper", "scope.nothing", "", "Id", "id,,kind"])
def test_a_key_that_does_not_exist_is_refused(client: FlaskClient, fields: str) -> None:
    answer = client.get(f"/v1/measures?fields={fields}")
    assert answer.status_code == 422
    assert "fields" in faults(answer)


def test_numbers_stay_as_they_were_printed(client: FlaskClient) -> None:
    body = json.loads(client.get(f"/v1/figures/{FIGURE}").data)
    assert (body["value"], type(body["value"])) == (5, int)
