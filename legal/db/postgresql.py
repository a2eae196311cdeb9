"""Connect to PostgreSQL with psycopg, and give up on a server that does not answer in time."""

from typing import Any

import psycopg

from legal.db.waiting import max_wait_seconds

CHECK_CLIENT_OPTION = "-c client_connection_check_interval=1000"
"""Let the server end a statement whose client has left, within a second."""


class TimeLimitedConnection(psycopg.Connection[Any]):
    """A connection that is closed if an answer takes longer than the limit that ``limit_waits`` has set."""

    def wait(self, *args: Any, **kwargs: Any) -> Any:
        """Wait for an answer.

        Raises:
            psycopg.OperationalError: the limit is over.
        """
        seconds = max_wait_seconds()
        if seconds is None:
            return super().wait(*args, **kwargs)
        try:
            return super().wait(*args, **{"timeout": seconds, **kwargs})
        except psycopg.errors._WaitTimeout:  # noqa: SLF001 - the documented name of what `wait` raises
            self.close()  # its answer may still come, and must not be taken for that of another statement
            raise psycopg.OperationalError(f"The database has not answered within {seconds} seconds.") from None
