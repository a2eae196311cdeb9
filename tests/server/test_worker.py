"""The worker: how it stops, how it is replaced, and what it refuses to do."""

import os
import threading
from collections.abc import Callable
from typing import Any

import pytest
from gunicorn.config import Config

from legal.server.worker import BufferedWorker
from tests.server.conftest import WAIT_SECONDS, Server, read_answer, wait_for

Serve = Callable[..., Server]
GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


class Gate:
    """An app that answers when it is told to."""

    def __init__(self) -> None:
        self.may_end, self.has_begun = threading.Event(), threading.Event()

    def __call__(self, _environ: Any, start_response: Any) -> list[bytes]:
        self.has_begun.set()
        self.may_end.wait(WAIT_SECONDS)
        start_response("200 OK", [("Content-Length", "4")])
        return [b"done"]


def test_worker_that_stops_finishes_what_has_begun(serve: Serve) -> None:
    app = Gate()
    server = serve(app)
    with server.connect() as client, server.connect() as idle:
        wait_for(lambda: len(server.worker.connections) == 2)
        client.sendall(GET)
        assert app.has_begun.wait(WAIT_SECONDS)
        server.worker.handle_exit(15, None)
        wait_for(lambda: server.worker.sockets[0].fileno() < 0)
        app.may_end.set()
        assert read_answer(client).endswith(b"done")
        assert idle.recv(1) == b""


def test_worker_that_stops_does_not_wait_for_ever(serve: Serve) -> None:
    app = Gate()
    server = serve(app, graceful_timeout=0)
    with server.connect() as client:
        client.sendall(GET)
        assert app.has_begun.wait(WAIT_SECONDS)
        server.stop()
        assert client.recv(1) == b""
    app.may_end.set()


def test_stopping_worker_says_that_it_closes(serve: Serve) -> None:
    app = Gate()
    app.may_end.set()
    server = serve(app)
    with server.connect() as client:
        wait_for(lambda: server.worker.connections)
        server.worker.handle_exit(15, None)
        wait_for(lambda: server.worker.sockets[0].fileno() < 0)
        client.sendall(GET)
        assert b"Connection: close" in read_answer(client)


def test_stopping_worker_takes_another_request_where_it_has_promised_to(serve: Serve) -> None:
    app = Gate()
    server = serve(app)
    with server.connect() as client:
        client.sendall(GET)
        assert app.has_begun.wait(WAIT_SECONDS)
        server.worker.handle_exit(15, None)
        wait_for(lambda: server.worker.sockets[0].fileno() < 0)
        app.may_end.set()
        assert b"Connection: keep-alive" in read_answer(client)
        client.sendall(GET)
        assert b"Connection: close" in read_answer(client)


def test_worker_is_replaced_after_its_number_of_requests(serve: Serve) -> None:
    app = Gate()
    app.may_end.set()
    server = serve(app, max_requests=2)
    with server.connect() as client:
        for ending in (b"keep-alive", b"close"):
            client.sendall(GET)
            assert b"Connection: " + ending in read_answer(client)
    server.thread.join(WAIT_SECONDS)
    assert not server.thread.is_alive()


def test_worker_whose_threads_are_stuck_is_replaced(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    exits: list[int] = []
    monkeypatch.setattr(os, "_exit", exits.append)
    app = Gate()
    server = serve(app)
    with server.connect() as one, server.connect() as two:
        one.sendall(GET)
        two.sendall(GET)
        assert app.has_begun.wait(WAIT_SECONDS)
        wait_for(lambda: server.worker._threads.seconds_without_progress() > 0)
        server.worker.timeout = 0.01
        wait_for(lambda: exits)
        server.worker.timeout = 0
        app.may_end.set()
    assert exits[0] == 1
    assert any(line.startswith("critical: Every thread has been busy") for line in server.lines)


def test_worker_notices_that_gunicorn_is_gone(serve: Serve) -> None:
    server = serve(Gate())
    server.worker.ppid = 0
    server.thread.join(WAIT_SECONDS)
    assert not server.thread.is_alive()


@pytest.mark.parametrize(("setting", "value"), [("certfile", "a.pem"), ("proxy_protocol", "auto")])
def test_it_refuses_what_it_does_not_speak(setting: str, value: str) -> None:
    cfg = Config()
    BufferedWorker.check_config(cfg, None)
    cfg.set(setting, value)
    with pytest.raises(SystemExit, match="Put a proxy in front"):
        BufferedWorker.check_config(cfg, None)


def test_connection_that_fails_is_closed_and_logged(serve: Serve) -> None:
    server = serve(Gate())
    with server.connect() as client:
        wait_for(lambda: len(server.worker.connections) == 1)
        [connection] = server.worker.connections

        def fail(_connection: Any) -> None:
            raise ConnectionResetError("reset")

        connection.watched = (connection.watched[0], fail) if connection.watched else (1, fail)
        server.worker._handle_event(connection, fail, 1)
        assert client.recv(1) == b""
    assert "debug: A client is gone: reset" in server.lines
