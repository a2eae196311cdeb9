"""The response cache: what it keeps, what it costs, when it forgets."""

import gzip
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
from legal.response_cache import COMPRESSORS, LARGEST_KEPT, OVERHEAD, ResponseCache, best_encoding
from tests.api.factories import READS, amended, url_of
from tests.conftest import ON_BOTH, Statements, make_app
from tests.examples import examples

# What is kept are bytes; only what is newest is asked of the database.
pytestmark = pytest.mark.databases("sqlite")

CARD = "/v1/jurisdictions/VA"
DECOMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "zstd": zstandard.ZstdDecompressor().decompress,
    "br": brotli.decompress,
    "gzip": gzip.decompress,
}
FAR = 64 * 1024 * 1024


@pytest.fixture(scope="module")
def shelved(app: Flask) -> Iterator[Flask]:
    """An app with the cache in front, over the database of ``app``; for reading."""
    made = make_app(url_of(app.extensions["database"]), cache_bytes=FAR)
    yield made
    made.extensions["database"].dispose()


@pytest.fixture
def cached(shelved: Flask) -> Flask:
    """That app, with nothing kept yet."""
    shelved.wsgi_app._kept.clear()
    shelved.wsgi_app._size = 0
    return shelved


@pytest.fixture
def reader(cached: Flask) -> FlaskClient:
    """A client of that app."""
    return cached.test_client()


@pytest.fixture
def writable(fresh: Database) -> Iterator[Flask]:
    """Such an app over a database that the test may write to."""
    made = make_app(url_of(fresh), cache_bytes=FAR)
    yield made
    made.extensions["database"].dispose()


@pytest.fixture
def sent(cached: Flask) -> Iterator[Statements]:
    """The statements that the app sends, but for the question which revision is the newest."""
    noted = Statements()

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "SET", "SHOW")) and "max(revisions" not in statement:
            noted.append(statement)

    engine = cached.extensions["database"].engine
    event.listen(engine, "before_cursor_execute", note)
    yield noted
    event.remove(engine, "before_cursor_execute", note)


class Counting:
    """A WSGI app of the test's own: it answers what it is told to, and counts."""

    def __init__(self, body: bytes = b"x" * 1000, **headers: str) -> None:
        self.asked = 0
        self.body = body
        told = {"Cache_Control": "public, max-age=60", "ETag": 'W/"tag"', "Content_Type": "text/plain", **headers}
        self.headers = [(name.replace("_", "-"), value) for name, value in told.items() if value]
        self.status = "200 OK"

    def __call__(self, environ: Any, start_response: Any) -> list[bytes]:
        self.asked += 1
        start_response(self.status, [*self.headers, ("Content-Length", str(len(self.body)))])
        return [self.body]


def over(app: Counting, capacity: int = FAR, newest: Callable[[], int | None] = lambda: 1) -> tuple[ResponseCache, Client]:
    """The cache over a small app, and a client of it."""
    cache = ResponseCache(app, newest, capacity)
    return cache, Client(cache)


# A hit.


@ON_BOTH
def test_a_hit_sends_no_statement(reader: FlaskClient, sent: Statements) -> None:
    first = reader.get(CARD)
    sent.clear()
    assert reader.get(CARD).data == first.data
    assert sent == []


def test_a_hit_is_the_same_answer_as_without_the_cache(reader: FlaskClient, client: FlaskClient) -> None:
    for path in (*READS, "/v1/measures?format=csv", "/openapi.json"):
        bare, miss, hit = client.get(path), reader.get(path), reader.get(path)
        assert bare.data == miss.data == hit.data
        assert dict(miss.headers) == dict(hit.headers)
        for name in ("ETag", "Cache-Control", "Vary", "Content-Type", "Data-Revision", "Link", "Access-Control-Allow-Origin"):
            assert hit.headers.get(name) == bare.headers.get(name)


def test_another_address_is_another_answer(reader: FlaskClient) -> None:
    days = [reader.get(f"{CARD}?as_of={day}").json["meta"]["as_of"] for day in ("2026-01-01", "2026-01-02", "2026-01-01")]
    assert days == ["2026-01-01", "2026-01-02", "2026-01-01"]


def test_another_format_is_another_answer(reader: FlaskClient) -> None:
    types = [reader.get("/v1/measures", headers={"Accept": accept}).mimetype for accept in ("text/csv", "application/json", "text/csv")]
    assert types == ["text/csv", "application/json", "text/csv"]


def test_head_is_answered_from_what_get_has_kept(reader: FlaskClient, sent: Statements) -> None:
    whole = reader.get(CARD)
    sent.clear()
    head = reader.head(CARD)
    assert (head.status_code, head.data, dict(head.headers)) == (200, b"", dict(whole.headers))
    assert sent == []


def test_head_first_keeps_the_whole_for_others(reader: FlaskClient, sent: Statements) -> None:
    assert reader.head(CARD).data == b""
    sent.clear()
    assert len(reader.get(CARD).data) > 1000
    assert sent == []


def test_another_method_is_not_answered_from_the_cache(reader: FlaskClient) -> None:
    reader.get(CARD)
    assert reader.post(CARD).status_code == 405
    assert reader.options(CARD).status_code == 200


# Compression.


@pytest.mark.parametrize("encoding", COMPRESSORS)
@pytest.mark.parametrize("path", [CARD, "/v1/measures?format=csv&limit=3", "/v1/figures?format=ndjson&limit=3"])
def test_a_compressed_answer_is_the_same_answer(reader: FlaskClient, path: str, encoding: str) -> None:
    plain = reader.get(path, headers={"Accept-Encoding": "identity"})
    packed = reader.get(path, headers={"Accept-Encoding": encoding})
    assert packed.headers["Content-Encoding"] == encoding
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data)
    assert DECOMPRESS[encoding](packed.data) == plain.data
    assert packed.headers["ETag"] == plain.headers["ETag"]


@pytest.mark.parametrize(
    ("accepted", "encoding"),
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
def test_the_encoding_is_the_clients_favourite(accepted: str, encoding: str) -> None:
    assert best_encoding(accepted) == encoding


@examples(20)
@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=80))
def test_no_wish_for_an_encoding_does_harm(accepted: str) -> None:
    assert best_encoding(accepted) in (*COMPRESSORS, "identity")


def test_what_gains_nothing_is_not_compressed(reader: FlaskClient) -> None:
    answer = reader.get("/problems/not-found", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers


def test_what_is_compressed_already_is_not_compressed() -> None:
    _, client = over(Counting(Content_Type="image/png"))
    assert "Content-Encoding" not in client.get("/", headers={"Accept-Encoding": "gzip"}).headers


def test_what_may_be_compressed_says_that_it_varies() -> None:
    _, client = over(Counting())
    assert client.get("/").headers["Vary"] == "Accept-Encoding"


# Conditional requests.


@pytest.mark.parametrize("form", ["{}", "*", '"other", {}'])
def test_304_comes_from_the_cache_with_the_same_headers(reader: FlaskClient, sent: Statements, form: str) -> None:
    whole = reader.get(CARD)
    sent.clear()
    answer = reader.get(CARD, headers={"If-None-Match": form.format(whole.headers["ETag"]), "Accept-Encoding": "gzip"})
    assert (answer.status_code, answer.data, sent) == (304, b"", [])
    for name in ("ETag", "Cache-Control", "Vary", "Data-Revision", "Access-Control-Allow-Origin"):
        assert answer.headers[name] == whole.headers[name]


def test_a_conditional_request_keeps_the_whole_for_others(reader: FlaskClient) -> None:
    tag = reader.get(CARD).headers["ETag"]
    reader.application.wsgi_app._kept.clear()
    assert reader.get(CARD, headers={"If-None-Match": tag}).status_code == 304
    assert len(reader.get(CARD).data) > 1000


def test_a_strong_tag_is_made_weak_because_the_bytes_differ() -> None:
    _, client = over(Counting(ETag='"tag"'))
    assert client.get("/").headers["ETag"] == 'W/"tag"'


# What is not kept.


@pytest.mark.parametrize("path", ["/v1/nothing", "/v1/measures?kind=law", "/healthz", "/readyz", "/v1/jurisdictions/va"])
def test_errors_and_what_is_not_published_are_asked_again(cached: Flask, path: str) -> None:
    client = cached.test_client()
    first, second = client.get(path), client.get(path)
    assert (first.status_code, first.data) == (second.status_code, second.data)
    assert cached.wsgi_app._kept == {}


def test_an_error_to_head_has_no_body(reader: FlaskClient) -> None:
    assert (reader.head("/v1/nothing").status_code, reader.head("/v1/nothing").data) == (404, b"")


@pytest.mark.parametrize("headers", [{"Cache_Control": "private"}, {"Cache_Control": "no-store"}, {"Cache_Control": ""}, {"ETag": ""}])
def test_only_what_is_public_and_tagged_is_kept(headers: dict[str, str]) -> None:
    app = Counting(**headers)
    _, client = over(app)
    assert [client.get("/").status_code for _ in range(2)] == [200, 200]
    assert app.asked == 2


def test_what_is_very_large_is_not_kept() -> None:
    size = LARGEST_KEPT + 1
    app = Counting(b"x" * size)
    cache, client = over(app)
    assert [len(client.get("/").data) for _ in range(2)] == [size, size]
    assert cache._kept == {}


@pytest.mark.parametrize("sent", [{"method": "HEAD"}, {"headers": {"If-None-Match": '"other"'}}])
def test_what_is_very_large_is_left_to_the_app_when_less_than_all_is_wanted(sent: dict[str, Any]) -> None:
    app = Counting(b"x" * (LARGEST_KEPT + 1))
    cache, client = over(app)
    assert [client.open("/", **sent).status_code for _ in range(2)] == [200, 200]
    assert (app.asked, cache._kept) == (3, {})


def test_the_addresses_of_what_is_large_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("legal.response_cache.MOST_STREAMS", 3)
    cache, client = over(Counting(b"x" * (LARGEST_KEPT + 1)))
    for number in range(10):
        client.get(f"/{number}")
        assert len(cache._streams) <= 3


# When it forgets.


@ON_BOTH
def test_a_new_revision_is_seen_at_once_where_it_was_published(writable: Flask, fresh: Database) -> None:
    client = writable.test_client()
    client.get("/v1/measures")
    amended(fresh, "WA", "Another title")
    writable.wsgi_app.forget()
    assert client.get("/v1/measures").headers["Data-Revision"] == "2"


@ON_BOTH
def test_a_client_that_wants_the_latest_gets_it(writable: Flask, fresh: Database) -> None:
    client = writable.test_client()
    client.get("/v1/measures")
    amended(fresh, "WA", "Another title")
    answer = client.get("/v1/measures", headers={"Cache-Control": "no-cache"})
    assert answer.headers["Data-Revision"] == "2"
    assert "Another title" in answer.text


def test_a_new_revision_is_seen_within_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    newest = iter([1, 2])
    app = Counting()
    _, client = over(app, newest=lambda: next(newest))
    asked = []
    for now in (100.0, 100.9, 101.1):
        monkeypatch.setattr("time.monotonic", lambda now=now: now)
        client.get("/")
        asked.append(app.asked)
    assert asked == [1, 1, 2]


def test_a_new_day_is_a_new_answer(reader: FlaskClient) -> None:
    with time_machine.travel(datetime(2026, 11, 22, 23, 59, 59, tzinfo=UTC), tick=False) as clock:
        before = reader.get(CARD).json["meta"]["as_of"]
        clock.shift(timedelta(seconds=1))
        assert (before, reader.get(CARD).json["meta"]["as_of"]) == ("2026-11-22", "2026-11-23")


def test_an_answer_that_was_overtaken_while_it_was_made_is_not_kept() -> None:
    app = Counting(Data_Revision="1")
    cache, client = over(app, newest=lambda: 2)
    assert client.get("/").status_code == 200
    assert cache._kept == {}


@ON_BOTH
def test_when_the_database_is_gone_what_is_kept_goes_on(cached: Flask) -> None:
    client = cached.test_client()
    whole = client.get(CARD)
    engine = cached.extensions["database"].engine

    def fail(*_: object) -> None:
        raise OperationalError("gone", None, ConnectionError())

    event.listen(engine, "do_connect", fail)
    engine.dispose()
    cached.wsgi_app.forget()
    try:
        assert client.get("/v1/codebook").status_code == 503
        assert client.get(CARD).data == whole.data
    finally:
        event.remove(engine, "do_connect", fail)


def test_when_the_newest_revision_is_not_known_the_last_one_holds() -> None:
    newest = iter([3, None])
    app = Counting(Data_Revision="3")
    cache, client = over(app, newest=lambda: next(newest))
    client.get("/")
    cache.forget()
    assert client.get("/").status_code == 200
    assert app.asked == 1


# How much it keeps.


def test_the_least_recently_asked_goes_first() -> None:
    app = Counting()
    cache, client = over(app, capacity=2 * (OVERHEAD + 1100))
    for path in ("/a", "/b", "/a", "/c"):
        client.get(path)
    assert [key[0] for key in cache._kept] == ["/a", "/c"]


def test_compressed_forms_are_counted() -> None:
    body = bytes(number % 251 for number in range(60_000))
    app = Counting(body)
    cache, client = over(app, capacity=OVERHEAD + 60_000 + 50)
    client.get("/")
    assert len(cache._kept) == 1
    client.get("/", headers={"Accept-Encoding": "gzip"})
    assert len(cache._kept) == 0


@examples(12)
@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from(["", *COMPRESSORS]), st.sampled_from(["GET", "HEAD"])), max_size=40))
def test_the_bytes_are_bounded_and_truly_counted(requests: list[tuple[str, str, str]]) -> None:
    capacity = 3 * OVERHEAD + 4000
    cache, client = over(Counting(), capacity=capacity)
    for path, encoding, method in requests:
        client.open(f"/{path}", method=method, headers={"Accept-Encoding": encoding})
        assert cache._size == sum(kept.weight(key) for key, kept in cache._kept.items()) <= capacity


def test_two_clients_that_ask_at_once_leave_one_answer_and_the_right_count() -> None:
    app = Counting()
    cache, client = over(app)
    inner = app.__call__

    def asks_too(environ: Any, start_response: Any) -> list[bytes]:
        if not cache._kept:
            cache.app = inner
            client.get("/")
        return inner(environ, start_response)

    cache.app = asks_too
    client.get("/")
    assert len(cache._kept) == 1
    assert cache._size == sum(kept.weight(key) for key, kept in cache._kept.items())
