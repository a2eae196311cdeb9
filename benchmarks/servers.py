"""Start servers on one core of their own, and read what they cost from the operating system."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.load import Address, fetch

HOST = "127.0.0.1"
_PROC = Path("/proc")
_FOREIGN_SETTINGS = ("PYTHONHOME", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "GUNICORN_CMD_ARGS", "WEB_CONCURRENCY")
"""Settings of the shell that would change what a server is."""
_SECONDS_TO_START = 60
_SECONDS_BETWEEN_TRIES = 0.005
CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
SERVER_CORE, LOAD_CORE = (CORES[0], CORES[-1]) if CORES else (None, None)


@contextmanager
def pinned_to(core: int | None) -> Iterator[None]:
    """Run this process, and what it starts, on one core in the block, where the system can do that."""
    if core is None:
        yield
        return
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, CORES)


def find_free_port() -> int:
    """Return a port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """A server that is started with a command; ``{port}`` in it and in the environment stands for its port."""

    name: str
    command: Sequence[str]
    folder: Path
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    first_path: str = "/"
    """What is asked for to see whether it serves."""
    address: Address = (HOST, 0)
    process: subprocess.Popen[bytes] | None = None

    def start(self, port: int | None = None) -> float:
        """Start the server, on a free port if none is given, and return the seconds until its first answer.

        Raises:
            RuntimeError: it ended, or did not answer in time; the message has the last line of its log.
        """
        port = port or find_free_port()
        self.address = (HOST, port)
        shell = {name: value for name, value in os.environ.items() if name not in _FOREIGN_SETTINGS}
        environment = {**shell, **{name: value.replace("{port}", str(port)) for name, value in self.environment.items()}}
        with self.log.open("ab") as log, pinned_to(SERVER_CORE):
            started = time.perf_counter()
            self.process = subprocess.Popen(
                [part.replace("{port}", str(port)) for part in self.command], cwd=self.folder, env=environment, stdout=log, stderr=log
            )
        while time.perf_counter() - started < _SECONDS_TO_START and self.process.poll() is None:
            with suppress(OSError):
                fetch(self.address, self.first_path)
                return time.perf_counter() - started
            time.sleep(_SECONDS_BETWEEN_TRIES)
        self.stop()
        lines = self.log.read_text(errors="replace").strip().splitlines()
        raise RuntimeError(f"it does not start: {lines[-1] if lines else 'no message'}")

    def stop(self) -> None:
        """End the server and wait for it."""
        if self.process:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None

    def cpu_seconds(self) -> float | None:
        """Return the processor time of its processes so far, in user and system; None where the system does not tell."""
        if not self.process or not _PROC.is_dir():
            return None
        ticks = 0
        for pid in list_process_tree(self.process.pid):
            with suppress(OSError):  # the process has just ended
                ticks += sum(map(int, _read_stat(pid)[11:13]))
        return ticks / os.sysconf("SC_CLK_TCK")

    def memory_bytes(self) -> tuple[int, int] | None:
        """Return the proportional and the resident set size of its processes; None where the system does not tell."""
        if not self.process or not _PROC.is_dir():
            return None
        sizes = {"Pss": 0, "Rss": 0}
        for pid in list_process_tree(self.process.pid):
            for line in (_PROC / str(pid) / "smaps_rollup").read_text().splitlines():
                name, _, value = line.partition(":")
                if name in sizes:
                    sizes[name] += int(value.split()[0]) * 1024
        return sizes["Pss"], sizes["Rss"]


def list_process_tree(pid: int) -> list[int]:
    """Return a process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for folder in _PROC.glob("[0-9]*"):
        with suppress(OSError):  # the process has just ended
            children.setdefault(int(_read_stat(int(folder.name))[1]), []).append(int(folder.name))
    tree = [pid]
    for parent in tree:  # grows while it is read
        tree += children.get(parent, [])
    return tree


def _read_stat(pid: int) -> list[str]:
    """Return the fields of ``/proc/PID/stat`` after the name of the program, which may hold spaces: state, parent, and so on."""
    return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()


@contextmanager
def running(servers: Sequence[Server]) -> Iterator[None]:
    """Start all servers, and stop them when the block ends."""
    try:
        for server in servers:
            server.start()
        yield
    finally:
        for server in servers:
            server.stop()
