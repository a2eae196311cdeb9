"""Fixtures that provide databases; ``tests/conftest.py`` describes when to use which.

Creating a database takes PostgreSQL a third of a second, and a new engine compiles every statement again. Therefore
most databases are created once in a session and shared.
"""

import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from sqlalchemy.engine import URL, make_url

from legal.db.engine import Database
from tests.databases import clear_database, open_postgres_server, postgres_database, prepare_database, restorable_database, seed_database
from tests.session import SessionStore


@pytest.fixture(scope="session")
def backend(request: pytest.FixtureRequest) -> str:
    """The kind of database: ``sqlite`` or ``postgresql``."""
    return str(request.param)


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[URL]:
    """The URL of a PostgreSQL server's maintenance database."""
    with ExitStack() as stack:
        try:
            url = stack.enter_context(open_postgres_server(tmp_path_factory.mktemp("postgres")))
        except RuntimeError as error:
            pytest.skip(f"PostgreSQL: {error}")
        yield url


@pytest.fixture(scope="session")
def session_store() -> Iterator[SessionStore]:
    """The store of resources that live as long as the session."""
    with ExitStack() as stack:
        yield SessionStore(stack)


@pytest.fixture(scope="session")
def template_urls(
    backend: str, session_store: SessionStore, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """URLs of a ``seeded`` and an ``empty`` database that are only copied, never written to."""

    @contextmanager
    def create_templates() -> Iterator[dict[str, str]]:
        if backend == "sqlite":
            folder = tmp_path_factory.mktemp("templates")
            urls = {name: f"sqlite:///{folder / f'{name}.sqlite'}" for name in ("seeded", "empty")}
            yield {name: prepare_database(url, seeded=name == "seeded") for name, url in urls.items()}
            return
        server = request.getfixturevalue("postgres_url")
        with postgres_database(server) as empty_url:
            prepare_database(empty_url, seeded=False)
            with postgres_database(server, make_url(empty_url).database) as seeded_url:
                yield {"seeded": prepare_database(seeded_url, seeded=True), "empty": empty_url}

    urls: dict[str, str] = session_store.get_or_create("templates", backend, create_templates)
    return urls


@pytest.fixture
def copy_database(
    backend: str, template_urls: dict[str, str], request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[[str], str]]:
    """A function that copies the ``seeded`` or ``empty`` template for this test only and returns the URL of the copy."""
    with ExitStack() as stack:

        def copy_template(name: str) -> str:
            source = make_url(template_urls[name])
            if backend == "sqlite":
                target = tmp_path / f"{uuid.uuid4().hex}.sqlite"
                shutil.copy(str(source.database), target)
                return f"sqlite:///{target}"
            return stack.enter_context(postgres_database(request.getfixturevalue("postgres_url"), source.database))

        yield copy_template


@pytest.fixture
def writable_seeded_db(
    backend: str, copy_database: Callable[[str], str], session_store: SessionStore, request: pytest.FixtureRequest
) -> Iterator[Database]:
    """A seeded database that the test may write to, also from another process."""
    if backend == "sqlite":
        database = Database(copy_database("seeded"))
        yield database
        database.dispose()
        return
    template = str(make_url(request.getfixturevalue("template_urls")["seeded"]).database)
    server = request.getfixturevalue("postgres_url")
    with session_store.lend("restorable", lambda: restorable_database(server, template)) as (url, restore_rows):
        database = Database(url)
        yield database
        database.dispose()
        restore_rows()


@pytest.fixture(scope="session")
def shared_databases(
    backend: str,
    template_urls: dict[str, str],
    session_store: SessionStore,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Database]:
    """The ``seeded`` and the ``empty`` database behind the fixtures ``seeded_db`` and ``empty_db``."""

    @contextmanager
    def create_databases() -> Iterator[dict[str, Database]]:
        with ExitStack() as stack:
            if backend == "sqlite":
                folder = tmp_path_factory.mktemp("shared")
                urls = {name: f"sqlite:///{shutil.copy(str(make_url(url).database), folder)}" for name, url in template_urls.items()}
            else:
                server = request.getfixturevalue("postgres_url")
                sources = {name: make_url(url).database for name, url in template_urls.items()}
                urls = {name: stack.enter_context(postgres_database(server, source)) for name, source in sources.items()}
            databases = {name: Database(url) for name, url in urls.items()}
            yield databases
            for database in databases.values():
                database.dispose()

    databases: dict[str, Database] = session_store.get_or_create("shared databases", backend, create_databases)
    return databases


@pytest.fixture
def seeded_db(shared_databases: dict[str, Database]) -> Database:
    """A seeded database that the test must leave unchanged: it only reads, or rolls back its writes."""
    return shared_databases["seeded"]


@pytest.fixture(scope="session")
def shipped_db(
    backend: str,
    template_urls: dict[str, str],
    session_store: SessionStore,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Database:
    """A database as ``flask seed`` makes it, with the counts of ICE's rosters, that the test must leave unchanged."""

    @contextmanager
    def create_database() -> Iterator[Database]:
        with ExitStack() as stack:
            template = str(make_url(template_urls["empty"]).database)
            if backend == "postgresql":
                url = stack.enter_context(postgres_database(request.getfixturevalue("postgres_url"), template))
            else:
                url = f"sqlite:///{shutil.copy(template, tmp_path_factory.mktemp('shipped'))}"
            database = Database(url)
            seed_database(database, with_rosters=True)
            yield database
            database.dispose()

    database: Database = session_store.get_or_create("shipped_db", backend, create_database)
    return database


@pytest.fixture
def empty_db(shared_databases: dict[str, Database]) -> Iterator[Database]:
    """A migrated database without rows that the test may write to; its rows are deleted afterwards."""
    yield shared_databases["empty"]
    clear_database(shared_databases["empty"])
