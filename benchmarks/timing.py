"""How long an app takes to answer, and how many statements it sends: the least of several tries, the response cache off."""

import time
from collections.abc import Iterable

from flask import Flask
from sqlalchemy import event

from app import create_app
from legal.db.engine import Database
from legal.settings import Settings

TRIES = 5


def analyzed(database: Database) -> None:
    """Have the database look at what it holds, as servers do by themselves and SQLite when told to, and close it."""
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    database.dispose()


def timed(url: str, addresses: Iterable[str]) -> dict[str, tuple[float, int]]:
    """For each address, the least seconds of several tries and the statements sent."""
    app: Flask = create_app(Settings(database_url=url, secret_key="of the benchmark", response_cache_bytes=0))  # noqa: S106
    sent: list[str] = []
    event.listen(app.extensions["database"].engine, "before_cursor_execute", lambda *given: sent.append(given[2]))
    client = app.test_client()
    found = {}
    for address in addresses:
        seconds = []
        for _ in range(TRIES):
            sent.clear()
            begun = time.perf_counter()
            answer = client.get(address)
            seconds.append(time.perf_counter() - begun)
            assert answer.status_code == 200, (address, answer.status_code)  # a wrong answer must not be timed
        found[address] = (min(seconds), len([one for one in sent if not one.startswith(("BEGIN", "PRAGMA", "SET", "SHOW"))]))
    app.extensions["database"].dispose()
    return found


def compared(before: dict[str, tuple[float, int]], after: dict[str, tuple[float, int]], small: str, large: str) -> Iterable[str]:
    """A table of both, with the ratio of the times."""
    yield f"{'address':45} {'statements':>12} {small:>10} {large:>10} {'ratio':>8}"
    for address, (quick, few) in before.items():
        slow, many = after[address]
        yield f"{address:45} {f'{few} → {many}':>12} {quick * 1000:8.1f}ms {slow * 1000:8.1f}ms {slow / quick:8.1f}"
