"""The application: it is put together, or says in one line why not."""

import pytest

from app import create_app
from legal.db.engine import normalised
from legal.errors import InvalidInput
from legal.settings import Settings


def settings(url: str) -> Settings:
    """Settings with a database's address."""
    return Settings(database_url=url, secret_key="a secret of the tests", response_cache_bytes=0)


@pytest.mark.parametrize("url", ["nonsense://", "nothing", "", "mysql://u:hunter2@h/d", "postgresql://u:hunter2@h:port/d"])
def test_an_address_that_is_none_is_told_in_one_line_without_its_password(url: str) -> None:
    with pytest.raises(SystemExit) as ended:
        create_app(settings(url))
    assert str(ended.value).startswith("Error: The setting DATABASE_URL is no address of a database")
    assert "hunter2" not in str(ended.value)


def test_an_address_that_is_none_is_an_input_that_is_refused() -> None:
    with pytest.raises(InvalidInput, match="SQLite or PostgreSQL"):
        normalised("oracle://db")


@pytest.mark.parametrize("given", ["half", "-1", "101"])
def test_a_setting_that_is_none_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("ROSTER_LARGEST_FALL", given)
    with pytest.raises(SystemExit, match=rf"^Error: The setting ROSTER_LARGEST_FALL is '{given}'; .* per cent up to 100"):
        create_app()
