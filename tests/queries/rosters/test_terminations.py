"""Test that an agreement has ended if a measure reports its end and no later participating roster lists it."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from legal.db.engine import Database
from legal.json_types import Json
from legal.queries.core import snapshot
from legal.queries.core.pagination import Paging
from legal.queries.record import jurisdictions, measures
from legal.queries.rosters import agencies, agreements
from legal.queries.stance import cards
from tests.services.factories import explicit_date
from tests.services.rosters.factories import (
    BAKER,
    PENDING,
    SET_ASIDE_ROW,
    import_rosters,
    measure_naming,
    parsed_row,
    publish_measures,
    roster_workbook,
    session_with_rosters,
)

FIRST, BETWEEN, SECOND, THIRD = "2025-01-10", "2025-03-01", "2025-05-16", "2025-09-17"
AGENCY = "fl-union-county-sheriffs-office"
UNION = f"{AGENCY}-task-force"


def list_all(session: Session, status: str = "any", as_of: str = THIRD, revision: int | None = None) -> list[Json]:
    """Return every agreement with a status, sorted by id."""
    day_snapshot = snapshot.resolve_snapshot(session, date.fromisoformat(as_of), revision)
    return agreements.list_agreements(session, day_snapshot, {"status": [status]}, Paging(200, "id"))[0]


def only_status(session: Session, as_of: str = THIRD, revision: int | None = None) -> str:
    """Return the status of the only agreement, after checking that the status filter agrees."""
    (agreement,) = list_all(session, as_of=as_of, revision=revision)
    assert list_all(session, agreement["status"], as_of, revision) == [agreement]
    assert agreement["status"] == "active" or list_all(session, "active", as_of, revision) == []
    return str(agreement["status"])


def test_terminated_agreement_that_a_later_roster_lacks_has_ended(seeded_db: Database) -> None:
    with session_with_rosters(seeded_db, roster_workbook(FIRST, parsed_row()), roster_workbook(SECOND, SET_ASIDE_ROW)) as session:
        publish_measures(session, measure_naming(UNION, terminated_on=BETWEEN))
        assert only_status(session) == "ended"


def test_ended_agreement_shows_unlisted_since_and_its_measure(seeded_db: Database) -> None:
    with session_with_rosters(seeded_db, roster_workbook(FIRST, parsed_row()), roster_workbook(SECOND, SET_ASIDE_ROW)) as session:
        publish_measures(session, measure_naming(UNION, terminated_on=BETWEEN))
        (agreement,) = list_all(session)
    assert (agreement["last_listed"]["edtf"], agreement["unlisted_since"]["edtf"], agreement["measures"]) == (FIRST, SECOND, ["fl-ended"])


@pytest.mark.parametrize("on", [FIRST, BETWEEN])
def test_roster_not_newer_than_the_end_does_not_undo_it(seeded_db: Database, on: str) -> None:
    with session_with_rosters(seeded_db, roster_workbook(FIRST, parsed_row())) as session:
        publish_measures(session, measure_naming(UNION, terminated_on=on))
        assert only_status(session) == "ended"
        assert list_all(session)[0]["unlisted_since"] is None


def test_roster_newer_than_the_end_wins_and_the_measure_is_shown(seeded_db: Database) -> None:
    with session_with_rosters(seeded_db, roster_workbook(FIRST, parsed_row()), roster_workbook(SECOND, parsed_row())) as session:
        publish_measures(session, measure_naming(UNION, terminated_on=BETWEEN))
        assert [only_status(session, as_of) for as_of in (FIRST, BETWEEN, SECOND)] == ["active", "ended", "active"]
        assert [agreement["measures"] for agreement in list_all(session)] == [["fl-ended"]]


def test_agreement_listed_after_its_end_and_then_removed_is_unlisted(seeded_db: Database) -> None:
    with session_with_rosters(
        seeded_db, roster_workbook(FIRST, parsed_row()), roster_workbook(SECOND, parsed_row()), roster_workbook(THIRD, SET_ASIDE_ROW)
    ) as session:
        publish_measures(session, measure_naming(UNION, terminated_on=BETWEEN))
        assert only_status(session) == "unlisted"


def test_agreement_has_ended_only_once_its_end_is_certain(seeded_db: Database) -> None:
    with session_with_rosters(seeded_db, roster_workbook(FIRST, parsed_row())) as session:
        publish_measures(session, measure_naming(UNION, terminated_on="2025-03"))
        assert [only_status(session, as_of) for as_of in ("2025-03-15", "2025-03-30", "2025-03-31")] == ["active", "active", "ended"]


@pytest.mark.parametrize("measure_status", ["active", "impaired", "ordered_to_terminate", "suspended"])
def test_measure_that_has_not_ended_ends_no_agreement(seeded_db: Database, measure_status: str) -> None:
    events = [{"event": measure_status, "date": explicit_date(BETWEEN), "description": "A source reports it."}]
    with session_with_rosters(seeded_db, roster_workbook(FIRST, parsed_row()), roster_workbook(SECOND, SET_ASIDE_ROW)) as session:
        publish_measures(session, measure_naming(UNION, status=measure_status, events=events))
        assert only_status(session) == "unlisted"
        assert [agreement["measures"] for agreement in list_all(session)] == [["fl-ended"]]


def test_measure_past_its_effective_end_ends_the_agreement(seeded_db: Database) -> None:
    with session_with_rosters(seeded_db, roster_workbook(FIRST, parsed_row())) as session:
        publish_measures(
            session,
            measure_naming(UNION, status="active", events=[], effective={"from": explicit_date("2019"), "to": explicit_date("2025-02-28")}),
        )
        assert [only_status(session, as_of) for as_of in ("2025-02-28", BETWEEN)] == ["active", "ended"]


def test_pending_roster_does_not_undo_an_end(seeded_db: Database) -> None:
    with session_with_rosters(
        seeded_db, roster_workbook(FIRST, parsed_row()), roster_workbook(SECOND, parsed_row(signed_on=None), kind=PENDING)
    ) as session:
        assert only_status(session) == "active"
        publish_measures(session, measure_naming(UNION, terminated_on=BETWEEN))
        assert only_status(session) == "ended"
        assert list_all(session)[0]["last_listed"]["edtf"] == SECOND


def test_pending_agreement_can_end(seeded_db: Database) -> None:
    with session_with_rosters(seeded_db, roster_workbook(FIRST, parsed_row(signed_on=None), kind=PENDING)) as session:
        publish_measures(session, measure_naming(UNION, terminated_on=BETWEEN))
        assert [only_status(session, as_of) for as_of in (FIRST, BETWEEN)] == ["pending", "ended"]


def test_older_revision_ignores_later_measures(seeded_db: Database) -> None:
    with session_with_rosters(seeded_db, roster_workbook(FIRST, parsed_row())) as session:
        publish_measures(session, measure_naming(UNION, terminated_on=BETWEEN))
        newest = snapshot.latest_snapshot(session).revision
        publish_measures(session, retract_ids=["fl-ended"])
        assert [only_status(session, revision=revision) for revision in (newest - 1, newest, newest + 1)] == ["active", "ended", "active"]
        assert [agreement["measures"] for agreement in list_all(session)] == [[]]


def test_one_ended_measure_suffices_and_all_are_shown(seeded_db: Database) -> None:
    workbooks = roster_workbook(FIRST, parsed_row()), roster_workbook(SECOND, parsed_row(), parsed_row(BAKER))
    with session_with_rosters(seeded_db, *workbooks) as session:
        publish_measures(
            session,
            measure_naming(UNION, UNION, terminated_on=BETWEEN),
            measure_naming(UNION, id="fl-again", terminated_on="2025-06-01"),
            measure_naming(UNION, id="fl-never"),
        )
        results = [(agreement["status"], agreement["measures"]) for agreement in list_all(session)]
    assert results == [("active", []), ("ended", ["fl-again", "fl-ended", "fl-never"])]


def test_agreement_on_no_roster_is_shown_by_its_measure_alone(seeded_db: Database) -> None:
    with session_with_rosters(seeded_db, roster_workbook(FIRST, parsed_row(BAKER))) as session:
        publish_measures(session, measure_naming(UNION, terminated_on=BETWEEN))
        assert [(agreement["agency"], agreement["status"]) for agreement in list_all(session)] == [(BAKER, "active")]
        assert measures.get_measure(session, snapshot.latest_snapshot(session), "fl-ended")["agreements"] == [UNION]


def test_roster_imported_after_the_measure_is_affected_too(seeded_db: Database) -> None:
    with session_with_rosters(seeded_db) as session:
        publish_measures(session, measure_naming(UNION, terminated_on=BETWEEN))
        import_rosters(session, roster_workbook(FIRST, parsed_row()))
        assert only_status(session) == "ended"


def test_agency_does_not_count_ended_agreements_as_active(seeded_db: Database) -> None:
    with session_with_rosters(seeded_db, roster_workbook(FIRST, parsed_row(), parsed_row(model="jail_enforcement"))) as session:
        publish_measures(session, measure_naming(UNION, terminated_on=BETWEEN))
        day_snapshot = snapshot.resolve_snapshot(session, date.fromisoformat(THIRD))
        (row_json,), _ = agencies.list_agencies(session, day_snapshot, {}, Paging(200, "id"))
        agency_agreements = agencies.get_agency(session, day_snapshot, AGENCY)["agreements"]
    assert row_json["agreements"] == 1
    assert [(agreement["status"], agreement["measures"]) for agreement in agency_agreements] == [("active", []), ("ended", ["fl-ended"])]


@pytest.mark.parametrize(
    ("status", "models"), [("active", ["jail_enforcement"]), ("ended", ["task_force"]), ("any", ["jail_enforcement", "task_force"])]
)
def test_summary_counts_ended_agreements_by_status(seeded_db: Database, status: str, models: list[str]) -> None:
    with session_with_rosters(seeded_db, roster_workbook(FIRST, parsed_row(), parsed_row(model="jail_enforcement"))) as session:
        publish_measures(session, measure_naming(UNION, terminated_on=BETWEEN))
        day_snapshot = snapshot.resolve_snapshot(session, date.fromisoformat(THIRD))
        counts, _, meta = agreements.summarize_agreements(session, day_snapshot, {"status": [status]}, "model", Paging(200, "model"))
    assert [count["model"] for count in counts] == models
    assert (meta["totals"]["agreements"], meta["totals"]["agencies"]) == (len(models), 1)


def test_stance_card_counts_the_roster_as_published(seeded_db: Database) -> None:
    with session_with_rosters(seeded_db, roster_workbook(FIRST, parsed_row())) as session:
        publish_measures(session, measure_naming(UNION, terminated_on=BETWEEN))
        third_day = snapshot.resolve_snapshot(session, date.fromisoformat(THIRD))
        card = cards.load_stance_card(session, jurisdictions.find_jurisdiction(session, third_day, "FL"), third_day)
    assert card["stance"]["active_agreements"]["listed"]["agreements"] == 1
