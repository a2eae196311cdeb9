"""SQL over an export gives the API's numbers, with rosters on file."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.api.factories import walk_pages
from tests.services.rosters import factories

rosters_db, rosters_app = factories.rosters_db, factories.rosters_app
DAYS = ("2025-03-10", "2026-01-01")


@pytest.fixture(scope="module")
def app(rosters_app: Flask) -> Flask:
    """The app over a database with rosters."""
    return rosters_app


@pytest.fixture(params=DAYS)
def day(request: pytest.FixtureRequest) -> str:
    """A day after a roster."""
    return str(request.param)


@pytest.fixture
def export(client: FlaskClient, day: str, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to the SQLite export of the day."""
    (tmp_path / "landscape.sqlite").write_bytes(client.get(f"/v1/export/landscape.sqlite?as_of={day}", buffered=True).data)
    with closing(sqlite3.connect(tmp_path / "landscape.sqlite")) as connection:
        connection.row_factory = sqlite3.Row
        yield connection


def flatten(row: Any, prefix: str = "") -> dict[str, Any]:
    """Return an object of the API by column name."""
    flat: dict[str, Any] = {}
    for key, value in row.items():
        flat |= flatten(value, f"{prefix}{key}_") if isinstance(value, dict) else {f"{prefix}{key}": value}
    return flat


def test_first_sql_anyone_writes_gives_the_summary(client: FlaskClient, export: sqlite3.Connection, day: str) -> None:
    rows = client.get(f"/v1/agreements/summary?by=jurisdiction&as_of={day}").json["results"]
    summary = {(row["jurisdiction"], row["agreements"], row["agencies"]) for row in rows}
    counted = export.execute("SELECT jurisdiction, count(*), count(DISTINCT agency_id) FROM agreements GROUP BY jurisdiction")
    assert {tuple(row) for row in counted} == summary != set()
    assert {tuple(row) for row in export.execute("SELECT jurisdiction, agreements, agencies FROM agreements_summary")} == summary


@pytest.mark.parametrize(
    ("table", "path"),
    [
        ("agreements", "/v1/agreements"),
        ("other_agreements", "/v1/agreements?status=pending,unlisted,ended"),
        ("agencies", "/v1/agencies"),
        ("rosters", "/v1/rosters?sort=id"),
        ("agreements_history", "/v1/agreements/history?by=jurisdiction"),
    ],
)
def test_table_has_the_rows_of_the_api(client: FlaskClient, export: sqlite3.Connection, day: str, table: str, path: str) -> None:
    exported = [dict(row) for row in export.execute(f"SELECT * FROM {table}")]  # noqa: S608 - the names are constants
    api_rows = [flatten(row) for row in walk_pages(client, f"{path}{'&' if '?' in path else '?'}as_of={day}")]
    assert len(exported) == len(api_rows)
    plain_columns = [name for name in exported[0] if name != "measures"] if exported else []
    assert exported == [] or [[row[name] for name in plain_columns] for row in exported] == [
        [row.get(name) for name in plain_columns] for row in api_rows
    ]


def test_rows_of_rosters_name_agreements_of_the_export(export: sqlite3.Connection) -> None:
    orphans = """
        SELECT count(*) FROM roster_rows
        WHERE agreement NOT IN (SELECT id FROM agreements UNION SELECT id FROM other_agreements)
    """
    assert export.execute("SELECT count(agreement) FROM roster_rows").fetchone()[0] > 0
    assert export.execute(orphans).fetchone()[0] == 0


def test_foreign_keys_hold_with_rosters_on_file(export: sqlite3.Connection) -> None:
    assert [tuple(row) for row in export.execute("PRAGMA foreign_key_check")] == []


def test_answers_of_many_pages_are_exported_whole(app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("legal.queries.export.answer_tables._ROWS_PER_PAGE", 2)
    client = app.test_client()
    (tmp_path / "paged.sqlite").write_bytes(client.get("/v1/export/landscape.sqlite?as_of=2026-01-02", buffered=True).data)
    with closing(sqlite3.connect(tmp_path / "paged.sqlite")) as connection:
        ids = [row[0] for row in connection.execute("SELECT id FROM agencies")]
    assert len(ids) > 2
    assert sorted(ids) == sorted(row["id"] for row in walk_pages(client, "/v1/agencies?as_of=2026-01-02"))
