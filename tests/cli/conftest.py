"""The commands, run as an operator runs them, and the databases that the tests of this folder share."""

from collections.abc import Callable, Iterator

import pytest
from click.testing import Result

from legal.db.engine import Database
from tests.conftest import serving
from tests.databases import empty, record  # noqa: F401 - fixtures

Run = Callable[..., Result]


def unusable(said: str) -> str:
    """What is told of a database that says this."""
    asked = "Is it running, has `flask db upgrade` been run, does no other command hold it, and is there room on its disk?"
    return f"The database cannot be used as it is: {said}. {asked}"


def refused(result: Result, line: str) -> None:
    """That a command was refused with one clear line, and no traceback."""
    assert (result.exit_code, type(result.exception)) == (1, SystemExit)
    assert [told for told in result.stderr.splitlines() if not told.startswith("  ")][-1] == f"Error: {line}"


def address(database: Database) -> str:
    """A database's URL, its password too."""
    return database.engine.url.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def run() -> Iterator[Callable[[str], Run]]:
    """A function that gives, for a database's URL, the function that runs a command on it."""
    databases: dict[str, Database] = {}

    def on(url: str) -> Run:
        database = databases[url] = databases.get(url) or Database(url)

        def command(*words: object) -> Result:
            with serving(database) as app:
                return app.test_cli_runner().invoke(args=[str(word) for word in words])

        return command

    yield on
    for database in databases.values():
        database.dispose()
