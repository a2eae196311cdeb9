"""Measure the service beside its peers in one run, and write the report: ``python -m benchmarks [--quick] [--output FILE]``.

``make bench`` does the same after it has installed what is needed, and writes the report into ``docs/performance.md``. ``--quick``
shows in half a minute that everything works.
"""

import argparse
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks.contenders import (
    CARD,
    OURS,
    OURS_UNCACHED,
    Record,
    create_own_server,
    create_peers,
    create_record,
)
from benchmarks.depth import count_first_statements, measure_many_figures, measure_postgres_growth, measure_sqlite_growth
from benchmarks.load import fetch
from benchmarks.measure import measure_workloads
from benchmarks.report import describe_run, replace_report, write_report
from benchmarks.servers import Server, running
from benchmarks.targets import ExportCost, Measurements
from benchmarks.timing import time_requests
from benchmarks.workloads import EXPORT_PATH, list_workloads

_CACHE_BYTES = 64 * 1024 * 1024
_EXPORT_CLIENTS = 12


@dataclass(frozen=True)
class Effort:
    """How much is measured: rounds, seconds a slice, starts of each server, and versions of the histories."""

    round_count: int
    seconds: float
    start_count: int
    figure_tries: int
    figure_counts: tuple[int, int]
    sizes: dict[str, tuple[int, int]]


FULL = Effort(7, 0.7, 5, 5, (200, 400), {"SQLite": (10_000, 1_000_000), "PostgreSQL": (10_000, 100_000)})
QUICK = Effort(2, 0.05, 1, 1, (20, 40), {"SQLite": (500, 1_500), "PostgreSQL": (500, 1_500)})


def measure_all(folder: Path, effort: Effort) -> Measurements:
    """Measure everything that can be measured on this machine."""
    measurements = Measurements(sizes=effort.sizes)
    report_progress("the record and the peers")
    record = create_record(folder)
    ours = [create_own_server(OURS, folder, record.url, _CACHE_BYTES), create_own_server(OURS_UNCACHED, folder, record.url, 0)]
    peers, reasons = create_peers(folder, record)
    for reason in reasons:
        skip(measurements, reason)
    servers = ours + start_peers(measurements, peers)
    with running(ours), ExitStack() as stack:
        for server in servers:
            stack.callback(server.stop)
        workloads = list_workloads(record, {server.name: server for server in servers})
        measurements.slices = measure_workloads(workloads, effort.round_count, effort.seconds, report_progress)
        measurements.memory = {server.name: memory for server in servers if (memory := server.memory_bytes())}
    measure_starts(measurements, [server for server in servers if server.name != OURS_UNCACHED], effort.start_count)
    measure_exports(measurements, folder, record)
    report_progress("figures on one metric")
    measurements.figures = measure_many_figures(folder, effort.figure_counts, effort.figure_tries)
    measurements.card_statements = time_requests(record.url, [CARD])[CARD][1]
    measurements.first_card_statements = count_first_statements(record.url, CARD)
    measure_growth(measurements, folder)
    return measurements


def start_peers(measurements: Measurements, peers: list[Server]) -> list[Server]:
    """Start the peers and return those that serve; a peer that does not is skipped with its reason."""
    started = []
    for peer in peers:
        try:
            peer.start()
            started.append(peer)
        except RuntimeError as error:
            skip(measurements, f"{peer.name}: {error}")
    return started


def measure_starts(measurements: Measurements, servers: list[Server], count: int) -> None:
    """Start each server several times, in turn."""
    for number in range(count):
        report_progress(f"starts, round {number + 1} of {count}")
        for server in servers:
            measurements.starts.setdefault(server.name, []).append(server.start())
            server.stop()


def measure_exports(measurements: Measurements, folder: Path, record: Record) -> None:
    """Ask for an export that is not built yet, once and by several clients at once, and again when it is there."""
    report_progress("exports")
    costs = []
    for client_count in (1, _EXPORT_CLIENTS):
        server = create_own_server(f"exports for {client_count}", folder, record.url, _CACHE_BYTES)
        with running([server]):
            costs.append(_fetch_at_once(server, client_count))
            again = _fetch_at_once(server, _EXPORT_CLIENTS)
    if costs[0] is None or costs[1] is None or again is None:
        skip(measurements, "Exports: this system does not tell the time of a process")
        return
    measurements.export = ExportCost(_EXPORT_CLIENTS, costs[0], costs[1], again / _EXPORT_CLIENTS)


def _fetch_at_once(server: Server, client_count: int) -> float | None:
    before = server.cpu_seconds()
    threads = [threading.Thread(target=fetch, args=(server.address, EXPORT_PATH)) for _ in range(client_count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    after = server.cpu_seconds()
    return None if before is None or after is None else after - before


def measure_growth(measurements: Measurements, folder: Path) -> None:
    """Measure the growth on both databases."""
    for name, measure in (("SQLite", measure_sqlite_growth), ("PostgreSQL", measure_postgres_growth)):
        try:
            measurements.growth[name] = measure(folder, measurements.sizes[name], report_progress)
        except RuntimeError as error:
            skip(measurements, f"Growth on {name}: {error}")


def skip(measurements: Measurements, reason: str) -> None:
    """Keep the reason why something is not measured, and say so at once."""
    measurements.skipped.append(reason)
    print(f"NOT MEASURED: {reason}", file=sys.stderr)


def report_progress(text: str) -> None:
    """Say what is measured now."""
    print(f"… {text}", file=sys.stderr)


def main() -> None:
    """Measure, print the report, and write it into a document if one is named."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure the service beside its peers.")
    parser.add_argument("--quick", action="store_true", help="show that everything works; the figures mean little")
    parser.add_argument("--output", type=Path, help="a document with markers, between which the report is put")
    arguments = parser.parse_args()
    effort = QUICK if arguments.quick else FULL
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="legal-landscape-bench-") as folder:
        measurements = measure_all(Path(folder), effort)
    minutes = (time.perf_counter() - started) / 60
    report = write_report(measurements, describe_run(effort.round_count, effort.seconds, effort.sizes, minutes, arguments.quick))
    print(report)
    if arguments.output:
        replace_report(arguments.output, report)


if __name__ == "__main__":
    main()
