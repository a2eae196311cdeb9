"""No read becomes slower as the history of the record becomes deeper, however old or new the revision that it asks for."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy import Connection, event, text

from benchmarks.history import VERSIONS_PER_REVISION, deepen_history
from benchmarks.steps import Cost, measure_costs
from benchmarks.timing import analyze_database
from legal.db.engine import Database
from tests.conftest import open_app
from tests.databases import postgres_database, prepare_database
from tests.system.test_databases import READ_PATHS, list_parameters, list_urls, publish_history

SIZES = (2_300, 11_500)
"""Numbers of versions that the history is deepened by: half of the smaller one is more than any read looks back at."""
MAX_RATIO = 1.3
EXCEPTIONS = {
    ("/v1/measures/{id}/versions", "facets"): "The facets count the versions of one measure, and nothing else.",
}
"""The addresses that may cost more as history grows, as a path and a parameter, with the reason."""
PARAMETERS_OF_FORM = ("format", "rules", "known_at", "bom")
"""Parameters that change nothing about what is read, or name a revision, as ``revision`` does."""
MIN_DEEP_ROWS = 2_000
"""A table with fewer rows is not deep: PostgreSQL rightly reads it as a whole."""


def list_reads(path: str, revision: int) -> Iterator[str]:
    """List the addresses of a path with each parameter, at the newest revision and at a pinned one."""
    takes_revision = any(parameter["name"] == "revision" for parameter in list_parameters(path))
    for url in list_urls(path):
        names = dict(parse_qsl(urlsplit(url).query))
        if "/export/" not in path and path != "/readyz" and not any(name in names for name in PARAMETERS_OF_FORM):
            yield url
            if takes_revision and "revision" not in names:
                yield f"{url}&revision={revision}"


def find_middle_revision(size: int) -> int:
    """Return a revision with half of the versions before it."""
    return size // VERSIONS_PER_REVISION // 2


def create_deep_record(url: str, size: int) -> Database:
    """Return a database with the seeds, revisions of every kind, and this many versions more."""
    database = Database(prepare_database(url, seeded=True))
    publish_history(database)
    deepen_history(database, size)
    return database


@pytest.fixture(scope="module")
def costs(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, Cost, Cost]]:
    """The addresses that are no exceptions, each with its cost on a shallow history and on a deep one."""
    costs_by_size = []
    with ExitStack() as stack:
        for size in SIZES:
            database = create_deep_record(f"sqlite:///{tmp_path_factory.mktemp('growth') / 'record.sqlite'}", size)
            stack.callback(database.dispose)
            client = stack.enter_context(open_app(database)).test_client()
            urls = [(path, url) for path in READ_PATHS for url in list_reads(path, find_middle_revision(size))]
            costs_by_size.append(list(zip(urls, measure_costs(database, client, [url for _, url in urls]), strict=True)))
    return [
        (url, shallow, deep)
        for ((path, url), shallow), (_, deep) in zip(*costs_by_size, strict=True)
        if not any(path == exception and name in dict(parse_qsl(urlsplit(url).query)) for exception, name in EXCEPTIONS)
    ]


@pytest.mark.databases("sqlite")  # its virtual machine counts steps
def test_no_read_takes_more_steps_as_history_grows(costs: list[tuple[str, Cost, Cost]]) -> None:
    assert len(costs) > len(READ_PATHS)
    growth = {url: deep.steps / shallow.steps for url, shallow, deep in costs if shallow.steps}
    assert {url: round(ratio, 1) for url, ratio in growth.items() if ratio > MAX_RATIO} == {}


def test_no_read_sends_more_statements_as_history_grows(costs: list[tuple[str, Cost, Cost]]) -> None:
    # The feed of a jurisdiction halves the days between two revisions, so that its number depends on their dates.
    assert [url for url, shallow, deep in costs if deep.statements > MAX_RATIO * shallow.statements] == []


@pytest.fixture(scope="module")
def deep_postgres(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A record with a deep history on PostgreSQL, analyzed as a server does on its own."""
    with postgres_database(request.getfixturevalue("postgres_url")) as url:
        database = create_deep_record(url, SIZES[-1])
        analyze_database(database)
        yield database
        database.dispose()


def test_no_statement_scans_a_deep_table_on_postgresql(deep_postgres: Database) -> None:
    statements: dict[str, Any] = {}

    def keep_statement(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        if statement.startswith(("SELECT", "WITH")):
            statements.setdefault(statement, parameters)

    event.listen(deep_postgres.engine, "before_cursor_execute", keep_statement)
    with open_app(deep_postgres) as app:
        client = app.test_client()
        for path in READ_PATHS:
            for url in list_reads(path, find_middle_revision(SIZES[-1])):
                client.get(url).close()
    event.remove(deep_postgres.engine, "before_cursor_execute", keep_statement)
    assert len(statements) > len(READ_PATHS)
    with deep_postgres.engine.connect() as connection:
        deep_tables = set(connection.scalars(_DEEP_TABLES, {"rows": MIN_DEEP_ROWS}))
        plans = {statement: explain(connection, statement, parameters) for statement, parameters in statements.items()}
    assert deep_tables >= {"measure_versions", "figure_versions", "citations", "changes", "search_entries"}
    scans = {statement: sorted(find_scanned_tables(plan) & deep_tables) for statement, plan in plans.items()}
    assert {statement: tables for statement, tables in scans.items() if tables} == {}


_DEEP_TABLES = text("SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples >= :rows")


def explain(connection: Connection, statement: str, parameters: Any) -> Any:
    """Return PostgreSQL's plan of a statement."""
    return connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).scalar_one()[0]["Plan"]


def find_scanned_tables(plan: Any) -> set[str]:
    """Return the tables that a plan reads from end to end."""
    tables = {plan["Relation Name"]} if plan["Node Type"] == "Seq Scan" else set()
    return tables.union(*(find_scanned_tables(part) for part in plan.get("Plans", ())))
