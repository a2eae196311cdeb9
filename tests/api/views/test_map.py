"""The map over HTTP."""

import csv
import io

import pytest
from flask.testing import FlaskClient

from legal.schemas.map import MapSchema

COLUMNS = ["fips", "code", "name", "posture", "posture_label", "agreements", "agencies", "figure_low", "figure_high", "as_of", "url"]
PATHS = ("/v1/map.csv", "/v1/map.json")


def table(client: FlaskClient, query: str = "") -> list[dict[str, str]]:
    """The rows of the CSV."""
    return list(csv.DictReader(io.StringIO(client.get(f"/v1/map.csv{query}").text, newline="")))


def row(client: FlaskClient, code: str, query: str = "") -> dict[str, object]:
    """One place of the JSON."""
    return next(row for row in client.get(f"/v1/map.json{query}").json["rows"] if row["code"] == code)


def test_the_columns_are_the_frozen_ones(client: FlaskClient) -> None:
    assert client.get("/v1/map.csv").text.splitlines()[0] == ",".join(COLUMNS)
    assert client.get("/v1/map.json").json["columns"] == COLUMNS


def test_every_row_has_just_the_columns(client: FlaskClient) -> None:
    assert {tuple(row) for row in client.get("/v1/map.json").json["rows"]} == {tuple(COLUMNS)}


def test_all_places_but_the_nation_have_a_row(client: FlaskClient) -> None:
    codes = [row["code"] for row in table(client)]
    assert (len(codes), len(set(codes)), "US" in codes) == (56, 56, False)


def test_both_forms_have_the_same_rows(client: FlaskClient) -> None:
    rows = client.get("/v1/map.json").json["rows"]
    assert table(client) == [{key: "" if value is None else str(value) for key, value in row.items()} for row in rows]


def test_the_answer_has_its_shape(client: FlaskClient) -> None:
    assert MapSchema().validate(client.get("/v1/map.json").json) == {}


def test_a_fips_code_keeps_its_leading_zero(client: FlaskClient) -> None:
    assert next(row["fips"] for row in table(client) if row["code"] == "AL") == "01"


def test_postures_are_those_of_the_list(client: FlaskClient) -> None:
    listed = client.get("/v1/jurisdictions?limit=200&as_of=2026-03-01").json["results"]
    named = {place["code"]: (place["posture"]["value"], place["posture"]["label"]) for place in listed if place["posture"]}
    rows = client.get("/v1/map.json?as_of=2026-03-01").json["rows"]
    assert {row["code"]: (row["posture"], row["posture_label"]) for row in rows} == named


def test_counts_of_agreements_are_silent_until_a_roster_is_imported(client: FlaskClient) -> None:
    assert {(row["agreements"], row["agencies"]) for row in table(client)} == {("", "")}


@pytest.mark.parametrize(
    ("code", "bounds", "unit"),
    [("FL", (325, 325), "jurisdictions"), ("MD", (9, 9), "agencies"), ("CO", (1, 1), "agreements"), ("WA", (None, None), None)],
)
def test_a_place_shows_its_newest_participation_figure_and_meta_its_unit(
    client: FlaskClient, code: str, bounds: tuple[int | None, int | None], unit: str | None
) -> None:
    found = row(client, code, "?as_of=2026-11-22")
    units = client.get("/v1/map.json?as_of=2026-11-22").json["meta"]["figure_units"]
    assert ((found["figure_low"], found["figure_high"]), units.get(code)) == (bounds, unit)


def test_no_unit_is_named_for_a_place_that_is_not_on_the_map(client: FlaskClient) -> None:
    assert "US" not in client.get("/v1/map.json").json["meta"]["figure_units"]


def test_a_figure_that_was_not_reported_by_the_day_is_not_shown(client: FlaskClient) -> None:
    assert row(client, "FL", "?as_of=2025-09-16")["figure_low"] is None


def test_a_row_leads_to_the_card(client: FlaskClient) -> None:
    assert client.get(row(client, "VA")["url"]).json["code"] == "VA"


def test_the_map_is_of_the_day_asked_about(client: FlaskClient) -> None:
    assert row(client, "VA", "?as_of=2026-02-03")["posture"] == "active"
    assert row(client, "VA", "?as_of=2026-02-05")["posture"] == "limited_with_agreements"
    assert {row["as_of"] for row in table(client, "?as_of=2026-02-05")} == {"2026-02-05"}


def test_the_file_says_what_it_is(client: FlaskClient) -> None:
    told = client.get("/v1/map.csv?as_of=2026-02-05").headers["Content-Disposition"]
    assert told == 'attachment; filename="legal-landscape-map-r1-2026-02-05.csv"'


@pytest.mark.parametrize("path", PATHS)
def test_a_client_that_has_the_map_is_told_so(client: FlaskClient, path: str) -> None:
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (first.headers["Data-Revision"], again.status_code) == ("1", 304)


@pytest.mark.parametrize("path", PATHS)
def test_a_pinned_map_never_changes(client: FlaskClient, path: str) -> None:
    assert "immutable" in client.get(f"{path}?as_of=2026-02-05&revision=1").headers["Cache-Control"]


@pytest.mark.parametrize("path", PATHS)
def test_a_map_takes_seven_statements(client: FlaskClient, statements: list[str], path: str) -> None:
    assert client.get(path).status_code == 200
    assert len(statements) == 7


@pytest.mark.parametrize(
    ("query", "status"), [("?as_off=2026-02-05", 422), ("?as_of=x", 422), ("?revision=9", 404), ("?known_at=2000-01-01T00:00:00Z", 404)]
)
@pytest.mark.parametrize("path", PATHS)
def test_a_moment_that_cannot_be_read_is_refused(client: FlaskClient, path: str, query: str, status: int) -> None:
    assert client.get(path + query).status_code == status


def test_the_example_in_the_description_is_true(client: FlaskClient) -> None:
    content = client.get("/openapi.json").json["paths"]["/v1/map.csv"]["get"]["responses"]["200"]["content"]
    header, line = content["text/csv"]["schema"]["examples"][0].splitlines()
    lines = client.get("/v1/map.csv?as_of=2026-03-01").text.splitlines()
    assert (header == lines[0], line in lines) == (True, True)
