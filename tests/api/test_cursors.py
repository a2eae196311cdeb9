"""Cursors: opaque, signed, and good for the list they were issued for."""

from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from legal.db.engine import Database
from tests.api.factories import amended, faults, url_of, walked
from tests.conftest import make_app, serving


def cursor_of(client: FlaskClient, path: str) -> str:
    """The cursor of the page after this one."""
    return parse_qs(urlsplit(client.get(path).json["next"]).query)["cursor"][0]


@pytest.mark.parametrize(
    "bend", [lambda c: c[:-1], lambda c: f"x{c}", lambda c: c.swapcase(), lambda _: "", lambda _: "é.x", lambda c: f"{c}%00"]
)
def test_a_cursor_that_was_changed_is_refused(client: FlaskClient, bend) -> None:
    answer = client.get(f"/v1/measures?limit=1&cursor={bend(cursor_of(client, '/v1/measures?limit=1'))}")
    assert answer.status_code == 422
    assert "cursor" in faults(answer)


@pytest.mark.parametrize(
    "other",
    ["/v1/measures?kind=ban", "/v1/measures?sort=-id", "/v1/measures?as_of=2026-01-01", "/v1/figures?sort=id", "/v1/documents?sort=id"],
)
def test_a_cursor_is_refused_for_another_list(client: FlaskClient, other: str) -> None:
    cursor = cursor_of(client, "/v1/measures?limit=1&sort=id")
    answer = client.get(f"{other}&cursor={cursor}")
    assert answer.status_code == 422
    assert "cursor" in faults(answer)


@pytest.mark.parametrize("change", ["limit=3", "format=ndjson", "fields=id"])
def test_the_form_of_the_pages_may_change_on_the_way(client: FlaskClient, change: str) -> None:
    cursor = cursor_of(client, "/v1/measures?limit=1")
    assert client.get(f"/v1/measures?{change}&cursor={cursor}").status_code == 200


def test_a_cursor_of_another_server_is_refused(client: FlaskClient, app: Flask) -> None:
    stranger = make_app(url_of(app.extensions["database"]))
    stranger.config["SECRET_KEY"] = "another secret"
    cursor = cursor_of(stranger.test_client(), "/v1/measures?limit=1")
    stranger.extensions["database"].dispose()
    assert client.get(f"/v1/measures?limit=1&cursor={cursor}").status_code == 422


def test_a_walk_stays_at_the_revision_it_began_with(fresh: Database) -> None:
    with serving(fresh) as app:
        client = app.test_client()
        before = client.get("/v1/measures?limit=200").json["results"]
        walk = walked(client, "/v1/measures?limit=5")
        seen = [next(walk)]
        amended(fresh, "WA", "Another title")
        seen += walk
    assert seen == before
