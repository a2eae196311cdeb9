"""Measures act on others, have provisions, and are counted by independent origins."""

import pytest
from flask.testing import FlaskClient

from legal.json_types import Json

pytestmark = pytest.mark.databases("sqlite")  # tests/system/test_databases.py holds both to one answer

DAY = "as_of=2026-02-20"


def get(client: FlaskClient, path: str) -> Json:
    """Return the JSON of a successful answer."""
    response = client.get(path)
    assert response.status_code == 200, response.json
    return dict(response.json)


def card_measures(card: Json) -> dict[str, Json]:
    """Return the measures of a card by id."""
    return {measure["id"]: measure for slot in card["stance"].values() for measure in slot["measures"]}


@pytest.mark.parametrize(
    ("source", "target", "effect"),
    [
        ("va-directive-2026-02-04", "va-state-agreements-2025", "ends"),
        ("co-teller-settlement-2025", "co-teller-agreement-2020", "restricts"),
        ("mn-ag-opinion-2025-12", "mn-sheriffs-agreements", "challenges"),
        ("md-bill-2026", "md-active-agreements", "bars"),
        ("ma-bill-2025", "ma-jail-partnership-2020", "ends"),
    ],
)
def test_link_is_served_both_ways(client: FlaskClient, source: str, target: str, effect: str) -> None:
    assert get(client, f"/v1/measures/{source}")["acts_on"] == [{"id": target, "effect": effect}]
    assert get(client, f"/v1/measures/{target}")["acted_on_by"] == [{"id": source, "effect": effect}]


def test_list_and_single_measure_have_the_same_links(client: FlaskClient) -> None:
    rows = get(client, "/v1/measures?jurisdiction=VA,MN")["results"]
    assert {row["id"]: (row["acts_on"], row["acted_on_by"]) for row in rows} == {
        row["id"]: (single["acts_on"], single["acted_on_by"]) for row in rows for single in [get(client, f"/v1/measures/{row['id']}")]
    }


def test_card_of_minnesota_shows_the_two_sheriffs_through_the_opinion(client: FlaskClient) -> None:
    measures = card_measures(get(client, f"/v1/jurisdictions/MN?{DAY}"))
    assert "mn-sheriffs-agreements" not in measures  # they are over
    assert measures["mn-ag-opinion-2025-12"]["acts_on"] == [{"id": "mn-sheriffs-agreements", "effect": "challenges"}]


def test_card_shows_that_a_measure_is_acted_on(client: FlaskClient) -> None:
    measures = card_measures(get(client, f"/v1/jurisdictions/VA?{DAY}"))
    assert measures["va-state-agreements-2025"]["acted_on_by"] == [{"id": "va-directive-2026-02-04", "effect": "ends"}]


def test_label_of_an_end_does_not_say_that_it_came(client: FlaskClient) -> None:
    effects = {term["value"]: term for term in get(client, "/v1/codebook")["lists"]["link_effect"]["terms"]}
    assert effects["ends"]["label"] == "Orders or would order the end of"
    assert "ended" not in effects["ends"]["label"]


def test_provisions_have_citations_that_are_no_evidence_for_the_measure(client: FlaskClient) -> None:
    settlement = get(client, "/v1/measures/co-teller-settlement-2025")
    assert [(provision["type"], provision["by"]) for provision in settlement["provisions"]] == [
        ("concession", "Teller County Sheriff's Office"),
        ("restriction", "Teller County Sheriff's Office"),
    ]
    assert [len(provision["citations"]) for provision in settlement["provisions"]] == [1, 1]
    assert len(settlement["citations"]) == 2
    agreements = get(client, "/v1/measures/us-active-agreements")
    assert "aic-report" not in {citation["origin"] for citation in agreements["citations"]}
    assert [provision["type"] for provision in agreements["provisions"]] == [*["finding"] * 4, *["intention"] * 2]


def test_stated_intention_is_no_status(client: FlaskClient) -> None:
    bill = get(client, "/v1/measures/md-bill-2026")
    assert (bill["status"], [provision["type"] for provision in bill["provisions"]]) == ("passed_legislature", ["intention"])


def test_provision_is_found_by_its_words(client: FlaskClient) -> None:
    results = get(client, "/v1/search?q=Accountability+Office+recommendations")["results"]
    assert "us-active-agreements" in {result["id"] for result in results}


def test_document_is_cited_by_the_measure_of_a_provision(client: FlaskClient) -> None:
    cited_by = get(client, "/v1/documents/conservative-news-daily-2025")["cited_by"]["measures"]
    paragraphs = {citation["paragraph"] for row in cited_by if row["id"] == "us-active-agreements" for citation in row["citations"]}
    assert {17, 18} <= paragraphs


def test_measures_with_provisions_are_found_by_their_document(client: FlaskClient) -> None:
    rows = get(client, "/v1/measures?document=washington-times-2025-09-17")["results"]
    assert "us-unnamed-states-decline-2025" in {row["id"] for row in rows}


@pytest.mark.parametrize(("kind", "id"), [("authorization", "us-authorization-287g-1996"), ("funding", "us-funding-2025")])
def test_federal_law_that_allows_or_pays_is_background(client: FlaskClient, kind: str, id: str) -> None:
    card = get(client, f"/v1/jurisdictions/US?{DAY}")
    assert [measure["id"] for measure in card["background"][kind]["measures"]] == [id]
    assert card["background"][kind]["knowledge"] == "present"
    assert (card["stance"]["mandate"]["knowledge"], card["stance"]["mandate"]["measures"]) == ("no_record", [])
    assert [row["id"] for row in get(client, f"/v1/measures?kind={kind}")["results"]] == [id]
    row = get(client, f"/v1/jurisdictions?kind={kind}&{DAY}")["results"][0]
    assert (row["code"], row["measures"][kind]) == ("US", 1)


def test_stance_keeps_its_seven_slots(client: FlaskClient) -> None:
    assert list(get(client, "/v1/jurisdictions/US")["stance"]) == [
        *("ban", "mandate", "executive_order", "pending_bill", "litigation", "active_agreements", "legal_opinion"),
    ]


@pytest.mark.parametrize(("code", "posture"), [("WY", "no_record"), ("PR", "no_record")])
def test_silent_card_shows_claims_about_unnamed_states(client: FlaskClient, code: str, posture: str) -> None:
    card = get(client, f"/v1/jurisdictions/{code}?{DAY}")
    assert card["posture"]["value"] == posture
    claims = card["national_claims"]
    assert [claim["id"] for claim in claims] == [row["id"] for row in get(client, "/v1/measures?kind=unnamed_states")["results"]]
    assert len(claims) == 6
    assert all(card["name"] not in claim["summary"] for claim in claims)
    assert [get(client, claim["links"]["self"])["jurisdiction"] for claim in claims] == ["US"] * 6


def test_claims_about_unnamed_states_change_no_posture(client: FlaskClient) -> None:
    card = get(client, f"/v1/jurisdictions/WY?{DAY}")
    claim_ids = {claim["id"] for claim in card["national_claims"]}
    assert not claim_ids & {*card["posture"]["because"], *(entry["id"] for entry in card["posture"]["set_aside"])}


@pytest.mark.parametrize("code", ["VA", "WA", "US"])
def test_card_with_a_record_shows_no_claims_about_unnamed_states(client: FlaskClient, code: str) -> None:
    assert get(client, f"/v1/jurisdictions/{code}?{DAY}")["national_claims"] == []


def test_claims_about_unnamed_states_say_that_none_is_named(client: FlaskClient) -> None:
    for row in get(client, "/v1/measures?kind=unnamed_states")["results"]:
        assert "said to" in row["summary"]
        assert "named" in row["summary"]


def test_unknown_publisher_is_null(client: FlaskClient) -> None:
    assert get(client, "/v1/measures/va-directive-2026-02-04")["corroboration"] == {"documents": 1, "publishers": None, "origins": 1}


def test_origins_of_one_document_are_one(client: FlaskClient) -> None:
    agreement = get(client, "/v1/measures/co-teller-agreement-2020")
    assert len({citation["origin"] for citation in agreement["citations"]}) == 2
    assert agreement["corroboration"] == {"documents": 1, "publishers": None, "origins": 1}
