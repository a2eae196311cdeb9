"""Count what a request costs without a clock: the steps of SQLite's virtual machine, and the statements sent."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import event

from legal.db.engine import Database
from legal.db.shared_results import forget_shared

_GRANULARITY = 10
"""SQLite calls back after this many steps of a statement."""


@dataclass
class Cost:
    """The steps, to the nearest ten of each statement, and the statements of a request."""

    steps: int = 0
    statements: int = 0


@contextmanager
def count_costs(database: Database) -> Iterator[Cost]:
    """Count all that the connections of a SQLite database do in the block. The connections are opened anew."""
    cost = Cost()

    def add_steps() -> int:
        cost.steps += _GRANULARITY
        return 0  # anything else would interrupt the statement

    def watch_connection(connection: Any, _record: object) -> None:
        connection.set_progress_handler(add_steps, _GRANULARITY)

    def count_statement(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        cost.statements += not statement.startswith(("BEGIN", "PRAGMA"))

    database.dispose()
    event.listen(database.engine, "connect", watch_connection)
    event.listen(database.engine, "before_cursor_execute", count_statement)
    yield cost
    event.remove(database.engine, "before_cursor_execute", count_statement)
    event.remove(database.engine, "connect", watch_connection)
    database.dispose()


def measure_costs(database: Database, client: FlaskClient, urls: Iterable[str]) -> list[Cost]:
    """Return the cost of each URL as the first one that is asked for at a revision. No answer may be an error of the server."""
    costs = []
    with count_costs(database) as cost:
        for url in urls:
            forget_shared(database.engine)
            cost.steps = cost.statements = 0
            with client.get(url) as response:
                assert response.status_code < 500, (url, response.status_code)
            costs.append(Cost(cost.steps, cost.statements))
    return costs
