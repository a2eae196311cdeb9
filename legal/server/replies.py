"""Run the app for one request, and hand over its answer piece by piece as the client takes it."""

import contextvars
import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from gunicorn.http import wsgi

from legal.server.outgoing import Outgoing

_ENOUGH_BYTES = 256 * 1024
"""How much of a streamed answer is produced before the client has taken it."""


class Reply:
    """The answer of the app to a request, of which the next part is produced when the client has taken the one before.

    ``start`` and ``produce`` run the app's code and belong in a thread; ``outgoing`` gets what they produce.
    """

    def __init__(self, request: Any, outgoing: Outgoing, addresses: tuple[Any, Any], worker: Any) -> None:
        self.request = request
        self.worker = worker
        self.started_at = datetime.now()  # noqa: DTZ005 - gunicorn subtracts another local time from it
        self.is_complete = self.is_closed = False
        self._outgoing = outgoing
        self._response, self.environ = wsgi.create(request, outgoing, *addresses, worker.cfg)
        self.environ["wsgi.multithread"] = True
        self.environ.pop("gunicorn.socket", None)
        self._result: Iterable[bytes] = ()
        self._chunks: Iterator[bytes] = iter(())
        # A generator may use context variables, as Flask's do, and its parts are produced in several threads.
        self._context = contextvars.copy_context()

    def start(self) -> None:
        """Call the app and produce the first part of its answer."""
        self._context.run(self._start)

    def produce(self) -> None:
        """Produce the next part of the answer."""
        self._context.run(self._produce)

    def close_connection_after(self) -> None:
        """Announce that the connection is closed after this answer. This must be called before ``start``."""
        self._response.force_close()

    @property
    def has_begun(self) -> bool:
        """Return whether the head of the answer is written, so that no other answer can be given."""
        return bool(self._response.headers_sent)

    @property
    def ends_connection(self) -> bool:
        """Return whether the connection must be closed after this answer, also because it is shorter than announced."""
        response = self._response
        is_short = response.response_length is not None and response.sent < response.response_length and not response._omits_body  # noqa: SLF001
        return bool(response.should_close() or is_short)

    def close(self) -> None:
        """Release what the app holds for this answer, and log the request where gunicorn's access log is on. This is done once."""
        self.is_closed = True
        self.request.body.close()
        if self._response.status:
            self.worker.log.access(self._response, self.request, self.environ, datetime.now() - self.started_at)  # noqa: DTZ005
        self.worker.cfg.post_request(self.worker, self.request, self.environ, self._response)
        if hasattr(self._result, "close"):
            self._context.run(self._result.close)

    def _start(self) -> None:
        self.worker.cfg.pre_request(self.worker, self.request)
        self._result = self.worker.wsgi(self.environ, self._response.start_response)
        if not (isinstance(self._result, wsgi.FileWrapper) and self._append_file(self._result)):
            self._chunks = iter(self._result)
            self._produce()

    def _append_file(self, wrapper: Any) -> bool:
        """Let the file be sent without passing through Python; return false if it is no real file."""
        try:
            number = wrapper.filelike.fileno()
        except (AttributeError, OSError):
            return False
        offset = os.lseek(number, 0, os.SEEK_CUR)
        count = os.fstat(number).st_size - offset
        response = self._response
        if response.response_length is None:
            return False
        response.send_headers()
        count = min(count, response.response_length)
        if not response._omits_body:  # noqa: SLF001
            self._outgoing.append_file(wrapper.filelike, offset, count)
            response.sent = count
        self.is_complete = True
        return True

    def _produce(self) -> None:
        for chunk in self._chunks:
            self._response.write(chunk)
            if self._outgoing.buffered_bytes > _ENOUGH_BYTES:
                return
        self._response.close()
        self.is_complete = True
