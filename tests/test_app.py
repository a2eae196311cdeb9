"""Test that the application starts, or exits with a one-line error."""

from pathlib import Path

import pytest

from app import create_app
from legal.db.engine import normalize_url
from legal.errors import InvalidInput
from legal.settings import Settings
from tests.conftest import make_app


def make_settings(url: str) -> Settings:
    """Return settings with a database URL."""
    return Settings(database_url=url, secret_key="a secret of the tests", response_cache_bytes=0)


@pytest.mark.parametrize("url", ["nonsense://", "nothing", "", "mysql://u:hunter2@h/d", "postgresql://u:hunter2@h:port/d"])
def test_invalid_database_url_is_one_line_without_its_password(url: str) -> None:
    with pytest.raises(SystemExit) as caught:
        create_app(make_settings(url))
    assert str(caught.value).startswith("Error: DATABASE_URL is not a valid database URL")
    assert "hunter2" not in str(caught.value)


def test_unsupported_database_is_an_invalid_input() -> None:
    with pytest.raises(InvalidInput, match="SQLite or PostgreSQL"):
        normalize_url("oracle://db")


def test_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SystemExit, match=r"^Error: the service cannot read or write what it needs to start: .*Not a directory"):
        create_app(make_settings(f"sqlite:///{tmp_path}/file/folder/legal.sqlite"))


@pytest.mark.parametrize("value", ["half", "-1", "101"])
def test_invalid_setting_is_one_line(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("ROSTER_LARGEST_FALL", value)
    with pytest.raises(SystemExit, match=rf"^Error: The setting ROSTER_LARGEST_FALL is '{value}'\. .* percent up to 100"):
        create_app()


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("trusted_proxies", "10.0.0.1, 999.1.1.1", r"TRUSTED_PROXIES is '10\.0\.0\.1, 999\.1\.1\.1'"),
        ("rate_limit_storage_uri", "nonsense://u:hunter2@h", "RATELIMIT_STORAGE_URI names no storage"),
    ],
)
def test_setting_of_the_rate_limits_that_cannot_work_is_one_line(setting: str, value: str, words: str) -> None:
    with pytest.raises(SystemExit, match=rf"^Error: .*{words}") as caught:
        make_app("sqlite://", rate_limit="9/hour", **{setting: value})
    assert "hunter2" not in str(caught.value)
