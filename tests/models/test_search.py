"""The full-text index: up, down and up again, over a record that is there already."""

from collections.abc import Callable, Iterator

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import inspect

from legal.db.engine import Database
from legal.settings import ROOT
from tests.conftest import migrate
from tests.queries.served import on
from tests.services import factories

QUESTIONS = ("agreements", "Virgina", '"ended agreements"', "order two")


@pytest.fixture
def bare(copy: Callable[[bool], str]) -> Iterator[Database]:
    """A migrated database with nothing in it, of the test's own: its schema is taken down."""
    database = Database(copy(False))
    yield database
    database.dispose()


def configured(database: Database) -> Config:
    config = Config(toml_file=ROOT / "pyproject.toml")
    config.attributes["engine"] = database.engine
    return config


def answers(database: Database) -> list[bytes]:
    pins = [f"revision={revision}&as_of=2026-11-22" for revision in (1, 2, 3)]
    with on(database) as client:
        return [client.get("/v1/search", query_string=f"{pin}&q={question}").data for pin in pins for question in QUESTIONS]


def test_a_record_from_before_the_index_is_found_at_each_of_its_revisions(bare: Database) -> None:
    factories.load(bare)
    factories.load(bare, documents=[factories.document(title="Virginia ended agreements")])
    factories.load(bare, factories.place(measures=[], figures=[]), factories.place("MD", "Maryland"))
    before = answers(bare)
    command.downgrade(configured(bare), "0001")
    assert "search_entries" not in inspect(bare.engine).get_table_names()
    command.upgrade(configured(bare), "head")
    assert answers(bare) == before


def test_what_is_indexed_already_is_not_indexed_again(bare: Database) -> None:
    factories.load(bare)
    before = answers(bare)
    migrate(bare)
    assert answers(bare) == before


def test_a_schema_that_is_not_the_newest_is_left_without_entries(bare: Database) -> None:
    command.downgrade(configured(bare), "base")
    command.upgrade(configured(bare), "0001")
    assert "search_entries" not in inspect(bare.engine).get_table_names()
