"""Write what was measured as tables, and put them into the document between its markers."""

import platform
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from benchmarks.measure import CONNECTION_COUNT, Slice, Spread
from benchmarks.servers import CORES, LOAD_CORE, SERVER_CORE
from benchmarks.targets import Measurements, format_spread, list_verdicts

START, END = "<!-- The next lines are written by make bench. -->", "<!-- The lines above are written by make bench. -->"
_VERDICTS = {True: "met", False: "**not met**", None: "–"}
_PACKAGES = ("flask", "gunicorn", "sqlalchemy", "marshmallow")
_LOCK = Path(__file__).parent / "requirements.txt"


def write_report(measurements: Measurements, how: str) -> str:
    """Return the report in Markdown: targets, requests, starts, memory, growth, and what could not be measured."""
    return "\n\n".join(
        [
            how,
            _format_table(("machine", ""), _describe_machine()),
            "### Targets",
            _format_table(("what", "measured", "target", ""), _target_rows(measurements)),
            "### Requests",
            _format_table(
                ("what", "who", "requests per second", "µs of the processor each", "ms, median", "ms, 99 %", "bytes each"),
                _rows(measurements),
            ),
            "### Start and memory",
            _format_table(
                ("who", "seconds to the first answer", "memory, shared in proportion", "memory, resident"), _process_rows(measurements)
            ),
            "### Growth",
            _format_table(("database", "read", "shallow history", "deep history", "ratio"), _growth_rows(measurements)),
            *(["### Not measured", "\n".join(f"- {reason}." for reason in measurements.skipped)] if measurements.skipped else []),
        ]
    )


def replace_report(document: Path, report: str) -> None:
    """Put the report between the markers of a document.

    Raises:
        ValueError: the document has no markers.
    """
    text = document.read_text(encoding="utf-8")
    if START not in text or END not in text:
        raise ValueError(f"{document.name} has no markers for the report.")
    head, rest = text.split(START, 1)
    document.write_text(f"{head}{START}\n\n{report}\n\n{END}{rest.split(END, 1)[1]}", encoding="utf-8")


def _format_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)


def _describe_machine() -> Iterator[tuple[str, str]]:
    yield "processor", f"{_find_processor()}, {len(CORES) or 'unknown number of'} cores"
    if SERVER_CORE is None:
        yield "pinned", "nothing: this system cannot do that"
    elif SERVER_CORE == LOAD_CORE:
        yield "pinned", "servers and load share the one core, so requests per second are too low"
    else:
        yield "pinned", f"servers to core {SERVER_CORE}, load to core {LOAD_CORE}"
    yield "system", f"{platform.system()} {platform.release().split('-')[0]}, {platform.machine()}"
    yield "Python", f"{platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    yield "service", ", ".join(f"{package} {version(package)}" for package in _PACKAGES)
    pins = dict(re.findall(r"^([a-z-]+)==(\S+)", _LOCK.read_text(encoding="utf-8"), re.MULTILINE))
    yield "peers", ", ".join(f"{package} {pins[package]}" for package in ("datasette", "fastapi", "pydantic", "uvicorn", *_PACKAGES))


def _find_processor() -> str:
    information = Path("/proc/cpuinfo")
    found = re.search(r"^(?:model name|Model)\s*:\s*(.+)$", information.read_text(), re.MULTILINE) if information.exists() else None
    return found[1].strip() if found else platform.processor() or "unknown processor"


def _target_rows(measurements: Measurements) -> Iterator[Sequence[str]]:
    for verdict in list_verdicts(measurements):
        yield verdict.subject, verdict.measured or "not measured", verdict.target, _VERDICTS[verdict.is_met]


def _rows(measurements: Measurements) -> Iterator[Sequence[str]]:
    for (title, name), slices in measurements.slices.items():
        yield title, name, *_format_slices(slices)


def _format_slices(slices: Sequence[Slice]) -> Iterator[str]:
    yield format_spread(Spread.of([one.requests_per_second for one in slices]), 0)
    costs = [one.cpu_seconds * 1e6 for one in slices if one.cpu_seconds is not None]
    yield format_spread(Spread.of(costs), 0) if costs else "not measured"
    yield f"{Spread.of([one.latency_median * 1e3 for one in slices]).middle:,.2f}"
    yield f"{Spread.of([one.latency_99 * 1e3 for one in slices]).middle:,.2f}"
    yield f"{slices[-1].response_bytes:,}"


def _process_rows(measurements: Measurements) -> Iterator[Sequence[str]]:
    for name in dict.fromkeys([*measurements.starts, *measurements.memory]):
        seconds, sizes = measurements.starts.get(name), measurements.memory.get(name)
        start = format_spread(Spread.of(seconds)) if seconds else "not measured"
        yield name, start, *([f"{size / 1024**2:.0f} MiB" for size in sizes] if sizes else ["not measured"] * 2)


def _growth_rows(measurements: Measurements) -> Iterator[Sequence[str]]:
    units = {"SQLite": "steps", "PostgreSQL": "blocks"}
    for name, growth in measurements.growth.items():
        for read in growth:
            yield name, read.address, f"{read.shallow:,} {units[name]}", f"{read.deep:,} {units[name]}", f"{read.ratio:.2f}"


def describe_run(round_count: int, seconds: float, sizes: dict[str, tuple[int, int]], minutes: float, is_quick: bool) -> str:
    """Return how this run measured."""
    quick = "**This was a quick run, which shows that everything works and whose figures mean little.** " if is_quick else ""
    depths = "; ".join(f"{name} {small:,} and {large:,}" for name, (small, large) in sizes.items())
    return (
        f"{quick}{round_count} rounds, {seconds:g} seconds a slice, {CONNECTION_COUNT} connections; versions of the histories: {depths}. "
        f"It took {minutes:.1f} minutes."
    )
