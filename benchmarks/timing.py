"""Time requests to the app and count their statements, without the response cache."""

import time
from collections.abc import Iterable

from flask import Flask
from sqlalchemy import event

from app import create_app
from legal.db.engine import Database
from legal.settings import Settings

_TRIES = 5


def analyze_database(database: Database) -> None:
    """Collect the planner's statistics and close the database. Servers collect them on their own; SQLite needs a command."""
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    database.dispose()


def time_requests(url: str, addresses: Iterable[str]) -> dict[str, tuple[float, int]]:
    """Return the shortest time of several requests in seconds, and the number of statements, for each address."""
    app: Flask = create_app(Settings(database_url=url, secret_key="for the benchmark", response_cache_bytes=0))  # noqa: S106
    statements: list[str] = []
    event.listen(app.extensions["database"].engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))
    client = app.test_client()
    measurements = {}
    for address in addresses:
        seconds = []
        for _ in range(_TRIES):
            statements.clear()
            started = time.perf_counter()
            response = client.get(address)
            seconds.append(time.perf_counter() - started)
            assert response.status_code == 200, (address, response.status_code)  # an error must not be timed
        query_count = sum(not statement.startswith(("BEGIN", "PRAGMA", "SET", "SHOW")) for statement in statements)
        measurements[address] = (min(seconds), query_count)
    app.extensions["database"].dispose()
    return measurements


def comparison_lines(
    small_times: dict[str, tuple[float, int]], large_times: dict[str, tuple[float, int]], small_label: str, large_label: str
) -> Iterable[str]:
    """Yield the lines of a table with both measurements and the ratio of the times."""
    yield f"{'address':45} {'statements':>12} {small_label:>10} {large_label:>10} {'ratio':>8}"
    for address, (small_seconds, small_count) in small_times.items():
        large_seconds, large_count = large_times[address]
        times = f"{small_seconds * 1000:8.1f}ms {large_seconds * 1000:8.1f}ms {large_seconds / small_seconds:8.1f}"
        yield f"{address:45} {f'{small_count} → {large_count}':>12} {times}"
