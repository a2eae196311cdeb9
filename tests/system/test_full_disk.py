"""Test the service and its commands on a file system that has no room left, which is a real one in memory."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from legal.settings import ROOT
from tests.databases import prepare_database
from tests.servers import RunningService, children_of, running_service, wait_until

CARD, OTHER = "/v1/jurisdictions/VA", "/v1/jurisdictions/WA"
WORKBOOK, ZIP, SQLITE = "/v1/measures?format=xlsx", "/v1/export/landscape.zip", "/v1/export/landscape.sqlite"
DISK_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Disk:
    """A file system of this test alone, with a seeded database on it."""

    folder: Path

    @property
    def url(self) -> str:
        """Return the URL of the database."""
        return f"sqlite:///{self.folder / 'legal.sqlite'}"

    @property
    def settings(self) -> dict[str, str]:
        """Return the settings that put all that the service writes on this disk."""
        return {"TMPDIR": str(self.folder), "EXPORT_FOLDER": str(self.folder / "exports"), "METRICS": "local", "RATE_LIMIT": "off"}

    def fill(self) -> None:
        """Write until nothing more can be written."""
        with (self.folder / "ballast").open("ab", buffering=0) as ballast:
            for size in (1024 * 1024, 4096, 1):
                try:
                    while ballast.write(bytes(size)):
                        pass
                except OSError:
                    continue

    def free(self) -> None:
        """Make room again."""
        (self.folder / "ballast").unlink()

    def names(self) -> set[str]:
        """Return the names of what is on the disk, without those of SQLite's log and of the ballast."""
        return {path.name for path in self.folder.iterdir() if not path.name.endswith(("-wal", "-shm")) and path.name != "ballast"}

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the service."""
        environment = os.environ | self.settings | {"DATABASE_URL": self.url, "SECRET_KEY": "a secret of the tests", "METRICS": "off"}
        arguments = [sys.executable, "-m", "flask", *command]
        return subprocess.run(arguments, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own code


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """A disk with a seeded database, and nothing else."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    if mount is None or os.geteuid() != 0:
        pytest.skip("a full disk: only root can mount one")
    options = ["-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder)]
    if subprocess.run([mount, *options], capture_output=True, check=False).returncode != 0:  # noqa: S603 - a program of the system
        pytest.skip("a full disk: this machine lets nobody mount a file system in memory")
    try:
        mounted = Disk(folder)
        prepare_database(mounted.url, seeded=True)
        yield mounted
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)  # noqa: S603, S607 - a program of the system


@pytest.fixture
def service(disk: Disk, tmp_path: Path) -> Iterator[RunningService]:
    """A service whose database and temporary files are on the disk."""
    with running_service(tmp_path, disk.url, workers=1, **disk.settings) as running:
        assert running.get(CARD).status == 200
        yield running


def test_requests_that_need_room_are_503_until_there_is_some(service: RunningService, disk: Disk) -> None:
    expected_names = disk.names() | {"exports"}
    disk.fill()
    for path in (WORKBOOK, ZIP, SQLITE):
        answer = service.get(path)
        assert (answer.status, answer.headers["retry-after"]) == (503, "60"), path
    assert [service.get(path).status for path in (OTHER, "/readyz", "/v1/measures?format=csv", "/metrics")] == [200] * 4
    assert disk.names() == expected_names
    assert [path.name for path in (disk.folder / "exports").iterdir() if path.name != "lock"] == []
    disk.free()
    assert [service.get(path).status for path in (WORKBOOK, ZIP, SQLITE)] == [200] * 3
    assert disk.names() == expected_names
    log = service.log.read_text()
    assert log.count("No room to write a file") == 3
    assert "Traceback" not in log


def test_worker_that_starts_on_a_full_disk_serves_and_does_not_count(service: RunningService, disk: Disk) -> None:
    before = children_of(service.master)
    disk.fill()
    os.kill(before[0], signal.SIGKILL)
    wait_until(lambda: children_of(service.master) not in ([], before), "another worker")
    after = children_of(service.master)
    assert [service.get(path).status for path in (CARD, OTHER, "/metrics")] == [200] * 3
    assert children_of(service.master) == after
    assert service.log.read_text().count("This process does not count requests") == 1


def test_service_that_starts_on_a_full_disk_answers_once_there_is_room(disk: Disk, tmp_path: Path) -> None:
    disk.fill()
    with running_service(tmp_path, disk.url, workers=1, **disk.settings) as service:
        assert service.get("/healthz").status == 200
        answer = service.get(CARD)  # SQLite needs a file beside the database to read it
        assert answer.status == 503
        assert int(answer.headers["retry-after"]) > 0
        disk.free()
        wait_until(lambda: service.get(CARD).status == 200, "an answer")
        log = service.log.read_text()
        assert log.count("The database does not answer, and requests are refused: disk I/O error") == 1
        assert log.count("The database answers again.") == 1
        assert "Traceback" not in log


def test_commands_fail_with_one_line_and_leave_the_record_as_it_was(disk: Disk, tmp_path: Path) -> None:
    backup = tmp_path / "backup"
    assert disk.run("backup", str(backup)).returncode == 0
    seeds = tmp_path / "seeds"
    shutil.copytree(ROOT / "seeds", seeds)  # with the counts of the rosters, which the database does not have
    expected_rows = load_rows(disk)
    disk.fill()
    commands = [
        ("seed", str(seeds)),
        ("restore", "--replace", str(backup)),
        ("backup", str(disk.folder / "another")),
        ("copy", "--to", f"sqlite:///{disk.folder / 'copy.sqlite'}"),
        ("db", "new-epoch"),
        ("mirror", str(disk.folder / "mirror")),
    ]
    for command in commands:
        result = disk.run(*command)
        assert (result.returncode, result.stdout) == (1, ""), command
        *log, error = result.stderr.splitlines()
        assert error.startswith("Error: ")
        if command[0] == "mirror":  # the answers that it asks for say the cause
            assert log
            assert all("No room to write a file" in line for line in log)
        else:
            assert log == []
            assert any(words in error for words in ("disk is full", "No space left", "its disk has free space")), error
    assert load_rows(disk) == expected_rows
    assert "another" not in disk.names()
    disk.free()
    assert disk.run("doctor").returncode == 0
    for command in commands:
        result = disk.run(*command)
        assert result.returncode == 0, (command, result.stderr)
    assert disk.run("doctor").returncode == 0


def load_rows(disk: Disk) -> list[tuple[int, ...]]:
    """Return how many rows some tables have. The file is read as it is, because SQLite needs room to lock it."""
    log = disk.folder / "legal.sqlite-wal"
    assert not log.exists() or log.stat().st_size == 0
    with closing(sqlite3.connect(f"file:{disk.folder / 'legal.sqlite'}?immutable=1", uri=True)) as connection:
        tables = ("revisions", "record_epoch", "measure_versions", "figure_versions", "search_entries", "documents")
        return [connection.execute(f"SELECT count(*) FROM {table}").fetchone() for table in tables]  # noqa: S608 - constants
