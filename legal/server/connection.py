"""Follow one client: collect its request, then its answer, and know until when it may take for what it does."""

import socket
import time
from collections.abc import Callable
from enum import Enum
from http import HTTPStatus
from typing import Any

from gunicorn.http.message import Request
from gunicorn.http.unreader import IterUnreader

from legal.server.bodies import Body, open_body
from legal.server.errors import RefusedRequest
from legal.server.outgoing import Outgoing
from legal.server.replies import Reply

MAX_HEAD_BYTES = 64 * 1024
_RECEIVE_BYTES = 64 * 1024
_HEAD_END = b"\r\n\r\n"


class ConnectionPhase(Enum):
    """The states of a connection."""

    IDLE = "waits for a request"
    HEAD = "receives the head of a request"
    BODY = "receives the body of a request"
    RUN = "is with a thread"
    SEND = "sends an answer"
    DRAIN = "is closed once the client has read the answer"


class Connection:
    """A client and the state of its current request.

    ``deadline`` is when the present phase must have ended. ``error`` is what the app raised. ``is_lost`` is set if the client has
    left while a thread wrote to it.
    """

    def __init__(self, client: socket.socket, addresses: tuple[Any, Any], cfg: Any) -> None:
        self.socket = client
        self.addresses = addresses
        self.cfg = cfg
        self.phase = ConnectionPhase.IDLE
        self.deadline = 0.0
        self.watched: tuple[int, Callable[[Connection], None] | None] = (0, None)
        self.received = bytearray()
        self.outgoing = Outgoing()
        self.reply: Reply | None = None
        self.error: BaseException | None = None
        self.is_lost = False
        self.request_count = 0
        self._request: Any = None
        self._body: Body | None = None

    def enter(self, phase: ConnectionPhase, seconds: float) -> None:
        """Begin a phase that may last so many seconds. A phase that goes on keeps its deadline."""
        if phase is not self.phase:
            self.deadline = time.monotonic() + seconds
        self.phase = phase

    def receive(self) -> bool:
        """Receive what the client has sent, and return whether it may send more.

        Raises:
            OSError: the client is gone, or has sent nothing after all.
        """
        data = self.socket.recv(_RECEIVE_BYTES)
        self.received += data
        return bool(data)

    def take_request(self) -> Any:
        """Return gunicorn's request with its complete body, or null if more bytes must come.

        Raises:
            RefusedRequest: the request is too large.
            gunicorn.http.errors.ParseException: the request is malformed.
        """
        if self._request is None:
            self._request = self._parse_head()
            if self._request is None:
                return None
            self._body = open_body(self._request)
        request, body = self._request, self._body
        if body is None or not body.take_from(self.received):
            self._permit_body(request)
            return None
        body.file.seek(0)
        request.body, request._expected_100_continue = body.file, False  # noqa: SLF001
        self._request = self._body = None
        return request

    def discard_request(self) -> None:
        """Forget the request that was being received."""
        if self._body:
            self._body.file.close()
        self._request = self._body = None
        self.received.clear()

    @property
    def is_in_body(self) -> bool:
        """Return whether the head of a request has arrived and its body has not."""
        return self._request is not None

    def _parse_head(self) -> Any:
        received, line_limit = self.received, self.cfg.limit_request_line + len("\r\n")
        end = received.find(_HEAD_END)
        if end >= 0:
            head = bytes(received[: end + len(_HEAD_END)])
        else:
            # gunicorn's parser says what is wrong with a head that will never be complete.
            has_long_line = len(received) > line_limit and received.find(b"\r\n", 0, line_limit) < 0
            has_bare_line_feed = received.count(b"\n") > received.count(b"\r\n")
            if len(received) <= MAX_HEAD_BYTES and not has_long_line and not has_bare_line_feed:
                return None
            head = bytes(received)
        if len(head) > MAX_HEAD_BYTES:
            raise RefusedRequest(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        del received[: len(head)]
        self.request_count += 1
        return Request(self.cfg, IterUnreader([head]), self.addresses[0], self.request_count)

    def _permit_body(self, request: Any) -> None:
        if request._expected_100_continue:  # noqa: SLF001
            request._expected_100_continue = False  # noqa: SLF001
            self.outgoing.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            self.outgoing.send_to(self.socket)
