"""Publishing: the numbering of revisions, and the versions that they open and close."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from legal.db.engine import Database
from legal.db.statements import batches
from legal.errors import Refused
from legal.models import FigureVersion, Revision
from legal.services.publishing import Outcome, Why, publish
from tests.services.factories import draft, load, publish_figures

WRITERS, EACH = 4, 6


def versions(database: Database, id: str) -> list[tuple[int, int, int | None, float]]:
    """A figure's versions: number, from, to, value."""
    table = FigureVersion
    with database.reading() as session:
        rows = session.execute(
            select(table.version, table.revision_from, table.revision_to, table.value).where(table.figure == id).order_by(table.version)
        )
        return [tuple(row) for row in rows]


@pytest.fixture
def opened(empty: Database) -> Database:
    """A record with one place, at revision 1."""
    load(empty)
    return empty


def test_what_is_new_is_created(opened: Database) -> None:
    assert publish_figures(opened, "va-a") == Outcome(2, ("va-a",), (), (), 0)
    assert versions(opened, "va-a") == [(1, 2, None, 1)]


def test_an_edit_closes_one_version_and_opens_the_next(opened: Database) -> None:
    publish_figures(opened, "va-a", value=1)
    assert publish_figures(opened, "va-a", value=5) == Outcome(3, (), ("va-a",), (), 0)
    assert versions(opened, "va-a") == [(1, 2, 3, 1), (2, 3, None, 5)]


def test_a_version_that_was_closed_is_left_as_it_was(opened: Database) -> None:
    for value in (1, 5, 9):
        publish_figures(opened, "va-a", value=value)
    publish_figures(opened, retract=("va-a",))
    assert versions(opened, "va-a") == [(1, 2, 3, 1), (2, 3, 4, 5), (3, 4, 5, 9)]


def test_the_same_content_makes_no_revision(opened: Database) -> None:
    publish_figures(opened, "va-a")
    assert publish_figures(opened, "va-a") == Outcome(None, (), (), (), 1)


def test_only_what_differs_gets_a_version(opened: Database) -> None:
    publish_figures(opened, "va-a")
    assert publish_figures(opened, "va-a", "va-b") == Outcome(3, ("va-b",), (), (), 1)
    assert versions(opened, "va-a") == [(1, 2, None, 1)]


def test_a_retraction_closes_the_open_version(opened: Database) -> None:
    publish_figures(opened, "va-a")
    assert publish_figures(opened, retract=("va-a",)) == Outcome(3, (), (), ("va-a",), 0)
    assert versions(opened, "va-a") == [(1, 2, 3, 1)]


@pytest.mark.parametrize("id", ["va-gone", "va-never-there"])
def test_what_is_not_there_cannot_be_retracted_again(opened: Database, id: str) -> None:
    publish_figures(opened, "va-gone")
    publish_figures(opened, retract=("va-gone",))
    assert publish_figures(opened, retract=(id,)).revision is None


def test_what_comes_back_continues_its_numbers(opened: Database) -> None:
    publish_figures(opened, "va-a")
    publish_figures(opened, retract=("va-a",))
    assert publish_figures(opened, "va-a").created == ("va-a",)
    assert versions(opened, "va-a") == [(1, 2, 3, 1), (2, 4, None, 1)]


def test_ids_are_asked_for_in_portions_and_none_is_lost() -> None:
    assert [*batches(["a", "b", "c", "d", "e"], size=2)] == [["a", "b"], ["c", "d"], ["e"]]


def test_a_thing_does_not_move_to_another_place(opened: Database) -> None:
    publish_figures(opened, "va-a")
    with pytest.raises(Refused, match="jurisdiction VA, which never changes"), opened.transaction() as session:
        publish(session, [draft("va-a", jurisdiction="MD")], [], Why("correction", "A test.", "somebody"))


def test_a_revision_tells_when_by_whom_and_why(opened: Database) -> None:
    before = datetime.now(UTC)
    publish_figures(opened, "va-a", why=Why("world_changed", "It happened.", "editor"))
    with opened.reading() as session:
        revision = session.get_one(Revision, 2)
    assert (revision.cause, revision.reason, revision.actor) == ("world_changed", "It happened.", "editor")
    assert before <= revision.recorded_at <= datetime.now(UTC)


def test_recorded_time_never_runs_backwards(opened: Database) -> None:
    ahead = datetime.now(UTC) + timedelta(days=1)
    with opened.transaction() as session:
        session.execute(update(Revision).values(recorded_at=ahead))
    publish_figures(opened, "va-a")
    with opened.reading() as session:
        assert session.get_one(Revision, 2).recorded_at == ahead


def test_several_writers_leave_no_gap_and_number_in_commit_order(opened: Database) -> None:
    def write(writer: int) -> list[int | None]:
        return [publish_figures(opened, f"va-{writer}-{turn}").revision for turn in range(EACH)]

    def snapshot() -> tuple[int, int]:
        with opened.reading() as session:
            newest, known = session.execute(select(func.max(Revision.number), func.count())).one()
        return newest, known

    with ThreadPoolExecutor(WRITERS) as pool:
        running = [pool.submit(write, writer) for writer in range(WRITERS)]
        seen = [snapshot()]
        while not all(one.done() for one in running):
            seen.append(snapshot())
        numbers = sorted(number for one in running for number in one.result())
    assert numbers == list(range(2, 2 + WRITERS * EACH))
    assert all(newest == known for newest, known in seen)  # a number is never seen before the one below it
