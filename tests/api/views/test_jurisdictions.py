"""Test jurisdictions over HTTP: identifiers, stance cards and postures."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.api.factories import DIRECTIVE, faults_by_parameter

CODES_BY_POSTURE = {
    "barred": {"WA", "OR", "CA", "IL", "NJ", "CT", "ME", "NM"},
    "limited_with_agreements": {"VA", "MA"},
    "active_restricted": {"CO"},
    "active_contested": {"MD"},
    "active": {"FL", "TX"},
    "contested": {"NY", "NV", "PA", "MN"},
    "activity_reported": {"WV"},
}
Cards = dict[str, dict[str, Any]]
SLOTS = ["ban", "mandate", "executive_order", "pending_bill", "litigation", "active_agreements", "legal_opinion"]


def test_every_jurisdiction_has_the_expected_posture(client: FlaskClient) -> None:
    rows = client.get("/v1/jurisdictions?limit=200&as_of=2026-02-20").json["results"]
    postures = {row["code"]: row["posture"] and row["posture"]["value"] for row in rows}
    expected_postures = {code: posture for posture, codes in CODES_BY_POSTURE.items() for code in codes}
    assert len(postures) == 57
    assert postures.pop("US") is None
    assert postures == {code: expected_postures.get(code, "no_record") for code in postures}
    assert list(postures.values()).count("no_record") == 37


def test_list_and_cards_agree(client: FlaskClient, cards: Cards) -> None:
    for row in client.get("/v1/jurisdictions?limit=200").json["results"]:
        card = cards[row["code"]]
        assert (card["posture"] and card["posture"]["value"]) == (row["posture"] and row["posture"]["value"])
        assert row["measures"] == {kind: len(slot["measures"]) for kind, slot in card["stance"].items()}


def test_every_posture_names_reasons_of_its_own_jurisdiction(client: FlaskClient, cards: Cards) -> None:
    rows = [
        row
        for resource in ("measures", "figures")
        for row in client.get(f"/v1/{resource}?limit=200&fields=id,jurisdiction").json["results"]
    ]
    jurisdictions_by_id = {row["id"]: row["jurisdiction"] for row in rows}
    for code, card in cards.items():
        posture = card["posture"] or {"because": [], "value": "no_record"}
        assert bool(posture["because"]) == (posture["value"] != "no_record")
        assert {jurisdictions_by_id[id] for id in posture["because"]} <= {code}


@pytest.mark.parametrize(
    "ref", ["va", "Virginia", "virginia", "VIRGINIA", "51", "US-VA", "us-va", "ocd-division/country:us/state:va", "%20va"]
)
def test_every_identifier_redirects_to_the_card(client: FlaskClient, ref: str) -> None:
    response = client.get(f"/v1/jurisdictions/{ref}?as_of=2026-03-01")
    assert (response.status_code, response.headers["Location"]) == (308, "/v1/jurisdictions/VA?as_of=2026-03-01")


def test_every_jurisdiction_is_found_by_its_identifiers(client: FlaskClient) -> None:
    identifiers = ("name", "slug", "fips", "iso_3166_2", "ocd_id")
    for number, row in enumerate(client.get("/v1/jurisdictions?limit=200&type=state,district,territory").json["results"]):
        for identifier in (identifiers[number % 5], identifiers[(number + 2) % 5]):
            response = client.head(f"/v1/jurisdictions/{row[identifier]}")
            assert (response.status_code, response.headers["Location"]) == (308, f"/v1/jurisdictions/{row['code']}")


@pytest.mark.parametrize("ref", ["ocd-division/country:us/district:dc", "ocd-division/country:us/state:dc"])
def test_district_is_found_by_both_ocd_ids(client: FlaskClient, ref: str) -> None:
    assert client.get(f"/v1/jurisdictions/{ref}").headers["Location"] == "/v1/jurisdictions/DC"


@pytest.mark.parametrize("ref", ["us", "United States", "united-states", "ocd-division/country:us"])
def test_nation_is_found_by_its_identifiers(client: FlaskClient, ref: str) -> None:
    assert client.get(f"/v1/jurisdictions/{ref}").headers["Location"] == "/v1/jurisdictions/US"


def test_redirect_without_query_has_no_question_mark(client: FlaskClient) -> None:
    assert client.get("/v1/jurisdictions/va").headers["Location"] == "/v1/jurisdictions/VA"


@pytest.mark.parametrize(("ref", "suggestion"), [("Virgina", "VA"), ("West Virgina", "WV"), ("Nwe York", "NY"), ("Massachusets", "MA")])
def test_misspelled_jurisdiction_gets_suggestions(client: FlaskClient, ref: str, suggestion: str) -> None:
    response = client.get(f"/v1/jurisdictions/{ref}")
    assert response.status_code == 404
    assert response.json["did_you_mean"][0] == suggestion


def test_misspelled_jurisdiction_in_a_filter_gets_suggestions(client: FlaskClient) -> None:
    response = client.get("/v1/measures?jurisdiction=VA,Marylnd")
    assert response.status_code == 422
    assert faults_by_parameter(response)["jurisdiction"]["did_you_mean"][0] == "MD"


def test_filter_accepts_identifiers_of_any_kind(client: FlaskClient) -> None:
    page = client.get("/v1/measures?jurisdiction=virginia,24,us-ma&limit=200").json
    assert {row["jurisdiction"] for row in page["results"]} == {"VA", "MD", "MA"}
    assert page["meta"]["filters"]["jurisdiction"] == ["VA", "MD", "MA"]


# The card of Virginia.


@pytest.fixture
def virginia_card(cards: Cards) -> dict[str, Any]:
    """The stance card of Virginia."""
    return cards["VA"]


def test_directive_has_its_date_direction_and_scope(virginia_card: dict[str, Any]) -> None:
    (directive,) = virginia_card["stance"]["executive_order"]["measures"]
    assert (directive["id"], directive["stands"], directive["direction"]) == (DIRECTIVE, "yes", "limits_cooperation")
    assert directive["effective"]["from"] == {"edtf": "2026-02-04", "earliest": "2026-02-04", "latest": "2026-02-04", "basis": "inferred"}
    assert directive["scope"]["binds"] == ["state_agencies"]
    assert "county_sheriffs" in directive["scope"]["does_not_bind"]


def test_pending_bill_is_in_its_slot_and_not_a_ban(virginia_card: dict[str, Any]) -> None:
    (bill,) = virginia_card["stance"]["pending_bill"]["measures"]
    assert (bill["stands"], bill["last_known"]["latest"]) == ("possible", "2026-02-17")
    assert virginia_card["stance"]["ban"] == {
        "knowledge": "no_record",
        "evidence_through": {"edtf": None, "earliest": None, "latest": None, "basis": "unknown"},
        "measures": [],
        "because": [],
        "citations": [],
        "listed": None,
    }


def test_slot_has_active_agreements_and_those_ordered_to_end(virginia_card: dict[str, Any]) -> None:
    slot = virginia_card["stance"]["active_agreements"]
    assert (slot["knowledge"], slot["because"]) == ("present", ["va-local-agreements-2025"])
    assert {measure["id"]: measure["status"] for measure in slot["measures"]} == {
        "va-local-agreements-2025": "active",
        "va-state-agreements-2025": "ordered_to_terminate",
    }


def test_posture_names_its_rule_and_accounts_for_every_claim(virginia_card: dict[str, Any], client: FlaskClient) -> None:
    posture = virginia_card["posture"]
    assert (posture["value"], posture["rule"], posture["rule_version"]) == ("limited_with_agreements", "R5", 2)
    assert {DIRECTIVE, "va-local-agreements-2025"} <= set(posture["because"])
    ids_on_file = {
        row["id"] for resource in ("measures", "figures") for row in client.get(f"/v1/{resource}?jurisdiction=VA").json["results"]
    }
    claim_ids = [*posture["because"], *(claim["id"] for claim in posture["set_aside"])]
    assert sorted(claim_ids) == sorted(ids_on_file)


def test_every_measure_and_figure_cites_a_document(virginia_card: dict[str, Any], client: FlaskClient) -> None:
    claims = [measure for slot in virginia_card["stance"].values() for measure in slot["measures"]] + virginia_card["figures"]
    assert [claim["id"] for claim in claims if not claim["citations"]] == []
    citations = [citation for claim in claims for citation in claim["citations"]]
    for document in {citation["document"] for citation in citations}:
        assert client.get(f"/v1/documents/{document}").status_code == 200
    assert all(citation["end"] > citation["start"] and len(citation["sha256"]) == 64 for citation in citations)


def test_card_has_a_citable_permalink(virginia_card: dict[str, Any], client: FlaskClient) -> None:
    assert virginia_card["links"]["permalink"] in virginia_card["cite_as"]
    assert client.get(virginia_card["links"]["permalink"]).json == virginia_card


def test_every_link_of_the_card_works(virginia_card: dict[str, Any], client: FlaskClient) -> None:
    assert {client.get(link).status_code for link in virginia_card["links"].values() if link} == {200}


def test_virginia_is_not_limited_before_the_directive(client: FlaskClient) -> None:
    card = client.get("/v1/jurisdictions/VA?as_of=2026-01-15").json
    assert card["meta"]["as_of"] == "2026-01-15"
    assert card["stance"]["executive_order"]["measures"] == []
    assert card["posture"]["value"] != "limited_with_agreements"


def test_pending_bill_of_maryland_would_change_its_posture(cards: Cards) -> None:
    posture = cards["MD"]["posture"]
    assert [outcome["posture"] for outcome in posture["would_become"]] == ["barred_with_agreements"]


# Jurisdictions without a record.


def test_jurisdiction_without_record_has_its_coverage(cards: Cards) -> None:
    empty_cards = [card for card in cards.values() if card["posture"] and card["posture"]["value"] == "no_record"]
    assert len(empty_cards) == 37
    for card in empty_cards:
        assert [slot["knowledge"] for slot in card["stance"].values()] == ["no_record"] * 7
        assert card["coverage"]["documents_searched"] == 5
        assert card["coverage"]["documents_mentioning"] == 0
        assert (card["posture"]["value"], card["posture"]["rule"], card["posture"]["confidence"]) == ("no_record", "R14", "none")


def test_missing_record_is_not_worded_as_absence(client: FlaskClient) -> None:
    body = client.get("/v1/jurisdictions/WY").get_data(as_text=True).lower()
    assert "absent" not in body
    assert "has none" not in body


def test_nation_has_no_posture(cards: Cards) -> None:
    card = cards["US"]
    assert card["posture"] is None
    assert (card["fips"], card["iso_3166_2"], card["ocd_id"]) == (None, "US", "ocd-division/country:us")
    assert card["figures"]


def test_every_card_has_all_slots_in_the_same_order(cards: Cards) -> None:
    assert all(list(card["stance"]) == SLOTS for card in cards.values())


def test_arrest_figures_alone_give_no_record_of_agreements(cards: Cards) -> None:
    card = cards["WV"]
    assert card["stance"]["active_agreements"]["knowledge"] == "no_record"
    assert {figure["metric"] for figure in card["figures"]} == {"arrests"}


# Filters of the list.


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("type=district", {"DC"}),
        ("type=nation,district", {"DC", "US"}),
        ("posture=active&as_of=2026-02-20", {"FL", "TX"}),
        ("posture=active,activity_reported&as_of=2026-02-20", {"FL", "TX", "WV"}),
        ("kind=legal_opinion", {"MN"}),
        ("q=virginia", {"VA", "WV"}),
        ("q=WEST+virg", {"WV"}),
        ("q=%25", set()),
        ("type=territory&posture=barred", set()),
    ],
)
def test_filter_selects_matching_jurisdictions(client: FlaskClient, query: str, codes: set[str]) -> None:
    page = client.get(f"/v1/jurisdictions?{query}").json
    assert {row["code"] for row in page["results"]} == codes
    assert page["count"] == len(codes)


def test_future_day_may_be_requested(app: Flask) -> None:
    last_day = date.max.isoformat()
    card = app.test_client().get(f"/v1/jurisdictions/VA?as_of={last_day}").json
    assert (card["meta"]["as_of"], card["posture"]["stale"]) == (last_day, True)
