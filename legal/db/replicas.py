"""Read from streaming replicas of PostgreSQL, and never from one that is behind what the clients of this machine have seen."""

import fcntl
import mmap
import os
import struct
import tempfile
import threading
import time
import weakref
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from legal.db.waiting import keep_half_of_wait

SKIPPED_SECONDS = 5.0
"""How long a replica that did not answer is left alone, so that a dead one costs one attempt in that time."""
_POSITION = text("SELECT (SELECT token FROM record_epoch), (SELECT coalesce(max(number), 0) FROM revisions)")
_LAYOUT = struct.Struct("10sQ")


class Position(NamedTuple):
    """The position of a database: the epoch of its record and the newest revision, 0 if there is none."""

    epoch: str
    revision: int


class SharedPosition:
    """The newest position that any process of this service has seen. Processes that are forked later share it."""

    def __init__(self) -> None:
        with tempfile.TemporaryFile() as file:
            file.write(bytes(_LAYOUT.size))  # a hole in the file would find no room on a full disk, and the kernel would end the process
            file.flush()
            self._descriptor = os.dup(file.fileno())
        weakref.finalize(self, os.close, self._descriptor)
        self._memory = mmap.mmap(self._descriptor, _LAYOUT.size)
        self._lock = threading.Lock()

    def load(self) -> Position | None:
        """Return the position, or null if none has been seen."""
        epoch, revision = _LAYOUT.unpack(self._memory[:])
        return Position(epoch.decode(), revision) if revision else None

    def accepts(self, position: Position) -> bool:
        """Return whether a client may read at a position of a replica, and raise the shared position to it.

        A replica of another epoch has not yet seen that a backup was restored.
        """
        with self._lock_position():
            newest = self.load()
            if newest is not None and (position.epoch != newest.epoch or position.revision < newest.revision):
                return False
            self._store(position)
            return True

    def note_primary(self, position: Position) -> None:
        """Raise the shared position to that of the primary, which is right by definition, also if its epoch is new."""
        with self._lock_position():
            newest = self.load()
            if newest is None or newest.epoch != position.epoch or newest.revision < position.revision:
                self._store(position)

    def _store(self, position: Position) -> None:
        self._memory[:] = _LAYOUT.pack(position.epoch.encode(), position.revision)

    def _lock_position(self) -> "_FileLock":
        return _FileLock(self._lock, self._descriptor)


class _FileLock:
    """A lock for the threads of all processes. The kernel releases it if a process is killed."""

    def __init__(self, lock: threading.Lock, descriptor: int) -> None:
        self.lock = lock
        self.descriptor = descriptor

    def __enter__(self) -> None:
        self.lock.acquire()
        fcntl.lockf(self.descriptor, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        fcntl.lockf(self.descriptor, fcntl.LOCK_UN)
        self.lock.release()


class Replicas:
    """The engines of the replicas, in turn, without those that did not answer lately."""

    def __init__(self, engines: Sequence[Engine]) -> None:
        self.engines = engines
        self.position = SharedPosition()
        self._skipped_until = dict.fromkeys(engines, 0.0)
        self._turn = 0

    def open_session(self) -> Session | None:
        """Open a read-only session on a replica that is as far as any client has seen; null if there is none."""
        self._turn += 1
        start = self._turn % len(self.engines)
        for engine in (*self.engines[start:], *self.engines[:start]):
            if self._skipped_until[engine] <= time.monotonic() and (session := self._open_on(engine)):
                return session
        return None

    def _open_on(self, engine: Engine) -> Session | None:
        session = Session(engine)
        try:
            with keep_half_of_wait():
                begin_consistent_reading(session)
                position = load_position(session)
        except DBAPIError:
            session.close()
            self.skip(engine)
            return None
        if position is not None and self.position.accepts(position):
            return session
        session.close()
        return None

    def skip(self, engine: Engine) -> None:
        """Leave a replica alone for some seconds, because it did not answer."""
        self._skipped_until[engine] = time.monotonic() + SKIPPED_SECONDS

    def dispose(self) -> None:
        """Close every pooled connection."""
        for engine in self.engines:
            engine.dispose()


def begin_consistent_reading(session: Session) -> None:
    """Begin a transaction of PostgreSQL whose statements all see the same state, and which writes nothing."""
    session.connection(execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True})


def has_record(session: Session) -> bool:
    """Return whether the session's database of PostgreSQL has the tables that ``load_position`` reads."""
    return bool(session.scalar(text("SELECT to_regclass('record_epoch') IS NOT NULL")))


def load_position(session: Session) -> Position | None:
    """Return how far the session's database is; null if the record has no epoch."""
    epoch, revision = session.execute(_POSITION).one()
    return Position(epoch, revision) if epoch else None
