"""Write the files of a mirror: only those that differ, each in one step, and delete those that an earlier run wrote and this one did not."""

import hashlib
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import orjson

from legal.cli.mirror.addresses import file_name
from legal.errors import RefusedOperation

MANIFEST_NAME = "manifest.json"
HEADERS_NAME = "_headers"


@dataclass(frozen=True, slots=True)
class SyncResult:
    """The number of files that were written, left as they were, and deleted."""

    written_count: int
    unchanged_count: int
    deleted_count: int


def write_mirror(folder: Path, files: Mapping[str, tuple[dict[str, str], bytes]], about: dict[str, Any]) -> SyncResult:
    """Make a folder hold exactly the files, by address, each with its headers and bytes; ``about`` describes the mirror.

    The manifest has the headers of every file, for programs that upload to an object store. ``_headers`` has them as
    Netlify, Cloudflare Pages and others read them.

    Raises:
        RefusedOperation: the folder holds something else, or the name of a file leads out of it.
    """
    earlier_names = _load_earlier_names(folder)
    entries = {
        file_name(address): {
            **headers,
            "ETag": f'"{hashlib.sha256(body).hexdigest()[:32]}"',
            "Content-Length": len(body),
        }
        for address, (headers, body) in sorted(files.items())
    }
    bodies = {file_name(address): body for address, (_, body) in files.items()}
    bodies[HEADERS_NAME] = _header_rules(files).encode()
    manifest = orjson.dumps({**about, "files": entries}, option=orjson.OPT_INDENT_2) + b"\n"
    if not (folder / MANIFEST_NAME).exists():  # so that the next run knows the folder if this one does not come to its end
        _write_file(folder, MANIFEST_NAME, orjson.dumps({"is_complete": False, "files": entries}))
    written_count = sum(_write_file(folder, name, body) for name, body in sorted(bodies.items()))
    deleted = [name for name in sorted(earlier_names - bodies.keys()) if _delete_file(folder, name)]
    written_count += _write_file(folder, MANIFEST_NAME, manifest)
    return SyncResult(written_count, len(bodies) + 1 - written_count, len(deleted))


def _load_earlier_names(folder: Path) -> set[str]:
    """Return the names of the files that an earlier run wrote.

    Raises:
        RefusedOperation: the folder has files and no manifest of a mirror.
    """
    try:
        manifest = orjson.loads((folder / MANIFEST_NAME).read_bytes())
        return {*manifest["files"], HEADERS_NAME}
    except FileNotFoundError:
        if folder.is_dir() and any(folder.iterdir()):
            raise RefusedOperation(f"{folder} is not empty and no mirror. Use another folder; nothing was written.") from None
        return set()
    except (ValueError, KeyError, TypeError):
        raise RefusedOperation(f"{folder / MANIFEST_NAME} is not the manifest of a mirror; nothing was written.") from None


def _write_file(folder: Path, name: str, body: bytes) -> bool:
    """Write a file in one step unless it has these bytes already; return whether it was written."""
    path = _path_of(folder, name)
    with suppress(FileNotFoundError):
        if path.stat().st_size == len(body) and path.read_bytes() == body:
            return False
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(body)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return True


def _delete_file(folder: Path, name: str) -> bool:
    """Delete a file, and the folders that are empty then; return whether it was there."""
    path = _path_of(folder, name)
    if not path.is_file():
        return False
    path.unlink()
    parent = path.parent
    while parent != folder and not any(parent.iterdir()):
        parent.rmdir()
        parent = parent.parent
    return True


def _path_of(folder: Path, name: str) -> Path:
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise RefusedOperation(f"{name} leads out of the folder; nothing more was written.")
    return path


def _header_rules(files: Mapping[str, tuple[dict[str, str], bytes]]) -> str:
    """Return the rules of ``_headers``: one for all files of a folder and a kind that have the same headers."""
    rules = []
    for pattern, group in groupby(sorted(files, key=_pattern_of), key=_pattern_of):
        addresses = list(group)
        header_sets = {address: files[address][0] for address in addresses}
        if all(headers == header_sets[addresses[0]] for headers in header_sets.values()):
            header_sets = {pattern: header_sets[addresses[0]]}
        for rule, headers in header_sets.items():
            rules.append("\n".join([rule, *(f"  {name}: {value}" for name, value in headers.items())]))
    return "\n".join(rules) + "\n"


def _pattern_of(address: str) -> str:
    folder, slash, rest = address.lstrip("/").partition("/")
    if not slash:
        return address
    return f"/{folder.partition('~')[0]}*" if address.endswith("/") else f"/{folder}/*.{rest.rpartition('.')[2]}"
