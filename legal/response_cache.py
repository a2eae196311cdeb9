"""Rendered bytes in front of the app: an answer is made once and then costs what sending it costs.

Everything served at a revision is a function of (revision, day, address, format), so the bytes are
kept until one of the first two moves, together with their compressed forms, bounded by bytes.
"""

import gzip
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING

import brotli
import zstandard
from werkzeug.datastructures import Accept, Headers
from werkzeug.http import parse_accept_header, parse_etags, unquote_etag
from werkzeug.test import run_wsgi_app
from werkzeug.wsgi import ClosingIterator

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CHECK_EVERY = 1.0  # seconds for which a revision is taken to be the newest
SMALLEST_COMPRESSED = 500  # bytes below which compression gains nothing
LARGEST_KEPT = 4 * 1024 * 1024
MOST_STREAMS = 1000  # addresses that are remembered to give more than that
OWN = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE")  # what a request says of what its client has already
OVERHEAD = 2000  # bytes that an answer takes beside its bodies and its address: headers, objects
COMPRESSIBLE = (
    "text/",
    "application/json",
    "application/x-ndjson",
    "application/problem+json",
    "application/atom+xml",
    "application/feed+json",
    "application/javascript",
    "image/svg",
)
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

    def weight(self, key: Key) -> int:
        """The bytes that it takes, in every encoding so far, with its address."""
        return OVERHEAD + sum(map(len, key)) + sum(map(len, self.bodies.values()))


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
        self._streams: set[Key] = set()
        self._generation: Generation = (None, date.min)
        self._checked = -CHECK_EVERY

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self.app(environ, start_response)
        generation = self._current(at_once="no-cache" in environ.get("HTTP_CACHE_CONTROL", ""))
        key = (environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", ""), environ.get("HTTP_ACCEPT", ""))
        if key in self._streams:
            return self.app(environ, start_response)
        with self._lock:
            kept = self._kept.get(key)
            if kept:
                self._kept.move_to_end(key)
        if kept is None:
            status, headers, body = self._ask(environ)
            if not isinstance(body, bytes):
                return self._pass(key, environ, start_response, status, headers, body)
            kept = self._keep(key, generation, status, headers, body)
            if kept is None:
                start_response(status, [*headers])
                return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]
        return self._send(key, kept, environ, start_response)

    def forget(self) -> None:
        """Look for a new revision at the next request; for the process that has just published one."""
        self._checked = -CHECK_EVERY

    def _current(self, at_once: bool) -> Generation:
        now = time.monotonic()
        revision = self._generation[0]
        if at_once or now - self._checked >= CHECK_EVERY:
            self._checked = now
            # Where the database does not answer, what was last known stays: we promise stale-if-error ourselves.
            revision = self.newest() or revision
        current = (revision, datetime.now(UTC).date())
        if current != self._generation:
            with self._lock:
                self._kept.clear()
                self._streams.clear()
                self._size = 0
                self._generation = current
        return current

    def _ask(self, environ: "WSGIEnvironment") -> tuple[str, Headers, bytes | ClosingIterator]:
        # The whole answer is wanted, whatever part of it this client has: it is kept for the others too.
        whole = {k: v for k, v in environ.items() if k not in OWN}
        whole["REQUEST_METHOD"] = "GET"
        chunks, status, headers = run_wsgi_app(self.app, whole)
        taken: list[bytes] = []
        size = 0
        with ExitStack() as ending:
            ending.callback(getattr(chunks, "close", int))
            for chunk in chunks:
                taken.append(chunk)
                size += len(chunk)
                if max(size, int(headers.get("Content-Length", 0))) > LARGEST_KEPT:
                    return status, headers, ClosingIterator(chain(taken, chunks), ending.pop_all().close)
        return status, headers, b"".join(taken)

    def _pass(
        self,
        key: Key,
        environ: "WSGIEnvironment",
        start_response: "StartResponse",
        status: str,
        headers: Headers,
        stream: ClosingIterator,
    ) -> Iterable[bytes]:
        """Hand on, piece by piece, what is too large to keep; the next time without a look."""
        with self._lock:
            if len(self._streams) >= MOST_STREAMS:
                self._streams.clear()
            self._streams.add(key)
        if environ["REQUEST_METHOD"] == "HEAD" or any(name in environ for name in OWN):
            stream.close()
            return self.app(environ, start_response)
        start_response(status, [*headers])
        return stream

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
                self._size -= self._kept.pop(key).weight(key) if key in self._kept else 0  # another client was first
                self._kept[key] = kept
                self._grow(kept.weight(key))
        return kept

    def _grow(self, grown: int) -> None:
        self._size += grown
        while self._size > self.capacity:
            key, oldest = self._kept.popitem(last=False)
            self._size -= oldest.weight(key)

    def _body(self, key: Key, kept: Kept, encoding: str) -> bytes:
        if encoding not in kept.bodies:
            made = COMPRESSORS[encoding](kept.bodies["identity"])
            with self._lock:
                first = kept.bodies.setdefault(encoding, made) is made
                self._grow(len(made) if first and self._kept.get(key) is kept else 0)
        return kept.bodies[encoding]

    def _send(self, key: Key, kept: Kept, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        wanted = environ.get("HTTP_IF_NONE_MATCH")
        if wanted and parse_etags(wanted).contains_weak(kept.etag):
            start_response("304 NOT MODIFIED", [one for one in kept.headers if one[0] != "Content-Type"])
            return []
        encoding = best_encoding(environ.get("HTTP_ACCEPT_ENCODING", "")) if kept.compressible else "identity"
        body = self._body(key, kept, encoding)
        length = [("Content-Length", str(len(body)))]
        encoded = [] if encoding == "identity" else [("Content-Encoding", encoding)]
        start_response("200 OK", [*kept.headers, *length, *encoded])
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]


@lru_cache(maxsize=256)
def best_encoding(accepted: str) -> str:
    """The encoding to answer in: the client's favourite among zstd, br and gzip, in that order where it has none."""
    wishes = parse_accept_header(accepted, Accept)
    best = max(COMPRESSORS, key=wishes.quality)
    return best if wishes.quality(best) > 0 and wishes.quality(best) >= wishes.quality("identity") else "identity"
