"""Test the postures and headlines of all jurisdictions over the seeds, with rosters and on days before and after them."""

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from legal.db.engine import Database
from legal.queries.core.snapshot import resolve_snapshot
from legal.queries.export.answer_tables import POSTURES_TABLE
from legal.queries.export.rows import stream_table_rows
from legal.queries.record import jurisdictions
from legal.queries.rosters import in_force
from legal.queries.stance import cards, postures
from legal.rules.posture import RULE_PACK
from tests.rules.test_headline import FORBIDDEN_INFERENCES
from tests.services.rosters.factories import parsed_row, roster_workbook, session_with_rosters

pytestmark = pytest.mark.databases("sqlite")  # tests/system/test_databases.py holds both to one answer

NUMBERS_LISTED = {"CO": 1, "NM": 1, "MA": 1, "MD": 2, "VA": 2, "FL": 3, "TX": 2, "OH": 2, "GA": 2, "MN": 2}
"""Jurisdictions that ICE's roster of 2026-02-17 names, with one agreement or with a few that stand for more."""
EXPECTED_POSTURES = {
    "barred": "CA CT IL ME NJ OR WA",
    "barred_with_agreements": "NM",
    "limited_with_agreements": "VA MA",
    "active_restricted": "CO",
    "active_contested": "MD MN",
    "active": "FL TX OH GA",
    "none_listed": "DE HI RI VT WY",
}
DAYS = ("1990-01-01", "2024-12-31", "2025-09-17", "2026-02-20", "2026-05-17", "2026-05-18", "2026-11-21", "2026-11-25", "2035-01-01")


def listed_rows(numbers: dict[str, int]) -> Iterator[Any]:
    """Yield the rows of a roster with this number of agreements for each jurisdiction."""
    for code, number in numbers.items():
        for position in range(number):
            yield parsed_row(f"Agency {position} of {code}", jurisdiction=code, agency_type=None, county=None)


@pytest.fixture
def session(seeded_db: Database) -> Iterator[Session]:
    """A session over the seeds with two rosters; the second one no longer names Maryland."""
    later_numbers = {code: number for code, number in NUMBERS_LISTED.items() if code != "MD"}
    rosters = (roster_workbook("2026-02-17", *listed_rows(NUMBERS_LISTED)), roster_workbook("2026-05-18", *listed_rows(later_numbers)))
    with session_with_rosters(seeded_db, *rosters) as open_session:
        yield open_session


def load_cards(session: Session, day: str) -> dict[str, Any]:
    """Return all cards of a day by code."""
    snapshot = resolve_snapshot(session, date.fromisoformat(day))
    return {card["code"]: card for card in cards.load_stance_cards(session, jurisdictions.load_jurisdictions(session, snapshot), snapshot)}


def load_list(session: Session, day: str) -> dict[str, Any]:
    """Return the rows of the list of jurisdictions on a day by code."""
    snapshot = resolve_snapshot(session, date.fromisoformat(day))
    rows = postures.load_postures(session, snapshot, in_force.load_current_roster(session, snapshot))
    return {row["code"]: row for row in rows}


def test_postures_with_the_roster_are_as_expected(seeded_db: Database) -> None:
    with session_with_rosters(seeded_db, roster_workbook("2026-02-17", *listed_rows(NUMBERS_LISTED))) as session:
        rows = load_list(session, "2026-02-20")
    expected = {code: posture for posture, codes in EXPECTED_POSTURES.items() for code in codes.split()}
    assert {code: rows[code]["posture"]["value"] for code in expected} == expected
    assert all(row["posture"] is None or row["posture"]["value"] != "no_record" for row in rows.values())


def test_settlement_in_colorado_restricts_its_only_agreement(session: Session) -> None:
    posture = load_cards(session, "2026-11-22")["CO"]["posture"]
    assert (posture["rule"], posture["rule_version"]) == ("R7", RULE_PACK)
    assert {"co-teller-agreement-2020", "co-teller-settlement-2025"} < set(posture["because"])


def test_slot_that_the_roster_omits_is_absent_with_the_roster(session: Session) -> None:
    slot = load_cards(session, "2026-11-22")["VT"]["stance"]["active_agreements"]
    assert (slot["knowledge"], slot["because"], slot["citations"]) == ("absent", [slot["listed"]["roster"]], [])
    assert (slot["listed"]["agreements"], slot["listed"]["date"]["edtf"]) == (0, "2026-05-18")
    assert load_cards(session, "2026-02-16")["VT"]["stance"]["active_agreements"]["listed"] is None


def test_later_roster_outdates_agreements_that_a_dated_article_reports(seeded_db: Database) -> None:
    with session_with_rosters(seeded_db, roster_workbook("2026-05-18", *listed_rows({"VA": 1}))) as session:
        for day, knowledge in (("2026-05-17", "present"), ("2026-05-18", "absent")):
            card = load_cards(session, day)["FL"]
            exported = {
                row[0]: row for row in stream_table_rows(session, POSTURES_TABLE, resolve_snapshot(session, date.fromisoformat(day)))
            }["FL"]
            assert card["stance"]["active_agreements"]["knowledge"] == knowledge
            values = {load_list(session, day)["FL"]["posture"]["value"], exported[1], card["posture"]["value"]}
            assert len(values) == 1
            assert json.loads(exported[6]) == card["posture"]["set_aside"]
    assert [claim["id"] for claim in card["posture"]["set_aside"] if "A roster that was published after" in claim["why"]]


def test_answer_that_rests_on_nothing_is_not_stale(session: Session) -> None:
    card = load_cards(session, "2024-12-31")["CA"]
    assert (card["posture"]["value"], card["posture"]["because"], card["posture"]["stale"]) == ("on_file", [], False)
    assert card["headline"]["stale"] is False
    assert (card["headline"]["evidence_through"]["earliest"], card["posture"]["evidence_through"]["earliest"]) == ("2026-02-04", None)


def test_roster_that_omits_a_jurisdiction_does_not_mention_it(session: Session) -> None:
    all_cards = load_cards(session, "2026-11-22")
    assert (all_cards["VT"]["coverage"]["documents_mentioning"], all_cards["OH"]["coverage"]["documents_mentioning"]) == (0, 1)


def test_rows_of_the_list_count_measures_and_what_the_roster_lists(session: Session) -> None:
    row = load_list(session, "2026-11-22")["OH"]
    assert (row["measures"]["active_agreements"], row["listed"]["agreements"]) == (1, 2)


@pytest.mark.parametrize("day", DAYS)
def test_list_and_cards_have_the_same_headlines(session: Session, day: str) -> None:
    rows, all_cards = load_list(session, day), load_cards(session, day)
    assert {code: row["headline"] for code, row in rows.items()} == {code: card["headline"] for code, card in all_cards.items()}
    assert {code for code, row in rows.items() if row["headline"] is None} == {"US"}


@pytest.mark.parametrize("day", DAYS)
def test_no_headline_draws_a_forbidden_inference(session: Session, day: str) -> None:
    for card in load_cards(session, day).values():
        if headline := card["headline"]:
            text = headline["text"]
            assert [rule for rule, pattern in FORBIDDEN_INFERENCES.items() if re.search(pattern, text)] == [], text
            assert (headline["stale"] is None) == (card["posture"]["value"] == "no_record")
            assert headline["as_of"] == day
            present = card["stance"]["active_agreements"]["knowledge"] == "present"
            assert not re.search("agreements? (are|is) on file as in effect", text) or present, text
            if card["posture"]["value"] == "no_record":
                assert text.startswith("The documents on file do not say where "), text
            if listed := card["stance"]["active_agreements"]["listed"]:
                assert ("names no agency" in text) == (listed["agreements"] == 0), text
