"""Copies of what `make` installs from, and virtual environments with a pip of a given version in them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from legal.settings import ROOT


def checkout(folder: Path, *names: str) -> Path:
    """A folder with the Makefile and what else is asked for."""
    folder.mkdir(exist_ok=True)
    for name in ("Makefile", *names):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name)
        else:
            shutil.copy(ROOT / name, folder)
    return folder


def run(folder: Path, *command: str, user: int | None = None, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder, as if no `make` had called the tests."""
    told = {name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES"}}
    return subprocess.run(  # noqa: S603 - our own commands
        command, cwd=folder, env=told | settings, user=user, group=user, capture_output=True, text=True, check=False
    )


def install_pip(folder: Path, version: str) -> None:
    """Make `.venv` with a pip of this version, or skip the test where that cannot be done."""
    # Old pips do not start on Pythons that came after them.
    python = next(
        (name for name in ("python3.11", "python3") if run(folder, "sh", "-c", f"{name} --version").returncode == 0), sys.executable
    )
    run(folder, python, "-m", "venv", "--without-pip", ".venv")
    done = run(folder, sys.executable, "-m", "pip", "--python", ".venv/bin/python", "install", "--quiet", f"pip=={version}")
    if done.returncode:
        pytest.skip(f"NOT TESTED: pip {version} cannot be installed; is the package index out of reach? {done.stderr.strip()[-200:]}")
    if run(folder, ".venv/bin/python", "-m", "pip", "--version").returncode:
        pytest.skip(f"NOT TESTED: pip {version} does not start on this Python, and there is no Python 3.11")
