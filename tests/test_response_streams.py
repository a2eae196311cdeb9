"""The response cache and answers that are too large to keep: they pass through piece by piece."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from werkzeug.test import Client

from legal import response_cache
from legal.response_cache import ResponseCache

CHUNK = b"x" * 1024
PUBLIC = [("Content-Type", "application/zip"), ("Cache-Control", "public, max-age=60"), ("ETag", 'W/"tag"')]


class Source:
    """An app that answers with a stream, and notes what was asked and how far the stream was read."""

    def __init__(self, chunks: int, headers: Iterable[tuple[str, str]] = (), fails: bool = False) -> None:
        self.chunks, self.headers, self.fails = chunks, [*PUBLIC, *headers], fails
        self.asked: list[tuple[str, str | None]] = []
        self.read = self.closed = 0

    def __call__(self, environ: Any, start_response: Any) -> Any:
        wanted = environ.get("HTTP_IF_NONE_MATCH")
        self.asked.append((environ["REQUEST_METHOD"], wanted))
        if wanted == 'W/"tag"':
            start_response("304 NOT MODIFIED", PUBLIC)
            return []
        start_response("200 OK", self.headers)
        return Stream(self)


class Stream:
    """The stream of a source."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def __iter__(self) -> Iterator[bytes]:
        for _ in range(self.source.chunks):
            self.source.read += 1
            yield CHUNK
        if self.source.fails:
            raise OSError("The disk is gone.")

    def close(self) -> None:
        """What the server calls when the answer is sent or given up."""
        self.source.closed += 1


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(response_cache, "LARGEST_KEPT", 4 * len(CHUNK))


def cached(source: Source) -> Client:
    """A client of the cache in front of a source."""
    return Client(ResponseCache(source, lambda: 1, 10**6))


def test_what_fits_is_kept() -> None:
    source = Source(4)
    client = cached(source)
    assert [client.get("/", buffered=True).data for _ in range(2)] == [CHUNK * 4] * 2
    assert (len(source.asked), source.closed) == (1, 1)


def test_what_is_too_large_is_whole() -> None:
    source = Source(50)
    client = cached(source)
    assert [client.get("/", buffered=True).data for _ in range(2)] == [CHUNK * 50] * 2
    assert (len(source.asked), source.closed) == (2, 2)


def test_what_is_too_large_is_read_no_further_than_it_is_sent() -> None:
    source = Source(50)
    answer = cached(source).get("/", buffered=False)
    pieces = iter(answer.response)
    assert next(pieces) == CHUNK
    assert source.read == 5
    answer.close()
    assert source.closed == 1


def test_what_says_that_it_is_too_large_is_not_read_ahead() -> None:
    source = Source(50, [("Content-Length", str(50 * len(CHUNK)))])
    answer = cached(source).get("/", buffered=False)
    assert source.read == 1
    answer.close()


def test_what_was_too_large_is_not_looked_at_again() -> None:
    source = Source(50)
    client = cached(source)
    client.get("/", buffered=True)
    answer = client.get("/", buffered=False)
    assert source.read == 51
    answer.close()


@pytest.mark.parametrize("again", [False, True])
def test_a_client_that_has_what_is_too_large_is_told_so(again: bool) -> None:
    client = cached(Source(50))
    if again:
        client.get("/", buffered=True)
    assert client.get("/", headers={"If-None-Match": 'W/"tag"'}).status_code == 304


def test_the_head_of_what_is_too_large_is_asked_of_the_app_itself() -> None:
    source = Source(50)
    cached(source).head("/", buffered=True)
    assert [method for method, _ in source.asked] == ["GET", "HEAD"]
    assert source.closed == 2


def test_a_stream_that_breaks_off_is_closed() -> None:
    source = Source(2, fails=True)
    with pytest.raises(OSError, match="disk"):
        cached(source).get("/", buffered=True)
    assert source.closed == 1


def test_addresses_of_streams_are_not_remembered_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(response_cache, "MOST_STREAMS", 2)
    cache = ResponseCache(Source(50), lambda: 1, 10**6)
    client = Client(cache)
    for number in range(5):
        client.get(f"/?{number}", buffered=True)
    assert len(cache._streams) <= 2


def test_a_new_revision_forgets_which_addresses_were_too_large() -> None:
    newest = [1]
    source = Source(50)
    client = Client(ResponseCache(source, lambda: newest[0], 10**6))
    client.get("/", buffered=True)
    newest[0], source.chunks = 2, 1
    for _ in range(3):
        client.get("/", headers={"Cache-Control": "no-cache"})
    assert len(source.asked) == 2
