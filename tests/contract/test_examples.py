"""Test that every request that a client builds from the description's examples is answered, as in "Try it out"."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from flask.testing import FlaskClient

from legal.db.engine import Database
from legal.settings import SEEDS_FOLDER
from tests.conftest import make_app, open_app
from tests.databases import prepare_database
from tests.services.rosters.factories import ROSTER_HISTORY, import_rosters

pytestmark = pytest.mark.databases("sqlite")
"""The database plays no part; tests/system/test_databases.py compares the answers of both."""

DESCRIPTION: dict[str, Any] = dict(make_app("sqlite://").test_client().get("/openapi.json").json)
SHIPPED_ROSTERS = ("participatingAgencies04302025pm.xlsx", "participatingAgencies09172025pm.xlsx")
"""The files of the rosters in the examples. A fresh install has their counts."""
PATHS_THAT_NEED_ROWS = {"/v1/agencies/{id}": 404, "/v1/agreements/{id}": 404, "/v1/rosters/{id}/diff": 422}
"""The paths of which a fresh install cannot answer the example, because no rows of a roster come with it, and how it refuses."""
READ_PATHS = [path for path, operations in DESCRIPTION["paths"].items() if "200" in operations.get("get", {}).get("responses", {})]


@pytest.fixture(scope="module")
def rosters_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A client of a record with the rows of both rosters in the examples, under their published hashes."""
    with (SEEDS_FOLDER / "rosters" / "lists.csv").open(encoding="utf-8", newline="") as file:
        lists = {row["file"]: row for row in csv.DictReader(file)}
    workbooks = [
        replace(workbook, sha256=lists[name]["sha256"], date=date.fromisoformat(lists[name]["date"]))
        for workbook, name in zip(ROSTER_HISTORY[-2:], SHIPPED_ROSTERS, strict=True)
    ]
    database = Database(prepare_database(f"sqlite:///{tmp_path_factory.mktemp('examples') / 'record.sqlite'}", seeded=True))
    with database.transaction() as session:
        import_rosters(session, *workbooks)
    with open_app(database) as app:
        yield app.test_client()
    database.dispose()


def example_values(parameter: dict[str, Any]) -> dict[str, Any]:
    """Return what a client that fills in forms sends for a parameter: its example, or else its default."""
    for part in (parameter, parameter["schema"]):
        for key in ("example", "default"):
            if key in part:
                return {parameter["name"]: part[key]}
    return {}


def request_url(path: str, *, fills_in_defaults: bool) -> str:
    """Return the URL of a path's request, with every example and, if told, every default."""
    path_item = DESCRIPTION["paths"][path]
    query: dict[str, Any] = {}
    for parameter in (*path_item.get("parameters", ()), *path_item["get"].get("parameters", ())):
        values = example_values(parameter) if fills_in_defaults or parameter.get("required") or "example" in parameter["schema"] else {}
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", quote(str(values[parameter["name"]])))
        else:
            query |= values
    # Lists are sent by repeating their parameter, as most generated clients do. Booleans are written as in JSON.
    encoded_query = urlencode({name: str(value).lower() if isinstance(value, bool) else value for name, value in query.items()}, doseq=True)
    return f"{path}?{encoded_query}" if encoded_query else path


@pytest.mark.parametrize("fills_in_defaults", [False, True])
@pytest.mark.parametrize("path", READ_PATHS)
def test_request_built_from_the_examples_is_answered(rosters_client: FlaskClient, path: str, fills_in_defaults: bool) -> None:
    with rosters_client.get(request_url(path, fills_in_defaults=fills_in_defaults)) as response:
        assert response.status_code == 200, response.data


@pytest.mark.parametrize("path", READ_PATHS)
def test_every_described_format_is_answered(rosters_client: FlaskClient, path: str) -> None:
    url = request_url(path, fills_in_defaults=False)
    content = DESCRIPTION["paths"][path]["get"]["responses"]["200"]["content"]
    for media_type in content:
        with rosters_client.get(url, headers={"Accept": media_type}) as response:
            assert (response.status_code, response.mimetype) == (200, media_type)


@pytest.mark.parametrize("path", READ_PATHS)
def test_fresh_install_answers_every_example_that_needs_no_rows(shipped_db: Database, path: str) -> None:
    with open_app(shipped_db) as app, app.test_client().get(request_url(path, fills_in_defaults=True)) as response:
        assert response.status_code == PATHS_THAT_NEED_ROWS.get(path, 200), response.data
