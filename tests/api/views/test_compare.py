"""Comparisons: several cards side by side."""

import pytest
from flask.testing import FlaskClient

from legal.schemas.jurisdiction import ComparisonSchema
from tests.api.factories import faults
from tests.conftest import Statements


def codes(client: FlaskClient, refs: str) -> list[str]:
    """The places that a comparison shows, in its order."""
    return [card["code"] for card in client.get(f"/v1/compare?jurisdictions={refs}").json["results"]]


def test_cards_stand_side_by_side_as_they_stand_alone(client: FlaskClient) -> None:
    moment = "as_of=2026-03-01&revision=1"
    cards = client.get(f"/v1/compare?jurisdictions=VA,MD,MA&{moment}").json["results"]
    assert cards == [client.get(f"/v1/jurisdictions/{code}?{moment}").json for code in ("VA", "MD", "MA")]


def test_cards_have_the_same_keys_in_the_same_order(client: FlaskClient) -> None:
    cards = client.get("/v1/compare?jurisdictions=VA,WY,US,WV").json["results"]
    assert {tuple(card) for card in cards} == {tuple(cards[0])}
    assert {tuple(card["stance"]) for card in cards} == {tuple(cards[0]["stance"])}


def test_places_come_in_the_order_they_are_named_in(client: FlaskClient) -> None:
    assert (codes(client, "MD,VA"), codes(client, "VA,MD")) == (["MD", "VA"], ["VA", "MD"])


def test_places_may_be_named_in_any_form(client: FlaskClient) -> None:
    assert codes(client, "virginia,24,us-ma,ocd-division/country:us/state:co") == ["VA", "MD", "MA", "CO"]


def test_a_place_named_twice_stands_once(client: FlaskClient) -> None:
    assert codes(client, "VA,MD,virginia") == ["VA", "MD"]


@pytest.mark.parametrize("refs", ["VA,MD", "WY,US", "CO,CT,FL,IL,MA,MD,MN,NJ,NY,TX,VA,WA"])
def test_a_comparison_has_its_shape_and_takes_eleven_statements(client: FlaskClient, statements: Statements, refs: str) -> None:
    assert ComparisonSchema().validate(client.get(f"/v1/compare?jurisdictions={refs}").json) == {}
    assert len(statements) == 11


@pytest.mark.parametrize("refs", ["VA", "", ",", "VA,virginia", "VA,Atlantis", ",".join(["VA"] * 13), "VA,MD,"])
def test_what_cannot_be_compared_is_refused(client: FlaskClient, refs: str) -> None:
    answer = client.get(f"/v1/compare?jurisdictions={refs}")
    assert answer.status_code == 422
    assert "jurisdictions" in faults(answer)


def test_a_misspelt_place_is_helped(client: FlaskClient) -> None:
    assert faults(client.get("/v1/compare?jurisdictions=VA,Marylnd"))["jurisdictions"]["did_you_mean"][0] == "MD"


def test_a_comparison_needs_to_be_told_of_what(client: FlaskClient) -> None:
    assert "jurisdictions" in faults(client.get("/v1/compare"))


def test_a_comparison_is_of_the_day_asked_about(client: FlaskClient) -> None:
    before, after = (client.get(f"/v1/compare?jurisdictions=VA,MD&as_of={day}").json for day in ("2026-02-03", "2026-02-05"))
    assert [one["results"][0]["posture"]["value"] for one in (before, after)] == ["active", "limited_with_agreements"]
    assert before["meta"]["as_of"] == "2026-02-03"
