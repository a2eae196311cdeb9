"""Answers: they are sent without a thread, as fast as their client reads, and released when it leaves."""

import contextvars
import io
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from legal.server.outgoing import Outgoing
from tests.server.conftest import WAIT_SECONDS, Server, read_answer, read_to_end, wait_for

Serve = Callable[..., Server]
GET = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
PART = b"x" * 100_000


class Stream:
    """An app that answers ``/quick`` at once and anything else with a long stream; it knows what it has produced."""

    def __init__(self, parts: int = 1000) -> None:
        self.parts = parts
        self.produced = self.closed = 0

    def __call__(self, environ: Any, start_response: Any) -> Any:
        if environ["PATH_INFO"] == "/quick":
            start_response("200 OK", [("Content-Length", "5")])
            return [b"quick"]
        start_response("200 OK", [])
        return self.produce()

    def produce(self) -> Iterator[bytes]:
        """Yield the parts, and count them."""
        try:
            for _ in range(self.parts):
                self.produced += 1
                yield PART
        finally:
            self.closed += 1


def connect_slow_reader(server: Server, stack: ExitStack) -> socket.socket:
    """Return a connection that has asked for a stream and reads nothing."""
    client = stack.enter_context(socket.socket())
    client.settimeout(WAIT_SECONDS)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.connect(("127.0.0.1", server.port))
    client.sendall(GET)
    return client


def test_slow_readers_hold_no_thread_and_little_memory(serve: Serve) -> None:
    app = Stream()
    server = serve(app)
    with ExitStack() as stack:
        for _ in range(10):
            connect_slow_reader(server, stack)
        wait_for(lambda: app.produced >= 10)
        assert server.get("/quick") == b"quick"
        assert app.produced < 10 * app.parts / 2
        assert all(connection.outgoing.buffered_bytes < 10 * len(PART) for connection in server.worker.connections)
    wait_for(lambda: app.closed == 10)


def test_stream_is_whole(serve: Serve) -> None:
    app = Stream(parts=50)
    body = serve(app).get()
    assert body.count(b"x") == 50 * len(PART)
    assert body.endswith(b"\r\n0\r\n\r\n")
    assert app.closed == 1


@pytest.mark.usefixtures("patience")
def test_client_that_reads_nothing_is_left(serve: Serve) -> None:
    app = Stream()
    server = serve(app)
    with ExitStack() as stack:
        connect_slow_reader(server, stack)
        wait_for(lambda: app.closed)
    assert not server.worker.connections


def test_parts_share_the_context_of_the_request(serve: Serve) -> None:
    variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable", default="unset")

    def app(_environ: Any, start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [])
        variable.set("set")
        for _ in range(10):
            yield PART
            yield variable.get().encode()

    server = serve(app, threads=4)
    assert server.get().count(b"unset") == 0


def serve_file(path: Path, length: str | None, wrap: Callable[[Any], Any] = lambda file: file) -> Any:
    """Return an app that serves a file from its third byte on."""

    def app(environ: Any, start_response: Any) -> Any:
        file = wrap(path.open("rb"))
        file.seek(2)
        start_response("200 OK", [("Content-Length", length)] if length else [])
        return environ["wsgi.file_wrapper"](file)

    return app


@pytest.fixture
def large_file(tmp_path: Path) -> Path:
    """A file of a megabyte."""
    path = tmp_path / "file"
    path.write_bytes(b"0123456789" * 100_000)
    return path


def test_file_is_sent_from_where_it_stands(serve: Serve, large_file: Path) -> None:
    assert serve(serve_file(large_file, "999998")).get() == large_file.read_bytes()[2:]


def test_file_of_unknown_length_is_sent_in_chunks(serve: Serve, large_file: Path) -> None:
    assert serve(serve_file(large_file, None)).get().count(b"9") == 100_000


def test_file_without_number_is_read(serve: Serve, large_file: Path) -> None:
    def wrap(file: Any) -> io.BytesIO:
        with file:
            return io.BytesIO(file.read())

    assert serve(serve_file(large_file, "999998", wrap)).get() == large_file.read_bytes()[2:]


def test_head_of_a_file_has_no_body(serve: Serve, large_file: Path) -> None:
    answer = serve(serve_file(large_file, "999998")).exchange(GET.replace(b"GET", b"HEAD"))
    assert b"Content-Length: 999998\r\n" in answer
    assert answer.endswith(b"\r\n\r\n")


def test_file_that_shrinks_ends_the_connection(large_file: Path) -> None:
    outgoing = Outgoing()
    here, there = socket.socketpair()
    with here, there, large_file.open("rb") as file:
        outgoing.append_file(file, 2_000_000, 10)
        with pytest.raises(OSError, match="shorter"):
            outgoing.send_to(here)
        assert outgoing


def test_full_socket_is_not_waited_for() -> None:
    outgoing = Outgoing()
    here, there = socket.socketpair()
    with here, there:
        here.setblocking(False)
        outgoing.sendall(PART * 100)
        for _ in range(200):
            outgoing.send_to(here)
        assert outgoing
        assert 0 < outgoing.buffered_bytes < 100 * len(PART)


def test_answer_shorter_than_announced_ends_the_connection(serve: Serve) -> None:
    def app(_environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Length", "10")])
        return [b"short"]

    assert serve(app).exchange(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").endswith(b"\r\n\r\nshort")


def test_empty_parts_are_left_out(serve: Serve) -> None:
    def app(_environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Length", "2")])
        return [b"", b"ok", b""]

    assert serve(app).get() == b"ok"


def test_app_that_fails_is_a_500(serve: Serve) -> None:
    def app(_environ: Any, _start_response: Any) -> list[bytes]:
        raise SystemExit("an app must not end a thread")

    server = serve(app, threads=1)
    for _ in range(2):
        assert server.exchange(GET).startswith(b"HTTP/1.1 500 ")
    assert "exception: Error handling request GET /" in server.lines


def test_app_that_fails_later_cuts_the_answer_short(serve: Serve) -> None:
    def app(_environ: Any, start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [])
        for _ in range(5):
            yield PART
        raise ValueError("a fault")

    server = serve(app)
    assert not server.get().endswith(b"0\r\n\r\n")
    assert "error: Error while an answer was sent." in server.lines


def test_app_that_fails_when_closed_is_logged(serve: Serve) -> None:
    class Result(list[bytes]):
        def close(self) -> None:
            raise ValueError("a fault")

    def app(_environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Length", "2")])
        return Result([b"ok"])

    server = serve(app)
    assert server.get() == b"ok"
    wait_for(lambda: "exception: Error after an answer was sent." in server.lines)


def test_client_that_leaves_during_the_work_is_forgotten(serve: Serve) -> None:
    may_end, closed = threading.Event(), threading.Event()

    class Result(list[bytes]):
        def close(self) -> None:
            closed.set()

    def app(_environ: Any, start_response: Any) -> list[bytes]:
        may_end.wait(WAIT_SECONDS)
        start_response("200 OK", [])
        return Result([PART] * 2)

    server = serve(app)
    with server.connect() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # the server sees a reset
        client.sendall(GET)
        wait_for(lambda: any(connection.deadline == float("inf") for connection in server.worker.connections))
    may_end.set()
    assert closed.wait(WAIT_SECONDS)
    wait_for(lambda: not server.worker.connections)


def test_every_request_is_in_the_access_log_once(serve: Serve) -> None:
    server = serve(Stream(parts=20))
    server.get()
    server.get("/quick")
    wait_for(
        lambda: sorted(line for line in server.lines if line.startswith("access")) == ["access: GET / 200 OK", "access: GET /quick 200 OK"]
    )


def test_answer_follows_on_a_kept_connection(serve: Serve) -> None:
    with serve(Stream()).connect() as client:
        for _ in range(3):
            client.sendall(b"GET /quick HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert b"Connection: keep-alive" in read_answer(client)
        client.sendall(GET)
        assert read_to_end(client)
