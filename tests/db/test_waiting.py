"""Test how long a request waits: for a connection in all, and for each statement, on both databases alike."""

import socket
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from legal.db.engine import Database
from legal.db.postgresql import LateServerAnswer
from legal.db.waiting import LateAnswer, keep_half_of_wait, limit_total_wait, max_wait_seconds
from legal.queries import health
from tests.conftest import make_app
from tests.db.proxies import StallingProxy

ENDLESS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000000) SELECT count(*) FROM n",
    "postgresql": "SELECT count(*) FROM pg_sleep(60)",
}
"""Statements that take much longer than any limit here."""
ROWS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000) SELECT i FROM n"


@pytest.fixture
def database(copy_database: Callable[[str], str]) -> Iterator[Database]:
    """An empty database, for whose answers a request waits for half a second."""
    opened = Database(copy_database("empty"), timeout_seconds=0.5)
    yield opened
    opened.dispose()


@pytest.fixture
def proxy(copy_database: Callable[[str], str]) -> Iterator[StallingProxy]:
    """A proxy in front of an empty database of PostgreSQL."""
    opened = StallingProxy(make_url(copy_database("empty")))
    yield opened
    opened.close()


def test_statement_of_a_request_is_ended_at_the_limit(database: Database, backend: str) -> None:
    with pytest.raises(OperationalError) as raised, database.answering() as session:
        session.execute(text(ENDLESS[backend]))
    assert isinstance(raised.value.orig, LateAnswer)
    assert str(raised.value.orig) == "The database has not answered within 0.5 seconds."
    with database.answering() as session:
        assert session.scalar(text("SELECT 1")) == 1


@pytest.mark.databases("sqlite")
def test_statement_that_ends_among_its_rows_is_late_as_well(database: Database) -> None:
    statement = ENDLESS["sqlite"].replace("SELECT count(*) FROM n", "SELECT i FROM n WHERE i < 3 OR i > 299999999")
    for method in ("all", "fetchmany", "first"):
        with database.answering() as session:
            result = session.execute(text(statement), execution_options={"stream_results": True, "max_row_buffer": 1})
            assert result.fetchone() == (1,)
            with pytest.raises(OperationalError):
                getattr(result, method)()


@pytest.mark.databases("sqlite")
def test_statement_of_a_command_is_not_ended(copy_database: Callable[[str], str]) -> None:
    database = Database(copy_database("empty"), timeout_seconds=0.001)
    with database.answering() as session, pytest.raises(OperationalError):
        session.execute(text(ROWS.replace("30000", "3000000"))).all()
    with database.reading() as session:  # on the connection that a request has used
        assert len(session.execute(text(ROWS.replace("30000", "300000"))).all()) == 300_000
    with database.transaction() as session:
        assert len(session.execute(text(ROWS.replace("30000", "300000"))).all()) == 300_000
    database.dispose()


def test_time_between_the_rows_of_a_statement_does_not_count(database: Database, backend: str) -> None:
    statement = ROWS if backend == "sqlite" else "SELECT generate_series(1, 30000)"
    with database.answering() as session:
        rows = session.execute(text(statement), execution_options={"yield_per": 10_000})
        first_rows = rows.fetchmany(10_000)
        time.sleep(0.6)
        assert len(first_rows) + len(rows.all()) == 30_000


@pytest.mark.databases("sqlite")
def test_other_error_of_a_statement_is_no_late_answer(database: Database) -> None:
    with pytest.raises(OperationalError) as raised, database.answering() as session:
        session.execute(text("SELECT nothing FROM nowhere"))
    assert not isinstance(raised.value.orig, LateAnswer)


@pytest.mark.databases("sqlite")
def test_limit_of_a_request_does_not_stay_with_its_connection(database: Database) -> None:
    with database.answering() as session:
        session.execute(text("SELECT 1"))
    time.sleep(0.6)
    with closing(database.engine.raw_connection()) as connection:
        driver_connection = connection.driver_connection
        assert driver_connection is not None
        assert len(driver_connection.execute(ROWS).fetchall()) == 30_000


@pytest.mark.databases("sqlite")
def test_error_without_a_code_of_sqlite_stays_a_database_error(database: Database) -> None:
    with database.answering() as session, pytest.raises(OperationalError, match="Could not decode to UTF-8"):
        session.execute(text("SELECT CAST(x'ff' AS TEXT)")).all()


def assert_late_answer_is_a_503_with_one_line_in_the_log(
    url: str, backend: str, path: str, capfd: pytest.CaptureFixture[str], export_folder: Path
) -> None:
    """Let the versions of figures come from a statement that does not end, and check the answer at a path that needs them."""
    slow = Database(url)
    with slow.transaction() as session:
        session.execute(text("ALTER TABLE figure_versions RENAME TO quick_versions"))
        endless_view = f"CREATE VIEW figure_versions AS SELECT v.* FROM quick_versions v, ({ENDLESS[backend]}) endless"  # noqa: S608 - a constant
        session.execute(text(endless_view))
    slow.dispose()
    app = make_app(url, database_timeout_ms=500, export_folder=export_folder)
    response = app.test_client().get(f"{path}?as_of=2026-11-25")
    app.extensions["database"].dispose()
    assert (response.status_code, response.json["type"]) == (503, "/problems/not-ready")
    assert response.headers["Retry-After"] == "5"
    lines = capfd.readouterr().err.splitlines()
    assert [line.partition(": ")[2] for line in lines] == [
        f"GET {path}?as_of=2026-11-25: The database has not answered within 0.5 seconds."
    ]


def test_late_answer_is_a_503_with_one_line_in_the_log(
    copy_database: Callable[[str], str], backend: str, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert_late_answer_is_a_503_with_one_line_in_the_log(copy_database("seeded"), backend, "/v1/figures", capfd, tmp_path)


@pytest.mark.databases("sqlite")
def test_late_answer_to_an_export_is_a_503_as_well(
    copy_database: Callable[[str], str], backend: str, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert_late_answer_is_a_503_with_one_line_in_the_log(copy_database("seeded"), backend, "/v1/export/landscape.sqlite", capfd, tmp_path)


def test_time_to_open_a_connection_is_shared_by_its_steps(database: Database) -> None:
    seen: list[float | None] = []
    event.listen(database.engine, "connect", lambda *_: seen.append(max_wait_seconds()))
    with database.answering() as session:
        session.execute(text("SELECT 1"))
        seen.append(max_wait_seconds())
    assert seen[0] is not None
    assert 0.25 < seen[0] <= 0.5
    assert seen[1] == 0.5
    assert max_wait_seconds() is None


def test_half_of_nothing_is_no_limit() -> None:
    with keep_half_of_wait():
        assert max_wait_seconds() is None
    with limit_total_wait(0):
        assert max_wait_seconds() == 0.001


@pytest.mark.databases("postgresql")
def test_connection_that_leads_nowhere_is_replaced_in_time(proxy: StallingProxy) -> None:
    database = Database(proxy.url, timeout_seconds=4)
    with database.answering() as session:
        session.execute(text("SELECT 1"))
    frozen = proxy.freeze_connections()
    with database.answering() as session:
        assert session.scalar(text("SELECT 1")) == 1
    database.dispose()
    frozen.set()


@pytest.mark.databases("postgresql")
@pytest.mark.parametrize("is_connected", [True, False])
def test_frozen_server_is_given_up_at_the_limit(proxy: StallingProxy, is_connected: bool) -> None:
    database = Database(proxy.url, timeout_seconds=0.5)
    if is_connected:
        with database.answering() as session:
            session.execute(text("SELECT 1"))
    proxy.may_pass.clear()
    with pytest.raises(OperationalError) as raised, database.answering():
        pass
    assert isinstance(raised.value.orig, LateServerAnswer)  # psycopg's own limit is two seconds at least
    proxy.may_pass.set()
    with database.answering() as session:
        assert session.scalar(text("SELECT 1")) == 1
    database.dispose()


@pytest.mark.databases("postgresql")
def test_second_host_has_time_if_the_first_is_frozen(proxy: StallingProxy) -> None:
    url = make_url(proxy.url)
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        hosts = (f"127.0.0.1:{silent.getsockname()[1]}", f"127.0.0.1:{url.port}")
        both = url.set(host=None, port=None).update_query_dict({"host": hosts})
        database = Database(both.render_as_string(hide_password=False), timeout_seconds=4)
        with database.answering() as session:
            assert session.scalar(text("SELECT 1")) == 1
        database.dispose()


@pytest.mark.databases("postgresql")
def test_command_on_a_server_that_only_reads_says_so(copy_database: Callable[[str], str]) -> None:
    url = make_url(copy_database("seeded")).update_query_dict({"options": "-c default_transaction_read_only=on"})
    app = make_app(url.render_as_string(hide_password=False))
    result = app.test_cli_runner().invoke(args=["seed"])
    app.extensions["database"].dispose()
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: DATABASE_URL leads to a server that only reads, such as a replica; nothing was written.")


@pytest.mark.databases("sqlite")
def test_log_says_once_that_an_outage_begins_and_once_that_it_ends(
    copy_database: Callable[[str], str], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "legal.sqlite"
    path.write_bytes(b"nothing that SQLite can read " * 100)
    database = Database(f"sqlite:///{path}")
    assert [health.load_record_state(database) for _ in range(3)] == [None] * 3
    with closing(sqlite3.connect(str(make_url(copy_database("seeded")).database))) as source:
        path.unlink()
        with closing(sqlite3.connect(path)) as target:
            source.backup(target)
    assert [health.load_record_state(database) is None for _ in range(3)] == [False] * 3
    database.dispose()
    begins, ends = capfd.readouterr().err.splitlines()
    assert begins.endswith("The database does not answer, and requests are refused: file is not a database")
    assert ends.endswith("The database answers again.")
