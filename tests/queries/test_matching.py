"""Test the search text and the filters of measures, figures, documents and jurisdictions."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from legal.db.engine import Database
from legal.errors import NotFound
from legal.json_types import Json
from legal.queries.core import snapshot
from legal.queries.core.pagination import Page, Paging
from legal.queries.record import documents, figures, jurisdictions, measures
from tests.conftest import Statements
from tests.databases import clear_database
from tests.services.factories import jurisdiction_file, load_small_seeds, measure_json

ListFunction = Callable[[Session, snapshot.Snapshot, Mapping[str, Any], Paging], tuple[list[Json], Page]]


def list_all(database: Database, list_function: ListFunction, **filters: Any) -> list[Json]:
    """Return all rows of a list that match the filters."""
    with database.reading() as session:
        rows, page = list_function(session, snapshot.resolve_snapshot(session, date(2026, 11, 22)), filters, Paging(200, "id"))
    assert page.count == len(rows)
    return list(rows)


@pytest.mark.parametrize(
    ("name", "value"), [("jurisdiction", "VA"), ("kind", "ban"), ("status", "filed"), ("direction", "limits_cooperation")]
)
def test_measures_are_filtered_by_a_term(seeded_db: Database, name: str, value: str) -> None:
    all_rows = list_all(seeded_db, measures.list_measures)
    assert list_all(seeded_db, measures.list_measures, **{name: [value]}) == [row for row in all_rows if row[name] == value] != []


@pytest.mark.parametrize("value", ["yes", "no", "possible", "unknown"])
def test_measures_are_filtered_by_being_in_effect(seeded_db: Database, value: str) -> None:
    all_rows = list_all(seeded_db, measures.list_measures)
    assert list_all(seeded_db, measures.list_measures, stands=[value]) == [row for row in all_rows if row["stands"] == value]


def test_measures_are_filtered_by_document(seeded_db: Database) -> None:
    all_rows = list_all(seeded_db, measures.list_measures)
    citing = [row for row in all_rows if "washington-times-2025-09-17" in {citation["document"] for citation in row["citations"]}]
    assert list_all(seeded_db, measures.list_measures, document="washington-times-2025-09-17") == citing != []


def test_figures_are_filtered_by_document(seeded_db: Database) -> None:
    all_rows = list_all(seeded_db, figures.list_figures)
    citing = [row for row in all_rows if "program-growth-undated" in {citation["document"] for citation in row["citations"]}]
    assert list_all(seeded_db, figures.list_figures, document="program-growth-undated") == citing != []


@pytest.mark.parametrize(("name", "value"), [("jurisdiction", "US"), ("metric", "participation"), ("unit", "agreements")])
def test_figures_are_filtered_by_a_term(seeded_db: Database, name: str, value: str) -> None:
    all_rows = list_all(seeded_db, figures.list_figures)
    assert list_all(seeded_db, figures.list_figures, **{name: [value]}) == [row for row in all_rows if row[name] == value] != []


@pytest.mark.parametrize(
    ("filters", "present"),
    [
        ({"effective_after": date(2026, 2, 4)}, True),
        ({"effective_after": date(2026, 2, 5)}, False),
        ({"effective_before": date(2026, 2, 4)}, True),
        ({"effective_before": date(2026, 2, 3)}, False),
    ],
)
def test_measures_are_filtered_by_effective_date(seeded_db: Database, filters: dict[str, date], present: bool) -> None:
    assert ("va-directive-2026-02-04" in {row["id"] for row in list_all(seeded_db, measures.list_measures, **filters)}) is present


def test_measure_without_effective_date_matches_no_date_filter(seeded_db: Database) -> None:
    rows = list_all(seeded_db, measures.list_measures, effective_after=date(1900, 1, 1)) + list_all(
        seeded_db, measures.list_measures, effective_before=date(2100, 1, 1)
    )
    assert all(row["effective"]["from"]["edtf"] for row in rows)


@pytest.mark.parametrize(
    "transform", [str, str.upper, lambda title: " ".join(reversed(title.split())), lambda title: f"  {title}  va-directive "]
)
def test_search_text_matches_words_in_any_case_and_order(seeded_db: Database, transform: Callable[[str], str]) -> None:
    title = next(row["title"] for row in list_all(seeded_db, measures.list_measures) if row["id"] == "va-directive-2026-02-04")
    assert [row["id"] for row in list_all(seeded_db, measures.list_measures, q=transform(title))] == ["va-directive-2026-02-04"]


@pytest.mark.parametrize("q", ["virginia zebra", "%", "_", "\\", "'; --"])
def test_search_text_without_a_match_finds_nothing(seeded_db: Database, q: str) -> None:
    assert list_all(seeded_db, measures.list_measures, q=q) == []


def test_search_text_matches_the_publisher_of_documents(seeded_db: Database) -> None:
    assert {row["id"] for row in list_all(seeded_db, documents.list_documents, q="washington times")} >= {"washington-times-2025-09-17"}


@pytest.mark.parametrize(
    ("filters", "codes"),
    [
        ("type=district", {"DC"}),
        ("posture=barred", {"CA", "CT", "IL", "ME", "NJ", "NM", "OR", "WA"}),
        ("kind=legal_opinion", {"MN"}),
        ("q=virginia", {"VA", "WV"}),
        ("q=west+virginia&type=state", {"WV"}),
        ("type=territory&kind=ban", set()),
    ],
)
def test_jurisdictions_are_filtered(reader: FlaskClient, filters: str, codes: set[str]) -> None:
    body = reader.get(f"/v1/jurisdictions?as_of=2026-11-22&{filters}").json
    assert {row["code"] for row in body["results"]} == codes
    assert body["count"] == len(codes)


@pytest.mark.parametrize("ref", ["nowhere at all", "x" * 5000, "", "ocd-division/country:us/state:zz"])
def test_reference_that_resembles_no_jurisdiction_is_not_found(seeded_db: Database, ref: str) -> None:
    with seeded_db.reading() as session, pytest.raises(NotFound):
        jurisdictions.find_jurisdiction(session, snapshot.latest_snapshot(session), ref)


def test_jurisdiction_that_is_published_later_is_found(empty_db: Database) -> None:
    load_small_seeds(empty_db, jurisdiction_file())
    with empty_db.reading() as session:
        assert jurisdictions.match_jurisdiction(session, snapshot.latest_snapshot(session), "MD") is None
    load_small_seeds(empty_db, jurisdiction_file(), jurisdiction_file("MD", "Maryland"))
    with empty_db.reading() as session:
        assert jurisdictions.find_jurisdiction(session, snapshot.latest_snapshot(session), "MD")["name"] == "Maryland"


@pytest.mark.parametrize("measures", [[], [measure_json("md-order")]], ids=["without claims", "with a claim"])
def test_list_has_the_jurisdictions_that_were_on_file_at_the_revision(empty_db: Database, measures: list[Json]) -> None:
    load_small_seeds(empty_db, jurisdiction_file())
    load_small_seeds(empty_db, jurisdiction_file(), jurisdiction_file("MD", "Maryland", measures=measures))
    with empty_db.reading() as session:
        lists = [jurisdictions.load_jurisdictions(session, snapshot.resolve_snapshot(session, revision=number)) for number in (1, 2)]
    assert [[row["code"] for row in rows] for rows in lists] == [["VA"], ["MD", "VA"]]


def test_restored_record_without_a_new_epoch_has_its_own_jurisdictions(empty_db: Database) -> None:
    codes = []
    for files in ([jurisdiction_file()], [jurisdiction_file("MD", "Maryland", measures=[measure_json("md-order")])]):
        clear_database(empty_db)
        load_small_seeds(empty_db, *files)
        with empty_db.reading() as session:
            rows = jurisdictions.load_jurisdictions(session, snapshot.latest_snapshot(session))
            codes.append([row["code"] for row in rows])
    assert codes == [["VA"], ["MD"]]


def test_list_without_a_search_loads_no_jurisdictions_again(client: FlaskClient, statements: Statements) -> None:
    client.get("/v1/jurisdictions")
    list.clear(statements)  # what answers share is kept
    client.get("/v1/jurisdictions")
    assert statements
    assert not any("FROM jurisdictions" in statement for statement in statements)


@pytest.mark.parametrize("ref", ["VA", "virginia", "51", "us-va", "ocd-division/country:us/state:va"])
def test_jurisdiction_filter_accepts_any_identifier(reader: FlaskClient, ref: str) -> None:
    body = reader.get("/v1/measures", query_string={"jurisdiction": f"{ref},MD", "limit": 200}).json
    assert {row["jurisdiction"] for row in body["results"]} == {"VA", "MD"}


def test_each_wrong_jurisdiction_in_a_filter_gets_a_suggestion(reader: FlaskClient) -> None:
    response = reader.get("/v1/measures?jurisdiction=VA,Virgina,Marylan")
    assert response.status_code == 422
    assert [error["did_you_mean"][0] for error in response.json["errors"]] == ["VA", "MD"]


def test_document_filter_accepts_an_existing_document(seeded_db: Database) -> None:
    with seeded_db.reading() as session:
        assert documents.check_document_exists(session, snapshot.latest_snapshot(session), "washington-times-2025-09-17") is None  # type: ignore[func-returns-value]


@pytest.mark.parametrize("query", ["DOÑA ANA", "doña", "Ñ"])
def test_search_text_ignores_case_beyond_ascii(empty_db: Database, query: str) -> None:
    load_small_seeds(empty_db, jurisdiction_file(measures=[measure_json("va-order", title="The order of Doña Ana County")]))
    assert [row["id"] for row in list_all(empty_db, measures.list_measures, q=query)] == ["va-order"]


@pytest.mark.parametrize(
    "q", ["O’BRIEN", "o'brien", "obrien", "“O‘Brien”", "Dona Ana", "DOÑA ANA", "doña-ana", "HB1441", "h.b. 1441", "hb-1441"]
)
def test_search_text_folds_quotes_accents_case_and_identifiers(empty_db: Database, q: str) -> None:
    identifiers = [{"type": "bill", "number": "H.B. 1441", "url": None}, {"type": "bill", "number": "S.B. 2", "url": None}]
    measures_json = [
        measure_json(id="va-named", title="Sheriff O'Brien of Doña\u00a0Ana", identifiers=identifiers),
        measure_json(id="va-other", title="Sheriff Brian of Ana", identifiers=identifiers[1:]),
    ]
    load_small_seeds(empty_db, jurisdiction_file(measures=measures_json, figures=[]))
    assert [row["id"] for row in list_all(empty_db, measures.list_measures, q=q)] == ["va-named"]


def test_search_text_does_not_match_the_keys_of_identifiers(empty_db: Database) -> None:
    identifiers = [{"type": "docket", "number": "1441", "url": None}]
    measure = measure_json(title="Order", summary="A summary.", identifiers=identifiers)
    load_small_seeds(empty_db, jurisdiction_file(measures=[measure], figures=[]))
    assert list_all(empty_db, measures.list_measures, q="docket") == []
    assert len(list_all(empty_db, measures.list_measures, q="1441")) == 1


@pytest.mark.parametrize(
    ("q", "codes"), [("D.C.", {"DC"}), ("51", {"VA"}), ("US-VA", {"VA"}), ("ocd-division/country:us/state:va", {"VA"})]
)
def test_jurisdictions_are_found_by_identifiers(reader: FlaskClient, q: str, codes: set[str]) -> None:
    rows = reader.get("/v1/jurisdictions", query_string={"as_of": "2026-11-22", "q": q}).json["results"]
    assert {row["code"] for row in rows} == codes
