"""Bound how long a request waits for the database, also for a PostgreSQL server that takes connections and never answers.

A limit in the server cannot do that, because a server that is frozen does not enforce it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import psycopg

_max_wait_seconds: ContextVar[float | None] = ContextVar("max_wait_seconds", default=None)
CHECK_CLIENT_OPTION = "-c client_connection_check_interval=1000"
"""Let the server end a statement whose client has left, within a second."""


class TimeLimitedConnection(psycopg.Connection[Any]):
    """A connection that is closed if an answer takes longer than the limit that ``limit_waits`` has set."""

    def wait(self, *args: Any, **kwargs: Any) -> Any:
        """Wait for an answer.

        Raises:
            psycopg.OperationalError: the limit is over.
        """
        seconds = _max_wait_seconds.get()
        if seconds is None:
            return super().wait(*args, **kwargs)
        try:
            return super().wait(*args, **{"timeout": seconds, **kwargs})
        except psycopg.errors._WaitTimeout:  # noqa: SLF001 - the documented name of what `wait` raises
            self.close()  # its answer may still come, and must not be taken for that of another statement
            raise psycopg.OperationalError(f"The database has not answered within {seconds} seconds.") from None


@contextmanager
def limit_waits(seconds: float) -> Iterator[None]:
    """Let no answer of PostgreSQL, and no lock of a SQLite file, take longer than so many seconds in this block."""
    token = _max_wait_seconds.set(seconds)
    try:
        yield
    finally:
        _max_wait_seconds.reset(token)


def max_wait_seconds() -> float | None:
    """Return the limit of the block; null if there is none."""
    return _max_wait_seconds.get()
