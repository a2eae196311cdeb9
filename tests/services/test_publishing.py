"""Publishing numbers revisions, and opens and closes versions."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from legal.db.engine import Database
from legal.db.statements import split_into_batches
from legal.errors import RefusedOperation
from legal.models import Change, ChangeCount, Citation, FigureVersion, Revision
from legal.services.publishing import ChangeReason, PublishOutcome, publish
from tests.services.factories import CHANGE_REASON, figure_draft, load_small_seeds, publish_figures

WRITERS, REVISIONS_PER_WRITER = 4, 6


def list_versions(database: Database, id: str) -> list[tuple[int, int, int | None, float]]:
    """List a figure's versions as (version, revision_from, revision_to, value)."""
    table = FigureVersion
    with database.reading() as session:
        rows = session.execute(
            select(table.version, table.revision_from, table.revision_to, table.value).where(table.figure == id).order_by(table.version)
        )
        return [tuple(row) for row in rows]


@pytest.fixture
def small_db(empty_db: Database) -> Database:
    """A database with the small seeds, at revision 1."""
    load_small_seeds(empty_db)
    return empty_db


def test_new_entity_is_created(small_db: Database) -> None:
    assert publish_figures(small_db, "va-a") == PublishOutcome(2, ("va-a",), (), (), 0)
    assert list_versions(small_db, "va-a") == [(1, 2, None, 1)]


def test_edit_closes_one_version_and_opens_the_next(small_db: Database) -> None:
    publish_figures(small_db, "va-a", value=1)
    assert publish_figures(small_db, "va-a", value=5) == PublishOutcome(3, (), ("va-a",), (), 0)
    assert list_versions(small_db, "va-a") == [(1, 2, 3, 1), (2, 3, None, 5)]


def test_closed_version_is_never_modified(small_db: Database) -> None:
    for value in (1, 5, 9):
        publish_figures(small_db, "va-a", value=value)
    publish_figures(small_db, retract_ids=("va-a",))
    assert list_versions(small_db, "va-a") == [(1, 2, 3, 1), (2, 3, 4, 5), (3, 4, 5, 9)]


def test_same_content_makes_no_revision(small_db: Database) -> None:
    publish_figures(small_db, "va-a")
    assert publish_figures(small_db, "va-a") == PublishOutcome(None, (), (), (), 1)


def test_only_changed_entities_get_a_version(small_db: Database) -> None:
    publish_figures(small_db, "va-a")
    assert publish_figures(small_db, "va-a", "va-b") == PublishOutcome(3, ("va-b",), (), (), 1)
    assert list_versions(small_db, "va-a") == [(1, 2, None, 1)]


def test_retraction_closes_the_open_version(small_db: Database) -> None:
    publish_figures(small_db, "va-a")
    assert publish_figures(small_db, retract_ids=("va-a",)) == PublishOutcome(3, (), (), ("va-a",), 0)
    assert list_versions(small_db, "va-a") == [(1, 2, 3, 1)]


@pytest.mark.parametrize("id", ["va-gone", "va-never-published"])
def test_retracting_an_absent_entity_makes_no_revision(small_db: Database, id: str) -> None:
    publish_figures(small_db, "va-gone")
    publish_figures(small_db, retract_ids=("va-gone",))
    assert publish_figures(small_db, retract_ids=(id,)).revision is None


def test_republished_entity_continues_its_version_numbers(small_db: Database) -> None:
    publish_figures(small_db, "va-a")
    publish_figures(small_db, retract_ids=("va-a",))
    assert publish_figures(small_db, "va-a").created_ids == ("va-a",)
    assert list_versions(small_db, "va-a") == [(1, 2, 3, 1), (2, 4, None, 1)]


def test_ids_are_split_into_batches_without_loss() -> None:
    assert [*split_into_batches(["a", "b", "c", "d", "e"], size=2)] == [["a", "b"], ["c", "d"], ["e"]]


def test_entity_cannot_move_to_another_jurisdiction(small_db: Database) -> None:
    publish_figures(small_db, "va-a")
    with pytest.raises(RefusedOperation, match="va-a has jurisdiction VA, which cannot change"), small_db.transaction() as session:
        publish(session, [figure_draft("va-a", jurisdiction="MD")], [], CHANGE_REASON)


def test_revision_records_time_actor_and_reason(small_db: Database) -> None:
    start = datetime.now(UTC)
    publish_figures(small_db, "va-a", reason=ChangeReason("world_changed", "It happened.", "editor"))
    with small_db.reading() as session:
        revision = session.get_one(Revision, 2)
    assert (revision.cause, revision.reason, revision.actor) == ("world_changed", "It happened.", "editor")
    assert start <= revision.recorded_at <= datetime.now(UTC)


def test_recorded_time_never_runs_backwards(small_db: Database) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    with small_db.transaction() as session:
        session.execute(update(Revision).values(recorded_at=tomorrow))
    publish_figures(small_db, "va-a")
    with small_db.reading() as session:
        assert session.get_one(Revision, 2).recorded_at == tomorrow


def test_concurrent_writers_number_revisions_without_gaps_in_commit_order(small_db: Database) -> None:
    def write_revisions(writer: int) -> list[int | None]:
        return [publish_figures(small_db, f"va-{writer}-{turn}").revision for turn in range(REVISIONS_PER_WRITER)]

    def read_newest_and_count() -> tuple[int, int]:
        with small_db.reading() as session:
            newest, count = session.execute(select(func.max(Revision.number), func.count())).one()
        return newest, count

    with ThreadPoolExecutor(WRITERS) as pool:
        futures = [pool.submit(write_revisions, writer) for writer in range(WRITERS)]
        observations = [read_newest_and_count()]
        while not all(future.done() for future in futures):
            observations.append(read_newest_and_count())
        numbers = sorted(number for future in futures for number in future.result())
    assert numbers == list(range(2, 2 + WRITERS * REVISIONS_PER_WRITER))
    assert all(newest == count for newest, count in observations)  # no number is visible before the one below it


def test_log_is_counted_as_it_is_written(small_db: Database) -> None:
    publish_figures(small_db, "va-a", "va-b")
    publish_figures(small_db, "va-a", value=2)
    publish_figures(small_db, "va-c")
    with small_db.reading() as session:
        changes = session.execute(select(Change.series, Change.revision).order_by(Change.revision)).all()
        counts = {(row.series, row.revision): row.total for row in session.scalars(select(ChangeCount))}
        numbers = session.execute(select(Change.id, Change.number).where(Change.id.in_(("va-a", "va-b"))).order_by(Change.key)).all()
    running = Counter[int]()
    counted = {}
    for series, revision in changes:
        running[series] += 1
        counted[series, revision] = running[series]
    assert counts == counted
    assert numbers == [("va-a", 1), ("va-b", 1), ("va-a", 2)]


def test_citations_close_with_their_version(small_db: Database) -> None:
    cited = select(FigureVersion.figure, Citation.revision_to).join(Citation, Citation.figure_version == FigureVersion.key)
    with small_db.reading() as session:
        [(id, open_revision), *_] = session.execute(cited.order_by(FigureVersion.figure)).all()
    publish_figures(small_db, retract_ids=(id,))
    with small_db.reading() as session:
        closing_revisions = {revision for figure, revision in session.execute(cited) if figure == id}
    assert (open_revision, closing_revisions) == (None, {2})
