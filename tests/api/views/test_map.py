"""Test the map over HTTP."""

import csv
import io
import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

from legal.api.formats import tabular
from legal.schemas.map import FeatureCollectionSchema, MapSchema

MAP_COLUMNS = ["fips", "code", "name", "posture", "posture_label", "agreements", "agencies", "figure_low", "figure_high", "as_of", "url"]
MAP_COLUMNS += ["figure_unit", "figure_date", "roster_date", "evidence_through", "stale"]
MAP_PATHS = ("/v1/map.csv", "/v1/map.json", "/v1/jurisdictions.geojson")


def csv_rows(client: FlaskClient, query: str = "") -> list[dict[str, str]]:
    """Return the rows of the CSV."""
    return list(csv.DictReader(io.StringIO(client.get(f"/v1/map.csv{query}").text, newline="")))


def json_row(client: FlaskClient, code: str, query: str = "") -> dict[str, object]:
    """Return the row of one jurisdiction from the JSON."""
    return next(row for row in client.get(f"/v1/map.json{query}").json["rows"] if row["code"] == code)


def test_columns_never_change(client: FlaskClient) -> None:
    assert client.get("/v1/map.csv").text.splitlines()[0] == ",".join(MAP_COLUMNS)
    assert client.get("/v1/map.json").json["columns"] == MAP_COLUMNS


def test_every_row_has_exactly_the_columns(client: FlaskClient) -> None:
    assert {tuple(row) for row in client.get("/v1/map.json").json["rows"]} == {(*MAP_COLUMNS, "headline")}


def test_every_jurisdiction_except_the_nation_has_a_row(client: FlaskClient) -> None:
    codes = [row["code"] for row in csv_rows(client)]
    assert (len(codes), len(set(codes)), "US" in codes) == (56, 56, False)


def test_csv_and_json_have_the_same_rows(client: FlaskClient) -> None:
    rows = client.get("/v1/map.json").json["rows"]
    assert csv_rows(client) == [
        {
            key: tabular.csv_cell(value) if isinstance(value, bool) else str(tabular.csv_cell(value))
            for key, value in row.items()
            if key in MAP_COLUMNS
        }
        for row in rows
    ]


def test_map_matches_its_schema(client: FlaskClient) -> None:
    assert MapSchema().validate(client.get("/v1/map.json").json) == {}


def test_fips_code_keeps_its_leading_zero(client: FlaskClient) -> None:
    assert next(row["fips"] for row in csv_rows(client) if row["code"] == "AL") == "01"


def test_postures_equal_those_of_the_list(client: FlaskClient) -> None:
    jurisdictions = client.get("/v1/jurisdictions?limit=200&as_of=2026-03-01").json["results"]
    postures = {row["code"]: (row["posture"]["value"], row["posture"]["label"]) for row in jurisdictions if row["posture"]}
    rows = client.get("/v1/map.json?as_of=2026-03-01").json["rows"]
    assert {row["code"]: (row["posture"], row["posture_label"]) for row in rows} == postures


def test_agreement_counts_are_empty_without_a_roster(client: FlaskClient) -> None:
    assert {(row["agreements"], row["agencies"]) for row in csv_rows(client)} == {("", "")}


@pytest.mark.parametrize(
    ("code", "bounds", "unit"),
    [("FL", (325, 325), "jurisdictions"), ("MD", (9, 9), "agencies"), ("CO", (1, 1), "agreements"), ("WA", (None, None), None)],
)
def test_row_has_the_newest_participation_figure_and_meta_its_unit(
    client: FlaskClient, code: str, bounds: tuple[int | None, int | None], unit: str | None
) -> None:
    row = json_row(client, code, "?as_of=2026-11-22")
    units = client.get("/v1/map.json?as_of=2026-11-22").json["meta"]["figure_units"]
    assert ((row["figure_low"], row["figure_high"]), units.get(code)) == (bounds, unit)


def test_units_are_only_of_jurisdictions_on_the_map(client: FlaskClient) -> None:
    assert "US" not in client.get("/v1/map.json").json["meta"]["figure_units"]


def test_figure_reported_after_the_day_is_not_shown(client: FlaskClient) -> None:
    assert json_row(client, "FL", "?as_of=2025-09-16")["figure_low"] is None


def test_row_links_to_the_card(client: FlaskClient) -> None:
    assert client.get(json_row(client, "VA")["url"]).json["code"] == "VA"


def test_map_describes_the_requested_day(client: FlaskClient) -> None:
    assert json_row(client, "VA", "?as_of=2026-02-03")["posture"] == "active"
    assert json_row(client, "VA", "?as_of=2026-02-05")["posture"] == "limited_with_agreements"
    assert {row["as_of"] for row in csv_rows(client, "?as_of=2026-02-05")} == {"2026-02-05"}


def test_csv_has_a_file_name_with_revision_and_day(client: FlaskClient) -> None:
    header = client.get("/v1/map.csv?as_of=2026-02-05").headers["Content-Disposition"]
    assert header == 'attachment; filename="legal-landscape-map-r1-2026-02-05.csv"'


@pytest.mark.parametrize("path", MAP_PATHS)
def test_matching_etag_gets_304(client: FlaskClient, path: str) -> None:
    full_response = client.get(path)
    second_response = client.get(path, headers={"If-None-Match": full_response.headers["ETag"]})
    assert (full_response.headers["Data-Revision"], second_response.status_code) == ("1", 304)


@pytest.mark.parametrize("path", MAP_PATHS)
def test_pinned_map_is_immutable(client: FlaskClient, path: str) -> None:
    assert "immutable" in client.get(f"{path}?as_of=2026-02-05&revision=1&rules=2").headers["Cache-Control"]


@pytest.mark.parametrize("path", MAP_PATHS)
def test_map_sends_seven_statements(client: FlaskClient, statements: list[str], path: str) -> None:
    assert client.get(path).status_code == 200
    assert len(statements) == 7


@pytest.mark.parametrize(
    ("query", "status"), [("?as_off=2026-02-05", 422), ("?as_of=x", 422), ("?revision=9", 404), ("?known_at=2000-01-01T00:00:00Z", 404)]
)
@pytest.mark.parametrize("path", MAP_PATHS)
def test_invalid_snapshot_or_parameter_is_refused(client: FlaskClient, path: str, query: str, status: int) -> None:
    assert client.get(path + query).status_code == status


def test_example_in_the_openapi_description_is_a_real_row(client: FlaskClient) -> None:
    content = client.get("/openapi.json").json["paths"]["/v1/map.csv"]["get"]["responses"]["200"]["content"]
    header, line = content["text/csv"]["schema"]["examples"][0].splitlines()
    lines = client.get("/v1/map.csv?as_of=2026-03-01").text.splitlines()
    assert (header == lines[0], line in lines) == (True, True)


def test_new_columns_tell_the_unit_date_and_evidence_of_a_row(client: FlaskClient) -> None:
    row = json_row(client, "MD", "?as_of=2026-03-01")
    card = client.get("/v1/jurisdictions/MD?as_of=2026-03-01").json
    figure = next(figure for figure in card["figures"] if figure["value"] == 9 and figure["metric"] == "participation")
    assert (row["figure_unit"], row["figure_date"]) == (figure["unit"], figure["date"]["edtf"])
    assert (row["evidence_through"], row["stale"]) == (card["headline"]["evidence_through"]["edtf"], card["headline"]["stale"])


def test_row_without_anything_on_file_is_neither_stale_nor_fresh(client: FlaskClient) -> None:
    row = json_row(client, "WY", "?as_of=2026-03-01")
    assert (row["figure_date"], row["roster_date"], row["evidence_through"], row["stale"]) == (None, None, None, None)


def test_geojson_has_the_rows_of_the_map_on_outlines(client: FlaskClient) -> None:
    response = client.get("/v1/jurisdictions.geojson?as_of=2026-02-05")
    rows = client.get("/v1/map.json?as_of=2026-02-05").json["rows"]
    collection = json.loads(response.data)
    assert response.mimetype == "application/geo+json"
    assert FeatureCollectionSchema().validate(collection) == {}
    assert [feature["properties"] for feature in collection["features"]] == [{key: row[key] for key in MAP_COLUMNS} for row in rows]
    assert [feature["id"] for feature in collection["features"]] == [row["fips"] for row in rows]


@pytest.mark.parametrize("public_url", ["", "https://example.org/law"])
def test_address_of_a_card_is_absolute_where_the_public_url_is_set(app: Flask, public_url: str) -> None:
    app.config["LINK_BASE"] = public_url
    try:
        assert json_row(app.test_client(), "VA", "?as_of=2026-02-06")["url"] == f"{public_url}/v1/jurisdictions/VA"
    finally:
        app.config["LINK_BASE"] = ""
