"""Agencies: those that lists had by a day, and one with its agreements over time."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from legal.db.engine import Database
from legal.errors import NotFound
from legal.queries.core import snapshot
from legal.queries.core.pagination import Paging
from legal.queries.rosters import agencies, agreements
from tests.services.rosters import factories
from tests.services.rosters.factories import BAKER, PENDING, SET_ASIDE, UNION, on_file, put, row, workbook

Json = dict[str, Any]
FIRST, SECOND, THIRD, FOURTH = "2025-01-10", "2025-05-16", "2025-09-17", "2025-11-04"
pytestmark = pytest.mark.databases("sqlite")  # tests/system/test_databases.py holds both to one answer

ID = "fl-union-county-sheriffs-office"

rostered = factories.rostered


def listed(session: Session, as_of: str = "2026-01-01", **filters: Any) -> list[Json]:
    """Every agency that matches, by id."""
    found, page = agencies.listed(session, snapshot.resolve(session, date.fromisoformat(as_of)), filters, Paging(200, "id"))
    assert page.count == len(found)
    return found


def one(session: Session, as_of: str = "2026-01-01", id: str = ID, revision: int | None = None) -> Json:
    """Union's sheriff's office."""
    return agencies.one(session, snapshot.resolve(session, date.fromisoformat(as_of), revision), id)


def runs(session: Session, as_of: str = "2026-01-01") -> list[tuple[str, str, str | None, int]]:
    """The listings of the only agreement: from, to, until and how many lists."""
    (agreement,) = one(session, as_of)["agreements"]
    return [(run["from"]["edtf"], run["to"]["edtf"], run["until"] and run["until"]["edtf"], run["lists"]) for run in agreement["listings"]]


def test_every_agency_that_a_list_had_is_listed_with_what_is_active(rostered: Database) -> None:
    with rostered.reading() as session:
        found = [(one["id"].split("-")[1], one["agreements"]) for one in listed(session)]
    assert found == [("baker", 1), ("city", 0), ("union", 1), ("guam", 1), ("fairfax", 1)]


def test_only_what_a_list_had_by_the_day_is_listed(rostered: Database) -> None:
    with rostered.reading() as session:
        then = [(one["name"], one["agreements"]) for one in listed(session, SECOND)]
        assert listed(session, "2025-01-09") == []
    assert then == [(BAKER, 0), ("City of Miami Police Department", 0), (UNION, 2), ("Fairfax County Sheriff's Office", 0)]


def test_an_agency_is_told_of_as_in_its_newest_row(record: Database) -> None:
    newer = row("Union County Sheriffs Office", None, "jail_enforcement", county=None)
    with on_file(record, workbook(FIRST, row()), workbook(SECOND, newer, kind=PENDING)) as session:
        (found,) = listed(session)
    assert (found["name"], found["county"], found["agreements"]) == ("Union County Sheriffs Office", None, 1)


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"jurisdiction": ["VA", "GU"]}, ["guam", "fairfax"]),
        ({"q": "sheriffs COUNTY"}, ["baker", "union", "fairfax"]),
        ({"q": "gu-guam"}, ["guam"]),
        ({"q": "%"}, []),
        ({"jurisdiction": ["FL"], "q": "city"}, ["city"]),
    ],
)
def test_agencies_are_filtered(rostered: Database, filters: Json, names: list[str]) -> None:
    with rostered.reading() as session:
        assert [one["id"].split("-")[1] for one in listed(session, **filters)] == names


def test_one_agency_has_every_spelling_the_oldest_first(rostered: Database) -> None:
    with rostered.reading() as session:
        assert one(session)["names"] == [UNION, "UNION COUNTY SHERIFFS OFFICE"]
        assert one(session, SECOND)["names"] == [UNION]


def test_one_agencys_agreements_are_those_of_the_list_of_all(rostered: Database) -> None:
    with rostered.reading() as session:
        moment = snapshot.resolve(session, date(2026, 1, 1))
        rows, *_ = agreements.listed(session, moment, {"status": ["any"], "q": ID}, Paging(200, "id"))
        found = one(session)["agreements"]
    assert [{key: value for key, value in agreement.items() if key != "listings"} for agreement in found] == rows
    assert [agreement["status"] for agreement in found] == ["unlisted", "active"]


def test_one_agency_is_told_of_as_in_the_list_of_all(rostered: Database) -> None:
    with rostered.reading() as session:
        for listed_one in listed(session):
            found = one(session, id=listed_one["id"])
            assert {**found, "agreements": listed_one["agreements"]}.items() >= listed_one.items()


def test_lists_in_a_row_that_have_it_are_one_run(record: Database) -> None:
    with on_file(record, workbook(FIRST, row()), workbook(SECOND, row()), workbook(THIRD, row())) as session:
        assert runs(session) == [(FIRST, THIRD, None, 3)]


def test_a_list_that_lacks_it_ends_a_run_and_one_that_has_it_again_begins_another(record: Database) -> None:
    lists = workbook(FIRST, row()), workbook(SECOND, SET_ASIDE), workbook(THIRD, row()), workbook(FOURTH, SET_ASIDE)
    with on_file(record, *lists) as session:
        assert runs(session) == [(FIRST, FIRST, SECOND, 1), (THIRD, THIRD, FOURTH, 1)]


def test_another_day_of_signature_begins_another_run(record: Database) -> None:
    lists = workbook(FIRST, row()), workbook(SECOND, row(signed="2025-03-01")), workbook(THIRD, row(signed="2025-03-01"))
    with on_file(record, *lists) as session:
        assert runs(session) == [(FIRST, FIRST, SECOND, 1), (SECOND, THIRD, None, 2)]


def test_a_list_of_the_other_kind_in_between_ends_no_run(record: Database) -> None:
    lists = workbook(FIRST, row()), workbook(SECOND, row(BAKER), kind=PENDING), workbook(THIRD, row())
    with on_file(record, *lists) as session:
        assert runs(session) == [(FIRST, THIRD, None, 2)]


def test_the_runs_of_both_kinds_are_told_the_oldest_first(record: Database) -> None:
    lists = workbook(FIRST, row(BAKER)), workbook(SECOND, row(signed=None), kind=PENDING), workbook(THIRD, row())
    with on_file(record, *lists) as session:
        (agreement,) = one(session)["agreements"]
    assert [run["kind"] for run in agreement["listings"]] == ["pending", "participating"]


def test_lists_of_later_days_and_revisions_are_left_out(record: Database) -> None:
    with on_file(record, workbook(SECOND, row())) as session:
        then = snapshot.latest(session).revision
        put(session, workbook(FIRST, row()), workbook(THIRD, SET_ASIDE), workbook(FOURTH, row()))
        assert runs(session, SECOND) == [(FIRST, SECOND, None, 2)]
        (agreement,) = one(session, revision=then)["agreements"]
    assert [run["lists"] for run in agreement["listings"]] == [1]


def test_a_run_points_at_its_first_and_last_row_and_has_the_last_ones_link(record: Database) -> None:
    lists = workbook(FIRST, row()), workbook(SECOND, row(BAKER), row(moa_url="https://www.ice.gov/union"), row())
    with on_file(record, *lists) as session:
        (run,) = one(session)["agreements"][0]["listings"]
    assert (run["first"]["roster"], run["last"]["roster"]) == tuple(book.id for book in lists)
    assert (run["first"]["row"], run["last"]["row"], run["moa_url"]) == (2, 3, "https://www.ice.gov/union")


@pytest.mark.parametrize(("id", "meant"), [("fl-union-county-sheriff", ID), ("x" * 5000, None)])
def test_an_agency_that_no_list_had_is_not_found_with_help(rostered: Database, id: str, meant: str | None) -> None:
    with rostered.reading() as session, pytest.raises(NotFound) as caught:
        one(session, id=id)
    assert (*caught.value.did_you_mean, None)[0] == meant


def test_an_agency_that_only_later_lists_have_is_not_found(rostered: Database) -> None:
    with rostered.reading() as session, pytest.raises(NotFound) as caught:
        one(session, SECOND, "gu-guam-customs")
    assert "gu-guam-customs" not in caught.value.did_you_mean
