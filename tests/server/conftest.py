"""Fixtures that run the worker in a thread of the test, on real sockets."""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from gunicorn.config import Config

from legal.server import worker as worker_module
from legal.server.worker import BufferedWorker

WAIT_SECONDS = 20.0
"""How long a test waits for what must happen. It is no measure of speed."""


class LogLines(list[str]):
    """A logger as gunicorn has it, that keeps its lines."""

    def __getattr__(self, level: str) -> Callable[..., None]:
        if level == "access":
            return lambda response, request, _environ, _seconds: self.append(f"access: {request.method} {request.uri} {response.status}")
        return lambda message, *values, **_: self.append(f"{level}: {message % values if values else message}")


class Server:
    """A worker that serves in a thread. ``lines`` is its log."""

    def __init__(self, app: Any, **settings: Any) -> None:
        cfg = Config()
        for name, value in {"threads": 2, "keepalive": 10, "graceful_timeout": 10, **settings}.items():
            cfg.set(name, value)
        self.lines = LogLines()
        listener = socket.create_server(("127.0.0.1", 0))
        self.port = listener.getsockname()[1]
        self.worker = BufferedWorker(1, os.getppid(), [listener], SimpleNamespace(wsgi=lambda: app), cfg.timeout, cfg, self.lines)
        self.worker.wsgi = app
        self.thread = threading.Thread(target=self.worker.run, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        """Stop the worker as SIGTERM does, and wait for its end."""
        self.worker.handle_exit(15, None)
        self.thread.join(WAIT_SECONDS)
        assert not self.thread.is_alive()
        self.worker.tmp.close()

    def connect(self) -> socket.socket:
        """Return a connection to the server."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=WAIT_SECONDS)

    def exchange(self, request: bytes) -> bytes:
        """Send bytes and return everything that the server sends until it closes the connection."""
        with self.connect() as client:
            client.sendall(request)
            return read_to_end(client)

    def get(self, path: str = "/") -> bytes:
        """Return the body of an answer."""
        answer = self.exchange(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        return answer.partition(b"\r\n\r\n")[2]


def read_to_end(client: socket.socket) -> bytes:
    """Read until the server closes the connection."""
    parts = []
    while part := client.recv(65536):
        parts.append(part)
    return b"".join(parts)


def read_answer(client: socket.socket) -> bytes:
    """Read one answer that has a Content-Length, and return its head and body."""
    answer = b""
    while b"\r\n\r\n" not in answer:
        part = client.recv(65536)
        assert part, answer
        answer += part
    head, _, body = answer.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].split()[0])
    while len(body) < length:
        body += client.recv(65536)
    return head + b"\r\n\r\n" + body


def wait_for(condition: Callable[[], Any]) -> None:
    """Wait until a condition holds."""
    until = time.monotonic() + WAIT_SECONDS
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Server]]:
    """A function that serves an app with settings of gunicorn until the test ends."""
    monkeypatch.setattr(worker_module, "_TICK_SECONDS", 0.05)

    @contextmanager
    def run(app: Any, **settings: Any) -> Iterator[Server]:
        server = Server(app, **settings)
        yield server
        server.stop()

    with ExitStack() as stack:
        yield lambda app, **settings: stack.enter_context(run(app, **settings))


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the server lose patience with clients after a tenth of a second."""
    for name in ("HEAD_SECONDS", "BODY_SECONDS", "STALL_SECONDS", "DRAIN_SECONDS"):
        monkeypatch.setattr(worker_module, name, 0.1)
