"""Databases that many tests share: making one costs PostgreSQL a third of a second, and an engine has to compile its statements anew."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from sqlalchemy import delete
from sqlalchemy.engine import make_url

from legal.database import Database
from legal.records import Base
from tests.conftest import Store, postgres_database


@pytest.fixture(scope="session")
def copies(
    backend: str, templates: dict[bool, str], session_store: Store, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[bool, Database]:
    """One database with the seeds (``True``) and one without (``False``), for ``record`` and ``empty``."""

    @contextmanager
    def made() -> Iterator[dict[bool, Database]]:
        with ExitStack() as stack:
            if backend == "sqlite":
                folder = tmp_path_factory.mktemp("copies")
                urls = {seeded: f"sqlite:///{shutil.copy(str(make_url(url).database), folder)}" for seeded, url in templates.items()}
            else:
                server = request.getfixturevalue("postgres")
                sources = {seeded: make_url(url).database for seeded, url in templates.items()}
                urls = {seeded: stack.enter_context(postgres_database(server, source)) for seeded, source in sources.items()}
            databases = {seeded: Database(url) for seeded, url in urls.items()}
            yield databases
            for database in databases.values():
                database.dispose()

    found: dict[bool, Database] = session_store.once("copies", backend, made)
    return found


@pytest.fixture
def record(copies: dict[bool, Database]) -> Database:
    """A seeded database that the test leaves as it found it: it reads, or rolls back what it writes."""
    return copies[True]


@pytest.fixture
def empty(copies: dict[bool, Database]) -> Iterator[Database]:
    """A migrated database with nothing in it, that the test may write to; its rows are deleted afterwards."""
    yield copies[False]
    cleared(copies[False])


def cleared(database: Database) -> None:
    """Take everything out of a database again."""
    with database.transaction() as session:
        for table in reversed(Base.metadata.sorted_tables):
            session.execute(delete(table))
