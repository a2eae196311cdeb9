"""How the answers' cost grows from a small record to a large one: ``python -m benchmarks.growth [SMALL LARGE]``.

Prints, for each address, the statements sent and the time at the large size as a ratio to the small
one, the least of several tries each, in one process; the response cache is off. DATABASE_URL, where
it names PostgreSQL, is measured instead of SQLite; it must be an empty database.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy import event

from app import create_app
from benchmarks.record import made
from legal.settings import Settings

ADDRESSES = (
    "/v1/jurisdictions/VA",
    "/v1/jurisdictions?limit=57",
    "/v1/jurisdictions/VA/timeline",
    "/v1/measures",
    "/v1/measures?sort=-effective",
    "/v1/measures?kind=ban&status=in_force",
    "/v1/measures?stands=yes&jurisdiction=VA",
    "/v1/measures?facets=kind,status",
    "/v1/measures/va-directive-2026-02-04",
    "/v1/figures",
    "/v1/changes",
    "/feeds/changes.atom",
    "/feeds/VA.atom",
    "/v1/search?q=sheriff",
    "/v1/search?q=directive",
)
TRIES = 5


def measured(url: str, size: int) -> dict[str, tuple[float, int]]:
    """For each address, the least seconds of several tries and the statements sent, on a record of this size."""
    database = made(url, size)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    database.dispose()
    app = create_app(Settings(database_url=url, secret_key="of the benchmark", response_cache_bytes=0))  # noqa: S106
    sent: list[str] = []
    event.listen(app.extensions["database"].engine, "before_cursor_execute", lambda *given: sent.append(given[2]))
    client = app.test_client()
    found = {}
    for address in ADDRESSES:
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


def main() -> None:
    """Measure both sizes and print the ratios."""
    small, large = (int(given) for given in sys.argv[1:3]) if len(sys.argv) > 2 else (100, 100_000)
    with tempfile.TemporaryDirectory() as folder:
        urls = [os.environ.get("DATABASE_URL", f"sqlite:///{Path(folder) / name}.sqlite") for name in ("small", "large")]
        before = measured(urls[0], small)
        after = measured(urls[1], large)
    print(f"{'address':45} {'statements':>12} {f'{small:,}':>10} {f'{large:,}':>10} {'ratio':>8}")
    for address in ADDRESSES:
        (quick, few), (slow, many) = before[address], after[address]
        print(f"{address:45} {f'{few} → {many}':>12} {quick * 1000:8.1f}ms {slow * 1000:8.1f}ms {slow / quick:8.1f}")


if __name__ == "__main__":
    main()
