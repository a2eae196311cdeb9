"""Releases published after the lock change no install, with old pips too. Run by `make installs`, which needs the package index."""

import hashlib
import json
import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.installs.checkouts import checkout, install_pip, run

LOCKS = ("requirements.txt", "requirements-dev.txt")
LATER = "9999"


def blocks(lock: str) -> list[str]:
    """Return the requirements of a lock file, each with its hashes."""
    return [block for block in re.split(r"\n(?=\S)", lock) if re.match(r"\w", block)]


def pinned(lock: str) -> dict[str, str]:
    """Return the version of each package in a lock file, by name."""
    return dict(re.match(r"([\w.-]+)(?:\[.*?])?==([^\s;]+)", block).groups() for block in blocks(lock))  # type: ignore[union-attr, misc]


def wheel(folder: Path, name: str, version: str, metadata: str | None = None) -> str:
    """Write a wheel that contains only metadata, and return its hash."""
    stem = f"{name.replace('-', '_')}-{version}"
    path = folder / f"{stem}-py3-none-any.whl"
    with ZipFile(path, "w") as archive:
        archive.writestr(f"{stem}.dist-info/METADATA", metadata or f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        archive.writestr(f"{stem}.dist-info/WHEEL", "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{stem}.dist-info/RECORD", "".join(f"{stem}.dist-info/{part},,\n" for part in ("METADATA", "WHEEL", "RECORD")))
    return hashlib.sha256(path.read_bytes()).hexdigest()


def metadata(name: str, version: str) -> str | None:
    """Return the metadata of a locked package, with its dependencies and extras; None if it is not installed here."""
    try:
        found = distribution(name)
    except PackageNotFoundError:  # for other systems or Pythons
        return None
    assert found.version == version
    return found.read_text("METADATA")


def installed(folder: Path) -> dict[str, str]:
    """Return the version of each package in `.venv`, by name, except for pip and setuptools."""
    listed = json.loads(run(folder, ".venv/bin/python", "-m", "pip", "list", "--format", "json").stdout)
    return {re.sub(r"[-_.]+", "-", one["name"]).lower(): one["version"] for one in listed if one["name"] not in {"pip", "setuptools"}}


@pytest.mark.parametrize("pip", ["22.3", "23.2.1"])
def test_an_index_with_newer_releases_of_everything_changes_nothing(pip: str, tmp_path: Path) -> None:
    folder = checkout(tmp_path / "checkout")
    index = tmp_path / "index"
    index.mkdir()
    install_pip(folder, pip)
    source = Path(__file__).parents[2]
    hashes: dict[tuple[str, str], str] = {}
    for lock in LOCKS:
        text = (source / lock).read_text(encoding="utf-8")
        for name, version in pinned(text).items() - hashes.keys():
            wheel(index, name, LATER)
            hashes[name, version] = wheel(index, name, version, metadata(name, version))
        wheels = [
            re.sub(r"--hash=.*", f"--hash=sha256:{hashes[next(iter(pinned(one).items()))]}", one, count=1, flags=re.DOTALL)
            for one in blocks(text)
        ]
        (folder / lock).write_text("\n".join(wheels) + "\n", encoding="utf-8")

    # The settings of others, too, would break or divert an install.
    hostile = {
        "PIP_USER": "1",
        "PIP_TARGET": str(tmp_path / "elsewhere"),
        "PIP_CONSTRAINT": str(tmp_path / "none"),
        "PYTHONPATH": str(source),
    }
    done = run(folder, "make", ".venv/test.stamp", **hostile, PIP_NO_INDEX="1", PIP_FIND_LINKS=str(index))
    assert done.returncode == 0, done.stderr
    found = installed(folder)
    assert len(found) > 100
    assert {name: version for name, version in found.items() if (name, version) not in hashes} == {}
    consistent = run(folder, ".venv/bin/python", "-m", "pip", "check")
    assert consistent.returncode == 0, consistent.stdout


def test_an_old_pip_installs_from_the_real_index_and_the_service_starts(tmp_path: Path) -> None:
    folder = checkout(tmp_path / "checkout", *LOCKS, "app.py", "legal", "seeds", "migrations", "pyproject.toml")
    install_pip(folder, "22.3")
    index = tmp_path / "index"
    index.mkdir()
    lock = (folder / LOCKS[0]).read_text(encoding="utf-8")
    for name in pinned(lock):
        wheel(index, name, LATER)
    # In the lock and not in the environment, where it would hide what this machine has set.
    (folder / LOCKS[0]).write_text(f"--find-links {index}\n{lock}", encoding="utf-8")
    done = run(folder, "make", ".venv/run.stamp")
    assert done.returncode == 0, done.stderr
    assert {*installed(folder).items()} <= {*pinned(lock).items()}
    consistent = run(folder, ".venv/bin/python", "-m", "pip", "check")
    assert consistent.returncode == 0, consistent.stdout
    started = run(folder, ".venv/bin/flask", "db", "upgrade")
    assert started.returncode == 0, started.stderr


def test_what_is_installed_here_lacks_nothing(tmp_path: Path) -> None:
    done = run(Path(__file__).parents[2], ".venv/bin/python", "-m", "pip", "check")
    assert done.returncode == 0, done.stdout
