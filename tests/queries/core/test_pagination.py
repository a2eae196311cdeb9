"""Pages: a walk of a list neither loses nor repeats a row."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from legal.db.engine import Database
from legal.queries.core import snapshot
from legal.queries.core.pagination import Paging, page
from legal.queries.record import documents, figures, measures
from tests.queries.served import on
from tests.services.factories import figure, load, place

LISTS = {
    name: (
        queries,
        {"measures": measures.MeasureVersion.measure, "figures": figures.FigureVersion.figure}.get(
            name, documents.DocumentVersion.document
        ),
    )
    for name, queries in {"measures": measures, "figures": figures, "documents": documents}.items()
}
NULLABLE = [("measures", "effective"), ("figures", "date"), ("documents", "title")]
SORTED = [(name, sort) for name, (queries, _) in LISTS.items() for sort in queries.SORTS]


def walked(database: Database, name: str, sort: str, descending: bool, limit: int) -> list[tuple[Any, str]]:
    """Every row of a list as (sort value, id), page by page."""
    queries, unique = LISTS[name]
    seen: list[tuple[Any, str]] = []
    after = None
    with database.reading() as session:
        moment = snapshot.latest(session)
        while True:
            found = page(session, moment, queries.OPEN, queries.SORTS, unique, Paging(limit, sort, descending, after))
            seen += [(row["sort_value"], row["sort_id"]) for row in found.rows]
            after = found.next
            if after is None:
                assert found.count == len(seen)
                return seen


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize(("name", "sort"), SORTED)
def test_a_walk_loses_and_repeats_nothing(record: Database, name: str, sort: str, descending: bool) -> None:
    step = 1 if (name, sort) in NULLABLE else 9
    stepwise = walked(record, name, sort, descending, step)
    assert stepwise == walked(record, name, sort, descending, limit=200)
    assert len({id for _, id in stepwise}) == len(stepwise) > 1


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize(("name", "sort"), NULLABLE)
def test_nulls_come_last_either_way(record: Database, name: str, sort: str, descending: bool) -> None:
    values = [value for value, _ in walked(record, name, sort, descending, limit=200)]
    known = [value for value in values if value is not None]
    assert values == known + [None] * (len(values) - len(known))
    assert 0 < len(known) < len(values)


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize(("name", "sort"), [("measures", "effective"), ("figures", "date"), ("figures", "value")])
def test_rows_come_in_order(record: Database, name: str, sort: str, descending: bool) -> None:
    known = [value for value, _ in walked(record, name, sort, descending, limit=3) if value is not None]
    assert known == sorted(known, reverse=descending)


def test_ties_are_broken_by_id(record: Database) -> None:
    assert walked(record, "figures", "unit", True, limit=2) != walked(record, "figures", "unit", False, limit=2)[::-1]


@pytest.mark.parametrize("sort", ["code", "-code", "name", "-name", "posture", "-posture"])
def test_a_walk_of_the_places_loses_and_repeats_nothing(reader: FlaskClient, sort: str) -> None:
    whole = [row["code"] for row in reader.get(f"/v1/jurisdictions?sort={sort}&limit=200").json["results"]]
    seen, following = [], f"/v1/jurisdictions?sort={sort}&limit=19"
    while following:
        page = reader.get(following).json
        seen += [row["code"] for row in page["results"]]
        following = page["next"]
    assert seen == whole
    assert len(set(seen)) == 57


@pytest.mark.parametrize("sort", ["posture", "-posture"])
def test_the_place_without_a_posture_comes_last(reader: FlaskClient, sort: str) -> None:
    assert reader.get(f"/v1/jurisdictions?sort={sort}&limit=200").json["results"][-1]["code"] == "US"


def ids(client: FlaskClient, address: str) -> tuple[list[str], str | None]:
    """A page's ids, and where the next one is."""
    body = client.get(address).json
    return [row["id"] for row in body["results"]], body["next"]


@pytest.mark.parametrize("sort", ["id", "-id", "date", "-value"])
def test_what_is_published_during_a_walk_does_not_change_it(empty: Database, sort: str) -> None:
    load(empty, place(measures=[], figures=[figure(f"va-{number}", value=number) for number in range(1, 5)]))
    with on(empty) as client:
        whole, _ = ids(client, f"/v1/figures?sort={sort}")
        seen, following = ids(client, f"/v1/figures?sort={sort}&limit=1")
        load(empty, place(measures=[], figures=[figure("va-0", value=9), figure("va-2", value=7), figure("va-4", value=0)]))
        while following:
            more, following = ids(client, following)
            seen += more
    assert seen == whole
    assert len(seen) == 4
