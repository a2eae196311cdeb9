"""Test the question for the newest state: a late answer is old only as long as it is late."""

import threading

import pytest

from legal import revision_check
from legal.revision_check import RevisionCheck


@pytest.fixture(autouse=True)
def _ask_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revision_check, "CHECK_SECONDS", 0.0)


class Database:
    """Something that answers when it may. ``state`` is null in an outage."""

    def __init__(self) -> None:
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.state: int | None = 1

    def load_state(self) -> int | None:
        """Return the state once it may."""
        assert self.may_answer.wait(30)
        return self.state


def wait_for_answer(check: RevisionCheck[int]) -> None:
    """Wait until the question that was started last has its answer."""
    assert check._finished.wait(30)


def test_answer_is_old_only_as_long_as_the_database_is_late(monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database()
    check = RevisionCheck(database.load_state)
    assert (check.refresh(check_now=True), check.seconds_since_answer()) == (1, None)
    monkeypatch.setattr(revision_check, "MAX_WAIT_SECONDS", 0.05)
    database.may_answer.clear()
    assert (check.refresh(check_now=False), check.seconds_since_answer()) == (1, 0)
    database.may_answer.set()
    wait_for_answer(check)
    assert check.seconds_since_answer() is None


def test_answer_that_comes_while_a_request_gives_up_is_not_forgotten() -> None:
    database = Database()
    check = RevisionCheck(database.load_state)
    check.refresh(check_now=True)
    database.state = None
    check.refresh(check_now=True)
    wait_for_answer(check)
    assert check.seconds_since_answer() == 0
    database.state = 2

    class LateEvent(threading.Event):
        """An event that is set just after a waiter has given up."""

        def wait(self, timeout: float | None = None) -> bool:
            is_set = super().wait(timeout)
            database.may_answer.set()
            super().wait(30)
            return is_set

    check._finished = LateEvent()
    check._finished.set()
    database.may_answer.clear()
    check.refresh(check_now=False)
    database.may_answer.set()
    wait_for_answer(check)
    assert (check.state, check.seconds_since_answer()) == (2, None)


def test_failed_answer_is_old_until_the_next_one_succeeds() -> None:
    database = Database()
    check = RevisionCheck(database.load_state)
    check.refresh(check_now=True)
    check._answered_at -= 5
    database.state = None
    check.refresh(check_now=True)
    wait_for_answer(check)
    assert (check.state, check.seconds_since_answer()) == (1, 5)
    database.state = 1
    check.refresh(check_now=False)
    wait_for_answer(check)
    assert check.seconds_since_answer() is None


def test_process_without_room_for_a_thread_asks_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    check = RevisionCheck(Database().load_state)
    check.refresh(check_now=True)

    def refuse(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        assert check.refresh(check_now=True) == 1
        assert check.seconds_since_answer() == 0
    check.refresh(check_now=False)
    wait_for_answer(check)
    assert check.seconds_since_answer() is None
