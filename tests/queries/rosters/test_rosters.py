"""Test the list of rosters, one roster with its rows, and the comparison of two."""

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
from legal.json_types import Json
from legal.queries.core import snapshot
from legal.queries.core.pagination import Paging
from legal.queries.rosters import rosters
from legal.readers.rosters import parser
from legal.rules.rosters.normalize import agency_key
from legal.rules.rosters.parsed import CellFlag, CellRepair
from legal.services.rosters import importer
from legal.services.rosters.drafts import RosterWorkbook
from legal.vocabulary import Basis, Flag, Repair, RosterKind, RowOutcome
from tests.conftest import ON_BOTH_BACKENDS
from tests.services.rosters import factories
from tests.services.rosters.factories import (
    BAKER,
    GUAM_ROW,
    MIAMI,
    PENDING,
    ROSTER_HISTORY,
    SET_ASIDE_ROW,
    UNION,
    import_rosters,
    import_rules,
    parsed_row,
    roster_workbook,
    session_with_rosters,
)

FIRST, SECOND = "2025-05-16", "2025-09-17"

rosters_db = factories.rosters_db
pytestmark = pytest.mark.databases("sqlite")  # the comparison runs in Python; tests marked ON_BOTH_BACKENDS cover the SQL


def list_ids(session: Session, as_of: str = "2026-01-01", sort: str = "date", **filters: Any) -> list[str]:
    """Return the ids of every roster that matches."""
    day_snapshot = snapshot.resolve_snapshot(session, date.fromisoformat(as_of))
    rows, page = rosters.list_rosters(session, day_snapshot, filters, Paging(200, sort.removeprefix("-"), sort.startswith("-")))
    assert page.count == len(rows)
    return [row["id"] for row in rows]


def get_roster(session: Session, workbook: RosterWorkbook, *outcomes: str) -> Json:
    """Return a roster with its rows."""
    return rosters.get_roster(session, snapshot.latest_snapshot(session), workbook.id, outcomes)


def compare(session: Session, later: RosterWorkbook, earlier: RosterWorkbook) -> Json:
    """Compare two rosters on file."""
    return rosters.compare_rosters(session, snapshot.latest_snapshot(session), later.id, earlier.id)


def import_and_compare(database: Database, earlier: RosterWorkbook, later: RosterWorkbook) -> Json:
    """Import two rosters, compare them, and roll back."""
    with session_with_rosters(database, earlier, later) as session:
        return compare(session, later, earlier)


@ON_BOTH_BACKENDS
def test_rosters_are_sorted_by_date(rosters_db: Database) -> None:
    ids = [workbook.id for workbook in ROSTER_HISTORY]
    with rosters_db.reading() as session:
        assert list_ids(session) == ids
        assert list_ids(session, sort="-date") == ids[::-1]
        assert list_ids(session, sort="id") == sorted(ids)


def test_rosters_of_one_day_are_sorted_morning_before_evening(seeded_db: Database) -> None:
    evening, morning = (
        roster_workbook(FIRST, parsed_row(BAKER), file_name="list05162025pm.xlsx"),
        roster_workbook(FIRST, parsed_row(), file_name="list05162025am.xlsx"),
    )
    with session_with_rosters(seeded_db, evening, morning) as session:
        assert list_ids(session) == [morning.id, evening.id]


@ON_BOTH_BACKENDS
def test_list_omits_rosters_of_later_days_and_other_kinds(rosters_db: Database) -> None:
    with rosters_db.reading() as session:
        assert list_ids(session, FIRST) == [workbook.id for workbook in ROSTER_HISTORY[:3]]
        assert list_ids(session, kind=["pending"]) == [ROSTER_HISTORY[1].id]


def test_roster_has_counts_notes_and_row_numbers(rosters_db: Database) -> None:
    with rosters_db.reading() as session:
        roster = get_roster(session, ROSTER_HISTORY[3])
    assert roster["counts"] == {
        "rows": 5,
        "read": 5,
        "tidied": 0,
        "repaired": 0,
        "set_aside": 0,
        "agreements": 4,
        "agencies": 4,
        "states": 2,
        "territories": 1,
    }
    assert (roster["sheet"], roster["notes"], roster["forced"], roster["document"]) == ("Sheet1", ["A note."], None, ROSTER_HISTORY[3].id)
    assert [row["number"] for row in roster["rows"]] == [2, 3, 4, 5, 6]


def test_roster_shows_why_it_was_forced_and_that_its_date_was_inferred(seeded_db: Database) -> None:
    workbook = roster_workbook(FIRST, SET_ASIDE_ROW, basis=Basis.INFERRED)
    with session_with_rosters(seeded_db, workbook) as session:
        roster = get_roster(session, workbook)
    assert (roster["forced"], roster["date"]["basis"]) == ("It is of a test.", "inferred")


REPAIRED_ROW = replace(
    parsed_row(signed_on="2025-05-08"),
    outcome=RowOutcome.REPAIRED,
    repairs=(CellRepair("signed", Repair.DATE_WITHOUT_SLASH, "05/082025", "2025-05-08"),),
    flags=(CellFlag(None, Flag.REPEATS_ROW, "2"),),
)


def test_row_shows_repairs_flags_and_printed_cells(seeded_db: Database) -> None:
    workbook = roster_workbook(FIRST, REPAIRED_ROW, parsed_row(BAKER, county="Fairfax"))
    with session_with_rosters(seeded_db, workbook) as session:
        repaired, flagged = get_roster(session, workbook)["rows"]
    assert repaired["repairs"] == [{"column": "signed", "how": "date_without_slash", "printed": "05/082025", "read": "2025-05-08"}]
    assert repaired["flags"] == [{"column": None, "what": "repeats_row", "printed": "2", "note": None}]
    assert flagged["flags"] == [{"column": "county", "what": "county_elsewhere", "printed": "Fairfax", "note": "A county of VA."}]
    assert repaired["printed"] == {"agency": UNION}


@ON_BOTH_BACKENDS
def test_row_set_aside_shows_why_and_has_no_agreement(seeded_db: Database) -> None:
    workbook = roster_workbook(FIRST, parsed_row(), SET_ASIDE_ROW, REPAIRED_ROW)
    with session_with_rosters(seeded_db, workbook) as session:
        (row_json,) = get_roster(session, workbook, "set_aside")["rows"]
        assert [row["outcome"] for row in get_roster(session, workbook, "read", "repaired")["rows"]] == ["read", "repaired"]
    assert (row_json["number"], row_json["why"], row_json["agreement"], row_json["signed"]["basis"]) == (
        3,
        "It is a total.",
        None,
        "explicit",
    )


def test_unknown_roster_is_not_found_with_a_suggestion(rosters_db: Database) -> None:
    with rosters_db.reading() as session, pytest.raises(NotFound) as error:
        rosters.get_roster(session, snapshot.latest_snapshot(session), ROSTER_HISTORY[0].id[:-2])
    assert error.value.did_you_mean[0] == ROSTER_HISTORY[0].id


def test_roster_of_a_later_day_or_revision_is_not_found(seeded_db: Database) -> None:
    with session_with_rosters(seeded_db, roster_workbook(FIRST, parsed_row())) as session:
        earlier_revision = snapshot.latest_snapshot(session)
        (later_id,) = import_rosters(session, roster_workbook(SECOND, parsed_row()))
        earlier_revision = snapshot.resolve_snapshot(session, revision=earlier_revision.revision)
        for earlier in (earlier_revision, snapshot.resolve_snapshot(session, date.fromisoformat(FIRST))):
            with pytest.raises(NotFound):
                rosters.get_roster(session, earlier, later_id)


@ON_BOTH_BACKENDS
def test_agreements_on_one_of_two_rosters_are_new_or_gone(seeded_db: Database) -> None:
    comparison = import_and_compare(
        seeded_db,
        roster_workbook(FIRST, parsed_row(), parsed_row(BAKER)),
        roster_workbook(SECOND, parsed_row(), parsed_row(model="jail_enforcement")),
    )
    assert [(row["agency"], row["model"], row["row"]) for row in comparison["new"]] == [(UNION, "jail_enforcement", 3)]
    assert [(row["agency"], row["model"], row["row"]) for row in comparison["gone"]] == [(BAKER, "task_force", 3)]
    assert comparison["counts"] == {"new": 1, "gone": 1, "corrected": 0, "redated": 0, "renamed": 0, "possibly_renamed": 0}


def test_reversed_comparison_swaps_new_and_gone(seeded_db: Database) -> None:
    earlier, later = (
        roster_workbook(FIRST, parsed_row(), parsed_row(BAKER)),
        roster_workbook(SECOND, parsed_row(signed_on="2025-03-01"), GUAM_ROW),
    )
    forward, backward = import_and_compare(seeded_db, earlier, later), import_and_compare(seeded_db, later, earlier)
    forward_gone, backward_gone = ([{**row, "possibly_renamed_to": None} for row in side["gone"]] for side in (forward, backward))
    assert [{**row, "possibly_renamed_to": None} for row in forward["new"]] == backward_gone
    assert forward_gone == [{**row, "possibly_renamed_to": None} for row in backward["new"]]
    assert [(row["before"], row["after"]) for row in forward["redated"]] == [(row["after"], row["before"]) for row in backward["redated"]]


@pytest.mark.parametrize("days", [("2025-02-26", "2025-03-01"), (None, "2025-03-01"), ("2025-03-01", None)])
def test_changed_signature_date_is_redated_only(seeded_db: Database, days: tuple[str | None, str | None]) -> None:
    comparison = import_and_compare(
        seeded_db, *(roster_workbook(day, parsed_row(signed_on=signed)) for day, signed in zip((FIRST, SECOND), days, strict=True))
    )
    (row,) = comparison["redated"]
    assert (row["before"]["edtf"], row["after"]["edtf"]) == days
    assert (comparison["new"], comparison["gone"]) == ([], [])


def test_repeated_row_makes_no_difference(seeded_db: Database) -> None:
    comparison = import_and_compare(
        seeded_db,
        roster_workbook(FIRST, parsed_row()),
        roster_workbook(SECOND, parsed_row(), parsed_row(signed_on="2025-03-01"), SET_ASIDE_ROW),
    )
    assert set(comparison["counts"].values()) == {0}


def test_possible_rename_is_proposed_but_not_merged(seeded_db: Database) -> None:
    comparison = import_and_compare(
        seeded_db,
        roster_workbook(FIRST, parsed_row(MIAMI), parsed_row(BAKER)),
        roster_workbook(SECOND, parsed_row("Town of Miami Police Department"), parsed_row(BAKER)),
    )
    (rename,) = comparison["renamed"]
    assert (rename["from"]["name"], rename["to"]["name"], rename["merged"]) == (MIAMI, "Town of Miami Police Department", False)
    assert rename["why"].startswith("The names are similar (100 of 100)")
    assert comparison["counts"] == {"new": 1, "gone": 1, "corrected": 0, "redated": 0, "renamed": 1, "possibly_renamed": 1}


def test_rename_on_the_list_of_renames_is_merged(seeded_db: Database) -> None:
    listed_renames = {"FL": {agency_key(MIAMI): agency_key("Miami Police Department")}}
    with session_with_rosters(seeded_db) as session:
        workbooks = (
            roster_workbook(FIRST, parsed_row(MIAMI), parsed_row(BAKER)),
            roster_workbook(SECOND, parsed_row("Miami Police Department"), parsed_row(BAKER)),
        )
        for workbook in workbooks:
            importer.import_roster(session, workbook, replace(import_rules(), renames_by_jurisdiction=listed_renames))
        comparison = rosters.compare_rosters(session, snapshot.latest_snapshot(session), workbooks[1].id, workbooks[0].id)
    (rename,) = comparison["renamed"]
    assert (rename["from"]["name"], rename["to"]["name"], rename["merged"]) == (MIAMI, "Miami Police Department", True)
    assert comparison["counts"] == {"new": 0, "gone": 0, "corrected": 0, "redated": 0, "renamed": 1, "possibly_renamed": 0}


def test_agency_on_both_rosters_is_not_a_rename(seeded_db: Database) -> None:
    unchanged = parsed_row("Miami Police Department", model="jail_enforcement")
    comparison = import_and_compare(
        seeded_db,
        roster_workbook(FIRST, parsed_row(MIAMI), unchanged),
        roster_workbook(SECOND, unchanged, parsed_row("Miami Police Department")),
    )
    assert comparison["counts"] == {"new": 1, "gone": 1, "corrected": 0, "redated": 0, "renamed": 0, "possibly_renamed": 1}


@pytest.mark.parametrize(
    ("later", "earlier", "detail"),
    [
        (3, 3, "Name another roster."),
        (3, 1, f"{ROSTER_HISTORY[1].id} is a roster of pending agencies. Name a roster of participating agencies."),
    ],
)
def test_only_two_rosters_of_one_kind_can_be_compared(rosters_db: Database, later: int, earlier: int, detail: str) -> None:
    with rosters_db.reading() as session, pytest.raises(InvalidInput) as error:
        compare(session, ROSTER_HISTORY[later], ROSTER_HISTORY[earlier])
    assert [fault.detail for fault in error.value.faults] == [detail]


def test_comparison_with_an_unknown_roster_is_rejected_with_a_suggestion(rosters_db: Database) -> None:
    with rosters_db.reading() as session, pytest.raises(InvalidInput) as error:
        rosters.compare_rosters(session, snapshot.latest_snapshot(session), ROSTER_HISTORY[3].id, ROSTER_HISTORY[2].id[:-1])
    assert error.value.faults[0].did_you_mean[0] == ROSTER_HISTORY[2].id


def test_comparison_of_an_unknown_roster_is_not_found(rosters_db: Database) -> None:
    with rosters_db.reading() as session, pytest.raises(NotFound):
        rosters.compare_rosters(session, snapshot.latest_snapshot(session), "participating", ROSTER_HISTORY[2].id)


def test_pending_rosters_can_be_compared(seeded_db: Database) -> None:
    comparison = import_and_compare(
        seeded_db,
        roster_workbook(FIRST, parsed_row(signed_on=None), kind=PENDING),
        roster_workbook(SECOND, parsed_row(BAKER, None), kind=PENDING),
    )
    assert comparison["counts"] == {"new": 1, "gone": 1, "corrected": 0, "redated": 0, "renamed": 0, "possibly_renamed": 0}


PUBLICATION_DATES = {"participatingAgencies11042025pm.xlsx": "2025-11-04", "participatingAgencies01062025pm.xlsx": "2026-01-06"}


@cache
def read_published_roster(folder: Path, file: str) -> RosterWorkbook:
    """Read a roster that ICE published."""
    data, day = (folder / "rosters" / file).read_bytes(), date.fromisoformat(PUBLICATION_DATES[file])
    sha256 = hashlib.sha256(data).hexdigest()
    return RosterWorkbook(file, sha256, parser.parse_roster(data, file, day), None, RosterKind.PARTICIPATING, day, Basis.EXPLICIT)


def test_two_published_rosters_have_four_possible_renames(seeded_db: Database, shared_folder: Path) -> None:
    comparison = import_and_compare(seeded_db, *(read_published_roster(shared_folder, file) for file in PUBLICATION_DATES))
    assert comparison["counts"] == {"new": 156, "gone": 16, "corrected": 0, "redated": 1, "renamed": 4, "possibly_renamed": 2}
    assert [(rename["to"]["id"], rename["merged"]) for rename in comparison["renamed"]] == [
        ("tx-texas-department-of-public-safety-criminal-investigations-division", True),
        ("tx-texas-department-of-public-safety-texas-highway-patrol", True),
        ("tn-polk-county-constable-district-4", False),
        ("tx-somervell-county-sheriffs-office", False),
    ]
