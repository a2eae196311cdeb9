"""Test that rosters are imported as a whole or not at all, in any order, and only once."""

import pickle
import signal
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, time
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from legal.db.engine import Database
from legal.errors import InvalidInput, NotReady, RefusedOperation
from legal.models import Agency, Agreement, Base, Change, Document, Origin, Revision, Roster, RosterRow, RosterVersion, SearchEntry
from legal.queries import search
from legal.queries.core.pagination import Paging
from legal.queries.core.snapshot import latest_snapshot
from legal.queries.rosters import agreements, rosters
from legal.rules.rosters.admission import renames_by_jurisdiction
from legal.services.rosters.drafts import RosterWorkbook
from legal.services.rosters.importer import ImportResult, import_roster
from legal.settings import ROOT
from legal.vocabulary import RowOutcome
from tests.services.factories import jurisdiction_file, load_small_seeds
from tests.services.rosters.factories import (
    BAKER,
    FAIRFAX_ROW,
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

JANUARY, FEBRUARY = "2025-01-10", "2025-02-10"
RULES = replace(import_rules(), max_loss_percent=20)


@pytest.fixture
def session(seeded_db: Database) -> Iterable[Session]:
    """A session over the seeds that is rolled back."""
    with session_with_rosters(seeded_db) as session:
        yield session


def select_rows(session: Session, *columns: Any) -> list[Any]:
    """Return columns of all roster rows in the order of rosters and rows."""
    return list(session.execute(select(*columns).join(Roster, Roster.id == RosterRow.roster).order_by(Roster.position, RosterRow.number)))


def count_table_rows(session: Session) -> dict[str, int]:
    """Return the number of rows of each table."""
    return {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in Base.metadata.sorted_tables}


def test_import_is_one_revision_with_a_reason(session: Session) -> None:
    last_revision = session.scalar(select(func.max(Revision.number))) or 0
    import_rosters(session, ROSTER_HISTORY[0])
    revisions = session.execute(select(Revision.reason, Revision.actor).where(Revision.number > last_revision)).all()
    assert revisions == [("Imported ICE's roster of participating agencies of 2025-01-10.", "rosters")]


def test_roster_is_a_document_with_an_origin(session: Session) -> None:
    [id] = import_rosters(session, ROSTER_HISTORY[0])
    assert session.get(Document, id)
    assert session.get(Origin, id)


def test_log_has_the_roster_with_its_counts(session: Session) -> None:
    [id] = import_rosters(session, ROSTER_HISTORY[0])
    fields = session.scalars(select(Change.fields).where(Change.noun == "roster", Change.id == id)).one()
    values = {field["name"]: field["after"] for field in fields}
    assert (values["kind"], values["date"], values["agreements"]) == ("participating", "2025-01-10", 2)


def test_counts_are_stored_by_jurisdiction_and_by_model(session: Session) -> None:
    import_rosters(session, ROSTER_HISTORY[2])
    assert session.scalars(select(RosterVersion.counts)).one() == {
        "jurisdiction": {"FL": [2, 1]},
        "model": {"jail_enforcement": [1, 1], "task_force": [1, 1]},
        "jurisdiction_model": {"FL": {"jail_enforcement": 1, "task_force": 1}},
    }


def test_states_and_territories_are_counted_separately(session: Session) -> None:
    import_rosters(session, ROSTER_HISTORY[3])
    counts = session.execute(select(RosterVersion.states, RosterVersion.territories, RosterVersion.rows, RosterVersion.agreements)).one()
    assert tuple(counts) == (2, 1, 5, 4)


def test_every_row_is_stored_with_number_and_outcome(session: Session) -> None:
    import_rosters(session, ROSTER_HISTORY[2])
    assert select_rows(session, RosterRow.number, RosterRow.outcome) == [(2, "read"), (3, "read"), (4, "set_aside")]


def test_second_row_of_an_agreement_is_stored_but_not_counted(session: Session) -> None:
    import_rosters(session, roster_workbook(JANUARY, parsed_row(), parsed_row()))
    assert select_rows(session, RosterRow.counted) == [(True,), (False,)]


def test_printed_cells_are_stored_unless_the_row_was_read_as_printed(session: Session) -> None:
    import_rosters(session, ROSTER_HISTORY[2])
    assert [cells is not None for (cells,) in select_rows(session, RosterRow.printed)] == [False, False, True]


def test_notes_name_unread_sheets_and_rows_above_the_header(session: Session) -> None:
    workbook = ROSTER_HISTORY[0]
    parsed_roster = replace(workbook.parsed_roster, other_sheets=("Pivot",), header_row=3)
    import_roster(session, replace(workbook, parsed_roster=parsed_roster), RULES)
    assert session.scalars(select(RosterVersion.notes)).one() == [
        "A note.",
        "Sheets that were not read: 'Pivot'.",
        "The header is in row 3. The rows above it were not read.",
    ]


def test_county_gets_its_fips_code(session: Session) -> None:
    import_rosters(session, roster_workbook(JANUARY, parsed_row()))
    assert select_rows(session, RosterRow.county_fips) == [("12125",)]


def test_misspelled_county_is_a_repair(session: Session) -> None:
    import_rosters(session, roster_workbook(JANUARY, parsed_row(county="Lake Conty")))
    [(county, fips, outcome, repairs)] = select_rows(session, RosterRow.county, RosterRow.county_fips, RosterRow.outcome, RosterRow.repairs)
    assert (county, fips, outcome, repairs[0]["printed"]) == ("Lake County", "12069", RowOutcome.REPAIRED, "Lake Conty")


def test_former_county_is_a_repair(session: Session) -> None:
    import_rosters(session, roster_workbook(JANUARY, parsed_row(county="Dade County")))
    [(fips, repairs)] = select_rows(session, RosterRow.county_fips, RosterRow.repairs)
    assert (fips, repairs[0]["how"]) == ("12086", "former_county")


def test_cell_of_an_unknown_column_is_stored_as_printed(session: Session) -> None:
    cells = {"agency": UNION, "STATUS": "TERMINATED 6/1"}
    import_rosters(session, roster_workbook(JANUARY, parsed_row(printed_cells=cells)))
    [(outcome, printed_cells)] = select_rows(session, RosterRow.outcome, RosterRow.printed)
    assert (outcome, printed_cells["STATUS"]) == ("read", "TERMINATED 6/1")


def test_agencies_that_would_share_an_id_abort_the_import(session: Session) -> None:
    import_rosters(session, roster_workbook(JANUARY, parsed_row()))
    session.execute(update(Agency).values(name="another"))
    with pytest.raises(RefusedOperation, match="Agency id collision: fl-union-county-sheriffs-office would name 'another'"):
        import_rosters(session, roster_workbook(FEBRUARY, parsed_row()))


def test_import_into_an_empty_database_asks_for_the_seeds(empty_db: Database) -> None:
    with session_with_rosters(empty_db) as session, pytest.raises(NotReady, match="flask seed"):
        import_rosters(session, ROSTER_HISTORY[0])


def test_roster_that_names_a_state_not_on_file_asks_for_its_seeds(empty_db: Database) -> None:
    load_small_seeds(empty_db, jurisdiction_file())
    with (
        session_with_rosters(empty_db) as session,
        pytest.raises(NotReady, match=r"not on file: FL\. Load their seed files with `flask seed`"),
    ):
        import_rosters(session, roster_workbook(JANUARY, parsed_row(), FAIRFAX_ROW))


def test_reason_is_not_stored_if_nothing_was_overruled(session: Session) -> None:
    import_roster(session, replace(ROSTER_HISTORY[0], force_reason="It is not needed."), RULES)
    assert session.scalars(select(RosterVersion.forced)).one() is None


def test_roster_dated_in_the_future_is_refused(session: Session) -> None:
    assert "in the future" in refusal_reason(session, roster_workbook("2999-01-10", parsed_row()))


def test_county_of_another_state_is_flagged_with_that_state(session: Session) -> None:
    import_rosters(session, roster_workbook(JANUARY, parsed_row(county="Fairfax County")))
    [(fips, flags)] = select_rows(session, RosterRow.county_fips, RosterRow.flags)
    assert (fips, flags[0]["what"], flags[0]["note"]) == (None, "county_elsewhere", "A county of VA.")


def test_county_that_no_state_has_is_flagged(session: Session) -> None:
    import_rosters(session, roster_workbook(JANUARY, parsed_row(county="Nowhere")))
    [(flags,)] = select_rows(session, RosterRow.flags)
    assert (flags[0]["what"], flags[0]["note"]) == ("county_unknown", None)


def test_agencies_of_one_name_in_two_states_stay_separate(session: Session) -> None:
    import_rosters(session, roster_workbook(JANUARY, parsed_row(), parsed_row(jurisdiction="GA", county=None)))
    assert session.scalars(select(Agency.jurisdiction).order_by(Agency.id)).all() == ["FL", "GA"]


def test_agency_is_the_same_with_any_apostrophe_or_case(session: Session) -> None:
    other_spelling = parsed_row(UNION.replace("'", "’").upper())
    import_rosters(session, roster_workbook(JANUARY, parsed_row()), roster_workbook(FEBRUARY, other_spelling))
    assert session.scalar(select(func.count()).select_from(Agreement)) == 1


def test_written_rename_makes_two_names_one_agency(session: Session) -> None:
    renames = renames_by_jurisdiction([{"jurisdiction": "FL", "from_": UNION, "to": MIAMI, "why": "invented"}])
    rules = replace(RULES, renames_by_jurisdiction=renames)
    for workbook in (roster_workbook(JANUARY, parsed_row()), roster_workbook(FEBRUARY, parsed_row(MIAMI))):
        import_roster(session, workbook, rules)
    assert session.scalars(select(Agency.id)).all() == ["fl-miami-police-department"]


def test_spellings_that_differ_by_rule_are_one_agency(session: Session) -> None:
    import_rosters(session, roster_workbook(JANUARY, parsed_row(MIAMI)), roster_workbook(FEBRUARY, parsed_row("Miami PD")))
    assert session.scalars(select(Agency.id)).all() == ["fl-miami-police-department"]


def test_two_spellings_in_one_roster_stay_two_agencies(session: Session) -> None:
    import_rosters(
        session, roster_workbook(JANUARY, parsed_row(MIAMI), parsed_row("Miami PD"), parsed_row("Miami PD", model="jail_enforcement"))
    )
    assert session.execute(select(RosterVersion.agreements, RosterVersion.agencies)).one() == (3, 2)


def test_name_in_another_script_is_an_agency_of_its_own(session: Session) -> None:
    import_rosters(session, roster_workbook(JANUARY, parsed_row("警察", county=None), parsed_row("公安", county=None)))
    assert session.scalar(select(func.count()).select_from(Agency)) == 2


def test_without_a_written_rename_two_names_are_two_agencies(session: Session) -> None:
    import_rosters(session, roster_workbook(JANUARY, parsed_row()), roster_workbook(FEBRUARY, parsed_row(MIAMI)))
    assert session.scalar(select(func.count()).select_from(Agency)) == 2


def test_second_import_of_the_same_bytes_changes_nothing(session: Session) -> None:
    [id] = import_rosters(session, ROSTER_HISTORY[0])
    row_counts = count_table_rows(session)
    assert import_roster(session, ROSTER_HISTORY[0], RULES) == ImportResult(id, None)
    assert count_table_rows(session) == row_counts


def test_same_bytes_with_another_date_are_one_roster_seen_again(session: Session) -> None:
    [id] = import_rosters(session, ROSTER_HISTORY[0])
    result = import_roster(session, replace(ROSTER_HISTORY[0], date=date(2025, 1, 11)), RULES)
    assert (result.id, session.scalars(select(RosterVersion.seen_again).where(RosterVersion.revision_to.is_(None))).one()) == (
        id,
        date(2025, 1, 11),
    )


def test_other_bytes_in_the_same_place_of_a_day_need_a_time(session: Session) -> None:
    first, second = roster_workbook(JANUARY, parsed_row()), roster_workbook(JANUARY, parsed_row(BAKER))
    import_rosters(session, first)
    with pytest.raises(RefusedOperation, match="--time HH:MM"):
        import_rosters(session, second)
    assert import_rosters(session, replace(second, given_time=time(14, 5))) == [f"participating-2025-01-10-1405-{second.sha256[:8]}"]


def refusal_reason(session: Session, workbook: RosterWorkbook) -> str:
    """Return the first reason why a roster is refused, and assert that nothing changed."""
    row_counts = count_table_rows(session)
    with pytest.raises(InvalidInput, match="Nothing changed") as error:
        import_roster(session, workbook, RULES)
    assert count_table_rows(session) == row_counts
    return error.value.faults[0].detail


def test_roster_dated_before_its_newest_signature_is_refused(session: Session) -> None:
    assert "--date" in refusal_reason(session, replace(ROSTER_HISTORY[0], newest_signature=(date(2025, 1, 11), 3)))


def test_pending_content_under_the_participating_kind_is_refused(session: Session) -> None:
    workbook = roster_workbook(JANUARY, parsed_row(signed_on=None))
    pending_content = replace(workbook.parsed_roster, kind=PENDING)
    assert "--kind pending" in refusal_reason(session, replace(workbook, parsed_roster=pending_content))


def test_roster_without_a_readable_row_is_refused(session: Session) -> None:
    workbook_without_reason = replace(roster_workbook(JANUARY, SET_ASIDE_ROW), force_reason=None)
    assert "None of the 1 rows" in refusal_reason(session, workbook_without_reason)


@pytest.mark.parametrize("dates", [(JANUARY, FEBRUARY), (FEBRUARY, JANUARY)])
def test_large_loss_is_refused_in_either_order_of_imports(session: Session, dates: tuple[str, str]) -> None:
    rows = [parsed_row(f"Agency {number}", county=None) for number in range(20)]
    workbooks = {JANUARY: roster_workbook(JANUARY, *rows), FEBRUARY: roster_workbook(FEBRUARY, *rows[:10])}
    import_rosters(session, workbooks[dates[0]])
    assert "would fall from 20 to 10, by more than 20 percent" in refusal_reason(session, workbooks[dates[1]])


@pytest.mark.parametrize("dates", [(JANUARY, FEBRUARY), (FEBRUARY, JANUARY)])
def test_loss_of_a_jurisdiction_is_refused_in_either_order_of_imports(session: Session, dates: tuple[str, str]) -> None:
    florida_rows = [parsed_row(f"Agency {number}", county=None) for number in range(10)]
    georgia_rows = [replace(row, jurisdiction="GA") for row in florida_rows]
    new_rows = [parsed_row(f"Office {number}", county=None) for number in range(10)]
    workbooks = {
        JANUARY: roster_workbook(JANUARY, *florida_rows, *georgia_rows),
        FEBRUARY: roster_workbook(FEBRUARY, *florida_rows, *new_rows),
    }
    import_rosters(session, workbooks[dates[0]])
    assert "all agreements of GA would disappear" in refusal_reason(session, workbooks[dates[1]])


def test_forced_import_stores_its_reason(session: Session) -> None:
    workbook = replace(ROSTER_HISTORY[0], newest_signature=(date(2025, 1, 11), 3), force_reason="ICE printed a wrong day.")
    result = import_roster(session, workbook, RULES)
    assert len(result.overruled_errors) == 1
    assert session.scalars(select(RosterVersion.forced)).one() == "ICE printed a wrong day."
    assert "Forced: ICE printed" in session.scalars(select(Revision.reason).order_by(Revision.number.desc()).limit(1)).one()


def test_progress_is_reported_after_each_batch(session: Session) -> None:
    reports: list[int] = []
    rows = (parsed_row(f"Agency {number}") for number in range(600))
    import_roster(session, roster_workbook(JANUARY, *rows), RULES, reports.append)
    assert reports == [500, 100]


def imported_content(session: Session) -> list[Any]:
    """Return everything on file about agreements, rosters and agencies, apart from revisions."""
    snapshot = replace(latest_snapshot(session), as_of=date(2025, 12, 1))
    agreement_rows, *_ = agreements.list_agreements(session, snapshot, {"status": ["any"]}, Paging(200, "id"))
    roster_rows, _ = rosters.list_rosters(session, snapshot, {}, Paging(200, "date"))
    entries = select(SearchEntry.id, SearchEntry.title).where(SearchEntry.noun == "agency", SearchEntry.revision_to.is_(None))
    return [agreement_rows, roster_rows, session.execute(entries.order_by(SearchEntry.id)).all()]


def test_order_of_imports_does_not_change_the_content(seeded_db: Database) -> None:
    contents = []
    for workbooks in list(permutations(ROSTER_HISTORY))[::3]:
        with session_with_rosters(seeded_db, *workbooks) as session:
            contents.append(imported_content(session))
    assert all(content == contents[0] for content in contents)


def test_search_finds_an_agency_by_its_name_in_its_last_roster(session: Session) -> None:
    import_rosters(session, *reversed(ROSTER_HISTORY))
    hits, *_ = search.search_record(session, latest_snapshot(session), {"q": "union county sheriffs"}, Paging(10, "score"))
    assert [hit["title"] for hit in hits if hit["noun"] == "agency"] == ["UNION COUNTY SHERIFFS OFFICE"]


INTERRUPTED_IMPORT = """
import os, pickle, signal, sys
from legal.db.engine import Database
from legal.rules.rosters.counties import Counties
from legal.services.rosters.importer import import_roster
from legal.services.rosters.rows import ImportRules

database, kill_at, workbook = Database(sys.argv[1]), sys.argv[2], pickle.load(sys.stdin.buffer)
kill = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
with database.transaction() as session:
    import_roster(session, workbook, ImportRules(Counties([]), {}, 20), kill if kill_at == "rows" else lambda row_count: None)
    kill()
"""


@pytest.mark.parametrize("kill_at", ["rows", "end"])
def test_killed_import_leaves_no_trace(writable_seeded_db: Database, kill_at: str) -> None:
    with writable_seeded_db.reading() as session:
        row_counts = count_table_rows(session)
    workbook = pickle.dumps(roster_workbook(JANUARY, parsed_row(county=None), parsed_row(BAKER, county=None)))
    url = writable_seeded_db.engine.url.render_as_string(hide_password=False)
    process = subprocess.run([sys.executable, "-c", INTERRUPTED_IMPORT, url, kill_at], input=workbook, cwd=ROOT, check=False)  # noqa: S603 - our own code
    assert process.returncode == -signal.SIGKILL
    with writable_seeded_db.reading() as session:
        assert count_table_rows(session) == row_counts
