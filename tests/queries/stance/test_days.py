"""Postures, slots and headlines of all jurisdictions on a sweep of days, on a fresh install."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlalchemy import Date, select
from sqlalchemy.orm import Session

from legal.db.engine import Database
from legal.models import Base
from legal.queries.core.snapshot import Snapshot, latest_snapshot
from legal.queries.record import jurisdictions, measures
from legal.queries.rosters import in_force
from legal.queries.stance import cards, postures
from legal.rules.evidence import DOCUMENT_STALE_MONTHS, ROSTER_STALE_AFTER
from legal.rules.horizons import FIRST_AGREEMENT_POSSIBLE, PROGRAM_ENACTED, ROSTER_HORIZON, add_months
from legal.vocabulary import Kind, Stands
from tests.conftest import open_app
from tests.examples import examples

pytestmark = pytest.mark.databases("sqlite")  # tests/system/test_databases.py compares the responses of both

YEARS = [date(year, 7, 1) for year in (1900, 1995, 1996, 1997, 2001, 2002, 2010, 2020)]
MONTHS = [date(2020 + month // 12, month % 12 + 1, 15) for month in range(12, 12 * 11, 3)]
EDGES = [date(2026, 2, 3), date(2026, 2, 4), date(2026, 2, 17), date(2026, 5, 5), date(2026, 5, 6), date(2026, 5, 18), date(2026, 11, 22)]
SWEEP = sorted([*YEARS, *MONTHS, *EDGES, date(9000, 1, 1)])


@pytest.fixture
def session(shipped_db: Database) -> Iterator[Session]:
    """Yield a session over the seeds with the counts of all rosters."""
    with Session(shipped_db.engine) as open_session:
        yield open_session


@pytest.fixture
def shipped_client(shipped_db: Database) -> Iterator[FlaskClient]:
    """Yield a client of the app over the seeds with the counts of all rosters."""
    with open_app(shipped_db) as app:
        yield app.test_client()


def load_cards(session: Session, day: date) -> dict[str, Any]:
    """Return all cards of a day by code."""
    snapshot = on_day(session, day)
    rows = jurisdictions.load_jurisdictions(session, snapshot)
    return {card["code"]: card for card in cards.load_stance_cards(session, rows, snapshot)}


def on_day(session: Session, day: date) -> Snapshot:
    """Return the snapshot of the newest revision on a day."""
    return replace(latest_snapshot(session), as_of=day)


def load_measures(session: Session, day: date) -> dict[str, Any]:
    """Return whether each measure is in effect on a day, with its status, by id."""
    snapshot = on_day(session, day)
    rows = snapshot.execute(session, measures.CURRENT_VERSIONS).mappings()
    return {row["measure"]: (measures.measure_claim(row, snapshot).stands, row["status_on_day"]) for row in rows}


@pytest.mark.parametrize("day", [day for day in SWEEP if day < date(1996, 9, 30)])
def test_nothing_is_on_file_before_the_program(session: Session, day: date) -> None:
    for code, card in load_cards(session, day).items():
        assert all(slot["knowledge"] == "no_record" and not slot["measures"] for slot in card["stance"].values()), code
        assert card["posture"] is None or (card["posture"]["value"], card["posture"]["would_become"]) == ("no_record", [])


def test_list_and_cards_agree_on_every_day(session: Session) -> None:
    for day in SWEEP[::4]:
        listed = {
            row["code"]: row
            for row in postures.load_postures(session, on_day(session, day), in_force.load_current_roster(session, on_day(session, day)))
        }
        for code, card in load_cards(session, day).items():
            assert listed[code]["headline"] == card["headline"], (day, code)
            assert (card["posture"] and card["posture"]["value"]) == (listed[code]["posture"] and listed[code]["posture"]["value"])


def test_counts_by_kind_have_the_measures_of_the_slots_and_the_roster(session: Session) -> None:
    day = date(2026, 2, 20)
    listed = {
        row["code"]: row["measures"]
        for row in postures.load_postures(session, on_day(session, day), in_force.load_current_roster(session, on_day(session, day)))
    }
    for code, card in load_cards(session, day).items():
        has_roster = bool(card["stance"]["active_agreements"]["listed"]["agreements"])
        slots = card["stance"] | card["background"]
        counts = {kind: len(slot["measures"]) + (has_roster and kind == "active_agreements") for kind, slot in slots.items()}
        assert listed[code] == counts


def test_slots_rest_on_what_is_in_effect_on_every_day(session: Session) -> None:
    for day in SWEEP[::4]:
        for card in load_cards(session, day).values():
            for slot in card["stance"].values():
                stands = {measure["id"]: measure["stands"] for measure in slot["measures"]}
                assert slot["knowledge"] != "present" or any(stands.get(id, "yes") == "yes" for id in slot["because"])
                assert "no" not in stands.values()


def test_no_measure_that_ends_by_itself_is_certain_for_ever(session: Session) -> None:
    endless = {Kind.BAN, Kind.MANDATE, Kind.EXECUTIVE_ORDER, Kind.LEGAL_OPINION, Kind.AUTHORIZATION, Kind.FUNDING}
    snapshot = on_day(session, date(2035, 1, 1))
    rows = snapshot.execute(session, measures.CURRENT_VERSIONS).mappings()
    certain = {row["kind"] for row in rows if measures.measure_claim(row, snapshot).stands is Stands.YES and row["status"] != "settled"}
    assert certain <= endless


def load_dated_days(session: Session) -> set[date]:
    """Return every day on which an answer may change: a bound of a date, a roster, a horizon, or the end of fresh evidence."""
    columns = [
        (table, column.name)
        for table in ("measure_versions", "events", "figure_versions", "status_periods", "rosters", "document_versions")
        for column in Base.metadata.tables[table].columns
        if isinstance(column.type, Date)
    ]
    days = {day for table, column in columns for day in session.scalars(select(Base.metadata.tables[table].c[column])) if day}
    after_limits = {day + timedelta(days=1) for day in days}  # a last day, a horizon
    stale = {day + ROSTER_STALE_AFTER + timedelta(days=1) for day in days}
    stale |= {add_months(day, months) + timedelta(days=1) for day in days for months in (DOCUMENT_STALE_MONTHS, ROSTER_HORIZON.months)}
    return days | after_limits | stale | {PROGRAM_ENACTED, FIRST_AGREEMENT_POSSIBLE}


def load_answers(session: Session, day: date) -> dict[str, Any]:
    """Return what is answered about a day, without the day itself: every measure, and each row of the list of jurisdictions."""
    rows = postures.load_postures(session, on_day(session, day), in_force.load_current_roster(session, on_day(session, day)))
    listed = {
        row["code"]: (
            row["posture"],
            row["measures"],
            row["headline"] and {**row["headline"], "as_of": None},
            row["listed"] and row["listed"]["roster"],
        )
        for row in rows
    }
    return listed | load_measures(session, day)


@examples(25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dates(date(1990, 1, 2), date(2036, 12, 31)))
def test_answers_change_only_on_dated_days(session: Session, day: date) -> None:
    if day not in load_dated_days(session):
        assert load_answers(session, day) == load_answers(session, day - timedelta(days=1))


def test_answers_change_only_on_dated_days_while_documents_were_written(session: Session) -> None:
    days = [date(2026, 1, 20) + timedelta(days=number) for number in range(40)]
    answers, dated_days = [load_answers(session, day) for day in days], load_dated_days(session)
    changed_days = [day for day, before, after in zip(days[1:], answers, answers[1:], strict=False) if before != after]
    assert set(changed_days) <= dated_days
    assert changed_days


def test_day_on_which_we_read_a_document_changes_nothing(session: Session) -> None:
    assert load_measures(session, date(2026, 11, 21)) == load_measures(session, date(2026, 11, 22))


def test_later_roster_takes_agreements_that_it_omits_out_of_effect(session: Session) -> None:
    answers = {day: load_measures(session, day)["md-active-agreements"][0] for day in (date(2026, 2, 20), date(2026, 5, 18))}
    assert list(answers.values()) == [Stands.YES, Stands.NO]


def test_roster_without_an_agency_of_minnesota_ends_no_agreements_elsewhere(session: Session) -> None:
    assert load_measures(session, date(2026, 5, 18))["us-active-agreements"][0] is Stands.YES


def test_maryland_has_a_bill_of_unknown_fate_today(session: Session) -> None:
    card = load_cards(session, date(2026, 11, 25))["MD"]
    assert card["headline"]["text"] == (
        "What is on file about Maryland, published by February 17, 2026, does not settle where it stands on 287(g) agreements. A bill had "
        "passed the legislature by February 17, 2026, and no source on file says what became of it; ICE's roster of May 18, 2026 names no "
        "agency there."
    )


def test_virginia_was_not_ordered_to_end_anything_in_january(shipped_client: FlaskClient) -> None:
    card = shipped_client.get("/v1/jurisdictions/VA?as_of=2026-01-15").json
    statuses = {measure["id"]: measure["status"] for slot in card["stance"].values() for measure in slot["measures"]}
    assert statuses["va-state-agreements-2025"] == "active"
    assert "ordered" not in str(card["stance"]["active_agreements"]["measures"][0]["summary"])


def test_agreement_is_not_found_as_impaired_before_it_was(shipped_client: FlaskClient) -> None:
    assert shipped_client.get("/v1/measures?status=impaired&as_of=2021-01-01").json["count"] == 0
    assert shipped_client.get("/v1/measures?status=impaired&as_of=2025-02-01").json["count"] == 1


def test_nine_agencies_of_maryland_have_been_reported_and_not_before(shipped_client: FlaskClient) -> None:
    days = ("2026-02-03", "2026-02-10", "2026-11-25")
    reported = [shipped_client.get(f"/v1/figures/md-participation-9-agencies?as_of={day}").json["reported"] for day in days]
    assert reported == ["no", "possible", "yes"]


def test_no_figure_of_the_seeds_is_only_possible_in_2035(shipped_client: FlaskClient) -> None:
    rows = shipped_client.get("/v1/figures?limit=200&as_of=2035-01-01").json["results"]
    assert {row["reported"] for row in rows} == {"yes"}


def test_figure_of_an_article_of_2025_was_not_reported_in_2018(shipped_client: FlaskClient) -> None:
    rows = shipped_client.get("/v1/figures?limit=200&as_of=2018-01-01").json["results"]
    assert {row["reported"] for row in rows} == {"no"}
