"""Test that paging through a list neither loses nor repeats a row."""

from itertools import product
from typing import Any

import pytest
from flask.testing import FlaskClient

from legal.db.engine import Database
from legal.queries.core import snapshot
from legal.queries.core.pagination import Paging, load_page
from legal.queries.record import documents, figures, measures
from tests.queries.clients import client_of
from tests.services.factories import figure_json, jurisdiction_file, load_small_seeds

STATEMENTS = {
    name: (
        queries,
        {"measures": measures.MeasureVersion.measure, "figures": figures.FigureVersion.figure}.get(
            name, documents.DocumentVersion.document
        ),
    )
    for name, queries in {"measures": measures, "figures": figures, "documents": documents}.items()
}
NULLABLE_SORTS = [("measures", "effective"), ("figures", "date"), ("documents", "title")]
ALL_SORTS = [(name, sort) for name, (queries, _) in STATEMENTS.items() for sort in queries.SORTS]


def walk_rows(database: Database, name: str, sort: str, descending: bool, limit: int) -> list[tuple[Any, str]]:
    """Return every row of a list as (sort value, id), read page by page."""
    queries, unique = STATEMENTS[name]
    rows: list[tuple[Any, str]] = []
    position = None
    with database.reading() as session:
        newest = snapshot.latest_snapshot(session)
        while True:
            paging = Paging(limit, sort, descending, position)
            page = load_page(session, newest, queries.CURRENT_VERSIONS, queries.SORTS, unique, paging)
            rows += [(row["sort_value"], row["sort_id"]) for row in page.rows]
            position = page.next_position
            if position is None:
                assert page.count == len(rows)
                return rows


def test_paging_by_any_column_loses_and_repeats_no_row(seeded_db: Database) -> None:
    failures = []
    for (name, sort), descending in product(ALL_SORTS, (False, True)):
        rows = walk_rows(seeded_db, name, sort, descending, limit=1 if (name, sort) in NULLABLE_SORTS else 9)
        is_complete = rows == walk_rows(seeded_db, name, sort, descending, limit=200)
        if not (is_complete and len({id for _, id in rows}) == len(rows) > 1):
            failures.append((name, sort, descending))
    assert failures == []


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize(("name", "sort"), NULLABLE_SORTS)
def test_nulls_come_last_in_either_direction(seeded_db: Database, name: str, sort: str, descending: bool) -> None:
    values = [value for value, _ in walk_rows(seeded_db, name, sort, descending, limit=200)]
    non_null = [value for value in values if value is not None]
    assert values == non_null + [None] * (len(values) - len(non_null))
    assert 0 < len(non_null) < len(values)


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize(("name", "sort"), [("measures", "effective"), ("figures", "date"), ("figures", "value")])
def test_rows_are_sorted(seeded_db: Database, name: str, sort: str, descending: bool) -> None:
    values = [value for value, _ in walk_rows(seeded_db, name, sort, descending, limit=3) if value is not None]
    assert values == sorted(values, reverse=descending)


def test_ties_are_broken_by_id(seeded_db: Database) -> None:
    assert walk_rows(seeded_db, "figures", "unit", True, limit=2) != walk_rows(seeded_db, "figures", "unit", False, limit=2)[::-1]


@pytest.mark.parametrize("sort", ["code", "-code", "name", "-name", "posture", "-posture"])
def test_paging_through_jurisdictions_loses_and_repeats_none(reader: FlaskClient, sort: str) -> None:
    all_codes = [row["code"] for row in reader.get(f"/v1/jurisdictions?sort={sort}&limit=200").json["results"]]
    codes, address = [], f"/v1/jurisdictions?sort={sort}&limit=19"
    while address:
        page = reader.get(address).json
        codes += [row["code"] for row in page["results"]]
        address = page["next"]
    assert codes == all_codes
    assert len(set(codes)) == 57


@pytest.mark.parametrize("sort", ["posture", "-posture"])
def test_nation_without_posture_comes_last(reader: FlaskClient, sort: str) -> None:
    assert reader.get(f"/v1/jurisdictions?sort={sort}&limit=200").json["results"][-1]["code"] == "US"


def page_ids(client: FlaskClient, address: str) -> tuple[list[str], str | None]:
    """Return the ids on a page and the address of the next page."""
    body = client.get(address).json
    return [row["id"] for row in body["results"]], body["next"]


@pytest.mark.parametrize("sort", ["id", "-id", "date", "-value"])
def test_rows_published_during_paging_do_not_change_it(empty_db: Database, sort: str) -> None:
    load_small_seeds(
        empty_db, jurisdiction_file(measures=[], figures=[figure_json(f"va-{number}", value=number) for number in range(1, 5)])
    )
    with client_of(empty_db) as client:
        all_ids, _ = page_ids(client, f"/v1/figures?sort={sort}")
        ids, address = page_ids(client, f"/v1/figures?sort={sort}&limit=1")
        load_small_seeds(
            empty_db,
            jurisdiction_file(
                measures=[], figures=[figure_json("va-0", value=9), figure_json("va-2", value=7), figure_json("va-4", value=0)]
            ),
        )
        while address:
            next_ids, address = page_ids(client, address)
            ids += next_ids
    assert ids == all_ids
    assert len(ids) == 4
