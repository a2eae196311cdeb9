"""Test what is left of workers and commands that are killed at any moment. The processes are real ones."""

import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPException
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from legal.settings import ROOT
from tests.api.factories import publish_edited_title
from tests.db.test_outages import open_cached_app
from tests.servers import RunningService, children_of, running_service, wait_until

pytestmark = pytest.mark.databases("sqlite")  # a killed client of PostgreSQL leaves nothing that the server does not clean up

CARD = "/v1/jurisdictions/VA"
KILLS = 8
CLIENTS = 4


@contextmanager
def clients_that_read(service: RunningService, paths: list[str]) -> Iterator[list[int]]:
    """Let clients read paths in turn until the block ends. The list gets the status of each answer, and 0 for a cut connection."""
    statuses: list[int] = []
    is_done = threading.Event()

    def read() -> None:
        while not is_done.is_set():
            for path in paths:
                try:
                    statuses.append(service.get(path).status)
                except (OSError, HTTPException):
                    statuses.append(0)

    threads = [threading.Thread(target=read) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    try:
        yield statuses
    finally:
        is_done.set()
        for thread in threads:
            thread.join()


def load_counters(service: RunningService) -> dict[str, float]:
    """Return the samples of ``/metrics`` by name and labels."""
    answer = service.get("/metrics")
    assert answer.status == 200
    lines = [line for line in answer.body.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def add_up(counters: dict[str, float], pattern: str) -> float:
    """Return the sum of the samples whose names match."""
    return sum(value for name, value in counters.items() if re.match(pattern, name))


def check_export(path: str, body: bytes, folder: Path) -> None:
    """Fail unless an export is whole."""
    if ".zip" in path:
        assert zipfile.ZipFile(BytesIO(body)).testzip() is None
        return
    file = folder / "export.sqlite"
    file.write_bytes(body)
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("SELECT count(*) FROM meta").fetchall() == [(1,)]


def start_command(url: str, *command: str) -> subprocess.Popen[str]:
    """Start a command of the service on a database."""
    environment = os.environ | {"DATABASE_URL": url, "SECRET_KEY": "a secret of the tests"}
    arguments = [sys.executable, "-m", "flask", *command]
    return subprocess.Popen(arguments, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)  # noqa: S603 - our own code


def run_command(url: str, *command: str) -> None:
    """Run a command of the service on a database. It must succeed."""
    with start_command(url, *command) as process:
        output = process.communicate()[0]
    assert process.returncode == 0, output


def test_killed_workers_break_nothing_that_workers_share(copy_database: Callable[[str], str], tmp_path: Path) -> None:
    url, chance = copy_database("seeded"), random.Random(287)  # noqa: S311 - moments, not secrets
    exports = [f"/v1/export/landscape.{kind}?as_of=2026-11-{day:02}" for day in range(1, 9) for kind in ("zip", "sqlite")]
    settings = {"METRICS": "local", "RESPONSE_CACHE_BYTES": "0", "RATE_LIMIT": "100000/minute"}
    with running_service(tmp_path, url, workers=2, **settings) as service:
        wait_until(lambda: len(children_of(service.master)) == 2, "the workers")
        with clients_that_read(service, [CARD, "/states/virginia", *exports]) as statuses, open_cached_app(url) as publisher:
            for number in range(KILLS):
                time.sleep(chance.uniform(0.0, 0.4))
                os.kill(chance.choice(children_of(service.master)), signal.SIGKILL)
                if number % 4 == 0:
                    publish_edited_title(publisher.extensions["database"], "VA", f"Title {number}")
                wait_until(lambda: len(children_of(service.master)) == 2, "another worker")
            count = len(statuses)
            wait_until(lambda: len(statuses) > count + 30, "answers after the last kill")
        assert set(statuses) <= {0, 200}
        assert statuses.count(0) <= KILLS * CLIENTS
        counters = load_counters(service)
        counted, timed = add_up(counters, "landscape_requests_total"), add_up(counters, "landscape_request_seconds_count")
        assert abs(counted - timed) <= KILLS * CLIENTS  # a worker can be killed between the two
        assert counted >= statuses.count(200)
        assert add_up(load_counters(service), "landscape_requests_total") == counted  # reading the numbers is not counted
        for path in exports[:4]:
            check_export(path, service.get(path).body, tmp_path)
        folder = tmp_path / "exports"
        wait_until(lambda: not [*folder.glob("*.part")], "no part of a file to be left")
    run_command(url, "doctor")


def test_counter_files_are_whole_before_anything_is_counted(copy_database: Callable[[str], str], tmp_path: Path) -> None:
    folder = tmp_path / "counters"
    folder.mkdir()
    settings = {"METRICS": "local", "PROMETHEUS_MULTIPROC_DIR": str(folder)}
    with running_service(tmp_path, copy_database("seeded"), workers=1, **settings) as service:
        wait_until(lambda: len([*folder.glob("*.db")]) == 2, "the files")
        assert {file.stat().st_size for file in folder.iterdir()} == {131072}  # an empty one could not be read
        (folder / "counter_1.part").touch()  # what a worker leaves that is killed while it makes one
        assert service.get(CARD).status == 200
        assert add_up(load_counters(service), "landscape_requests_total") == 1


@pytest.mark.parametrize("command", ["seed", "rosters"])
def test_killed_command_leaves_all_or_nothing(
    copy_database: Callable[[str], str], tmp_path: Path, command: str, shared_folder: Path
) -> None:
    url, chance = copy_database("seeded"), random.Random(287)  # noqa: S311 - moments, not secrets
    path = Path(str(make_url(url).database))
    workbook = str(shared_folder / "rosters" / "participatingAgencies09172025pm.xlsx")
    arguments = ["seed"] if command == "seed" else ["rosters", "import", workbook]
    before, started = path.read_bytes(), time.monotonic()
    run_command(url, *arguments)
    seconds, after = time.monotonic() - started, count_revisions(path)
    for _ in range(3):
        for suffix in ("-wal", "-shm"):
            Path(f"{path}{suffix}").unlink(missing_ok=True)
        path.write_bytes(before)
        with start_command(url, *arguments) as process:
            time.sleep(chance.uniform(0.4, 1.0) * seconds)
            process.kill()
        assert count_revisions(path) in (1, after)
        run_command(url, "doctor")
    run_command(url, *arguments)
    assert count_revisions(path) == after


def count_revisions(path: Path) -> int:
    """Return the number of revisions in a SQLite file."""
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT count(*) FROM revisions").fetchone()[0])
