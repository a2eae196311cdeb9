"""Cache rendered responses in front of the app, so that a repeated request costs no query and no rendering.

A published response depends only on the state of the record (newest revision and epoch), the current day and the cache
key (path, query string, Accept header). The cache keeps it, with its compressed forms, until that state or the day changes.
What is immutable at its address, such as an answer that is pinned to a day and a revision, stays. The size of the cache in
bytes is bounded.
"""

import gzip
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import brotli
import zstandard
from werkzeug.datastructures import Accept, Headers
from werkzeug.http import parse_accept_header, parse_etags, unquote_etag
from werkzeug.test import run_wsgi_app
from werkzeug.wsgi import ClosingIterator

from legal.gateway.notes import attach_notes
from legal.queries import health
from legal.queries.health import RecordState
from legal.revision_check import RevisionCheck

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MIN_COMPRESSED_BYTES = 500
"""Shorter bodies are not compressed: the saving is too small."""
MAX_CACHED_BYTES = 4 * 1024 * 1024
"""Longer bodies are streamed to the client and not cached."""
MAX_STREAMED_KEYS = 1000
"""How many cache keys of streamed responses are remembered."""
CONDITIONAL_HEADERS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE")
"""The request headers, as WSGI names them, that ask for less than the full response."""
ENTRY_OVERHEAD_BYTES = 2000
"""An estimate of an entry's memory in addition to its key and bodies: headers and Python objects."""
HEALTH_PATH = "/healthz"
"""This path says that the process answers. It waits for nothing."""
UNCACHED_PREFIX = "/v1/export/"
"""Paths below are files on disk, of which the app itself sends ranges."""
_COMPRESSIBLE_TYPES = (
    "text/",
    "application/json",
    "application/x-ndjson",
    "application/problem+json",
    "application/atom+xml",
    "application/feed+json",
    "application/geo+json",
    "application/javascript",
    "image/svg",
)
# These levels take milliseconds, once per response. The highest level of brotli takes 370 ms for 500 KB.
COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "zstd": lambda body: zstandard.ZstdCompressor(level=9).compress(body),
    "br": lambda body: brotli.compress(body, quality=5),
    "gzip": lambda body: gzip.compress(body, compresslevel=6, mtime=0),
}
_LOGGER = logging.getLogger("legal")
CacheKey = tuple[str, str, str]
"""The path, the query string and the Accept header of a request."""
_NEGATIVE_STATUSES = ("308", "404", "422")
_NEGATIVE_SECONDS = 10.0
"""The time is short because what is wrong now may be right later: a time that is in the future now, for instance."""
_MAX_NEGATIVE_ENTRIES, _MAX_NEGATIVE_BYTES = 1000, 8192
CacheGeneration = tuple[RecordState | None, date]
"""The state of the record and the day. When either changes, all cached responses are outdated."""


@dataclass(slots=True)
class CachedResponse:
    """A response: its headers without Content-Length and Content-Encoding, and its body in each encoding requested so far."""

    headers: list[tuple[str, str]]
    etag: str
    is_compressible: bool
    is_immutable: bool = False
    bodies: dict[str, bytes] = field(default_factory=dict)

    def size_bytes(self, key: CacheKey) -> int:
        """Return the memory that the cached response takes, with its key and all encodings."""
        return ENTRY_OVERHEAD_BYTES + sum(map(len, key)) + sum(map(len, self.bodies.values()))


class NegativeEntry(NamedTuple):
    """An error or a redirect that is cached for a short time, which is called negative caching (RFC 2308)."""

    expires_at: float
    status: str
    headers: list[tuple[str, str]]
    body: bytes


class ResponseCache:
    """A WSGI middleware that answers published reads from memory.

    ``load_record_state`` returns null if there is no revision or the database does not answer.
    """

    def __init__(self, app: "WSGIApplication", load_record_state: Callable[[], RecordState | None], capacity_bytes: int) -> None:
        self.app = app
        self.capacity_bytes = capacity_bytes
        self._lock = threading.Lock()
        self._responses: OrderedDict[CacheKey, CachedResponse] = OrderedDict()
        self._size_bytes = 0
        self._streamed_keys: set[CacheKey] = set()
        self._negative_entries: dict[CacheKey, NegativeEntry] = {}
        self._generation: CacheGeneration = (None, date.min)
        self._check = RevisionCheck(load_record_state)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == HEALTH_PATH:
            return self.app(environ, start_response)
        # What bypasses the cache also needs the check: after an outage, it alone finds that the database answers again.
        generation = self._current_generation(check_now="no-cache" in environ.get("HTTP_CACHE_CONTROL", "").lower())
        key, notes = _cache_key(environ), attach_notes(environ)
        is_uncached = environ["REQUEST_METHOD"] not in ("GET", "HEAD") or path.startswith(UNCACHED_PREFIX)
        if is_uncached or key in self._streamed_keys:
            return self.app(environ, start_response)
        if negative_entry := self._find_negative_entry(key):
            notes.cache = "hit"
            start_response(negative_entry.status, [*negative_entry.headers])
            return [b"" if environ["REQUEST_METHOD"] == "HEAD" else negative_entry.body]
        with self._lock:
            response = self._responses.get(key)
            if response:
                self._responses.move_to_end(key)
        notes.cache = "hit" if response else "miss"
        if response is None:
            status, headers, body = self._fetch(environ)
            if not isinstance(body, bytes):
                return self._stream_through(key, environ, start_response, status, headers, body)
            response = self._store_response(key, generation, status, headers, body)
            if response is None:
                self._store_negative_entry(key, generation, status, headers, body)
                start_response(status, [*headers])
                return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]
        return self._respond_from_cache(key, response, environ, start_response)

    def _store_negative_entry(self, key: CacheKey, generation: CacheGeneration, status: str, headers: Headers, body: bytes) -> None:
        """Store an error or a redirect for a short time: clients repeat their mistakes."""
        if status.startswith(_NEGATIVE_STATUSES) and len(body) <= _MAX_NEGATIVE_BYTES:
            with self._lock:
                if len(self._negative_entries) >= _MAX_NEGATIVE_ENTRIES:
                    self._negative_entries.clear()
                if self._generation == generation:
                    self._negative_entries[key] = NegativeEntry(time.monotonic() + _NEGATIVE_SECONDS, status, [*headers], body)

    def _find_negative_entry(self, key: CacheKey) -> NegativeEntry | None:
        entry = self._negative_entries.get(key)
        return entry if entry and time.monotonic() < entry.expires_at else None

    def can_answer_at_once(self, method: str, path: str, query_string: str, accept: str) -> bool:
        """Return whether a request needs neither the database nor rendering, so that it need not queue behind those that do."""
        key = (path, query_string, accept)
        if method not in ("GET", "HEAD"):
            return False
        return path == HEALTH_PATH or key in self._responses or self._find_negative_entry(key) is not None

    def _current_generation(self, check_now: bool) -> CacheGeneration:
        # If the database does not answer, keep serving the last known state: responses promise stale-if-error.
        generation = (self._check.refresh(check_now), datetime.now(UTC).date())
        if generation != self._generation:
            if message := health.describe_step_back(self._generation[0], generation[0]):
                _LOGGER.warning(message)
            with self._lock:
                self._drop_outdated(generation)
        return generation

    def _drop_outdated(self, generation: CacheGeneration) -> None:
        """Begin a generation. What is immutable stays, unless revisions went back: then another record has the numbers."""
        is_same_record = _is_same_record(self._generation[0], generation[0])
        kept_responses = [(key, response) for key, response in self._responses.items() if response.is_immutable and is_same_record]
        self._responses = OrderedDict(kept_responses)
        self._size_bytes = sum(response.size_bytes(key) for key, response in kept_responses)
        self._streamed_keys.clear()
        self._negative_entries.clear()
        self._generation = generation

    def _fetch(self, environ: "WSGIEnvironment") -> tuple[str, Headers, bytes | ClosingIterator]:
        """Return the app's full response; its body is bytes, or a stream if it is too large to cache."""
        # Ask for the full response even if this client needs less of it, to cache it for other clients.
        full_environ = {name: value for name, value in environ.items() if name not in CONDITIONAL_HEADERS}
        full_environ["REQUEST_METHOD"] = "GET"
        chunks, status, headers = run_wsgi_app(self.app, full_environ)
        first_chunks: list[bytes] = []
        size = 0
        with ExitStack() as stack:
            stack.callback(getattr(chunks, "close", int))
            for chunk in chunks:
                first_chunks.append(chunk)
                size += len(chunk)
                if max(size, int(headers.get("Content-Length", 0))) > MAX_CACHED_BYTES:
                    return status, headers, ClosingIterator(chain(first_chunks, chunks), stack.pop_all().close)
        return status, headers, b"".join(first_chunks)

    def _stream_through(
        self,
        key: CacheKey,
        environ: "WSGIEnvironment",
        start_response: "StartResponse",
        status: str,
        headers: Headers,
        stream: ClosingIterator,
    ) -> Iterable[bytes]:
        """Send a response in chunks because it is too large to cache, and remember its key to bypass the cache next time."""
        with self._lock:
            if len(self._streamed_keys) >= MAX_STREAMED_KEYS:
                self._streamed_keys.clear()
            self._streamed_keys.add(key)
        if environ["REQUEST_METHOD"] == "HEAD" or any(name in environ for name in CONDITIONAL_HEADERS):
            stream.close()
            return self.app(environ, start_response)
        start_response(status, [*headers])
        return stream

    def _store_response(
        self, key: CacheKey, generation: CacheGeneration, status: str, headers: Headers, body: bytes
    ) -> CachedResponse | None:
        """Cache a response unless it is outdated already, and return it ready to send; return None if it must not be cached."""
        is_public = "public" in headers.get("Cache-Control", "") and "ETag" in headers
        if not (status.startswith("200") and is_public and len(body) <= MAX_CACHED_BYTES):
            return None
        is_compressible = headers.get("Content-Type", "").startswith(_COMPRESSIBLE_TYPES) and len(body) >= MIN_COMPRESSED_BYTES
        etag = unquote_etag(headers["ETag"])[0] or ""
        # The tag must be weak: the bytes differ by encoding.
        headers["ETag"] = f'W/"{etag}"'
        if is_compressible and "accept-encoding" not in headers.get("Vary", "").lower():
            headers.add("Vary", "Accept-Encoding")
        stored_headers = [(name, value) for name, value in headers if name not in ("Content-Length", "Date")]
        is_immutable = "immutable" in headers["Cache-Control"]
        response = CachedResponse(stored_headers, etag, is_compressible, is_immutable, {"identity": body})
        with self._lock:
            # A revision may have been published while the app made this response. Then it is sent, but not cached.
            revision = str(generation[0].revision) if generation[0] else None
            is_current = self._generation == generation and headers.get("Data-Revision") in (None, revision)
            if is_current or (is_immutable and _is_same_record(generation[0], self._generation[0])):
                if key in self._responses:  # a concurrent request stored it first
                    self._size_bytes -= self._responses.pop(key).size_bytes(key)
                self._responses[key] = response
                self._add_size(response.size_bytes(key))
        return response

    def _add_size(self, added_bytes: int) -> None:
        """Add to the size of the cache, and remove the least recently used responses until it fits the capacity."""
        self._size_bytes += added_bytes
        while self._size_bytes > self.capacity_bytes:
            key, oldest = self._responses.popitem(last=False)
            self._size_bytes -= oldest.size_bytes(key)

    def _encoded_body(self, key: CacheKey, response: CachedResponse, encoding: str) -> bytes:
        if encoding not in response.bodies:
            body = COMPRESSORS[encoding](response.bodies["identity"])
            with self._lock:
                is_new = response.bodies.setdefault(encoding, body) is body
                self._add_size(len(body) if is_new and self._responses.get(key) is response else 0)
        return response.bodies[encoding]

    def _respond_from_cache(
        self, key: CacheKey, response: CachedResponse, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        if_none_match = environ.get("HTTP_IF_NONE_MATCH")
        if if_none_match and parse_etags(if_none_match).contains_weak(response.etag):
            headers = [(name, value) for name, value in response.headers if name != "Content-Type"]
            start_response("304 NOT MODIFIED", [*headers, *self._staleness_headers(response)])
            return []
        encoding = best_encoding(environ.get("HTTP_ACCEPT_ENCODING", "")) if response.is_compressible else "identity"
        body = self._encoded_body(key, response, encoding)
        headers = [*response.headers, ("Content-Length", str(len(body))), *self._staleness_headers(response)]
        if encoding != "identity":
            headers.append(("Content-Encoding", encoding))
        start_response("200 OK", headers)
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]

    def _staleness_headers(self, response: CachedResponse) -> list[tuple[str, str]]:
        """Say that a newer answer may exist, if the database does not answer. An answer that is pinned never changes."""
        seconds = self._check.seconds_since_answer()
        if seconds is None or response.is_immutable:
            return []
        return [("Age", str(seconds)), ("Warning", '110 - "Response is Stale"')]


def _is_same_record(earlier_state: RecordState | None, later_state: RecordState | None) -> bool:
    """Return whether a later state continues an earlier one: the same epoch and database file, and no lower revision."""
    return (
        earlier_state is not None
        and later_state is not None
        and (earlier_state.epoch, earlier_state.opening) == (later_state.epoch, later_state.opening)
        and earlier_state.revision <= later_state.revision
    )


def _cache_key(environ: "WSGIEnvironment") -> CacheKey:
    return environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", ""), environ.get("HTTP_ACCEPT", "")


@lru_cache(maxsize=256)
def best_encoding(accept_encoding: str) -> str:
    """Return the encoding that the client prefers; without a preference, the first of ``COMPRESSORS`` that it accepts."""
    accepted_encodings = parse_accept_header(accept_encoding, Accept)
    encoding = max(COMPRESSORS, key=accepted_encodings.quality)
    quality = accepted_encodings.quality(encoding)
    return encoding if quality > 0 and quality >= accepted_encodings.quality("identity") else "identity"
