"""Ends: an agreement has ended when a source says so, and no later list of participating agencies has it."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from legal.db.engine import Database
from legal.queries.core import snapshot
from legal.queries.core.pagination import Paging
from legal.queries.record import jurisdictions, measures
from legal.queries.rosters import agencies, agreements
from legal.queries.stance import cards
from tests.services.factories import day
from tests.services.rosters.factories import BAKER, PENDING, SET_ASIDE, naming, on_file, put, row, say, workbook

Json = dict[str, Any]
FIRST, BETWEEN, SECOND, THIRD = "2025-01-10", "2025-03-01", "2025-05-16", "2025-09-17"
AGENCY = "fl-union-county-sheriffs-office"
UNION = f"{AGENCY}-task-force"


def listed(session: Session, status: str = "any", as_of: str = THIRD, revision: int | None = None) -> list[Json]:
    """Every agreement of a status, by id."""
    moment = snapshot.resolve(session, date.fromisoformat(as_of), revision)
    return agreements.listed(session, moment, {"status": [status]}, Paging(200, "id"))[0]


def status(session: Session, as_of: str = THIRD, revision: int | None = None) -> str:
    """The status of the only agreement there is; asked for by that status alone, it is found as well."""
    (found,) = listed(session, as_of=as_of, revision=revision)
    assert listed(session, found["status"], as_of, revision) == [found]
    assert found["status"] == "active" or listed(session, "active", as_of, revision) == []
    return str(found["status"])


def test_what_a_source_says_has_ended_and_a_later_list_lacks_has_ended(record: Database) -> None:
    with on_file(record, workbook(FIRST, row()), workbook(SECOND, SET_ASIDE)) as session:
        say(session, naming(UNION, on=BETWEEN))
        assert status(session) == "ended"


def test_what_has_ended_still_says_since_when_no_list_has_it_and_which_measure_names_it(record: Database) -> None:
    with on_file(record, workbook(FIRST, row()), workbook(SECOND, SET_ASIDE)) as session:
        say(session, naming(UNION, on=BETWEEN))
        (found,) = listed(session)
    assert (found["last_listed"]["edtf"], found["unlisted_since"]["edtf"], found["measures"]) == (FIRST, SECOND, ["fl-ended"])


@pytest.mark.parametrize("on", [FIRST, BETWEEN])
def test_a_list_that_is_no_younger_than_the_end_does_not_undo_it(record: Database, on: str) -> None:
    with on_file(record, workbook(FIRST, row())) as session:
        say(session, naming(UNION, on=on))
        assert status(session) == "ended"
        assert listed(session)[0]["unlisted_since"] is None


def test_a_list_that_is_dated_after_the_end_and_has_it_wins_and_both_are_told(record: Database) -> None:
    with on_file(record, workbook(FIRST, row()), workbook(SECOND, row())) as session:
        say(session, naming(UNION, on=BETWEEN))
        assert [status(session, as_of) for as_of in (FIRST, BETWEEN, SECOND)] == ["active", "ended", "active"]
        assert [one["measures"] for one in listed(session)] == [["fl-ended"]]


def test_what_was_listed_again_after_its_end_and_then_left_is_unlisted(record: Database) -> None:
    with on_file(record, workbook(FIRST, row()), workbook(SECOND, row()), workbook(THIRD, SET_ASIDE)) as session:
        say(session, naming(UNION, on=BETWEEN))
        assert status(session) == "unlisted"


def test_what_has_ended_only_perhaps_has_not_ended(record: Database) -> None:
    with on_file(record, workbook(FIRST, row())) as session:
        say(session, naming(UNION, on="2025-03"))
        assert [status(session, as_of) for as_of in ("2025-03-15", "2025-03-30", "2025-03-31")] == ["active", "active", "ended"]


@pytest.mark.parametrize("said", ["active", "impaired", "ordered_to_terminate", "suspended"])
def test_a_measure_that_is_not_over_ends_nothing(record: Database, said: str) -> None:
    events = [{"event": said, "date": day(BETWEEN), "description": "So it was said."}]
    with on_file(record, workbook(FIRST, row()), workbook(SECOND, SET_ASIDE)) as session:
        say(session, naming(UNION, status=said, events=events))
        assert status(session) == "unlisted"
        assert [one["measures"] for one in listed(session)] == [["fl-ended"]]


def test_a_measure_whose_term_has_run_out_is_over_whatever_its_status(record: Database) -> None:
    with on_file(record, workbook(FIRST, row())) as session:
        say(session, naming(UNION, status="active", events=[], effective={"from": day("2019"), "to": day("2025-02-28")}))
        assert [status(session, as_of) for as_of in ("2025-02-28", BETWEEN)] == ["active", "ended"]


def test_a_pending_list_does_not_undo_an_end(record: Database) -> None:
    with on_file(record, workbook(FIRST, row()), workbook(SECOND, row(signed=None), kind=PENDING)) as session:
        assert status(session) == "active"
        say(session, naming(UNION, on=BETWEEN))
        assert status(session) == "ended"
        assert listed(session)[0]["last_listed"]["edtf"] == SECOND


def test_what_was_only_pending_can_end(record: Database) -> None:
    with on_file(record, workbook(FIRST, row(signed=None), kind=PENDING)) as session:
        say(session, naming(UNION, on=BETWEEN))
        assert [status(session, as_of) for as_of in (FIRST, BETWEEN)] == ["pending", "ended"]


def test_a_revision_pins_what_measures_said(record: Database) -> None:
    with on_file(record, workbook(FIRST, row())) as session:
        say(session, naming(UNION, on=BETWEEN))
        then = snapshot.latest(session).revision
        say(session, retract=["fl-ended"])
        assert [status(session, revision=revision) for revision in (then - 1, then, then + 1)] == ["active", "ended", "active"]
        assert [one["measures"] for one in listed(session)] == [[]]


def test_of_several_measures_that_name_it_one_that_is_over_suffices_and_all_are_told(record: Database) -> None:
    lists = workbook(FIRST, row()), workbook(SECOND, row(), row(BAKER))
    with on_file(record, *lists) as session:
        say(session, naming(UNION, UNION, on=BETWEEN), naming(UNION, id="fl-again", on="2025-06-01"), naming(UNION, id="fl-never"))
        found = [(one["status"], one["measures"]) for one in listed(session)]
    assert found == [("active", []), ("ended", ["fl-again", "fl-ended", "fl-never"])]


def test_an_id_that_no_list_has_is_kept_and_shown_by_the_measure_alone(record: Database) -> None:
    with on_file(record, workbook(FIRST, row(BAKER))) as session:
        say(session, naming(UNION, on=BETWEEN))
        assert [(one["agency"], one["status"]) for one in listed(session)] == [(BAKER, "active")]
        assert measures.one(session, snapshot.latest(session), "fl-ended")["agreements"] == [UNION]


def test_a_list_that_comes_later_is_told_of_what_was_named_before(record: Database) -> None:
    with on_file(record) as session:
        say(session, naming(UNION, on=BETWEEN))
        put(session, workbook(FIRST, row()))
        assert status(session) == "ended"


def test_an_agency_counts_what_is_active_without_what_has_ended(record: Database) -> None:
    with on_file(record, workbook(FIRST, row(), row(model="jail_enforcement"))) as session:
        say(session, naming(UNION, on=BETWEEN))
        moment = snapshot.resolve(session, date.fromisoformat(THIRD))
        (shown,), _ = agencies.listed(session, moment, {}, Paging(200, "id"))
        found = agencies.one(session, moment, AGENCY)["agreements"]
    assert shown["agreements"] == 1
    assert [(one["status"], one["measures"]) for one in found] == [("active", []), ("ended", ["fl-ended"])]


@pytest.mark.parametrize(
    ("wanted", "models"), [("active", ["jail_enforcement"]), ("ended", ["task_force"]), ("any", ["jail_enforcement", "task_force"])]
)
def test_a_summary_counts_what_has_ended_as_such(record: Database, wanted: str, models: list[str]) -> None:
    with on_file(record, workbook(FIRST, row(), row(model="jail_enforcement"))) as session:
        say(session, naming(UNION, on=BETWEEN))
        moment = snapshot.resolve(session, date.fromisoformat(THIRD))
        found, _, totals, _ = agreements.summary(session, moment, {"status": [wanted]}, "model", Paging(200, "model"))
    assert [one["model"] for one in found] == models
    assert (totals["agreements"], totals["agencies"]) == (len(models), 1)


def test_the_stance_counts_the_list_as_it_was_published(record: Database) -> None:
    with on_file(record, workbook(FIRST, row())) as session:
        say(session, naming(UNION, on=BETWEEN))
        card = cards.card(session, jurisdictions.find(session, "FL"), snapshot.resolve(session, date.fromisoformat(THIRD)))
    assert card["stance"]["active_agreements"]["listed"]["agreements"] == 1
