"""Jurisdictions over HTTP: identifiers, the card, the postures of all."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.api.factories import DIRECTIVE, faults

POSTURES = {
    "barred": {"WA", "OR", "CA", "IL", "NJ", "CT", "ME", "NM"},
    "limited_with_agreements": {"VA", "MA"},
    "active_contested": {"MD", "CO"},
    "active": {"FL", "TX"},
    "contested": {"NY", "NV", "PA", "MN"},
    "activity_reported": {"WV"},
}
Cards = dict[str, dict[str, Any]]
SLOTS = ["ban", "mandate", "executive_order", "pending_bill", "litigation", "active_agreements", "legal_opinion"]


def test_every_place_has_the_posture_that_the_documents_give(client: FlaskClient) -> None:
    rows = client.get("/v1/jurisdictions?limit=200").json["results"]
    given = {row["code"]: row["posture"] and row["posture"]["value"] for row in rows}
    named = {code: posture for posture, codes in POSTURES.items() for code in codes}
    assert len(given) == 57
    assert given.pop("US") is None
    assert given == {code: named.get(code, "no_record") for code in given}
    assert list(given.values()).count("no_record") == 37


def test_the_list_and_the_cards_agree(client: FlaskClient, cards: Cards) -> None:
    for row in client.get("/v1/jurisdictions?limit=200").json["results"]:
        card = cards[row["code"]]
        assert (card["posture"] and card["posture"]["value"]) == (row["posture"] and row["posture"]["value"])
        assert row["measures"] == {kind: len(slot["measures"]) for kind, slot in card["stance"].items()}


def test_every_posture_is_explained_by_what_is_on_file_for_the_place(client: FlaskClient, cards: Cards) -> None:
    rows = [row for noun in ("measures", "figures") for row in client.get(f"/v1/{noun}?limit=200&fields=id,jurisdiction").json["results"]]
    places = {row["id"]: row["jurisdiction"] for row in rows}
    for code, card in cards.items():
        posture = card["posture"] or {"because": [], "value": "no_record"}
        assert bool(posture["because"]) == (posture["value"] != "no_record")
        assert {places[id] for id in posture["because"]} <= {code}


@pytest.mark.parametrize(
    "ref", ["va", "Virginia", "virginia", "VIRGINIA", "51", "US-VA", "us-va", "ocd-division/country:us/state:va", "%20va"]
)
def test_every_form_of_an_identifier_leads_to_the_card(client: FlaskClient, ref: str) -> None:
    answer = client.get(f"/v1/jurisdictions/{ref}?as_of=2026-03-01")
    assert (answer.status_code, answer.headers["Location"]) == (308, "/v1/jurisdictions/VA?as_of=2026-03-01")


def test_every_place_is_found_by_its_identifiers(client: FlaskClient) -> None:
    forms = ("name", "slug", "fips", "iso_3166_2", "ocd_id")
    for number, row in enumerate(client.get("/v1/jurisdictions?limit=200&type=state,district,territory").json["results"]):
        for form in (forms[number % 5], forms[(number + 2) % 5]):
            answer = client.head(f"/v1/jurisdictions/{row[form]}")
            assert (answer.status_code, answer.headers["Location"]) == (308, f"/v1/jurisdictions/{row['code']}")


@pytest.mark.parametrize("ref", ["ocd-division/country:us/district:dc", "ocd-division/country:us/state:dc"])
def test_the_district_answers_to_both_divisions(client: FlaskClient, ref: str) -> None:
    assert client.get(f"/v1/jurisdictions/{ref}").headers["Location"] == "/v1/jurisdictions/DC"


@pytest.mark.parametrize("ref", ["us", "United States", "united-states", "ocd-division/country:us"])
def test_the_nation_answers_to_its_names(client: FlaskClient, ref: str) -> None:
    assert client.get(f"/v1/jurisdictions/{ref}").headers["Location"] == "/v1/jurisdictions/US"


def test_a_redirection_keeps_no_query_that_was_not_there(client: FlaskClient) -> None:
    assert client.get("/v1/jurisdictions/va").headers["Location"] == "/v1/jurisdictions/VA"


@pytest.mark.parametrize(("ref", "meant"), [("Virgina", "VA"), ("West Virgina", "WV"), ("Nwe York", "NY"), ("Massachusets", "MA")])
def test_a_misspelt_place_is_helped(client: FlaskClient, ref: str, meant: str) -> None:
    answer = client.get(f"/v1/jurisdictions/{ref}")
    assert answer.status_code == 404
    assert answer.json["did_you_mean"][0] == meant


def test_a_misspelt_place_in_a_filter_is_helped(client: FlaskClient) -> None:
    answer = client.get("/v1/measures?jurisdiction=VA,Marylnd")
    assert answer.status_code == 422
    assert faults(answer)["jurisdiction"]["did_you_mean"][0] == "MD"


def test_a_filter_takes_identifiers_of_any_form(client: FlaskClient) -> None:
    answer = client.get("/v1/measures?jurisdiction=virginia,24,us-ma&limit=200").json
    assert {row["jurisdiction"] for row in answer["results"]} == {"VA", "MD", "MA"}
    assert answer["meta"]["filters"]["jurisdiction"] == ["VA", "MD", "MA"]


# What a newsroom reads about Virginia.


@pytest.fixture
def virginia(cards: Cards) -> dict[str, Any]:
    """The card of Virginia."""
    return cards["VA"]


def test_the_directive_says_whom_it_binds_and_whom_it_does_not(virginia: dict[str, Any]) -> None:
    (directive,) = virginia["stance"]["executive_order"]["measures"]
    assert (directive["id"], directive["stands"], directive["direction"]) == (DIRECTIVE, "yes", "limits_cooperation")
    assert directive["effective"]["from"] == {"edtf": "2026-02-04", "earliest": "2026-02-04", "latest": "2026-02-04", "basis": "inferred"}
    assert directive["scope"]["binds"] == ["state_agencies"]
    assert "county_sheriffs" in directive["scope"]["does_not_bind"]


def test_the_pending_bill_is_pending_and_no_ban(virginia: dict[str, Any]) -> None:
    (bill,) = virginia["stance"]["pending_bill"]["measures"]
    assert bill["stands"] == "yes"
    assert virginia["stance"]["ban"] == {
        "knowledge": "no_record",
        "evidence_through": {"edtf": None, "earliest": None, "latest": None, "basis": "unknown"},
        "measures": [],
        "citations": [],
        "listed": None,
    }


def test_the_agreements_that_remain_are_listed_beside_those_ordered_to_end(virginia: dict[str, Any]) -> None:
    slot = virginia["stance"]["active_agreements"]
    assert slot["knowledge"] == "present"
    assert {one["id"]: one["status"] for one in slot["measures"]} == {
        "va-local-agreements-2025": "active",
        "va-state-agreements-2025": "ordered_to_terminate",
    }


def test_the_posture_names_its_rule_and_accounts_for_every_claim(virginia: dict[str, Any], client: FlaskClient) -> None:
    posture = virginia["posture"]
    assert (posture["value"], posture["rule"], posture["rule_version"]) == ("limited_with_agreements", "R5", 1)
    assert {DIRECTIVE, "va-local-agreements-2025"} <= set(posture["because"])
    on_file = {row["id"] for noun in ("measures", "figures") for row in client.get(f"/v1/{noun}?jurisdiction=VA").json["results"]}
    named = [*posture["because"], *(one["id"] for one in posture["set_aside"])]
    assert sorted(named) == sorted(on_file)


def test_every_measure_and_figure_points_into_a_document(virginia: dict[str, Any], client: FlaskClient) -> None:
    measures = [measure for slot in virginia["stance"].values() for measure in slot["measures"]]
    cited = [citation for one in (*measures, *virginia["figures"]) for citation in one["citations"]]
    assert all(one["citations"] for one in (*measures, *virginia["figures"]))
    for document in {citation["document"] for citation in cited}:
        assert client.get(f"/v1/documents/{document}").status_code == 200
    assert all(citation["end"] > citation["start"] and len(citation["sha256"]) == 64 for citation in cited)


def test_the_card_says_how_to_cite_it(virginia: dict[str, Any], client: FlaskClient) -> None:
    assert virginia["links"]["permalink"] in virginia["cite_as"]
    pinned = client.get(virginia["links"]["permalink"])
    assert pinned.json == virginia


def test_every_address_that_the_card_gives_answers(virginia: dict[str, Any], client: FlaskClient) -> None:
    assert {client.get(link).status_code for link in virginia["links"].values() if link} == {200}


def test_before_the_directive_virginia_was_not_limited(client: FlaskClient) -> None:
    card = client.get("/v1/jurisdictions/VA?as_of=2026-01-15").json
    assert card["meta"]["as_of"] == "2026-01-15"
    assert card["stance"]["executive_order"]["measures"] == []
    assert card["posture"]["value"] != "limited_with_agreements"


def test_marylands_bill_would_bar_with_agreements(cards: Cards) -> None:
    posture = cards["MD"]["posture"]
    assert [one["posture"] for one in posture["would_become"]] == ["barred_with_agreements"]


# What is said where the documents say nothing.


def test_a_silent_place_has_no_record_anywhere_and_says_what_was_searched(cards: Cards) -> None:
    silent = [card for card in cards.values() if card["posture"] and card["posture"]["value"] == "no_record"]
    assert len(silent) == 37
    for card in silent:
        assert [slot["knowledge"] for slot in card["stance"].values()] == ["no_record"] * 7
        assert card["coverage"]["documents_searched"] == 5
        assert card["coverage"]["documents_mentioning"] == 0
        assert (card["posture"]["value"], card["posture"]["rule"], card["posture"]["confidence"]) == ("no_record", "R12", "none")


def test_silence_is_nowhere_worded_as_a_fact(client: FlaskClient) -> None:
    body = client.get("/v1/jurisdictions/WY").get_data(as_text=True).lower()
    assert "absent" not in body
    assert "has none" not in body


def test_the_nation_has_no_posture(cards: Cards) -> None:
    card = cards["US"]
    assert card["posture"] is None
    assert (card["fips"], card["iso_3166_2"], card["ocd_id"]) == (None, "US", "ocd-division/country:us")
    assert card["figures"]


def test_every_card_has_all_slots_in_one_order(cards: Cards) -> None:
    assert all(list(card["stance"]) == SLOTS for card in cards.values())


def test_arrests_alone_leave_the_agreements_without_a_record(cards: Cards) -> None:
    card = cards["WV"]
    assert card["stance"]["active_agreements"]["knowledge"] == "no_record"
    assert {figure["metric"] for figure in card["figures"]} == {"arrests"}


# The list and its filters.


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("type=district", {"DC"}),
        ("type=nation,district", {"DC", "US"}),
        ("posture=active", {"FL", "TX"}),
        ("posture=active,activity_reported", {"FL", "TX", "WV"}),
        ("kind=legal_opinion", {"MN"}),
        ("q=virginia", {"VA", "VI", "WV"} - {"VI"}),
        ("q=WEST+virg", {"WV"}),
        ("q=%25", set()),
        ("type=territory&posture=barred", set()),
    ],
)
def test_a_filter_narrows_the_list(client: FlaskClient, query: str, codes: set[str]) -> None:
    answer = client.get(f"/v1/jurisdictions?{query}").json
    assert {row["code"] for row in answer["results"]} == codes
    assert answer["count"] == len(codes)


def test_a_day_that_lies_ahead_may_be_asked_about(app: Flask) -> None:
    ahead = date.max.isoformat()
    card = app.test_client().get(f"/v1/jurisdictions/VA?as_of={ahead}").json
    assert (card["meta"]["as_of"], card["posture"]["stale"]) == (ahead, True)
