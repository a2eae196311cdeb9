"""Test that facets count all matches by value."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.api.factories import DIRECTIVE, faults_by_parameter, walk_pages
from tests.conftest import Statements

FACETS_BY_LIST = {
    "/v1/jurisdictions": ["type", "posture", "kind"],
    "/v1/measures": ["jurisdiction", "kind", "status"],
    "/v1/figures": ["jurisdiction", "metric", "unit"],
    "/v1/documents": ["publisher"],
    "/v1/conflicts": ["jurisdiction", "metric", "verdict", "dimension"],
    "/v1/changes": ["noun", "action", "cause", "jurisdiction"],
    f"/v1/measures/{DIRECTIVE}/versions": ["action", "cause"],
    "/v1/jurisdictions/VA/timeline": ["event", "kind", "measure"],
}
LISTS_COUNTED_IN_PYTHON = ("/v1/jurisdictions", "/v1/conflicts")  # the database counts the others
LISTS_FILTERED_BY_FACETS = ("/v1/measures", "/v1/figures", *LISTS_COUNTED_IN_PYTHON)


def facet_counts(client: FlaskClient, path: str, name: str, query: str = "") -> dict[str, int]:
    """Return one facet of a list, after a check that it is the only one."""
    facets = client.get(f"{path}?facets={name}&limit=1&{query}").json["facets"]
    assert list(facets) == [name]
    counts: dict[str, int] = facets[name]
    return counts


def counted_values(row: Any, name: str) -> list[Any]:
    """Return the values under which a facet counts a row."""
    if name == "posture":
        return [row["posture"] and row["posture"]["value"]]
    if name == "kind" and "measures" in row:  # a jurisdiction counts once for each kind of its measures
        return [kind for kind, count in row["measures"].items() if count]
    return [row[name]]


@pytest.fixture(scope="module")
def rows_by_list(app: Flask) -> dict[str, list[Any]]:
    """All rows of each list, by path."""
    return {path: list(walk_pages(app.test_client(), f"{path}?limit=200")) for path in FACETS_BY_LIST}


def test_every_facet_counts_every_row_under_its_values(client: FlaskClient, rows_by_list: dict[str, list[Any]]) -> None:
    failures = []
    for path, names in FACETS_BY_LIST.items():
        for name in names:
            values = [value for row in rows_by_list[path] for value in counted_values(row, name) if value is not None]
            expected_counts = {value: values.count(value) for value in sorted(values)}
            if not expected_counts or facet_counts(client, path, name) != expected_counts:
                failures.append((path, name))
    assert failures == []


def test_every_count_equals_the_matches_of_the_filter_by_its_value(client: FlaskClient) -> None:
    failures = [
        (path, name, value)
        for path in LISTS_FILTERED_BY_FACETS
        for name in FACETS_BY_LIST[path]
        for value, count in facet_counts(client, path, name).items()
        if client.get(f"{path}?{name}={value}&limit=1").json["count"] != count
    ]
    assert failures == []


@pytest.mark.parametrize(
    ("path", "query", "expected_counts"),
    [
        ("/v1/measures?facets=kind", "jurisdiction=MD", {"active_agreements": 1, "pending_bill": 1}),
        ("/v1/conflicts?facets=dimension", "verdict=contradictory", {"value": 1}),
        ("/v1/jurisdictions?facets=type", "posture=activity_reported&as_of=2026-02-20", {"state": 1}),
        ("/v1/figures?facets=unit", "metric=growth", {"percent": 2}),
        ("/v1/changes?facets=action", "noun=measure&jurisdiction=VA", {"create": 4}),
        ("/v1/measures?facets=kind", "q=nothing-is-called-this", {}),
        ("/v1/jurisdictions?facets=kind", "q=nothing-is-called-this", {}),
    ],
)
def test_facets_count_only_rows_that_match_the_filters(client: FlaskClient, path: str, query: str, expected_counts: dict[str, int]) -> None:
    (counts,) = client.get(f"{path}&{query}").json["facets"].values()
    assert counts == expected_counts


@pytest.mark.parametrize("path", ["/v1/measures", "/v1/conflicts"])
def test_facets_on_every_page_count_the_whole_list(client: FlaskClient, path: str) -> None:
    first_page = client.get(f"{path}?facets=jurisdiction&limit=5").json
    second_page = client.get(first_page["next"]).json
    assert first_page["facets"] == second_page["facets"]
    assert sum(first_page["facets"]["jurisdiction"].values()) == first_page["count"]


def test_facets_describe_the_requested_day(client: FlaskClient) -> None:
    counts_1990, counts_2026 = (
        facet_counts(client, "/v1/jurisdictions", "posture", f"as_of={day}") for day in ("1990-01-01", "2026-03-01")
    )
    assert sum(counts_1990.values()) == sum(counts_2026.values()) == 56
    assert "limited_with_agreements" in counts_2026.keys() - counts_1990.keys()


def test_facets_have_the_requested_order(client: FlaskClient) -> None:
    assert list(client.get("/v1/measures?facets=status,kind").json["facets"]) == ["status", "kind"]


def test_response_has_no_facets_unless_requested(client: FlaskClient) -> None:
    assert "facets" not in client.get("/v1/measures").json


def test_every_list_refuses_unknown_facets(client: FlaskClient) -> None:
    failures = []
    for path in FACETS_BY_LIST:
        for facets in ("summary", "", "kind,,kind", "kind;"):
            response = client.get(f"{path}?facets={facets}")
            if response.status_code != 422 or "facets" not in faults_by_parameter(response):
                failures.append((path, facets))
    assert failures == []


def test_each_facet_costs_at_most_one_statement(client: FlaskClient, statements: Statements) -> None:
    failures = []
    for path, names in FACETS_BY_LIST.items():
        statements.clear()
        client.get(path)
        count_without_facets = len(statements)
        statements.clear()
        client.get(f"{path}?facets={','.join(names)}")
        expected_count = count_without_facets + (0 if path in LISTS_COUNTED_IN_PYTHON else len(names))
        if len(statements) > expected_count:
            failures.append((path, len(statements), expected_count))
    assert failures == []
