"""Bound how long a request waits for the database, also for a PostgreSQL server that takes connections and never answers.

A limit in the server cannot do that, because a server that is frozen does not enforce it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_max_wait_seconds: ContextVar[float | None] = ContextVar("max_wait_seconds", default=None)


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
