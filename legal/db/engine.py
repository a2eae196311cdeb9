"""Open the database: one engine, read-only sessions with a consistent view, and transactions."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session

from legal.db.waiting import CHECK_CLIENT_OPTION, ImpatientConnection, limit_waits, max_wait_seconds
from legal.errors import InvalidInput, NotReady
from legal.rules.search.text import fold_text
from legal.settings import DEFAULT_DATABASE_TIMEOUT_MS

_DRIVERS = {"sqlite": "sqlite", **dict.fromkeys(("postgres", "postgresql", "postgresql+psycopg"), "postgresql+psycopg")}
"""The driver that this project installs for each allowed URL scheme."""
_INVALID_URL = (
    "DATABASE_URL is not a valid database URL. Use SQLite or PostgreSQL, for example sqlite:////var/lib/legal.sqlite "
    "or postgresql://user:password@host/legal."
)


DEFAULT_TIMEOUT_SECONDS = DEFAULT_DATABASE_TIMEOUT_MS / 1000
_WRITER_TIMEOUT_SECONDS = 30
"""How long a command waits for the lock of a SQLite file."""


class Database:
    """An engine with the two ways to open a session: ``reading()`` and ``transaction()``."""

    def __init__(self, url: str, timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS) -> None:
        self.engine = build_engine(url, timeout_seconds)
        self.timeout_seconds = timeout_seconds
        self.is_answering = True

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session whose statements all see the same state of the database. Nothing is committed."""
        with Session(self.engine) as session:
            if self.engine.dialect.name == "postgresql":
                session.connection(execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True})
            yield session

    @contextmanager
    def answering(self, *, is_check: bool = False) -> Iterator[Session]:
        """Open a session as ``reading`` does, for a request: it waits for the database for no longer than the timeout.

        A check is also made while the database does not answer, and decides whether it does.

        Raises:
            NotReady: the last check has found that the database does not answer.
        """
        if not self.is_answering and not is_check:
            raise NotReady("The database is temporarily unavailable.")
        # A connection of the pool may lead to a server that is gone, and then another one is opened.
        with limit_waits(self.timeout_seconds / 4), self.reading() as session:
            session.connection()
            with limit_waits(self.timeout_seconds):
                yield session

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Open a session that commits when the block ends and rolls back if it raises."""
        with Session(self.engine) as session:
            session.connection(execution_options={"writing": True})
            yield session
            session.commit()

    def dispose(self) -> None:
        """Close every pooled connection. A forked worker must not share the connections of its parent."""
        self.engine.dispose()


def build_engine(url: str, timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS) -> Engine:
    """Create an engine for SQLite or PostgreSQL, and the folder of a SQLite file. A bare ``postgresql://`` means psycopg 3.

    Raises:
        InvalidInput: ``url`` is not a URL of either database.
    """
    parsed_url = normalize_url(url)
    if parsed_url.get_backend_name() != "sqlite":
        return _build_postgresql_engine(parsed_url, timeout_seconds)
    if parsed_url.database and parsed_url.database != ":memory:":
        Path(parsed_url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed_url, connect_args={"timeout": _WRITER_TIMEOUT_SECONDS}, json_deserializer=orjson.loads)
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _build_postgresql_engine(url: URL, timeout_seconds: float) -> Engine:
    url = url.update_query_dict({"options": f"{url.query.get('options', '')} {CHECK_CLIENT_OPTION}".strip()})
    connect_args = {"connect_timeout": max(2, round(timeout_seconds))}  # libpq takes no less than two seconds
    engine = create_engine(url, pool_pre_ping=True, pool_timeout=timeout_seconds, connect_args=connect_args, json_deserializer=orjson.loads)
    # The event do_connect would do the same, but only one listener of it can have a say, and an operator's tracing may need it.
    engine.dialect.connect = ImpatientConnection.connect  # type: ignore[assignment, method-assign]
    return engine


def normalize_url(url: str) -> URL:
    """Return the URL with the driver that this project installs.

    Raises:
        InvalidInput: ``url`` is not a URL of SQLite or PostgreSQL. The message does not repeat the URL, because it may
            hold a password.
    """
    try:
        parsed_url = make_url(url)
    except (ArgumentError, ValueError):
        raise InvalidInput(_INVALID_URL) from None
    if parsed_url.drivername not in _DRIVERS:
        raise InvalidInput(_INVALID_URL)
    return parsed_url.set(drivername=_DRIVERS[parsed_url.drivername])


def _configure_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # _begin_sqlite opens transactions; the driver must not open its own
    cursor = connection.cursor()
    for pragma in (f"busy_timeout={_busy_milliseconds()}", "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
    connection.create_function("fold_text", 1, lambda text: None if text is None else fold_text(text), deterministic=True)


def _busy_milliseconds() -> int:
    """Return how long to wait for the lock of the file: as long as a request may wait, or longer in a command."""
    return round((max_wait_seconds() or _WRITER_TIMEOUT_SECONDS) * 1000)


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(f"PRAGMA busy_timeout={_busy_milliseconds()}")
    # Take the write lock at once: a read transaction that starts to write can fail and cannot wait.
    writing = connection.get_execution_options().get("writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
