"""Databases that many tests share: making one for each test costs PostgreSQL a third of a second."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
from sqlalchemy import MetaData, text
from sqlalchemy.engine import make_url

from legal.database import Database
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


@pytest.fixture(scope="session")
def children_first(copies: dict[bool, Database]) -> list[str]:
    """The tables, in an order in which they can be emptied."""
    found = MetaData()
    found.reflect(copies[False].engine)
    return [table.name for table in reversed(found.sorted_tables) if table.name != "alembic_version"]


@pytest.fixture
def record(copies: dict[bool, Database]) -> Database:
    """A seeded database that the test leaves as it found it: it reads, or rolls back what it writes."""
    return copies[True]


@pytest.fixture
def empty(backend: str, copies: dict[bool, Database], copy: Callable[[bool], str], request: pytest.FixtureRequest) -> Iterator[Database]:
    """A migrated database with nothing in it, that the test may write to."""
    if backend == "sqlite":
        database = Database(copy(False))
        yield database
        database.dispose()
        return
    children_first = request.getfixturevalue("children_first")
    yield copies[False]
    with copies[False].transaction() as session:
        session.execute(text("; ".join(f"DELETE FROM {table}" for table in children_first)))  # noqa: S608 - our own tables
