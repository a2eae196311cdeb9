"""Both databases give the same responses, so most tests of the API run on one of them."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from json import loads
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from flask.testing import FlaskClient
from sqlalchemy import bindparam, update

from legal.db.engine import Database
from legal.models import Revision
from legal.services.seeds import load_seeds
from legal.vocabulary import Cause
from tests.api.factories import edited_seeds
from tests.conftest import make_app, open_app
from tests.databases import postgres_database, prepare_database
from tests.services.rosters.factories import ROSTER_HISTORY, import_rosters, measure_naming, parsed_row, publish_measures, roster_workbook

DESCRIPTION = make_app("sqlite://").test_client().get("/openapi.json").json
READ_PATHS = [path for path, operations in DESCRIPTION["paths"].items() if "get" in operations]
VALUES_IN_PATHS = {
    "ref": ["VA", "FL", "US", "Virgina"],
    "/v1/agencies/{id}": ["fl-union-county-sheriffs-office", "fl-union-county-sheriff"],
    "/v1/rosters/{id}": ["participating-2025-05-16", "participating-2025-05"],
    "/v1/rosters/{id}/diff": ["participating-2025-05-16"],
}
VALUES_IN_QUERIES = {
    "as_of": ["2025-02-01"],
    "revision": ["3"],
    "q": ["SHERIFF county", "5_%/", "DOÑA", "K İ", "O'Brien"],
    "against": ["participating-2025-01-10"],
    "fields": [],  # selects keys of the same response
    "format": ["csv", "ndjson"],
    "cursor": [],  # read_pages reads the second page
    "known_at": ["2026-01-01T00:00:03Z"],
    "limit": ["9"],
}
"""Values to try for a parameter. Other parameters take their example, and sort orders every ascending term."""

QUERIES_WITH_TWO_PARAMETERS = {
    "/v1/diff": ["jurisdiction=FL&from=2025-02-01&to=2026-02-05", "jurisdiction=VA&from_revision=1&to_revision=7"]
}


def publish_history(database: Database) -> None:
    """Add revisions of every kind to a seeded database: rosters, an edit, a retraction, a terminated agreement; one second apart."""
    with database.transaction() as session:
        import_rosters(
            session, *ROSTER_HISTORY, roster_workbook("2025-11-04", parsed_row("Doña Ana County Sheriff's Office", jurisdiction="NM"))
        )
    with database.transaction() as session:
        load_seeds(session, edited_seeds("VA", "Another title", drop_figure_of="WV"), Cause.CORRECTION, "A title was wrong.")
    with database.transaction() as session:
        publish_measures(session, measure_naming("fl-baker-county-sheriffs-office-task-force", terminated_on="2025-06-01"))
    with database.transaction() as session:
        table = Revision.__table__
        times = [{"revision": number, "time": datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=number)} for number in range(1, 9)]
        statement = update(table).where(table.c.number == bindparam("revision")).values(recorded_at=bindparam("time"))
        session.connection().execute(statement, times)


@pytest.fixture(scope="module")
def clients(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FlaskClient, FlaskClient]]:
    """A client on SQLite and one on PostgreSQL, with the same record."""
    server = request.getfixturevalue("postgres_url")
    with ExitStack() as stack:
        urls = (f"sqlite:///{tmp_path_factory.mktemp('both') / 'record.sqlite'}", stack.enter_context(postgres_database(server)))
        clients = []
        for url in urls:
            database = Database(prepare_database(url, seeded=True))
            stack.callback(database.dispose)
            publish_history(database)
            clients.append(stack.enter_context(open_app(database)).test_client())
        yield clients[0], clients[1]


def list_parameters(path: str) -> Iterator[dict[str, Any]]:
    """List the parameters of a path, with references resolved."""
    operations = DESCRIPTION["paths"][path]
    for parameter in (*operations.get("parameters", ()), *operations["get"].get("parameters", ())):
        if "$ref" in parameter:
            yield DESCRIPTION["components"]["parameters"][parameter["$ref"].rpartition("/")[2]]
        else:
            yield parameter


def query_values(parameter: dict[str, Any]) -> list[str]:
    """Return the values to try for a query parameter."""
    name, schema = parameter["name"], parameter["schema"]
    if name in VALUES_IN_QUERIES:
        return VALUES_IN_QUERIES[name]
    if name == "facets":
        return [",".join(schema["items"]["enum"])]
    if "enum" in schema:
        return [term for term in schema["enum"] if not term.startswith("-")]
    example = parameter["x-example"] if "x-example" in parameter else schema["example"]
    return [",".join(example) if isinstance(example, list) else str(example)]


def list_urls(path: str) -> Iterator[str]:
    """List the URLs of a path: without optional parameters, and with each value of each parameter."""
    parameters = list(list_parameters(path))
    required_values = {
        parameter["name"]: query_values(parameter)[0]
        for parameter in parameters
        if parameter["in"] == "query" and (parameter.get("required") or parameter["name"] == "limit")
    }
    filled_paths = [path]
    for parameter in parameters:
        if parameter["in"] == "path":
            example = parameter.get("example", parameter["schema"].get("example", ""))
            ids = VALUES_IN_PATHS.get(path) or VALUES_IN_PATHS.get(parameter["name"]) or [example]
            filled_paths = [filled.replace(f"{{{parameter['name']}}}", quote(id)) for filled in filled_paths for id in ids]
    for filled_path in filled_paths:
        yield f"{filled_path}?{urlencode(required_values)}"
        for parameter in parameters:
            if parameter["in"] == "query":
                for value in query_values(parameter):
                    yield f"{filled_path}?{urlencode({**required_values, parameter['name']: value})}"
        yield from (f"{filled_path}?{query}" for query in QUERIES_WITH_TWO_PARAMETERS.get(path, ()))


def read_pages(client: FlaskClient, url: str) -> list[tuple[int, str | None, bytes]]:
    """Return the status, ETag and body of a response, and of the following pages if the URL asks for short pages."""
    with client.get(url) as response:
        page = (response.status_code, response.headers.get("ETag"), response.data)
        has_next_page = url.endswith("limit=9") and response.is_json and response.status_code == 200
    next_url = loads(page[2]).get("next") if has_next_page else None
    return [page, *(read_pages(client, next_url) if next_url else ())]


@pytest.mark.parametrize("path", READ_PATHS)
def test_both_databases_give_the_same_responses(clients: tuple[FlaskClient, FlaskClient], path: str) -> None:
    sqlite_client, postgres_client = clients
    urls = list(list_urls(path))
    assert urls != []
    assert [url for url in urls if read_pages(sqlite_client, url) != read_pages(postgres_client, url)] == []
