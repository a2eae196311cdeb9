"""Test that no query parameter is silently ignored."""

import pytest
from flask.testing import FlaskClient

from tests.api.factories import OPERATION_PATHS, READ_SCHEMAS, faults_by_parameter, walk_pages

# Parameters are checked before the database is queried.


def test_every_path_refuses_an_unknown_parameter(client: FlaskClient) -> None:
    failures = []
    for path in [*READ_SCHEMAS, *OPERATION_PATHS]:
        response = client.get(f"{path}?color=red")
        if response.status_code != 422 or "color" not in faults_by_parameter(response):
            failures.append(path)
    assert failures == []


@pytest.mark.parametrize(
    ("path", "name", "suggestion"),
    [
        ("/v1/measures", "jurisdictions", "jurisdiction"),
        ("/v1/measures", "page_limit", "limit"),
        ("/v1/measures", "Kind", "kind"),
        ("/v1/figures", "metrics", "metric"),
        ("/v1/jurisdictions/VA", "asof", "as_of"),
        ("/v1/codebook", "revison", "revision"),
    ],
)
def test_unknown_parameter_gets_a_suggestion(client: FlaskClient, path: str, name: str, suggestion: str) -> None:
    assert faults_by_parameter(client.get(f"{path}?{name}=1"))[name]["did_you_mean"] == [suggestion]


@pytest.mark.parametrize(
    ("path", "name", "own_name"),
    [("/v1/measures", "state", "jurisdiction"), ("/v1/agreements", "page", "cursor"), ("/v1/agreements", "per_page", "limit")],
)
def test_distant_name_gets_a_hint_and_no_suggestion(client: FlaskClient, path: str, name: str, own_name: str) -> None:
    fault = faults_by_parameter(client.get(f"{path}?{name}=1"))[name]
    assert "did_you_mean" not in fault
    assert fault["detail"].startswith(f"Unknown parameter. Use {own_name}. Allowed: ")


@pytest.mark.parametrize("name", ["state", "states", "page", "order", "zzz"])
def test_hint_names_only_parameters_of_the_path(client: FlaskClient, name: str) -> None:
    fault = faults_by_parameter(client.get(f"/v1/codebook?{name}=1"))[name]
    assert "did_you_mean" not in fault
    assert fault["detail"].startswith("Unknown parameter. Allowed: ")


def test_unknown_parameter_gets_the_allowed_ones(client: FlaskClient) -> None:
    fault = faults_by_parameter(client.get("/v1/codebook?zzz=1"))["zzz"]
    assert "did_you_mean" not in fault
    assert fault["detail"] == "Unknown parameter. Allowed: as_of, revision, known_at, rules, epoch."


def test_path_without_parameters_says_so(client: FlaskClient) -> None:
    assert faults_by_parameter(client.get("/healthz?x=1"))["x"]["detail"] == "Unknown parameter. This path takes no parameters."


@pytest.mark.parametrize(("path", "name"), [("/v1/measures", "sort"), ("/v1/codebook", "revision"), ("/v1/measures", "q")])
def test_repeated_single_value_is_refused(client: FlaskClient, path: str, name: str) -> None:
    fault = faults_by_parameter(client.get(f"{path}?{name}=1&{name}=1"))[name]
    assert "2 times" in fault["detail"]


@pytest.mark.parametrize("query", ["kind=ban&kind=mandate&kind=litigation", "kind=ban,mandate&kind=litigation"])
def test_repeated_list_means_the_same_as_commas(client: FlaskClient, query: str) -> None:
    assert client.get(f"/v1/measures?{query}").json == client.get("/v1/measures?kind=ban,mandate,litigation").json


def test_next_page_keeps_every_repeated_value(client: FlaskClient) -> None:
    pages = walk_pages(client, "/v1/measures?kind=ban&kind=mandate&limit=2")
    assert list(pages) == client.get("/v1/measures?kind=ban,mandate").json["results"]


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("Washington, D.C.", ["DC"]),
        ("MD,Washington,D.C.,VA", ["MD", "DC", "VA"]),
        ("washington, dc", ["DC"]),
        ("Washington,DC", ["WA", "DC"]),
        ("N.Y.,W. Va.,Calif.,U.S.", ["NY", "WV", "CA", "US"]),
        ("1,02", ["AL", "AK"]),
        ("ocd-jurisdiction/country:us/state:va/government,ocd-jurisdiction/country:us/district:dc/government", ["VA", "DC"]),
        ("ocd-jurisdiction/country:us/government", ["US"]),
    ],
)
def test_jurisdiction_filter_takes_identifiers_of_the_field(client: FlaskClient, query: str, codes: list[str]) -> None:
    assert client.get("/v1/measures", query_string={"jurisdiction": query}).json["meta"]["filters"]["jurisdiction"] == codes


def test_repeated_washington_and_dc_are_two_jurisdictions(client: FlaskClient) -> None:
    body = client.get("/v1/measures?jurisdiction=Washington&jurisdiction=DC").json
    assert body["meta"]["filters"]["jurisdiction"] == ["WA", "DC"]


def test_all_invalid_parameters_are_reported_together(client: FlaskClient) -> None:
    assert set(faults_by_parameter(client.get("/v1/measures?limit=0&kind=law&as_of=soon"))) == {"limit", "kind", "as_of"}


INVALID_VALUES = {
    "limit": ["0", "201", "-1", "1.5", "many", "", "1_0", "+5", "%D9%A1", "9" * 5000],
    "revision": ["0", "-1", "1.0", "x", "", "2147483648"],
    "as_of": ["2026-02-30", "2026", "20260204", "2026-W06-3", "2026-02-04T00:00", "soon", "", "02/04/2026"],
    "known_at": ["2026-01-01", "2026-01-01T00:00:00", "yesterday", ""],
    "kind": ["law", "", "ban,law", "BAN", "ban;mandate"],
    "document": ["No Such", "", "a" * 121],
    "q": ["", "%00", "a%1Fb", "a" * 201],
    "format": ["pdf", "", "JSON"],
    "jurisdiction": ["", ",".join(["VA"] * 58)],
    "cursor": ["x" * 2001],
    "effective_after": ["20260101"],
}


def test_every_malformed_value_is_reported_under_its_parameter(client: FlaskClient) -> None:
    failures = []
    for name, values in INVALID_VALUES.items():
        for value in values:
            response = client.get(f"/v1/measures?{name}={value}")
            if response.status_code != 422 or set(faults_by_parameter(response)) != {name}:
                failures.append((name, value))
    assert failures == []


def test_filter_by_unknown_document_suggests_similar_ones(client: FlaskClient) -> None:
    fault = faults_by_parameter(client.get("/v1/measures?document=washington-times-2025"))["document"]
    assert "washington-times-2025-09-17" in fault["did_you_mean"]


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        (
            "/v1/measures",
            [
                "kind=ban",
                "status=pending",
                "direction=limits_cooperation",
                "stands=yes",
                "jurisdiction=MA",
                "document=breitbart-2025-09-17",
                "effective_after=2026-01-01",
                "effective_before=2025-12-31",
                "q=sheriff",
            ],
        ),
        ("/v1/figures", ["metric=arrests", "unit=agencies", "jurisdiction=WV", "document=breitbart-2025-09-17"]),
    ],
)
def test_every_filter_selects_some_rows_and_excludes_others(client: FlaskClient, path: str, queries: list[str]) -> None:
    total_count = client.get(path).json["count"]
    counts = {query: client.get(f"{path}?{query}").json["count"] for query in queries}
    assert {query: count for query, count in counts.items() if not 0 < count < total_count} == {}


@pytest.mark.parametrize("value", ["1001", "1,001", "1001.0", "1.001e3"])
def test_figures_are_filtered_by_their_value(client: FlaskClient, value: str) -> None:
    figures = client.get("/v1/figures", query_string={"value": value}).json["results"]
    assert {figure["value"] for figure in figures} == {1001}
    assert len(figures) == 2


@pytest.mark.parametrize("value", ["0", "-5", "nan", "inf", "1_001", "1,00", "1,0011", "many", "", "١٠"])
def test_malformed_value_of_a_figure_is_refused(client: FlaskClient, value: str) -> None:
    assert list(faults_by_parameter(client.get("/v1/figures", query_string={"value": value}))) == ["value"]


@pytest.mark.parametrize(("encoded", "text"), [("%25", "%"), ("_", "_"), ("%5C", "\\"), ("%2F%25", "/%")])
def test_sql_wildcards_match_only_themselves(client: FlaskClient, encoded: str, text: str) -> None:
    rows = client.get(f"/v1/documents?q={encoded}").json["results"]
    assert all(any(text in (row[key] or "") for key in ("id", "title", "publisher", "author")) for row in rows)
