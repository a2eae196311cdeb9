"""How gunicorn serves the app."""

import json
import runpy
import socket
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from gunicorn import util

from legal.settings import ROOT


@pytest.fixture
def config(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A function that reads the configuration as gunicorn does, under an environment."""

    def read(**environment: str) -> dict[str, Any]:
        for name in ("BIND", "WEB_CONCURRENCY"):
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(ROOT / "gunicorn.conf.py"))

    return read


def test_it_serves_this_machine_alone_unless_told(config) -> None:
    assert config()["bind"] == "127.0.0.1:8000"
    assert config(BIND="0.0.0.0:80")["bind"] == "0.0.0.0:80"


def test_the_number_of_workers_can_be_told(config) -> None:
    assert config(WEB_CONCURRENCY="7")["workers"] == 7


def test_it_needs_no_home_folder(config) -> None:
    assert config()["control_socket_disable"] is True


def test_a_forked_worker_opens_connections_of_its_own(config, app: Flask) -> None:
    database = app.extensions["database"]
    app.test_client().get("/v1/codebook")
    pool = database.engine.pool
    config()["post_fork"](None, SimpleNamespace(app=SimpleNamespace(wsgi=lambda: app)))
    assert database.engine.pool is not pool
    assert app.test_client().get("/v1/codebook").status_code == 200


@pytest.mark.parametrize(("status", "slug"), [(414, "uri-too-long"), (400, "bad-request"), (418, "bad-request"), (505, "internal-error")])
def test_what_it_cannot_read_is_a_problem_too(config, monkeypatch: pytest.MonkeyPatch, status: int, slug: str) -> None:
    monkeypatch.setattr(util, "write_error", util.write_error)  # put back what the hook replaces
    config()["post_worker_init"](None)
    here, there = socket.socketpair()
    with here, there:
        util.write_error(here, status, "Refused", "what was sent: <script>")
        head, _, body = there.recv(4096).partition(b"\r\n\r\n")
    assert f"HTTP/1.1 {status} Refused\r\n".encode() in head
    assert b"Content-Type: application/problem+json" in head
    assert json.loads(body)["type"] == f"/problems/{slug}"
    assert b"script" not in body
