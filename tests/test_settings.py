"""The settings: what holds without any environment, and the secret that is kept."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from legal import settings
from legal.errors import InvalidInput
from legal.settings import ROOT, Settings

NAMES = ("DATABASE_URL", "SECRET_KEY", "RESPONSE_CACHE_BYTES", "PUBLIC_URL")


@pytest.fixture(autouse=True)
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An instance folder of the test's own, and an environment that sets nothing."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(settings, "INSTANCE", tmp_path / "instance")
    return tmp_path / "instance"


def test_nothing_needs_to_be_set(instance: Path) -> None:
    found = Settings.from_environment()
    assert found.database_url == f"sqlite:///{instance / 'legal.sqlite'}"
    assert found.response_cache_bytes > 0
    assert len(found.secret_key) == 64


def test_the_secret_outlives_a_restart() -> None:
    assert Settings.from_environment().secret_key == Settings.from_environment().secret_key


def test_the_secret_is_for_its_owner_alone(instance: Path) -> None:
    Settings.from_environment()
    assert stat.S_IMODE((instance / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in instance.iterdir()] == ["secret_key"]


def test_what_is_set_is_used_and_no_secret_is_kept(instance: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in zip(NAMES, ("sqlite:////elsewhere.sqlite", "a secret", "17", "https://a.example/law/"), strict=True):
        monkeypatch.setenv(name, value)
    assert Settings.from_environment() == Settings("sqlite:////elsewhere.sqlite", "a secret", 17, "https://a.example/law")
    assert not instance.exists()


def test_what_is_set_to_nothing_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    unset = Settings.from_environment()
    for name in NAMES:
        monkeypatch.setenv(name, "")
    assert Settings.from_environment() == unset


@pytest.mark.parametrize(
    "given", ["landscape.example", "ftp://a.example", "https://", "https://a.example/?q", "https://a b", "https://a\n"]
)
def test_an_address_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("PUBLIC_URL", given)
    with pytest.raises(InvalidInput, match="PUBLIC_URL"):
        Settings.from_environment()


def test_another_worker_that_was_first_keeps_its_secret(tmp_path: Path) -> None:
    code = "import sys, pathlib; from legal.settings import _kept_secret; print(_kept_secret(pathlib.Path(sys.argv[1])))"
    command = [sys.executable, "-c", code, str(tmp_path / "new" / "secret_key")]
    workers = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(4)]  # noqa: S603
    assert len({worker.communicate()[0] for worker in workers}) == 1
    assert {worker.returncode for worker in workers} == {0}


@pytest.mark.parametrize("given", ["64M", "-1", "1.5", "٣"])
def test_a_number_of_bytes_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("RESPONSE_CACHE_BYTES", given)
    with pytest.raises(InvalidInput, match="RESPONSE_CACHE_BYTES"):
        Settings.from_environment()
