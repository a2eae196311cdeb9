"""Test that a response pinned to a revision and a day never changes, byte for byte."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from legal.db.engine import Database
from legal.json_types import Json
from legal.queries.core import snapshot
from legal.queries.export.sqlite_file import write_sqlite_export
from tests.queries.clients import client_of
from tests.services.factories import (
    citation_json,
    document_file,
    explicit_date,
    figure_json,
    jurisdiction_file,
    load_small_seeds,
    measure_json,
    origin_json,
)
from tests.services.rosters.factories import BAKER, MIAMI, import_rosters, parsed_row, roster_workbook

PIN = "as_of=2026-03-01&revision=1&rules=2"
EDITS: dict[str, tuple[list[Any], dict[str, Any]]] = {
    "a measure is amended": ([jurisdiction_file(measures=[measure_json(title="Another"), measure_json("va-order-2")])], {}),
    "a measure is retracted": ([jurisdiction_file(measures=[measure_json()])], {}),
    "a measure is added": ([jurisdiction_file(measures=[measure_json(), measure_json("va-order-2"), measure_json("va-order-3")])], {}),
    "a figure is amended": ([jurisdiction_file(figures=[figure_json(value=3)])], {}),
    "everything is retracted": ([jurisdiction_file(measures=[], figures=[])], {}),
    "a document is amended": ([jurisdiction_file()], {"documents": [document_file(title="Another", published=explicit_date("2025"))]}),
    "a document is added": ([jurisdiction_file()], {"documents": [document_file(), document_file(id="other")]}),
    "an origin is amended": ([jurisdiction_file()], {"origins": [origin_json(type="press_report", title="Another")]}),
    "a jurisdiction is added": ([jurisdiction_file(), jurisdiction_file("MD", "Maryland")], {}),
    "a jurisdiction is added with a measure": (
        [jurisdiction_file(), jurisdiction_file("OH", "Ohio", measures=[measure_json("oh-order")])],
        {},
    ),
    "a citation moves": ([jurisdiction_file(measures=[measure_json(citations=[citation_json(end=20)]), measure_json("va-order-2")])], {}),
}
ADDRESSES = [
    "/v1/jurisdictions/VA",
    "/v1/jurisdictions",
    "/v1/jurisdictions?q=maryland",
    "/v1/map.json",
    "/v1/measures",
    "/v1/measures?stands=yes",
    "/v1/measures/va-order",
    "/v1/figures",
    "/v1/figures/va-two-sheriffs",
    "/v1/documents",
    "/v1/documents/paper",
    "/v1/search?q=maryland+order",
]


def test_pinned_response_is_unchanged_by_any_edit(empty_db: Database) -> None:
    load_small_seeds(empty_db)
    pinned_addresses = [f"{address}{'&' if '?' in address else '?'}{PIN}" for address in ADDRESSES]
    with client_of(empty_db) as client:
        responses = {address: client.get(address) for address in pinned_addresses}
        assert {response.status_code for response in responses.values()} == {200}
        for edit, (jurisdictions, options) in EDITS.items():
            assert load_small_seeds(empty_db, *jurisdictions, **options).revision, edit
            changed = [address for address in pinned_addresses if client.get(address).data != responses[address].data]
            assert (edit, changed) == (edit, [])


@pytest.mark.parametrize("address", ["/v1/jurisdictions/MD", "/v1/jurisdictions/MD/timeline", "/feeds/MD.atom", "/states/maryland"])
def test_jurisdiction_is_not_found_at_a_revision_before_it_was_added(empty_db: Database, address: str) -> None:
    load_small_seeds(empty_db)
    load_small_seeds(empty_db, jurisdiction_file(), jurisdiction_file("MD", "Maryland"))
    with client_of(empty_db) as client:
        assert [client.get(f"{address}?revision={revision}").status_code for revision in (1, 2)] == [404, 200]


def test_jurisdiction_is_no_value_of_a_filter_before_it_was_added(empty_db: Database) -> None:
    load_small_seeds(empty_db)
    load_small_seeds(empty_db, jurisdiction_file(), jurisdiction_file("MD", "Maryland"))
    with client_of(empty_db) as client:
        assert [client.get(f"/v1/measures?jurisdiction=MD&revision={revision}").status_code for revision in (1, 2)] == [422, 200]


def test_comparison_of_revisions_does_not_know_a_later_jurisdiction(empty_db: Database) -> None:
    load_small_seeds(empty_db)
    load_small_seeds(empty_db, jurisdiction_file(), jurisdiction_file("MD", "Maryland", measures=[measure_json("md-order")]))
    with client_of(empty_db) as client:
        responses = [client.get(f"/v1/diff?jurisdiction=MD&from_revision=1&to_revision={revision}") for revision in (1, 2)]
    assert [response.status_code for response in responses] == [422, 200]
    assert [item["id"] for item in responses[1].json["causes"]["source_added"]] == ["md-order"]


@pytest.mark.parametrize("measures", [[], [measure_json("md-order")]], ids=["without claims", "with a claim"])
def test_pinned_export_is_unchanged_by_a_jurisdiction_that_is_added(empty_db: Database, tmp_path: Path, measures: list[Json]) -> None:
    exports = []
    for later_files in ([], [jurisdiction_file("MD", "Maryland", measures=measures)]):
        load_small_seeds(empty_db, jurisdiction_file(), *later_files)
        path = tmp_path / f"{len(exports)}.sqlite"
        with empty_db.reading() as session:
            first = snapshot.resolve_snapshot(session, date(2026, 3, 1), revision=1)
            write_sqlite_export(session, first, path, "CC-BY-4.0", "{}")
        exports.append(path.read_bytes())
    assert exports[0] == exports[1]


def test_jurisdiction_without_claims_changes_the_etag_and_not_the_log(empty_db: Database) -> None:
    answers = []
    with client_of(empty_db) as client:
        for later_files in ([], [jurisdiction_file("MD", "Maryland")]):
            load_small_seeds(empty_db, jurisdiction_file(), *later_files)
            answers.append((client.get("/v1/jurisdictions"), client.get("/v1/changes")))
    (first_list, first_log), (second_list, second_log) = answers
    assert first_list.headers["ETag"] != second_list.headers["ETag"]
    assert first_log.json["results"] == second_log.json["results"]
    assert [log.json["meta"]["revision"] for log in (first_log, second_log)] == [1, 2]


@pytest.mark.parametrize(
    "address", ["/", "/changes", "/v1/changes", "/feeds/changes.atom", "/feeds/VA.json", "/states/virginia", "/v1/map.json"]
)
def test_revision_that_only_adds_jurisdictions_is_shown(empty_db: Database, address: str) -> None:
    load_small_seeds(empty_db, jurisdiction_file(measures=[], figures=[]), documents=[], origins=[])
    with client_of(empty_db) as client:
        assert client.get(address).status_code == 200


def test_response_that_is_not_pinned_follows_the_record(empty_db: Database) -> None:
    load_small_seeds(empty_db)
    with client_of(empty_db) as client:
        card_before = client.get("/v1/jurisdictions/VA").json
        load_small_seeds(empty_db, jurisdiction_file(measures=[]))
        card_after = client.get("/v1/jurisdictions/VA").json
    assert (card_before["posture"]["value"], card_after["posture"]["value"]) == ("limited", "on_file")


def test_retracted_measure_is_found_only_at_earlier_revisions(empty_db: Database) -> None:
    load_small_seeds(empty_db)
    load_small_seeds(empty_db, jurisdiction_file(measures=[]))
    with client_of(empty_db) as client:
        assert client.get("/v1/measures/va-order").status_code == 404
        assert client.get("/v1/measures/va-order?revision=1").status_code == 200


ROSTER_ADDRESSES = [
    "/v1/agreements?status=any",
    "/v1/agreements/summary?by=model",
    "/v1/agencies",
    "/v1/agencies/fl-union-county-sheriffs-office",
    "/v1/rosters",
    "/v1/jurisdictions/FL",
    "/v1/jurisdictions/FL/timeline",
    "/v1/map.json",
    "/v1/search?q=union",
]


def test_pinned_response_about_rosters_is_unchanged_by_later_rosters(writable_seeded_db: Database) -> None:
    pinned_addresses = [f"{address}{'&' if '?' in address else '?'}as_of=2026-03-01&revision=3&rules=2" for address in ROSTER_ADDRESSES]
    first_workbooks = [roster_workbook("2025-01-10", parsed_row(), parsed_row(BAKER)), roster_workbook("2025-08-01", parsed_row())]
    later_workbooks = [
        roster_workbook(day, parsed_row(), parsed_row(BAKER, "2025-02-01"), parsed_row(MIAMI))
        for day in ("2025-06-01", "2025-01-05", "2025-12-01")
    ]
    with client_of(writable_seeded_db) as client:
        with writable_seeded_db.transaction() as session:
            import_rosters(session, *first_workbooks)
        responses = {address: client.get(address) for address in pinned_addresses}
        assert {response.status_code for response in responses.values()} == {200}
        for later_workbook in later_workbooks:
            with writable_seeded_db.transaction() as session:
                import_rosters(session, later_workbook)
            assert [address for address in pinned_addresses if client.get(address).data != responses[address].data] == []
