"""Collect the body of a request while it arrives, in memory up to a size and in a temporary file above it."""

import re
import tempfile
from enum import Enum
from http import HTTPStatus
from io import BytesIO
from typing import Any

from gunicorn.http.body import CHUNK_EXT_RE, ChunkedReader
from gunicorn.http.errors import ChunkMissingTerminator, InvalidChunkSize, LimitRequestHeaders

from legal.server.errors import RefusedRequest
from legal.settings import MAX_JSON_BYTES

_MAX_MEMORY_BYTES = 64 * 1024
"""Longer bodies are kept in a temporary file."""
_MAX_LINE_BYTES = 8190
"""The longest line of a chunk's size, and the most bytes of trailers."""
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,16})" + CHUNK_EXT_RE.pattern)


class Body:
    """A body that has a length, zero for none. ``file`` holds what has arrived."""

    is_chunked = False

    def __init__(self, length: int) -> None:
        if length > MAX_JSON_BYTES:
            raise RefusedRequest(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        self.missing_bytes = length
        self.size = 0
        is_short = length <= _MAX_MEMORY_BYTES and not self.is_chunked
        self.file: Any = BytesIO() if is_short else tempfile.SpooledTemporaryFile(max_size=_MAX_MEMORY_BYTES)  # noqa: SIM115 - closed with the request

    def take_from(self, received: bytearray) -> bool:
        """Move what belongs to the body out of the received bytes, and return whether the body is complete."""
        part = received[: self.missing_bytes]
        if part:
            self.size += len(part)
            if self.size > MAX_JSON_BYTES:
                raise RefusedRequest(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            self.file.write(part)
            del received[: len(part)]
            self.missing_bytes -= len(part)
        return not self.missing_bytes


class _ChunkPart(Enum):
    SIZE = 1
    DATA = 2
    TRAILER = 3


class ChunkedBody(Body):
    """A body in chunks (RFC 9112, section 7.1). Trailers are read and ignored.

    Gunicorn's own reader takes bytes from a socket that it may wait for, so it cannot stop and go on.
    """

    is_chunked = True

    def __init__(self) -> None:
        super().__init__(0)
        self._part = _ChunkPart.SIZE
        self._trailer_bytes = 0

    def take_from(self, received: bytearray) -> bool:
        """Move what belongs to the body out of the received bytes, and return whether the body is complete.

        Raises:
            gunicorn.http.errors.ParseException: the chunks are malformed.
        """
        while True:
            if self._part is _ChunkPart.DATA:
                if not super().take_from(received) or len(received) < len(b"\r\n"):
                    return False
                if not received.startswith(b"\r\n"):
                    raise ChunkMissingTerminator(bytes(received[:2]))
                del received[:2]
                self._part = _ChunkPart.SIZE
            line = _take_line(received)
            if line is None:
                return False
            if self._part is _ChunkPart.SIZE:
                self.missing_bytes = _parse_chunk_size(line)
                self._part = _ChunkPart.DATA if self.missing_bytes else _ChunkPart.TRAILER
            elif not line:
                return True
            else:
                self._trailer_bytes += len(line)
                if self._trailer_bytes > _MAX_LINE_BYTES:
                    raise LimitRequestHeaders("limit request trailer section size")


def _take_line(received: bytearray) -> bytes | None:
    end = received.find(b"\r\n")
    if (len(received) if end < 0 else end) > _MAX_LINE_BYTES:
        raise InvalidChunkSize(b"a line that is too long")
    if end < 0:
        return None
    line = bytes(received[:end])
    del received[: end + 2]
    return line


def _parse_chunk_size(line: bytes) -> int:
    match = _CHUNK_SIZE.fullmatch(line)
    if match is None:
        raise InvalidChunkSize(line[:20])
    return int(match[1], 16)


def open_body(request: Any) -> Body:
    """Return the body, still empty, of a request whose head gunicorn has parsed.

    Raises:
        RefusedRequest: the request announces a body that is too large.
    """
    reader = request.body.reader
    if isinstance(reader, ChunkedReader):
        return ChunkedBody()
    return Body(getattr(reader, "length", 0))
