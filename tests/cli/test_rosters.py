"""``flask rosters import``: a workbook put on file, told row by row, or refused."""

import os
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest
from openpyxl import Workbook
from sqlalchemy import func, select

from legal.db.engine import Database
from legal.models import Revision, Roster, RosterVersion
from legal.settings import MAX_WORKBOOK_BYTES
from tests.cli.conftest import address, refused, unusable
from tests.conftest import ON_BOTH

# What the command says is the same on both; what an import does to either is tested with the act.
pytestmark = pytest.mark.databases("sqlite")

HEADER = ["STATE", "LAW ENFORCEMENT AGENCY", "TYPE", "COUNTY", "SUPPORT TYPE", "SIGNED", "MOA"]
UNION = ["FLORIDA", "Union County Sheriff’s Office", "County", "Union County", "Task Force Model", date(2025, 2, 26), "link pending"]
BAKER = ["FLORIDA", "Baker County Sheriff's Office", "County", "Clay Conty", "Task Force Model", date(2025, 2, 20), "Cons"]
TOTAL = ["TOTAL", 2]


def written(path: Path, *rows: list[Any], header: list[str] = HEADER) -> Path:
    """A workbook with these rows below its header."""
    book = Workbook()
    for row in (header, *rows):
        book.active.append(row)  # type: ignore[union-attr]
    book.save(path)
    return path


@pytest.fixture
def may(tmp_path: Path) -> Path:
    """A list whose name says its day and its kind."""
    return written(tmp_path / "participatingAgencies05162025am.xlsx", UNION, BAKER, TOTAL)


def rosters(database: Database) -> list[tuple[Any, ...]]:
    """Id, day and basis of every list."""
    with database.reading() as session:
        return [tuple(row) for row in session.execute(select(Roster.id, Roster.date, Roster.date_basis))]


@ON_BOTH
def test_it_tells_what_became_of_the_list(run: Any, fresh: Database, may: Path) -> None:
    result = run(address(fresh))("rosters", "import", may)
    [(id, *_)] = rosters(fresh)
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        f"{id} is on file in revision 2.",
        "rows: 3; read: 1; repaired: 1; set aside: 1",
        "agreements: 2; agencies: 2; states: 1; territories: 0",
        "Repaired, 1×: curly_quote in agency.",
        "In doubt, 1×: not_a_link in moa.",
        "In doubt, 1×: county_unknown in county.",
        "Row 4 is set aside: It is a total, not an agreement.",
    ]


def test_the_report_can_be_had_as_json(run: Any, fresh: Database, may: Path) -> None:
    told = orjson.loads(run(address(fresh))("rosters", "import", may, "--report", "json").stdout)
    assert (told["revision"], told["counts"]["agreements"], told["rows"][0]["number"], told["difference"]) == (2, 2, 4, None)


def test_the_day_and_the_kind_are_those_of_the_name(run: Any, fresh: Database, may: Path) -> None:
    run(address(fresh))("rosters", "import", may)
    [(id, day, basis)] = rosters(fresh)
    assert (id[:24], day, basis) == ("participating-2025-05-16", date(2025, 5, 16), "inferred")


def test_the_operator_knows_better_than_the_name(run: Any, fresh: Database, may: Path) -> None:
    run(address(fresh))("rosters", "import", may, "--date", "2025-05-17")
    [(_, day, basis)] = rosters(fresh)
    assert (day, basis) == (date(2025, 5, 17), "explicit")


def test_a_second_time_nothing_changes(run: Any, fresh: Database, may: Path) -> None:
    command = run(address(fresh))
    command("rosters", "import", may)
    assert "was on file already; nothing has changed" in command("rosters", "import", may).stdout
    assert len(rosters(fresh)) == 1


@pytest.mark.parametrize("name", ["participatingAgencies05182025am.xlsx", "copy.xlsx", "pendingAgencies05162025am.xlsx"])
def test_the_same_bytes_under_another_name_are_the_same_list(run: Any, fresh: Database, may: Path, name: str) -> None:
    command = run(address(fresh))
    command("rosters", "import", may)
    told = command("rosters", "import", may.rename(may.with_name(name)))
    assert (told.exit_code, told.stdout.splitlines()[0]) == (0, f"{rosters(fresh)[0][0]} was on file already; nothing has changed.")


def test_the_same_bytes_with_another_day_are_refused(run: Any, fresh: Database, may: Path) -> None:
    command = run(address(fresh))
    command("rosters", "import", may)
    assert "the same bytes are one list" in command("rosters", "import", may, "--date", "2025-05-18").stderr


def test_it_is_held_against_the_list_before(run: Any, fresh: Database, may: Path, tmp_path: Path) -> None:
    command = run(address(fresh))
    command("rosters", "import", may)
    renamed = ["FLORIDA", "Baker County Sheriff's Department", *BAKER[2:]]
    later = written(tmp_path / "participatingAgencies06162025am.xlsx", UNION, renamed, TOTAL)
    told = command("rosters", "import", later).stdout
    assert "1 new, 1 gone, 0 redated." in told
    assert "Possibly renamed, for review: Baker County Sheriff's Office → Baker County Sheriff's Department (FL)." in told


def test_a_name_without_a_day_needs_one(run: Any, fresh: Database, tmp_path: Path) -> None:
    result = run(address(fresh))("rosters", "import", written(tmp_path / "list.xlsx", UNION))
    assert result.exit_code == 2
    assert "--date YYYY-MM-DD" in result.stderr


def test_a_day_to_come_is_refused(run: Any, fresh: Database, may: Path) -> None:
    result = run(address(fresh))("rosters", "import", may, "--date", "2999-01-01")
    refused(result, "participatingAgencies05162025am.xlsx is refused as a whole, and nothing has changed.")
    assert rosters(fresh) == []


def test_a_day_before_the_newest_signature_is_refused_with_the_row(run: Any, fresh: Database, may: Path) -> None:
    result = run(address(fresh))("rosters", "import", may, "--date", "2025-02-25")
    refused(result, "participatingAgencies05162025am.xlsx is refused as a whole, and nothing has changed.")
    assert "row 2 was signed on 2025-02-26" in result.stderr


def test_what_is_refused_can_be_forced_for_a_reason(run: Any, fresh: Database, may: Path) -> None:
    result = run(address(fresh))("rosters", "import", may, "--date", "2025-02-25", "--force", "--reason", "ICE printed it so.")
    assert "Overruled: It is dated 2025-02-25, and row 2 was signed on 2025-02-26" in result.stdout
    with fresh.reading() as session:
        assert session.scalars(select(RosterVersion.forced)).one() == "ICE printed it so."


@pytest.mark.parametrize("given", [["--force"], ["--reason", "So."], ["--force", "--reason", " "]])
def test_force_and_reason_go_together(run: Any, fresh: Database, may: Path, given: list[str]) -> None:
    result = run(address(fresh))("rosters", "import", may, *given)
    assert result.exit_code == 2
    assert "--force and --reason go together" in result.stderr


def test_a_pending_list_under_the_participating_name_is_refused(run: Any, fresh: Database, tmp_path: Path) -> None:
    file = written(tmp_path / "participatingAgencies05162025am.xlsx", UNION[:5], header=HEADER[:5])
    result = run(address(fresh))("rosters", "import", file)
    refused(result, "participatingAgencies05162025am.xlsx is refused as a whole, and nothing has changed.")
    assert "--kind pending" in result.stderr


def test_given_its_kind_it_is_imported(run: Any, fresh: Database, tmp_path: Path) -> None:
    file = written(tmp_path / "participatingAgencies05162025am.xlsx", UNION[:5], header=HEADER[:5])
    assert run(address(fresh))("rosters", "import", file, "--kind", "pending").exit_code == 0


def test_a_file_that_is_no_workbook_is_refused(run: Any, fresh: Database, tmp_path: Path) -> None:
    file = tmp_path / "participatingAgencies05162025am.xlsx"
    file.write_bytes(b"STATE,AGENCY")
    assert run(address(fresh))("rosters", "import", file).exit_code == 1
    assert rosters(fresh) == []


def test_a_name_that_is_not_utf_8_is_refused(run: Any, fresh: Database, may: Path) -> None:
    file = may.rename(may.with_name(os.fsdecode(b"participatingAgencies05162025\xff.xlsx")))
    result = run(address(fresh))("rosters", "import", os.fsencode(file).decode("utf-8", "surrogateescape"))
    refused(result, "The file's name is not UTF-8; rename the file.")


def test_a_device_without_an_end_is_not_read_to_it(run: Any, fresh: Database, tmp_path: Path) -> None:
    endless = tmp_path / "participatingAgencies05162025am.xlsx"
    endless.symlink_to("/dev/zero")
    assert "larger than 16 MiB" in run(address(fresh))("rosters", "import", endless).stderr


def test_a_file_that_is_too_large_is_not_read(run: Any, fresh: Database, tmp_path: Path) -> None:
    file = tmp_path / "participatingAgencies05162025am.xlsx"
    with file.open("wb") as large:
        large.truncate(MAX_WORKBOOK_BYTES + 1)
    assert "larger than 16 MiB" in run(address(fresh))("rosters", "import", file).stderr


def test_a_sheet_without_a_header_is_refused(run: Any, fresh: Database, tmp_path: Path) -> None:
    file = written(tmp_path / "participatingAgencies05162025am.xlsx", UNION, header=["A", "B"])
    assert "no sheet with the columns STATE, AGENCY, SUPPORT TYPE" in run(address(fresh))("rosters", "import", file).stderr


def test_a_database_that_cannot_be_used_is_told(run: Any, may: Path, tmp_path: Path) -> None:
    refused(run(f"sqlite:///{tmp_path / 'bare.sqlite'}")("rosters", "import", may), unusable("no such table: rosters"))


def test_an_import_is_one_revision(run: Any, fresh: Database, may: Path) -> None:
    run(address(fresh))("rosters", "import", may)
    with fresh.reading() as session:
        assert session.scalar(select(func.max(Revision.number))) == 2
