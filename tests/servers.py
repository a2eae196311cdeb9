"""Start the service as real gunicorn processes, for tests of what happens to its database while it serves."""

import http.client
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from legal.settings import ROOT

NO_CACHE = {"Cache-Control": "no-cache"}
"""Headers that make the response cache ask for the newest revision before it answers."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A response of a running service."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """Return the parsed body."""
        return orjson.loads(self.body)


@dataclass(frozen=True, slots=True)
class RunningService:
    """A service that listens on a port of this machine, the file of its log, and its master process."""

    port: int
    log: Path
    master: int

    def get(self, path: str, **headers: str) -> Answer:
        """Send a request on a connection of its own, so that any worker may answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())
        finally:
            connection.close()

    def get_fresh(self, path: str) -> Answer:
        """Send a request that the response cache answers only if the record is still in the same state."""
        return self.get(path, **NO_CACHE)


@contextmanager
def running_service(folder: Path, url: str, workers: int = 2, **environment: str) -> Iterator[RunningService]:
    """Run the service on a database until the block ends; its log and its exports are in ``folder``."""
    log = folder / "service.log"
    settings = {"DATABASE_URL": url, "SECRET_KEY": "a secret of the tests", "WEB_CONCURRENCY": str(workers)}
    settings |= {"BIND": "127.0.0.1:0", "EXPORT_FOLDER": str(folder / "exports"), "PYTHONUNBUFFERED": "1"}
    with (
        log.open("wb") as output,
        subprocess.Popen(  # noqa: S603 - our own server
            [str(Path(sys.executable).with_name("gunicorn"))],
            cwd=ROOT,
            env=os.environ | settings | environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        ) as server,
    ):
        try:
            wait_until(lambda: log.read_text().count("Booting worker") >= workers or server.poll() is not None, "the workers to boot")
            port = re.search(r"Listening at: http://127\.0\.0\.1:(\d+)", log.read_text())
            assert port, log.read_text()
            yield RunningService(int(port[1]), log, server.pid)
        finally:
            os.killpg(server.pid, signal.SIGKILL)  # the process group that the server leads, with its workers


def children_of(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def wait_until(condition: Callable[[], object], purpose: str, seconds: float = 30) -> None:
    """Wait until a condition holds, and fail if it does not."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"Waited {seconds} seconds for {purpose}."
        time.sleep(0.05)
