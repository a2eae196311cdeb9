"""A faulty virtual environment is repaired, or `make` says in one line why it cannot be. Run by `make installs`."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.installs.checkouts import checkout, run

NOBODY = 65534


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a checkout with a complete installation of an empty lock."""
    folder = checkout(tmp_path_factory.mktemp("installed"))
    for lock in ("requirements.txt", "requirements-dev.txt"):
        (folder / lock).touch()
    done = run(folder, "make", ".venv/test.stamp")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def copy(installed: Path, tmp_path: Path) -> Path:
    """Return a copy of that checkout in another folder. Its scripts still name the original folder."""
    return Path(shutil.copytree(installed, tmp_path / "checkout", symlinks=True))


def sound(folder: Path) -> bool:
    """Return whether the environment has its own pip, which starts, and is marked as installed."""
    said = run(folder, ".venv/bin/pip", "--version").stdout
    return f"from {folder}/.venv/" in said and (folder / ".venv" / "run.stamp").exists()


def test_what_is_sound_is_left_alone(installed: Path) -> None:
    assert run(installed, "make", "--question", ".venv/test.stamp").returncode == 0


def test_a_moved_checkout_is_installed_anew(copy: Path) -> None:
    assert run(copy, "make", ".venv/run.stamp").returncode == 0
    assert sound(copy)


@pytest.mark.parametrize("fault", ["no pip", "no Python"])
def test_a_broken_environment_is_made_anew(tmp_path: Path, fault: str) -> None:
    folder = checkout(tmp_path / "checkout")
    (folder / "requirements.txt").touch()
    environment = folder / ".venv"
    assert run(folder, sys.executable, "-m", "venv", "--without-pip", ".venv").returncode == 0
    if fault == "no Python":
        (environment / "bin" / "python").unlink()
        (environment / "bin" / "python").symlink_to(tmp_path / "gone")
    (environment / "run.stamp").touch()
    done = run(folder, "make", ".venv/run.stamp")
    assert done.returncode == 0, done.stderr
    assert sound(folder)


def refusal(folder: Path, *options: str, user: int | None = None) -> str:
    """Return the error output of a `make` that fails, without the lines of `make` itself. It shows tracebacks and second lines."""
    done = run(folder, "make", ".venv/run.stamp", *options, user=user)
    assert done.returncode != 0
    assert not (folder / ".venv").exists()
    return "\n".join(line for line in done.stderr.splitlines() if not line.startswith("make"))


@pytest.fixture
def bare() -> Iterator[Path]:
    """Yield a checkout without an installation, which any user may read."""
    with tempfile.TemporaryDirectory() as outer:
        Path(outer).chmod(0o755)
        folder = checkout(Path(outer) / "checkout")
        (folder / "requirements.txt").touch()
        yield folder
        folder.chmod(0o755)


def test_a_python_without_venv_is_refused_with_what_to_install(bare: Path) -> None:
    # Debian's Python without the package python3-venv.
    stub = bare / "python"
    stub.write_text(f'#!/bin/sh\ncase "$*" in *ensurepip*) exit 1; esac\nexec "{sys.executable}" "$@"\n')
    stub.chmod(0o755)
    said = refusal(bare, f"PYTHON={stub}")
    assert said == f"{stub} cannot make virtual environments. Install what is missing; on Debian and Ubuntu: apt-get install python3-venv"


@pytest.mark.parametrize("python", ["false", "no-such-python", ""])
def test_a_python_that_does_not_do_is_refused(bare: Path, python: str) -> None:
    said = refusal(bare, f"PYTHON={python}")
    assert said.startswith("Python is needed in one of the versions 3.11 ")
    assert "\n" not in said


def test_a_checkout_that_cannot_be_written_to_is_refused(bare: Path) -> None:
    bare.chmod(0o555)
    said = refusal(bare, user=NOBODY if os.geteuid() == 0 else None)
    assert said == "The checkout or its folder .venv cannot be written to. Make it writable or use another copy."
