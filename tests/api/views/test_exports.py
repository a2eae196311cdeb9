"""The exports over HTTP: what is in the files, that they fit together, and that they give the same answers as the service."""

import csv
import hashlib
import io
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from frictionless import Package
from sqlalchemy.orm import Session

from legal.api.formats import datapackage, tabular
from legal.queries.core import snapshot
from legal.rules import posture
from legal.rules.dates import reached
from legal.rules.in_effect import Span, ended, stands
from legal.rules.posture import Claim, Report
from legal.services.publishing import MEASURE, Why, lock, publish
from legal.vocabulary import Stands
from tests.conftest import make_app
from tests.services.rosters.factories import naming, say

NOUNS = {
    *("jurisdictions", "documents", "origins", "measures", "events", "figures", "citations", "revisions", "postures"),
    *("rosters", "agencies", "agreements", "roster_rows"),
}
DAY = date(2026, 3, 1)
MOMENT = f"?as_of={DAY}&revision=1"
ZIP, SQLITE = "/v1/export/landscape.zip", "/v1/export/landscape.sqlite"
PATHS = (ZIP, SQLITE)
CONVERTED = {
    "integer": int,
    "number": float,
    "boolean": lambda text: text == "true",
    "array": json.loads,
    "object": json.loads,
    "date": date.fromisoformat,
}
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def archive(app: Flask) -> dict[str, bytes]:
    """The files of the zip, by name."""
    with ZipFile(io.BytesIO(app.test_client().get(ZIP + MOMENT, buffered=True).data)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


@pytest.fixture(scope="module")
def package(archive: dict[str, bytes]) -> dict[str, Any]:
    """The description in the zip."""
    return dict(json.loads(archive["datapackage.json"]))


@pytest.fixture(scope="module")
def tables(archive: dict[str, bytes], package: dict[str, Any]) -> dict[str, Rows]:
    """The rows of each table, read as its schema says."""
    return {resource["name"]: typed(archive[resource["path"]], resource["schema"]) for resource in package["resources"]}


@pytest.fixture(scope="module")
def file(app: Flask, backend: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """The SQLite file, opened."""
    path = tmp_path_factory.mktemp("export") / f"{backend}.sqlite"
    path.write_bytes(app.test_client().get(SQLITE + MOMENT, buffered=True).data)
    with closing(sqlite3.connect(path)) as opened:
        opened.row_factory = sqlite3.Row
        yield opened


def typed(content: bytes, schema: dict[str, Any]) -> Rows:
    """CSV read as a Table Schema says."""
    types = {field["name"]: CONVERTED.get(field["type"], str) for field in schema["fields"]}
    rows = csv.DictReader(io.StringIO(content.decode("utf-8"), newline=""))
    return [{key: types[key](text.removeprefix("'")) if text else None for key, text in row.items()} for row in rows]  # type: ignore[operator]


def test_the_zip_has_a_table_for_each_noun_and_what_describes_them(archive: dict[str, bytes]) -> None:
    assert set(archive) == {f"{noun}.csv" for noun in NOUNS} | {"datapackage.json", "codebook.json", "SHA256SUMS"}


def test_frictionless_finds_nothing_wrong(archive: dict[str, bytes], tmp_path: Path) -> None:
    for name, content in archive.items():
        (tmp_path / name).write_bytes(content)
    report = Package(str(tmp_path / "datapackage.json")).validate()
    assert (report.valid, {task.name for task in report.tasks}) == (True, NOUNS), report.flatten(["type", "note"])


def test_the_hashes_are_those_of_the_files(archive: dict[str, bytes]) -> None:
    told = dict(reversed(line.split("  ")) for line in archive["SHA256SUMS"].decode().splitlines())
    assert told == {name: hashlib.sha256(content).hexdigest() for name, content in archive.items() if name != "SHA256SUMS"}


def test_a_resource_tells_its_size_and_its_hash(archive: dict[str, bytes], package: dict[str, Any]) -> None:
    for resource in package["resources"]:
        content = archive[resource["path"]]
        assert (resource["bytes"], resource["hash"]) == (len(content), f"sha256:{hashlib.sha256(content).hexdigest()}")


def test_the_package_tells_its_moment_its_licence_and_its_sources(package: dict[str, Any]) -> None:
    assert (package["revision"], package["as_of"], package["licenses"][0]["name"]) == (1, "2026-03-01", "CC-BY-4.0")
    assert len(package["sources"]) == 5


def test_the_codebook_is_the_one_that_is_served(archive: dict[str, bytes], client: FlaskClient) -> None:
    served = client.get("/v1/codebook").json
    del served["meta"]
    assert json.loads(archive["codebook.json"]) == served


@pytest.mark.parametrize("noun", ["jurisdictions", "documents", "measures", "figures"])
def test_what_is_exported_is_what_is_served(tables: dict[str, Rows], client: FlaskClient, noun: str) -> None:
    key = "code" if noun == "jurisdictions" else "id"
    served = client.get(f"/v1/{noun}{MOMENT}&limit=200").json["results"]
    assert sorted(row[key] for row in tables[noun]) == sorted(row[key] for row in served)


def test_measures_stand_as_they_are_served(tables: dict[str, Rows], client: FlaskClient) -> None:
    served = client.get(f"/v1/measures{MOMENT}&limit=200").json["results"]
    assert {row["id"]: row["stands"] for row in tables["measures"]} == {row["id"]: row["stands"] for row in served}


def test_citations_are_those_served_without_any_text(tables: dict[str, Rows], client: FlaskClient) -> None:
    served = client.get(f"/v1/measures{MOMENT}&limit=200").json["results"]
    spans = {(one["id"], c["document"], c["start"], c["end"], c["sha256"]) for one in served for c in one["citations"]}
    told = {(c["measure"], c["document"], c["start"], c["end"], c["sha256"]) for c in tables["citations"] if c["measure"]}
    assert told == spans
    assert not {"quote", "text"} & set(tables["citations"][0])


def test_the_same_pack_over_the_exported_data_gives_the_same_answer_for_all(tables: dict[str, Rows]) -> None:
    for told in tables["postures"]:
        claims = [claim(row) for row in tables["measures"] if row["jurisdiction"] == told["jurisdiction"]]
        reports = [report(row) for row in tables["figures"] if row["jurisdiction"] == told["jurisdiction"]]
        reading = posture.read(claims, reports)
        assert (told["posture"], told["rule"]) == (reading.posture, reading.rule)
        assert told["because"] == list(reading.because)
        assert told["set_aside"] == [{"id": id, "why": why} for id, why in reading.set_aside]
        assert told["could_be"] == list(reading.could_be)
        assert told["would_become"] == [{"if": id, "posture": value} for id, value in reading.would_become]


def claim(row: dict[str, Any]) -> Claim:
    """An exported measure as the rules see it."""
    span = Span(*(row[key] for key in ("begins_earliest", "begins_latest", "ends", "ends_earliest", "ends_latest")))
    return Claim(
        row["id"],
        row["kind"],
        row["status"],
        row["direction"],
        stands(span, row["kind"], row["status"], DAY),
        frozenset(row["scope_binds"]),
        frozenset(row["scope_does_not_bind"]),
        row["scope_agreements"],
        row["scope_prohibits_agreements"],
        row["scope_exceptions"] is not None,
        frozenset(row["implies"]),
        ended(span, DAY) is Stands.YES,
    )


def report(row: dict[str, Any]) -> Report:
    """An exported figure as the rules see it."""
    return Report(row["id"], row["metric"], reached(row["reported_earliest"], row["reported_latest"], DAY))


def test_postures_are_those_served(tables: dict[str, Rows], client: FlaskClient) -> None:
    served = client.get(f"/v1/jurisdictions{MOMENT}&limit=200").json["results"]
    named = {place["code"]: place["posture"]["value"] for place in served if place["posture"]}
    assert {row["jurisdiction"]: row["posture"] for row in tables["postures"]} == named


def test_a_card_says_what_its_posture_rests_on_as_the_export_does(tables: dict[str, Rows], client: FlaskClient) -> None:
    card = client.get(f"/v1/jurisdictions/VA{MOMENT}").json["posture"]
    told = next(row for row in tables["postures"] if row["jurisdiction"] == "VA")
    assert all(told[key] == card[key] for key in ("rule", "rule_version", "because", "set_aside", "could_be", "would_become"))


def test_a_cell_that_would_run_is_defused(app: Flask) -> None:
    written = io.BytesIO()
    with Session(app.extensions["database"].engine) as session:  # rolled back
        session.connection(execution_options={"writing": True})
        lock(session)
        publish(session, [], [(MEASURE, "va-directive-2026-02-04")], Why("correction", '=HYPERLINK("http://example.org")', "somebody"))
        datapackage.write(session, snapshot.latest(session), written)
    with ZipFile(written) as opened:
        rows = list(csv.DictReader(io.StringIO(opened.read("revisions.csv").decode(), newline="")))
    assert rows[-1]["reason"] == """'=HYPERLINK("http://example.org")"""


def test_the_agreements_that_a_measure_names_are_exported_as_a_list(app: Flask) -> None:
    written = io.BytesIO()
    with Session(app.extensions["database"].engine) as session:  # rolled back
        session.connection(execution_options={"writing": True})
        say(session, naming("fl-one-task-force", on="2025-03-01"))
        datapackage.write(session, snapshot.latest(session), written)
    with ZipFile(written) as opened:
        rows = csv.DictReader(io.StringIO(opened.read("measures.csv").decode(), newline=""))
        told = {row["id"]: row["agreements"] for row in rows}
    assert json.loads(told.pop("fl-ended")) == ["fl-one-task-force"]
    assert set(told.values()) == {""}


def test_the_sqlite_file_is_sound(file: sqlite3.Connection) -> None:
    assert [tuple(row) for row in file.execute("PRAGMA integrity_check")] == [("ok",)]
    assert [tuple(row) for row in file.execute("PRAGMA foreign_key_check")] == []


def test_the_sqlite_file_has_the_tables_and_meta(file: sqlite3.Connection) -> None:
    assert {row["name"] for row in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")} == NOUNS | {"meta"}


def test_the_sqlite_file_says_what_it_is(file: sqlite3.Connection, client: FlaskClient) -> None:
    meta = client.get(f"/v1/codebook{MOMENT}").json["meta"]
    (row,) = file.execute("SELECT * FROM meta")
    assert {key: row[key] for key in meta} == meta
    assert (row["license"], json.loads(row["definitions"])["version"]) == ("CC-BY-4.0", "1.0")


@pytest.mark.parametrize("noun", sorted(NOUNS))
def test_both_exports_hold_the_same(file: sqlite3.Connection, tables: dict[str, Rows], package: dict[str, Any], noun: str) -> None:
    schema = next(resource["schema"] for resource in package["resources"] if resource["name"] == noun)
    types = {field["name"]: field["type"] for field in schema["fields"]}
    read = [
        {
            key: value if value is None or types[key] in ("string", "datetime", "number") else plain(value, types[key])
            for key, value in dict(row).items()
        }
        for row in file.execute(f"SELECT * FROM {noun}")  # noqa: S608 - names of ours
    ]
    assert read == tables[noun]


def plain(value: Any, type: str) -> Any:
    """A value of SQLite as the schema of the CSV has it."""
    return bool(value) if type == "boolean" else value if type == "integer" else CONVERTED[type](value)


def test_every_pointer_of_the_package_is_a_foreign_key_of_the_file(file: sqlite3.Connection, package: dict[str, Any]) -> None:
    for resource in package["resources"]:
        told = {(key["fields"][0], key["reference"]["resource"]) for key in resource["schema"]["foreignKeys"]}
        assert {(row["from"], row["table"]) for row in file.execute(f"PRAGMA foreign_key_list({resource['name']})")} == told


@pytest.mark.parametrize(("path", "media"), [(ZIP, "application/zip"), (SQLITE, "application/vnd.sqlite3")])
def test_the_file_says_what_it_is(client: FlaskClient, path: str, media: str) -> None:
    headers = client.get(path + MOMENT, buffered=True).headers
    assert (headers["Content-Type"], headers["Data-Revision"]) == (media, "1")
    assert headers["Content-Disposition"] == f'attachment; filename="legal-landscape-r1-2026-03-01.{path.rpartition(".")[2]}"'


@pytest.mark.parametrize("path", PATHS)
def test_one_moment_is_always_the_same_bytes(client: FlaskClient, path: str) -> None:
    first, second = (client.get(path + MOMENT, buffered=True) for _ in range(2))
    assert (first.data, first.headers["ETag"]) == (second.data, second.headers["ETag"])
    assert int(first.headers["Content-Length"]) == len(first.data)


@pytest.mark.parametrize("path", PATHS)
def test_another_day_has_another_tag(client: FlaskClient, path: str) -> None:
    tags = {client.get(f"{path}?as_of={day}&revision=1", buffered=True).headers["ETag"] for day in ("2026-02-03", "2026-02-05")}
    assert len(tags) == 2


@pytest.mark.parametrize("path", PATHS)
def test_a_client_that_has_the_file_is_told_so_without_making_it(client: FlaskClient, statements: list[str], path: str) -> None:
    tag = client.get(path + MOMENT, buffered=True).headers["ETag"]
    statements.clear()
    answer = client.get(path + MOMENT, headers={"If-None-Match": tag})
    assert (answer.status_code, answer.data, len(statements)) == (304, b"", 1)
    assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(("path", "count"), [(ZIP, 19), (SQLITE, 18)])
def test_an_export_takes_the_same_statements_whatever_is_on_file(client: FlaskClient, statements: list[str], path: str, count: int) -> None:
    for day in ("2020-01-01", "2026-11-22"):
        statements.clear()
        client.get(f"{path}?as_of={day}", buffered=True)
        assert len(statements) == count


@pytest.mark.parametrize("path", PATHS)
def test_the_head_of_a_file_has_no_body(client: FlaskClient, path: str) -> None:
    answer = client.head(path + MOMENT, buffered=True)
    assert (answer.status_code, answer.data, int(answer.headers["Content-Length"]) > 0) == (200, b"", True)


@pytest.mark.parametrize(("query", "status"), [("?format=csv", 422), ("?as_of=tomorrow", 422), ("?revision=99", 404), ("?revision=0", 422)])
@pytest.mark.parametrize("path", PATHS)
def test_what_cannot_be_read_is_refused(client: FlaskClient, path: str, query: str, status: int) -> None:
    assert client.get(path + query).status_code == status


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_left_behind(client: FlaskClient, path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    client.get(path, buffered=True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", PATHS)
def test_the_response_cache_keeps_a_small_export(templates: dict[bool, str], path: str) -> None:
    made = make_app(templates[True], cache_bytes=10**7)
    client = made.test_client()
    first = client.get(path, buffered=True)
    made.extensions["database"].dispose()
    assert client.get(path, buffered=True).data == first.data
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    made.extensions["database"].dispose()


def test_the_description_names_the_files_and_their_types(client: FlaskClient) -> None:
    paths = client.get("/openapi.json").json["paths"]
    assert [list(paths[path]["get"]["responses"]["200"]["content"]) for path in (*PATHS, "/v1/map.csv")] == [
        ["application/zip"],
        ["application/vnd.sqlite3"],
        [tabular.MEDIA["csv"]],
    ]
