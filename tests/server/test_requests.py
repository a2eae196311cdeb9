"""Requests: they are received without a thread, whatever their client does, and refused if they are too slow or too large."""

import errno
import socket
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest

from legal.server.bodies import ChunkedBody
from legal.settings import MAX_JSON_BYTES
from tests.server.conftest import Server, read_answer, wait_for

Serve = Callable[..., Server]
CHUNKED = b"POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"


def echo(environ: Any, start_response: Any) -> list[bytes]:
    """Answer with the method, the path and the length of the body."""
    body = environ["wsgi.input"].read()
    text = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']} {len(body)}".encode()
    start_response("200 OK", [("Content-Length", str(len(text)))])
    return [text]


def post(length: int, *headers: str) -> bytes:
    """Return the head of a request with a body of this length."""
    return "\r\n".join(["POST / HTTP/1.1", "Host: localhost", f"Content-Length: {length}", *headers, "", ""]).encode()


def status_of(answer: bytes) -> int:
    """Return the status of an answer."""
    return int(answer.split()[1])


def test_slow_heads_hold_no_thread(serve: Serve) -> None:
    server = serve(echo)
    with ExitStack() as stack:
        for _ in range(20):
            stack.enter_context(server.connect()).sendall(b"GET / HTTP/1.1\r\nHost: loc")
        assert server.get("/quick") == b"GET /quick 0"


def test_slow_bodies_hold_no_thread(serve: Serve) -> None:
    server = serve(echo)
    with ExitStack() as stack:
        for _ in range(20):
            stack.enter_context(server.connect()).sendall(post(100) + b"a part")
        assert server.get("/quick") == b"GET /quick 0"


def test_request_may_come_byte_by_byte(serve: Serve) -> None:
    server = serve(echo)
    with server.connect() as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in post(3, "Connection: close") + b"abc":
            client.sendall(bytes([byte]))
        assert read_answer(client).endswith(b"POST / 3")


def test_connection_is_kept_for_the_next_request(serve: Serve) -> None:
    with serve(echo).connect() as client:
        for path in ("/one", "/two"):
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            assert read_answer(client).endswith(f"GET {path} 0".encode())


def test_requests_sent_at_once_are_answered_in_order(serve: Serve) -> None:
    requests = post(3) + b"abc" + b"GET /two HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    answers = serve(echo).exchange(requests)
    assert answers.index(b"POST / 3") < answers.index(b"GET /two 0")


def test_old_clients_get_one_answer_for_a_connection(serve: Serve) -> None:
    assert serve(echo).exchange(b"GET / HTTP/1.0\r\n\r\n").endswith(b"GET / 0")


def test_body_is_permitted_before_it_is_sent(serve: Serve) -> None:
    with serve(echo).connect() as client:
        client.sendall(post(3, "Expect: 100-continue", "Connection: close"))
        assert client.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"abc")
        assert read_answer(client).endswith(b"POST / 3")


def test_large_body_is_kept_in_a_file(serve: Serve) -> None:
    body = b"x" * MAX_JSON_BYTES
    assert serve(echo).exchange(post(len(body), "Connection: close") + body).endswith(f"POST / {len(body)}".encode())


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET / HTTP/1.1\r\nX: " + b"x" * 9000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\n" + b"X: " + b"x" * 70_000, 431),
        (b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 12_000 + b"\r\n", 431),
        (b"GET /" + b"x" * 9000, 414),
        (b"GET / HTTP/1.1\nHost: localhost\n", 400),
        (b"GET / HTTP/1.1\r\nHost: localhost\nX: y\n\n", 400),
        (b"nonsense\r\n\r\n", 400),
        (post(MAX_JSON_BYTES + 1), 413),
        (CHUNKED + b"100001\r\n" + b"x" * 0x100001, 413),
        (CHUNKED + b"zz\r\n", 400),
        (CHUNKED + b"3\r\nabcd\r\n", 400),
        (CHUNKED + b"1" * 9000, 400),
        (CHUNKED + b"0\r\n" + b"X: y\r\n" * 3000, 431),
    ],
)
def test_unreadable_request_is_refused(serve: Serve, request_: bytes, status: int) -> None:
    assert status_of(serve(echo).exchange(request_)) == status


@pytest.mark.parametrize("end", [b"\r\n", b"X-Trailer: ignored\r\n\r\n"])
def test_body_in_chunks_is_joined(serve: Serve, end: bytes) -> None:
    assert serve(echo).exchange(CHUNKED + b"3\r\nabc\r\nA;name=value\r\n0123456789\r\n0\r\n" + end).endswith(b"POST / 13")


def test_chunks_may_be_cut_anywhere() -> None:
    body, received = ChunkedBody(), bytearray()
    stream = b"3\r\nabc\r\n2;name\r\nde\r\n0\r\nX-Trailer: y\r\n\r\n"
    ends = []
    for byte in stream:
        received.append(byte)
        ends.append(body.take_from(received))
    assert ends == [False] * (len(stream) - 1) + [True]
    body.file.seek(0)
    assert body.file.read() == b"abcde"
    body.file.close()


@pytest.mark.usefixtures("patience")
@pytest.mark.parametrize("start", [b"GET / HTTP/1.1\r\nHost: loc", post(10) + b"abc"])
def test_request_that_does_not_come_is_timed_out(serve: Serve, start: bytes) -> None:
    server = serve(echo)
    assert status_of(server.exchange(start)) == 408
    wait_for(lambda: not server.worker.connections)


@pytest.mark.usefixtures("patience")
def test_silent_connection_is_closed(serve: Serve) -> None:
    assert serve(echo).exchange(b"") == b""


def test_client_that_leaves_is_forgotten(serve: Serve) -> None:
    server = serve(echo)
    with server.connect() as client:
        client.sendall(post(100) + b"a part")
        wait_for(lambda: server.worker.connections)
    wait_for(lambda: not server.worker.connections)


def test_oldest_waiting_client_makes_room(serve: Serve) -> None:
    server = serve(echo, worker_connections=2)
    with server.connect() as oldest, server.connect():
        wait_for(lambda: len(server.worker.connections) == 2)
        assert server.get("/new") == b"GET /new 0"
        assert oldest.recv(1) == b""


def test_newcomer_is_sent_away_if_all_are_being_answered(serve: Serve) -> None:
    server = serve(echo, worker_connections=1)
    with server.connect() as client:
        client.sendall(post(100) + b"a part")
        wait_for(lambda: any(connection.is_in_body for connection in server.worker.connections))
        with server.connect() as newcomer:
            assert newcomer.recv(1) == b""


@pytest.mark.parametrize(("error", "is_closed"), [(errno.EMFILE, True), (errno.EAGAIN, False)])
def test_server_without_file_descriptors_makes_room(serve: Serve, error: int, is_closed: bool) -> None:
    server = serve(echo)

    class FullListener:
        def accept(self) -> None:
            raise OSError(error, "It cannot be accepted")

    with server.connect() as client:
        wait_for(lambda: server.worker.connections)
        server.worker._accept(FullListener(), 0)
        if is_closed:
            assert client.recv(1) == b""
        else:
            client.sendall(post(0, "Connection: close"))
            assert read_answer(client).endswith(b"POST / 0")


def test_false_alarm_is_ignored(serve: Serve) -> None:
    server = serve(echo)
    with server.connect() as client:
        wait_for(lambda: server.worker.connections)
        (connection,) = server.worker.connections
        server.worker._handle_event(connection, server.worker._receive, 0)
        client.sendall(post(0, "Connection: close"))
        assert read_answer(client).endswith(b"POST / 0")


def test_full_disk_refuses_a_long_body(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    server = serve(echo)
    body = b"x" * 200_000
    assert status_of(server.exchange(post(len(body)) + body)) == 503
    assert "error: A request body cannot be kept in a temporary file: [Errno 28] No space left on device" in server.lines
