"""Open the database: one engine, read-only sessions with a consistent view, and transactions."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import orjson
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.orm import Session

from legal.db.replicas import Replicas, begin_consistent_reading, has_record, load_position
from legal.db.shared_results import forget_shared
from legal.db.sqlite_files import watch_file
from legal.db.waiting import TimeLimitedFile, keep_half_of_wait, limit_total_wait, limit_waits, max_wait_seconds
from legal.errors import InvalidInput, NotReady
from legal.rules.search.text import fold_text
from legal.settings import DEFAULT_DATABASE_TIMEOUT_MS

T = TypeVar("T")

_DRIVERS = {"sqlite": "sqlite", **dict.fromkeys(("postgres", "postgresql", "postgresql+psycopg"), "postgresql+psycopg")}
"""The driver that this project installs for each allowed URL scheme."""
_INVALID_URL = (
    "DATABASE_URL is not a valid database URL. Use SQLite or PostgreSQL, for example sqlite:////var/lib/legal.sqlite "
    "or postgresql://user:password@host/legal."
)


_PAGE_COST_OPTION = "-c random_page_cost=1.1"
"""Let PostgreSQL seek the few open versions instead of reading a table of all versions from end to end.

Its default, 4, is for a spinning disk; with it, a table is read as a whole until its history is very deep.
"""
DEFAULT_TIMEOUT_SECONDS = DEFAULT_DATABASE_TIMEOUT_MS / 1000
_WRITER_TIMEOUT_SECONDS = 30
"""How long a command waits for the lock of a SQLite file."""


class Database:
    """An engine with the ways to open a session: ``answering()`` for requests, ``reading()`` and ``transaction()`` for commands.

    ``opening`` is a number that changes when the database file was replaced and opened anew.
    """

    def __init__(self, url: str, timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS, replica_urls: Sequence[str] = ()) -> None:
        self.engine = build_engine(url, timeout_seconds)
        self.timeout_seconds = timeout_seconds
        self.is_answering = True
        replicas = [build_replica_engine(replica_url, timeout_seconds) for replica_url in replica_urls]
        self.replicas = Replicas(replicas) if replicas else None
        self.opening = 1
        self._file = watch_file(self.engine.url)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session whose statements all see the same state of the database. Nothing is committed.

        It is on the primary if that answers: a command sees all that was published, and reads for longer than a replica may allow.

        Raises:
            NotReady: the database file is missing.
        """
        self._reopen_replaced_file()
        try:
            with keep_half_of_wait() if self.replicas else nullcontext():
                session = self._open_primary_session()
        except OperationalError:
            replica_session = self.replicas and self.replicas.open_session()
            if not replica_session:
                raise
            session = replica_session
        with session:
            yield session

    @contextmanager
    def answering(self, *, is_check: bool = False) -> Iterator[Session]:
        """Open a session for a request, on a replica if there is one: opening it takes no longer than the timeout, nor does any statement.

        A check is also made while the database does not answer, and decides whether it does. It asks the primary first.

        Raises:
            NotReady: the last check has found that the database does not answer, or the database file is missing.
        """
        if not self.is_answering and not is_check:
            raise NotReady("The database is temporarily unavailable.")
        with limit_waits(self.timeout_seconds), ExitStack() as stack:
            with limit_total_wait(self.timeout_seconds):
                session = stack.enter_context(self.reading() if is_check else self._reading_from_replica())
            yield session

    @contextmanager
    def _reading_from_replica(self) -> Iterator[Session]:
        """Open a session as ``reading()`` does, on a replica if one answers that is not behind what clients have seen."""
        self._reopen_replaced_file()
        with (self.replicas and self.replicas.open_session()) or self._open_primary_session() as session:
            yield session

    def read(self, load: Callable[[Session], T]) -> T:
        """Return what ``load`` returns for a session of ``answering()``. If a replica fails meanwhile, ``load`` is called again elsewhere."""
        with self.answering() as session:
            engine = session.get_bind()
            if engine is self.engine or self.replicas is None:
                return load(session)
            try:
                return load(session)
            except OperationalError:
                self.replicas.skip(session.get_bind())  # type: ignore[arg-type]  # sessions here are bound to engines
        return self.read(load)

    def _open_primary_session(self) -> Session:
        session = Session(self.engine)
        if self.engine.dialect.name == "postgresql":
            try:
                begin_consistent_reading(session)
                self._note_position(session)
            except BaseException:
                session.close()
                raise
        return session

    def _note_position(self, session: Session) -> None:
        """Remember how far the primary is, so that no client reads from a replica that is not as far."""
        if self.replicas and has_record(session) and (position := load_position(session)):
            self.replicas.position.note_primary(position)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Open a session that commits when the block ends and rolls back if it raises.

        Raises:
            NotReady: the database file is missing.
        """
        self._reopen_replaced_file()
        with Session(self.engine) as session:
            session.connection(execution_options={"writing": True})
            yield session
            session.commit()
            with suppress(DBAPIError):  # what was committed stays, if the primary dies now
                self._note_position(session)
        if self._file:
            _empty_write_ahead_log(self.engine)

    def dispose(self) -> None:
        """Close every pooled connection. A forked worker must not share the connections of its parent."""
        self.engine.dispose()
        if self.replicas:
            self.replicas.dispose()

    def _reopen_replaced_file(self) -> None:
        """Close the connections to a file that is no longer at its path. An answer that is being read keeps its own to the end."""
        if self._file and self._file.is_replaced():
            self.engine.dispose()
            forget_shared(self.engine)
            self.opening += 1


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
    engine = create_engine(parsed_url, connect_args={"factory": TimeLimitedFile}, json_deserializer=orjson.loads)
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def build_replica_engine(url: str, timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS) -> Engine:
    """Create an engine for a streaming replica.

    Raises:
        InvalidInput: ``url`` is not a URL of PostgreSQL.
    """
    parsed_url = normalize_url(url)
    if parsed_url.get_backend_name() != "postgresql":
        raise InvalidInput("DATABASE_REPLICA_URLS has a URL that is not of PostgreSQL. Only PostgreSQL has streaming replicas.")
    return _build_postgresql_engine(parsed_url, timeout_seconds)


def _build_postgresql_engine(url: URL, timeout_seconds: float) -> Engine:
    from legal.db.postgresql import CHECK_CLIENT_OPTION, TimeLimitedConnection  # noqa: PLC0415 - a service on SQLite should not wait for psycopg

    connect_args = {
        "connect_timeout": max(2, round(timeout_seconds)),  # of a command; libpq takes no less than two seconds
        "options": f"{_PAGE_COST_OPTION} {url.query.get('options', '')} {CHECK_CLIENT_OPTION}",  # of two values for one setting, the last counts
    }
    engine = create_engine(url, pool_pre_ping=True, pool_timeout=timeout_seconds, connect_args=connect_args, json_deserializer=orjson.loads)
    # The event do_connect would do the same, but only one listener of it can have a say, and an operator's tracing may need it.
    engine.dialect.connect = TimeLimitedConnection.connect  # type: ignore[assignment, method-assign]
    engine.dialect.do_ping = partial(_ping, engine.dialect.do_ping)  # type: ignore[method-assign]
    return engine


def _ping(ping: Callable[[Any], bool], connection: Any) -> bool:
    """Return whether a connection of the pool still leads to a server. Time is left to open another one if it does not."""
    with keep_half_of_wait():
        return ping(connection)


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
    # These two cannot fail, and SQLAlchemy would take three times as long for them as SQLite does.
    driver_connection: Any = connection.connection.driver_connection
    driver_connection.execute(f"PRAGMA busy_timeout={_busy_milliseconds()}")
    if connection.get_execution_options().get("writing"):
        # Take the write lock at once: a read transaction that starts to write can fail and cannot wait.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        driver_connection.execute("BEGIN")


def _empty_write_ahead_log(engine: Engine) -> None:
    """Move what was committed into the database file, so that the file alone is the record if someone copies or moves it.

    Readers of an earlier state may prevent that for a second; then the next transaction does it.
    """
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        for pragma in ("busy_timeout=1000", "wal_checkpoint(TRUNCATE)"):
            cursor.execute(f"PRAGMA {pragma}").fetchall()
        cursor.close()
    finally:
        connection.close()
