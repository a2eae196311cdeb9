"""Bound how long a request waits for the database: for a PostgreSQL server that never answers, and for a SQLite statement that runs.

A limit in the server cannot do that, because a server that is frozen does not enforce it.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from math import inf
from typing import Any, NamedTuple, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
_STEPS_BETWEEN_CHECKS = 10_000
"""How many steps SQLite's virtual machine takes before it asks whether the limit is over. They take about a tenth of a millisecond."""
_SHORTEST_WAIT_SECONDS = 0.001


class _Limit(NamedTuple):
    """The longest wait, and the moment of the monotonic clock when all waits are over."""

    seconds: float
    until: float = inf


_limit: ContextVar[_Limit | None] = ContextVar("limit", default=None)


@contextmanager
def limit_waits(seconds: float) -> Iterator[None]:
    """Let no answer to a statement, and no lock of a SQLite file, take longer than so many seconds in this block."""
    token = _limit.set(_Limit(seconds))
    try:
        yield
    finally:
        _limit.reset(token)


@contextmanager
def limit_total_wait(seconds: float) -> Iterator[None]:
    """Let all waits in this block take no longer than so many seconds together."""
    token = _limit.set(_Limit(seconds, time.monotonic() + seconds))
    try:
        yield
    finally:
        _limit.reset(token)


@contextmanager
def keep_half_of_wait() -> Iterator[None]:
    """Let this block take no more than half of the time that is left, because something else can be tried if it fails."""
    seconds = max_wait_seconds()
    if seconds is None:
        yield
        return
    with limit_total_wait(seconds / 2):
        yield


def max_wait_seconds() -> float | None:
    """Return how long the next wait in this block may take; null if there is no limit."""
    limit = _limit.get()
    return limit and max(_SHORTEST_WAIT_SECONDS, min(limit.seconds, limit.until - time.monotonic()))


class LateAnswer(Exception):
    """The database has not answered within the limit."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"The database has not answered within {seconds:.1f} seconds.")


class LateFileAnswer(LateAnswer, sqlite3.OperationalError):
    """A statement on a SQLite file has not ended within the limit."""


class TimeLimitedFile(sqlite3.Connection):
    """A connection to a SQLite file, on which a statement is ended if it runs longer than the limit of the block."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clock = clock = _StatementClock()
        self.set_progress_handler(lambda: time.monotonic() > clock.until, _STEPS_BETWEEN_CHECKS)

    def cursor(self, *_: Any) -> "_TimeLimitedCursor":  # type: ignore[override]  # SQLAlchemy asks for no other kind
        """Return a cursor that starts the clock at each call."""
        return super().cursor(_TimeLimitedCursor)


class _StatementClock:
    """The moment of the monotonic clock when the running statement of a connection has to end."""

    def __init__(self) -> None:
        self.until = inf


class _TimeLimitedCursor(sqlite3.Cursor):
    """A cursor whose calls each have the limit. What the caller does between two of them does not count."""

    def execute(self, *args: Any) -> "_TimeLimitedCursor":
        return self._run(super().execute, *args)

    def fetchone(self) -> Any:
        return self._run(super().fetchone)

    def fetchmany(self, *args: Any) -> list[Any]:
        return self._run(super().fetchmany, *args)

    def fetchall(self) -> list[Any]:
        return self._run(super().fetchall)

    def _run(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        seconds = max_wait_seconds()
        clock: _StatementClock = self.connection.clock  # type: ignore[attr-defined]  # made by TimeLimitedFile
        clock.until = inf if seconds is None else time.monotonic() + seconds
        try:
            return call(*args, **kwargs)
        except sqlite3.OperationalError as error:
            # An error of Python's own module, and not of SQLite, has no code.
            if seconds is not None and getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
                raise LateFileAnswer(seconds) from None
            raise
        finally:
            clock.until = inf  # what does not come through this cursor has no limit, rather than that of an earlier request
