"""How the answers' cost grows from a small record to a large one: ``python -m benchmarks.growth [SMALL LARGE]``.

Prints, for each address, the statements sent and the time at the large size as a ratio to the small
one, the least of several tries each, in one process; the response cache is off. DATABASE_URL, where
it names PostgreSQL, is measured instead of SQLite; it must be an empty database.
"""

import os
import sys
import tempfile
from pathlib import Path

from benchmarks.record import made
from benchmarks.timing import analyzed, compared, timed

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


def measured(url: str, size: int) -> dict[str, tuple[float, int]]:
    """For each address, seconds and statements on a record of this size."""
    analyzed(made(url, size))
    return timed(url, ADDRESSES)


def main() -> None:
    """Measure both sizes and print the ratios."""
    small, large = (int(given) for given in sys.argv[1:3]) if len(sys.argv) > 2 else (100, 100_000)
    with tempfile.TemporaryDirectory() as folder:
        urls = [os.environ.get("DATABASE_URL", f"sqlite:///{Path(folder) / name}.sqlite") for name in ("small", "large")]
        before = measured(urls[0], small)
        after = measured(urls[1], large)
    print(*compared(before, after, f"{small:,}", f"{large:,}"), sep="\n")


if __name__ == "__main__":
    main()
