"""Serve the app from a few threads that clients cannot hold: one loop reads requests and writes answers.

The loop waits for all clients at once. A thread gets a request when the whole of it has arrived, and gives back an answer
that the loop sends as fast as the client takes it. A streamed answer comes back to a thread for its next part when the
part before has been taken.
"""

import errno
import os
import selectors
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from queue import Empty, SimpleQueue
from typing import Any

from gunicorn import util
from gunicorn.workers import base

from legal.server.connection import Connection, ConnectionPhase
from legal.server.errors import RefusedRequest
from legal.server.replies import Reply
from legal.server.threads import TaskThreads

HEAD_SECONDS = 10.0
"""How long a client may take to send the head of a request."""
BODY_SECONDS = 30.0
"""How long a client may take to send the body of a request."""
STALL_SECONDS = 60.0
"""How long a client may take no byte of its answer."""
DRAIN_SECONDS = 2.0
"""How long a connection stays open after the last answer, so that the client can read it."""
_TICK_SECONDS = 1.0
_QUICK_THREADS = 2
_SWITCH_SECONDS = 0.0005


class BufferedWorker(base.Worker):  # type: ignore[misc]  # gunicorn ships no types
    """A gunicorn worker with a loop for all clients and ``threads`` threads for the app.

    Requests for which ``is_quick`` is true have threads of their own, so that they need not wait for others.
    """

    alive: bool
    is_quick: Callable[[Any], bool] = staticmethod(lambda _request: False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.connections: set[Connection] = set()
        self._selector = selectors.DefaultSelector()
        self._returned: SimpleQueue[Connection] = SimpleQueue()
        self._last_tick = 0.0
        self._wakeup_reader, self._wakeup_writer = os.pipe()
        for number in (self._wakeup_reader, self._wakeup_writer):
            os.set_blocking(number, False)
            os.set_inheritable(number, False)

    @classmethod
    def check_config(cls, cfg: Any, _log: Any) -> None:
        """Refuse what this worker does not do.

        Raises:
            SystemExit: gunicorn is to serve TLS or the PROXY protocol.
        """
        if cfg.is_ssl or cfg.proxy_protocol != "off":
            raise SystemExit("Error: this service speaks neither TLS nor the PROXY protocol. Put a proxy in front; see deploy/README.md.")

    def handle_exit(self, sig: int, frame: Any) -> None:
        """Stop gracefully, on SIGTERM."""
        super().handle_exit(sig, frame)
        self._wake()

    def run(self) -> None:
        """Serve until the worker is told to stop, then finish what has begun."""
        # The loop must get its turn soon while threads compute. Python's default lets it wait for 5 ms at each step.
        sys.setswitchinterval(_SWITCH_SECONDS)
        self._threads = TaskThreads(self.cfg.threads)
        self._quick_threads = TaskThreads(_QUICK_THREADS)
        self._selector.register(self._wakeup_reader, selectors.EVENT_READ, self._take_returned)
        for listener in self.sockets:
            listener.setblocking(False)
            self._selector.register(listener, selectors.EVENT_READ, partial(self._accept, listener))
        while self.alive and self.ppid == os.getppid():
            self._poll()
        self._finish()

    # The loop.

    def _poll(self) -> None:
        for key, events in self._selector.select(_TICK_SECONDS):
            key.data(events)
        now = time.monotonic()
        if now - self._last_tick >= _TICK_SECONDS:
            self._last_tick = now
            self.notify()
            self._exit_if_stuck()
            for connection in [connection for connection in self.connections if connection.deadline < now]:
                self._end_phase(connection)

    def _exit_if_stuck(self) -> None:
        """End the process if no thread will ever be free again; gunicorn starts another."""
        if self.timeout and self._threads.seconds_without_progress() > self.timeout:
            self.log.critical("Every thread has been busy with one request for more than %s seconds. The worker is replaced.", self.timeout)
            self._abort()

    def _abort(self) -> None:
        self.cfg.worker_abort(self)
        os._exit(1)

    def _finish(self) -> None:
        for listener in self.sockets:
            self._selector.unregister(listener)
            listener.close()
        for connection in self.connections:
            if connection.phase is ConnectionPhase.IDLE:
                connection.deadline = min(connection.deadline, time.monotonic() + DRAIN_SECONDS)
        deadline = time.monotonic() + self.cfg.graceful_timeout
        while self.connections and time.monotonic() < deadline:
            self._poll()
        for connection in [*self.connections]:
            self._close(connection)
        self._threads.stop()
        self._quick_threads.stop()

    def _wake(self) -> None:
        with suppress(BlockingIOError):  # then there is a byte already
            os.write(self._wakeup_writer, b".")

    def _watch(self, connection: Connection, events: int, callback: Callable[[Connection], None] | None = None) -> None:
        """Wait for events of a client, or for none (0)."""
        watched_events, watched_callback = connection.watched
        if (events, callback) == (watched_events, watched_callback):
            return
        handler = callback and partial(self._handle_event, connection, callback)
        if not events:
            self._selector.unregister(connection.socket)
        elif not watched_events:
            self._selector.register(connection.socket, events, handler)
        else:
            self._selector.modify(connection.socket, events, handler)
        connection.watched = (events, callback)

    def _handle_event(self, connection: Connection, callback: Callable[[Connection], None], _events: int) -> None:
        try:
            callback(connection)
        except BlockingIOError:  # the system reported more than there was
            return
        except OSError as error:
            self.log.debug("A client is gone: %s", error)
            self._close(connection)

    # From the connection to the request.

    def _accept(self, listener: socket.socket, _events: int) -> None:
        try:
            client, address = listener.accept()
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE):
                self._make_room()
            return
        if len(self.connections) >= self.cfg.worker_connections and not self._make_room():
            client.close()
            return
        client.setblocking(False)
        connection = Connection(client, (address, listener.getsockname()), self.cfg)
        connection.deadline = time.monotonic() + HEAD_SECONDS
        self.connections.add(connection)
        self._watch(connection, selectors.EVENT_READ, self._receive)

    def _make_room(self) -> bool:
        """Close the connection that has waited longest without a complete request, and return whether there was one."""
        waiting = [
            connection
            for connection in self.connections
            if connection.phase in (ConnectionPhase.IDLE, ConnectionPhase.HEAD, ConnectionPhase.DRAIN)
        ]
        if waiting:
            self._close(min(waiting, key=lambda connection: connection.deadline))
        return bool(waiting)

    def _receive(self, connection: Connection) -> None:
        if connection.receive():
            self._advance(connection)
        else:
            self._close(connection)

    def _advance(self, connection: Connection) -> None:
        """Hand the request to a thread if it is complete, or go on receiving it."""
        try:
            request = connection.take_request()
        except OSError as error:
            self._refuse_without_room(connection, error)
        except Exception as error:
            self._refuse(connection, error)
        else:
            if request is None:
                self._await_rest(connection)
            else:
                self._watch(connection, 0)
                connection.enter(ConnectionPhase.RUN, float("inf"))
                threads = self._quick_threads if self.is_quick(request) else self._threads
                threads.submit(partial(self._start_reply, connection, request))

    def _await_rest(self, connection: Connection) -> None:
        if connection.is_in_body:
            connection.enter(ConnectionPhase.BODY, BODY_SECONDS)
        elif connection.received:
            connection.enter(ConnectionPhase.HEAD, HEAD_SECONDS)
        self._watch(connection, selectors.EVENT_READ, self._receive)

    def _refuse(self, connection: Connection, error: BaseException) -> None:
        """Answer a request that the app does not get to see, and close the connection."""
        connection.discard_request()
        if isinstance(error, RefusedRequest):
            self.log.debug("Refused a request from %s: %s", connection.addresses[0], error)
            util.write_error(connection.outgoing, error.status.value, error.status.phrase, "")
        else:
            request = connection.reply.request if connection.reply else None
            self.handle_error(request, connection.outgoing, connection.addresses[0], error)
        self._end_reply(connection)
        connection.enter(ConnectionPhase.SEND, STALL_SECONDS)
        self._send(connection)

    def _refuse_without_room(self, connection: Connection, error: OSError) -> None:
        self.log.error("A request body cannot be kept in a temporary file: %s", error)
        self._refuse(connection, RefusedRequest(HTTPStatus.SERVICE_UNAVAILABLE))

    # In a thread.

    def _start_reply(self, connection: Connection, request: Any) -> None:
        try:
            connection.reply = reply = Reply(request, connection.outgoing, connection.addresses, self)
            self.nr += 1
            if self.nr >= self.max_requests and self.alive:
                self.log.info("The worker has served its number of requests and is replaced.")
                self.alive = False
            if not self.alive or not self.cfg.keepalive:
                reply.close_connection_after()
            reply.start()
        except BaseException as error:  # a thread must survive whatever an app raises
            connection.error = error
        self._give_back(connection)

    def _continue_reply(self, connection: Connection, reply: Reply) -> None:
        try:
            reply.produce()
        except BaseException as error:  # the same
            connection.error = error
        self._give_back(connection)

    def _give_back(self, connection: Connection) -> None:
        """Send what the client takes at once, and leave the rest to the loop."""
        try:
            connection.outgoing.send_to(connection.socket)
        except OSError:
            connection.is_lost = True
        if connection.reply and connection.reply.is_complete and not connection.outgoing:
            self._close_reply(connection.reply)
        self._returned.put(connection)
        self._wake()

    def _close_reply(self, reply: Reply) -> None:
        try:
            reply.close()
        except Exception:
            self.log.exception("Error after an answer was sent.")

    # From the answer to the next request.

    def _take_returned(self, _events: int) -> None:
        with suppress(BlockingIOError):
            os.read(self._wakeup_reader, 4096)
        with suppress(Empty):
            while connection := self._returned.get_nowait():
                self._handle_event(connection, self._take_reply, 0)

    def _take_reply(self, connection: Connection) -> None:
        error, connection.error = connection.error, None
        connection.enter(ConnectionPhase.SEND, STALL_SECONDS)
        if connection.is_lost:
            self._close(connection)
        elif error:
            self._answer_failure(connection, error)
        else:
            self._go_on(connection)

    def _answer_failure(self, connection: Connection, error: BaseException) -> None:
        reply = connection.reply
        if reply and reply.has_begun:
            # Another answer on this connection would look like the rest of this one. The client sees that it is cut short.
            self.log.error("Error while an answer was sent.", exc_info=error)
            self._close(connection)
        else:
            self._refuse(connection, error)

    def _send(self, connection: Connection) -> None:
        connection.outgoing.send_to(connection.socket)
        connection.deadline = time.monotonic() + STALL_SECONDS
        self._go_on(connection)

    def _go_on(self, connection: Connection) -> None:
        """Wait until the client takes more, produce more, or end the request."""
        reply = connection.reply
        if connection.outgoing:
            self._watch(connection, selectors.EVENT_WRITE, self._send)
        elif reply is None:
            self._drain(connection)
        elif not reply.is_complete:
            self._watch(connection, 0)
            connection.enter(ConnectionPhase.RUN, float("inf"))
            self._threads.submit(partial(self._continue_reply, connection, reply))
        elif reply.ends_connection:
            self._end_reply(connection)
            self._drain(connection)
        else:
            self._end_reply(connection)
            # A worker that was told to stop meanwhile has promised to take another request. The answer to that one says that it closes.
            connection.enter(ConnectionPhase.IDLE, self.cfg.keepalive if self.alive else DRAIN_SECONDS)
            self._advance(connection)

    def _end_reply(self, connection: Connection) -> None:
        """Let a thread release what the reply holds, unless one has done so."""
        reply, connection.reply = connection.reply, None
        if reply and not reply.is_closed:
            self._threads.submit(partial(self._close_reply, reply))

    def _drain(self, connection: Connection) -> None:
        """Tell the client that nothing follows. Closing at once could destroy what it has not read yet."""
        connection.socket.shutdown(socket.SHUT_WR)
        connection.enter(ConnectionPhase.DRAIN, DRAIN_SECONDS)
        self._watch(connection, selectors.EVENT_READ, self._discard)

    def _discard(self, connection: Connection) -> None:
        is_open = connection.receive()
        connection.received.clear()
        if not is_open:
            self._close(connection)

    def _end_phase(self, connection: Connection) -> None:
        """End a phase that has lasted too long: answer a request that does not arrive, close the connection otherwise."""
        if connection.phase in (ConnectionPhase.HEAD, ConnectionPhase.BODY):
            self._handle_event(connection, lambda it: self._refuse(it, RefusedRequest(HTTPStatus.REQUEST_TIMEOUT)), 0)
        else:
            self._close(connection)

    def _close(self, connection: Connection) -> None:
        self._watch(connection, 0)
        self.connections.discard(connection)
        connection.discard_request()
        if connection.phase is not ConnectionPhase.RUN:  # else the thread gives the connection back
            self._end_reply(connection)
        connection.socket.close()
