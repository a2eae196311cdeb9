"""Test what all responses share: schemas, statement counts, envelope, order, pages and selected keys."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from app import create_app
from legal.schemas.jurisdiction import CardSchema
from legal.settings import Settings
from legal.site.assets import asset_path
from legal.vocabulary import CODEBOOK_VERSION
from tests.api.factories import (
    DIRECTIVE,
    DOCUMENT,
    FIGURE,
    LIST_SCHEMAS,
    READ_SCHEMAS,
    RESOURCE_SCHEMAS,
    database_url,
    faults_by_parameter,
    walk_pages,
)
from tests.conftest import Statements

LIST_QUERIES = {
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
MAX_STATEMENTS = 16  # SQL statements for one response
MAX_SKIPPED = 4
PATHS_BY_ENDPOINT = {
    **{path: [f"{path}?{query}" for query in ("limit=200", "limit=1", "as_of=1900-01-01", "sort=-id")] for path in LIST_SCHEMAS},
    "/v1/jurisdictions": ["/v1/jurisdictions?limit=200", "/v1/jurisdictions?limit=1", "/v1/jurisdictions?posture=barred&q=a"],
    "/v1/jurisdictions/{ref}": [f"/v1/jurisdictions/{code}" for code in ("VA", "US", "WY", "MA", "PR")],
    "/v1/measures/{id}": [f"/v1/measures/{id}" for id in (DIRECTIVE, "wa-statewide-ban", "us-active-agreements")],
    "/v1/figures/{id}": [f"/v1/figures/{FIGURE}", "/v1/figures/va-signed-2025-5-agreements"],
    "/v1/documents/{id}": [f"/v1/documents/{id}" for id in (DOCUMENT, "breitbart-2025-09-17", "agreements-retelling-2026")],
    "/v1/codebook": ["/v1/codebook", "/v1/codebook?revision=1"],
}
PATHS_WITHOUT_DATABASE = ["/healthz", "/openapi.json", "/problems/not-found", "/docs", asset_path("docs.js")]


def test_every_response_matches_its_schema(client: FlaskClient) -> None:
    urls = [(path, path) for path in RESOURCE_SCHEMAS]
    urls += [(path, f"{path}?{query}") for path, queries in LIST_QUERIES.items() for query in queries]
    failures = []
    for path, url in urls:
        response = client.get(url)
        if response.status_code != 200 or (errors := READ_SCHEMAS[path]().validate(response.json)):
            failures.append((url, response.status_code, errors if response.status_code == 200 else response.json))
    assert failures == []


def test_cards_of_every_posture_match_the_schema(client: FlaskClient) -> None:
    codes = ["US", "MA", "MN", "CO", "FL", "WV", "WA", "WY"]
    errors = {code: CardSchema().validate(client.get(f"/v1/jurisdictions/{code}").json) for code in codes}
    assert [(code, errors[code]) for code in codes if errors[code]] == []


@pytest.mark.parametrize("resource", ["measures", "figures", "documents"])
def test_single_resource_contains_the_row_of_its_list(client: FlaskClient, resource: str) -> None:
    for row in client.get(f"/v1/{resource}?limit=7").json["results"]:
        single = client.get(f"/v1/{resource}/{row['id']}").json
        assert {key: single[key] for key in row} == row


def test_document_lists_everything_that_cites_it(client: FlaskClient) -> None:
    cited_by = client.get(f"/v1/documents/{DOCUMENT}").json["cited_by"]
    for resource in ("measures", "figures"):
        rows = client.get(f"/v1/{resource}?document={DOCUMENT}&limit=200").json["results"]
        assert sorted(citing_row["id"] for citing_row in cited_by[resource]) == [row["id"] for row in rows]
    [contradiction] = cited_by["contradictions"]
    conflicts = client.get(contradiction["links"]["self"]).json["results"]
    assert contradiction["id"] == "us-three-models" in {conflict["id"] for conflict in conflicts}


def test_each_endpoint_sends_a_fixed_number_of_statements(client: FlaskClient, statements: Statements) -> None:
    failures = {}
    for endpoint, paths in PATHS_BY_ENDPOINT.items():
        counts = {}
        for path in paths:
            statements.clear()
            assert client.get(path).status_code == 200
            counts[path] = len(statements)
        # Without rows, nothing that belongs to rows is loaded.
        if max(counts.values()) - min(counts.values()) > MAX_SKIPPED or max(counts.values()) > MAX_STATEMENTS:
            failures[endpoint] = counts
    assert failures == {}


@pytest.mark.parametrize("path", PATHS_WITHOUT_DATABASE)
def test_paths_outside_the_record_send_no_statement(client: FlaskClient, statements: Statements, path: str) -> None:
    assert client.get(path, buffered=True).status_code == 200
    assert statements == []


def test_readiness_check_reads_no_row_of_the_record(app: Flask, client: FlaskClient) -> None:
    limits = []

    def record_limit(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        if "_versions" in statement:
            limits.append(("LIMIT" in statement, parameters[0]))

    engine = app.extensions["database"].engine
    event.listen(engine, "before_cursor_execute", record_limit)
    client.get("/readyz")
    event.remove(engine, "before_cursor_execute", record_limit)
    assert set(limits) == {(True, 0)}


def test_refused_request_sends_no_statement(client: FlaskClient, statements: Statements) -> None:
    client.get("/v1/measures?limit=0")
    client.get("/v1/measures?cursor=bent")
    assert statements == []


def test_every_body_has_its_snapshot(client: FlaskClient) -> None:
    metas = {path: client.get(f"{path}?as_of=2026-03-01").json["meta"] for path in READ_SCHEMAS}
    failures = [
        path
        for path, meta in metas.items()
        if (meta["revision"], meta["as_of"], meta["codebook"]) != (1, "2026-03-01", CODEBOOK_VERSION) or not meta["known_at"].endswith("Z")
    ]
    assert failures == []


def test_list_echoes_its_filters(client: FlaskClient) -> None:
    meta = client.get("/v1/measures?kind=ban,litigation&q=suit&effective_after=2020-01-01&limit=3").json["meta"]
    assert meta["filters"] == {"kind": ["ban", "litigation"], "q": "suit", "effective_after": "2020-01-01"}


def test_every_list_without_matches_is_an_empty_page(client: FlaskClient) -> None:
    failures = []
    for path in LIST_SCHEMAS:
        query = {"/v1/figures": "metric=model_share&unit=people", "/v1/rosters": "kind=pending"}.get(path, "q=nothing-is-called-this")
        response = client.get(f"{path}?{query}")
        if (response.status_code, response.json["results"], response.json["count"], response.json["next"]) != (200, [], 0, None):
            failures.append(path)
    assert failures == []


@pytest.mark.parametrize("path", ["/v1/measures?limit=1", "/v1/jurisdictions/VA", "/v1/jurisdictions/va"])
def test_links_never_contain_the_requests_host(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers={"Host": "evil.example"})
    assert "evil.example" not in response.get_data(as_text=True) + str(response.headers)


# The snapshot.


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("revision=1", 200),
        ("revision=2", 404),
        ("known_at=2100-01-01T00:00:00Z", 422),
        ("known_at=1999-01-01T00:00:00Z", 404),
    ],
)
def test_only_snapshots_of_the_record_can_be_read(client: FlaskClient, query: str, status: int) -> None:
    assert client.get(f"/v1/codebook?{query}").status_code == status


def test_known_at_selects_the_revision_of_that_time(client: FlaskClient) -> None:
    known_at = client.get("/v1/codebook").json["meta"]["known_at"]
    assert client.get(f"/v1/codebook?known_at={known_at}").json["meta"]["revision"] == 1


def test_revision_and_known_at_together_are_refused(client: FlaskClient) -> None:
    assert "known_at" in faults_by_parameter(client.get("/v1/codebook?revision=1&known_at=2026-01-01T00:00:00Z"))


@pytest.mark.parametrize("known_at", ["0001-01-01T00:00:00%2B23:59", "0001-01-01T00:00:00Z", "1969-12-31T23:59:59-12:00"])
def test_earliest_possible_times_are_before_the_record(client: FlaskClient, known_at: str) -> None:
    assert client.get(f"/v1/measures?known_at={known_at}").status_code == 404


# Order.


@pytest.mark.parametrize(
    ("path", "sort", "sort_value"),
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
def test_list_sorts_either_way_with_nulls_last(client: FlaskClient, path: str, sort: str, sort_value: Callable[[Any], Any]) -> None:
    ascending, descending = (
        [sort_value(row) for row in client.get(f"{path}?limit=200&sort={sign}{sort}").json["results"]] for sign in ("", "-")
    )
    values = sorted(value for value in ascending if value is not None)
    nulls = [None] * (len(ascending) - len(values))
    assert (ascending, descending) == ([*values, *nulls], [*reversed(values), *nulls])


def test_unknown_sort_key_is_refused(client: FlaskClient) -> None:
    assert "sort" in faults_by_parameter(client.get("/v1/measures?sort=summary"))


# Pages.


@pytest.mark.parametrize(
    ("path", "limit"),
    [
        ("/v1/jurisdictions?sort=-posture", 9),
        ("/v1/measures?sort=id", 4),
        ("/v1/measures?sort=-effective", 4),
        ("/v1/measures?sort=effective&as_of=2026-01-01", 4),
        ("/v1/figures?sort=-date", 13),
        ("/v1/figures?sort=value", 13),
        ("/v1/documents?sort=published", 2),
        ("/v1/documents?sort=-title", 2),
    ],
)
def test_pages_contain_every_row_once_and_in_order(client: FlaskClient, path: str, limit: int) -> None:
    rows_of_one_page = client.get(f"{path}&limit=200").json["results"]
    assert list(walk_pages(client, f"{path}&limit={limit}")) == rows_of_one_page


def test_page_has_the_count_of_all_matches(client: FlaskClient) -> None:
    page = client.get("/v1/jurisdictions?limit=10").json
    assert (len(page["results"]), page["count"]) == (10, 57)


def test_link_header_has_the_next_page(client: FlaskClient) -> None:
    page = client.get("/v1/measures?limit=1")
    assert page.headers["Link"] == f'<{page.json["next"]}>; rel="next"'


def test_last_page_has_no_next_page(client: FlaskClient) -> None:
    page = client.get("/v1/documents?limit=200")
    assert page.json["next"] is None
    assert "Link" not in page.headers


def test_next_cursor_leads_to_the_same_page_as_next(client: FlaskClient) -> None:
    page = client.get("/v1/measures?limit=4&sort=-id").json
    by_cursor = client.get("/v1/measures", query_string={"limit": 4, "sort": "-id", "cursor": page["next_cursor"]})
    assert by_cursor.json == client.get(page["next"]).json
    assert client.get("/v1/measures?limit=200").json["next_cursor"] is None


# Addresses.


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/v1/jurisdictions/", "/v1/jurisdictions"),
        ("/v1/jurisdictions/VA/?as_of=2026-02-03", "/v1/jurisdictions/VA?as_of=2026-02-03"),
        ("/v1/jurisdictions/VA/timeline//", "/v1/jurisdictions/VA/timeline"),
        ("/v1/", "/v1"),
        ("/docs/", "/docs"),
        ("/v1/jurisdictions/West Virginia/", "/v1/jurisdictions/West%20Virginia"),
    ],
)
def test_trailing_slash_redirects_with_the_query(client: FlaskClient, path: str, location: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.headers["Location"]) == (308, location)


@pytest.mark.parametrize("path", ["/nowhere/", "//evil.example/", "///evil.example/", "/v1/nothing/at/all/"])
def test_trailing_slash_of_an_unknown_path_is_not_found(client: FlaskClient, path: str) -> None:
    response = client.get("/", environ_overrides={"PATH_INFO": path})
    assert response.status_code == 404
    assert "Location" not in response.headers


@pytest.fixture
def public_app(app: Flask) -> Iterator[Flask]:
    """An app whose operator has set the public address."""
    settings = Settings(database_url(app.extensions["database"]), "a secret of the tests", 0, public_url="https://landscape.example")
    public_app = create_app(settings)
    yield public_app
    public_app.extensions["database"].dispose()


def test_links_are_absolute_where_the_operator_has_set_the_address(public_app: Flask) -> None:
    public_client = public_app.test_client()
    page = public_client.get("/v1/measures?limit=1", headers={"Host": "evil.example"})
    assert page.json["next"].startswith("https://landscape.example/v1/measures?limit=1&cursor=")
    assert page.headers["Link"] == f'<{page.json["next"]}>; rel="next"'
    assert public_client.get(page.json["next"]).status_code == 200
    compared_card = public_client.get("/v1/compare?jurisdictions=VA,MD").json["results"][0]
    for card in (public_client.get("/v1/jurisdictions/VA").json, compared_card):
        assert card["links"]["permalink"].startswith("https://landscape.example/v1/jurisdictions/VA?as_of=")
        assert card["cite_as"].endswith(f", {card['links']['permalink']}")
        assert card["links"]["self"] == "/v1/jurisdictions/VA"


def test_citation_is_ready_for_a_footnote(public_app: Flask) -> None:
    card = public_app.test_client().get("/v1/jurisdictions/MD?as_of=2026-02-04&revision=1&rules=2").json
    recorded = date.fromisoformat(card["meta"]["known_at"][:10])
    assert card["cite_as"] == (
        "Legal Landscape, “Maryland: stance on section 287(g) cooperation,” as of February 4, 2026 "
        f"(revision 1, recorded {recorded:%B} {recorded.day}, {recorded.year}; rule pack 2), "
        "https://landscape.example/v1/jurisdictions/MD?as_of=2026-02-04&revision=1&rules=2&epoch=4f1c09d2ab"
    )


# Selected keys.


def test_fields_selects_keys_of_rows_and_nested_objects(client: FlaskClient) -> None:
    row = client.get("/v1/measures?limit=1&fields=id,scope.binds,citations.document").json["results"][0]
    assert list(row) == ["id", "scope", "citations"]
    assert list(row["scope"]) == ["binds"]
    assert all(list(citation) == ["document"] for citation in row["citations"])


def test_fields_below_a_null_give_null(client: FlaskClient) -> None:
    rows = client.get("/v1/jurisdictions?limit=200&fields=code,posture.value&as_of=2026-02-20").json["results"]
    assert {"code": "US", "posture": None} in rows
    assert {"code": "FL", "posture": {"value": "active"}} in rows


@pytest.mark.parametrize("fields", ["nothing", "id.deeper", "scope.nothing", "", "Id", "id,,kind"])
def test_unknown_field_is_refused(client: FlaskClient, fields: str) -> None:
    response = client.get(f"/v1/measures?fields={fields}")
    assert response.status_code == 422
    assert "fields" in faults_by_parameter(response)


def test_whole_number_has_no_decimal_point(client: FlaskClient) -> None:
    body = json.loads(client.get(f"/v1/figures/{FIGURE}").data)
    assert (body["value"], type(body["value"])) == (5, int)
