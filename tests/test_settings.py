"""Settings: their defaults, their validation and the stored secret."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from legal import settings
from legal.errors import InvalidInput
from legal.settings import ROOT, Settings

VARIABLES = ("DATABASE_URL", "SECRET_KEY", "RESPONSE_CACHE_BYTES", "PUBLIC_URL", "EXPORT_FOLDER")


@pytest.fixture(autouse=True)
def instance_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An instance folder for one test, in an environment without settings."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(settings, "INSTANCE_FOLDER", tmp_path / "instance")
    return tmp_path / "instance"


def test_every_setting_has_a_default(instance_folder: Path) -> None:
    defaults = Settings.from_environment()
    assert defaults.database_url == f"sqlite:///{instance_folder / 'legal.sqlite'}"
    assert defaults.response_cache_bytes > 0
    assert len(defaults.secret_key) == 64


def test_secret_survives_a_restart() -> None:
    assert Settings.from_environment().secret_key == Settings.from_environment().secret_key


def test_only_the_owner_can_read_the_secret(instance_folder: Path) -> None:
    Settings.from_environment()
    assert stat.S_IMODE((instance_folder / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in instance_folder.iterdir()] == ["secret_key"]


def test_given_settings_are_used_and_no_secret_is_stored(instance_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in zip(VARIABLES, ("sqlite:////elsewhere.sqlite", "a secret", "17", "https://a.example/law/", "exports"), strict=True):
        monkeypatch.setenv(name, text)
    assert Settings.from_environment() == Settings(
        "sqlite:////elsewhere.sqlite", "a secret", 17, "https://a.example/law", export_folder=Path("exports"), rate_limit="600/minute"
    )
    assert not instance_folder.exists()


def test_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    unset = Settings.from_environment()
    for name in VARIABLES:
        monkeypatch.setenv(name, "")
    assert Settings.from_environment() == unset


@pytest.mark.parametrize(
    "value", ["landscape.example", "ftp://a.example", "https://", "https://a.example/?q", "https://a b", "https://a\n"]
)
def test_invalid_public_url_is_rejected(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("PUBLIC_URL", value)
    with pytest.raises(InvalidInput, match="PUBLIC_URL"):
        Settings.from_environment()


def test_concurrent_workers_agree_on_one_secret(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib; from legal.settings import _load_or_create_secret; print(_load_or_create_secret(pathlib.Path(sys.argv[1])))"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "new" / "secret_key")]
    workers = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(4)]  # noqa: S603
    assert len({worker.communicate()[0] for worker in workers}) == 1
    assert {worker.returncode for worker in workers} == {0}


@pytest.mark.parametrize("value", ["64M", "-1", "1.5", "٣"])
def test_invalid_number_of_bytes_is_rejected(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("RESPONSE_CACHE_BYTES", value)
    with pytest.raises(InvalidInput, match="RESPONSE_CACHE_BYTES"):
        Settings.from_environment()


@pytest.mark.parametrize(
    ("name", "value"),
    [("RATE_LIMIT", "many"), ("RATE_LIMIT", "0/minute"), ("METRICS", "yes"), ("LOG_REQUESTS", "1"), ("TRUSTED_PROXIES", "proxy.example")],
)
def test_invalid_choice_is_rejected(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(InvalidInput, match=name):
        Settings.from_environment()


@pytest.mark.parametrize("value", ["0", "2s"])
def test_timeout_of_the_database_is_above_zero(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("DATABASE_TIMEOUT_MS", value)
    with pytest.raises(InvalidInput, match=r"whole number of milliseconds from 1, such as 2000\.$"):
        Settings.from_environment()


def test_rate_limit_can_be_turned_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RATE_LIMIT", "off")
    assert Settings.from_environment().rate_limit == ""


@pytest.mark.parametrize("text", ["a,b", "a, b", "a b", "a\nb\n", ",a,,b,"])
def test_lists_are_separated_by_commas_or_blanks(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("DATABASE_REPLICA_URLS", text)
    monkeypatch.setenv("SECRET_KEY_FALLBACKS", text)
    given = Settings.from_environment()
    assert (given.database_replica_urls, given.secret_key_fallbacks) == (("a", "b"), ("a", "b"))
