"""Databases that many tests share: making one for each test costs PostgreSQL a third of a second."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import MetaData, text
from sqlalchemy.engine import make_url

from legal.database import Database
from tests.conftest import postgres_database, prepared


@pytest.fixture(scope="session")
def copies(
    backend: str, templates: dict[bool, str], request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[bool, Database]]:
    """One database with the seeds (``True``) and one without (``False``), for ``record`` and ``empty``."""
    if backend == "sqlite":
        folder = tmp_path_factory.mktemp("copies")
        made = {seeded: Database(prepared(f"sqlite:///{folder / f'{seeded}.sqlite'}", seeded)) for seeded in (True, False)}
        yield made
        for database in made.values():
            database.dispose()
        return
    server = request.getfixturevalue("postgres")
    sources = {seeded: make_url(url).database for seeded, url in templates.items()}
    with postgres_database(server, sources[True]) as full, postgres_database(server, sources[False]) as bare:
        made = {True: Database(full), False: Database(bare)}
        yield made
        for database in made.values():
            database.dispose()


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
