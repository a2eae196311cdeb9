"""Test that the response cache streams responses that are too large to cache."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from werkzeug.test import Client

from legal import response_cache
from legal.queries.health import RecordState
from legal.response_cache import ResponseCache

CHUNK = b"x" * 1024
PUBLIC = [("Content-Type", "application/zip"), ("Cache-Control", "public, max-age=60"), ("ETag", 'W/"tag"')]


class StreamingApp:
    """An app that responds with a stream, and records its requests and how many chunks were read."""

    def __init__(self, chunks: int, headers: Iterable[tuple[str, str]] = (), breaks_off: bool = False) -> None:
        self.chunks, self.headers, self.breaks_off = chunks, [*PUBLIC, *headers], breaks_off
        self.requests: list[tuple[str, str | None]] = []
        self.chunks_read = self.times_closed = 0

    def __call__(self, environ: Any, start_response: Any) -> Any:
        if_none_match = environ.get("HTTP_IF_NONE_MATCH")
        self.requests.append((environ["REQUEST_METHOD"], if_none_match))
        if if_none_match == 'W/"tag"':
            start_response("304 NOT MODIFIED", PUBLIC)
            return []
        start_response("200 OK", self.headers)
        return ResponseStream(self)


class ResponseStream:
    """The stream of a response."""

    def __init__(self, app: StreamingApp) -> None:
        self.app = app

    def __iter__(self) -> Iterator[bytes]:
        for _ in range(self.app.chunks):
            self.app.chunks_read += 1
            yield CHUNK
        if self.app.breaks_off:
            raise OSError("The disk is gone.")

    def close(self) -> None:
        """Record that the server closed the response."""
        self.app.times_closed += 1


@pytest.fixture(autouse=True)
def _small_cache_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(response_cache, "MAX_CACHED_BYTES", 4 * len(CHUNK))


def cached_client(app: StreamingApp) -> Client:
    """Return a client of a response cache over an app."""
    return Client(ResponseCache(app, lambda: RecordState(1, "4f1c09d2ab", 1), 10**6))


def test_response_within_the_limit_is_cached() -> None:
    app = StreamingApp(4)
    client = cached_client(app)
    assert [client.get("/", buffered=True).data for _ in range(2)] == [CHUNK * 4] * 2
    assert (len(app.requests), app.times_closed) == (1, 1)


def test_large_response_is_complete_and_not_cached() -> None:
    app = StreamingApp(50)
    client = cached_client(app)
    assert [client.get("/", buffered=True).data for _ in range(2)] == [CHUNK * 50] * 2
    assert (len(app.requests), app.times_closed) == (2, 2)


def test_large_response_is_read_only_as_far_as_it_is_sent() -> None:
    app = StreamingApp(50)
    response = cached_client(app).get("/", buffered=False)
    chunks = iter(response.response)
    assert next(chunks) == CHUNK
    assert app.chunks_read == 5
    response.close()
    assert app.times_closed == 1


def test_declared_large_response_is_not_read_ahead() -> None:
    app = StreamingApp(50, [("Content-Length", str(50 * len(CHUNK)))])
    response = cached_client(app).get("/", buffered=False)
    assert app.chunks_read == 1
    response.close()


def test_second_request_of_a_large_response_bypasses_the_cache() -> None:
    app = StreamingApp(50)
    client = cached_client(app)
    client.get("/", buffered=True)
    response = client.get("/", buffered=False)
    assert app.chunks_read == 51
    response.close()


@pytest.mark.parametrize("is_known_as_large", [False, True])
def test_matching_etag_of_a_large_response_gets_304(is_known_as_large: bool) -> None:
    client = cached_client(StreamingApp(50))
    if is_known_as_large:
        client.get("/", buffered=True)
    assert client.get("/", headers={"If-None-Match": 'W/"tag"'}).status_code == 304


def test_head_of_a_large_response_is_answered_by_the_app() -> None:
    app = StreamingApp(50)
    cached_client(app).head("/", buffered=True)
    assert [method for method, _ in app.requests] == ["GET", "HEAD"]
    assert app.times_closed == 2


def test_failing_stream_is_closed() -> None:
    app = StreamingApp(2, breaks_off=True)
    with pytest.raises(OSError, match="disk"):
        cached_client(app).get("/", buffered=True)
    assert app.times_closed == 1


def test_number_of_remembered_streams_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(response_cache, "MAX_STREAMED_KEYS", 2)
    cache = ResponseCache(StreamingApp(50), lambda: RecordState(1, "4f1c09d2ab", 1), 10**6)
    client = Client(cache)
    for number in range(5):
        client.get(f"/?{number}", buffered=True)
    assert len(cache._streamed_keys) <= 2


def test_new_revision_clears_the_remembered_streams() -> None:
    newest_revision = [1]
    app = StreamingApp(50)
    client = Client(ResponseCache(app, lambda: RecordState(newest_revision[0], "4f1c09d2ab", 1), 10**6))
    client.get("/", buffered=True)
    newest_revision[0], app.chunks = 2, 1
    for _ in range(3):
        client.get("/", headers={"Cache-Control": "no-cache"})
    assert len(app.requests) == 2
