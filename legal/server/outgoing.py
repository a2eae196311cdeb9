"""Hold what is to be sent to a client, and send as much of it as the client takes at the moment."""

import os
import socket
from collections import deque
from itertools import islice
from typing import IO

_MAX_BUFFERS = 16
"""How many buffers one system call sends."""
_MAX_FILE_BYTES = 256 * 1024
"""How much of a file one system call sends, so that the other clients have their turn."""


class Outgoing:
    """Bytes, and after them a part of a file, on their way to a client.

    ``sendall``, ``send`` and ``gettimeout`` make it look like a socket, so that gunicorn writes into it.
    """

    def __init__(self) -> None:
        self.buffers: deque[memoryview] = deque()
        self.buffered_bytes = 0
        self._file: IO[bytes] | None = None
        self._offset = self._file_bytes = 0

    def __bool__(self) -> bool:
        return bool(self.buffers) or self._file_bytes > 0

    def sendall(self, data: bytes) -> None:
        """Append bytes. They are not copied."""
        if data:
            self.buffers.append(memoryview(data))
            self.buffered_bytes += len(data)

    def gettimeout(self) -> float:
        """Return the timeout of a socket that does not wait."""
        return 0.0

    def append_file(self, file: IO[bytes], offset: int, count: int) -> None:
        """Append ``count`` bytes of a file. The file must stay open until they are sent."""
        self._file, self._offset, self._file_bytes = file, offset, count

    def send_to(self, client: socket.socket) -> None:
        """Send what the client takes without waiting, once.

        Raises:
            OSError: the client is gone, or the file has become shorter.
        """
        try:
            if self.buffers:
                self._remove_sent(client.sendmsg(islice(self.buffers, _MAX_BUFFERS)))
            elif self._file and self._file_bytes:
                self._send_file(client, self._file)
        except BlockingIOError:
            return

    def _remove_sent(self, count: int) -> None:
        self.buffered_bytes -= count
        while count:
            buffer = self.buffers.popleft()
            if len(buffer) > count:
                self.buffers.appendleft(buffer[count:])
            count = max(0, count - len(buffer))

    def _send_file(self, client: socket.socket, file: IO[bytes]) -> None:
        count = os.sendfile(client.fileno(), file.fileno(), self._offset, min(self._file_bytes, _MAX_FILE_BYTES))
        if not count:
            raise OSError("The file has become shorter while it was sent.")
        self._offset += count
        self._file_bytes -= count
