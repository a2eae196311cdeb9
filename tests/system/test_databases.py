"""The two databases: whatever is asked, they answer alike, so that most tests of the API need only one of them."""

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
from legal.services import seeds as acts
from legal.vocabulary import Cause
from tests.api.factories import altered
from tests.conftest import make_app, postgres_database, prepared, serving
from tests.services.rosters.factories import WORLD, naming, put, row, say, workbook

DESCRIPTION = make_app("sqlite://").test_client().get("/openapi.json").json
READS = [path for path, operations in DESCRIPTION["paths"].items() if "get" in operations]
NAMED = {
    "ref": ["VA", "FL", "US", "Virgina"],
    "/v1/agencies/{id}": ["fl-union-county-sheriffs-office", "fl-union-county-sheriff"],
    "/v1/rosters/{id}": ["participating-2025-05-16", "participating-2025-05"],
    "/v1/rosters/{id}/diff": ["participating-2025-05-16"],
}
ODD = {
    "as_of": ["2025-02-01"],
    "revision": ["3"],
    "q": ["SHERIFF county", "5_%/", "DOÑA", "K İ", "O'Brien"],
    "against": ["participating-2025-01-10"],
    "fields": [],  # what is left out of an answer is left out of the same answer
    "format": ["csv", "ndjson"],
    "cursor": [],  # the second page is read after the first
    "known_at": ["2026-01-01T00:00:03Z"],
    "limit": ["9"],
}
"""What is tried of a parameter; of the others the example, and of an order each word that runs up."""

MORE = {"/v1/diff": ["jurisdiction=FL&from=2025-02-01&to=2026-02-05", "jurisdiction=VA&from_revision=1&to_revision=7"]}
"""What takes two parameters at once."""


def recorded(database: Database) -> None:
    """Give a record a past of every sort: the seeds, lists, an edit, a retraction, an agreement that ended; a second apart."""
    with database.transaction() as session:
        put(session, *WORLD, workbook("2025-11-04", row("Doña Ana County Sheriff's Office", jurisdiction="NM")))
    with database.transaction() as session:
        acts.load(session, altered("VA", "Another title", without="WV"), Cause.CORRECTION, "A title was wrong.")
    with database.transaction() as session:
        say(session, naming("fl-baker-county-sheriffs-office-task-force", on="2025-06-01"))
    with database.transaction() as session:
        table = Revision.__table__
        moments = [{"of": number, "at": datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=number)} for number in range(1, 9)]
        session.connection().execute(update(table).where(table.c.number == bindparam("of")).values(recorded_at=bindparam("at")), moments)


@pytest.fixture(scope="module")
def twins(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FlaskClient, FlaskClient]]:
    """Clients of the app over the same record in either database."""
    server = request.getfixturevalue("postgres")
    with ExitStack() as stack:
        urls = (f"sqlite:///{tmp_path_factory.mktemp('twin') / 'record.sqlite'}", stack.enter_context(postgres_database(server)))
        clients = []
        for url in urls:
            database = Database(prepared(url, seeded=True))
            stack.callback(database.dispose)
            recorded(database)
            clients.append(stack.enter_context(serving(database)).test_client())
        yield clients[0], clients[1]


def parameters(path: str) -> Iterator[dict[str, Any]]:
    """The parameters of a read, each in full."""
    told = DESCRIPTION["paths"][path]
    for one in (*told.get("parameters", ()), *told["get"].get("parameters", ())):
        yield DESCRIPTION["components"]["parameters"][one["$ref"].rpartition("/")[2]] if "$ref" in one else one


def values(parameter: dict[str, Any]) -> list[str]:
    """What is tried of a parameter of the query."""
    name, shape = parameter["name"], parameter["schema"]
    if name in ODD:
        return ODD[name]
    if name == "facets":
        return [",".join(shape["items"]["enum"])]
    if "enum" in shape:
        return [word for word in shape["enum"] if not word.startswith("-")]
    example = shape["example"]
    return [",".join(example) if isinstance(example, list) else str(example)]


def addresses(path: str) -> Iterator[str]:
    """A read by itself, and with each value of each parameter; what it requires is always there."""
    given = list(parameters(path))
    needed = {one["name"]: values(one)[0] for one in given if one["in"] == "query" and (one.get("required") or one["name"] == "limit")}
    places = [path]
    for one in given:
        if one["in"] == "path":
            ids = NAMED.get(path) or NAMED.get(one["name"]) or [one.get("example", one["schema"].get("example", ""))]
            places = [place.replace(f"{{{one['name']}}}", quote(id)) for place in places for id in ids]
    for place in places:
        yield f"{place}?{urlencode(needed)}"
        for one in given:
            if one["in"] == "query":
                yield from (f"{place}?{urlencode({**needed, one['name']: value})}" for value in values(one))
        yield from (f"{place}?{query}" for query in MORE.get(path, ()))


def told(client: FlaskClient, address: str) -> list[tuple[int, str | None, bytes]]:
    """An answer's status, tag and bytes, and those of the second page of a list that is read in short pages."""
    with client.get(address) as answer:
        first = (answer.status_code, answer.headers.get("ETag"), answer.data)
    following = loads(first[2])["next"] if address.endswith("limit=9") and answer.is_json and answer.status_code == 200 else None
    return [first, *(told(client, following) if following else ())]


@pytest.mark.parametrize("path", READS)
def test_both_databases_answer_alike(twins: tuple[FlaskClient, FlaskClient], path: str) -> None:
    asked = list(addresses(path))
    assert [address for address in asked if told(twins[0], address) != told(twins[1], address)] == []
