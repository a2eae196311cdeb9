"""Lists on file: those by a day, one row by row, and what differs between two."""

import hashlib
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from legal.db.engine import Database
from legal.errors import InvalidInput, NotFound
from legal.queries.core import snapshot
from legal.queries.core.pagination import Paging
from legal.queries.rosters import rosters
from legal.readers.rosters import parser as reader
from legal.rules.rosters.normalize import agency_key
from legal.rules.rosters.parsed import Flag, Repair
from legal.services.rosters import importer as acts
from legal.services.rosters.drafts import Workbook
from legal.vocabulary import Basis, Doubt, Mend, RosterKind, RowOutcome
from tests.conftest import ON_BOTH
from tests.services.rosters import factories
from tests.services.rosters.factories import BAKER, GUAM, MIAMI, PENDING, SET_ASIDE, UNION, WORLD, known, on_file, put, row, workbook

Json = dict[str, Any]
FIRST, SECOND = "2025-05-16", "2025-09-17"

rostered = factories.rostered
pytestmark = pytest.mark.databases("sqlite")  # what differs is worked out here


def listed(session: Session, as_of: str = "2026-01-01", sort: str = "date", **filters: Any) -> list[str]:
    """The ids of every list that matches."""
    moment = snapshot.resolve(session, date.fromisoformat(as_of))
    found, page = rosters.listed(session, moment, filters, Paging(200, sort.removeprefix("-"), sort.startswith("-")))
    assert page.count == len(found)
    return [one["id"] for one in found]


def one(session: Session, book: Workbook, *outcomes: str) -> Json:
    """A list with its rows."""
    return rosters.one(session, snapshot.latest(session), book.id, outcomes)


def diff(session: Session, after: Workbook, before: Workbook) -> Json:
    """What one list has that another lacks, and the other way round."""
    return rosters.diff(session, snapshot.latest(session), after.id, before.id)


def between(database: Database, before: Workbook, after: Workbook) -> Json:
    """What differs between two lists and nothing else on file."""
    with on_file(database, before, after) as session:
        return diff(session, after, before)


@ON_BOTH
def test_lists_come_in_the_order_of_their_days(rostered: Database) -> None:
    ids = [book.id for book in WORLD]
    with rostered.reading() as session:
        assert listed(session) == ids
        assert listed(session, sort="-date") == ids[::-1]
        assert listed(session, sort="id") == sorted(ids)


def test_two_lists_of_one_day_come_morning_before_evening_whenever_they_were_imported(record: Database) -> None:
    evening, morning = workbook(FIRST, row(BAKER), file="list05162025pm.xlsx"), workbook(FIRST, row(), file="list05162025am.xlsx")
    with on_file(record, evening, morning) as session:
        assert listed(session) == [morning.id, evening.id]


@ON_BOTH
def test_lists_of_later_days_and_other_kinds_are_left_out(rostered: Database) -> None:
    with rostered.reading() as session:
        assert listed(session, FIRST) == [book.id for book in WORLD[:3]]
        assert listed(session, kind=["pending"]) == [WORLD[1].id]


def test_a_list_tells_what_became_of_its_rows(rostered: Database) -> None:
    with rostered.reading() as session:
        found = one(session, WORLD[3])
    assert found["counts"] == {
        "rows": 5,
        "read": 5,
        "repaired": 0,
        "set_aside": 0,
        "agreements": 4,
        "agencies": 4,
        "states": 2,
        "territories": 1,
    }
    assert (found["sheet"], found["notes"], found["forced"], found["document"]) == ("Sheet1", ["A note."], None, WORLD[3].id)
    assert [told["number"] for told in found["rows"]] == [2, 3, 4, 5, 6]


def test_a_list_that_was_forced_says_why_and_one_whose_day_was_inferred_says_so(record: Database) -> None:
    book = workbook(FIRST, SET_ASIDE, basis=Basis.INFERRED)
    with on_file(record, book) as session:
        found = one(session, book)
    assert (found["forced"], found["date"]["basis"]) == ("It is of a test.", "inferred")


MENDED = replace(
    row(signed="2025-05-08"),
    outcome=RowOutcome.REPAIRED,
    repairs=(Repair("signed", Mend.DATE_WITHOUT_SLASH, "05/082025", "2025-05-08"),),
    flags=(Flag(None, Doubt.REPEATS_ROW, "2"),),
)


def test_a_row_tells_what_was_mended_what_is_in_doubt_and_what_was_printed(record: Database) -> None:
    book = workbook(FIRST, MENDED, row(BAKER, county="Fairfax"))
    with on_file(record, book) as session:
        mended, doubted = one(session, book)["rows"]
    assert mended["repairs"] == [{"column": "signed", "how": "date_without_slash", "printed": "05/082025", "read": "2025-05-08"}]
    assert mended["flags"] == [{"column": None, "what": "repeats_row", "printed": "2", "note": None}]
    assert doubted["flags"] == [{"column": "county", "what": "county_elsewhere", "printed": "Fairfax", "note": "A county of VA."}]
    assert mended["printed"] == {"agency": UNION}


@ON_BOTH
def test_a_row_that_was_set_aside_says_why_and_names_no_agreement(record: Database) -> None:
    book = workbook(FIRST, row(), SET_ASIDE, MENDED)
    with on_file(record, book) as session:
        (found,) = one(session, book, "set_aside")["rows"]
        assert [told["outcome"] for told in one(session, book, "read", "repaired")["rows"]] == ["read", "repaired"]
    assert (found["number"], found["why"], found["agreement"], found["signed"]["basis"]) == (3, "It is a total.", None, "explicit")


def test_a_list_that_is_not_on_file_is_not_found_with_help(rostered: Database) -> None:
    with rostered.reading() as session, pytest.raises(NotFound) as caught:
        rosters.one(session, snapshot.latest(session), WORLD[0].id[:-2])
    assert caught.value.did_you_mean[0] == WORLD[0].id


def test_a_list_of_a_later_day_or_revision_is_not_there_yet(record: Database) -> None:
    with on_file(record, workbook(FIRST, row())) as session:
        then = snapshot.latest(session)
        (later,) = put(session, workbook(SECOND, row()))
        for moment in (then, snapshot.resolve(session, date.fromisoformat(FIRST))):
            with pytest.raises(NotFound):
                rosters.one(session, moment, later)


@ON_BOTH
def test_what_a_list_alone_has_is_new_and_what_the_other_alone_has_is_gone(record: Database) -> None:
    found = between(record, workbook(FIRST, row(), row(BAKER)), workbook(SECOND, row(), row(model="jail_enforcement")))
    assert [(told["agency"], told["model"], told["row"]) for told in found["new"]] == [(UNION, "jail_enforcement", 3)]
    assert [(told["agency"], told["model"], told["row"]) for told in found["gone"]] == [(BAKER, "task_force", 3)]
    assert found["counts"] == {"new": 1, "gone": 1, "redated": 0, "renamed": 0}


def test_a_difference_can_be_taken_either_way(record: Database) -> None:
    before, after = workbook(FIRST, row(), row(BAKER)), workbook(SECOND, row(signed="2025-03-01"), GUAM)
    forth, back = between(record, before, after), between(record, after, before)
    assert (forth["new"], forth["gone"]) == (back["gone"], back["new"])
    assert [(told["before"], told["after"]) for told in forth["redated"]] == [(told["after"], told["before"]) for told in back["redated"]]


@pytest.mark.parametrize("days", [("2025-02-26", "2025-03-01"), (None, "2025-03-01"), ("2025-03-01", None)])
def test_another_day_of_signature_is_a_new_date_and_nothing_else(record: Database, days: tuple[str | None, str | None]) -> None:
    found = between(record, *(workbook(day, row(signed=signed)) for day, signed in zip((FIRST, SECOND), days, strict=True)))
    (told,) = found["redated"]
    assert (told["before"]["edtf"], told["after"]["edtf"]) == days
    assert (found["new"], found["gone"]) == ([], [])


def test_a_row_that_repeats_another_makes_no_difference(record: Database) -> None:
    found = between(record, workbook(FIRST, row()), workbook(SECOND, row(), row(signed="2025-03-01"), SET_ASIDE))
    assert set(found["counts"].values()) == {0}


def test_a_possible_rename_is_proposed_and_not_followed(record: Database) -> None:
    found = between(record, workbook(FIRST, row(MIAMI), row(BAKER)), workbook(SECOND, row("Miami Police Department"), row(BAKER)))
    (told,) = found["renamed"]
    assert (told["from"]["name"], told["to"]["name"], told["merged"]) == (MIAMI, "Miami Police Department", False)
    assert told["why"].startswith("The names are alike (to 100 of 100)")
    assert found["counts"] == {"new": 1, "gone": 1, "redated": 0, "renamed": 1}


def test_a_rename_that_is_written_down_is_told_as_merged(record: Database) -> None:
    written = {"FL": {agency_key(MIAMI): agency_key("Miami Police Department")}}
    with on_file(record) as session:
        lists = workbook(FIRST, row(MIAMI), row(BAKER)), workbook(SECOND, row("Miami Police Department"), row(BAKER))
        for one in lists:
            acts.add(session, one, replace(known(), renames=written))
        found = rosters.diff(session, snapshot.latest(session), lists[1].id, lists[0].id)
    (told,) = found["renamed"]
    assert (told["from"]["name"], told["to"]["name"], told["merged"]) == (MIAMI, "Miami Police Department", True)
    assert found["counts"] == {"new": 0, "gone": 0, "redated": 0, "renamed": 1}


def test_an_agency_that_both_lists_have_was_not_renamed(record: Database) -> None:
    both = row("Miami Police Department", model="jail_enforcement")
    found = between(record, workbook(FIRST, row(MIAMI), both), workbook(SECOND, both, row("Miami Police Department")))
    assert found["counts"] == {"new": 1, "gone": 1, "redated": 0, "renamed": 0}


@pytest.mark.parametrize(
    ("after", "before", "detail"),
    [(3, 3, "Name another roster."), (3, 1, "It is a list of pending agencies, and the other one of participating agencies.")],
)
def test_only_two_lists_of_one_kind_are_compared(rostered: Database, after: int, before: int, detail: str) -> None:
    with rostered.reading() as session, pytest.raises(InvalidInput) as caught:
        diff(session, WORLD[after], WORLD[before])
    assert [fault.detail for fault in caught.value.faults] == [detail]


def test_a_list_to_compare_with_that_is_not_on_file_is_refused_with_help(rostered: Database) -> None:
    with rostered.reading() as session, pytest.raises(InvalidInput) as caught:
        rosters.diff(session, snapshot.latest(session), WORLD[3].id, WORLD[2].id[:-1])
    assert caught.value.faults[0].did_you_mean[0] == WORLD[2].id


def test_a_list_that_is_not_on_file_is_compared_with_nothing(rostered: Database) -> None:
    with rostered.reading() as session, pytest.raises(NotFound):
        rosters.diff(session, snapshot.latest(session), "participating", WORLD[2].id)


def test_pending_lists_are_compared_too(record: Database) -> None:
    found = between(record, workbook(FIRST, row(signed=None), kind=PENDING), workbook(SECOND, row(BAKER, None), kind=PENDING))
    assert found["counts"] == {"new": 1, "gone": 1, "redated": 0, "renamed": 0}


PUBLISHED = {"participatingAgencies11042025pm.xlsx": "2025-11-04", "participatingAgencies01062025pm.xlsx": "2026-01-06"}


@cache
def published(folder: Path, file: str) -> Workbook:
    """A list that ICE published, as it is read."""
    data, day = (folder / "rosters" / file).read_bytes(), date.fromisoformat(PUBLISHED[file])
    sha256 = hashlib.sha256(data).hexdigest()
    return Workbook(file, sha256, reader.read(data, file, day), None, RosterKind.PARTICIPATING, day, Basis.EXPLICIT)


def test_the_differences_of_two_published_lists_hold_four_possible_renames(record: Database, shared: Path) -> None:
    found = between(record, *(published(shared, file) for file in PUBLISHED))
    assert found["counts"] == {"new": 158, "gone": 18, "redated": 1, "renamed": 4}
    assert [told["to"]["id"] for told in found["renamed"]] == [
        "tn-polk-county-constable-district-4",
        "tx-texas-department-of-public-safety-criminal-investigations-division",
        "tx-texas-department-of-public-safety-texas-highway-patrol",
        "tx-somervell-county-sheriffs-office",
    ]
