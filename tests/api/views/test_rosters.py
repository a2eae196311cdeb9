"""Test rosters over HTTP: the list, the rows of one, and comparisons."""

import csv
import io

import pytest
from flask import Flask
from flask.testing import FlaskClient

from legal.schemas.roster import RosterDetailSchema, RosterDiffSchema, RosterPage
from tests.api.factories import faults_by_parameter, walk_pages
from tests.conftest import Statements
from tests.services.rosters import factories
from tests.services.rosters.factories import ROSTER_HISTORY

FIRST_ID, PENDING_ID, SECOND_ID, THIRD_ID = (book.id for book in ROSTER_HISTORY)

rosters_db, rosters_app = factories.rosters_db, factories.rosters_app


@pytest.fixture(scope="module")
def app(rosters_app: Flask) -> Flask:
    """The app over a database with rosters."""
    return rosters_app


def test_rosters_match_their_schemas(client: FlaskClient) -> None:
    assert RosterPage().validate(client.get("/v1/rosters").json) == {}
    for row in walk_pages(client, "/v1/rosters"):
        assert RosterDetailSchema().validate(client.get(row["links"]["self"]).json) == {}
    assert RosterDiffSchema().validate(client.get(f"/v1/rosters/{THIRD_ID}/diff?against={FIRST_ID}").json) == {}


@pytest.mark.parametrize("sort", ["date", "-date", "id", "-id"])
def test_pages_contain_every_roster_once(client: FlaskClient, sort: str) -> None:
    rows = client.get(f"/v1/rosters?sort={sort}").json["results"]
    assert list(walk_pages(client, f"/v1/rosters?sort={sort}&limit=1")) == rows
    assert len(rows) == len(ROSTER_HISTORY)


def test_kind_facet_counts_rosters(client: FlaskClient) -> None:
    assert client.get("/v1/rosters?facets=kind").json["facets"] == {"kind": {"participating": 3, "pending": 1}}


def test_roster_echoes_the_outcome_filter(client: FlaskClient) -> None:
    roster = client.get(f"/v1/rosters/{SECOND_ID}?outcome=set_aside").json
    assert roster["meta"]["filters"] == {"outcome": ["set_aside"]}
    assert [row["number"] for row in roster["rows"]] == [4]


def test_rows_of_a_roster_match_its_counts(client: FlaskClient) -> None:
    for roster in walk_pages(client, "/v1/rosters"):
        rows = client.get(roster["links"]["self"]).json["rows"]
        assert {outcome: sum(row["outcome"] == outcome for row in rows) for outcome in ("read", "repaired", "set_aside")}.items() <= (
            roster["counts"].items()
        )
        assert len({row["agreement"] for row in rows} - {None}) == roster["counts"]["agreements"]


def test_comparison_counts_the_differences_of_two_rosters(client: FlaskClient) -> None:
    comparison = client.get(f"/v1/rosters/{THIRD_ID}/diff?against={SECOND_ID}").json
    assert comparison["counts"] == {"new": 3, "gone": 1, "corrected": 0, "redated": 1, "renamed": 0, "possibly_renamed": 0}
    assert (comparison["roster"], comparison["against"], comparison["meta"]["revision"]) == (THIRD_ID, SECOND_ID, 5)


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        (f"/{THIRD_ID}/diff", "against"),
        (f"/{THIRD_ID}/diff?against={THIRD_ID}", "against"),
        (f"/{THIRD_ID}/diff?against={PENDING_ID}", "against"),
        (f"/{THIRD_ID}/diff?against=Not%20a%20list", "against"),
        (f"/{THIRD_ID}/diff?agianst={SECOND_ID}", "agianst"),
        (f"/{THIRD_ID}?outcome=refused", "outcome"),
        ("?kind=past", "kind"),
        ("?sort=kind", "sort"),
    ],
)
def test_invalid_parameter_is_refused(client: FlaskClient, query: str, parameter: str) -> None:
    response = client.get(f"/v1/rosters{query}")
    assert response.status_code == 422
    assert parameter in faults_by_parameter(response)


def test_unknown_roster_to_compare_with_is_refused_with_suggestions(client: FlaskClient) -> None:
    response = client.get(f"/v1/rosters/{THIRD_ID}/diff?against={SECOND_ID[:-1]}")
    assert (response.status_code, faults_by_parameter(response)["against"]["did_you_mean"][0]) == (422, SECOND_ID)


@pytest.mark.parametrize("path", [f"/v1/rosters/{FIRST_ID[:-1]}", f"/v1/rosters/{FIRST_ID[:-1]}/diff?against={THIRD_ID}"])
def test_unknown_roster_is_not_found_with_suggestions(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.json["did_you_mean"][0]) == (404, FIRST_ID)


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("/v1/rosters", 2),
        ("/v1/rosters?limit=1&facets=kind", 4),
        (f"/v1/rosters/{THIRD_ID}", 3),
        (f"/v1/rosters/{THIRD_ID}/diff?against={FIRST_ID}", 4),
    ],
)
def test_request_sends_a_fixed_number_of_statements(client: FlaskClient, statements: Statements, path: str, count: int) -> None:
    assert client.get(path).status_code == 200
    assert len(statements) == count


def test_every_link_works(client: FlaskClient) -> None:
    links = {link for row in walk_pages(client, "/v1/rosters") for link in row["links"].values()}
    assert [link for link in links if client.get(link).status_code != 200] == []


def test_roster_as_a_table_has_its_rows(client: FlaskClient) -> None:
    rows = client.get(f"/v1/rosters/{SECOND_ID}").json["rows"]
    lines = list(csv.DictReader(io.StringIO(client.get(f"/v1/rosters/{SECOND_ID}?format=csv").text, newline="")))
    assert [(line["number"], line["agency"], line["signed.edtf"]) for line in lines] == [
        (str(row["number"]), row["agency"], row["signed"]["edtf"] or "") for row in rows
    ]


def test_fields_select_keys_of_the_rows_of_a_roster(client: FlaskClient) -> None:
    roster = client.get(f"/v1/rosters/{SECOND_ID}?fields=agency,signed.edtf&outcome=read").json
    assert {tuple(row) for row in roster["rows"]} == {("agency", "signed")}
    assert roster["id"] == SECOND_ID
