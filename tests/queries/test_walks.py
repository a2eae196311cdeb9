"""Walks of every list, a row at a time, while the record grows: nothing is lost, nothing repeated."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest
from flask.testing import FlaskClient

from legal.database import Database
from tests.acts.factories import day, document, figure, load, measure, place
from tests.api.factories import walked
from tests.queries.histories import cleared
from tests.queries.served import on

Json = dict[str, Any]
Record = tuple[Database, FlaskClient]
DATES = ("2025", None, "2026-02-04", "../2025-06", None)
WALKS = [
    (path, f"{sign}{sort}")
    for path, sort in (
        ("/v1/measures", "effective"),
        ("/v1/measures", "id"),
        ("/v1/figures", "date"),
        ("/v1/figures", "value"),
        ("/v1/documents", "published"),
        ("/v1/documents", "title"),
        ("/v1/conflicts", "verdict"),
        ("/v1/changes", "revision"),
        ("/v1/measures/va-order-0/versions", "revision"),
        ("/v1/jurisdictions/VA/timeline", "date"),
        ("/v1/jurisdictions", "posture"),
    )
    for sign in ("", "-")
]


@pytest.fixture(scope="module")
def served(copies: dict[bool, Database]) -> Iterator[Record]:
    """A database that every walk begins anew, and a client of the app over it."""
    with on(copies[False]) as client:
        yield copies[False], client


@pytest.fixture
def growing(served: Record) -> Iterator[Record]:
    """The same, with nothing in it, before and after."""
    yield served
    cleared(served[0])


def grown(database: Database, size: int) -> None:
    """Publish so many rows of everything, some without a date, and another word for the first of each."""
    dated = [day(edtf) if edtf else None for edtf in (DATES * size)[:size]]
    said = [{"event": "issued", "date": one, "description": "It was issued."} for one in dated]
    measures = [
        measure(f"va-order-{number}", effective={"from": one, "to": None}, events=said[: number + 1][-2:])
        for number, one in enumerate(dated)
    ]
    measures[0]["title"] = f"One of {size}"
    figures = [figure(f"va-count-{number}", date=one, value=number) for number, one in enumerate(dated)]
    papers = [
        document(**({"id": f"paper-{number}"} if number else {}), published=one, title=f"Paper {size}" if one else None)
        for number, one in enumerate(dated)
    ]
    load(database, place(measures=measures, figures=figures), place("MD", "Maryland"), documents=papers)


@pytest.mark.parametrize(("path", "sort"), WALKS)
def test_a_walk_neither_loses_nor_repeats_what_was_there_when_it_began(growing: Record, path: str, sort: str) -> None:
    database, client = growing
    grown(database, 2)
    grown(database, 4)
    whole = client.get(f"{path}?sort={sort}&limit=200").json["results"]
    seen: list[Json] = []
    for row in islice(walked(client, f"{path}?sort={sort}&limit=1"), len(whole) + 1):  # one that repeats itself may never end
        seen.append(row)
        if len(seen) in (1, 2):
            grown(database, 4 + len(seen))
    assert seen == whole
    assert client.get(f"{path}?sort={sort}&limit=200").json["results"] != whole
