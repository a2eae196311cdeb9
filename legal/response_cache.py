"""Rendered bytes in front of the app: an answer is made once and then costs what sending it costs.

Everything served at a revision is a function of (revision, day, address, format), so the bytes are
kept until one of the first two moves, together with their compressed forms, bounded by bytes.
"""

import gzip
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

import brotli
import zstandard
from werkzeug.datastructures import Accept, Headers
from werkzeug.http import parse_accept_header, parse_etags, unquote_etag
from werkzeug.test import run_wsgi_app

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CHECK_EVERY = 1.0  # seconds for which a revision is taken to be the newest
SMALLEST_COMPRESSED = 500  # bytes below which compression gains nothing
LARGEST_KEPT = 4 * 1024 * 1024
COMPRESSIBLE = ("text/", "application/json", "application/x-ndjson", "application/problem+json", "application/javascript", "image/svg")
# Levels at which compressing costs milliseconds, once for each answer: brotli's best takes 370 ms for 500 KB.
COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "zstd": lambda body: zstandard.ZstdCompressor(level=9).compress(body),
    "br": lambda body: brotli.compress(body, quality=5),
    "gzip": lambda body: gzip.compress(body, compresslevel=6, mtime=0),
}
Key = tuple[str, str, str]
Generation = tuple[int | None, date]


@dataclass(slots=True)
class Kept:
    """An answer: its headers without length and encoding, and its body in each encoding asked for so far."""

    headers: list[tuple[str, str]]
    etag: str
    compressible: bool
    bodies: dict[str, bytes] = field(default_factory=dict)

    def body(self, encoding: str) -> bytes:
        """The body in an encoding, made the first time it is asked for."""
        if encoding not in self.bodies:
            self.bodies[encoding] = COMPRESSORS[encoding](self.bodies["identity"])
        return self.bodies[encoding]


class ResponseCache:
    """A WSGI middleware that answers published reads from bytes it has kept.

    ``newest`` gives the newest revision, and may fail as the database does; ``capacity`` is in bytes.
    """

    def __init__(self, app: "WSGIApplication", newest: Callable[[], int | None], capacity: int) -> None:
        self.app = app
        self.newest = newest
        self.capacity = capacity
        self._lock = threading.Lock()
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._size = 0
        self._generation: Generation = (None, date.min)
        self._checked = -CHECK_EVERY

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self.app(environ, start_response)
        generation = self._current(at_once="no-cache" in environ.get("HTTP_CACHE_CONTROL", ""))
        key = (environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", ""), environ.get("HTTP_ACCEPT", ""))
        with self._lock:
            kept = self._kept.get(key)
            if kept:
                self._kept.move_to_end(key)
        if kept is None:
            status, headers, body = self._ask(environ)
            kept = self._keep(key, generation, status, headers, body)
            if kept is None:
                start_response(status, [*headers])
                return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]
        return self._send(kept, environ, start_response)

    def forget(self) -> None:
        """Look for a new revision at the next request; for the process that has just published one."""
        self._checked = -CHECK_EVERY

    def _current(self, at_once: bool) -> Generation:
        now = time.monotonic()
        revision = self._generation[0]
        if at_once or now - self._checked >= CHECK_EVERY:
            self._checked = now
            revision = self.newest()
        current = (revision, datetime.now(UTC).date())
        if current != self._generation:
            with self._lock:
                self._kept.clear()
                self._size = 0
                self._generation = current
        return current

    def _ask(self, environ: "WSGIEnvironment") -> tuple[str, Headers, bytes]:
        # The whole answer is wanted, whatever part of it this client has: it is kept for the others too.
        whole = {k: v for k, v in environ.items() if k not in ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE")}
        whole["REQUEST_METHOD"] = "GET"
        chunks, status, headers = run_wsgi_app(self.app, whole, buffered=True)
        return status, headers, b"".join(chunks)

    def _keep(self, key: Key, generation: Generation, status: str, headers: Headers, body: bytes) -> Kept | None:
        public = "public" in headers.get("Cache-Control", "") and "ETag" in headers
        if not (status.startswith("200") and public and len(body) <= LARGEST_KEPT):
            return None
        compressible = headers.get("Content-Type", "").startswith(COMPRESSIBLE) and len(body) >= SMALLEST_COMPRESSED
        tag = unquote_etag(headers["ETag"])[0] or ""
        # Weak: the bytes differ with the encoding, the answer does not.
        headers["ETag"] = f'W/"{tag}"'
        if compressible and "accept-encoding" not in headers.get("Vary", "").lower():
            headers.add("Vary", "Accept-Encoding")
        told = [(name, value) for name, value in headers if name not in ("Content-Length", "Date")]
        kept = Kept(told, tag, compressible, {"identity": body})
        with self._lock:
            # An answer that was begun before the record moved on belongs to nobody's future.
            if self._generation == generation and headers.get("Data-Revision") in (None, str(generation[0])):
                self._kept[key] = kept
                self._size += len(body)
                while self._size > self.capacity:
                    _, oldest = self._kept.popitem(last=False)
                    self._size -= len(oldest.bodies["identity"])
        return kept

    @staticmethod
    def _send(kept: Kept, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        wanted = environ.get("HTTP_IF_NONE_MATCH")
        if wanted and parse_etags(wanted).contains_weak(kept.etag):
            start_response("304 NOT MODIFIED", [one for one in kept.headers if one[0] != "Content-Type"])
            return []
        encoding = best_encoding(environ.get("HTTP_ACCEPT_ENCODING", "")) if kept.compressible else "identity"
        body = kept.body(encoding)
        length = [("Content-Length", str(len(body)))]
        encoded = [] if encoding == "identity" else [("Content-Encoding", encoding)]
        start_response("200 OK", [*kept.headers, *length, *encoded])
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]


@lru_cache(maxsize=256)
def best_encoding(accepted: str) -> str:
    """The encoding to answer in: the client's favourite among zstd, br and gzip, in that order where it has none."""
    wishes = parse_accept_header(accepted, Accept)
    best = max(COMPRESSORS, key=wishes.quality)
    return best if wishes.quality(best) > 0 else "identity"
