"""Test the comparison of several stance cards."""

import pytest
from flask.testing import FlaskClient

from legal.api.formats import tabular
from legal.schemas.jurisdiction import ComparisonSchema
from tests.api.factories import faults_by_parameter
from tests.conftest import Statements


def compared_codes(client: FlaskClient, refs: str) -> list[str]:
    """Return the codes of the compared jurisdictions, in order."""
    return [card["code"] for card in client.get(f"/v1/compare?jurisdictions={refs}").json["results"]]


def test_compared_cards_equal_the_single_cards(client: FlaskClient) -> None:
    snapshot = "as_of=2026-03-01&revision=1"
    cards = client.get(f"/v1/compare?jurisdictions=VA,MD,MA&{snapshot}").json["results"]
    assert cards == [client.get(f"/v1/jurisdictions/{code}?{snapshot}").json for code in ("VA", "MD", "MA")]


def test_all_cards_have_the_same_keys_in_the_same_order(client: FlaskClient) -> None:
    cards = client.get("/v1/compare?jurisdictions=VA,WY,US,WV").json["results"]
    assert {tuple(card) for card in cards} == {tuple(cards[0])}
    assert {tuple(card["stance"]) for card in cards} == {tuple(cards[0]["stance"])}


@pytest.mark.parametrize(
    ("refs", "codes"),
    [
        ("MD,VA", ["MD", "VA"]),
        ("VA,MD", ["VA", "MD"]),
        ("virginia,24,us-ma,ocd-division/country:us/state:co", ["VA", "MD", "MA", "CO"]),
        ("VA,MD,virginia", ["VA", "MD"]),
    ],
    ids=["order", "other order", "any identifier", "no duplicates"],
)
def test_cards_follow_the_requested_order_without_duplicates(client: FlaskClient, refs: str, codes: list[str]) -> None:
    assert compared_codes(client, refs) == codes


@pytest.mark.parametrize("refs", ["VA,MD", "WY,US", "CO,CT,FL,IL,MA,MD,MN,NJ,NY,TX,VA,WA"])
def test_comparison_matches_its_schema_and_sends_13_statements(client: FlaskClient, statements: Statements, refs: str) -> None:
    assert ComparisonSchema().validate(client.get(f"/v1/compare?jurisdictions={refs}").json) == {}
    assert len(statements) <= 13


@pytest.mark.parametrize("refs", ["VA", "", ",", "VA,virginia", "VA,Atlantis", ",".join(["VA"] * 13), "VA,MD,"])
def test_invalid_jurisdictions_are_refused(client: FlaskClient, refs: str) -> None:
    response = client.get(f"/v1/compare?jurisdictions={refs}")
    assert response.status_code == 422
    assert "jurisdictions" in faults_by_parameter(response)


def test_misspelled_jurisdiction_gets_suggestions(client: FlaskClient) -> None:
    assert faults_by_parameter(client.get("/v1/compare?jurisdictions=VA,Marylnd"))["jurisdictions"]["did_you_mean"][0] == "MD"


def test_jurisdictions_are_required(client: FlaskClient) -> None:
    assert "jurisdictions" in faults_by_parameter(client.get("/v1/compare"))


def test_comparison_describes_the_requested_day(client: FlaskClient) -> None:
    earlier, later = (client.get(f"/v1/compare?jurisdictions=VA,MD&as_of={day}").json for day in ("2026-02-03", "2026-02-05"))
    assert [body["results"][0]["posture"]["value"] for body in (earlier, later)] == ["active", "limited_with_agreements"]
    assert earlier["meta"]["as_of"] == "2026-02-03"


def test_comparison_as_a_table_has_a_row_for_each_card(client: FlaskClient) -> None:
    fields = "name,posture.label,stance.ban.knowledge,stance.ban.measures.id"
    url = f"/v1/compare?jurisdictions=MA,VA,WY&fields={fields}"
    lines = [line.split(",") for line in client.get(f"{url}&format=csv&as_of=2026-03-01").text.splitlines()]
    assert lines[0] == ["name", "posture.label", "stance.ban.knowledge", "stance.ban.measures"]
    assert [line[0] for line in lines[1:]] == ["Massachusetts", "Virginia", "Wyoming"]
    assert client.get(url).json["results"][2] == {
        "name": "Wyoming",
        "posture": {"label": "No record"},
        "stance": {"ban": {"knowledge": "no_record", "measures": []}},
    }


@pytest.mark.parametrize("format_name", ["csv", "ndjson", "xlsx"])
def test_comparison_has_the_formats_of_a_list(client: FlaskClient, format_name: str) -> None:
    response = client.get(f"/v1/compare?jurisdictions=VA,MD&format={format_name}")
    assert response.headers["Content-Disposition"].endswith(f'.{format_name}"')
    assert response.mimetype == tabular.MEDIA_TYPES[format_name]
