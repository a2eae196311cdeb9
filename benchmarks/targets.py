"""Compare what was measured with what the project promises: each target is met, not met, or was not measured."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.contenders import CONSTANT, DATASETTE, FASTAPI, FLASK, NGINX, OURS, OURS_UNCACHED
from benchmarks.depth import FigureCost, Growth
from benchmarks.measure import Slices, Spread, compare_costs
from benchmarks.workloads import COLD_AGREEMENTS, COLD_CARD, COLD_LIST, COLD_SEARCH, HIT

MAX_GROWTH = 1.3
MAX_STATEMENTS = 6
MAX_START = 1.3
MAX_CARD_BYTES = 1_000_000
MAX_DOUBLED_FIGURES = 2.5
"""Twice the figures may take twice the time, and a quarter more for the clock."""
MAX_TOGETHER = 1.5
MAX_AGAIN = 0.1


@dataclass
class ExportCost:
    """The processor's seconds of an export: built for one client, for several that ask at once, and for each one that asks later."""

    client_count: int
    alone: float
    together: float
    again: float


@dataclass
class Measurements:
    """All that was measured, by kind; what could not be is missing."""

    slices: Slices = field(default_factory=dict)
    starts: dict[str, list[float]] = field(default_factory=dict)
    memory: dict[str, tuple[int, int]] = field(default_factory=dict)
    growth: dict[str, list[Growth]] = field(default_factory=dict)
    sizes: dict[str, tuple[int, int]] = field(default_factory=dict)
    figures: list[FigureCost] = field(default_factory=list)
    card_statements: int | None = None
    first_card_statements: int | None = None
    export: ExportCost | None = None
    skipped: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Verdict:
    """A target and whether it is met; None if it was not measured."""

    subject: str
    measured: str
    target: str
    is_met: bool | None


def list_verdicts(measurements: Measurements) -> list[Verdict]:
    """Return a verdict for each target, in a fixed order, whether it was measured or not."""
    return [
        _judge_growth(measurements, "SQLite", "steps"),
        _judge_growth(measurements, "PostgreSQL", "blocks"),
        _judge_cost(measurements, "A cached card, in the cost of a WSGI constant", (HIT, OURS), (HIT, CONSTANT), 1.1),
        _judge_cost(measurements, "A cached card, in the cost of Datasette's canned query", (HIT, OURS), (HIT, DATASETTE), 0.15),
        _judge_cost(measurements, "A cached card, in the cost of Flask with ORM and marshmallow", (HIT, OURS), (HIT, FLASK), None),
        _judge_cost(measurements, "A cached card, in the cost of FastAPI with ORM and pydantic", (HIT, OURS), (HIT, FASTAPI), None),
        _judge_cost(measurements, "A cached card, in the cost of a file from nginx", (HIT, OURS), (HIT, NGINX), None),
        _judge_cost(
            measurements, "A cold card, in the cost of Datasette's canned query", (COLD_CARD, OURS_UNCACHED), (COLD_CARD, DATASETTE), 1.0
        ),
        _judge_statements("Statements of a cold card", measurements.card_statements),
        _judge_statements("Statements of the first card at a revision", measurements.first_card_statements),
        _judge_cost(measurements, "A cold list of measures, in Datasette's cost", (COLD_LIST, OURS_UNCACHED), (COLD_LIST, DATASETTE), 1.0),
        _judge_cost(
            measurements,
            "A cold list of agreements, in Datasette's cost",
            (COLD_AGREEMENTS, OURS_UNCACHED),
            (COLD_AGREEMENTS, DATASETTE),
            0.6,
        ),
        _judge_cost(measurements, "A cold search, in Datasette's cost", (COLD_SEARCH, OURS_UNCACHED), (COLD_SEARCH, DATASETTE), 3.0),
        _judge_figures(measurements.figures),
        _judge_start(measurements),
        *_judge_export(measurements.export),
    ]


def format_spread(spread: Spread, digits: int = 2) -> str:
    """Return a median with its quartiles."""
    return f"{spread.middle:,.{digits}f} ({spread.low:,.{digits}f}–{spread.high:,.{digits}f})"


def _judge_growth(measurements: Measurements, name: str, unit: str) -> Verdict:
    """Return the verdict on the read that grows most."""
    small, large = measurements.sizes[name]
    subject = f"{name}: {unit} of a read on {large:,} versions against {small:,}, the worst of all"
    reads = measurements.growth.get(name, [])
    if not reads:
        return Verdict(subject, "", f"at most {MAX_GROWTH}", None)
    worst = max(reads, key=lambda read: read.ratio)
    return Verdict(subject, f"{worst.ratio:.2f} ({worst.address})", f"at most {MAX_GROWTH}", worst.ratio <= MAX_GROWTH)


def _judge_cost(measurements: Measurements, subject: str, ours: tuple[str, str], theirs: tuple[str, str], limit: float | None) -> Verdict:
    ratio = compare_costs(measurements.slices, ours, theirs)
    target = "none" if limit is None else f"at most {limit}"
    if ratio is None:
        return Verdict(subject, "", target, None)
    return Verdict(subject, format_spread(ratio, 2 if ratio.middle >= 0.1 else 3), target, None if limit is None else ratio.middle <= limit)


def _judge_statements(subject: str, count: int | None) -> Verdict:
    measured, is_met = ("", None) if count is None else (str(count), count <= MAX_STATEMENTS)
    return Verdict(subject, measured, f"at most {MAX_STATEMENTS}", is_met)


def _judge_figures(costs: Sequence[FigureCost]) -> Verdict:
    target = f"under {MAX_CARD_BYTES // 1_000_000} MB, at most {MAX_DOUBLED_FIGURES} times as long"
    if not costs:
        return Verdict("A card with many figures on one metric, and with twice as many", "", target, None)
    few, many = costs
    ratio = many.seconds / few.seconds
    measured = f"{many.byte_count / 1e6:.2f} MB, {many.seconds * 1e3:,.0f} ms, {ratio:.1f} times as long"
    subject = f"A card with {many.figure_count} figures on one metric, against {few.figure_count}"
    return Verdict(subject, measured, target, many.byte_count < MAX_CARD_BYTES and ratio <= MAX_DOUBLED_FIGURES)


def _judge_start(measurements: Measurements) -> Verdict:
    subject, target = "Start to the first answer, in Datasette's time", f"at most {MAX_START}"
    ours, theirs = measurements.starts.get(OURS), measurements.starts.get(DATASETTE)
    if not ours or not theirs:
        return Verdict(subject, "", target, None)
    ratio = Spread.of([own / peer for own, peer in zip(ours, theirs, strict=True)])
    return Verdict(subject, format_spread(ratio), target, ratio.middle <= MAX_START)


def _judge_export(cost: ExportCost | None) -> list[Verdict]:
    together = "An export that nobody asked for yet, for 12 clients at once, in the cost for one"
    again = "An export asked for again, in the cost of the first time"
    if cost is None or not cost.alone:
        return [Verdict(together, "", f"at most {MAX_TOGETHER}", None), Verdict(again, "", f"at most {MAX_AGAIN}", None)]
    ratios = (cost.together / cost.alone, cost.again / cost.alone)
    return [
        Verdict(together, f"{ratios[0]:.2f}", f"at most {MAX_TOGETHER}", ratios[0] <= MAX_TOGETHER),
        Verdict(again, f"{ratios[1]:.3f}", f"at most {MAX_AGAIN}", ratios[1] <= MAX_AGAIN),
    ]
