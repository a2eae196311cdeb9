"""Connect to PostgreSQL with psycopg, and give up on a server that does not answer in time."""

import time
from collections.abc import Generator
from typing import Any

import psycopg

from legal.db.waiting import LateAnswer, limit_waits, max_wait_seconds

CHECK_CLIENT_OPTION = "-c client_connection_check_interval=1000"
"""Let the server end a statement whose client has left, within a second."""


class LateServerAnswer(LateAnswer, psycopg.OperationalError):
    """PostgreSQL has not answered within the limit."""


class TimeLimitedConnection(psycopg.Connection[Any]):
    """A connection that is closed if an answer takes longer than the limit of the block."""

    @classmethod
    def connect(cls, conninfo: str = "", **parameters: Any) -> "TimeLimitedConnection":
        """Open a connection. If several hosts are named, each gets its part of the time.

        Raises:
            psycopg.OperationalError: no host has answered within the limit.
        """
        seconds = max_wait_seconds()
        if seconds is None:
            return super().connect(conninfo, **parameters)
        with limit_waits(seconds / (1 + str(parameters.get("host", "")).count(","))):
            return super().connect(conninfo, **parameters)

    @classmethod
    def _connect_gen(cls, conninfo: str = "") -> Generator[Any, Any, Any]:
        """Connect as psycopg does, which resumes this generator ten times a second. Its own limit is two seconds at least."""
        steps = super()._connect_gen(conninfo)
        seconds = max_wait_seconds()
        if seconds is None:
            return (yield from steps)
        until = time.monotonic() + seconds
        try:
            awaited_state = next(steps)
            while True:
                ready_state = yield awaited_state
                if time.monotonic() >= until:
                    raise LateServerAnswer(seconds)
                awaited_state = steps.send(ready_state)
        except StopIteration as end:
            return end.value

    def wait(self, *args: Any, **kwargs: Any) -> Any:
        """Wait for an answer.

        Raises:
            LateServerAnswer: the limit is over.
        """
        seconds = max_wait_seconds()
        if seconds is None:
            return super().wait(*args, **kwargs)
        try:
            return super().wait(*args, **{"timeout": seconds, **kwargs})
        except psycopg.errors._WaitTimeout:  # noqa: SLF001 - the documented name of what `wait` raises
            self.close()  # its answer may still come, and must not be taken for that of another statement
            raise LateServerAnswer(seconds) from None
