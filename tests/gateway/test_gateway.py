"""Rate limits, request ids, log lines and metrics, through the whole app."""

import io
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import Client

from legal.gateway import metrics
from legal.gateway.rate_limits import RateLimiter
from legal.settings import ROOT
from tests.api.factories import database_url
from tests.conftest import make_app

# What stands in front of the app does not depend on the database.
pytestmark = pytest.mark.databases("sqlite")
CARD_PATH = "/v1/jurisdictions/VA"


@pytest.fixture
def open_app(app: Flask) -> Iterator[Callable[..., Flask]]:
    """A function that creates an app on the database of ``app``, with a response cache and further settings."""
    apps: list[Flask] = []

    def create(**settings: Any) -> Flask:
        apps.append(make_app(database_url(app.extensions["database"]), 16 * 1024 * 1024, **settings))
        return apps[-1]

    yield create
    for opened in apps:
        opened.extensions["database"].dispose()


def test_work_is_limited_and_cached_answers_are_free(open_app: Callable[..., Flask]) -> None:
    client = open_app(rate_limit="3/hour").test_client()
    for _ in range(5):
        card = client.get(CARD_PATH)
        assert (card.status_code, "RateLimit" in card.headers) == (200, False)
    missing = client.get("/v1/nothing")
    assert missing.status_code == 404
    assert missing.headers["RateLimit-Policy"] == '"work";q=3;w=3600'
    assert re.fullmatch(r'"work";r=1;t=\d+', missing.headers["RateLimit"])
    assert client.post("/v1/nothing").status_code == 404
    refused = client.get("/v1/codebook")
    assert (refused.status_code, refused.json["type"]) == (429, "/problems/too-many-requests")
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    assert refused.headers["RateLimit"].startswith('"work";r=0;t=')
    assert refused.headers["X-Content-Type-Options"] == "nosniff"
    assert client.head("/v1/codebook").data == b""
    assert client.get(CARD_PATH).status_code == client.get("/healthz").status_code == 200


def test_clients_have_limits_of_their_own(open_app: Callable[..., Flask]) -> None:
    client = open_app(rate_limit="1/hour", trusted_proxies="127.0.0.1").test_client()
    statuses = [
        client.get(f"/v1/measures?limit={number}", headers={"X-Forwarded-For": address}).status_code
        for number, address in enumerate(("203.0.113.1", "203.0.113.1", "203.0.113.2"), 1)
    ]
    assert statuses == [200, 429, 200]


def test_export_costs_more_than_other_answers(open_app: Callable[..., Flask]) -> None:
    client = open_app(rate_limit="15/hour").test_client()
    statuses = []
    for _ in range(2):
        with client.get("/v1/export/landscape.zip") as response:
            statuses.append(response.status_code)
    assert statuses == [200, 429]


def test_limits_that_cannot_be_counted_stop_nobody(
    open_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    clock = SimpleNamespace(monotonic=iter([0.0, 0.5, 2.0, 4.0, 100.0]).__next__, time=time.time)
    monkeypatch.setattr("legal.gateway.rate_limits.time", clock)
    limiter = RateLimiter(respond_ok, "1/hour", "redis://127.0.0.1:1/0", (), b"")
    for _ in range(5):
        assert Client(limiter).get("/").status_code == 200
    assert capfd.readouterr().err.count("does not answer") == 2


def respond_ok(_environ: Any, start_response: Any) -> list[bytes]:
    """Answer with 200."""
    start_response("200 OK", [])
    return [b"ok"]


@pytest.mark.parametrize(("sent", "kept"), [("abc-1.2_3", True), ("a b", False), ("x" * 65, False), ("", False)])
def test_request_id_is_kept_if_it_is_plain(open_app: Callable[..., Flask], sent: str, kept: bool) -> None:
    app = open_app(log_requests=True)
    app.wsgi_app.log = io.StringIO()
    request_id = app.test_client().get("/healthz", headers={"X-Request-ID": sent}).headers["X-Request-ID"]
    assert (request_id == sent) is kept
    assert kept or re.fullmatch("[0-9a-f]{16}", request_id)


def test_no_id_is_made_up_where_nothing_is_logged(open_app: Callable[..., Flask]) -> None:
    client = open_app().test_client()
    assert "X-Request-ID" not in client.get("/healthz").headers
    assert client.get("/healthz", headers={"X-Request-ID": "an-id"}).headers["X-Request-ID"] == "an-id"


def test_request_is_one_line_of_json(open_app: Callable[..., Flask]) -> None:
    app = open_app(log_requests=True)
    app.wsgi_app.log = log = io.StringIO()
    client = app.test_client()
    for path in (CARD_PATH, CARD_PATH, "/v1/nothing?q=1", "/v1/nothing?q=1", "/healthz"):
        client.get(path, headers={"X-Request-ID": "an-id"})
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert [line["cache"] for line in lines] == ["miss", "hit", "miss", "hit", "bypass"]
    assert [line["status"] for line in lines] == [200, 200, 404, 404, 200]
    assert {line["request_id"] for line in lines} == {"an-id"}
    assert (lines[2]["method"], lines[2]["path"], lines[2]["query"]) == ("GET", "/v1/nothing", "q=1")
    assert all(line["milliseconds"] >= 0 for line in lines)


def test_log_goes_to_standard_error(open_app: Callable[..., Flask], capfd: pytest.CaptureFixture[str]) -> None:
    open_app(log_requests=True).test_client().get("/healthz")
    assert json.loads(capfd.readouterr().err)["path"] == "/healthz"


@pytest.mark.parametrize(
    ("metrics", "headers", "status"),
    [("off", {}, 404), ("local", {}, 200), ("local", {"X-Forwarded-For": "203.0.113.7"}, 404), ("public", {"Via": "a proxy"}, 200)],
)
def test_metrics_are_shown_to_whom_the_operator_says(
    open_app: Callable[..., Flask], metrics: str, headers: dict[str, str], status: int
) -> None:
    client = open_app(metrics=metrics).test_client()
    client.get(CARD_PATH)
    client.open("/healthz", method="BREW")
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == status
    if status == 200:
        assert re.search(r'landscape_requests_total\{cache="miss",method="GET",status="200"\} [1-9]', answer.text)
        assert 'method="other"' in answer.text
        assert "BREW" not in answer.text


def test_metrics_of_all_workers_add_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = "from legal.gateway.metrics import count_request; count_request('GET', '200', 'hit', 0.1)"
    environment = {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    for _ in range(3):
        subprocess.run([sys.executable, "-c", code], env=environment, check=True)  # noqa: S603 - our own code
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    code = "from legal.gateway.metrics import render_metrics; print(render_metrics().decode())"
    text = subprocess.run([sys.executable, "-c", code], env=environment, check=True, capture_output=True, text=True).stdout  # noqa: S603
    assert 'landscape_requests_total{cache="hit",method="GET",status="200"} 3.0' in text


def test_room_for_numbers_is_reserved_or_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(metrics, "_is_counting", True)
    metrics.reserve_counter_files(tmp_path)
    assert {file.stat().st_size for file in tmp_path.iterdir()} == {131072}
    before = metrics.render_metrics()
    metrics.reserve_counter_files(tmp_path / "missing")
    metrics.count_request("GET", "200", "hit", 0.1)
    assert metrics.render_metrics() == before
    assert ["This process does not count requests" in line for line in capfd.readouterr().err.splitlines()] == [True]


def test_metrics_of_all_workers_come_from_their_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    assert metrics.render_metrics() == b""
