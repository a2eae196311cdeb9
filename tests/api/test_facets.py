"""Facets: counts of all that matches, by value."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.api.factories import DIRECTIVE, faults, walked
from tests.conftest import Statements

OFFERED = {
    "/v1/jurisdictions": ["type", "posture", "kind"],
    "/v1/measures": ["jurisdiction", "kind", "status"],
    "/v1/figures": ["jurisdiction", "metric", "unit"],
    "/v1/documents": ["publisher"],
    "/v1/conflicts": ["jurisdiction", "metric", "verdict", "dimension"],
    "/v1/changes": ["noun", "action", "cause", "jurisdiction"],
    f"/v1/measures/{DIRECTIVE}/versions": ["action", "cause"],
    "/v1/jurisdictions/VA/timeline": ["event", "kind", "measure"],
}
EACH = [(path, name) for path, names in OFFERED.items() for name in names]
WORKED_OUT = ("/v1/jurisdictions", "/v1/conflicts")  # counted here, and not by the database


def facet(client: FlaskClient, path: str, name: str, query: str = "") -> dict[str, int]:
    """One facet of a list."""
    facets = client.get(f"{path}?facets={name}&limit=1&{query}").json["facets"]
    assert list(facets) == [name]
    counts: dict[str, int] = facets[name]
    return counts


def value(row: Any, name: str) -> list[Any]:
    """What a row counts under."""
    if name == "posture":
        return [row["posture"] and row["posture"]["value"]]
    if name == "kind" and "measures" in row:  # a place counts under each kind that it has a measure of
        return [kind for kind, count in row["measures"].items() if count]
    return [row[name]]


@pytest.fixture(scope="module")
def rows(app: Flask) -> dict[str, list[Any]]:
    """Every row of each list."""
    return {path: list(walked(app.test_client(), f"{path}?limit=200")) for path in OFFERED}


@pytest.mark.parametrize(("path", "name"), EACH)
def test_a_facet_counts_every_row_under_its_value(client: FlaskClient, rows: dict[str, list[Any]], path: str, name: str) -> None:
    values = [one for row in rows[path] for one in value(row, name) if one is not None]
    assert facet(client, path, name) == {one: values.count(one) for one in sorted(values)} != {}


@pytest.mark.parametrize(("path", "name"), [pair for pair in EACH if pair[0] in ("/v1/measures", "/v1/figures")])
def test_a_count_is_what_the_filter_of_that_value_finds(client: FlaskClient, path: str, name: str) -> None:
    for one, count in facet(client, path, name).items():
        assert client.get(f"{path}?{name}={one}&limit=1").json["count"] == count


@pytest.mark.parametrize(("path", "name"), [pair for pair in EACH if pair[0] in WORKED_OUT])
def test_a_count_that_is_worked_out_is_what_the_filter_of_that_value_finds(client: FlaskClient, path: str, name: str) -> None:
    for one, count in facet(client, path, name).items():
        assert client.get(f"{path}?{name}={one}&limit=1").json["count"] == count


@pytest.mark.parametrize(
    ("path", "query", "expected"),
    [
        ("/v1/measures?facets=kind", "jurisdiction=MD", {"active_agreements": 1, "pending_bill": 1}),
        ("/v1/conflicts?facets=dimension", "verdict=contradictory", {"value": 3}),
        ("/v1/jurisdictions?facets=type", "posture=activity_reported", {"state": 1}),
        ("/v1/figures?facets=unit", "metric=growth", {"percent": 2}),
        ("/v1/changes?facets=action", "noun=measure&jurisdiction=VA", {"create": 4}),
        ("/v1/measures?facets=kind", "q=nothing-is-called-this", {}),
        ("/v1/jurisdictions?facets=kind", "q=nothing-is-called-this", {}),
    ],
)
def test_facets_follow_the_filters(client: FlaskClient, path: str, query: str, expected: dict[str, int]) -> None:
    (counts,) = client.get(f"{path}&{query}").json["facets"].values()
    assert counts == expected


@pytest.mark.parametrize("path", ["/v1/measures", "/v1/conflicts"])
def test_facets_are_of_the_whole_list_on_every_page(client: FlaskClient, path: str) -> None:
    first = client.get(f"{path}?facets=jurisdiction&limit=5").json
    second = client.get(first["next"]).json
    assert first["facets"] == second["facets"]
    assert sum(first["facets"]["jurisdiction"].values()) == first["count"]


def test_facets_are_those_of_the_day_asked_about(client: FlaskClient) -> None:
    then, now = (facet(client, "/v1/jurisdictions", "posture", f"as_of={day}") for day in ("1990-01-01", "2026-03-01"))
    assert sum(then.values()) == sum(now.values()) == 56
    assert "limited_with_agreements" in now.keys() - then.keys()


def test_several_facets_come_in_the_order_they_are_asked_in(client: FlaskClient) -> None:
    assert list(client.get("/v1/measures?facets=status,kind").json["facets"]) == ["status", "kind"]


def test_without_being_asked_for_there_are_none(client: FlaskClient) -> None:
    assert "facets" not in client.get("/v1/measures").json


@pytest.mark.parametrize("path", OFFERED)
@pytest.mark.parametrize("facets", ["summary", "", "kind,,kind", "kind;"])
def test_a_facet_that_is_not_offered_is_refused(client: FlaskClient, path: str, facets: str) -> None:
    answer = client.get(f"{path}?facets={facets}")
    assert answer.status_code == 422
    assert "facets" in faults(answer)


@pytest.mark.parametrize(("path", "names"), OFFERED.items())
def test_a_facet_costs_one_statement_at_most(client: FlaskClient, statements: Statements, path: str, names: list[str]) -> None:
    client.get(path)
    plain = len(statements)
    client.get(f"{path}?facets={','.join(names)}")
    assert len(statements) - 2 * plain == (0 if path in WORKED_OUT else len(names))
