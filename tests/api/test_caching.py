"""What caches are told: tags, ages, what the answer varies by, and who else may read it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.api.factories import DIRECTIVE, READS

# Headers are put on an answer that is made already.
FRESH = "public, max-age=60, stale-while-revalidate=600, stale-if-error=86400"
PATHS = [*READS, "/openapi.json", "/problems/not-found", "/v1/measures?format=csv"]
SAME = ("ETag", "Cache-Control", "Vary", "Data-Revision", "Link", "Access-Control-Allow-Origin", "Access-Control-Expose-Headers")
EXPOSED = {"ETag", "Link", "Data-Revision", "RateLimit", "RateLimit-Policy", "Retry-After"}


@pytest.mark.parametrize("path", PATHS)
def test_a_published_read_may_be_held_for_a_minute(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.headers["Cache-Control"] == FRESH
    assert {"accept", "accept-encoding"} <= {name.lower() for name in answer.vary}


@pytest.mark.parametrize("path", READS)
def test_a_published_read_names_its_revision(client: FlaskClient, path: str) -> None:
    assert client.get(path).headers["Data-Revision"] == "1"


@pytest.mark.parametrize("path", READS)
def test_an_answer_pinned_on_both_clocks_never_changes(client: FlaskClient, path: str) -> None:
    assert "immutable" in client.get(f"{path}?as_of=2026-03-01&revision=1").headers["Cache-Control"]


@pytest.mark.parametrize("query", ["as_of=2026-03-01", "revision=1"])
def test_an_answer_pinned_on_one_clock_may_change(client: FlaskClient, query: str) -> None:
    assert client.get(f"/v1/measures?{query}").headers["Cache-Control"] == FRESH


@pytest.mark.parametrize("path", PATHS)
def test_a_client_that_has_it_is_not_sent_it_again(client: FlaskClient, path: str) -> None:
    whole = client.get(path)
    answer = client.get(path, headers={"If-None-Match": whole.headers["ETag"]})
    assert (answer.status_code, answer.data) == (304, b"")
    assert {name: answer.headers.get(name) for name in SAME} == {name: whole.headers.get(name) for name in SAME}


@pytest.mark.parametrize("form", ["{tag}", "*", '"other", {tag}', '{tag}, W/"x"', "{strong}"])
def test_a_tag_matches_in_every_form_it_may_come_in(client: FlaskClient, form: str) -> None:
    tag = client.get("/v1/codebook").headers["ETag"]
    wanted = form.format(tag=tag, strong=tag.removeprefix("W/"))
    assert client.get("/v1/codebook", headers={"If-None-Match": wanted}).status_code == 304


@pytest.mark.parametrize("form", ['W/"other"', '"', "W/", ",,,", "é", '"' * 500])
def test_a_tag_that_is_not_ours_gets_the_whole(client: FlaskClient, form: str) -> None:
    assert client.get("/v1/codebook", headers={"If-None-Match": form}).status_code == 200


def test_the_tag_is_weak(client: FlaskClient) -> None:
    assert client.get("/v1/codebook").headers["ETag"].startswith('W/"')


def test_two_formats_have_two_tags(client: FlaskClient) -> None:
    tags = {client.get(f"/v1/measures?limit=1&format={form}").headers["ETag"] for form in ("json", "csv", "ndjson")}
    assert len(tags) == 3


def test_the_same_answer_has_the_same_tag(client: FlaskClient) -> None:
    assert client.get("/v1/measures").headers["ETag"] == client.get("/v1/measures").headers["ETag"]


@pytest.mark.parametrize("path", [*PATHS, "/healthz", "/readyz", "/v1/nothing", "/v1/measures?x=1"])
def test_head_is_get_without_the_body(client: FlaskClient, path: str) -> None:
    whole, head = client.get(path), client.head(path)
    assert (head.status_code, head.data) == (whole.status_code, b"")
    for name in (*SAME, "Content-Type", "Content-Length"):
        assert head.headers.get(name) == whole.headers.get(name)


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_what_is_asked_of_the_service_itself_is_not_kept(client: FlaskClient, path: str) -> None:
    assert client.get(path).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", [*PATHS, "/v1/nothing", "/v1/measures?x=1", "/v1/jurisdictions/va", f"/v1/measures/{DIRECTIVE}x"])
@pytest.mark.parametrize("origin", [{}, {"Origin": "https://news.example"}])
def test_any_page_may_read_errors_included(client: FlaskClient, path: str, origin: dict[str, str]) -> None:
    answer = client.get(path, headers=origin)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert set(answer.headers["Access-Control-Expose-Headers"].split(", ")) == EXPOSED
    assert "origin" not in {name.lower() for name in answer.vary}


def test_a_preflight_is_answered(client: FlaskClient) -> None:
    asked = {"Origin": "https://news.example", "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "if-none-match"}
    answer = client.options("/v1/measures", headers=asked)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "GET" in answer.headers["Access-Control-Allow-Methods"]
    assert "if-none-match" in answer.headers["Access-Control-Allow-Headers"]


def test_no_read_sets_a_cookie(app: Flask) -> None:
    assert "Set-Cookie" not in app.test_client().get("/v1/measures").headers
