"""Test the list of agencies, and one agency with its agreements over time."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from legal.db.engine import Database
from legal.errors import NotFound
from legal.json_types import Json
from legal.queries.core import snapshot
from legal.queries.core.pagination import Paging
from legal.queries.rosters import agencies, agreements
from tests.services.rosters import factories
from tests.services.rosters.factories import (
    BAKER,
    PENDING,
    SET_ASIDE_ROW,
    UNION,
    import_rosters,
    parsed_row,
    roster_workbook,
    session_with_rosters,
)

FIRST, SECOND, THIRD, FOURTH = "2025-01-10", "2025-05-16", "2025-09-17", "2025-11-04"
pytestmark = pytest.mark.databases("sqlite")  # tests/system/test_databases.py compares both databases

UNION_ID = "fl-union-county-sheriffs-office"

rosters_db = factories.rosters_db


def list_all(session: Session, as_of: str = "2026-01-01", **filters: Any) -> list[Json]:
    """Return every agency that matches, sorted by id."""
    rows, page = agencies.list_agencies(session, snapshot.resolve_snapshot(session, date.fromisoformat(as_of)), filters, Paging(200, "id"))
    assert page.count == len(rows)
    return rows


def get_agency(session: Session, as_of: str = "2026-01-01", id: str = UNION_ID, revision: int | None = None) -> Json:
    """Return an agency; Union's sheriff's office by default."""
    return agencies.get_agency(session, snapshot.resolve_snapshot(session, date.fromisoformat(as_of), revision), id)


def list_runs(session: Session, as_of: str = "2026-01-01") -> list[tuple[str, str, str | None, int]]:
    """Return the runs of the only agreement as (from, to, until, number of rosters)."""
    (agreement,) = get_agency(session, as_of)["agreements"]
    return [(run["from"]["edtf"], run["to"]["edtf"], run["until"] and run["until"]["edtf"], run["lists"]) for run in agreement["listings"]]


def test_every_agency_ever_listed_has_its_number_of_active_agreements(rosters_db: Database) -> None:
    with rosters_db.reading() as session:
        counts = [(agency["id"].split("-")[1], agency["agreements"]) for agency in list_all(session)]
    assert counts == [("baker", 1), ("miami", 0), ("union", 1), ("guam", 1), ("fairfax", 1)]


def test_only_agencies_listed_by_the_day_are_returned(rosters_db: Database) -> None:
    with rosters_db.reading() as session:
        counts = [(agency["name"], agency["agreements"]) for agency in list_all(session, SECOND)]
        assert list_all(session, "2025-01-09") == []
    assert counts == [(BAKER, 0), ("City of Miami Police Department", 0), (UNION, 2), ("Fairfax County Sheriff's Office", 0)]


def test_agency_is_described_by_its_newest_row(seeded_db: Database) -> None:
    newer = parsed_row("Union County Sheriffs Office", None, "jail_enforcement", county=None)
    with session_with_rosters(seeded_db, roster_workbook(FIRST, parsed_row()), roster_workbook(SECOND, newer, kind=PENDING)) as session:
        (agency,) = list_all(session)
    assert (agency["name"], agency["county"], agency["agreements"]) == ("Union County Sheriffs Office", None, 1)


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"jurisdiction": ["VA", "GU"]}, ["guam", "fairfax"]),
        ({"q": "sheriffs COUNTY"}, ["baker", "union", "fairfax"]),
        ({"q": "gu-guam"}, ["guam"]),
        ({"q": "%"}, []),
        ({"jurisdiction": ["FL"], "q": "city"}, ["miami"]),
    ],
)
def test_agencies_are_filtered(rosters_db: Database, filters: Json, names: list[str]) -> None:
    with rosters_db.reading() as session:
        assert [agency["id"].split("-")[1] for agency in list_all(session, **filters)] == names


def test_agency_has_every_spelling_of_its_name_oldest_first(rosters_db: Database) -> None:
    with rosters_db.reading() as session:
        assert get_agency(session)["names"] == [UNION, "UNION COUNTY SHERIFFS OFFICE"]
        assert get_agency(session, SECOND)["names"] == [UNION]


def test_agreements_of_agency_equal_those_in_the_list_of_agreements(rosters_db: Database) -> None:
    with rosters_db.reading() as session:
        newest = snapshot.resolve_snapshot(session, date(2026, 1, 1))
        rows, *_ = agreements.list_agreements(session, newest, {"status": ["any"], "q": UNION_ID}, Paging(200, "id"))
        found_agreements = get_agency(session)["agreements"]
    assert [{key: value for key, value in agreement.items() if key != "listings"} for agreement in found_agreements] == rows
    assert [agreement["status"] for agreement in found_agreements] == ["unlisted", "active"]


def test_agency_equals_its_row_in_the_list(rosters_db: Database) -> None:
    with rosters_db.reading() as session:
        for row_json in list_all(session):
            agency = get_agency(session, id=row_json["id"])
            assert {**agency, "agreements": row_json["agreements"]}.items() >= row_json.items()


def test_consecutive_rosters_with_an_agreement_are_one_run(seeded_db: Database) -> None:
    with session_with_rosters(
        seeded_db, roster_workbook(FIRST, parsed_row()), roster_workbook(SECOND, parsed_row()), roster_workbook(THIRD, parsed_row())
    ) as session:
        assert list_runs(session) == [(FIRST, THIRD, None, 3)]


def test_roster_without_the_agreement_ends_a_run(seeded_db: Database) -> None:
    workbooks = (
        roster_workbook(FIRST, parsed_row()),
        roster_workbook(SECOND, SET_ASIDE_ROW),
        roster_workbook(THIRD, parsed_row()),
        roster_workbook(FOURTH, SET_ASIDE_ROW),
    )
    with session_with_rosters(seeded_db, *workbooks) as session:
        assert list_runs(session) == [(FIRST, FIRST, SECOND, 1), (THIRD, THIRD, FOURTH, 1)]


def test_changed_signature_date_begins_another_run(seeded_db: Database) -> None:
    workbooks = (
        roster_workbook(FIRST, parsed_row()),
        roster_workbook(SECOND, parsed_row(signed_on="2025-03-01")),
        roster_workbook(THIRD, parsed_row(signed_on="2025-03-01")),
    )
    with session_with_rosters(seeded_db, *workbooks) as session:
        assert list_runs(session) == [(FIRST, FIRST, SECOND, 1), (SECOND, THIRD, None, 2)]


def test_roster_of_the_other_kind_does_not_end_a_run(seeded_db: Database) -> None:
    workbooks = (
        roster_workbook(FIRST, parsed_row()),
        roster_workbook(SECOND, parsed_row(BAKER), kind=PENDING),
        roster_workbook(THIRD, parsed_row()),
    )
    with session_with_rosters(seeded_db, *workbooks) as session:
        assert list_runs(session) == [(FIRST, THIRD, None, 2)]


def test_runs_of_both_kinds_are_sorted_oldest_first(seeded_db: Database) -> None:
    workbooks = (
        roster_workbook(FIRST, parsed_row(BAKER)),
        roster_workbook(SECOND, parsed_row(signed_on=None), kind=PENDING),
        roster_workbook(THIRD, parsed_row()),
    )
    with session_with_rosters(seeded_db, *workbooks) as session:
        (agreement,) = get_agency(session)["agreements"]
    assert [run["kind"] for run in agreement["listings"]] == ["pending", "participating"]


def test_runs_omit_rosters_of_later_days_and_revisions(seeded_db: Database) -> None:
    with session_with_rosters(seeded_db, roster_workbook(SECOND, parsed_row())) as session:
        revision = snapshot.latest_snapshot(session).revision
        import_rosters(
            session, roster_workbook(FIRST, parsed_row()), roster_workbook(THIRD, SET_ASIDE_ROW), roster_workbook(FOURTH, parsed_row())
        )
        assert list_runs(session, SECOND) == [(FIRST, SECOND, None, 2)]
        (agreement,) = get_agency(session, revision=revision)["agreements"]
    assert [run["lists"] for run in agreement["listings"]] == [1]


def test_run_has_its_first_and_last_row_and_newest_link(seeded_db: Database) -> None:
    workbooks = (
        roster_workbook(FIRST, parsed_row()),
        roster_workbook(SECOND, parsed_row(BAKER), parsed_row(moa_url="https://www.ice.gov/union"), parsed_row()),
    )
    with session_with_rosters(seeded_db, *workbooks) as session:
        (run,) = get_agency(session)["agreements"][0]["listings"]
    assert (run["first"]["roster"], run["last"]["roster"]) == tuple(book.id for book in workbooks)
    assert (run["first"]["row"], run["last"]["row"], run["moa_url"]) == (2, 3, "https://www.ice.gov/union")


@pytest.mark.parametrize(("id", "suggestion"), [("fl-union-county-sheriff", UNION_ID), ("x" * 5000, None)])
def test_unknown_agency_is_not_found_with_a_suggestion(rosters_db: Database, id: str, suggestion: str | None) -> None:
    with rosters_db.reading() as session, pytest.raises(NotFound) as error:
        get_agency(session, id=id)
    assert (*error.value.did_you_mean, None)[0] == suggestion


def test_agency_only_on_later_rosters_is_not_found(rosters_db: Database) -> None:
    with rosters_db.reading() as session, pytest.raises(NotFound) as error:
        get_agency(session, SECOND, "gu-guam-customs")
    assert "gu-guam-customs" not in error.value.did_you_mean
