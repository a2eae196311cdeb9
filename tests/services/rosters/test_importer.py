"""Importing lists: all of one or nothing, in whatever order, and each only once."""

import pickle
import signal
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from legal.db.engine import Database
from legal.errors import InvalidInput, NotReady, Refused
from legal.models import Agency, Agreement, Base, Change, Document, Origin, Revision, Roster, RosterRow, RosterVersion, SearchEntry
from legal.queries import search
from legal.queries.core import snapshot
from legal.queries.core.pagination import Paging
from legal.queries.rosters import agreements, rosters
from legal.rules.rosters.admission import renames
from legal.services.rosters import importer as acts
from legal.services.rosters.drafts import Workbook
from legal.services.rosters.importer import Imported
from legal.services.rosters.rows import Known
from legal.settings import ROOT
from legal.vocabulary import RowOutcome
from tests.services.rosters.factories import BAKER, MIAMI, PENDING, SET_ASIDE, UNION, WORLD, known, on_file, put, row, workbook

KNOWN = replace(known(), largest_fall=20)
EVERYTHING = Paging(200, "id")


@pytest.fixture
def session(record: Database) -> Iterable[Session]:
    """A session over the seeds that is rolled back."""
    with on_file(record) as session:
        yield session


def rows(session: Session, *columns: Any) -> list[Any]:
    """These columns of all rows that are on file, in their order."""
    return list(session.execute(select(*columns).join(Roster, Roster.id == RosterRow.roster).order_by(Roster.position, RosterRow.number)))


def counts(session: Session) -> dict[str, int]:
    """How many rows each table has."""
    return {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in Base.metadata.sorted_tables}


def test_an_import_is_one_revision_with_its_reason(session: Session) -> None:
    before = session.scalar(select(func.max(Revision.number))) or 0
    put(session, WORLD[0])
    told = session.execute(select(Revision.reason, Revision.actor).where(Revision.number > before)).all()
    assert told == [("Imported ICE's list of participating agencies of 2025-01-10.", "rosters")]


def test_a_list_is_a_document_with_an_origin(session: Session) -> None:
    [id] = put(session, WORLD[0])
    assert session.get(Document, id)
    assert session.get(Origin, id)


def test_the_log_tells_of_the_list(session: Session) -> None:
    [id] = put(session, WORLD[0])
    told = {
        field["name"]: field["after"]
        for field in session.scalars(select(Change.fields).where(Change.noun == "roster", Change.id == id)).one()
    }
    assert (told["kind"], told["date"], told["agreements"]) == ("participating", "2025-01-10", 2)


def test_counts_are_kept_by_place_and_by_model(session: Session) -> None:
    put(session, WORLD[2])
    assert session.scalars(select(RosterVersion.counts)).one() == {
        "jurisdiction": {"FL": [2, 1]},
        "model": {"jail_enforcement": [1, 1], "task_force": [1, 1]},
    }


def test_states_and_territories_are_counted_apart(session: Session) -> None:
    put(session, WORLD[3])
    told = session.execute(select(RosterVersion.states, RosterVersion.territories, RosterVersion.rows, RosterVersion.agreements)).one()
    assert tuple(told) == (2, 1, 5, 4)


def test_every_row_is_kept_with_its_number_and_outcome(session: Session) -> None:
    put(session, WORLD[2])
    assert rows(session, RosterRow.number, RosterRow.outcome) == [(2, "read"), (3, "read"), (4, "set_aside")]


def test_a_second_row_of_an_agreement_is_kept_and_not_counted(session: Session) -> None:
    put(session, workbook("2025-01-10", row(), row()))
    assert rows(session, RosterRow.counted) == [(True,), (False,)]


def test_what_was_printed_is_kept_where_a_row_was_not_read_as_it_stands(session: Session) -> None:
    put(session, WORLD[2])
    assert [printed is not None for (printed,) in rows(session, RosterRow.printed)] == [False, False, True]


def test_what_of_a_workbook_no_row_tells_is_noted(session: Session) -> None:
    told = WORLD[0]
    acts.add(session, replace(told, listed=replace(told.listed, other_sheets=("Pivot",), header_row=3)), KNOWN)
    assert session.scalars(select(RosterVersion.notes)).one() == [
        "A note.",
        "Sheets that were not read: 'Pivot'.",
        "The header stands in row 3; what stands above it was not read.",
    ]


def test_a_county_gets_its_code(session: Session) -> None:
    put(session, workbook("2025-01-10", row()))
    assert rows(session, RosterRow.county_fips) == [("12125",)]


def test_a_misspelt_county_is_repaired_and_told(session: Session) -> None:
    put(session, workbook("2025-01-10", row(county="Lake Conty")))
    [(county, fips, outcome, repairs)] = rows(session, RosterRow.county, RosterRow.county_fips, RosterRow.outcome, RosterRow.repairs)
    assert (county, fips, outcome, repairs[0]["printed"]) == ("Lake County", "12069", RowOutcome.REPAIRED, "Lake Conty")


def test_a_county_of_before_is_repaired_and_told(session: Session) -> None:
    put(session, workbook("2025-01-10", row(county="Dade County")))
    [(fips, repairs)] = rows(session, RosterRow.county_fips, RosterRow.repairs)
    assert (fips, repairs[0]["how"]) == ("12086", "former_county")


def test_a_cell_of_a_column_that_is_not_known_is_kept_as_printed(session: Session) -> None:
    put(session, workbook("2025-01-10", row(printed={"agency": UNION, "STATUS": "TERMINATED 6/1"})))
    [(outcome, printed)] = rows(session, RosterRow.outcome, RosterRow.printed)
    assert (outcome, printed["STATUS"]) == ("read", "TERMINATED 6/1")


def test_two_agencies_that_would_share_an_id_are_refused(session: Session) -> None:
    put(session, workbook("2025-01-10", row()))
    session.execute(update(Agency).values(name="another"))
    with pytest.raises(Refused, match="Two agencies would be fl-union-county-sheriffs-office"):
        put(session, workbook("2025-02-10", row()))


def test_before_the_seeds_no_list_can_be_taken(empty: Database) -> None:
    with on_file(empty) as session, pytest.raises(NotReady, match="flask seed"):
        put(session, WORLD[0])


def test_a_reason_is_not_kept_where_nothing_was_overruled(session: Session) -> None:
    acts.add(session, replace(WORLD[0], forced="It is not needed."), KNOWN)
    assert session.scalars(select(RosterVersion.forced)).one() is None


def test_a_list_of_a_day_to_come_is_refused(session: Session) -> None:
    assert "lies ahead" in refused(session, workbook("2999-01-10", row()))


def test_a_county_of_another_state_is_flagged_with_that_state(session: Session) -> None:
    put(session, workbook("2025-01-10", row(county="Fairfax County")))
    [(fips, flags)] = rows(session, RosterRow.county_fips, RosterRow.flags)
    assert (fips, flags[0]["what"], flags[0]["note"]) == (None, "county_elsewhere", "A county of VA.")


def test_a_county_that_no_state_has_is_flagged(session: Session) -> None:
    put(session, workbook("2025-01-10", row(county="Nowhere")))
    [(flags,)] = rows(session, RosterRow.flags)
    assert (flags[0]["what"], flags[0]["note"]) == ("county_unknown", None)


def test_agencies_of_one_name_in_two_states_stay_apart(session: Session) -> None:
    put(session, workbook("2025-01-10", row(), row(jurisdiction="GA", county=None)))
    assert session.scalars(select(Agency.jurisdiction).order_by(Agency.id)).all() == ["FL", "GA"]


def test_an_agency_is_the_same_by_any_apostrophe_or_case(session: Session) -> None:
    put(session, workbook("2025-01-10", row()), workbook("2025-02-10", row(UNION.replace("'", "’").upper())))
    assert session.scalar(select(func.count()).select_from(Agreement)) == 1


def test_a_rename_on_the_list_makes_two_names_one_agency(session: Session) -> None:
    written = renames([{"jurisdiction": "FL", "from_": UNION, "to": MIAMI, "why": "made up"}])
    for one in (workbook("2025-01-10", row()), workbook("2025-02-10", row(MIAMI))):
        acts.add(session, one, replace(KNOWN, renames=written))
    assert session.scalars(select(Agency.id)).all() == ["fl-city-of-miami-police-department"]


def test_a_rename_that_is_not_on_the_list_leaves_two(session: Session) -> None:
    put(session, workbook("2025-01-10", row()), workbook("2025-02-10", row(MIAMI)))
    assert session.scalar(select(func.count()).select_from(Agency)) == 2


def test_the_same_bytes_twice_are_one_list(session: Session) -> None:
    [id] = put(session, WORLD[0])
    before = counts(session)
    assert acts.add(session, WORLD[0], KNOWN) == Imported(id, None)
    assert counts(session) == before


def test_the_same_bytes_under_another_day_are_refused(session: Session) -> None:
    [id] = put(session, WORLD[0])
    with pytest.raises(Refused, match=id):
        acts.add(session, replace(WORLD[0], date=date(2025, 1, 11)), KNOWN)


def test_the_same_name_with_other_bytes_is_another_list(session: Session) -> None:
    assert len(set(put(session, workbook("2025-01-10", row()), workbook("2025-01-10", row(BAKER))))) == 2


def refused(session: Session, told: Workbook, known: Known = KNOWN) -> str:
    """Why a list is refused; that nothing changed is seen to."""
    before = counts(session)
    with pytest.raises(InvalidInput, match="nothing has changed") as error:
        acts.add(session, told, known)
    assert counts(session) == before
    return error.value.faults[0].detail


def test_a_list_dated_before_its_newest_signature_is_refused(session: Session) -> None:
    assert "--date" in refused(session, replace(WORLD[0], newest=(date(2025, 1, 11), 3)))


def test_a_pending_list_under_the_other_name_is_refused(session: Session) -> None:
    told = workbook("2025-01-10", row(signed=None))
    assert "--kind pending" in refused(session, replace(told, listed=replace(told.listed, kind=PENDING)))


def test_a_list_of_which_no_row_can_be_read_is_refused(session: Session) -> None:
    assert "None of its 1 rows" in refused(session, replace(workbook("2025-01-10", SET_ASIDE), forced=None))


@pytest.mark.parametrize("days", [("2025-01-10", "2025-02-10"), ("2025-02-10", "2025-01-10")])
def test_a_fall_is_refused_whichever_list_came_first(session: Session, days: tuple[str, str]) -> None:
    long = [row(f"Agency {number}", county=None) for number in range(20)]
    told = {"2025-01-10": workbook("2025-01-10", *long), "2025-02-10": workbook("2025-02-10", *long[:10])}
    put(session, told[days[0]])
    assert "would fall from 20 to 10, by more than 20 per cent" in refused(session, told[days[1]])


@pytest.mark.parametrize("days", [("2025-01-10", "2025-02-10"), ("2025-02-10", "2025-01-10")])
def test_a_place_that_is_lost_is_refused_whichever_list_came_first(session: Session, days: tuple[str, str]) -> None:
    florida = [row(f"Agency {number}", county=None) for number in range(10)]
    georgia = [replace(one, jurisdiction="GA") for one in florida]
    more = [row(f"Office {number}", county=None) for number in range(10)]
    told = {"2025-01-10": workbook("2025-01-10", *florida, *georgia), "2025-02-10": workbook("2025-02-10", *florida, *more)}
    put(session, told[days[0]])
    assert "all agreements of GA would be gone" in refused(session, told[days[1]])


def test_a_list_that_is_refused_can_be_forced_for_a_reason_that_is_kept(session: Session) -> None:
    forced = replace(WORLD[0], newest=(date(2025, 1, 11), 3), forced="ICE printed a wrong day.")
    imported = acts.add(session, forced, KNOWN)
    assert len(imported.overruled) == 1
    assert session.scalars(select(RosterVersion.forced)).one() == "ICE printed a wrong day."
    assert "Forced: ICE printed" in session.scalars(select(Revision.reason).order_by(Revision.number.desc()).limit(1)).one()


def test_how_far_an_import_is_can_be_followed(session: Session) -> None:
    seen: list[int] = []
    acts.add(session, workbook("2025-01-10", *(row(f"Agency {number}") for number in range(600))), KNOWN, seen.append)
    assert seen == [500, 100]


def state(session: Session) -> list[Any]:
    """All that can be told of lists, agreements and agencies, but for when it was recorded."""
    moment = replace(snapshot.latest(session), as_of=date(2025, 12, 1))
    found, *_ = agreements.listed(session, moment, {"status": ["any"]}, EVERYTHING)
    lists, _ = rosters.listed(session, moment, {}, Paging(200, "date"))
    entries = select(SearchEntry.id, SearchEntry.title).where(SearchEntry.noun == "agency", SearchEntry.revision_to.is_(None))
    return [found, lists, session.execute(entries.order_by(SearchEntry.id)).all()]


def test_any_order_of_importing_leads_to_the_same_state(record: Database) -> None:
    states = []
    for order in list(permutations(WORLD))[::3]:
        with on_file(record, *order) as session:
            states.append(state(session))
    assert all(one == states[0] for one in states)


def test_an_agency_is_found_by_its_name_in_the_last_list_that_has_it(session: Session) -> None:
    put(session, *reversed(WORLD))
    rows, *_ = search.found(session, snapshot.latest(session), {"q": "union county sheriffs"}, Paging(10, "score"))
    assert [row["title"] for row in rows if row["noun"] == "agency"] == ["UNION COUNTY SHERIFFS OFFICE"]


KILLED = """
import os, pickle, signal, sys
from legal.services.rosters.importer import Known, add
from legal.db.engine import Database
from legal.rules.rosters.counties import Counties

database, moment, told = Database(sys.argv[1]), sys.argv[2], pickle.load(sys.stdin.buffer)
die = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
with database.transaction() as session:
    add(session, told, Known(Counties([]), {}, 20), die if moment == "rows" else lambda rows: None)
    die()
"""


@pytest.mark.parametrize("moment", ["rows", "end"])
def test_a_kill_in_an_import_leaves_the_record_as_it_was(fresh: Database, moment: str) -> None:
    with fresh.reading() as session:
        before = counts(session)
    told = pickle.dumps(workbook("2025-01-10", row(county=None), row(BAKER, county=None)))
    words = [sys.executable, "-c", KILLED, fresh.engine.url.render_as_string(hide_password=False), moment]
    ended = subprocess.run(words, input=told, cwd=ROOT, check=False)  # noqa: S603 - our own code
    assert ended.returncode == -signal.SIGKILL
    with fresh.reading() as session:
        assert counts(session) == before
