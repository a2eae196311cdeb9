"""Jurisdictions over HTTP: identifiers, the card, the postures of all."""

import pytest
from flask.testing import FlaskClient

POSTURES = {
    "barred": {"WA", "OR", "CA", "IL", "NJ", "CT", "ME", "NM"},
    "limited_with_agreements": {"VA", "MA"},
    "active_contested": {"MD", "CO"},
    "active": {"FL", "TX"},
    "contested": {"NY", "NV", "PA", "MN"},
    "activity_reported": {"WV"},
}


def test_every_place_has_the_posture_that_the_documents_give(client: FlaskClient) -> None:
    rows = client.get("/v1/jurisdictions?limit=200").json["results"]
    given = {row["code"]: row["posture"] and row["posture"]["value"] for row in rows}
    named = {code: posture for posture, codes in POSTURES.items() for code in codes}
    assert len(given) == 57
    assert given.pop("US") is None
    assert given == {code: named.get(code, "no_record") for code in given}
    assert list(given.values()).count("no_record") == 37


@pytest.mark.parametrize(
    "ref", ["va", "Virginia", "virginia", "VIRGINIA", "51", "US-VA", "us-va", "ocd-division/country:us/state:va", "%20va"]
)
def test_every_form_of_an_identifier_leads_to_the_card(client: FlaskClient, ref: str) -> None:
    answer = client.get(f"/v1/jurisdictions/{ref}?as_of=2026-03-01")
    assert (answer.status_code, answer.headers["Location"]) == (308, "/v1/jurisdictions/VA?as_of=2026-03-01")


@pytest.mark.parametrize("ref", ["ocd-division/country:us/district:dc", "ocd-division/country:us/state:dc"])
def test_the_district_answers_to_both_divisions(client: FlaskClient, ref: str) -> None:
    assert client.get(f"/v1/jurisdictions/{ref}").headers["Location"] == "/v1/jurisdictions/DC"


@pytest.mark.parametrize(("ref", "meant"), [("Virgina", "VA"), ("West Virgina", "WV"), ("Nwe York", "NY"), ("Massachusets", "MA")])
def test_a_misspelt_place_is_helped(client: FlaskClient, ref: str, meant: str) -> None:
    answer = client.get(f"/v1/jurisdictions/{ref}")
    assert answer.status_code == 404
    assert answer.json["did_you_mean"][0] == meant


def test_the_card_takes_nine_statements_whatever_the_place(client: FlaskClient, statements: list[str]) -> None:
    for code in ("VA", "US", "WY"):
        statements.clear()
        assert client.get(f"/v1/jurisdictions/{code}").status_code == 200
        assert len(statements) == 9
