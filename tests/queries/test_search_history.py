"""A search at any revision finds what a reader of all versions of that revision would find, and never changes."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlalchemy import select

from legal.db.engine import Database
from legal.json_types import Json
from legal.models import SearchEntry
from legal.queries.core.pagination import Paging
from legal.queries.core.snapshot import resolve_snapshot
from legal.queries.search import search_record
from legal.services import search_words
from tests.databases import clear_database
from tests.examples import examples
from tests.services.factories import jurisdiction_file, load_small_seeds, measure_json
from tests.services.rosters.factories import BAKER, import_rosters, parsed_row, roster_workbook

IDS = ("va-order", "va-bill", "va-ban")
TEXTS = ("", "county jail", "a jail of the county", "De Soto County", "DeSoto", "287(g) jail", "jail. County", "moratorium county county")
QUERIES = ("county", "jail county", '"county jail"', "De Soto", "287 g", "virgina moratorium", "order", "jurisdictionva", "union", "absent")
FILTERS: tuple[Mapping[str, Any], ...] = ({}, {"noun": ["measure"]}, {"jurisdiction": ["VA", "FL"], "noun": ["measure", "agency"]})

worlds = st.dictionaries(st.sampled_from(IDS), st.tuples(st.sampled_from(TEXTS), st.sampled_from(TEXTS)), max_size=3)
"""The title and the summary of each measure on file."""


def publish_world(database: Database, world: Mapping[str, tuple[str, str]]) -> None:
    """Publish the measures of a world; others are retracted."""
    measures = [measure_json(id, title=f"Order {title}", summary=f"Text {summary}.") for id, (title, summary) in sorted(world.items())]
    load_small_seeds(database, jurisdiction_file(measures=measures, figures=[]))


def search_at(database: Database, revision: int) -> list[tuple[list[Json], int, Json]]:
    """Return the hits of every query with every filter at a revision, their number, and what is said about the search."""
    results = []
    with database.reading() as session:
        snapshot = resolve_snapshot(session, revision=revision)
        for query in QUERIES:
            for filters in FILTERS:
                rows, page, meta = search_record(session, snapshot, {"q": query, **filters}, Paging(100, "relevance"))
                results.append((rows, page.count, meta))
    return results


def list_entries_at(database: Database, revision: int) -> Iterator[SearchEntry]:
    """List the entries that are valid at a revision."""
    with database.reading() as session:
        for entry in session.scalars(select(SearchEntry)):
            if entry.revision_from <= revision and (entry.revision_to is None or entry.revision_to > revision):
                yield entry


def contains_word(entry: SearchEntry, word: str) -> bool:
    """Return whether a stem is one of an entry's."""
    return word in f"{entry.title_stems} {entry.body_stems}".split()


@pytest.fixture(params=[search_words.MAX_WORDS, 30], ids=["one row of words", "rows of few words"])
def max_words(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The most words of a row: as many as it has, or so few that rows end often."""
    monkeypatch.setattr(search_words, "MAX_WORDS", request.param)


@pytest.mark.usefixtures("max_words")
@examples(1, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(worlds, min_size=2, max_size=5))
def test_search_at_a_revision_is_the_same_then_and_later(empty_db: Database, history: list[dict[str, tuple[str, str]]]) -> None:
    clear_database(empty_db)
    results_then = {}
    for world in history:
        publish_world(empty_db, world)
        with empty_db.reading() as session:
            newest = resolve_snapshot(session).newest
        results_then[newest] = search_at(empty_db, newest)
    publish_world(empty_db, {})
    assert {revision: search_at(empty_db, revision) for revision in results_then} == results_then
    with empty_db.reading() as session:
        assert search_words.list_differing_words(session) == []


@pytest.mark.usefixtures("max_words")
@examples(1, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(worlds, min_size=2, max_size=5))
def test_search_finds_the_versions_of_its_revision_with_every_word(empty_db: Database, history: list[dict[str, tuple[str, str]]]) -> None:
    clear_database(empty_db)
    for world in history:
        publish_world(empty_db, world)
    with empty_db.reading() as session:
        newest = resolve_snapshot(session).newest
    for revision in range(1, newest + 1):
        with empty_db.reading() as session:
            snapshot = resolve_snapshot(session, revision=revision)
            results = {
                query: search_record(session, snapshot, {"q": query, "noun": ["measure", "figure", "document"]}, Paging(100, "relevance"))[
                    0
                ]
                for query in ("jail", "moratorium jail", "order text")
            }
        expected = {
            query: {
                (entry.noun, entry.id, entry.title)
                for entry in list_entries_at(empty_db, revision)
                if all(contains_word(entry, word) for word in query.split())
            }
            for query in results
        }
        assert {query: {(row["noun"], row["id"], row["title"]) for row in rows} for query, rows in results.items()} == expected


def test_agency_is_found_by_the_names_of_each_revision(writable_seeded_db: Database) -> None:
    results = {}
    for day, name in (("2025-01-10", BAKER), ("2025-03-01", "Baker Sheriff"), ("2025-05-01", "Union Police")):
        with writable_seeded_db.transaction() as session:
            import_rosters(session, roster_workbook(day, parsed_row(name)))
        with writable_seeded_db.reading() as session:
            newest = resolve_snapshot(session).newest
        results[newest] = search_at(writable_seeded_db, newest)
    publish_world(writable_seeded_db, {})
    assert {revision: search_at(writable_seeded_db, revision) for revision in results} == results
