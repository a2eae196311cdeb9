"""Read, publish, import and disturb a running service at once, and say what its clients saw.

``python -m benchmarks.mixed_load [sqlite|postgresql ...] [--minutes 10]`` seeds a database and starts the service as ``make run``
does, with two workers and no limit on requests. PostgreSQL is a primary with a streaming replica. While clients read every kind of
address, ``flask seed`` and ``flask rosters import`` publish, and these things happen one after the other: the service is
reloaded, a worker is killed, a backup is made, the replica dies and comes back, the service is stopped and started, and the primary
dies and comes back. The service passes if all of this is true:

- No client gets a 5xx answer but 503 with ``Retry-After``. Connections fail only when the service is down or a worker was killed.
- An answer's body and its ``Data-Revision`` name the same revision. An answer that is pinned never changes.
- A client that sends ``Cache-Control: no-cache`` never sees an older revision than it has seen, unless the answer says that it is stale.
- Every command succeeds, apart from those that wait for a dead primary, and ``flask doctor`` finds no fault in the end.

Exit status 1 if the service does not pass.
"""

import argparse
import hashlib
import http.client
import multiprocessing
import os
import random
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from multiprocessing.queues import Queue
from pathlib import Path
from typing import Any

import orjson

from benchmarks.rosters import write_workbook
from benchmarks.servers import HOST, Server, list_process_tree, running
from legal.settings import ROOT, SEEDS_FOLDER
from tests.replication import Server as PostgresServer
from tests.replication import replicated_servers

_CLIENT_PROCESSES, _CLIENTS_IN_EACH = 2, 4
_WORKERS = 2
_SECONDS_BETWEEN_REVISIONS, _SECONDS_BETWEEN_ROSTERS = 8.0, 60.0
_PAUSE_SECONDS = 0.02
_TIMEOUT_SECONDS = 30.0
_GRACE_SECONDS = 2.0
"""How long after a disturbance a connection may still fail because of it."""
_ROSTER_ROWS, _FIRST_ROSTER_DAY = 1900, date(2026, 6, 1)
_UNEXPECTED = re.compile("Unexpected error|Error after an answer|Error while an answer|Exception in worker")
"""What the service's log says of faults. An outage of the database has a line of its own, which is expected here."""
_MAX_FAULTS = 20
"""How many faults the report shows; it counts them all."""

_STATES = ("VA", "MD", "FL", "TX", "WA", "CA", "MN", "US", "PR", "NY")
_SLUGS = ("virginia", "maryland", "florida", "texas", "washington", "california", "minnesota")
_ADDRESSES = {
    "card": [f"/v1/jurisdictions/{code}" for code in _STATES],
    "list": [
        "/v1/jurisdictions?limit=57",
        "/v1/measures?limit=100",
        "/v1/measures?stands=yes&kind=ban",
        "/v1/figures?limit=100",
        "/v1/conflicts",
        "/v1/agreements?jurisdiction=TX",
        "/v1/agreements/summary?by=jurisdiction",
        "/v1/agencies?jurisdiction=FL",
        "/v1/rosters",
        "/v1/documents",
        "/v1/changes",
        "/v1/map.json",
        "/v1/diff?jurisdiction=MD&from=2025-01-01&to=2026-11-01",
        "/v1/compare?jurisdictions=VA,MD",
        "/v1/jurisdictions/MD/timeline",
    ],
    "search": ["/v1/search?q=sheriff", "/v1/search?q=jail+contract", "/search?q=county", "/v1/measures?q=order"],
    "page": ["/", "/changes", "/documents", "/methods", "/compare?jurisdictions=VA,MD", *(f"/states/{slug}" for slug in _SLUGS)],
    "feed": ["/feeds/changes.atom", "/feeds/VA.json"],
    "export": ["/v1/export/landscape.zip", "/v1/export/landscape.sqlite"],
    "error": ["/v1/jurisdictions/XX", "/v1/measures?limit=0", "/nowhere", "/v1/jurisdictions/VA?as_of=tomorrow"],
    "health": ["/healthz", "/readyz", "/metrics"],
}
_WEIGHTS = {"card": 30, "list": 25, "search": 8, "page": 15, "feed": 4, "export": 1, "error": 5, "health": 4, "pinned": 8}
_PIN = "as_of=2026-03-01&revision=1&rules=2"
_PINNED = [
    *(f"/v1/jurisdictions/{code}?{_PIN}" for code in _STATES),
    f"/v1/jurisdictions?{_PIN}",
    f"/v1/measures?limit=100&{_PIN}",
    f"/v1/figures?{_PIN}",
]


@dataclass
class Observations:
    """What clients saw: answers by kind of address and status, seconds by kind, and faults as sentences."""

    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    seconds: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    faults: list[str] = field(default_factory=list)
    excused_failures: int = 0
    stale_answers: int = 0

    def add(self, other: "Observations") -> None:
        """Add what another client saw."""
        self.answers.update(other.answers)
        for kind, seconds in other.seconds.items():
            self.seconds[kind] += seconds
        self.faults += other.faults
        self.excused_failures += other.excused_failures
        self.stale_answers += other.stale_answers


class Client:
    """A client that asks for random addresses and checks each answer. Half of the clients want the newest revision at once."""

    def __init__(self, port: int, number: int, disturbed_until: Any) -> None:
        self.port = port
        self.disturbed_until = disturbed_until
        self.random = random.Random(number)  # noqa: S311 - not a secret
        self.headers = {"Cache-Control": "no-cache"} if number % 2 else {}
        self.newest_revision = 0
        self.hashes: dict[str, str] = {}
        self.seen = Observations()

    def read_until(self, deadline: float) -> Observations:
        """Read until a time of the monotonic clock, and return what was seen."""
        while time.monotonic() < deadline:
            kind = self.random.choices([*_WEIGHTS], [*_WEIGHTS.values()])[0]
            self.read(kind, self.random.choice(_PINNED if kind == "pinned" else _ADDRESSES[kind]))
            time.sleep(_PAUSE_SECONDS)
        return self.seen

    def read(self, kind: str, path: str) -> None:
        """Ask for an address, check the answer and note what was seen."""
        started = time.monotonic()
        connection = http.client.HTTPConnection(HOST, self.port, timeout=_TIMEOUT_SECONDS)
        try:
            connection.request("GET", path, headers=self.headers)
            response = connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException) as error:
            if started < self.disturbed_until.value + _GRACE_SECONDS:
                self.seen.excused_failures += 1
            else:
                self._report(path, f"failed: {error!r}")
            return
        finally:
            connection.close()
        self.seen.answers[kind, response.status] += 1
        self.seen.seconds[kind].append(time.monotonic() - started)
        self._check(path, response, body)

    def _check(self, path: str, response: http.client.HTTPResponse, body: bytes) -> None:
        if response.status >= 500:
            if path != "/readyz" and not (response.status == 503 and response.getheader("Retry-After")):
                self._report(path, f"{response.status} without Retry-After: {body[:300]!r}")
            return
        if (response.status in (404, 422)) != (path in _ADDRESSES["error"]):
            self._report(path, f"unexpected status {response.status}: {body[:300]!r}")
        revision = int(response.getheader("Data-Revision") or 0)
        if path in _PINNED:
            self._check_pinned(path, body)
        elif revision:
            self._check_revision(path, response, body, revision)

    def _check_pinned(self, path: str, body: bytes) -> None:
        body_hash = hashlib.sha256(body).hexdigest()
        if self.hashes.setdefault(path, body_hash) != body_hash:
            self._report(path, "a pinned answer has changed")

    def _check_revision(self, path: str, response: http.client.HTTPResponse, body: bytes, revision: int) -> None:
        if (response.getheader("Content-Type") or "").startswith("application/json"):
            meta = orjson.loads(body).get("meta", {})
            if meta.get("revision", revision) != revision:
                self._report(path, f"the body is of revision {meta['revision']}, the header of {revision}")
        if response.getheader("Warning"):
            self.seen.stale_answers += 1
        elif self.headers:
            if revision < self.newest_revision:
                self._report(path, f"revision {revision} after {self.newest_revision}")
            self.newest_revision = max(revision, self.newest_revision)

    def _report(self, path: str, fault: str) -> None:
        self.seen.faults.append(f"{time.strftime('%H:%M:%S')} {path}: {fault}")


def _read_in_threads(port: int, first_number: int, deadline: float, disturbed_until: Any, results: "Queue[Observations]") -> None:
    """Run the clients of one process, and put what all of them saw into the queue."""
    clients = [Client(port, first_number + number, disturbed_until) for number in range(_CLIENTS_IN_EACH)]
    threads = [threading.Thread(target=client.read_until, args=(deadline,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    total = Observations()
    for client in clients:
        total.add(client.seen)
    results.put(total)


class Operator:
    """Runs the commands that publish, and notes which failed. ``is_primary_up`` is false while a failure is no fault."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.environment = os.environ | environment
        self.is_primary_up = True
        self.counts: Counter[str] = Counter()
        self.faults: list[str] = []
        self.seeds = folder / "seeds"
        shutil.copytree(SEEDS_FOLDER, self.seeds)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of flask."""
        command = [sys.executable, "-m", "flask", *arguments]
        return subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)

    def run_noted(self, label: str, *arguments: str) -> bool:
        """Run a command, note how it ended, and return whether it succeeded."""
        was_up = self.is_primary_up
        result = self.run(*arguments)
        self.counts[label if result.returncode == 0 else f"{label}, failed"] += 1
        if result.returncode and was_up and self.is_primary_up:
            self.faults.append(f"{time.strftime('%H:%M:%S')} {label}: {(result.stderr or result.stdout).strip()[-500:]}")
        return result.returncode == 0

    def publish_until(self, deadline: float) -> None:
        """Amend the title of a measure in one state after the other, each as a revision."""
        files = sorted((self.seeds / "jurisdictions").glob("*.yaml"))
        for number in count(1):
            file = files[number % len(files)]
            content = file.read_text(encoding="utf-8")
            file.write_text(re.sub(r"(?m)^( +title: .*?)( \(edit \d+\))?$", rf"\1 (edit {number})", content, count=1), encoding="utf-8")
            self.run_noted("flask seed", "seed", str(self.seeds), "--cause", "correction", "--reason", f"Edit {number} of the benchmark.")
            if time.monotonic() + _SECONDS_BETWEEN_REVISIONS > deadline:
                return
            time.sleep(_SECONDS_BETWEEN_REVISIONS)

    def import_until(self, deadline: float) -> None:
        """Import one roster after the other, each of a later day."""
        for number in count():
            day = _FIRST_ROSTER_DAY + timedelta(days=number)
            file = self.folder / f"participatingAgencies{day:%m%d%Y}am.xlsx"
            file.write_bytes(write_workbook(number, _ROSTER_ROWS))
            self.run_noted("flask rosters import", "rosters", "import", str(file))
            if time.monotonic() + _SECONDS_BETWEEN_ROSTERS > deadline:
                return
            time.sleep(_SECONDS_BETWEEN_ROSTERS)


def disturb(service: Server, operator: Operator, servers: Sequence[PostgresServer], seconds: float, disturbed_until: Any) -> None:
    """Do one harmful thing after the other, spread over the time, and print each."""
    assert service.process
    started = time.monotonic()

    @contextmanager
    def step(fraction: float, label: str, is_down: bool = False) -> Iterator[None]:
        time.sleep(max(0.0, started + fraction * seconds - time.monotonic()))
        print(f"  {time.strftime('%H:%M:%S')} {label}", flush=True)
        if is_down:
            disturbed_until.value = time.monotonic() + 3600
        yield
        if is_down:
            disturbed_until.value = time.monotonic()

    with step(0.15, "the service is reloaded"):
        service.process.send_signal(signal.SIGHUP)
    with step(0.25, "a worker is killed", is_down=True):
        os.kill(list_process_tree(service.process.pid)[-1], signal.SIGKILL)
        time.sleep(_GRACE_SECONDS)
    with step(0.35, "a backup is made"):
        operator.run_noted("flask backup", "backup", str(operator.folder / "during.backup"))
    if servers:
        with step(0.4, "the replica dies"):
            servers[1].stop()
        with step(0.5, "the replica comes back"):
            servers[1].start()
    with step(0.6, "the service is stopped and started", is_down=True):
        service.stop()
        service.start(service.address[1])
    if servers:
        with step(0.75, "the primary dies"):
            operator.is_primary_up = False
            servers[0].stop()
        with step(0.85, "the primary comes back"):
            servers[0].start()
            time.sleep(_GRACE_SECONDS)
            operator.is_primary_up = True


@contextmanager
def _open_database(kind: str, folder: Path) -> Iterator[tuple[dict[str, str], Sequence[PostgresServer]]]:
    """Give the settings of an empty database, and the primary and the replica if there are such."""
    if kind == "sqlite":
        yield {"DATABASE_URL": f"sqlite:///{folder / 'legal.sqlite'}"}, ()
        return
    with replicated_servers() as servers:
        yield {"DATABASE_URL": servers[0].url, "DATABASE_REPLICA_URLS": servers[1].url}, servers


def run_mixed_load(kind: str, folder: Path, seconds: float) -> bool:
    """Run everything on one database, print the report, and return whether the service passes."""
    print(f"\n{kind}, {seconds / 60:.1f} minutes", flush=True)
    with ExitStack() as stack:
        settings, servers = stack.enter_context(_open_database(kind, folder))
        environment = {
            **settings,
            "SECRET_KEY": "for the benchmark",
            "EXPORT_FOLDER": str(folder / "exports"),
            "RATE_LIMIT": "off",
            "METRICS": "local",
            "WEB_CONCURRENCY": str(_WORKERS),
        }
        operator = Operator(folder, environment)
        for arguments in (["db", "upgrade"], ["seed"]):
            result = operator.run(*arguments)
            assert result.returncode == 0, result.stderr
        command = [sys.executable, "-m", "gunicorn", "--log-level", "info"]
        service = Server("service", command, ROOT, folder / "service.log", {**environment, "BIND": f"{HOST}:{{port}}"}, "/readyz")
        stack.enter_context(running([service]))
        seen = _run_everything(service, operator, servers, seconds)
        doctor = operator.run("doctor")
        log = (folder / "service.log").read_text(errors="replace")
    if doctor.returncode:
        operator.faults.append(f"flask doctor:\n{doctor.stdout}{doctor.stderr}")
    for fault in _UNEXPECTED.finditer(log):
        operator.faults.append(f"the service's log: {log[fault.start() : fault.start() + 3000]}")
    print_report(seen, operator)
    return not (seen.faults or operator.faults)


def _run_everything(service: Server, operator: Operator, servers: Sequence[PostgresServer], seconds: float) -> Observations:
    """Run the clients, the operator and the disturbances at once, and return what the clients saw."""
    results: Queue[Observations] = multiprocessing.Queue()
    disturbed_until = multiprocessing.Value("d", 0.0)
    deadline = time.monotonic() + seconds
    clients = [
        multiprocessing.Process(
            target=_read_in_threads, args=(service.address[1], 1 + number * _CLIENTS_IN_EACH, deadline, disturbed_until, results)
        )
        for number in range(_CLIENT_PROCESSES)
    ]
    work: list[Callable[[], None]] = [lambda: operator.publish_until(deadline), lambda: operator.import_until(deadline)]
    threads = [threading.Thread(target=function) for function in work]
    for worker in (*clients, *threads):
        worker.start()
    disturb(service, operator, servers, seconds, disturbed_until)
    total = Observations()
    for _ in clients:
        total.add(results.get())
    for worker in (*clients, *threads):
        worker.join()
    return total


def print_report(seen: Observations, operator: Operator) -> None:
    """Print what the clients saw and what the commands did."""
    statuses = sorted({status for _, status in seen.answers})
    print(f"\n{'':10}" + "".join(f"{status:>8}" for status in statuses) + f"{'p50 ms':>10}{'p99 ms':>10}{'max ms':>10}")
    for kind in _WEIGHTS:
        seconds = seen.seconds[kind] or [0.0]
        cuts = statistics.quantiles(seconds, n=100) if len(seconds) > 1 else seconds * 99
        numbers = "".join(f"{seen.answers[kind, status]:>8}" for status in statuses)
        print(f"{kind:10}{numbers}{cuts[49] * 1000:10.1f}{cuts[98] * 1000:10.1f}{max(seconds) * 1000:10.1f}")
    print(f"answers: {seen.answers.total()}; of them stale and said so: {seen.stale_answers}")
    print(f"connections that failed while the service was down or a worker was killed: {seen.excused_failures}")
    print("commands: " + ", ".join(f"{label} {number}" for label, number in sorted(operator.counts.items())))
    faults = [*seen.faults, *operator.faults]
    print(f"faults: {len(faults)}")
    for fault in faults[:_MAX_FAULTS]:
        print(f"- {fault}")
    sys.stdout.flush()


def main() -> int:
    """Run the mixed load on each database that the command line names, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("databases", nargs="*", choices=["sqlite", "postgresql"], default=["sqlite", "postgresql"])
    parser.add_argument("--minutes", type=float, default=10.0)
    arguments = parser.parse_args()
    passes = []
    for kind in arguments.databases:
        with tempfile.TemporaryDirectory() as name:
            passes.append(run_mixed_load(kind, Path(name), arguments.minutes * 60))
    return 0 if all(passes) else 1


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main())
