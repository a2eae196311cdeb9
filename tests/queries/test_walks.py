"""Walks of every list, a row at a time, while the record grows: nothing is lost, nothing repeated."""

from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

import pytest
from flask.testing import FlaskClient

from legal.db.engine import Database
from tests.api.factories import walked
from tests.databases import cleared
from tests.queries.served import on
from tests.services.factories import day, document, figure, load, measure, place

Json = dict[str, Any]
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


class Walk(NamedTuple):
    """The rows that a walk met, and the whole list when it began and after it."""

    before: list[Json]
    seen: list[Json]
    after: list[Json]


@pytest.fixture(scope="module")
def walks(copies: dict[bool, Database]) -> Iterator[dict[tuple[str, str], Walk]]:
    """Every walk, all of them under way while the record grows twice."""
    with on(copies[False]) as client:
        grown(copies[False], 2)
        grown(copies[False], 4)
        before = {walk: whole(client, *walk) for walk in WALKS}
        # One that repeats itself may never end.
        rows = {walk: islice(walked(client, f"{walk[0]}?sort={walk[1]}&limit=1"), len(before[walk]) + 1) for walk in WALKS}
        seen: dict[tuple[str, str], list[Json]] = {walk: [] for walk in WALKS}
        for steps, size in ((1, 5), (1, 6), (None, 7)):
            for walk in WALKS:
                seen[walk] += islice(rows[walk], steps)
            grown(copies[False], size)
        yield {walk: Walk(before[walk], seen[walk], whole(client, *walk)) for walk in WALKS}
    cleared(copies[False])


def whole(client: FlaskClient, path: str, sort: str) -> list[Json]:
    """A list on one page."""
    rows: list[Json] = client.get(f"{path}?sort={sort}&limit=200").json["results"]
    return rows


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


@pytest.mark.parametrize("walk", WALKS, ids=" ".join)
def test_a_walk_neither_loses_nor_repeats_what_was_there_when_it_began(walks: dict[tuple[str, str], Walk], walk: tuple[str, str]) -> None:
    assert walks[walk].seen == walks[walk].before != walks[walk].after
