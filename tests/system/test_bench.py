"""``make bench`` measures what it says (``benchmarks/``). Nothing here depends on how fast this machine is."""

import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from benchmarks.__main__ import FULL
from benchmarks.contenders import OURS
from benchmarks.depth import FigureCost, Growth
from benchmarks.load import UnexpectedResponse, fetch, format_request, run_load
from benchmarks.measure import Slice, Spread, compare_costs
from benchmarks.report import END, START, replace_report, write_report
from benchmarks.servers import HOST, Server, running
from benchmarks.targets import Measurements, Verdict, list_verdicts
from benchmarks.workloads import HIT
from legal.settings import ROOT


class Handler(BaseHTTPRequestHandler):
    """Answers in each way that a server may frame a response."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Send ``hello`` with a length, in chunks, without a body, or before closing the connection."""
        self.send_response(304 if self.path == "/unchanged" else 200)
        if self.path == "/chunks":
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n")
            return
        if self.path == "/closing":
            self.send_header("Connection", "close")
        self.send_header("Content-Length", "5")
        self.end_headers()
        if self.path != "/unchanged":
            self.wfile.write(b"hello")

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@contextmanager
def serve_answers() -> Iterator[tuple[str, int]]:
    """Serve on a free port and give the address."""
    with ThreadingHTTPServer((HOST, 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield (HOST, server.server_port)
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(("path", "status"), [("/", 200), ("/chunks", 200), ("/closing", 200), ("/unchanged", 304)])
def test_load_counts_each_answer_once(path: str, status: int) -> None:
    with serve_answers() as address:
        result = run_load(address, [format_request(address, path)], status, connection_count=2, seconds=0, least=7)
    assert len(result.latencies) == 7
    assert result.response_bytes % 7 == 0
    assert 0 < max(result.latencies) <= result.seconds


def test_load_stops_at_an_unexpected_status() -> None:
    with serve_answers() as address, pytest.raises(UnexpectedResponse, match="304"):
        run_load(address, [format_request(address, "/unchanged")], 200, connection_count=1, seconds=0)


def test_server_is_measured_with_its_children(tmp_path: Path) -> None:
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-m', 'http.server', '--bind', '{HOST}', sys.argv[1]])"
    server = Server("files", [sys.executable, "-c", parent, "{port}"], tmp_path, tmp_path / "server.log")
    with running([server]):
        assert fetch(server.address, "/")[1]
        sizes, cpu = server.memory_bytes(), server.cpu_seconds()
    if not Path("/proc").is_dir():
        pytest.skip("the cost of processes: this system has no /proc")
    assert sizes
    assert sizes[1] > sizes[0] > 2_000_000
    assert cpu
    assert server.cpu_seconds() is None


def test_server_that_does_not_start_says_why(tmp_path: Path) -> None:
    server = Server("broken", [sys.executable, "-c", "raise SystemExit('no such setting')"], tmp_path, tmp_path / "server.log")
    with pytest.raises(RuntimeError, match="no such setting"):
        server.start()


def test_costs_are_compared_within_each_round() -> None:
    ours = [Slice(100, cost, 0.01, 0.02, 10) for cost in (1.0, 4.0, 3.0)]
    theirs = [Slice(100, cost, 0.01, 0.02, 10) for cost in (2.0, 4.0, 1.0)]
    slices = {("card", "ours"): ours, ("card", "theirs"): theirs}
    assert compare_costs(slices, ("card", "ours"), ("card", "theirs")) == Spread(1.0, 0.75, 2.0)
    assert compare_costs(slices, ("card", "ours"), ("card", "absent")) is None


def test_report_has_each_target_though_nothing_was_measured() -> None:
    measurements = Measurements(sizes=FULL.sizes, skipped=["Datasette: it is not there"])
    verdicts = list_verdicts(measurements)
    assert {verdict.is_met for verdict in verdicts} == {None}
    report = write_report(measurements, "Nothing was measured.")
    assert report.count("| not measured |") == len(verdicts)
    assert "- Datasette: it is not there." in report


def find_verdict(measurements: Measurements, start: str) -> Verdict:
    """Return the verdict whose subject starts like this."""
    return next(verdict for verdict in list_verdicts(measurements) if verdict.subject.startswith(start))


@pytest.mark.parametrize(("deep", "is_met"), [(130, True), (131, False)])
def test_worst_growth_decides_the_target(deep: int, is_met: bool) -> None:
    reads = [Growth("/v1/measures", 100, 100), Growth("/v1/changes", 100, deep)]
    verdict = find_verdict(Measurements(sizes=FULL.sizes, growth={"SQLite": reads}), "SQLite")
    assert verdict.is_met is is_met
    assert "/v1/changes" in verdict.measured


@pytest.mark.parametrize(("byte_count", "seconds", "is_met"), [(900_000, 2.5, True), (1_000_000, 2.5, False), (900_000, 2.6, False)])
def test_card_of_many_figures_has_two_limits(byte_count: int, seconds: float, is_met: bool) -> None:
    costs = [FigureCost(200, 1.0, 500_000), FigureCost(400, seconds, byte_count)]
    assert find_verdict(Measurements(sizes=FULL.sizes, figures=costs), "A card with 400").is_met is is_met


def test_report_replaces_what_is_between_the_markers(tmp_path: Path) -> None:
    document = tmp_path / "performance.md"
    document.write_text(f"Before.\n\n{START}\n\nold\n\n{END}\n\nAfter.\n", encoding="utf-8")
    replace_report(document, "new")
    assert document.read_text(encoding="utf-8") == f"Before.\n\n{START}\n\nnew\n\n{END}\n\nAfter.\n"


def test_performance_document_has_every_target() -> None:
    text = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    report = text.split(START)[1].split(END)[0]
    subjects = [verdict.subject for verdict in list_verdicts(Measurements(sizes=FULL.sizes))]
    assert len(re.findall(r"^\| .* \| (?:met|\*\*not met\*\*|–) \|$", report, re.MULTILINE)) == len(subjects)
    assert f"| {HIT} | {OURS} |" in report
