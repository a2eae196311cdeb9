"""Keep exports as files: each is written once, one at a time, and the ones used longest ago are deleted."""

import fcntl
import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import BinaryIO

from legal.settings import ROOT

MAX_KEPT_FILES = 12
"""The number of files to keep, so that requests for many days and revisions cannot fill the disk."""
_PART_SUFFIX = ".part"


def open_export(folder: Path, name: str, write_file: Callable[[Path], None]) -> BinaryIO:
    """Open an export by its name. If it does not exist, write it first.

    Only one export is written at a time, by any process that uses the folder. The others wait, because writing an export
    occupies a whole processor. Exports with different contents must have different names.

    Raises:
        OSError: the folder cannot be written.
    """
    path = folder / name
    with suppress(FileNotFoundError):
        return _open_as_used(path)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with suppress(FileNotFoundError):  # another request has written it in the meantime
            return _open_as_used(path)
        part = folder / f"{name}{_PART_SUFFIX}"
        part.unlink(missing_ok=True)
        try:
            write_file(part)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        file = _open_as_used(path)
        _delete_oldest(folder)
        return file


def _open_as_used(path: Path) -> BinaryIO:
    file = path.open("rb")
    with suppress(FileNotFoundError):  # another request has just deleted it; the opened file stays readable
        os.utime(path)
    return file


def _delete_oldest(folder: Path) -> None:
    files = sorted((path for path in folder.glob("landscape-*")), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in files[MAX_KEPT_FILES:]:
        path.unlink(missing_ok=True)


@cache
def hash_program() -> str:
    """Return a hash of the program's modules. A new release may compute other answers for an old revision."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "legal").rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
