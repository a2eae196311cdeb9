"""Stand between the service and a database server, to stop what they say to each other."""

import socket
import threading
from contextlib import suppress

from sqlalchemy.engine import URL


class StallingProxy:
    """A TCP proxy in front of a database server, which can stop to pass anything on, as a frozen server does.

    Each connection heeds the event ``may_pass`` that the proxy had when it was opened.
    """

    def __init__(self, target: URL) -> None:
        self.may_pass = threading.Event()
        self.may_pass.set()
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._sockets: list[socket.socket] = [self._listener]
        self.port = self._listener.getsockname()[1]
        through_proxy = target.difference_update_query(["host"]).set(host="127.0.0.1", port=self.port)
        self.url = through_proxy.render_as_string(hide_password=False)
        threading.Thread(target=self._accept, daemon=True).start()

    def freeze_connections(self) -> threading.Event:
        """Stop what passes on the connections that are open, and not on later ones. The event that is returned lets it pass."""
        frozen, self.may_pass = self.may_pass, threading.Event()
        self.may_pass.set()
        frozen.clear()
        return frozen

    def close(self) -> None:
        """Close all connections."""
        self.may_pass.set()
        for open_socket in self._sockets:
            with suppress(OSError):
                open_socket.shutdown(socket.SHUT_RDWR)
            open_socket.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client = self._listener.accept()[0]
                server = self._connect()
                self._sockets += [client, server]
                for source, sink in ((client, server), (server, client)):
                    threading.Thread(target=self._pass_on, args=(source, sink, self.may_pass), daemon=True).start()

    def _connect(self) -> socket.socket:
        host, port = self._target.host or str(self._target.query.get("host", "")), self._target.port or 5432
        if host.startswith("/"):
            server = socket.socket(socket.AF_UNIX)
            server.connect(f"{host}/.s.PGSQL.{port}")
            return server
        return socket.create_connection((host, port))

    def _pass_on(self, source: socket.socket, sink: socket.socket, may_pass: threading.Event) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                may_pass.wait()
                sink.sendall(data)
            sink.shutdown(socket.SHUT_RDWR)
