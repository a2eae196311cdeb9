"""Page through every list row by row while the record grows, and test that no row is lost or repeated."""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

import pytest
from flask.testing import FlaskClient

from legal.db.engine import Database
from legal.json_types import Json
from tests.api.factories import walk_pages
from tests.databases import clear_database
from tests.queries.clients import client_of
from tests.services.factories import document_file, explicit_date, figure_json, jurisdiction_file, load_small_seeds, measure_json

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
    """The rows read page by page, and the full list at the start and at the end."""

    rows_at_start: list[Json]
    rows_read: list[Json]
    rows_at_end: list[Json]


@pytest.fixture(scope="module")
def walks(shared_databases: dict[str, Database]) -> Iterator[dict[tuple[str, str], Walk]]:
    """Yield every walk; the record grows twice while they run."""
    with client_of(shared_databases["empty"]) as client:
        publish_more(shared_databases["empty"], 2)
        publish_more(shared_databases["empty"], 4)
        rows_at_start = {walk: full_list(client, *walk) for walk in WALKS}
        # islice ends a walk that repeats rows forever.
        rows = {walk: islice(walk_pages(client, f"{walk[0]}?sort={walk[1]}&limit=1"), len(rows_at_start[walk]) + 1) for walk in WALKS}
        rows_read: dict[tuple[str, str], list[Json]] = {walk: [] for walk in WALKS}
        for steps, size in ((1, 5), (1, 6), (None, 7)):
            for walk in WALKS:
                rows_read[walk] += islice(rows[walk], steps)
            publish_more(shared_databases["empty"], size)
        yield {walk: Walk(rows_at_start[walk], rows_read[walk], full_list(client, *walk)) for walk in WALKS}
    clear_database(shared_databases["empty"])


def full_list(client: FlaskClient, path: str, sort: str) -> list[Json]:
    """Return a list, read as one page."""
    rows: list[Json] = client.get(f"{path}?sort={sort}&limit=200").json["results"]
    return rows


def publish_more(database: Database, size: int) -> None:
    """Publish ``size`` entities of every sort, some without a date, and change the titles of earlier ones."""
    entity_dates = [explicit_date(edtf) if edtf else None for edtf in (DATES * size)[:size]]
    events = [{"event": "issued", "date": date, "description": "It was issued."} for date in entity_dates]
    measures = [
        measure_json(f"va-order-{number}", effective={"from": date, "to": None}, events=events[: number + 1][-2:])
        for number, date in enumerate(entity_dates)
    ]
    measures[0]["title"] = f"One of {size}"
    figures = [figure_json(f"va-count-{number}", date=date, value=number) for number, date in enumerate(entity_dates)]
    documents = [
        document_file(**({"id": f"paper-{number}"} if number else {}), published=date, title=f"Paper {size}" if date else None)
        for number, date in enumerate(entity_dates)
    ]
    load_small_seeds(
        database, jurisdiction_file(measures=measures, figures=figures), jurisdiction_file("MD", "Maryland"), documents=documents
    )


def test_walks_read_exactly_the_rows_of_the_list_at_their_start(walks: dict[tuple[str, str], Walk]) -> None:
    failures = [name for name, walk in walks.items() if not walk.rows_read == walk.rows_at_start != walk.rows_at_end]
    assert failures == []
    assert list(walks) == WALKS
