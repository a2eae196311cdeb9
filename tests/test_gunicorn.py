"""Gunicorn serves the app with the settings in ``gunicorn.conf.py``."""

import gc
import http.client
import json
import os
import re
import runpy
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from gunicorn import util

from legal.settings import ROOT
from tests.servers import children_of


@pytest.fixture
def config(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A function that reads the configuration as gunicorn does, under an environment."""

    def read(**environment: str) -> dict[str, Any]:
        for name in ("BIND", "WEB_CONCURRENCY"):
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(ROOT / "gunicorn.conf.py"))

    yield read
    gc.enable()  # the configuration turns it off until the first worker is forked


def test_garbage_is_collected_from_the_first_worker_on(config) -> None:
    hooks = config()
    assert not gc.isenabled()
    hooks["pre_fork"](None, None)
    assert gc.isenabled()


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
    config()["post_worker_init"](SimpleNamespace(age=2, cfg=SimpleNamespace(workers=1), wsgi=SimpleNamespace(extensions={})))
    here, there = socket.socketpair()
    with here, there:
        util.write_error(here, status, "Refused", "what was sent: <script>")
        head, _, body = there.recv(4096).partition(b"\r\n\r\n")
    assert f"HTTP/1.1 {status} Refused\r\n".encode() in head
    assert b"Content-Type: application/problem+json" in head
    assert b"X-Content-Type-Options: nosniff" in head
    assert json.loads(body)["type"] == f"/problems/{slug}"
    assert b"script" not in body


def test_quick_requests_are_told_apart(config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(util, "write_error", util.write_error)
    asked: list[Any] = []
    cache = SimpleNamespace(can_answer_at_once=lambda *parts: asked.append(parts) or True)
    worker = SimpleNamespace(age=2, cfg=SimpleNamespace(workers=1), wsgi=SimpleNamespace(extensions={"response_cache": cache}))
    config()["post_worker_init"](worker)
    assert worker.is_quick(SimpleNamespace(method="GET", path="/a", query="b=c", headers=[("HOST", "x"), ("ACCEPT", "text/csv")]))
    assert worker.is_quick(SimpleNamespace(method="HEAD", path="/a", query="", headers=[]))
    assert asked == [("GET", "/a", "b=c", "text/csv"), ("HEAD", "/a", "", "")]


@contextmanager
def gunicorn(*options: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """A real server, stopped when the block ends; no database is behind it."""
    settings = {"DATABASE_URL": "sqlite://", "SECRET_KEY": "a secret of the tests"}
    command = [sys.executable, "-m", "gunicorn", *options]
    with subprocess.Popen(  # noqa: S603 - our own server
        command, cwd=ROOT, env=os.environ | settings | environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        yield server
        server.terminate()
        server.communicate(timeout=30)


def health(family: int, address: Any) -> int:
    """Return the status of `/healthz` on the server that listens at an address."""
    connection = http.client.HTTPConnection("localhost")
    connection.sock = socket.socket(family)
    connection.sock.connect(address)
    connection.request("GET", "/healthz")
    with connection.getresponse() as response:
        status = response.status
    connection.close()
    return status


def has_ipv6() -> bool:
    """Return whether this machine has the IPv6 loopback address, which some containers lack."""
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


def test_it_says_where_it_serves_once_it_serves(tmp_path: Path) -> None:
    path, ipv6 = str(tmp_path / "socket"), has_ipv6()
    binds = ["127.0.0.1:0", f"unix:{path}", *["[::1]:0"] * ipv6]
    with gunicorn(*(f"--bind={bind}" for bind in binds), BIND="127.0.0.1:1") as server:
        assert server.stdout
        said = server.stdout.readline()
        found = re.fullmatch(r"Serving at http://127\.0\.0\.1:(\d+), unix:(\S+?)(?:, http://\[::1]:(\d+))? — try: curl (\S+)\n", said)
        assert found, said
        assert found[2] == path
        assert bool(found[3]) is ipv6
        assert found[4] == f"http://127.0.0.1:{found[1]}/v1/jurisdictions/VA"
        assert health(socket.AF_INET, ("127.0.0.1", int(found[1]))) == 200
        assert health(socket.AF_UNIX, path) == 200
        if ipv6:
            assert health(socket.AF_INET6, ("::1", int(found[3]))) == 200


@pytest.mark.parametrize(
    ("address", "request_"),
    [
        ("http://0.0.0.0:80", "http://127.0.0.1:80/v1/jurisdictions/VA"),
        ("http://[::]:80", "'http://[::1]:80/v1/jurisdictions/VA'"),
        ("unix:/run/legal", "--unix-socket /run/legal http://localhost/v1/jurisdictions/VA"),
    ],
)
def test_what_it_says_to_try_can_be_tried(config, capsys: pytest.CaptureFixture[str], address: str, request_: str) -> None:
    config()["_announce"]([address])
    assert capsys.readouterr().out == f"Serving at {address} — try: curl {request_}\n"


def test_a_port_that_is_taken_is_refused_in_one_line_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        name = f"127.0.0.1:{taken.getsockname()[1]}"
        with gunicorn("--log-level", "warning", BIND=name) as server:
            _, said = server.communicate(timeout=30)
    assert server.returncode == 1
    assert said == f"Error: cannot listen on {name}: it is in use already. To use another address: BIND=127.0.0.1:8001 make run\n"


def starting(config: Any, *addresses: Any, reuse_port: bool = False) -> None:
    """Run the hook that the server runs before it listens."""
    config()["on_starting"](SimpleNamespace(cfg=SimpleNamespace(address=[*addresses], reuse_port=reuse_port)))


def test_what_cannot_be_listened_on_is_refused(config, tmp_path: Path) -> None:
    taken = str(tmp_path / "taken")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(taken)
        server.listen()
        with pytest.raises(SystemExit, match=r"cannot listen on unix:\S+/taken: it is in use already"):
            starting(config, taken)
    with pytest.raises(SystemExit, match=r"cannot listen on unix:\S+/nowhere/socket: No such file or directory"):
        starting(config, str(tmp_path / "nowhere" / "socket"))
    with pytest.raises(SystemExit, match=r"cannot listen on \[2001:db8::1]:8001: .+ BIND=127\.0\.0\.1:8002 make run"):
        starting(config, ("2001:db8::1", 8001))  # an address that documentation has, and no machine


def test_what_can_be_listened_on_is_left_as_it_was(config, tmp_path: Path) -> None:
    left, free = tmp_path / "left", tmp_path / "free"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(left))
    starting(config, ("127.0.0.1", 0), str(left), str(free), 3)
    assert left.is_socket()
    assert not free.exists()


def test_sockets_that_are_handed_over_or_shared_are_not_tried(config, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        starting(config, taken.getsockname(), reuse_port=True)
        for name in ("LISTEN_FDS", "GUNICORN_FD"):
            monkeypatch.setenv(name, "3")
            starting(config, taken.getsockname())
            monkeypatch.delenv(name)


def test_killed_worker_is_replaced_and_others_go_on() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        address = probe.getsockname()
    with gunicorn(BIND=f"127.0.0.1:{address[1]}") as server:
        assert server.stdout
        server.stdout.readline()
        workers = children_of(server.pid)
        os.kill(workers[0], signal.SIGKILL)
        assert [health(socket.AF_INET, address) for _ in range(20)] == [200] * 20
        until = time.monotonic() + 20
        while len(alive := children_of(server.pid)) < 2 or workers[0] in alive:
            assert time.monotonic() < until
            time.sleep(0.05)


HOSTILE_HEADERS = {
    "Script_Name": "/v1",
    "Script-Name": "/v1",
    "Path_Info": "/docs",
    "X-Script-Name": "/v1",
    "X-Forwarded-Prefix": "/v1",
    "X-Forwarded-For": "203.0.113.7",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Port": "444",
    "X-Forwarded-Ssl": "on",
    "X-Forwarded-Protocol": "ssl",
    "Forwarded": "for=203.0.113.7;host=evil.example;proto=https",
}


@pytest.mark.parametrize("path", ["/docs", "/v1", "/openapi.json", "/v1/", "/problems/not-found"])
def test_headers_of_a_proxy_change_nothing_by_default(path: str) -> None:
    with running_server() as address:
        plain, hostile = fetch(address, path), fetch(address, path, HOSTILE_HEADERS)
    assert plain == hostile


def test_answers_of_every_status_forbid_guessing_types() -> None:
    paths = {"/healthz": 200, "/v1/": 308, "/v1/nothing": 404, "/v1/codebook?x=1": 422, "/" + "x" * 9000: 414, "/docs": 200}
    with running_server() as address:
        answers = {path: fetch(address, path, {"Accept": "text/html"}) for path in paths}
        large = fetch(address, "/healthz", {"X-Large": "x" * 9000})
    assert {path: status for path, (status, _, _) in answers.items()} == paths
    assert large[0] == 431
    for status, headers, _ in [*answers.values(), large]:
        assert headers.get("X-Content-Type-Options") == "nosniff", status
        assert ("text/html" not in headers.get("Content-Type", "")) or "unsafe" not in headers["Content-Security-Policy"]


@contextmanager
def running_server() -> Iterator[Any]:
    """Give the address of a server."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        address = probe.getsockname()
    with gunicorn(BIND=f"127.0.0.1:{address[1]}", WEB_CONCURRENCY="1", RATE_LIMIT="off") as server:
        assert server.stdout
        server.stdout.readline()
        yield address


def fetch(address: Any, path: str, headers: dict[str, str] | None = None) -> tuple[int, dict[str, str], bytes]:
    """Return the status, the headers without the date, and the body of an answer."""
    connection = http.client.HTTPConnection(*address)
    connection.request("GET", path, headers=headers or {})
    with connection.getresponse() as response:
        answer = response.status, {name: value for name, value in response.getheaders() if name != "Date"}, response.read()
    connection.close()
    return answer
