"""Test a service whose PostgreSQL server is stopped by the kernel and goes on later. The processes are real ones."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import prepare_database
from tests.replication import Server, lone_server, replicated_servers
from tests.servers import running_service, wait_until

CARD, OTHER = "/v1/jurisdictions/VA", "/v1/jurisdictions/WA"


@pytest.fixture
def server() -> Iterator[Server]:
    """A server of this test, with a seeded record."""
    with lone_server() as started:
        prepare_database(started.url, seeded=True)
        yield started


def test_frozen_server_is_survived_and_used_again(server: Server, tmp_path: Path) -> None:
    with running_service(tmp_path, server.url, workers=1, RATE_LIMIT="off") as service:
        fresh = service.get(CARD)
        assert (fresh.status, "warning" in fresh.headers) == (200, False)
        with server.frozen():
            wait_until(lambda: "warning" in service.get(CARD).headers, "the service to notice")
            stale = service.get(CARD)
            assert (stale.status, stale.body) == (200, fresh.body)
            assert stale.headers["warning"] == '110 - "Response is Stale"'
            refused = service.get(OTHER)
            assert (refused.status, refused.headers["retry-after"]) == (503, "5")
            assert service.get("/healthz").status == 200
            assert service.get("/readyz").status == 503
            wait_until(lambda: "has not answered within 2.0 seconds" in service.log.read_text(), "the log to say so")
        wait_until(lambda: "warning" not in service.get(CARD).headers, "the service to notice that the server goes on")
        assert service.get(OTHER).status == 200
        assert service.get("/readyz").status == 200
        assert "Traceback" not in service.log.read_text()


def test_frozen_primary_leaves_reads_up(tmp_path: Path) -> None:
    with replicated_servers() as (primary, replica):
        prepare_database(primary.url, seeded=True)
        newest = str(primary.execute("SELECT pg_current_wal_insert_lsn()"))
        wait_until(lambda: replica.execute(f"SELECT pg_last_wal_replay_lsn() >= '{newest}'::pg_lsn"), "the replica to catch up")
        settings = {"RATE_LIMIT": "off", "DATABASE_REPLICA_URLS": replica.url, "DATABASE_TIMEOUT_MS": "4000"}
        with running_service(tmp_path, primary.url, workers=1, **settings) as service:
            assert service.get(CARD).status == 200
            with primary.frozen():
                states = ("WA", "TX", "MD", "MA", "CO", "OR", "NV", "UT", "ID", "MT")
                assert [service.get(f"/v1/jurisdictions/{state}").status for state in states] == [200] * len(states)
            with replica.frozen():
                assert [service.get(f"/v1/jurisdictions/{state}?as_of=2026-11-20").status for state in states] == [200] * len(states)
