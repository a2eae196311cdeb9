"""Send requests over a few connections that stay open, and measure how many are answered and how fast."""

import http.client
import selectors
import socket
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import cycle
from time import perf_counter

Address = tuple[str, int]
_RECEIVED_AT_ONCE = 256 * 1024
_SECONDS_WITHOUT_ANSWER = 60


@dataclass
class LoadResult:
    """The answers to a load: the seconds of each, and of the load as a whole; the bytes of all, with their heads."""

    latencies: list[float] = field(default_factory=list)
    seconds: float = 0
    response_bytes: int = 0


class UnexpectedResponse(Exception):
    """An answer has another status than the measurement is about."""


def format_request(address: Address, path: str, headers: dict[str, str] | None = None) -> bytes:
    """Return the bytes of a GET request that keeps its connection open."""
    lines = [f"GET {path} HTTP/1.1", f"Host: {address[0]}:{address[1]}", *(f"{name}: {value}" for name, value in (headers or {}).items())]
    return "\r\n".join([*lines, "", ""]).encode("ascii")


def run_load(address: Address, requests: Sequence[bytes], status: int, connection_count: int, seconds: float, least: int = 1) -> LoadResult:
    """Repeat the requests in turn for some seconds, but send at least so many; each connection waits for its answer.

    Raises:
        UnexpectedResponse: an answer has another status.
    """
    result = LoadResult()
    remaining = cycle(requests)
    with selectors.DefaultSelector() as selector, ExitStack() as stack:
        started = perf_counter()
        deadline = started + seconds
        connections = [_Connection(address, status) for _ in range(connection_count)]
        for connection in connections:
            stack.callback(connection.close)
            connection.send(next(remaining))
            selector.register(connection.socket, selectors.EVENT_READ, connection)
        waiting, sent = len(connections), len(connections)
        while waiting:
            events = selector.select(_SECONDS_WITHOUT_ANSWER)
            if not events:
                raise TimeoutError(f"No answer in {_SECONDS_WITHOUT_ANSWER} seconds.")
            for key, _ in events:
                connection = key.data
                if not connection.receive():
                    continue
                now = perf_counter()
                result.latencies.append(now - connection.sent_at)
                result.response_bytes += connection.response_bytes
                if now >= deadline and sent >= least:
                    selector.unregister(connection.socket)
                    waiting -= 1
                    continue
                if connection.is_closing:
                    selector.unregister(connection.socket)
                    connection.reconnect()
                    selector.register(connection.socket, selectors.EVENT_READ, connection)
                connection.send(next(remaining))
                sent += 1
        result.seconds = perf_counter() - started
    return result


class _Connection:
    """A connection with at most one request under way."""

    def __init__(self, address: Address, status: int) -> None:
        self._address = address
        self._status_line = f"HTTP/1.1 {status} ".encode("ascii")
        self._received = bytearray()
        self._expected_bytes: int | None = None
        self._has_body = status != 304
        self.is_closing = False
        self.response_bytes = 0
        self.sent_at = 0.0
        self.socket = self._connect()

    def _connect(self) -> socket.socket:
        connection = socket.create_connection(self._address)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def close(self) -> None:
        """Close the connection."""
        self.socket.close()

    def reconnect(self) -> None:
        """Open the connection anew, because the server closes it."""
        self.close()
        self.socket = self._connect()
        self.is_closing = False

    def send(self, request: bytes) -> None:
        self._received.clear()
        self._expected_bytes = None
        self.sent_at = perf_counter()
        self.socket.sendall(request)

    def receive(self) -> bool:
        """Take what has come, and return whether the answer is complete."""
        chunk = self.socket.recv(_RECEIVED_AT_ONCE)
        if not chunk:
            raise UnexpectedResponse(f"The server closed the connection: {bytes(self._received[:200])!r}")
        self._received += chunk
        if self._expected_bytes is None:
            end = self._received.find(b"\r\n\r\n")
            if end < 0:
                return False
            self._read_head(end + 4)
        self.response_bytes = len(self._received)
        if self._expected_bytes == 0:  # sent in chunks, of which the last is empty
            return self._received.endswith(b"\r\n0\r\n\r\n")
        return self.response_bytes >= (self._expected_bytes or 0)

    def _read_head(self, end: int) -> None:
        if not self._received.startswith(self._status_line):
            raise UnexpectedResponse(bytes(self._received[:500]).decode("latin-1"))
        head = bytes(self._received[:end]).lower()
        self.is_closing = b"connection: close" in head
        _, found, length = head.partition(b"\r\ncontent-length:")
        if found and self._has_body:
            self._expected_bytes = end + int(length.split(b"\r\n", 1)[0])
        else:
            self._expected_bytes = end if not self._has_body else 0


def fetch(address: Address, path: str) -> tuple[dict[str, str], bytes]:
    """Return the headers, in lower case, and the body of one answer with status 200.

    Raises:
        UnexpectedResponse: the status is another one.
        OSError: nothing listens yet, or the connection broke.
    """
    connection = http.client.HTTPConnection(*address, timeout=_SECONDS_WITHOUT_ANSWER)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        body = response.read()
    finally:
        connection.close()
    if response.status != 200:
        raise UnexpectedResponse(f"{path}: {response.status} {body[:500]!r}")
    return {name.lower(): value for name, value in response.getheaders()}, body
