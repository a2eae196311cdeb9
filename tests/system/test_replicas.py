"""Test reads on a real streaming replica: never older than what was seen, and up while a server is down."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from legal.db import replicas
from legal.db.engine import Database
from legal.errors import InvalidInput
from legal.queries import health
from legal.services.epochs import begin_epoch
from legal.settings import ROOT
from tests.api.factories import publish_edited_title
from tests.databases import prepare_database
from tests.replication import Server, replicated_servers
from tests.servers import running_service, wait_until

CARD = "/v1/jurisdictions/VA"


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[Server, Server]]:
    """A primary with a seeded record and its replica. Each test leaves both running."""
    with replicated_servers() as (primary, replica):
        prepare_database(primary.url, seeded=True)
        wait_until(lambda: has_caught_up(primary, replica), "the replica to catch up")
        yield primary, replica


@pytest.fixture
def database(servers: tuple[Server, Server]) -> Iterator[Database]:
    """A database that reads from the replica, which has caught up."""
    primary, replica = servers
    wait_until(lambda: has_caught_up(primary, replica), "the replica to catch up")
    replicated = Database(primary.url, replica_urls=[replica.url])
    yield replicated
    replicated.dispose()
    for server in servers:
        if not server.is_running():
            server.start()
    replica.execute("SELECT pg_wal_replay_resume()")


def has_caught_up(primary: Server, replica: Server) -> bool:
    """Return whether the replica has replayed all that the primary has written."""
    newest = primary.execute("SELECT pg_current_wal_insert_lsn()")
    try:
        return bool(replica.execute(f"SELECT pg_last_wal_replay_lsn() >= '{newest}'::pg_lsn"))
    except OperationalError:
        return False


def source_of(session: Session) -> tuple[str, int]:
    """Return which server a session reads, and the newest revision there."""
    is_replica, revision = session.execute(text("SELECT pg_is_in_recovery(), (SELECT max(number) FROM revisions)")).one()
    return "replica" if is_replica else "primary", revision


def read_source(database: Database) -> tuple[str, int]:
    """Return which server answers a read, and the newest revision there."""
    return database.read(source_of)


def newest_revision(server: Server) -> int:
    """Return the newest revision of a server."""
    return int(str(server.execute("SELECT max(number) FROM revisions")))


def test_reads_go_to_the_replica_and_the_state_comes_from_the_primary(database: Database, servers: tuple[Server, Server]) -> None:
    assert read_source(database) == ("replica", newest_revision(servers[0]))
    with database.answering(is_check=True) as session:
        assert source_of(session)[0] == "primary"
    with database.answering() as session, pytest.raises(Exception, match="read-only"):
        session.execute(text("DELETE FROM search_entries"))


def test_commands_read_the_primary_because_a_replica_cancels_long_reads(database: Database) -> None:
    with database.reading() as session:
        assert source_of(session)[0] == "primary"


def test_replica_that_is_behind_is_not_read(database: Database, servers: tuple[Server, Server]) -> None:
    primary, replica = servers
    before = newest_revision(primary)
    replica.execute("SELECT pg_wal_replay_pause()")
    publish_edited_title(database, "VA", f"Title {before}")
    assert newest_revision(replica) == before
    assert read_source(database) == ("primary", before + 1)  # a client reads what it has just written
    replica.execute("SELECT pg_wal_replay_resume()")
    wait_until(lambda: has_caught_up(primary, replica), "the replica to catch up")
    assert read_source(database) == ("replica", before + 1)


def test_revision_that_another_process_published_is_seen_with_the_state(database: Database, servers: tuple[Server, Server]) -> None:
    primary, replica = servers
    before = newest_revision(primary)
    replica.execute("SELECT pg_wal_replay_pause()")
    other = Database(primary.url)
    publish_edited_title(other, "VA", f"Title {before}")
    other.dispose()
    assert read_source(database) == ("replica", before)  # nobody has seen the new one here
    state = health.load_record_state(database)
    assert state is not None
    assert state.revision == before + 1
    assert read_source(database) == ("primary", before + 1)


def test_replica_of_an_earlier_epoch_is_not_read(database: Database, servers: tuple[Server, Server]) -> None:
    primary, replica = servers
    replica.execute("SELECT pg_wal_replay_pause()")
    with database.transaction() as session:
        begin_epoch(session, "A test.")
    assert read_source(database)[0] == "primary"
    replica.execute("SELECT pg_wal_replay_resume()")
    wait_until(lambda: has_caught_up(primary, replica), "the replica to catch up")
    assert read_source(database)[0] == "replica"


def test_dead_replica_is_skipped_and_used_again(
    database: Database, servers: tuple[Server, Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replicas, "SKIPPED_SECONDS", 1.0)
    assert read_source(database)[0] == "replica"
    servers[1].stop()
    assert read_source(database)[0] == "primary"
    started = time.monotonic()
    assert {read_source(database)[0] for _ in range(50)} == {"primary"}
    assert time.monotonic() - started < 5
    servers[1].start()
    wait_until(lambda: read_source(database)[0] == "replica", "the replica to be used again")


def test_replica_that_dies_during_a_read_costs_no_answer(database: Database, servers: tuple[Server, Server]) -> None:
    sources = []

    def load(session: Session) -> str:
        sources.append(source_of(session)[0])
        if sources == ["replica"]:
            servers[1].stop()
        return source_of(session)[0]

    assert database.read(load) == "primary"
    assert sources == ["replica", "primary"]


def test_error_of_the_primary_is_raised(database: Database, servers: tuple[Server, Server]) -> None:
    servers[1].stop()

    def load(session: Session) -> None:
        servers[0].stop()
        source_of(session)

    with pytest.raises(OperationalError):
        database.read(load)


def test_dead_primary_leaves_reads_up_and_writes_fail(database: Database, servers: tuple[Server, Server]) -> None:
    assert health.load_record_state(database) is not None
    servers[0].stop()
    assert read_source(database)[0] == "replica"
    assert health.load_record_state(database) is not None
    with pytest.raises(OperationalError), database.transaction():
        pass
    servers[1].stop()
    assert health.load_record_state(database) is None


def run_command(database_url: str, replica_url: str, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the service that writes to one server and reads from another."""
    settings = {"DATABASE_URL": database_url, "DATABASE_REPLICA_URLS": replica_url, "SECRET_KEY": "a secret of the tests"}
    arguments = [sys.executable, "-m", "flask", *command]
    return subprocess.run(arguments, cwd=ROOT, env=os.environ | settings, capture_output=True, text=True, check=False)  # noqa: S603 - our own code


def test_commands_that_write_need_the_primary(database: Database, servers: tuple[Server, Server], tmp_path: Path) -> None:
    primary, replica = servers
    before = newest_revision(replica)
    refused = run_command(replica.url, replica.url, "seed", "--cause", "correction", "--reason", "A test.")
    assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (1, "", 1)
    assert refused.stderr.startswith("Error: DATABASE_URL leads to a server that only reads, such as a replica; nothing was written.")
    primary.stop()
    for command in (("seed",), ("rosters", "redate", "no-roster", "--date", "2026-01-06", "--reason", "A test."), ("db", "new-epoch")):
        refused = run_command(primary.url, replica.url, *command)
        assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (1, "", 1), refused.stderr
        assert refused.stderr.startswith("Error: The database cannot be used: connection failed")
        assert "Check that it is running" in refused.stderr
    assert run_command(primary.url, replica.url, "backup", str(tmp_path / "backup")).returncode == 0
    assert newest_revision(replica) == before


def test_database_without_tables_can_be_migrated(servers: tuple[Server, Server]) -> None:
    primary, replica = servers
    primary.execute("CREATE DATABASE bare", "postgres")
    wait_until(lambda: has_caught_up(primary, replica), "the replica to catch up")
    bare = Database(primary.url.replace("/legal", "/bare"), replica_urls=[replica.url.replace("/legal", "/bare")])
    with bare.reading() as session:
        assert session.scalar(text("SELECT 1")) == 1
    with bare.transaction() as session:
        assert session.scalar(text("SELECT 1")) == 1
    bare.dispose()


def test_no_client_of_any_worker_sees_an_older_revision(servers: tuple[Server, Server], database: Database, tmp_path: Path) -> None:
    primary, replica = servers
    before = newest_revision(primary)
    seen: list[int] = []
    statuses: set[int] = set()
    is_done = threading.Event()
    # On a busy machine, a connection can take longer than a request waits by default.
    settings = {"RESPONSE_CACHE_BYTES": "0", "RATE_LIMIT": "off", "DATABASE_TIMEOUT_MS": "8000"}
    with running_service(tmp_path, primary.url, workers=2, DATABASE_REPLICA_URLS=replica.url, **settings) as service:

        def read_repeatedly() -> None:
            while not is_done.is_set():
                answer = service.get(CARD)
                statuses.add(answer.status)
                if answer.status == 200:
                    seen.append(answer.json["meta"]["revision"])

        reader = threading.Thread(target=read_repeatedly)
        reader.start()
        wait_until(lambda: len(seen) > 20, "answers")
        for number in range(3):  # the replica lags, catches up, and dies
            publish_edited_title(database, "VA", f"Title {before} {number}")
            count = len(seen)
            wait_until(lambda count=count: len(seen) > count + 20, "answers after a revision")
        servers[1].stop()
        count = len(seen)
        wait_until(lambda: len(seen) > count + 20, "answers without a replica")
        servers[1].start()
        wait_until(lambda: has_caught_up(primary, replica), "the replica to catch up")
        time.sleep(replicas.SKIPPED_SECONDS + 0.5)
        servers[0].stop()
        count = len(seen)
        wait_until(lambda: len(seen) > count + 20, "answers without a primary")
        assert service.get("/readyz").status == 200
        is_done.set()
        reader.join()
    assert statuses == {200}
    assert seen == sorted(seen)
    assert seen[-1] == before + 3


def test_replica_must_be_postgresql() -> None:
    with pytest.raises(InvalidInput, match="Only PostgreSQL has streaming replicas"):
        Database("sqlite://", replica_urls=["sqlite://"])
