"""Measure how response times grow from a small record to a large one: ``python -m benchmarks.growth [SMALL LARGE]``.

SMALL and LARGE are numbers of measures; the default is 100 and 100,000. For each address, print the statements and the
shortest of several response times on both records, and the ratio of the times. The response cache is off. The databases are
temporary SQLite files. If DATABASE_URL names an empty database, it is used for both sizes, one after the other.
"""

import os
import sys
import tempfile
from pathlib import Path

from benchmarks.record import create_benchmark_database
from benchmarks.timing import analyze_database, comparison_lines, time_requests

_ADDRESSES = (
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


def measure_record(url: str, size: int) -> dict[str, tuple[float, int]]:
    """Return the seconds and the number of statements for each address, on a record with this many measures."""
    analyze_database(create_benchmark_database(url, size))
    return time_requests(url, _ADDRESSES)


def main() -> None:
    """Measure both sizes and print the ratios."""
    small, large = (int(argument) for argument in sys.argv[1:3]) if len(sys.argv) > 2 else (100, 100_000)
    with tempfile.TemporaryDirectory() as folder:
        urls = [os.environ.get("DATABASE_URL", f"sqlite:///{Path(folder) / name}.sqlite") for name in ("small", "large")]
        small_times = measure_record(urls[0], small)
        large_times = measure_record(urls[1], large)
    print(*comparison_lines(small_times, large_times, f"{small:,}", f"{large:,}"), sep="\n")


if __name__ == "__main__":
    main()
