"""Seeds publish counts of rosters, and an import adds the rows to the same roster."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from legal.db.engine import Database
from legal.errors import InvalidInput, RefusedOperation
from legal.json_types import Json
from legal.models import DocumentVersion, OriginVersion, Revision, Roster, RosterRow, RosterVersion
from legal.services.publishing import PublishOutcome
from legal.services.rosters.drafts import RosterWorkbook
from legal.services.rosters.importer import ImportResult, import_roster
from legal.services.seeds import load_seeds
from legal.vocabulary import Basis, RosterKind
from tests.databases import load_shipped_seeds
from tests.services.rosters.factories import (
    BAKER,
    GUAM_ROW,
    ROSTER_HISTORY,
    SET_ASIDE_ROW,
    import_rosters,
    import_rules,
    parsed_row,
    roster_workbook,
)

DAY = "2025-05-16"
WORKBOOK = roster_workbook(
    DAY, parsed_row(), parsed_row(model="jail_enforcement"), parsed_row(BAKER), GUAM_ROW, SET_ASIDE_ROW, basis=Basis.INFERRED
)
FLORIDA = {"jurisdiction": "FL", "jail_enforcement": 1, "task_force": 2, "warrant_service_officer": 0, "agencies": 2}
GUAM = {"jurisdiction": "GU", "jail_enforcement": 0, "task_force": 1, "warrant_service_officer": 0, "agencies": 1}


def counted_roster(workbook: RosterWorkbook = WORKBOOK, **changes: Any) -> Json:
    """Return the counts of a workbook as the seeds have them; they agree with ``WORKBOOK``."""
    totals = {"rows": 5, "agreements": 4, "agencies": 3, "states": 1, "territories": 1}
    file = {"file": workbook.file_name, "sha256": workbook.sha256, "date": workbook.date, "seen_again": date(2025, 5, 20)}
    return {**file, **totals, "counts": [FLORIDA, GUAM], **changes}


def seed(session: Session, *rosters: Json) -> PublishOutcome:
    """Load the shipped seeds with these counts of rosters."""
    return load_seeds(session, [*load_shipped_seeds(), ("rosters", "rosters", {"rosters": list(rosters)})])


def import_workbook(session: Session, workbook: RosterWorkbook = WORKBOOK) -> ImportResult:
    """Import a workbook."""
    return import_roster(session, workbook, import_rules())


def open_version(session: Session) -> RosterVersion:
    """Return the open version of the only roster."""
    return session.scalars(select(RosterVersion).where(RosterVersion.revision_to.is_(None))).one()


@pytest.fixture
def session(seeded_db: Database) -> Iterator[Session]:
    """A session whose writes are rolled back."""
    with Session(seeded_db.engine) as session:
        session.connection(execution_options={"writing": True})
        yield session


def test_counts_make_a_roster_without_rows_in_one_revision(session: Session) -> None:
    outcome = seed(session, counted_roster())
    assert (outcome.revision, outcome.created_ids) == (2, (WORKBOOK.id,) * 3)
    version = open_version(session)
    assert (version.rows, version.read, version.repaired, version.set_aside, version.sheet) == (5, None, None, None, None)
    assert (version.agreements, version.agencies, version.states, version.territories) == (4, 3, 1, 1)
    assert version.seen_again == date(2025, 5, 20)
    assert session.scalar(select(func.count()).select_from(RosterRow)) == 0


def test_document_has_the_hash_of_the_workbook_and_an_inferred_date(session: Session) -> None:
    seed(session, counted_roster())
    document = session.scalars(select(DocumentVersion).where(DocumentVersion.document == WORKBOOK.id)).one()
    assert (document.sha256, document.origin, document.published.basis) == (WORKBOOK.sha256, WORKBOOK.id, Basis.INFERRED)


def test_counts_from_seeds_equal_the_counts_of_an_import(session: Session) -> None:
    seed(session, counted_roster())
    counts = open_version(session).counts
    import_workbook(session)
    assert open_version(session).counts == counts


def test_publishing_the_same_counts_again_changes_nothing(session: Session) -> None:
    seed(session, counted_roster())
    assert seed(session, counted_roster()).revision is None


def test_changed_counts_amend_a_roster_without_rows(session: Session) -> None:
    seed(session, counted_roster())
    assert seed(session, counted_roster(rows=6)).amended_ids == (WORKBOOK.id,)


def test_seeds_without_rosters_retract_none(session: Session) -> None:
    seed(session, counted_roster())
    assert load_seeds(session, load_shipped_seeds()).revision is None


def test_roster_missing_from_the_seeds_is_retracted_with_its_document(session: Session) -> None:
    seed(session, counted_roster())
    assert seed(session).retracted_ids == (WORKBOOK.id,) * 3
    assert seed(session, counted_roster()).created_ids == (WORKBOOK.id,) * 3


def test_import_adds_the_rows_in_a_new_version(session: Session) -> None:
    seed(session, counted_roster())
    result = import_workbook(session)
    version = open_version(session)
    assert (result.id, result.revision, result.count_differences) == (WORKBOOK.id, 3, ())
    assert (version.version, version.read, version.set_aside, version.sheet, version.notes) == (2, 4, 1, "Sheet1", ["A note."])
    assert version.seen_again == date(2025, 5, 20)
    assert session.scalar(select(func.count()).select_from(RosterRow)) == 5
    for model in (OriginVersion, DocumentVersion):
        entity = OriginVersion.origin if model is OriginVersion else DocumentVersion.document
        assert session.scalar(select(func.count()).select_from(model).where(entity == WORKBOOK.id)) == 1


def test_importing_twice_after_the_seeds_changes_nothing(session: Session) -> None:
    seed(session, counted_roster())
    import_workbook(session)
    assert import_workbook(session).revision is None


def test_import_keeps_the_name_and_the_basis_on_file(session: Session) -> None:
    seed(session, counted_roster())
    import_workbook(session, replace(WORKBOOK, file_name="renamed-pm.xlsx", date_basis=Basis.EXPLICIT))
    assert session.execute(select(Roster.date_basis, Roster.position)).one() == (Basis.INFERRED, WORKBOOK.position)
    assert open_version(session).file == WORKBOOK.file_name


def test_import_with_another_date_adds_the_rows_and_an_observation(session: Session) -> None:
    seed(session, counted_roster())
    result = import_workbook(session, replace(WORKBOOK, date=date(2025, 5, 17), date_basis=Basis.EXPLICIT))
    version = open_version(session)
    assert (result.id, result.was_observed, version.rows, version.seen_on) == (WORKBOOK.id, True, 5, ["2025-05-17", "2025-05-20"])


def test_import_as_another_kind_is_refused(session: Session) -> None:
    seed(session, counted_roster())
    with pytest.raises(RefusedOperation, match="of another kind"):
        import_workbook(session, replace(WORKBOOK, kind=RosterKind.PENDING))


def test_rows_win_over_differing_counts_and_each_difference_is_said(session: Session) -> None:
    seed(session, counted_roster(agreements=5, agencies=4, counts=[{**FLORIDA, "task_force": 3, "agencies": 3}, GUAM]))
    result = import_workbook(session)
    assert result.count_differences == (
        {"jurisdiction": "FL", "model": None, "unit": "agencies", "on_file": 3, "rows": 2},
        {"jurisdiction": "FL", "model": "task_force", "unit": "agreements", "on_file": 3, "rows": 2},
    )
    version = open_version(session)
    assert version.counts["jurisdiction"]["FL"] == [3, 2]
    assert version.notes[1:] == [
        "Before the import, the count on file of FL agencies was 3; the rows have 2.",
        "Before the import, the count on file of FL task_force agreements was 3; the rows have 2.",
    ]


def test_seeds_leave_a_roster_with_rows_alone(session: Session) -> None:
    seed(session, counted_roster(rows=6))
    import_workbook(session)
    assert seed(session, counted_roster(rows=7)).revision is None
    assert seed(session).revision is None
    assert load_seeds(session, load_shipped_seeds()).revision is None


def test_seeds_leave_a_workbook_alone_that_was_imported_first(session: Session) -> None:
    later = replace(WORKBOOK, date=date(2025, 5, 17))
    import_workbook(session, later)
    assert seed(session, counted_roster()).revision is None
    assert open_version(session).roster == later.id


def test_rosters_that_only_an_import_published_stay(session: Session) -> None:
    import_rosters(session, ROSTER_HISTORY[0])
    assert seed(session, counted_roster()).retracted_ids == ()


def test_retracted_roster_can_be_imported(session: Session) -> None:
    seed(session, counted_roster())
    seed(session)
    assert import_workbook(session).count_differences == ()
    assert open_version(session).version == 2


def test_seeds_cannot_move_a_workbook_to_another_date(session: Session) -> None:
    seed(session, counted_roster())
    with pytest.raises(RefusedOperation, match=f"is on file as {WORKBOOK.id}, with another date"):
        seed(session, counted_roster(date=date(2025, 5, 17)))


def test_counts_of_an_unknown_jurisdiction_are_a_fault(session: Session) -> None:
    with pytest.raises(InvalidInput) as error:
        seed(session, counted_roster(counts=[{**FLORIDA, "jurisdiction": "XX"}]))
    assert [(fault.pointer, fault.detail) for fault in error.value.faults] == [
        ("rosters#/rosters/0/counts", "There is no jurisdiction XX.")
    ]


def test_workbook_that_occurs_twice_is_a_fault(session: Session) -> None:
    with pytest.raises(InvalidInput) as error:
        seed(session, counted_roster(), counted_roster())
    assert "occurs 2 times" in error.value.faults[0].detail


def test_shipped_seeds_publish_all_rosters_in_the_first_revision(shipped_db: Database) -> None:
    with shipped_db.reading() as session:
        assert session.scalars(select(Revision.number)).all() == [1]
        assert session.scalar(select(func.count()).select_from(RosterVersion)) == 86
        assert session.scalar(select(func.count()).select_from(RosterVersion).where(RosterVersion.read.is_not(None))) == 0
