"""Test the headers for caches and for cross-origin requests."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.api.factories import DIRECTIVE, READ_SCHEMAS

CACHE_CONTROL = "public, max-age=60, stale-while-revalidate=600, stale-if-error=86400"
CACHEABLE_PATHS = [*READ_SCHEMAS, "/openapi.json", "/problems/not-found", "/v1/measures?format=csv"]
ERROR_PATHS = ["/v1/nothing", "/v1/measures?x=1"]
HEALTH_PATHS = ["/healthz", "/readyz"]
SHARED_HEADERS = ("ETag", "Cache-Control", "Vary", "Data-Revision", "Link", "Access-Control-Allow-Origin", "Access-Control-Expose-Headers")
EXPOSED_HEADERS = {"ETag", "Link", "Data-Revision", "Content-Disposition", "RateLimit", "RateLimit-Policy", "Retry-After"}


def headers_of(response: Any, names: tuple[str, ...]) -> dict[str, str | None]:
    """Return the values of the named headers."""
    return {name: response.headers.get(name) for name in names}


def varying_headers(response: Any) -> set[str]:
    """Return the names in the Vary header, in lower case."""
    return {name.lower() for name in response.vary}


def test_every_cacheable_response_is_fresh_for_a_minute(client: FlaskClient) -> None:
    responses = {path: client.get(path) for path in CACHEABLE_PATHS}
    assert [path for path, response in responses.items() if response.headers["Cache-Control"] != CACHE_CONTROL] == []
    assert [path for path, response in responses.items() if not {"accept", "accept-encoding"} <= varying_headers(response)] == []


def test_every_published_read_has_its_revision_in_a_header(client: FlaskClient) -> None:
    assert [path for path in READ_SCHEMAS if client.get(path).headers["Data-Revision"] != "1"] == []


def test_every_response_pinned_by_clocks_and_rules_is_immutable(client: FlaskClient) -> None:
    responses = {path: client.get(f"{path}?as_of=2026-03-01&revision=1&rules=2") for path in READ_SCHEMAS}
    assert [path for path, response in responses.items() if "immutable" not in response.headers["Cache-Control"]] == []


@pytest.mark.parametrize("query", ["as_of=2026-03-01&rules=2", "revision=1&rules=2", "as_of=2026-03-01&revision=1"])
def test_response_pinned_on_one_clock_is_not_immutable(client: FlaskClient, query: str) -> None:
    assert client.get(f"/v1/measures?{query}").headers["Cache-Control"] == CACHE_CONTROL


def test_matching_etag_gets_304_with_the_same_headers(client: FlaskClient) -> None:
    failures = []
    for path in CACHEABLE_PATHS:
        full = client.get(path)
        response = client.get(path, headers={"If-None-Match": full.headers["ETag"]})
        headers_match = headers_of(response, SHARED_HEADERS) == headers_of(full, SHARED_HEADERS)
        if (response.status_code, response.data, headers_match) != (304, b"", True):
            failures.append(path)
    assert failures == []


@pytest.mark.parametrize("if_none_match", ["{tag}", "*", '"other", {tag}', '{tag}, W/"x"', "{strong_tag}"])
def test_etag_matches_in_every_allowed_form(client: FlaskClient, if_none_match: str) -> None:
    tag = client.get("/v1/codebook").headers["ETag"]
    header = if_none_match.format(tag=tag, strong_tag=tag.removeprefix("W/"))
    assert client.get("/v1/codebook", headers={"If-None-Match": header}).status_code == 304


@pytest.mark.parametrize("if_none_match", ['W/"other"', '"', "W/", ",,,", "é", '"' * 500])
def test_foreign_or_malformed_etag_gets_the_full_response(client: FlaskClient, if_none_match: str) -> None:
    assert client.get("/v1/codebook", headers={"If-None-Match": if_none_match}).status_code == 200


def test_etag_is_weak(client: FlaskClient) -> None:
    assert client.get("/v1/codebook").headers["ETag"].startswith('W/"')


def test_each_format_has_its_own_etag(client: FlaskClient) -> None:
    tags = {client.get(f"/v1/measures?limit=1&format={name}").headers["ETag"] for name in ("json", "csv", "ndjson")}
    assert len(tags) == 3


def test_same_response_has_the_same_etag(client: FlaskClient) -> None:
    assert client.get("/v1/measures").headers["ETag"] == client.get("/v1/measures").headers["ETag"]


def test_head_has_the_status_and_headers_of_get_without_body(client: FlaskClient) -> None:
    names = (*SHARED_HEADERS, "Content-Type", "Content-Length")
    failures = []
    for path in [*CACHEABLE_PATHS, *HEALTH_PATHS, *ERROR_PATHS]:
        full, head = client.get(path), client.head(path)
        if (head.status_code, head.data, headers_of(head, names)) != (full.status_code, b"", headers_of(full, names)):
            failures.append(path)
    assert failures == []


@pytest.mark.parametrize("path", HEALTH_PATHS)
def test_health_and_readiness_are_not_cacheable(client: FlaskClient, path: str) -> None:
    assert client.get(path).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("origin", [{}, {"Origin": "https://news.example"}])
def test_every_origin_may_read_every_response_and_its_headers(client: FlaskClient, origin: dict[str, str]) -> None:
    failures = []
    for path in [*CACHEABLE_PATHS, *ERROR_PATHS, "/v1/jurisdictions/va", f"/v1/measures/{DIRECTIVE}x"]:
        response = client.get(path, headers=origin)
        exposed_headers = set(response.headers["Access-Control-Expose-Headers"].split(", "))
        allows_all = response.headers["Access-Control-Allow-Origin"] == "*" and "origin" not in varying_headers(response)
        if not allows_all or exposed_headers != EXPOSED_HEADERS:
            failures.append(path)
    assert failures == []


def test_preflight_request_is_allowed(client: FlaskClient) -> None:
    headers = {"Origin": "https://news.example", "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "if-none-match"}
    response = client.options("/v1/measures", headers=headers)
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "GET" in response.headers["Access-Control-Allow-Methods"]
    assert response.headers["Access-Control-Max-Age"] == "86400"
    assert "if-none-match" in response.headers["Access-Control-Allow-Headers"]


def test_reads_set_no_cookie(app: Flask) -> None:
    assert "Set-Cookie" not in app.test_client().get("/v1/measures").headers
