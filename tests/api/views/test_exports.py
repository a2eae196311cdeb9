"""Test the exports over HTTP: their files, their consistency, and their agreement with the API."""

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
from legal.queries.core.snapshot import latest_snapshot
from legal.queries.export.tables import EXPORT_TABLES
from legal.rules import posture
from legal.rules.dates import happened_by
from legal.rules.in_effect import EffectPeriod, has_ended_by, in_effect_on
from legal.rules.posture import Claim, Report
from legal.schemas.agreement import HISTORY_SCHEMAS, SUMMARY_SCHEMAS, AgencySchema, AgreementSchema
from legal.schemas.conflict import ConflictSchema
from legal.schemas.figure import RosterCheckSchema
from legal.schemas.jurisdiction import PostureSchema
from legal.schemas.roster import RosterSchema
from legal.services.publishing import MEASURE_ENTITY, ChangeReason, acquire_publishing_lock, publish
from legal.vocabulary import CODEBOOK_VERSION, Stands
from tests.conftest import make_app
from tests.services.rosters.factories import measure_naming, publish_measures

TABLE_NAMES = {
    *("jurisdictions", "documents", "origins", "measures", "events", "figures", "contradictions", "citations", "revisions", "postures"),
    *("measure_links", "provisions"),
    *("rosters", "agencies", "agreements", "other_agreements", "roster_rows", "agreements_summary", "agreements_history"),
    *("conflicts", "roster_checks"),
}
DAY = date(2026, 3, 1)
PINNED_QUERY = f"?as_of={DAY}&revision=1&rules=2"
ZIP_PATH, SQLITE_PATH = "/v1/export/landscape.zip", "/v1/export/landscape.sqlite"
EXPORT_PATHS = (ZIP_PATH, SQLITE_PATH)
PARSERS_BY_TYPE = {
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
    with ZipFile(io.BytesIO(app.test_client().get(ZIP_PATH + PINNED_QUERY, buffered=True).data)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


@pytest.fixture(scope="module")
def package(archive: dict[str, bytes]) -> dict[str, Any]:
    """The package description in the zip."""
    return dict(json.loads(archive["datapackage.json"]))


@pytest.fixture(scope="module")
def tables(archive: dict[str, bytes], package: dict[str, Any]) -> dict[str, Rows]:
    """The rows of each table, parsed by its schema."""
    return {resource["name"]: parse_table(archive[resource["path"]], resource["schema"]) for resource in package["resources"]}


@pytest.fixture(scope="module")
def sqlite_export(app: Flask, backend: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """A connection to the SQLite export."""
    path = tmp_path_factory.mktemp("export") / f"{backend}.sqlite"
    path.write_bytes(app.test_client().get(SQLITE_PATH + PINNED_QUERY, buffered=True).data)
    with closing(sqlite3.connect(path)) as opened:
        opened.row_factory = sqlite3.Row
        yield opened


def parse_table(content: bytes, schema: dict[str, Any]) -> Rows:
    """Parse CSV by its Table Schema."""
    parsers = {field["name"]: PARSERS_BY_TYPE.get(field["type"], str) for field in schema["fields"]}
    rows = csv.DictReader(io.StringIO(content.decode("utf-8"), newline=""))
    return [{key: parsers[key](text.removeprefix("'")) if text else None for key, text in row.items()} for row in rows]  # type: ignore[operator]


def test_zip_has_all_tables_and_their_descriptions(archive: dict[str, bytes]) -> None:
    assert set(archive) == {f"{name}.csv" for name in TABLE_NAMES} | {"datapackage.json", "codebook.json", "SHA256SUMS"}


def test_frictionless_validates_the_package(archive: dict[str, bytes], tmp_path: Path) -> None:
    for name, content in archive.items():
        (tmp_path / name).write_bytes(content)
    report_from_row = Package(str(tmp_path / "datapackage.json")).validate()
    assert (report_from_row.valid, {task.name for task in report_from_row.tasks}) == (True, TABLE_NAMES), report_from_row.flatten(
        ["type", "note"]
    )


def test_hashes_match_the_files(archive: dict[str, bytes]) -> None:
    hashes = dict(reversed(line.split("  ")) for line in archive["SHA256SUMS"].decode().splitlines())
    assert hashes == {name: hashlib.sha256(content).hexdigest() for name, content in archive.items() if name != "SHA256SUMS"}


def test_each_resource_has_its_size_and_hash(archive: dict[str, bytes], package: dict[str, Any]) -> None:
    for resource in package["resources"]:
        content = archive[resource["path"]]
        assert (resource["bytes"], resource["hash"]) == (len(content), f"sha256:{hashlib.sha256(content).hexdigest()}")


def test_package_has_its_snapshot_license_and_sources(package: dict[str, Any]) -> None:
    assert (package["revision"], package["as_of"], package["licenses"][0]["name"]) == (1, "2026-03-01", "CC-BY-4.0")
    assert len(package["sources"]) == 5


def test_exported_codebook_equals_the_served_codebook(archive: dict[str, bytes], client: FlaskClient) -> None:
    codebook = client.get("/v1/codebook").json
    del codebook["meta"]
    assert json.loads(archive["codebook.json"]) == codebook


@pytest.mark.parametrize(("name", "key"), [("jurisdictions", "code"), ("documents", "id"), ("measures", "id"), ("figures", "id")])
def test_exported_table_has_the_rows_of_the_api(tables: dict[str, Rows], client: FlaskClient, name: str, key: str) -> None:
    api_rows = client.get(f"/v1/{name}{PINNED_QUERY}&limit=200").json["results"]
    assert sorted(row[key] for row in tables[name]) == sorted(row[key] for row in api_rows)


def test_exported_measures_are_in_effect_as_in_the_api(tables: dict[str, Rows], client: FlaskClient) -> None:
    api_rows = client.get(f"/v1/measures{PINNED_QUERY}&limit=200").json["results"]
    assert {row["id"]: row["stands"] for row in tables["measures"]} == {row["id"]: row["stands"] for row in api_rows}


def test_exported_citations_equal_those_of_the_api_without_text(tables: dict[str, Rows], client: FlaskClient) -> None:
    api_rows = client.get(f"/v1/measures{PINNED_QUERY}&limit=200").json["results"]
    span_keys = ("document", "start", "end", "sha256")
    citations_by_owner = [
        *((row["id"], None, row["citations"]) for row in api_rows),
        *((row["id"], number, provision["citations"]) for row in api_rows for number, provision in enumerate(row["provisions"])),
    ]
    api_spans = {
        (id, provision, *(citation[key] for key in span_keys)) for id, provision, citations in citations_by_owner for citation in citations
    }
    exported_spans = {(row["measure"], row["provision"], *(row[key] for key in span_keys)) for row in tables["citations"] if row["measure"]}
    assert exported_spans == api_spans
    assert not {"quote", "text"} & set(tables["citations"][0])


def test_exported_links_and_provisions_equal_those_of_the_api(tables: dict[str, Rows], client: FlaskClient) -> None:
    api_rows = client.get(f"/v1/measures{PINNED_QUERY}&limit=200").json["results"]
    links = [(row["measure"], row["position"], row["acts_on"], row["effect"]) for row in tables["measure_links"]]
    assert links == [(row["id"], number, link["id"], link["effect"]) for row in api_rows for number, link in enumerate(row["acts_on"])]
    provisions = [(row["measure"], row["type"], row["text"], row["by"]) for row in tables["provisions"]]
    assert provisions == [(row["id"], item["type"], item["text"], item["by"]) for row in api_rows for item in row["provisions"]]
    assert links
    assert provisions


def test_rule_pack_over_exported_rows_gives_the_exported_postures(tables: dict[str, Rows]) -> None:
    for posture_row in tables["postures"]:
        claims = [claim_from_row(row) for row in tables["measures"] if row["jurisdiction"] == posture_row["jurisdiction"]]
        reports = [report(row) for row in tables["figures"] if row["jurisdiction"] == posture_row["jurisdiction"]]
        reading = posture.read_posture(claims, reports)
        assert (posture_row["value"], posture_row["rule"]) == (reading.posture, reading.rule)
        assert posture_row["because"] == list(reading.because)
        assert posture_row["set_aside"] == [{"id": id, "why": why} for id, why in reading.set_aside]
        assert posture_row["could_be"] == list(reading.could_be)
        assert posture_row["would_become"] == [{"if": id, "posture": value} for id, value in reading.would_become]


def claim_from_row(row: dict[str, Any]) -> Claim:
    """Return an exported measure as the rules read it."""
    period = EffectPeriod(*(row[key] for key in ("begins_earliest", "begins_latest", "ends", "ends_earliest", "ends_latest")))
    return Claim(
        row["id"],
        row["kind"],
        row["status"],
        row["direction"],
        in_effect_on(period, row["kind"], row["status"], DAY),
        frozenset(row["scope_binds"]),
        frozenset(row["scope_does_not_bind"]),
        row["scope_agreements"],
        row["scope_prohibits_agreements"],
        row["scope_exceptions"] is not None,
        frozenset(row["implies"]),
        has_ended_by(period, DAY) is Stands.YES,
    )


def report(row: dict[str, Any]) -> Report:
    """Return an exported figure as the rules read it."""
    return Report(row["id"], row["metric"], happened_by(row["reported_earliest"], row["reported_latest"], DAY))


def test_exported_postures_equal_those_of_the_api(tables: dict[str, Rows], client: FlaskClient) -> None:
    api_rows = client.get(f"/v1/jurisdictions{PINNED_QUERY}&limit=200").json["results"]
    postures = {row["code"]: row["posture"]["value"] for row in api_rows if row["posture"]}
    assert {row["jurisdiction"]: row["value"] for row in tables["postures"]} == postures


def test_exported_posture_has_the_reasons_of_the_card(tables: dict[str, Rows], client: FlaskClient) -> None:
    posture_json = client.get(f"/v1/jurisdictions/VA{PINNED_QUERY}").json["posture"]
    posture_row = next(row for row in tables["postures"] if row["jurisdiction"] == "VA")
    for key in ("value", "label", "rule", "rule_version", "because", "set_aside", "could_be", "would_become", "confidence", "stale"):
        assert posture_row[key] == posture_json[key]


def test_formula_in_the_export_is_defused(app: Flask) -> None:
    package_file = io.BytesIO()
    with Session(app.extensions["database"].engine) as session:  # rolled back
        session.connection(execution_options={"writing": True})
        acquire_publishing_lock(session)
        publish(
            session,
            [],
            [(MEASURE_ENTITY, "va-directive-2026-02-04")],
            ChangeReason("correction", '=HYPERLINK("http://example.org")', "somebody"),
        )
        datapackage.write_datapackage(session, latest_snapshot(session), package_file)
    with ZipFile(package_file) as opened:
        rows = list(csv.DictReader(io.StringIO(opened.read("revisions.csv").decode(), newline="")))
    assert rows[-1]["reason"] == """'=HYPERLINK("http://example.org")"""


def test_agreements_of_a_measure_are_exported_as_a_list(app: Flask) -> None:
    package_file = io.BytesIO()
    with Session(app.extensions["database"].engine) as session:  # rolled back
        session.connection(execution_options={"writing": True})
        publish_measures(session, measure_naming("fl-one-task-force", terminated_on="2025-03-01"))
        datapackage.write_datapackage(session, latest_snapshot(session), package_file)
    with ZipFile(package_file) as opened:
        rows = csv.DictReader(io.StringIO(opened.read("measures.csv").decode(), newline=""))
        agreements_by_measure = {row["id"]: row["agreements"] for row in rows}
    assert json.loads(agreements_by_measure.pop("fl-ended")) == ["fl-one-task-force"]
    assert set(agreements_by_measure.values()) == {""}


def test_sqlite_file_passes_integrity_checks(sqlite_export: sqlite3.Connection) -> None:
    assert [tuple(row) for row in sqlite_export.execute("PRAGMA integrity_check")] == [("ok",)]
    assert [tuple(row) for row in sqlite_export.execute("PRAGMA foreign_key_check")] == []


def test_sqlite_file_has_all_tables_and_meta(sqlite_export: sqlite3.Connection) -> None:
    assert {row["name"] for row in sqlite_export.execute("SELECT name FROM sqlite_master WHERE type = 'table'")} == TABLE_NAMES | {"meta"}


def test_sqlite_file_has_its_snapshot_license_and_codebook(sqlite_export: sqlite3.Connection, client: FlaskClient) -> None:
    meta = client.get(f"/v1/codebook{PINNED_QUERY}").json["meta"]
    (row,) = sqlite_export.execute("SELECT * FROM meta")
    assert {key: row[key] for key in meta} == meta
    assert (row["license"], json.loads(row["definitions"])["version"]) == ("CC-BY-4.0", CODEBOOK_VERSION)


@pytest.mark.parametrize("name", sorted(TABLE_NAMES))
def test_both_exports_hold_the_same_rows(
    sqlite_export: sqlite3.Connection, tables: dict[str, Rows], package: dict[str, Any], name: str
) -> None:
    schema = next(resource["schema"] for resource in package["resources"] if resource["name"] == name)
    types = {field["name"]: field["type"] for field in schema["fields"]}
    sqlite_rows = [
        {
            key: value if value is None or types[key] in ("string", "datetime", "number") else csv_value(value, types[key])
            for key, value in dict(row).items()
        }
        for row in sqlite_export.execute(f"SELECT * FROM {name}")  # noqa: S608 - the names are constants
    ]
    assert sqlite_rows == tables[name]


def csv_value(value: Any, type: str) -> Any:
    """Return a value of SQLite as the parsed CSV has it."""
    return bool(value) if type == "boolean" else value if type == "integer" else PARSERS_BY_TYPE[type](value)


def test_package_and_sqlite_file_have_the_same_foreign_keys(sqlite_export: sqlite3.Connection, package: dict[str, Any]) -> None:
    for resource in package["resources"]:
        foreign_keys = {(key["fields"][0], key["reference"]["resource"]) for key in resource["schema"]["foreignKeys"]}
        assert {
            (row["from"], row["table"]) for row in sqlite_export.execute(f"PRAGMA foreign_key_list({resource['name']})")
        } == foreign_keys


@pytest.mark.parametrize(("path", "media_type"), [(ZIP_PATH, "application/zip"), (SQLITE_PATH, "application/vnd.sqlite3")])
def test_export_has_its_media_type_revision_and_file_name(client: FlaskClient, path: str, media_type: str) -> None:
    headers = client.get(path + PINNED_QUERY, buffered=True).headers
    assert (headers["Content-Type"], headers["Data-Revision"]) == (media_type, "1")
    assert headers["Content-Disposition"] == f'attachment; filename="legal-landscape-r1-2026-03-01.{path.rpartition(".")[2]}"'


@pytest.mark.parametrize("path", EXPORT_PATHS)
def test_same_snapshot_gives_the_same_bytes(client: FlaskClient, path: str) -> None:
    first, second = (client.get(path + PINNED_QUERY, buffered=True) for _ in range(2))
    assert (first.data, first.headers["ETag"]) == (second.data, second.headers["ETag"])
    assert int(first.headers["Content-Length"]) == len(first.data)


@pytest.mark.parametrize("path", EXPORT_PATHS)
def test_another_day_has_another_etag(client: FlaskClient, path: str) -> None:
    tags = {client.get(f"{path}?as_of={day}&revision=1", buffered=True).headers["ETag"] for day in ("2026-02-03", "2026-02-05")}
    assert len(tags) == 2


@pytest.mark.parametrize("path", EXPORT_PATHS)
def test_matching_etag_gets_304_without_writing_the_file(client: FlaskClient, statements: list[str], path: str) -> None:
    tag = client.get(path + PINNED_QUERY, buffered=True).headers["ETag"]
    statements.clear()
    response = client.get(path + PINNED_QUERY, headers={"If-None-Match": tag})
    assert (response.status_code, response.data, len(statements)) == (304, b"", 1)
    assert "immutable" in response.headers["Cache-Control"]


@pytest.mark.parametrize("path", EXPORT_PATHS)
def test_export_sends_few_statements(client: FlaskClient, statements: list[str], path: str) -> None:
    counts = set()
    for day in ("2020-01-01", "2026-11-22"):
        statements.clear()
        client.get(f"{path}?as_of={day}", buffered=True)
        counts.add(len(statements))
    assert max(counts) < 180


@pytest.mark.parametrize("path", EXPORT_PATHS)
def test_head_of_an_export_has_no_body(client: FlaskClient, path: str) -> None:
    response = client.head(path + PINNED_QUERY, buffered=True)
    assert (response.status_code, response.data, int(response.headers["Content-Length"]) > 0) == (200, b"", True)


@pytest.mark.parametrize(("query", "status"), [("?format=csv", 422), ("?as_of=tomorrow", 422), ("?revision=99", 404), ("?revision=0", 422)])
@pytest.mark.parametrize("path", EXPORT_PATHS)
def test_invalid_snapshot_or_parameter_is_refused(client: FlaskClient, path: str, query: str, status: int) -> None:
    assert client.get(path + query).status_code == status


@pytest.mark.parametrize("path", EXPORT_PATHS)
def test_export_is_written_once_and_kept(client: FlaskClient, statements: list[str], path: str) -> None:
    first = client.get(f"{path}?as_of=2026-04-01", buffered=True)
    statements.clear()
    second = client.get(f"{path}?as_of=2026-04-01", buffered=True)
    assert (second.data, len(statements)) == (first.data, 1)


@pytest.mark.parametrize("cache_bytes", [0, 10**7])
@pytest.mark.parametrize("path", EXPORT_PATHS)
def test_ranges_of_an_export_make_up_the_file(template_urls: dict[str, str], path: str, cache_bytes: int) -> None:
    app = make_app(template_urls["seeded"], cache_bytes=cache_bytes)
    client = app.test_client()
    whole = client.get(path + PINNED_QUERY, buffered=True)
    size, tag = len(whole.data), whole.headers["ETag"]
    assert (whole.headers["Accept-Ranges"], tag.startswith("W/")) == ("bytes", False)
    parts = [
        client.get(path + PINNED_QUERY, headers={"Range": f"bytes={span}", "If-Range": tag}, buffered=True) for span in ("0-999", "1000-")
    ]
    assert [part.status_code for part in parts] == [206, 206]
    assert parts[0].headers["Content-Range"] == f"bytes 0-999/{size}"
    assert b"".join(part.data for part in parts) == whole.data
    assert client.get(path + PINNED_QUERY, headers={"Range": "bytes=-7"}, buffered=True).data == whole.data[-7:]
    app.extensions["database"].dispose()


@pytest.mark.parametrize(
    "headers", [{"Range": "bytes=0-9", "If-Range": '"another"'}, {"Range": "bytes=0-1,5-6"}, {"Range": "lines=0-9"}, {"Range": "bytes=x"}]
)
def test_range_that_cannot_be_used_gets_the_whole_file(client: FlaskClient, headers: dict[str, str]) -> None:
    whole = client.get(SQLITE_PATH + PINNED_QUERY, buffered=True)
    response = client.get(SQLITE_PATH + PINNED_QUERY, headers=headers, buffered=True)
    assert (response.status_code, response.data) == (200, whole.data)


def test_range_beyond_the_end_is_refused_with_the_size(client: FlaskClient) -> None:
    size = len(client.get(SQLITE_PATH + PINNED_QUERY, buffered=True).data)
    response = client.get(SQLITE_PATH + PINNED_QUERY, headers={"Range": "bytes=99999999-"})
    assert (response.status_code, response.json["type"]) == (416, "/problems/range-not-satisfiable")
    assert response.headers["Content-Range"] == f"bytes */{size}"


def test_openapi_description_has_the_media_types_of_exports(client: FlaskClient) -> None:
    paths = client.get("/openapi.json").json["paths"]
    assert [list(paths[path]["get"]["responses"]["200"]["content"]) for path in (*EXPORT_PATHS, "/v1/map.csv")] == [
        ["application/zip"],
        ["application/vnd.sqlite3"],
        [tabular.MEDIA_TYPES["csv"]],
    ]


def test_openapi_description_names_every_file_of_the_zip(client: FlaskClient, archive: dict[str, bytes]) -> None:
    description = client.get("/openapi.json").json["paths"][ZIP_PATH]["get"]["description"]
    assert [name for name in archive if f"`{name}`" not in description] == []


ANSWER_SCHEMAS = {
    "rosters": RosterSchema,
    "agencies": AgencySchema,
    "agreements": AgreementSchema,
    "other_agreements": AgreementSchema,
    "agreements_summary": SUMMARY_SCHEMAS["jurisdiction"],
    "agreements_history": HISTORY_SCHEMAS["jurisdiction"],
    "postures": PostureSchema,
    "conflicts": ConflictSchema,
    "roster_checks": RosterCheckSchema,
}
ADDED_COLUMNS = {"postures": {"jurisdiction", "headline_text"}, "roster_checks": {"figure"}}


@pytest.mark.parametrize("name", ANSWER_SCHEMAS)
def test_columns_are_the_keys_of_the_api_with_underscores(name: str) -> None:
    keys = [key for key in tabular.flat_fields(ANSWER_SCHEMAS[name]()) if not key.startswith("links.")]
    columns = next([column.name for column in table.columns] for table in EXPORT_TABLES if table.name == name)
    assert {key.replace(".", "_") for key in keys} == set(columns) - ADDED_COLUMNS.get(name, set())


def test_every_table_of_answers_is_compared_with_a_schema() -> None:
    assert {table.name for table in EXPORT_TABLES if table.stream_answers} == set(ANSWER_SCHEMAS)


@pytest.mark.parametrize("path", ["conflicts", "figures"])
def test_exported_answers_about_figures_equal_those_of_the_api(tables: dict[str, Rows], client: FlaskClient, path: str) -> None:
    api_rows = client.get(f"/v1/{path}{PINNED_QUERY}&limit=200").json["results"]
    if path == "conflicts":
        verdicts = {row["id"]: (row["verdict"], row["dimension"]) for row in api_rows}
        assert {row["id"]: (row["verdict"], row["dimension"]) for row in tables["conflicts"]} == verdicts != {}
    else:
        assert {row["id"]: row["reported"] for row in tables["figures"]} == {row["id"]: row["reported"] for row in api_rows}
        checks = {row["id"]: row["roster_check"]["verdict"] for row in api_rows if row["roster_check"]}
        assert {row["figure"]: row["verdict"] for row in tables["roster_checks"]} == checks != {}
