"""The database: engine, read sessions that see one moment, and transactions that hold or leave no trace."""

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

DRIVERS = {"sqlite": "sqlite", **dict.fromkeys(("postgres", "postgresql", "postgresql+psycopg"), "postgresql+psycopg")}
"""The schemes that an address may have, and the driver of each that this project installs."""
NO_ADDRESS = (
    "The setting DATABASE_URL is no address of a database; it has to be one of SQLite or PostgreSQL, such as sqlite:////var/lib/legal.sqlite "
    "or postgresql://user:password@host/legal."
)


class Database:
    """One engine, and the two ways in: ``reading()`` and ``transaction()``."""

    def __init__(self, url: str) -> None:
        self.engine = engine(url)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for one answer: all its statements see the same moment, and nothing is written."""
        with Session(self.engine) as session:
            if self.engine.dialect.name == "postgresql":
                session.connection(execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True})
            yield session

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session for one act: committed whole when the block ends, rolled back if it raises."""
        with Session(self.engine) as session:
            session.connection(execution_options={"writing": True})
            yield session
            session.commit()

    def dispose(self) -> None:
        """Close every pooled connection; a forked worker must not share its parent's."""
        self.engine.dispose()


def engine(url: str) -> Engine:
    """An engine for SQLite or PostgreSQL; a bare ``postgresql://`` means psycopg 3."""
    parsed = normalised(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True, json_deserializer=orjson.loads)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    made = create_engine(parsed, connect_args={"timeout": 30}, json_deserializer=orjson.loads)
    event.listen(made, "connect", _configure_sqlite)
    event.listen(made, "begin", _begin_sqlite)
    return made


def normalised(url: str) -> URL:
    """The URL with the driver this project installs.

    Raises:
        InvalidInput: it is no address of a database that this project can use; what it is is not repeated, for it may hold a password.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise InvalidInput(NO_ADDRESS) from None
    if parsed.drivername not in DRIVERS:
        raise InvalidInput(NO_ADDRESS)
    return parsed.set(drivername=DRIVERS[parsed.drivername])


def _configure_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver must not open transactions of its own; _begin_sqlite does
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=30000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
    connection.create_function("lower", 1, _lower, deterministic=True)


def _lower(text: Any) -> Any:
    # SQLite's own knows the letters of English only, and DOÑA ANA would not be found. One letter becomes one, as with PostgreSQL.
    return text.replace("İ", "i").lower() if isinstance(text, str) else text


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its lock at once: a reader that turns writer half way can only fail.
    writing = connection.get_execution_options().get("writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
