"""Use the server as an assistant does: with the official client, within the process, over stdio and over HTTP."""

import json
import logging
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import anyio
import pytest
from flask import Flask
from mcp import Client, StdioServerParameters
from mcp.client.stdio import get_default_environment

from legal.db.engine import Database
from legal.mcp.commands import parse_address
from legal.mcp.server import create_server
from legal.settings import ROOT
from tests.conftest import Statements, make_app, open_app

# The queries are tested on both databases elsewhere.
pytestmark = pytest.mark.databases("sqlite")

BASE = "https://landscape.example"
TOOLS = {"get_stance", "compare_stances", "search", "list_changes", "list_figures", "check_sentence"}
CALLS: dict[str, dict[str, Any]] = {
    "get_stance": {"jurisdiction": "Virginia", "as_of": "2026-02-20"},
    "compare_stances": {"jurisdictions_to_compare": ["VA", "maryland"], "as_of": "2026-02-20", "revision": 1},
    "search": {"query": "county jails"},
    "list_changes": {"since": "2020-01-01", "jurisdiction": "VA", "limit": 5},
    "list_figures": {"jurisdiction": "US", "metric": "participation", "unit": "agencies", "value": 1001},
    "check_sentence": {"sentence": "Maryland has banned 287(g) agreements.", "as_of": "2026-02-20"},
}


@pytest.fixture(autouse=True)
def _restore_logging() -> Iterator[None]:
    """Undo that the SDK and its web server set up logging for the whole process."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def app(shipped_db: Database) -> Iterator[Flask]:
    """The app over the record of a fresh install."""
    with open_app(shipped_db) as shipped_app:
        yield shipped_app


def use_client(target: Any, use: Callable[[Client], Awaitable[Any]]) -> Any:
    """Connect the official client to a server and return what ``use`` returns."""

    async def run() -> Any:
        async with Client(target, read_timeout_seconds=60) as client:
            return await use(client)

    return anyio.run(run)


def call(database: Database, tool: str, arguments: dict[str, Any]) -> Any:
    """Call a tool of a server within this process and return its result."""
    return use_client(create_server(database, BASE), lambda client: client.call_tool(tool, arguments))


def test_tools_say_that_they_only_read(shipped_db: Database) -> None:
    tools = use_client(create_server(shipped_db, BASE), lambda client: client.list_tools()).tools
    assert {tool.name for tool in tools} == TOOLS
    assert all(tool.annotations.read_only_hint and not tool.annotations.destructive_hint for tool in tools)
    assert all(len(tool.description) > 40 for tool in tools)


@pytest.mark.parametrize("tool", sorted(TOOLS))
def test_every_answer_has_its_citation_and_the_coverage_note(shipped_db: Database, tool: str) -> None:
    result = call(shipped_db, tool, CALLS[tool])
    assert not result.is_error
    answer = result.structured_content
    assert "`no_record` means that they do not say" in answer["coverage_note"]
    cited = answer["cite_as"]
    assert cited.startswith("Legal Landscape, “")
    assert BASE in cited
    assert "rules=2" in cited
    assert answer["meta"]["revision"] == 1
    assert json.loads(result.content[0].text) == answer


@pytest.mark.parametrize("tool", sorted(TOOLS))
def test_address_of_a_citation_is_answered(shipped_db: Database, app: Flask, tool: str) -> None:
    address = call(shipped_db, tool, CALLS[tool]).structured_content["cite_as"].rpartition(", ")[2]
    assert app.test_client().get(address.removeprefix(BASE)).status_code == 200


def test_tools_answer_as_the_api_does(shipped_db: Database, app: Flask) -> None:
    client = app.test_client()
    card = call(shipped_db, "get_stance", CALLS["get_stance"]).structured_content
    served = client.get("/v1/jurisdictions/VA?as_of=2026-02-20").json
    assert {key: card[key] for key in ("headline", "posture", "stance", "figures", "conflicts", "coverage")} == {
        key: served[key] for key in ("headline", "posture", "stance", "figures", "conflicts", "coverage")
    }
    check = call(shipped_db, "check_sentence", CALLS["check_sentence"]).structured_content
    answer = client.post("/v1/check", json=CALLS["check_sentence"]).json
    assert {key: check[key] for key in answer} == answer
    figures = call(shipped_db, "list_figures", {"limit": 3}).structured_content
    assert figures["results"] == client.get("/v1/figures?limit=3").json["results"]
    assert figures["count"] > 3
    changes = call(shipped_db, "list_changes", {"since": "2020-01-01", "limit": 4}).structured_content
    assert changes["results"] == client.get("/v1/changes?since=2020-01-01&limit=4").json["results"]


@pytest.mark.parametrize(
    ("tool", "arguments", "words"),
    [
        ("get_stance", {"jurisdiction": "Virgina"}, "Did you mean VA"),
        ("get_stance", {"jurisdiction": "VA", "revision": 99}, "There is no revision 99."),
        ("get_stance", {"jurisdiction": "VA", "as_of": "yesterday"}, "as_of"),
        ("compare_stances", {"jurisdictions_to_compare": ["VA"]}, "at least 2"),
        ("compare_stances", {"jurisdictions_to_compare": ["VA", "Marland"]}, "Did you mean MD"),
        ("list_figures", {"unit": "dollars"}, "unit"),
        ("check_sentence", {"sentence": "Yes. " * 9}, "Send at most 5 sentences at a time."),
        ("check_sentence", {"sentence": "a" * 1001}, "1000"),
    ],
)
def test_refused_input_is_an_error_that_helps(shipped_db: Database, tool: str, arguments: dict[str, Any], words: str) -> None:
    result = call(shipped_db, tool, arguments)
    assert result.is_error
    assert words in result.content[0].text


def test_database_that_does_not_answer_is_told_without_its_message() -> None:
    database = Database("sqlite://")
    result = call(database, "get_stance", {"jurisdiction": "VA"})
    assert result.is_error
    assert "The record cannot be read now. Try again in a moment." in result.content[0].text
    assert "sqlite" not in result.content[0].text.lower()
    database.dispose()


def test_tool_waits_for_a_locked_file_no_longer_than_a_request(copy_database: Callable[[str], str]) -> None:
    database = Database(copy_database("seeded"), timeout_seconds=0.2)
    blocker = sqlite3.connect(str(database.engine.url.database), isolation_level=None)
    blocker.execute("PRAGMA locking_mode=EXCLUSIVE")
    blocker.execute("BEGIN EXCLUSIVE")
    blocker.execute("DELETE FROM alembic_version")
    started = time.monotonic()
    assert call(database, "get_stance", {"jurisdiction": "VA"}).is_error
    assert time.monotonic() - started < 15
    blocker.close()
    database.dispose()


@pytest.mark.parametrize("tool", sorted(TOOLS))
def test_tool_sends_a_bounded_number_of_statements(shipped_db: Database, app: Flask, statements: Statements, tool: str) -> None:
    call(shipped_db, tool, CALLS[tool])
    assert 0 < len(statements) <= 18


def test_resources_are_the_codebook_and_the_jurisdictions(shipped_db: Database) -> None:
    async def read_all(client: Client) -> list[Any]:
        addresses = ("landscape://codebook", "landscape://jurisdictions", "landscape://jurisdictions/VA")
        return [json.loads((await client.read_resource(address)).contents[0].text) for address in addresses]

    codebook, places, card = use_client(create_server(shipped_db, BASE), read_all)
    assert "sentence_verdict" in codebook["lists"]
    assert places["count"] == 57
    assert card["code"] == "VA"


def environment(database: Database) -> dict[str, str]:
    """Return the environment of a command on a database."""
    url = database.engine.url.render_as_string(hide_password=False)
    return {**get_default_environment(), "DATABASE_URL": url, "SECRET_KEY": "a secret of the tests", "PUBLIC_URL": BASE}


def check_over_wire(target: Any) -> None:
    """Call a tool of a real server, and read a resource."""

    async def use(client: Client) -> tuple[set[str], Any, Any]:
        tools = await client.list_tools()
        result = await client.call_tool("check_sentence", CALLS["check_sentence"])
        return {tool.name for tool in tools.tools}, result, await client.read_resource("landscape://jurisdictions")

    names, result, resource = use_client(target, use)
    assert names == TOOLS
    assert result.structured_content["verdict"] == "contradicted_as_stated"
    assert result.structured_content["cite_as"].count(BASE) == 1
    assert json.loads(resource.contents[0].text)["count"] == 57


def test_official_client_works_over_stdio(shipped_db: Database) -> None:
    arguments = ["-m", "flask", "mcp"]
    check_over_wire(StdioServerParameters(command=sys.executable, args=arguments, env=environment(shipped_db), cwd=ROOT))


def test_official_client_works_over_http(shipped_db: Database) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "flask", "mcp", "--http", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment(shipped_db)}, stderr=subprocess.DEVNULL)  # noqa: S603 - a fixed command
    try:
        wait_for_port(port)
        check_over_wire(f"http://127.0.0.1:{port}/mcp")
    finally:
        process.terminate()
        process.wait(20)


def wait_for_port(port: int) -> None:
    """Wait until something listens on a port of this machine."""
    for _ in range(300):
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("The server does not listen.")


def test_command_ends_with_its_input(shipped_db: Database) -> None:
    app = make_app(shipped_db.engine.url.render_as_string(hide_password=False))
    result = app.test_cli_runner().invoke(args=["mcp"], input="")
    assert (result.exit_code, result.stdout) == (0, "")


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]"])
def test_port_in_use_ends_the_command(shipped_db: Database, host: str) -> None:
    app = make_app(shipped_db.engine.url.render_as_string(hide_password=False))
    with socket.socket(socket.AF_INET6 if "[" in host else socket.AF_INET) as taken:
        taken.bind((host.strip("[]"), 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = app.test_cli_runner().invoke(args=["mcp", "--http", f"{host}:{port}"])
    assert result.exit_code == 1
    assert f"Serving assistants at http://{host}:{port}/mcp" in result.stderr


@pytest.mark.parametrize(
    ("address", "parsed"),
    [
        ("localhost", ("localhost", 8001)),
        ("landscape.example:9000", ("landscape.example", 9000)),
        ("[::1]:80", ("::1", 80)),
        ("[::1]", ("::1", 8001)),
    ],
)
def test_address_has_a_host_and_a_port(address: str, parsed: tuple[str, int]) -> None:
    assert parse_address(address) == parsed


@pytest.mark.parametrize("address", ["localhost:http", "localhost:0", "localhost:99999", "localhost:٣"])
def test_address_without_a_usable_port_is_wrong_usage(app: Flask, address: str) -> None:
    assert app.test_cli_runner().invoke(args=["mcp", "--http", address]).exit_code == 2
