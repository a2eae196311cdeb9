"""Outages of the database: cached answers go on and say that they are old, other reads are refused soon, and all recovers."""

import resource
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from legal import revision_check
from legal.db.engine import Database
from tests.conftest import make_app
from tests.db.proxies import StallingProxy

CARD_PATH, OTHER_PATH = "/v1/jurisdictions/VA", "/v1/jurisdictions/WA"
CACHE_BYTES = 16 * 1024 * 1024
ENOUGH_SECONDS = 15.0
"""More than the waits of all attempts together, and far less than the 30 seconds and more that requests used to wait."""


@contextmanager
def open_cached_app(url: str) -> Iterator[Flask]:
    """Give an app with a response cache, that waits for the database for a second."""
    app = make_app(url, CACHE_BYTES, database_timeout_ms=1000)
    yield app
    app.extensions["database"].dispose()


@pytest.fixture(autouse=True)
def _check_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask for the newest revision at each request, so that a test need not wait for the next second."""
    monkeypatch.setattr(revision_check, "CHECK_SECONDS", 0.0)


def assert_outage_is_survived(client: FlaskClient, begin: Callable[[], None], end: Callable[[], None]) -> None:
    """Check the answers before, during and after an outage."""
    fresh = client.get(CARD_PATH)
    assert fresh.status_code == 200
    assert "Warning" not in fresh.headers
    begin()
    started = time.monotonic()
    stale = client.get(CARD_PATH)
    until = time.monotonic() + ENOUGH_SECONDS
    refused = client.get(OTHER_PATH)
    while "Warning" not in stale.headers:
        assert time.monotonic() < until
        stale = client.get(CARD_PATH)
    assert stale.data == fresh.data
    assert stale.headers["Warning"] == '110 - "Response is Stale"'
    assert 0 <= int(stale.headers["Age"]) < 60
    assert client.get(CARD_PATH, headers={"If-None-Match": fresh.headers["ETag"]}).headers["Warning"]
    assert (refused.status_code, refused.json["type"]) == (503, "/problems/not-ready")
    assert int(refused.headers["Retry-After"]) > 0
    assert client.get(OTHER_PATH).status_code == 503
    assert client.get("/healthz").status_code == 200
    assert time.monotonic() - started < ENOUGH_SECONDS
    end()
    until = time.monotonic() + ENOUGH_SECONDS
    while "Warning" in client.get(CARD_PATH).headers or client.get(OTHER_PATH).status_code != 200:
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.mark.databases("postgresql")
def test_frozen_server_is_survived(copy_database: Callable[[str], str]) -> None:
    url = make_url(copy_database("seeded"))
    proxy = StallingProxy(url)
    with open_cached_app(proxy.url) as app:
        assert_outage_is_survived(app.test_client(), proxy.may_pass.clear, proxy.may_pass.set)
    proxy.close()


@pytest.mark.databases("postgresql")
def test_locked_table_is_survived(copy_database: Callable[[str], str]) -> None:
    url = copy_database("seeded")
    engine = create_engine(make_url(url))
    with open_cached_app(url) as app, engine.connect() as blocker:

        def lock() -> None:
            blocker.exec_driver_sql("LOCK TABLE revisions IN ACCESS EXCLUSIVE MODE")

        assert_outage_is_survived(app.test_client(), lock, blocker.rollback)
    engine.dispose()


@pytest.mark.databases("postgresql")
def test_abandoned_statement_ends_in_the_server(copy_database: Callable[[str], str]) -> None:
    database = Database(copy_database("seeded"), timeout_seconds=0.5)
    with pytest.raises(Exception, match=r"has not answered within 0\.5 seconds"), database.answering() as session:
        session.connection().exec_driver_sql("SELECT pg_sleep(600)")
    until = time.monotonic() + ENOUGH_SECONDS
    sleeping = "SELECT count(*) FROM pg_stat_activity WHERE starts_with(query, 'SELECT pg_sleep') AND datname = current_database() AND state = 'active'"
    with database.reading() as session:
        while session.connection().exec_driver_sql(sleeping).scalar():
            assert time.monotonic() < until
            time.sleep(0.1)
            session.rollback()
    database.dispose()


@pytest.mark.databases("sqlite")
def test_locked_file_is_survived(copy_database: Callable[[str], str]) -> None:
    url = copy_database("seeded")
    with open_cached_app(url) as app:
        blocker = sqlite3.connect(str(make_url(url).database), isolation_level=None)

        def lock() -> None:
            app.extensions["database"].dispose()
            blocker.execute("PRAGMA locking_mode=EXCLUSIVE")
            blocker.execute("BEGIN EXCLUSIVE")
            blocker.execute("DELETE FROM alembic_version")

        assert_outage_is_survived(app.test_client(), lock, blocker.close)


@pytest.mark.databases("sqlite")
def test_pinned_answer_is_never_called_stale(copy_database: Callable[[str], str]) -> None:
    url = copy_database("seeded")
    with open_cached_app(url) as app:
        client = app.test_client()
        path = f"{CARD_PATH}?as_of=2026-11-01&revision=1&rules=2"
        assert "immutable" in client.get(path).headers["Cache-Control"]
        app.extensions["database"].engine.pool.dispose()
        app.extensions["response_cache"]._check._is_answered = False
        app.extensions["response_cache"]._check._load_state = lambda: None
        assert "Warning" not in client.get(path).headers


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize(
    "path", ["/v1/export/landscape.zip?as_of=2026-11-03", "/v1/export/landscape.sqlite?as_of=2026-11-03", "/v1/measures?format=xlsx"]
)
def test_full_disk_is_a_503_with_one_line_in_the_log(
    copy_database: Callable[[str], str], capfd: pytest.CaptureFixture[str], path: str
) -> None:
    with open_cached_app(copy_database("seeded")) as app:
        client = app.test_client()
        assert client.get(CARD_PATH).status_code == 200
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (16 * 1024, limits[1]))
        try:
            response = client.get(path)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert (response.status_code, response.headers["Retry-After"]) == (503, "60")
        with client.get(path) as response:
            assert response.status_code == 200
    lines = capfd.readouterr().err.splitlines()
    assert len(lines) == 1
    assert "No room to write a file" in lines[0]
