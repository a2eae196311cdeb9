"""The migration of the full-text index, on an existing record."""

from collections.abc import Callable, Iterator

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import inspect

from legal.db.engine import Database
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


def test_older_schema_gets_no_search_entries(own_db: Database) -> None:
    command.downgrade(alembic_config(own_db), "base")
    command.upgrade(alembic_config(own_db), "0001")
    assert "search_entries" not in inspect(own_db.engine).get_table_names()
