"""Start a PostgreSQL primary with a streaming replica, from the programs that are installed on this machine."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.servers import children_of

_SETTINGS = [
    "fsync=off",
    "synchronous_commit=off",
    "wal_level=replica",
    "max_wal_senders=4",
    "hot_standby=on",
    "max_standby_streaming_delay=100ms",
    "wal_receiver_status_interval=1",
]


def find_programs() -> Path:
    """Return the folder of PostgreSQL's programs; the calling test is skipped if there is none that can replicate."""
    folders = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    if (found := shutil.which("pg_basebackup")) is not None:
        folders.append(Path(found).resolve().parent)
    for folder in folders:
        if all((folder / name).is_file() for name in ("initdb", "pg_ctl", "pg_basebackup")):
            return folder
    pytest.skip("streaming replicas: initdb, pg_ctl and pg_basebackup are not installed")


class Server:
    """A PostgreSQL server of this test run. ``url`` is that of its only database."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.programs = programs
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"postgresql://postgres@127.0.0.1:{self.port}/legal"

    def run(self, program: str, *options: str) -> None:
        """Run one of PostgreSQL's programs, which refuse to run as root."""
        command = [str(self.programs / program), *options]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        # The server inherits what it writes to, so that a pipe would stay open as long as it runs.
        with (self.folder.parent / f"{program}.log").open("ab") as log:
            subprocess.run(command, check=True, stdout=log, stderr=log, cwd=self.folder.parent, timeout=120)  # noqa: S603 - our own server

    def start(self) -> None:
        """Start the server and wait until it answers."""
        settings = [*_SETTINGS, f"port={self.port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={self.folder.parent}"]
        options = " ".join(f"-c {setting}" for setting in settings)
        self.run(
            "pg_ctl", "start", "--wait", "-D", str(self.folder), "-l", str(self.folder.parent / f"{self.folder.name}.log"), "-o", options
        )

    def stop(self) -> None:
        """Stop the server as a crash does, without a last word to its clients."""
        self.run("pg_ctl", "stop", "-m", "immediate", "-D", str(self.folder))

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Stop all processes of the server in the block. The kernel still accepts connections for it, and nothing answers."""
        postmaster = int((self.folder / "postmaster.pid").read_text(encoding="ascii").splitlines()[0])
        processes: list[int] = []
        while running := [process for process in (postmaster, *children_of(postmaster)) if process not in processes]:
            for process in running:
                os.kill(process, signal.SIGSTOP)
            processes += running
        try:
            yield
        finally:
            for process in processes:
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGCONT)

    def is_running(self) -> bool:
        """Return whether the server accepts connections."""
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def execute(self, statement: str, database: str = "legal") -> object:
        """Execute a statement and return its first value, if it has one."""
        engine = create_engine(
            self.url.replace("postgresql:", "postgresql+psycopg:").replace("/legal", f"/{database}"), isolation_level="AUTOCOMMIT"
        )
        try:
            with engine.connect() as connection:
                result = connection.execute(text(statement))
                return result.scalar() if result.returns_rows else None
        finally:
            engine.dispose()


def _start_primary(stack: ExitStack) -> Server:
    """Start a server with an empty database; it stops and is deleted with the stack."""
    programs = find_programs()
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="legal-replicas-")))
    if os.geteuid() == 0:
        if shutil.which("runuser") is None:
            pytest.skip("streaming replicas: root cannot start PostgreSQL, and runuser is not installed")
        shutil.chown(folder, "postgres")
    primary = Server(programs, folder / "primary")
    primary.run(
        "initdb", "-D", str(primary.folder), "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"
    )
    stack.callback(lambda: primary.stop() if primary.is_running() else None)
    primary.start()
    primary.execute("CREATE DATABASE legal", "postgres")
    return primary


@contextmanager
def replicated_servers() -> Iterator[tuple[Server, Server]]:
    """Give a primary with an empty database and a replica that streams from it."""
    with ExitStack() as stack:
        primary = _start_primary(stack)
        replica = Server(primary.programs, primary.folder.parent / "replica")
        stack.callback(lambda: replica.stop() if replica.is_running() else None)
        replica.run(
            "pg_basebackup",
            "-D",
            str(replica.folder),
            "-R",
            "-X",
            "stream",
            "-h",
            "127.0.0.1",
            "-p",
            str(primary.port),
            "-U",
            "postgres",
            "-c",
            "fast",
            "--no-sync",
        )
        replica.start()
        yield primary, replica


@contextmanager
def lone_server() -> Iterator[Server]:
    """Give a server with an empty database and no replica."""
    with ExitStack() as stack:
        yield _start_primary(stack)
