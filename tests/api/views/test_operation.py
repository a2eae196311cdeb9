"""Up, ready, and what happens when the database is not."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from legal.api.views.operation import HealthSchema, ProblemSortSchema, ReadySchema
from legal.db.engine import Database
from tests.api.factories import READS
from tests.conftest import ON_BOTH, serving

HOLLOW = {
    "another schema": "UPDATE alembic_version SET version_num = 'x'",
    "no migration is noted": "DELETE FROM alembic_version",
    "nothing published": "DELETE FROM revisions",
}


@pytest.fixture(params=["there is no file", "there is an empty file", "the file is no database"])
def broken(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An app without a database."""
    path = tmp_path / "broken.sqlite"
    if request.param != "there is no file":
        path.write_bytes(b"" if request.param == "there is an empty file" else b"no database" * 100)
    database = Database(f"sqlite:///{path}")
    with serving(database) as app:
        yield app
    database.dispose()


@pytest.fixture
def hollow(request: pytest.FixtureRequest, empty: Database) -> Iterator[Flask]:
    """An app whose database is migrated and lacks what the test says."""
    with empty.engine.begin() as connection:
        schema = connection.scalar(text("SELECT version_num FROM alembic_version"))
        connection.execute(text(HOLLOW[request.param]))
    with serving(empty) as app:
        yield app
    with empty.engine.begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:schema)"), {"schema": schema})


def refused(app: Flask, path: str) -> None:
    """Look that a path is 503, and that nothing of the inside is told."""
    answer = app.test_client().get(path)
    assert (answer.status_code, answer.content_type, answer.json["type"]) == (503, "application/problem+json", "/problems/not-ready")
    assert int(answer.headers["Retry-After"]) > 0
    for inside in ("sqlite", "psycopg", "SELECT", "Traceback", "/tmp/", "no such table"):  # noqa: S108 - a word to look for
        assert inside not in answer.text


def test_without_a_database_every_read_is_503_and_tells_nothing_of_the_inside(broken: Flask) -> None:
    for path in ("/readyz", *READS):
        refused(broken, path)


def test_what_needs_no_database_is_served_without_one(broken: Flask) -> None:
    paths = ("/healthz", "/openapi.json", "/docs", "/problems/not-found")
    assert {broken.test_client().get(path).status_code for path in paths} == {200}


@ON_BOTH
@pytest.mark.parametrize("hollow", HOLLOW, indirect=True)
def test_a_database_that_lacks_something_is_not_ready(hollow: Flask) -> None:
    refused(hollow, "/readyz")


@ON_BOTH
@pytest.mark.parametrize("hollow", ["nothing published"], indirect=True)
def test_before_anything_is_published_every_read_is_503(hollow: Flask) -> None:
    for path in READS:
        refused(hollow, path)


def test_postgresql_that_cannot_be_reached_is_503() -> None:
    with serving(Database("postgresql://nobody:secret@127.0.0.1:1/nothing")) as app:
        answers = [app.test_client().get(path) for path in ("/readyz", "/v1/measures", "/v1/jurisdictions/VA")]
    assert {answer.status_code for answer in answers} == {503}
    assert not any("secret" in answer.text or "127.0.0.1" in answer.text for answer in answers)


def test_a_seeded_database_is_ready(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"status": "ready", "revision": 1})
    assert ReadySchema().validate(answer.json) == {}


def test_the_service_comes_back_with_its_database(fresh: Database) -> None:
    with serving(fresh) as app:
        client = app.test_client()
        with fresh.engine.begin() as connection:
            connection.execute(text("ALTER TABLE revisions RENAME TO elsewhere"))
        assert client.get("/v1/codebook").status_code == 503
        with fresh.engine.begin() as connection:
            connection.execute(text("ALTER TABLE elsewhere RENAME TO revisions"))
        assert client.get("/v1/codebook").status_code == 200


def test_the_answers_about_the_service_have_their_shapes(client: FlaskClient) -> None:
    assert HealthSchema().validate(client.get("/healthz").json) == {}
    assert ProblemSortSchema().validate(client.get("/problems/not-found").json) == {}
