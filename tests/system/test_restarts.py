"""Test that clients notice nothing of a reload or of a rolling restart under load. The processes are real ones."""

import http.client
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.servers import RunningService, children_of, running_service, wait_until

pytestmark = pytest.mark.databases("sqlite")  # what is tested is above the database
PATHS = ("/v1/jurisdictions/VA", "/healthz", "/v1/measures?limit=5", "/states/virginia")


@pytest.fixture
def service(copy_database: Callable[[str], str], tmp_path: Path) -> Iterator[RunningService]:
    """A service with two workers and no cache."""
    with running_service(tmp_path, copy_database("seeded"), workers=2, RATE_LIMIT="off", RESPONSE_CACHE_BYTES="0") as running:
        wait_until(lambda: len(children_of(running.master)) == 2, "the workers")
        yield running


@contextmanager
def load(service: RunningService) -> Iterator[list[int | str]]:
    """Read in the block, on connections that stay open and on new ones. The list gets each status, or what went wrong."""
    results: list[int | str] = []
    is_done = threading.Event()

    def read(is_kept: bool) -> None:
        connection, used_at = http.client.HTTPConnection("127.0.0.1", service.port, timeout=30), time.monotonic()
        while not is_done.is_set():
            for path in PATHS:
                # A server may close a connection that nobody uses, so clients do not rely on one for long.
                if not is_kept or time.monotonic() - used_at > 1:
                    connection.close()
                try:
                    connection.request("GET", path)
                    response = connection.getresponse()
                    response.read()
                    results.append(response.status)
                except (OSError, http.client.HTTPException) as error:
                    results.append(repr(error))
                    connection.close()
                used_at = time.monotonic()
        connection.close()

    threads = [threading.Thread(target=read, args=(is_kept,)) for is_kept in (True, True, False)]
    for thread in threads:
        thread.start()
    try:
        wait_until(lambda: len(results) > 20, "answers")
        yield results
    finally:
        is_done.set()
        for thread in threads:
            thread.join()


def test_reload_drops_no_request(service: RunningService) -> None:
    with load(service) as results:
        for _ in range(3):
            before = set(children_of(service.master))
            os.kill(service.master, signal.SIGHUP)
            wait_until(lambda before=before: len(now := set(children_of(service.master))) == 2 and not now & before, "other workers", 60)
            count = len(results)
            wait_until(lambda count=count: len(results) > count + 20, "answers")
    assert set(results) == {200}


def test_rolling_restart_drops_no_request(service: RunningService) -> None:
    with load(service) as results:
        workers = set(children_of(service.master))
        os.kill(service.master, signal.SIGUSR2)
        wait_until(lambda: set(children_of(service.master)) - workers, "another master")
        (master,) = set(children_of(service.master)) - workers
        wait_until(lambda: len(children_of(master)) == 2, "its workers", 60)
        wait_until(lambda: service.log.read_text().count("Serving at") == 2, "the workers to serve")
        os.kill(service.master, signal.SIGTERM)
        wait_until(lambda: "Shutting down: Master" in service.log.read_text(), "the first master to end", 60)
        count = len(results)
        wait_until(lambda: len(results) > count + 20, "answers")
    assert set(results) == {200}
