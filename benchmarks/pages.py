"""Measure what a page costs, beside a card: ``python -m benchmarks.pages``.

For each address, print the time of the first response, the shortest time of a response from the response cache, with a body
and with 304, and the ratio of the hit to a hit on the card of Virginia. The record is the seeds with the counts of all rosters,
in a temporary SQLite file. Responses are compressed with zstd, as browsers accept it.
"""

import tempfile
import time
from pathlib import Path
from typing import Any

from werkzeug.test import EnvironBuilder, run_wsgi_app

from app import create_app
from legal.settings import Settings

CARD = "/v1/jurisdictions/VA"
_ADDRESSES = (
    CARD,
    "/",
    "/states/virginia",
    "/states/florida",
    "/states/united-states",
    "/measures",
    "/agreements",
    "/figures",
    "/diff?jurisdiction=VA",
    "/compare?jurisdictions=VA,MD,MA",
    "/changes",
    "/methods",
    "/embed/map",
    "/pictures/map.png",
)
_ROUNDS, _HITS_IN_A_ROUND = 100, 100


def time_address(app: Any, address: str) -> tuple[float, float, float, int]:
    """Return the seconds of a miss, of a hit with its body, and of a hit with 304, and the bytes of the body."""
    environ = EnvironBuilder(path=address, headers={"Accept": "text/html,*/*;q=0.8", "Accept-Encoding": "zstd"}).get_environ()
    started = time.perf_counter()
    body, status, headers = run_wsgi_app(app, dict(environ), buffered=True)
    miss = time.perf_counter() - started
    assert status.startswith("200"), (address, status)
    byte_count = sum(map(len, body))
    conditional = {**environ, "HTTP_IF_NONE_MATCH": headers["ETag"]}
    return miss, _time_hit(app, environ), _time_hit(app, conditional), byte_count


def _time_hit(app: Any, environ: dict[str, Any]) -> float:
    """Return the mean seconds of a hit, in the fastest of several rounds."""
    run_wsgi_app(app, dict(environ), buffered=True)  # compresses
    rounds = []
    for _ in range(_ROUNDS):
        started = time.perf_counter()
        for _ in range(_HITS_IN_A_ROUND):
            run_wsgi_app(app, dict(environ), buffered=True)
        rounds.append((time.perf_counter() - started) / _HITS_IN_A_ROUND)
    return min(rounds)


def main() -> None:
    """Measure all addresses on a fresh record."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'pages.sqlite'}"
        settings = Settings(database_url=url, secret_key="for the benchmark", response_cache_bytes=64 * 1024 * 1024)  # noqa: S106
        app = create_app(settings)
        runner = app.test_cli_runner()
        for command in (["db", "upgrade"], ["seed"]):
            assert runner.invoke(args=command).exit_code == 0
        times = {address: time_address(app, address) for address in _ADDRESSES}
        app.extensions["database"].dispose()
    card_hit, card_304 = times[CARD][1:3]
    print(f"{'address':36} {'first':>9} {'hit':>9} {'of card':>8} {'304':>9} {'of card':>8} {'bytes':>8}")
    for address, (miss, hit, unchanged, byte_count) in times.items():
        figures = f"{miss * 1e3:7.1f}ms {hit * 1e6:7.1f}µs {hit / card_hit:8.2f} {unchanged * 1e6:7.1f}µs {unchanged / card_304:8.2f} {byte_count:8,}"
        print(f"{address:36} {figures}")


if __name__ == "__main__":
    main()
