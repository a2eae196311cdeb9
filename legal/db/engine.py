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

from legal.errors import InvalidInput

_DRIVERS = {"sqlite": "sqlite", **dict.fromkeys(("postgres", "postgresql", "postgresql+psycopg"), "postgresql+psycopg")}
"""The driver that this project installs for each allowed URL scheme."""
_INVALID_URL = (
    "DATABASE_URL is not a valid database URL. Use SQLite or PostgreSQL, for example sqlite:////var/lib/legal.sqlite "
    "or postgresql://user:password@host/legal."
)


class Database:
    """An engine with the two ways to open a session: ``reading()`` and ``transaction()``."""

    def __init__(self, url: str) -> None:
        self.engine = build_engine(url)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session whose statements all see the same state of the database. Nothing is committed."""
        with Session(self.engine) as session:
            if self.engine.dialect.name == "postgresql":
                session.connection(execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True})
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


def build_engine(url: str) -> Engine:
    """Create an engine for SQLite or PostgreSQL, and the folder of a SQLite file. A bare ``postgresql://`` means psycopg 3.

    Raises:
        InvalidInput: ``url`` is not a URL of either database.
    """
    parsed_url = normalize_url(url)
    if parsed_url.get_backend_name() != "sqlite":
        return create_engine(parsed_url, pool_pre_ping=True, json_deserializer=orjson.loads)
    if parsed_url.database and parsed_url.database != ":memory:":
        Path(parsed_url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed_url, connect_args={"timeout": 30}, json_deserializer=orjson.loads)
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
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
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=30000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
    connection.create_function("lower", 1, _lower, deterministic=True)


def _lower(text: Any) -> Any:
    # SQLite's own lower() handles ASCII only and would not match DOÑA ANA. "İ" becomes one character, as in PostgreSQL.
    return text.replace("İ", "i").lower() if isinstance(text, str) else text


def _begin_sqlite(connection: Connection) -> None:
    # Take the write lock at once: a read transaction that starts to write can fail and cannot wait.
    writing = connection.get_execution_options().get("writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
