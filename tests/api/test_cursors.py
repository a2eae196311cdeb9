"""Test that cursors are opaque, signed, and valid only for the list that they were issued for."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from legal.db.engine import Database
from legal.settings import Settings
from tests.api.factories import database_url, faults_by_parameter, publish_edited_title, walk_pages
from tests.conftest import make_app, open_app


def next_cursor(client: FlaskClient, path: str) -> str:
    """Return the cursor of the next page."""
    return parse_qs(urlsplit(client.get(path).json["next"]).query)["cursor"][0]


@pytest.mark.parametrize(
    "change", [lambda c: c[:-1], lambda c: f"x{c}", lambda c: c.swapcase(), lambda _: "", lambda _: "é.x", lambda c: f"{c}%00"]
)
def test_changed_cursor_is_refused(client: FlaskClient, change: Callable[[str], str]) -> None:
    response = client.get(f"/v1/measures?limit=1&cursor={change(next_cursor(client, '/v1/measures?limit=1'))}")
    assert response.status_code == 422
    assert "cursor" in faults_by_parameter(response)


@pytest.mark.parametrize(
    "path",
    ["/v1/measures?kind=ban", "/v1/measures?sort=-id", "/v1/measures?as_of=2026-01-01", "/v1/figures?sort=id", "/v1/documents?sort=id"],
)
def test_cursor_is_refused_for_other_lists_and_parameters(client: FlaskClient, path: str) -> None:
    cursor = next_cursor(client, "/v1/measures?limit=1&sort=id")
    response = client.get(f"{path}&cursor={cursor}")
    assert response.status_code == 422
    assert "cursor" in faults_by_parameter(response)


@pytest.mark.parametrize("change", ["limit=3", "format=ndjson", "fields=id"])
def test_page_size_format_and_fields_may_change_between_pages(client: FlaskClient, change: str) -> None:
    cursor = next_cursor(client, "/v1/measures?limit=1")
    assert client.get(f"/v1/measures?{change}&cursor={cursor}").status_code == 200


def test_cursor_signed_with_another_secret_is_refused(client: FlaskClient, app: Flask) -> None:
    other_app = make_app(database_url(app.extensions["database"]))
    other_app.config["SECRET_KEY"] = "another secret"
    cursor = next_cursor(other_app.test_client(), "/v1/measures?limit=1")
    other_app.extensions["database"].dispose()
    assert client.get(f"/v1/measures?limit=1&cursor={cursor}").status_code == 422


def test_cursor_of_an_earlier_secret_is_valid_while_it_is_a_fallback(client: FlaskClient, app: Flask) -> None:
    cursor = next_cursor(client, "/v1/measures?limit=1")
    url = database_url(app.extensions["database"])
    statuses = []
    for fallbacks in ((), ("a secret of before", "a secret of the tests")):
        other = create_app(Settings(database_url=url, secret_key="a new secret", response_cache_bytes=0, secret_key_fallbacks=fallbacks))
        statuses.append(other.test_client().get(f"/v1/measures?limit=1&cursor={cursor}").status_code)
        new_cursor = next_cursor(other.test_client(), "/v1/measures?limit=1")
        assert client.get(f"/v1/measures?limit=1&cursor={new_cursor}").status_code == 422  # the new secret signs
        other.extensions["database"].dispose()
    assert statuses == [422, 200]


def test_all_pages_show_the_revision_of_the_first_page(writable_seeded_db: Database) -> None:
    with open_app(writable_seeded_db) as app:
        client = app.test_client()
        rows_before_edit = client.get("/v1/measures?limit=200").json["results"]
        pages = walk_pages(client, "/v1/measures?limit=5")
        rows = [next(pages)]
        publish_edited_title(writable_seeded_db, "WA", "Another title")
        rows += pages
    assert rows == rows_before_edit
