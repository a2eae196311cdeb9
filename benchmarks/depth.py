"""Measure how the cost of a read grows with the history of the record and with its figures, without a clock.

On SQLite the cost is the steps of its virtual machine, on PostgreSQL the blocks of 8 KB that its statements touch. Both are the
same on every run, whatever else the machine does.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import event

from app import create_app
from benchmarks.history import VERSIONS_PER_REVISION, deepen_history
from benchmarks.record import invent_conflicting_figures
from benchmarks.steps import measure_costs
from benchmarks.timing import analyze_database
from legal.db.engine import Database
from legal.db.shared_results import forget_shared
from legal.services.publishing import ChangeReason, acquire_publishing_lock, publish
from legal.settings import Settings
from legal.vocabulary import Cause
from tests.databases import open_postgres_server, postgres_database, prepare_database

_ADDRESSES = (
    "/v1/jurisdictions/VA",
    "/v1/measures?limit=100",
    "/v1/jurisdictions/VA/timeline",
    "/v1/changes",
    "/v1/map.json",
    "/v1/jurisdictions?limit=57",
    "/v1/figures",
    "/v1/conflicts",
    "/v1/documents",
    "/v1/rosters",
    "/v1/agreements/summary?by=jurisdiction",
    "/v1/compare?jurisdictions=VA,MD,MA",
    "/v1/search?q=sheriff",
)
_SECRET = "for the benchmark"  # noqa: S105


@dataclass(frozen=True)
class Growth:
    """What a read costs on a shallow history and on a deep one, in the unit of its database."""

    address: str
    shallow: int
    deep: int

    @property
    def ratio(self) -> float:
        """Return the cost on the deep history in that on the shallow one."""
        return self.deep / max(self.shallow, 1)


@dataclass(frozen=True)
class FigureCost:
    """What the card of a jurisdiction with many figures on one metric takes."""

    figure_count: int
    seconds: float
    byte_count: int


def measure_sqlite_growth(folder: Path, sizes: tuple[int, int], report: Callable[[str], None]) -> list[Growth]:
    """Return the growth of each address on SQLite, at the newest revision and at one with half of the versions."""

    def count_steps(database: Database, client: FlaskClient, urls: Sequence[str]) -> list[int]:
        return [cost.steps for cost in measure_costs(database, client, urls)]

    urls = [f"sqlite:///{folder / f'deep-{size}.sqlite'}" for size in sizes]
    return _measure_growth("SQLite", urls, sizes, count_steps, report)


def measure_postgres_growth(folder: Path, sizes: tuple[int, int], report: Callable[[str], None]) -> list[Growth]:
    """Return the growth of each address on PostgreSQL.

    Raises:
        RuntimeError: no server answers, and none can be started.
    """
    with ExitStack() as stack:
        server = stack.enter_context(open_postgres_server(folder / "postgres"))
        urls = [stack.enter_context(postgres_database(server)) for _ in sizes]
        return _measure_growth("PostgreSQL", urls, sizes, count_blocks, report)


def _measure_growth(
    name: str,
    urls: Sequence[str],
    sizes: Sequence[int],
    count: Callable[[Database, FlaskClient, Sequence[str]], list[int]],
    report: Callable[[str], None],
) -> list[Growth]:
    costs = []
    for url, size in zip(urls, sizes, strict=True):
        report(f"growth on {name}: a history of {size:,} versions")
        revision = _deepen(url, size)
        with _open_client(url) as (database, client):
            costs.append(count(database, client, list(_list_reads(revision))))
    addresses = [f"{address}{at}" for address in _ADDRESSES for at in ("", ", pinned")]
    return [Growth(address, shallow, deep) for address, shallow, deep in zip(addresses, *costs, strict=True)]


def _list_reads(revision: int) -> Iterator[str]:
    """List the addresses, each at the newest revision and at this one."""
    for address in _ADDRESSES:
        yield address
        yield f"{address}{'&' if '?' in address else '?'}revision={revision}"


def _deepen(url: str, size: int) -> int:
    """Create a record with this many versions, and return the revision in the middle."""
    database = Database(prepare_database(url, seeded=True))
    deepen_history(database, size)
    analyze_database(database)
    return size // VERSIONS_PER_REVISION // 2


@contextmanager
def _open_client(url: str) -> Iterator[tuple[Database, FlaskClient]]:
    app = create_app(Settings(database_url=url, secret_key=_SECRET, response_cache_bytes=0))
    database: Database = app.extensions["database"]
    yield database, app.test_client()
    database.dispose()


def count_first_statements(url: str, address: str) -> int:
    """Return the statements of an address that is the first one asked for at a revision."""
    with _open_client(url) as (database, client):
        return measure_costs(database, client, [address])[0].statements


def count_blocks(database: Database, client: FlaskClient, urls: Iterable[str]) -> list[int]:
    """Return the blocks that PostgreSQL reads for each URL: each statement is sent again to be explained."""
    statements: list[tuple[str, Any]] = []

    def keep_statement(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        if statement.startswith(("SELECT", "WITH")):
            statements.append((statement, parameters))

    counts = []
    for url in urls:
        client.get(url).close()  # what a process keeps for good is loaded
        forget_shared(database.engine)  # what it keeps for a revision is not, as on SQLite
        statements.clear()
        event.listen(database.engine, "before_cursor_execute", keep_statement)
        with client.get(url) as response:
            assert response.status_code == 200, (url, response.status_code)
        event.remove(database.engine, "before_cursor_execute", keep_statement)
        with database.engine.connect() as connection:
            plans = [
                connection.exec_driver_sql(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}", parameters).scalar_one()[0]["Plan"]
                for statement, parameters in statements
            ]
        counts.append(sum(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] for plan in plans))
    return counts


def measure_many_figures(folder: Path, counts: Sequence[int], tries: int) -> list[FigureCost]:
    """Return what the card of Virginia takes with so many figures on one metric: the shortest of several tries."""
    costs = []
    for count in counts:
        url = prepare_database(f"sqlite:///{folder / f'figures-{count}.sqlite'}", seeded=True)
        with _open_client(url) as (database, client):
            with database.transaction() as session:
                acquire_publishing_lock(session)
                figures = list(islice(invent_conflicting_figures("VA"), count))
                publish(session, figures, [], ChangeReason(Cause.SOURCE_ADDED, "Made up to measure cost.", "benchmark"))
            seconds, byte_count = [], 0
            for _ in range(tries):
                forget_shared(database.engine)
                started = time.process_time()
                response = client.get("/v1/jurisdictions/VA")
                seconds.append(time.process_time() - started)
                byte_count = len(response.data)
            costs.append(FigureCost(count, min(seconds), byte_count))
    return costs
