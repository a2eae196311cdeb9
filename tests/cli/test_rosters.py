"""Test ``flask rosters import``: reports, options and refusals."""

import os
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import Result
from openpyxl import Workbook
from sqlalchemy import func, select

from legal.db.engine import Database
from legal.models import Revision, Roster, RosterVersion
from legal.settings import MAX_WORKBOOK_BYTES
from tests.cli.conftest import assert_refused, database_url, unusable_database_message
from tests.conftest import ON_BOTH_BACKENDS

# The command's output is the same on both databases. The imports themselves are tested on both in tests/services/rosters.
pytestmark = pytest.mark.databases("sqlite")

HEADER = ["STATE", "LAW ENFORCEMENT AGENCY", "TYPE", "COUNTY", "SUPPORT TYPE", "SIGNED", "MOA"]
UNION = ["FLORIDA", "Union County Sheriff’s Office", "County", "Union County", "Task Force Model", date(2025, 2, 26), "link pending"]
BAKER = ["FLORIDA", "Baker County Sheriff's Office", "County", "Clay Conty", "Task Force Model", date(2025, 2, 20), "Cons"]
TOTAL = ["TOTAL", 2]
MAY_FILE = "participatingAgencies05162025am.xlsx"
REFUSAL = f"{MAY_FILE} was refused as a whole. Nothing changed."

RunImport = Callable[..., Result]


def write_workbook(path: Path, *rows: list[Any], header: list[str] = HEADER) -> Path:
    """Write a workbook with these rows below its header."""
    book = Workbook()
    for row in (header, *rows):
        book.active.append(row)  # type: ignore[union-attr]
    book.save(path)
    return path


@pytest.fixture
def may_workbook(tmp_path: Path) -> Path:
    """A participating roster whose file name has its date and kind."""
    return write_workbook(tmp_path / MAY_FILE, UNION, BAKER, TOTAL)


@pytest.fixture
def run_import(runner_for: Any, writable_seeded_db: Database) -> RunImport:
    """A function that runs ``flask rosters import`` with its arguments on ``writable_seeded_db``."""
    return partial(runner_for(database_url(writable_seeded_db)), "rosters", "import")


def list_rosters(database: Database) -> list[tuple[Any, ...]]:
    """Return id, date and date basis of every roster."""
    with database.reading() as session:
        return [tuple(row) for row in session.execute(select(Roster.id, Roster.date, Roster.date_basis))]


@ON_BOTH_BACKENDS
def test_report_lists_counts_repairs_flags_and_set_aside_rows(
    run_import: RunImport, writable_seeded_db: Database, may_workbook: Path
) -> None:
    result = run_import(may_workbook)
    [(id, *_)] = list_rosters(writable_seeded_db)
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        f"{id} was imported in revision 2.",
        "Rows: 3. Read: 1, of which 0 with blanks or N/A tidied. Repaired: 1. Set aside: 1.",
        "Agreements: 2. Agencies: 2. States: 1. Territories: 0.",
        "Repaired once in agency: curly_quote.",
        "Flagged once in moa: not_a_link.",
        "Flagged once in county: county_unknown.",
        "Row 4 was set aside: The row is a total, not an agreement.",
    ]


def test_json_report_has_counts_rows_and_difference(run_import: RunImport, may_workbook: Path) -> None:
    report = orjson.loads(run_import(may_workbook, "--report", "json").stdout)
    assert list(report) == [
        *("id", "kind", "date", "file", "sha256", "counts", "forced", "notes", "repairs", "flags", "rows"),
        *("doubtful_signatures", "difference", "revision", "seen_again", "overruled", "count_differences", "warnings"),
    ]
    assert (report["revision"], report["counts"]["agreements"], report["rows"][0]["number"], report["difference"]) == (2, 2, 4, None)


def test_date_and_kind_come_from_the_file_name(run_import: RunImport, writable_seeded_db: Database, may_workbook: Path) -> None:
    run_import(may_workbook)
    [(id, day, basis)] = list_rosters(writable_seeded_db)
    assert (id[:24], day, basis) == ("participating-2025-05-16", date(2025, 5, 16), "inferred")


def test_date_option_overrides_the_file_name(run_import: RunImport, writable_seeded_db: Database, may_workbook: Path) -> None:
    run_import(may_workbook, "--date", "2025-05-17")
    [(_, day, basis)] = list_rosters(writable_seeded_db)
    assert (day, basis) == (date(2025, 5, 17), "explicit")


def test_second_import_of_a_file_changes_nothing(run_import: RunImport, writable_seeded_db: Database, may_workbook: Path) -> None:
    run_import(may_workbook)
    assert "is on file already. Nothing changed." in run_import(may_workbook).stdout
    assert len(list_rosters(writable_seeded_db)) == 1


@pytest.mark.parametrize("name", ["copy.xlsx", "pendingAgencies05162025am.xlsx"])
def test_same_bytes_under_another_name_are_the_same_roster(
    run_import: RunImport, writable_seeded_db: Database, may_workbook: Path, name: str
) -> None:
    run_import(may_workbook)
    result = run_import(may_workbook.rename(may_workbook.with_name(name)))
    [(id, *_)] = list_rosters(writable_seeded_db)
    assert (result.exit_code, result.stdout.splitlines()[0]) == (0, f"{id} is on file already. Nothing changed.")


def test_same_bytes_with_another_date_are_an_observation(run_import: RunImport, may_workbook: Path) -> None:
    run_import(may_workbook)
    result = run_import(may_workbook, "--date", "2025-05-18")
    assert "is on file already. Revision 3 records the other day on which it was published." in result.stdout


def test_report_compares_with_the_previous_roster(run_import: RunImport, may_workbook: Path, tmp_path: Path) -> None:
    run_import(may_workbook)
    renamed_baker = ["FLORIDA", "Baker County Sheriff’s Department", *BAKER[2:]]
    june_workbook = write_workbook(tmp_path / "participatingAgencies06162025am.xlsx", UNION, renamed_baker, TOTAL)
    report = run_import(june_workbook).stdout
    assert "Repaired 2 times in agency: curly_quote." in report
    assert "1 new, 1 gone (1 of them possibly renamed), 0 in a corrected state, 0 with another signature date." in report
    assert "Possibly renamed, please review: Baker County Sheriff's Office → Baker County Sheriff's Department (FL)." in report


def test_file_name_without_a_date_needs_the_option(run_import: RunImport, tmp_path: Path) -> None:
    result = run_import(write_workbook(tmp_path / "list.xlsx", UNION))
    assert result.exit_code == 2
    assert "--date YYYY-MM-DD" in result.stderr


def test_date_in_the_future_is_refused(run_import: RunImport, writable_seeded_db: Database, may_workbook: Path) -> None:
    assert_refused(run_import(may_workbook, "--date", "2999-01-01"), REFUSAL)
    assert list_rosters(writable_seeded_db) == []


def test_date_before_the_newest_signature_is_refused_with_the_row(run_import: RunImport, may_workbook: Path) -> None:
    result = run_import(may_workbook, "--date", "2025-02-25")
    assert_refused(result, REFUSAL)
    assert "row 2 was signed on 2025-02-26" in result.stderr


def test_refused_roster_can_be_forced_with_a_reason(run_import: RunImport, writable_seeded_db: Database, may_workbook: Path) -> None:
    result = run_import(may_workbook, "--date", "2025-02-25", "--force", "--reason", "ICE printed it so.")
    assert "Overruled: The roster is dated 2025-02-25, but row 2 was signed on 2025-02-26." in result.stdout
    with writable_seeded_db.reading() as session:
        assert session.scalars(select(RosterVersion.forced)).one() == "ICE printed it so."


@pytest.mark.parametrize("options", [["--force"], ["--reason", "So."], ["--force", "--reason", " "]])
def test_force_and_reason_go_together(run_import: RunImport, may_workbook: Path, options: list[str]) -> None:
    result = run_import(may_workbook, *options)
    assert result.exit_code == 2
    assert "Use --force and --reason together" in result.stderr


def test_pending_content_under_a_participating_name_is_refused(run_import: RunImport, tmp_path: Path) -> None:
    result = run_import(write_workbook(tmp_path / MAY_FILE, UNION[:5], header=HEADER[:5]))
    assert_refused(result, REFUSAL)
    assert "--kind pending" in result.stderr


def test_kind_option_overrides_the_file_name(run_import: RunImport, tmp_path: Path) -> None:
    file = write_workbook(tmp_path / MAY_FILE, UNION[:5], header=HEADER[:5])
    assert run_import(file, "--kind", "pending").exit_code == 0


def test_file_that_is_not_a_workbook_is_refused(run_import: RunImport, writable_seeded_db: Database, tmp_path: Path) -> None:
    file = tmp_path / MAY_FILE
    file.write_bytes(b"STATE,AGENCY")
    assert run_import(file).exit_code == 1
    assert list_rosters(writable_seeded_db) == []


def test_file_name_that_is_not_utf_8_is_refused(run_import: RunImport, may_workbook: Path) -> None:
    file = may_workbook.rename(may_workbook.with_name(os.fsdecode(b"participatingAgencies05162025\xff.xlsx")))
    result = run_import(os.fsencode(file).decode("utf-8", "surrogateescape"))
    assert_refused(result, "The file name is not UTF-8. Rename the file.")


def test_endless_device_is_not_read_to_its_end(run_import: RunImport, tmp_path: Path) -> None:
    device = tmp_path / MAY_FILE
    device.symlink_to("/dev/zero")
    assert "larger than 16 MiB" in run_import(device).stderr


def test_file_that_is_too_large_is_refused(run_import: RunImport, tmp_path: Path) -> None:
    file = tmp_path / MAY_FILE
    with file.open("wb") as stream:
        stream.truncate(MAX_WORKBOOK_BYTES + 1)
    assert "larger than 16 MiB" in run_import(file).stderr


def test_sheet_without_a_header_is_refused(run_import: RunImport, tmp_path: Path) -> None:
    file = write_workbook(tmp_path / MAY_FILE, UNION, header=["A", "B"])
    assert "no sheet with the columns STATE, AGENCY, SUPPORT TYPE" in run_import(file).stderr


def test_unusable_database_is_reported(runner_for: Any, may_workbook: Path, tmp_path: Path) -> None:
    (tmp_path / "bare.sqlite").touch()
    result = runner_for(f"sqlite:///{tmp_path / 'bare.sqlite'}")("rosters", "import", may_workbook)
    assert_refused(result, unusable_database_message("no such table: rosters"))


def test_import_makes_one_revision(run_import: RunImport, writable_seeded_db: Database, may_workbook: Path) -> None:
    run_import(may_workbook)
    with writable_seeded_db.reading() as session:
        assert session.scalar(select(func.max(Revision.number))) == 2
