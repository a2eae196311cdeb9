"""Ask for the state of the record beside the requests, so that a database that does not answer holds up none of them."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")
CHECK_SECONDS = 1.0
"""How long the last answer counts as new. After that, the database is asked again."""
MAX_WAIT_SECONDS = 0.5
"""How long a request waits for the answer if the database answered the last time. Otherwise it does not wait."""


class RevisionCheck(Generic[T]):
    """The newest state of the record that is known, from ``load_state``, which returns null if the database does not answer."""

    def __init__(self, load_state: Callable[[], T | None]) -> None:
        self.state: T | None = None
        self._load_state = load_state
        self._lock = threading.Lock()
        self._finished = threading.Event()
        self._finished.set()
        self._is_answered = True
        self._answered_at = time.monotonic()
        self._started_at = -CHECK_SECONDS

    def refresh(self, check_now: bool) -> T | None:
        """Return the state, asked for anew if the last answer is older than a second or ``check_now`` is set.

        If the answer does not come soon, return the last one that is known.
        """
        if check_now or time.monotonic() - self._started_at >= CHECK_SECONDS:
            with self._lock:
                is_first = self._finished.is_set()
                if is_first:
                    self._started_at = time.monotonic()
                    self._finished.clear()
                    self._start_question()
            if (is_first or check_now) and self._is_answered:
                self._finished.wait(max(0.0, self._started_at + MAX_WAIT_SECONDS - time.monotonic()))
        return self.state

    def seconds_since_answer(self) -> int | None:
        """Return how old the known state is, in seconds, if the database does not answer; null if it does."""
        is_late = not self._finished.is_set() and time.monotonic() - self._started_at >= MAX_WAIT_SECONDS
        return int(time.monotonic() - self._answered_at) if is_late or not self._is_answered else None

    def _start_question(self) -> None:
        try:
            threading.Thread(target=self._ask, name="revision-check", daemon=True).start()
        except RuntimeError:  # the system has no room for another thread; the next question may find some
            self._is_answered = False
            self._finished.set()

    def _ask(self) -> None:
        try:
            state = self._load_state()
            if state is not None:
                self.state, self._answered_at = state, time.monotonic()
            self._is_answered = state is not None or self.state is None
        finally:
            self._finished.set()
