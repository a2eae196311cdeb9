"""Test health and readiness, and the responses when the database is missing or incomplete."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from legal.api.views.operation import HealthSchema, ProblemSortSchema, ReadySchema
from legal.db.engine import Database
from tests.api.factories import READ_SCHEMAS
from tests.conftest import ON_BOTH_BACKENDS, open_app

STATEMENTS_BY_DEFECT = {
    "another schema": "UPDATE alembic_version SET version_num = 'x'",
    "no migration recorded": "DELETE FROM alembic_version",
    "nothing published": "DELETE FROM revisions",
}


FILE_CONTENTS = {"missing file": None, "empty file": b"", "corrupt file": b"no database" * 100}


@pytest.fixture(params=FILE_CONTENTS)
def app_without_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An app whose database file is missing, empty or corrupt."""
    path = tmp_path / "broken.sqlite"
    content = FILE_CONTENTS[request.param]
    if content is not None:
        path.write_bytes(content)
    database = Database(f"sqlite:///{path}")
    with open_app(database) as app:
        yield app
    database.dispose()


@pytest.fixture
def app_with_defect(request: pytest.FixtureRequest, empty_db: Database) -> Iterator[Flask]:
    """An app whose migrated database has the defect that the test names."""
    with empty_db.engine.begin() as connection:
        schema = connection.scalar(text("SELECT version_num FROM alembic_version"))
        connection.execute(text(STATEMENTS_BY_DEFECT[request.param]))
    with open_app(empty_db) as app:
        yield app
    with empty_db.engine.begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:schema)"), {"schema": schema})


def assert_not_ready(app: Flask, path: str) -> None:
    """Assert that a path returns 503 without internals."""
    response = app.test_client().get(path)
    assert (response.status_code, response.content_type, response.json["type"]) == (503, "application/problem+json", "/problems/not-ready")
    assert int(response.headers["Retry-After"]) > 0
    assert_no_internals(response)


def assert_no_internals(response: Any) -> None:
    """Assert that a response does not reveal the database."""
    for word in ("sqlite", "psycopg", "SELECT", "Traceback", "/tmp/", "no such table"):  # noqa: S108 - a word to look for
        assert word not in response.text


@pytest.mark.parametrize("app_without_database", ["corrupt file", "missing file"], indirect=True)
def test_every_read_of_an_unusable_database_is_503_without_internals(app_without_database: Flask) -> None:
    for path in ("/readyz", *READ_SCHEMAS):
        assert_not_ready(app_without_database, path)


@pytest.mark.parametrize("app_without_database", ["empty file"], indirect=True)
def test_every_read_without_schema_is_500_without_internals(app_without_database: Flask) -> None:
    assert_not_ready(app_without_database, "/readyz")
    responses = {path: app_without_database.test_client().get(path) for path in READ_SCHEMAS}
    assert {path: response.status_code for path, response in responses.items() if response.status_code != 500} == {}
    for response in responses.values():
        assert (response.content_type, "Retry-After" in response.headers) == ("application/problem+json", False)
        assert_no_internals(response)


def test_paths_outside_the_record_work_without_database(app_without_database: Flask) -> None:
    paths = ("/healthz", "/openapi.json", "/docs", "/problems/not-found")
    assert {app_without_database.test_client().get(path).status_code for path in paths} == {200}


@ON_BOTH_BACKENDS
@pytest.mark.parametrize("app_with_defect", STATEMENTS_BY_DEFECT, indirect=True)
def test_database_with_any_defect_is_not_ready(app_with_defect: Flask) -> None:
    assert_not_ready(app_with_defect, "/readyz")


@ON_BOTH_BACKENDS
@pytest.mark.parametrize("app_with_defect", ["nothing published"], indirect=True)
def test_every_read_before_the_first_revision_is_503(app_with_defect: Flask) -> None:
    for path in READ_SCHEMAS:
        assert_not_ready(app_with_defect, path)


def test_unreachable_postgresql_is_503_without_its_url() -> None:
    with open_app(Database("postgresql://nobody:secret@127.0.0.1:1/nothing")) as app:
        responses = [app.test_client().get(path) for path in ("/readyz", "/v1/measures", "/v1/jurisdictions/VA")]
    assert {response.status_code for response in responses} == {503}
    assert not any("secret" in response.text or "127.0.0.1" in response.text for response in responses)


def test_seeded_database_is_ready(client: FlaskClient) -> None:
    response = client.get("/readyz")
    assert (response.status_code, response.json) == (200, {"status": "ready", "revision": 1})
    assert ReadySchema().validate(response.json) == {}


@ON_BOTH_BACKENDS
@pytest.mark.parametrize(
    ("damage", "repair", "missing_part"),
    [
        (
            "ALTER TABLE measure_versions RENAME COLUMN title TO heading",
            "ALTER TABLE measure_versions RENAME COLUMN heading TO title",
            "title",
        ),
        ("ALTER TABLE events RENAME TO lost_events", "ALTER TABLE lost_events RENAME TO events", "events"),
    ],
)
def test_a_missing_table_or_column_is_named_in_one_log_line(
    writable_seeded_db: Database, capsys: pytest.CaptureFixture[str], damage: str, repair: str, missing_part: str
) -> None:
    with open_app(writable_seeded_db) as app:
        client = app.test_client()
        with writable_seeded_db.engine.begin() as connection:
            connection.execute(text(damage))
        responses = [client.get(path) for path in ("/v1/measures", "/readyz")]
        with writable_seeded_db.engine.begin() as connection:
            connection.execute(text(repair))
    assert [response.status_code for response in responses] == [500, 503]
    assert ["Retry-After" in response.headers for response in responses] == [False, True]
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert all(missing_part in line for line in lines)


@ON_BOTH_BACKENDS
@pytest.mark.parametrize("app_with_defect", ["another schema"], indirect=True)
def test_readiness_says_what_to_do_about_another_schema(app_with_defect: Flask) -> None:
    assert "another release wrote it" in app_with_defect.test_client().get("/readyz").json["detail"]


def test_service_recovers_with_its_database(writable_seeded_db: Database) -> None:
    with open_app(writable_seeded_db) as app:
        client = app.test_client()
        with writable_seeded_db.engine.begin() as connection:
            connection.execute(text("ALTER TABLE revisions RENAME TO elsewhere"))
        assert client.get("/v1/codebook").status_code == 500
        with writable_seeded_db.engine.begin() as connection:
            connection.execute(text("ALTER TABLE elsewhere RENAME TO revisions"))
        assert client.get("/v1/codebook").status_code == 200


def test_health_and_problem_type_match_their_schemas(client: FlaskClient) -> None:
    assert HealthSchema().validate(client.get("/healthz").json) == {}
    assert ProblemSortSchema().validate(client.get("/problems/not-found").json) == {}
