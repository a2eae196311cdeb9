"""Conditions that several lists offer: words, and the filters of measures, figures, documents and places."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from legal.db.engine import Database
from legal.errors import NotFound
from legal.queries.core import snapshot
from legal.queries.core.pagination import Paging
from legal.queries.record import documents, figures, jurisdictions, measures
from tests.services.factories import load, measure, place


def found(database: Database, module: Any, **filters: Any) -> list[dict[str, Any]]:
    """What a list gives for these filters."""
    with database.reading() as session:
        rows, page = module.listed(session, snapshot.resolve(session, date(2026, 11, 22)), filters, Paging(200, "id"))
    assert page.count == len(rows)
    return list(rows)


@pytest.mark.parametrize(
    ("name", "value"), [("jurisdiction", "VA"), ("kind", "ban"), ("status", "filed"), ("direction", "limits_cooperation")]
)
def test_measures_are_filtered_by_a_word(record: Database, name: str, value: str) -> None:
    everything = found(record, measures)
    assert found(record, measures, **{name: [value]}) == [row for row in everything if row[name] == value] != []


@pytest.mark.parametrize("value", ["yes", "no", "possible", "unknown"])
def test_measures_are_filtered_by_whether_they_stand(record: Database, value: str) -> None:
    everything = found(record, measures)
    assert found(record, measures, stands=[value]) == [row for row in everything if row["stands"] == value]


def test_measures_are_filtered_by_document(record: Database) -> None:
    everything = found(record, measures)
    citing = [row for row in everything if "washington-times-2025-09-17" in {one["document"] for one in row["citations"]}]
    assert found(record, measures, document="washington-times-2025-09-17") == citing != []


def test_figures_are_filtered_by_document(record: Database) -> None:
    everything = found(record, figures)
    citing = [row for row in everything if "program-growth-undated" in {one["document"] for one in row["citations"]}]
    assert found(record, figures, document="program-growth-undated") == citing != []


@pytest.mark.parametrize(("name", "value"), [("jurisdiction", "US"), ("metric", "participation"), ("unit", "agreements")])
def test_figures_are_filtered_by_a_word(record: Database, name: str, value: str) -> None:
    everything = found(record, figures)
    assert found(record, figures, **{name: [value]}) == [row for row in everything if row[name] == value] != []


@pytest.mark.parametrize(
    ("filters", "present"),
    [
        ({"effective_after": date(2026, 2, 4)}, True),
        ({"effective_after": date(2026, 2, 5)}, False),
        ({"effective_before": date(2026, 2, 4)}, True),
        ({"effective_before": date(2026, 2, 3)}, False),
    ],
)
def test_measures_are_filtered_by_when_they_take_effect(record: Database, filters: dict[str, date], present: bool) -> None:
    assert ("va-directive-2026-02-04" in {row["id"] for row in found(record, measures, **filters)}) is present


def test_a_measure_without_an_effective_date_takes_effect_neither_before_nor_after(record: Database) -> None:
    some = found(record, measures, effective_after=date(1900, 1, 1)) + found(record, measures, effective_before=date(2100, 1, 1))
    assert all(row["effective"]["from"]["edtf"] for row in some)


@pytest.mark.parametrize(
    "bent", [str, str.upper, lambda title: " ".join(reversed(title.split())), lambda title: f"  {title}  va-directive "]
)
def test_all_words_are_found_in_any_case_and_order(record: Database, bent: Callable[[str], str]) -> None:
    title = next(row["title"] for row in found(record, measures) if row["id"] == "va-directive-2026-02-04")
    assert [row["id"] for row in found(record, measures, q=bent(title))] == ["va-directive-2026-02-04"]


@pytest.mark.parametrize("q", ["virginia zebra", "%", "_", "\\", "'; --"])
def test_what_is_nowhere_is_not_found(record: Database, q: str) -> None:
    assert found(record, measures, q=q) == []


def test_documents_are_found_by_their_publisher(record: Database) -> None:
    assert {row["id"] for row in found(record, documents, q="washington times")} >= {"washington-times-2025-09-17"}


@pytest.mark.parametrize(
    ("filters", "codes"),
    [
        ("type=district", {"DC"}),
        ("posture=active", {"FL", "TX"}),
        ("kind=legal_opinion", {"MN"}),
        ("q=virginia", {"VA", "WV"}),
        ("q=west+virginia&type=state", {"WV"}),
        ("type=territory&kind=ban", set()),
    ],
)
def test_places_are_filtered(reader: FlaskClient, filters: str, codes: set[str]) -> None:
    body = reader.get(f"/v1/jurisdictions?as_of=2026-11-22&{filters}").json
    assert {row["code"] for row in body["results"]} == codes
    assert body["count"] == len(codes)


@pytest.mark.parametrize("ref", ["nowhere at all", "x" * 5000, "", "ocd-division/country:us/state:zz"])
def test_a_place_that_is_like_none_is_not_found(record: Database, ref: str) -> None:
    with record.reading() as session, pytest.raises(NotFound):
        jurisdictions.find(session, ref)


@pytest.mark.parametrize("ref", ["VA", "virginia", "51", "us-va", "ocd-division/country:us/state:va"])
def test_a_filter_names_a_place_by_any_identifier(reader: FlaskClient, ref: str) -> None:
    body = reader.get("/v1/measures", query_string={"jurisdiction": f"{ref},MD", "limit": 200}).json
    assert {row["jurisdiction"] for row in body["results"]} == {"VA", "MD"}


def test_every_wrong_place_of_a_filter_is_helped(reader: FlaskClient) -> None:
    answer = reader.get("/v1/measures?jurisdiction=VA,Virgina,Marylan")
    assert answer.status_code == 422
    assert [error["did_you_mean"][0] for error in answer.json["errors"]] == ["VA", "MD"]


def test_a_filter_by_a_document_on_file_is_taken(record: Database) -> None:
    with record.reading() as session:
        assert documents.existing(session, snapshot.latest(session), "washington-times-2025-09-17") is None  # type: ignore[func-returns-value]


@pytest.mark.parametrize("query", ["DOÑA ANA", "doña", "Ñ"])
def test_a_name_is_found_in_any_case_of_any_alphabet(empty: Database, query: str) -> None:
    load(empty, place(measures=[measure("va-order", title="The order of Doña Ana County")]))
    assert [row["id"] for row in found(empty, measures, q=query)] == ["va-order"]
