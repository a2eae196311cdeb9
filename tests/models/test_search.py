"""The migration of the full-text index, on an existing record."""

from collections.abc import Callable, Iterator

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import delete, inspect, select, text

from legal.db.engine import Database
from legal.models import SearchWords
from legal.services.search_words import list_differing_words
from legal.settings import ROOT
from tests.databases import migrate_database
from tests.queries.clients import client_of
from tests.services import factories

QUERIES = ("agreements", "Virgina", '"ended agreements"', "order two")


@pytest.fixture
def own_db(copy_database: Callable[[str], str]) -> Iterator[Database]:
    """A migrated database without rows, for one test only."""
    database = Database(copy_database("empty"))
    yield database
    database.dispose()


def alembic_config(database: Database) -> Config:
    """Return Alembic's configuration for a database."""
    config = Config(toml_file=ROOT / "pyproject.toml")
    config.attributes["engine"] = database.engine
    return config


def search_responses(database: Database) -> list[bytes]:
    """Return the response of each query at each revision, without the epoch, which a downgrade ends."""
    pins = [f"revision={revision}&as_of=2026-11-22" for revision in (1, 2, 3)]
    with client_of(database) as client:
        responses = [client.get("/v1/search", query_string=f"{pin}&q={query}") for pin in pins for query in QUERIES]
    return [response.data.replace(response.json.get("meta", {}).get("epoch", "none").encode(), b"") for response in responses]


def test_migration_indexes_every_revision_of_an_older_record(own_db: Database) -> None:
    virginia = factories.jurisdiction_file(figures=[])  # a downgrade loses the titles of figures, which search finds them by
    maryland = factories.jurisdiction_file("MD", "Maryland", measures=[], figures=[])
    factories.load_small_seeds(own_db, virginia, maryland)
    factories.load_small_seeds(own_db, virginia, maryland, documents=[factories.document_file(title="Virginia ended agreements")])
    factories.load_small_seeds(own_db, factories.jurisdiction_file(measures=[], figures=[]), factories.jurisdiction_file("MD", "Maryland"))
    responses = search_responses(own_db)
    command.downgrade(alembic_config(own_db), "0001")
    assert "search_entries" not in inspect(own_db.engine).get_table_names()
    command.upgrade(alembic_config(own_db), "head")
    assert search_responses(own_db) == responses


def test_indexed_versions_are_not_indexed_again(own_db: Database) -> None:
    factories.load_small_seeds(own_db)
    responses = search_responses(own_db)
    migrate_database(own_db)
    assert search_responses(own_db) == responses


def list_words(database: Database) -> list[tuple[str, str, str]]:
    """List the words of each entity."""
    with database.reading() as session:
        rows = session.execute(select(SearchWords.noun, SearchWords.id, SearchWords.words).order_by(SearchWords.noun, SearchWords.id))
        return [tuple(row) for row in rows]


def test_upgrade_adds_the_words_of_an_existing_record(own_db: Database) -> None:
    factories.load_small_seeds(own_db)
    factories.load_small_seeds(own_db, documents=[factories.document_file(title="Virginia ended agreements")])
    factories.load_small_seeds(own_db, factories.jurisdiction_file(measures=[], figures=[]))
    words, responses = list_words(own_db), search_responses(own_db)
    command.downgrade(alembic_config(own_db), "0011")
    assert "search_words" not in inspect(own_db.engine).get_table_names()
    command.upgrade(alembic_config(own_db), "head")
    assert (list_words(own_db), search_responses(own_db)) == (words, responses)
    assert len(words) == 4


def test_upgrade_adds_the_words_that_an_interrupted_upgrade_left_out(own_db: Database) -> None:
    factories.load_small_seeds(own_db)
    factories.load_small_seeds(own_db, factories.jurisdiction_file(measures=[factories.measure_json(title="A moratorium")]))
    with own_db.transaction() as session:
        session.execute(delete(SearchWords))  # as an upgrade leaves them that ends after its last migration
    factories.load_small_seeds(own_db, factories.jurisdiction_file(measures=[factories.measure_json(title="A directive")]))
    with own_db.reading() as session:
        assert list_differing_words(session) != []
    migrate_database(own_db)
    with own_db.reading() as session:
        assert list_differing_words(session) == []


@pytest.mark.databases("sqlite")  # PostgreSQL fills an index when it creates it
def test_downgrade_restores_the_index_of_every_version(own_db: Database) -> None:
    factories.load_small_seeds(own_db)
    factories.load_small_seeds(own_db, documents=[factories.document_file(title="Virginia ended agreements")])
    command.downgrade(alembic_config(own_db), "0011")
    with own_db.transaction() as session:
        session.execute(text("UPDATE search_entries SET title_stems = 'moratorium' WHERE id = 'va-order'"))
    with own_db.reading() as session:
        counts = {
            word: session.scalar(text("SELECT count(*) FROM search_index WHERE search_index MATCH :word"), {"word": word})
            for word in ("paper", "moratorium")
        }
    assert counts == {"paper": 2, "moratorium": 1}


def test_older_schema_gets_no_search_entries(own_db: Database) -> None:
    command.downgrade(alembic_config(own_db), "base")
    command.upgrade(alembic_config(own_db), "0001")
    assert "search_entries" not in inspect(own_db.engine).get_table_names()
