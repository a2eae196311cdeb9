"""The feed of a jurisdiction tells when its posture moved, and what a new roster changed there."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy.orm import Session

from legal.db.engine import Database
from legal.queries.core import snapshot
from legal.queries.history import feeds
from legal.queries.history.feeds import FeedEntry
from legal.queries.history.posture_moves import load_posture_moves
from legal.queries.record import jurisdictions
from tests.services.factories import explicit_date, jurisdiction_file, load_small_seeds, measure_json
from tests.services.rosters.factories import BAKER, UNION, parsed_row, roster_workbook, session_with_rosters

pytestmark = pytest.mark.databases("sqlite")  # tests/system/test_databases.py holds both to one answer


def told_entries(session: Session, code: str, category: str, **clocks: Any) -> list[FeedEntry]:
    """Return the entries of a jurisdiction's feed in one category, newest first."""
    latest = replace(snapshot.latest_snapshot(session), **clocks)
    feed = feeds.load_jurisdiction_feed(session, latest, jurisdictions.find_jurisdiction(session, latest, code))
    return [entry for entry in feed.entries if category in entry.categories]


def order_from(day: str | None, **changes: Any) -> dict[str, Any]:
    """Return an order that limits cooperation from a day on, as a seed file has it."""
    effective = {"from": day and explicit_date(day), "to": None}
    return measure_json("va-order", direction="limits_cooperation", effective=effective, **changes)


def test_revision_that_moves_the_posture_has_an_entry(empty_db: Database) -> None:
    load_small_seeds(empty_db, jurisdiction_file(measures=[], figures=[]))
    load_small_seeds(empty_db, jurisdiction_file(measures=[order_from("2026-02-04")], figures=[]))
    with empty_db.reading() as session:
        (entry,) = told_entries(session, "VA", "posture")
    assert entry.title == "Virginia: the posture moved from “No record” to “Limited in part”"
    assert entry.change == "The posture moved in revision 2. A source was added: Read from the documents."
    assert (entry.path, entry.data_path, entry.categories["VA"]) == ("/states/virginia", "/v1/jurisdictions/VA", "Virginia")
    assert "Virginia" in entry.summary


def test_revision_that_leaves_the_posture_has_none(empty_db: Database) -> None:
    load_small_seeds(empty_db, jurisdiction_file(measures=[order_from("2026-02-04")], figures=[]))
    load_small_seeds(empty_db, jurisdiction_file(measures=[order_from("2026-02-04", title="Another title")], figures=[]))
    with empty_db.reading() as session:
        assert told_entries(session, "VA", "posture") == []


def test_revision_that_adds_the_jurisdiction_moves_nothing(empty_db: Database) -> None:
    load_small_seeds(empty_db)
    maryland = jurisdiction_file("MD", "Maryland", measures=[measure_json("md-order")])
    load_small_seeds(empty_db, jurisdiction_file(), maryland)
    with empty_db.reading() as session:
        assert told_entries(session, "MD", "posture") == []
    load_small_seeds(empty_db, jurisdiction_file(), jurisdiction_file("MD", "Maryland"))
    with empty_db.reading() as session:
        (entry,) = told_entries(session, "MD", "posture")
    assert entry.change.startswith("The posture moved in revision 3.")


def test_day_that_moves_the_posture_has_an_entry(empty_db: Database) -> None:
    with empty_db.reading():
        today = snapshot.today_in_utc()
    day = today + timedelta(days=40)
    load_small_seeds(empty_db, jurisdiction_file(measures=[order_from(day.isoformat())], figures=[]))
    with empty_db.reading() as session:
        assert told_entries(session, "VA", "posture", as_of=day - timedelta(days=1)) == []
        (entry,) = told_entries(session, "VA", "posture", as_of=today + timedelta(days=90))
    assert entry.change == f"The posture moved on {day}, as the day came; no revision changed the record."
    assert entry.published.date() == day


def test_days_between_two_revisions_are_read_at_the_earlier_one(empty_db: Database) -> None:
    now = datetime.now(UTC)
    day = now.date() + timedelta(days=5)
    load_small_seeds(empty_db, jurisdiction_file(measures=[order_from(day.isoformat())], figures=[]))
    with time_machine.travel(now + timedelta(days=9), tick=True):
        load_small_seeds(empty_db, jurisdiction_file(measures=[], figures=[]))
        with empty_db.reading() as session:
            latest = snapshot.latest_snapshot(session)
            moves = load_posture_moves(session, latest, jurisdictions.find_jurisdiction(session, latest, "VA"))
    assert [(move.day, move.revision) for move in moves] == [(day, None), (now.date() + timedelta(days=9), 2)]


def test_ids_of_moves_stay_when_the_record_grows(empty_db: Database) -> None:
    load_small_seeds(empty_db, jurisdiction_file(measures=[], figures=[]))
    load_small_seeds(empty_db, jurisdiction_file(measures=[order_from("2026-02-04")], figures=[]))
    with empty_db.reading() as session:
        earlier = [(entry.id, entry.updated) for entry in told_entries(session, "VA", "posture")]
    load_small_seeds(empty_db, jurisdiction_file(measures=[], figures=[]))
    with empty_db.reading() as session:
        later = [(entry.id, entry.updated) for entry in told_entries(session, "VA", "posture")]
    assert len(later) == 2
    assert later[1:] == earlier


def test_nation_has_no_posture_to_move(seeded_db: Database) -> None:
    with seeded_db.reading() as session:
        latest = snapshot.latest_snapshot(session)
        assert load_posture_moves(session, latest, jurisdictions.find_jurisdiction(session, latest, "US")) == []


def rosters_in_order() -> Sequence[Any]:
    """Return three rosters: the second adds an agency and drops one, the third changes nothing."""
    return (
        roster_workbook("2025-01-10", parsed_row(UNION)),
        roster_workbook("2025-02-10", parsed_row(BAKER), parsed_row(BAKER, model="jail_enforcement")),
        roster_workbook("2025-03-10", parsed_row(BAKER), parsed_row(BAKER, model="jail_enforcement"), file_name="third.xlsx"),
    )


def test_roster_that_changes_a_jurisdiction_has_an_entry(seeded_db: Database) -> None:
    with session_with_rosters(seeded_db, *rosters_in_order()) as session:
        (entry,) = told_entries(session, "FL", "roster")
        assert told_entries(session, "TX", "roster") == []
    assert entry.title == "Florida: 2 agreements of 1 agency on ICE's roster of 2025-02-10, 1 more than on the one before"
    assert "the one of 2025-01-10 listed 1 agreement of 1 agency" in entry.summary
    assert "Listed and not before: Baker County Sheriff's Office (jail enforcement); Baker" in entry.summary
    assert "Listed before and not now: Union County Sheriff's Office (task force), possibly renamed to Baker" in entry.summary
    assert entry.path == "/states/florida"
    assert entry.data_path.startswith("/v1/rosters/participating-2025-02-10-")


def test_roster_of_the_future_is_not_told(seeded_db: Database) -> None:
    with session_with_rosters(seeded_db, *rosters_in_order()) as session:
        assert told_entries(session, "FL", "roster", as_of=date(2025, 2, 9)) == []


def test_swap_of_agencies_is_told_although_the_numbers_are_equal(seeded_db: Database) -> None:
    rosters = (roster_workbook("2025-01-10", parsed_row(UNION)), roster_workbook("2025-02-10", parsed_row(BAKER)))
    with session_with_rosters(seeded_db, *rosters) as session:
        (entry,) = told_entries(session, "FL", "roster")
        national_entries = told_entries(session, "US", "roster")
    assert entry.title.endswith("as many agreements as on the one before")
    assert national_entries == []


def test_counts_alone_are_compared_without_names(shipped_db: Database) -> None:
    with shipped_db.reading() as session:
        entries = told_entries(session, "FL", "roster", as_of=date(2026, 11, 22))
    assert len(entries) > 5
    assert all(entry.summary.endswith("because only the counts of one or both rosters are on file.") for entry in entries)
    assert re.fullmatch(
        r"Florida: \d+ agreements of \d+ agencies on ICE's roster of 2026-\d\d-\d\d, .+ than on the one before", entries[0].title
    )
