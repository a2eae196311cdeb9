"""Run commands as an operator does."""

import io
from collections.abc import Callable, Iterator

import pytest
from click.testing import Result

from legal.db.engine import Database
from tests.conftest import open_app

RunCommand = Callable[..., Result]


def unusable_database_message(message: str) -> str:
    """Return the error that a command prints if the database driver fails with this message."""
    return (
        f"The database cannot be used: {message}. Check that it is running, that `flask db upgrade` has been run, "
        "that no other command is using it, and that its disk has free space."
    )


def assert_refused(result: Result, summary: str) -> None:
    """Check that a command failed with status 1, a summary line after any details, and no traceback."""
    assert (result.exit_code, type(result.exception)) == (1, SystemExit)
    assert [line for line in result.stderr.splitlines() if not line.startswith("  ")][-1] == f"Error: {summary}"


class TerminalInput(io.BytesIO):
    """Input that a user types in a terminal."""

    def isatty(self) -> bool:
        """Return ``True``, as for a terminal."""
        return True


def database_url(database: Database) -> str:
    """Return the URL of a database with its password."""
    return database.engine.url.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def runner_for() -> Iterator[Callable[[str], RunCommand]]:
    """A function that takes the URL of a database and returns a function that runs a command on it."""
    databases: dict[str, Database] = {}

    def build_runner(url: str) -> RunCommand:
        database = databases[url] = databases.get(url) or Database(url)

        def run_command(*words: object, answers: str | None = None) -> Result:
            terminal = TerminalInput(answers.encode()) if answers is not None else None
            with open_app(database) as app:
                return app.test_cli_runner().invoke(args=[str(word) for word in words], input=terminal)

        return run_command

    yield build_runner
    for database in databases.values():
        database.dispose()
