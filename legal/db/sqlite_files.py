"""Notice that a SQLite file was replaced or deleted while connections to it are open."""

import os
import threading
from contextlib import suppress
from pathlib import Path

from sqlalchemy.engine import URL

from legal.errors import NotReady

FileIdentity = tuple[int, int]
"""The device and the inode of a file."""


class WatchedFile:
    """A SQLite file with its write-ahead log, as they were when last seen."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.log_path = path.with_name(f"{path.name}-wal")
        self._lock = threading.Lock()
        self._identity: FileIdentity | None = None
        self._log_identity: FileIdentity | None = None

    def is_replaced(self) -> bool:
        """Return whether another file has the path since the last call, and remember that file.

        A write-ahead log that belongs to the earlier file is deleted: SQLite would apply its pages to the new file.
        Source: https://www.sqlite.org/howtocorrupt.html, section 1.4.

        Raises:
            NotReady: there is no file. SQLite would create an empty one.
        """
        # The log comes first: if the file is the same afterwards, the log belongs to it.
        log_identity = identify_file(self.log_path)
        identity = identify_file(self.path)
        if identity is None:
            raise NotReady("The database file is missing. Put it back, or run `flask db upgrade` to make a new one.")
        if identity == self._identity:
            self._log_identity = log_identity
            return False
        with self._lock:
            was_known = self._identity not in (None, identity)
            if was_known and log_identity is not None and log_identity == self._log_identity:
                for suffix in ("-wal", "-shm"):
                    self.path.with_name(f"{self.path.name}{suffix}").unlink(missing_ok=True)
            self._identity, self._log_identity = identity, None
        return was_known


def watch_file(url: URL) -> WatchedFile | None:
    """Return the file of a SQLite database, or null for a database in memory and for PostgreSQL."""
    if url.get_backend_name() != "sqlite" or not url.database or url.database.startswith((":memory:", "file:")):
        return None
    return WatchedFile(Path(url.database))


def identify_file(path: Path) -> FileIdentity | None:
    """Return the identity of a file, or null if there is none."""
    with suppress(FileNotFoundError):
        status = os.stat(path)  # noqa: PTH116 - a third of the time that Path.stat takes, before each read
        return status.st_dev, status.st_ino
    return None
