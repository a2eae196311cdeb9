"""The mixed load sees what it must report (``benchmarks/mixed_load.py``). The answers come from a server that gives those of the test."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from benchmarks.mixed_load import Client
from benchmarks.servers import HOST

Headers = dict[str, str]
REVISION = {"Data-Revision": "5", "Content-Type": "application/json"}
PINNED = "/v1/jurisdictions/VA?as_of=2026-03-01&revision=1&rules=2"


class Clock:
    """Stands for the time until which connections may fail."""

    value = 0.0


@contextmanager
def serve(answers: Sequence[tuple[int, Headers, bytes]]) -> Iterator[int]:
    """Serve these answers, one after the other, whatever is asked for, and give the port."""
    remaining = list(answers)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = remaining.pop(0)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer((HOST, 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("path", "answers", "fault"),
    [
        ("/v1/changes", [(500, {}, b"broken")], "500 without Retry-After: b'broken'"),
        ("/v1/changes", [(503, {}, b"")], "503 without Retry-After"),
        ("/v1/changes", [(404, {}, b"")], "unexpected status 404"),
        ("/nowhere", [(200, {}, b"")], "unexpected status 200"),
        ("/v1/changes", [(200, REVISION, b'{"meta":{"revision":4}}')], "the body is of revision 4, the header of 5"),
        ("/", [(200, {"Data-Revision": "5"}, b""), (200, {"Data-Revision": "4"}, b"")], "revision 4 after 5"),
        (PINNED, [(200, REVISION, b"{}"), (200, REVISION, b"{ }")], "a pinned answer has changed"),
        ("/v1/changes", [], "failed:"),
    ],
)
def test_client_reports_a_fault(path: str, answers: list[tuple[int, Headers, bytes]], fault: str) -> None:
    with serve(answers) as port:
        client = Client(port, 1, Clock())
        for _ in answers or [None]:
            client.read("list", path)
    assert len(client.seen.faults) == 1
    assert f" {path}: {fault}" in client.seen.faults[0]


@pytest.mark.parametrize(
    ("path", "answers"),
    [
        ("/v1/changes", [(503, {"Retry-After": "5"}, b"")]),
        ("/readyz", [(503, {}, b"")]),
        ("/nowhere", [(404, {}, b"")]),
        ("/", [(200, {"Data-Revision": "5"}, b""), (200, {"Data-Revision": "4", "Warning": "110"}, b"")]),
        (PINNED, [(200, REVISION, b"{}"), (200, REVISION, b"{}")]),
    ],
)
def test_client_reports_no_fault(path: str, answers: list[tuple[int, Headers, bytes]]) -> None:
    with serve(answers) as port:
        client = Client(port, 1, Clock())
        for _ in answers:
            client.read("list", path)
    assert client.seen.faults == []
    assert client.seen.answers.total() == len(answers)


def test_connection_may_fail_while_the_service_is_down() -> None:
    clock = Clock()
    clock.value = time.monotonic() + 60
    with serve([]) as port:
        client = Client(port, 1, clock)
        client.read("list", "/v1/changes")
    assert (client.seen.faults, client.seen.excused_failures) == ([], 1)
