"""Test the response cache: what it stores, what a hit costs, and when entries are dropped."""

import gzip
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import brotli
import pytest
import time_machine
import zstandard
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from werkzeug.test import Client

from legal.db.engine import Database
from legal.http.reads import PINNED_CACHE_CONTROL
from legal.queries.health import RecordState
from legal.response_cache import COMPRESSORS, ENTRY_OVERHEAD_BYTES, MAX_CACHED_BYTES, ResponseCache, best_encoding
from tests.api.factories import READ_SCHEMAS, database_url, publish_edited_title
from tests.conftest import ON_BOTH_BACKENDS, Statements, make_app
from tests.databases import EPOCH
from tests.examples import examples

# The cache stores bytes and asks the database only for the newest revision, so most tests run on SQLite alone.
pytestmark = pytest.mark.databases("sqlite")

CARD_PATH = "/v1/jurisdictions/VA"
DECOMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "zstd": zstandard.ZstdDecompressor().decompress,
    "br": brotli.decompress,
    "gzip": gzip.decompress,
}
LARGE_CAPACITY = 64 * 1024 * 1024
NO_CACHE = {"Cache-Control": "no-cache"}
"""Request headers that make the cache ask for the newest revision."""


@pytest.fixture(scope="module")
def shared_cached_app(app: Flask) -> Iterator[Flask]:
    """An app with a response cache over the database of ``app``, for reading only."""
    cached_app = make_app(database_url(app.extensions["database"]), cache_bytes=LARGE_CAPACITY)
    yield cached_app
    cached_app.extensions["database"].dispose()


@pytest.fixture
def cached_app(shared_cached_app: Flask) -> Flask:
    """The app with an empty response cache."""
    cache = shared_cached_app.extensions["response_cache"]
    cache._responses.clear()
    cache._negative_entries.clear()
    cache._size_bytes = 0
    return shared_cached_app


@pytest.fixture
def cached_client(cached_app: Flask) -> FlaskClient:
    """A client of the app with a response cache."""
    return cached_app.test_client()


@pytest.fixture
def writable_cached_app(writable_seeded_db: Database) -> Iterator[Flask]:
    """An app with a response cache over a database that the test may change."""
    cached_app = make_app(database_url(writable_seeded_db), cache_bytes=LARGE_CAPACITY)
    yield cached_app
    cached_app.extensions["database"].dispose()


@pytest.fixture
def sent_statements(cached_app: Flask) -> Iterator[Statements]:
    """The statements that the app sends, except the query for the newest revision."""
    statements = Statements()

    def record_statement(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "SET", "SHOW")) and "max(revisions" not in statement:
            statements.append(statement)

    engine = cached_app.extensions["database"].engine
    event.listen(engine, "before_cursor_execute", record_statement)
    yield statements
    event.remove(engine, "before_cursor_execute", record_statement)


class CountingApp:
    """A WSGI app that returns a fixed response and counts its requests."""

    def __init__(self, body: bytes = b"x" * 1000, **headers: str) -> None:
        self.request_count = 0
        self.body = body
        all_headers = {"Cache_Control": "public, max-age=60", "ETag": 'W/"tag"', "Content_Type": "text/plain", **headers}
        self.headers = [(name.replace("_", "-"), value) for name, value in all_headers.items() if value]
        self.status = "200 OK"

    def __call__(self, environ: Any, start_response: Any) -> list[bytes]:
        self.request_count += 1
        start_response(self.status, [*self.headers, ("Content-Length", str(len(self.body)))])
        return [self.body]


def cache_over(
    app: CountingApp, capacity: int = LARGE_CAPACITY, load_newest: Callable[[], int | None] = lambda: 1
) -> tuple[ResponseCache, Client]:
    """Return a response cache over a small app, and a client of it."""

    def load_state() -> RecordState | None:
        revision = load_newest()
        return RecordState(revision, EPOCH, 1) if revision else None

    cache = ResponseCache(app, load_state, capacity)
    return cache, Client(cache)


# Cache hits.


@ON_BOTH_BACKENDS
def test_hit_sends_no_statement(cached_client: FlaskClient, sent_statements: Statements) -> None:
    first = cached_client.get(CARD_PATH)
    sent_statements.clear()
    assert cached_client.get(CARD_PATH).data == first.data
    assert sent_statements == []


def test_hit_equals_the_response_without_cache(cached_client: FlaskClient, client: FlaskClient) -> None:
    for path in (*READ_SCHEMAS, "/v1/measures?format=csv", "/openapi.json"):
        uncached, miss, hit = client.get(path), cached_client.get(path), cached_client.get(path)
        assert uncached.data == miss.data == hit.data
        assert dict(miss.headers) == dict(hit.headers)
        for name in ("ETag", "Cache-Control", "Vary", "Content-Type", "Data-Revision", "Link", "Access-Control-Allow-Origin"):
            assert hit.headers.get(name) == uncached.headers.get(name)


def test_query_string_is_part_of_the_cache_key(cached_client: FlaskClient) -> None:
    days = [cached_client.get(f"{CARD_PATH}?as_of={day}").json["meta"]["as_of"] for day in ("2026-01-01", "2026-01-02", "2026-01-01")]
    assert days == ["2026-01-01", "2026-01-02", "2026-01-01"]


def test_accept_header_is_part_of_the_cache_key(cached_client: FlaskClient) -> None:
    types = [
        cached_client.get("/v1/measures", headers={"Accept": accept}).mimetype for accept in ("text/csv", "application/json", "text/csv")
    ]
    assert types == ["text/csv", "application/json", "text/csv"]


@pytest.mark.parametrize("path", ["/v1/nothing", "/v1/measures?x=1", "/v1/measures/"])
def test_errors_and_redirects_are_cached_for_a_while(cached_app: Flask, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    client = cached_app.test_client()
    cache = cached_app.extensions["response_cache"]
    inner, requests = cache.app, []
    monkeypatch.setattr(cache, "app", lambda *arguments: requests.append(1) or inner(*arguments))
    answers = [client.get(path) for _ in range(3)]
    assert len(requests) == 1
    assert len({(answer.status, answer.data, str(answer.headers.get("Location"))) for answer in answers}) == 1
    assert client.head(path).data == b""
    cache._negative_entries.update({key: entry._replace(expires_at=time.monotonic()) for key, entry in cache._negative_entries.items()})
    client.get(path)
    assert len(requests) == 2


def test_cached_errors_take_little_room(cached_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("legal.response_cache._MAX_NEGATIVE_ENTRIES", 3)
    client = cached_app.test_client()
    for number in range(10):
        client.get(f"/v1/nothing/{number}")
    assert len(cached_app.extensions["response_cache"]._negative_entries) <= 3


def test_cached_answers_and_health_need_not_queue(cached_app: Flask) -> None:
    cache = cached_app.extensions["response_cache"]
    assert not cache.can_answer_at_once("GET", CARD_PATH, "", "")
    cached_app.test_client().get(CARD_PATH)
    assert cache.can_answer_at_once("HEAD", CARD_PATH, "", "")
    assert cache.can_answer_at_once("GET", "/healthz", "", "*/*")
    assert not cache.can_answer_at_once("POST", CARD_PATH, "", "")


@pytest.mark.parametrize("directive", ["no-cache", "No-Cache", "max-age=0, NO-CACHE"])
def test_letter_case_of_no_cache_does_not_matter(directive: str) -> None:
    revisions = iter([1, 2])
    app = CountingApp()
    _, client = cache_over(app, load_newest=lambda: next(revisions))
    client.get("/")
    client.get("/", headers={"Cache-Control": directive})
    assert app.request_count == 2


def test_head_is_answered_from_the_cached_get(cached_client: FlaskClient, sent_statements: Statements) -> None:
    full = cached_client.get(CARD_PATH)
    sent_statements.clear()
    head = cached_client.head(CARD_PATH)
    assert (head.status_code, head.data, dict(head.headers)) == (200, b"", dict(full.headers))
    assert sent_statements == []


def test_head_stores_the_full_response_for_get(cached_client: FlaskClient, sent_statements: Statements) -> None:
    assert cached_client.head(CARD_PATH).data == b""
    sent_statements.clear()
    assert len(cached_client.get(CARD_PATH).data) > 1000
    assert sent_statements == []


@pytest.mark.parametrize(("method", "path"), [("POST", "/v1/check"), ("GET", "/v1/export/landscape.zip")])
def test_requests_that_bypass_the_cache_end_an_outage(cached_app: Flask, method: str, path: str) -> None:
    database, cache = cached_app.extensions["database"], cached_app.extensions["response_cache"]
    database.is_answering, cache._check._started_at = False, -1.0
    cached_app.test_client().open(path, method=method, json={"text": "It is so."}, buffered=True)
    cache._check._finished.wait(10)
    assert database.is_answering


def test_other_methods_bypass_the_cache(cached_client: FlaskClient) -> None:
    cached_client.get(CARD_PATH)
    assert cached_client.post(CARD_PATH).status_code == 405
    assert cached_client.options(CARD_PATH).status_code == 200


# Compression.


@pytest.mark.parametrize("encoding", COMPRESSORS)
@pytest.mark.parametrize("path", [CARD_PATH, "/v1/measures?format=csv&limit=3", "/v1/figures?format=ndjson&limit=3"])
def test_compressed_response_decompresses_to_the_same_bytes(cached_client: FlaskClient, path: str, encoding: str) -> None:
    plain = cached_client.get(path, headers={"Accept-Encoding": "identity"})
    compressed = cached_client.get(path, headers={"Accept-Encoding": encoding})
    assert compressed.headers["Content-Encoding"] == encoding
    assert int(compressed.headers["Content-Length"]) == len(compressed.data) < len(plain.data)
    assert DECOMPRESSORS[encoding](compressed.data) == plain.data
    assert compressed.headers["ETag"] == plain.headers["ETag"]


@pytest.mark.parametrize(
    ("accept_encoding", "encoding"),
    [
        ("", "identity"),
        ("identity", "identity"),
        ("deflate, compress", "identity"),
        ("gzip", "gzip"),
        ("gzip, deflate, br", "br"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("*", "zstd"),
        ("gzip;q=1, br;q=0.5", "gzip"),
        ("zstd;q=0, br;q=0, gzip", "gzip"),
        ("zstd;q=0, br;q=0, gzip;q=0", "identity"),
        ("*;q=0", "identity"),
        ("identity, gzip;q=0.5", "identity"),
        ("gzip;q=0.5, identity;q=0.1", "gzip"),
        ("zstd;q=0, *", "br"),
        ("GZIP", "gzip"),
        ("gzip;q=nonsense", "identity"),
    ],
)
def test_encoding_is_the_one_that_the_client_prefers(accept_encoding: str, encoding: str) -> None:
    assert best_encoding(accept_encoding) == encoding


@examples(20)
@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=80))
def test_no_accept_encoding_header_causes_an_error(accept_encoding: str) -> None:
    assert best_encoding(accept_encoding) in (*COMPRESSORS, "identity")


def test_short_body_is_not_compressed(cached_client: FlaskClient) -> None:
    response = cached_client.get("/problems/not-found", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in response.headers


def test_image_is_not_compressed() -> None:
    _, client = cache_over(CountingApp(Content_Type="image/png"))
    assert "Content-Encoding" not in client.get("/", headers={"Accept-Encoding": "gzip"}).headers


def test_compressible_response_varies_by_accept_encoding() -> None:
    _, client = cache_over(CountingApp())
    assert client.get("/").headers["Vary"] == "Accept-Encoding"


# Conditional requests.


@pytest.mark.parametrize("if_none_match", ["{}", "*", '"other", {}'])
def test_cache_answers_304_with_the_same_headers(cached_client: FlaskClient, sent_statements: Statements, if_none_match: str) -> None:
    full = cached_client.get(CARD_PATH)
    sent_statements.clear()
    response = cached_client.get(
        CARD_PATH, headers={"If-None-Match": if_none_match.format(full.headers["ETag"]), "Accept-Encoding": "gzip"}
    )
    assert (response.status_code, response.data, sent_statements) == (304, b"", [])
    for name in ("ETag", "Cache-Control", "Vary", "Data-Revision", "Access-Control-Allow-Origin"):
        assert response.headers[name] == full.headers[name]


def test_conditional_request_stores_the_full_response(cached_client: FlaskClient) -> None:
    tag = cached_client.get(CARD_PATH).headers["ETag"]
    cached_client.application.extensions["response_cache"]._responses.clear()
    assert cached_client.get(CARD_PATH, headers={"If-None-Match": tag}).status_code == 304
    assert len(cached_client.get(CARD_PATH).data) > 1000


def test_strong_etag_becomes_weak() -> None:
    _, client = cache_over(CountingApp(ETag='"tag"'))
    assert client.get("/").headers["ETag"] == 'W/"tag"'


# Responses that are not cached.


@pytest.mark.parametrize("path", ["/v1/nothing", "/v1/measures?kind=law", "/healthz", "/readyz", "/v1/jurisdictions/va"])
def test_errors_redirects_and_health_checks_are_not_cached(cached_app: Flask, path: str) -> None:
    client = cached_app.test_client()
    first, second = client.get(path), client.get(path)
    assert (first.status_code, first.data) == (second.status_code, second.data)
    assert cached_app.extensions["response_cache"]._responses == {}


def test_error_to_head_has_no_body(cached_client: FlaskClient) -> None:
    assert (cached_client.head("/v1/nothing").status_code, cached_client.head("/v1/nothing").data) == (404, b"")


@pytest.mark.parametrize("headers", [{"Cache_Control": "private"}, {"Cache_Control": "no-store"}, {"Cache_Control": ""}, {"ETag": ""}])
def test_response_that_is_not_public_or_has_no_etag_is_not_cached(headers: dict[str, str]) -> None:
    app = CountingApp(**headers)
    _, client = cache_over(app)
    assert [client.get("/").status_code for _ in range(2)] == [200, 200]
    assert app.request_count == 2


def test_large_response_is_not_cached() -> None:
    size = MAX_CACHED_BYTES + 1
    app = CountingApp(b"x" * size)
    cache, client = cache_over(app)
    assert [len(client.get("/").data) for _ in range(2)] == [size, size]
    assert cache._responses == {}


@pytest.mark.parametrize("request_options", [{"method": "HEAD"}, {"headers": {"If-None-Match": '"other"'}}])
def test_head_and_conditional_requests_of_a_large_response_reach_the_app(request_options: dict[str, Any]) -> None:
    app = CountingApp(b"x" * (MAX_CACHED_BYTES + 1))
    cache, client = cache_over(app)
    assert [client.open("/", **request_options).status_code for _ in range(2)] == [200, 200]
    assert (app.request_count, cache._responses) == (3, {})


def test_number_of_remembered_large_responses_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("legal.response_cache.MAX_STREAMED_KEYS", 3)
    cache, client = cache_over(CountingApp(b"x" * (MAX_CACHED_BYTES + 1)))
    for number in range(10):
        client.get(f"/{number}")
        assert len(cache._streamed_keys) <= 3


# Outdated entries.


@ON_BOTH_BACKENDS
def test_no_cache_request_sees_a_new_revision_at_once(writable_cached_app: Flask, writable_seeded_db: Database) -> None:
    client = writable_cached_app.test_client()
    client.get("/v1/measures")
    publish_edited_title(writable_seeded_db, "WA", "Another title")
    response = client.get("/v1/measures", headers=NO_CACHE)
    assert response.headers["Data-Revision"] == "2"
    assert "Another title" in response.text


def test_new_revision_is_seen_within_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    revisions = iter([1, 2])
    app = CountingApp()
    _, client = cache_over(app, load_newest=lambda: next(revisions))
    request_counts = []
    for now in (100.0, 100.9, 101.1):
        monkeypatch.setattr("time.monotonic", lambda now=now: now)
        client.get("/")
        request_counts.append(app.request_count)
    assert request_counts == [1, 1, 2]


def test_new_day_drops_the_cached_responses(cached_client: FlaskClient) -> None:
    with time_machine.travel(datetime(2026, 11, 22, 23, 59, 59, tzinfo=UTC), tick=False) as clock:
        first_day = cached_client.get(CARD_PATH).json["meta"]["as_of"]
        clock.shift(timedelta(seconds=1))
        assert (first_day, cached_client.get(CARD_PATH).json["meta"]["as_of"]) == ("2026-11-22", "2026-11-23")


PINNED_CARD_PATH = "/v1/jurisdictions/VA?as_of=2026-03-01&revision=1&rules=2"


def test_new_revision_and_day_keep_pinned_responses() -> None:
    revisions = iter((1, 2))
    app = CountingApp(Cache_Control=PINNED_CACHE_CONTROL, Data_Revision="1")
    cache, client = cache_over(app, load_newest=lambda: next(revisions))
    first = client.get("/pinned")
    assert (client.get("/pinned", headers=NO_CACHE).data, app.request_count) == (first.data, 1)
    assert cache._size_bytes == sum(response.size_bytes(key) for key, response in cache._responses.items())


def test_pinned_response_of_an_older_revision_is_cached(writable_cached_app: Flask, writable_seeded_db: Database) -> None:
    publish_edited_title(writable_seeded_db, "VA", "Another title")
    client = writable_cached_app.test_client()
    first = client.get(PINNED_CARD_PATH)
    statements = Statements()
    event.listen(
        writable_cached_app.extensions["database"].engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2])
    )
    assert client.get(PINNED_CARD_PATH).data == first.data
    assert [statement for statement in statements if "versions" in statement] == []


def test_a_record_whose_revisions_went_back_keeps_nothing() -> None:
    revisions = iter((2, 1))
    app = CountingApp(Cache_Control=PINNED_CACHE_CONTROL)
    _, client = cache_over(app, load_newest=lambda: next(revisions))
    client.get("/pinned")
    client.get("/pinned", headers=NO_CACHE)
    assert app.request_count == 2


def test_response_of_an_older_revision_is_not_cached() -> None:
    app = CountingApp(Data_Revision="1")
    cache, client = cache_over(app, load_newest=lambda: 2)
    assert client.get("/").status_code == 200
    assert cache._responses == {}


def test_error_of_an_older_revision_is_not_cached() -> None:
    app = CountingApp()
    app.status = "404 NOT FOUND"
    revisions = iter((1, 2, 2))
    cache, client = cache_over(app, load_newest=lambda: next(revisions))
    fetch = cache.app

    def publish_meanwhile(environ: Any, start_response: Any) -> Any:
        cache._current_generation(check_now=True)
        return fetch(environ, start_response)

    cache.app = publish_meanwhile
    client.get("/")
    assert cache._negative_entries == {}


@ON_BOTH_BACKENDS
def test_cached_responses_survive_an_unreachable_database(cached_app: Flask) -> None:
    client = cached_app.test_client()
    full = client.get(CARD_PATH)
    engine = cached_app.extensions["database"].engine

    def refuse_connection(*_: object) -> None:
        raise OperationalError("gone", None, ConnectionError())

    event.listen(engine, "do_connect", refuse_connection)
    engine.dispose()
    try:
        assert client.get("/v1/codebook", headers=NO_CACHE).status_code == 503
        assert client.get(CARD_PATH, headers=NO_CACHE).data == full.data
    finally:
        event.remove(engine, "do_connect", refuse_connection)


def test_unknown_newest_revision_keeps_the_cached_responses() -> None:
    revisions = iter([3, None])
    app = CountingApp(Data_Revision="3")
    _, client = cache_over(app, load_newest=lambda: next(revisions))
    client.get("/")
    assert client.get("/", headers=NO_CACHE).status_code == 200
    assert app.request_count == 1


# Size.


def test_least_recently_used_response_is_evicted_first() -> None:
    app = CountingApp()
    cache, client = cache_over(app, capacity=2 * (ENTRY_OVERHEAD_BYTES + 1100))
    for path in ("/a", "/b", "/a", "/c"):
        client.get(path)
    assert [key[0] for key in cache._responses] == ["/a", "/c"]


def test_compressed_bodies_count_toward_the_size() -> None:
    body = bytes(number % 251 for number in range(60_000))
    app = CountingApp(body)
    cache, client = cache_over(app, capacity=ENTRY_OVERHEAD_BYTES + 60_000 + 50)
    client.get("/")
    assert len(cache._responses) == 1
    client.get("/", headers={"Accept-Encoding": "gzip"})
    assert len(cache._responses) == 0


@examples(12)
@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from(["", *COMPRESSORS]), st.sampled_from(["GET", "HEAD"])), max_size=40))
def test_size_is_counted_exactly_and_bounded(requests: list[tuple[str, str, str]]) -> None:
    capacity = 3 * ENTRY_OVERHEAD_BYTES + 4000
    cache, client = cache_over(CountingApp(), capacity=capacity)
    for path, encoding, method in requests:
        client.open(f"/{path}", method=method, headers={"Accept-Encoding": encoding})
        assert cache._size_bytes == sum(response.size_bytes(key) for key, response in cache._responses.items()) <= capacity


def test_two_concurrent_requests_store_one_response_with_the_right_size() -> None:
    app = CountingApp()
    cache, client = cache_over(app)
    respond = app.__call__

    def respond_after_another_request(environ: Any, start_response: Any) -> list[bytes]:
        if not cache._responses:
            cache.app = respond
            client.get("/")
        return respond(environ, start_response)

    cache.app = respond_after_another_request
    client.get("/")
    assert len(cache._responses) == 1
    assert cache._size_bytes == sum(response.size_bytes(key) for key, response in cache._responses.items())
