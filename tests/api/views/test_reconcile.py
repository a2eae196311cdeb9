"""Reconcile names with a client in the shape of OpenRefine's (protocol 0.2)."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from legal.settings import DEFAULT_PUBLIC_URL
from tests.api.factories import faults_by_parameter
from tests.conftest import Statements
from tests.services.rosters import factories

rosters_db, rosters_app = factories.rosters_db, factories.rosters_app
PATH = "/v1/reconcile"
UNION = "Union County Sheriff's Office"
UNION_ID = "fl-union-county-sheriffs-office"
BATCH_SIZE = 10  # OpenRefine's


@pytest.fixture(scope="module")
def app(rosters_app: Flask) -> Flask:
    """The app over a database with rosters."""
    return rosters_app


class RefineClient:
    """A client that does what OpenRefine does: it reads the manifest, then follows only addresses from there."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.manifest = client.get(PATH).json

    def get(self, url: str, **parameters: str) -> Any:
        """Get an address of the service, which the manifest gives as an absolute URL."""
        assert url.startswith(DEFAULT_PUBLIC_URL)
        return self.client.get(url.removeprefix(DEFAULT_PUBLIC_URL), query_string=parameters or None)

    def reconcile(self, names: Sequence[str], **members: Any) -> Iterator[Any]:
        """Reconcile a column in batches, as form data, and yield the candidates of each cell."""
        for start in range(0, len(names), BATCH_SIZE):
            batch = {
                f"q{number}": {"query": name, "type_strict": "should", **members} for number, name in enumerate(names[start : start + 10])
            }
            answer = self.client.post(PATH, data={"queries": json.dumps(batch)})
            assert (answer.status_code, answer.mimetype) == (200, "application/json")
            yield from (answer.json[key]["result"] for key in batch)

    def suggest(self, noun: str, prefix: str) -> Any:
        """Ask for suggestions as the widget does, with the parameters that it sends along."""
        service = self.manifest["suggest"][noun]
        return self.get(service["service_url"] + service["service_path"], prefix=prefix, cursor="0", type="", lang="en").json["result"]

    def extend(self, ids: Sequence[str], *properties: str) -> Any:
        """Add columns from reconciled values."""
        extension = {"ids": ids, "properties": [{"id": property} for property in properties]}
        return self.client.post(PATH, data={"extend": json.dumps(extension)}).json

    def page(self, name: str, id: str) -> Any:
        """Open the preview or the view of an entity."""
        return self.get(self.manifest[name]["url"].replace("{{id}}", quote(id, safe="")))


@pytest.fixture
def refine(client: FlaskClient) -> RefineClient:
    """A client in the shape of OpenRefine's."""
    return RefineClient(client)


def test_manifest_has_what_the_protocol_requires(refine: RefineClient) -> None:
    manifest = refine.manifest
    assert {"versions", "name", "identifierSpace", "schemaSpace", "defaultTypes", "view", "preview", "suggest", "extend"} == set(manifest)
    assert "0.2" in manifest["versions"]
    assert [type["id"] for type in manifest["defaultTypes"]] == ["jurisdiction", "agency"]


def test_column_of_states_is_reconciled_in_batches(refine: RefineClient) -> None:
    names = ["Florida", "FL", "12", "US-FL", "florida", "ocd-division/country:us/state:fl"] * 4
    results = list(refine.reconcile(names, type="jurisdiction"))
    assert [(result[0]["id"], result[0]["match"]) for result in results] == [("FL", True)] * len(names)
    assert results[0][0]["type"] == [{"id": "jurisdiction", "name": "Jurisdiction"}]


def test_misspelled_state_is_proposed_and_not_matched(refine: RefineClient) -> None:
    ((first, *_),) = refine.reconcile(["Virgina"])
    assert (first["id"], first["match"]) == ("VA", False)


def test_agency_is_matched_in_any_spelling(refine: RefineClient) -> None:
    results = list(refine.reconcile([UNION, UNION.upper(), UNION.replace("'", "’"), UNION_ID], type=["agency"]))
    assert [(result[0]["id"], result[0]["match"]) for result in results] == [(UNION_ID, True)] * 4
    assert results[0][0]["description"] == "UNION County, Florida"


@pytest.mark.parametrize(
    ("value", "is_match"),
    [("FL", True), ("Florida", True), ("12", True), ({"id": "FL"}, True), (["TX", "FL"], True), ("TX", False), (7, False)],
)
def test_property_narrows_what_a_name_means(refine: RefineClient, value: Any, is_match: bool) -> None:
    ((first, *_),) = refine.reconcile([UNION], properties=[{"pid": "jurisdiction", "v": value}])
    assert (first["id"], first["match"]) == (UNION_ID, is_match)


def test_blank_property_narrows_nothing(refine: RefineClient) -> None:
    ((first, *_),) = refine.reconcile([UNION], properties=[{"pid": "jurisdiction", "v": ""}])
    assert first["match"]


def test_limit_bounds_the_candidates(refine: RefineClient) -> None:
    (result,) = refine.reconcile(["County Sheriff's Office"], limit=2)
    assert len(result) == 2


def test_columns_are_added_from_reconciled_values(refine: RefineClient) -> None:
    answer = refine.extend(["FL", UNION_ID, "nobody"], "fips", "posture", "agreements", "jurisdiction", "county")
    assert [column["id"] for column in answer["meta"]] == ["fips", "posture", "agreements", "jurisdiction", "county"]
    assert answer["meta"][3]["type"] == {"id": "jurisdiction", "name": "Jurisdiction"}
    assert answer["rows"]["FL"]["fips"] == [{"str": "12"}]
    card = refine.client.get("/v1/jurisdictions/FL").json
    assert answer["rows"]["FL"]["posture"] == [{"str": card["posture"]["value"]}]
    assert answer["rows"][UNION_ID]["jurisdiction"] == [{"id": "FL", "name": "Florida"}]
    assert answer["rows"][UNION_ID]["county"] == [{"str": "UNION County"}]
    assert answer["rows"]["nobody"] == {column["id"]: [] for column in answer["meta"]}


def test_added_numbers_equal_those_of_the_api(refine: RefineClient, client: FlaskClient) -> None:
    summary = client.get("/v1/agreements/summary?by=jurisdiction").json["results"]
    rows = refine.extend([row["jurisdiction"] for row in summary], "agreements", "agencies")["rows"]
    expected = {row["jurisdiction"]: {unit: [{"int": row[unit]}] for unit in ("agreements", "agencies")} for row in summary}
    assert rows == expected != {}


def test_nation_has_no_posture(refine: RefineClient) -> None:
    assert refine.extend(["US"], "posture", "headline")["rows"]["US"] == {"posture": [], "headline": []}


def test_properties_of_a_type_are_proposed(refine: RefineClient) -> None:
    service = refine.manifest["extend"]["propose_properties"]
    answer = refine.get(service["service_url"] + service["service_path"], type="agency", limit="3").json
    assert (answer["type"], [item["id"] for item in answer["properties"]]) == ("agency", ["jurisdiction", "agency_type", "county"])


@pytest.mark.parametrize(
    ("noun", "prefix", "first"),
    [("entity", "virg", "VA"), ("entity", "union", UNION_ID), ("type", "law", "agency"), ("property", "post", "posture")],
)
def test_prefix_is_completed(refine: RefineClient, noun: str, prefix: str, first: str) -> None:
    assert refine.suggest(noun, prefix)[0]["id"] == first


def test_prefix_of_nothing_has_no_suggestions(refine: RefineClient) -> None:
    assert [refine.suggest(noun, "zzz") for noun in ("entity", "type", "property")] == [[], [], []]


@pytest.mark.parametrize(("id", "text"), [("FL", "Florida"), ("US", "United States"), (UNION_ID, "UNION County, Florida")])
def test_preview_is_a_page_that_may_be_framed(refine: RefineClient, id: str, text: str) -> None:
    response = refine.page("preview", id)
    assert (response.status_code, response.mimetype) == (200, "text/html")
    assert text in response.text
    assert "frame-ancestors" not in response.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in response.headers


def test_preview_escapes_names(refine: RefineClient) -> None:
    assert "Fairfax County Sheriff&#x27;s Office" in refine.page("preview", "va-fairfax-county-sheriffs-office").text


@pytest.mark.parametrize(("id", "path"), [("FL", "/states/florida"), (UNION_ID, f"/agencies/{UNION_ID}")])
def test_view_leads_to_the_page_of_an_entity(refine: RefineClient, id: str, path: str) -> None:
    response = refine.page("view", id)
    assert (response.status_code, response.headers["Location"]) == (302, path)


@pytest.mark.parametrize("name", ["preview", "view"])
def test_unknown_entity_is_not_found(refine: RefineClient, name: str) -> None:
    assert refine.page(name, "nobody").status_code == 404


def test_queries_work_over_get(client: FlaskClient) -> None:
    answer = client.get(PATH, query_string={"queries": json.dumps({"a": {"query": "Florida"}})})
    assert answer.json["a"]["result"][0]["id"] == "FL"
    assert answer.headers["Cache-Control"].startswith("public")


def test_answers_are_for_one_day(client: FlaskClient) -> None:
    queries = {"queries": json.dumps({"a": {"query": UNION, "type": "agency"}})}
    assert client.post(f"{PATH}?as_of=2000-01-01", data=queries).json["a"]["result"] == []
    response = client.post(f"{PATH}?as_of=2026-01-01", data=queries)
    assert response.json["a"]["result"][0]["id"] == UNION_ID
    assert (response.headers["Cache-Control"], response.headers["Access-Control-Allow-Origin"]) == ("no-store", "*")


@pytest.mark.parametrize(
    ("form", "parameter", "text"),
    [
        ({"queries": "{"}, "queries", "unexpected end"),
        ({"queries": "[]"}, "queries", "1 to 100 queries"),
        ({"queries": "{}"}, "queries", "1 to 100 queries"),
        ({"queries": '{"q0": {}}'}, "queries", "Missing data"),
        ({"queries": '{"q0": 7}'}, "queries", "Invalid input"),
        ({"queries": '{"q0": {"query": "x", "properties": [{"pid": 1}]}}'}, "queries", "Not a valid string"),
        ({"queries": '{"q0": {"query": "x", "type": "state"}}'}, "queries", "There is no type 'state'"),
        ({"queries": '{"q0": {"query": "x", "properties": [{"pid": "state", "v": "x"}]}}'}, "queries", "There is no property 'state'"),
        ({"extend": '{"ids": ["VA"], "properties": [{"id": "color"}]}'}, "extend", "There is no property 'color'"),
        ({"extend": '{"ids": ["VA"]}'}, "extend", "Missing data"),
        ({"extend": "{}", "queries": "{}"}, "extend", "Remove"),
        ({"query": "x"}, "query", "Allowed: queries, extend"),
    ],
)
def test_invalid_request_says_what_to_do(client: FlaskClient, form: dict[str, str], parameter: str, text: str) -> None:
    response = client.post(PATH, data=form)
    assert response.status_code == 422
    assert text in str(response.json["errors"])
    assert set(faults_by_parameter(response)) == {parameter}


def test_request_without_a_form_is_refused(client: FlaskClient) -> None:
    assert client.post(PATH, json={"queries": {}}).status_code == 422
    assert re.search("Send either `queries` or `extend`", client.post(PATH).text)


def test_batch_sends_a_fixed_number_of_statements(client: FlaskClient, statements: Statements) -> None:
    for number in (1, 50):
        statements.clear()
        client.post(PATH, data={"queries": json.dumps({str(key): {"query": UNION} for key in range(number)})})
        assert len(statements) == 6
