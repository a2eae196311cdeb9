"""Measure servers in turn, in many short slices, so that what disturbs the machine disturbs all of them alike."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles

from benchmarks.load import format_request, run_load
from benchmarks.servers import LOAD_CORE, Server, pinned_to

CONNECTION_COUNT = 4


@dataclass(frozen=True)
class Contender:
    """What a server is asked in a workload: paths, in turn, with headers, and the status that each answer must have."""

    server: Server
    paths: Sequence[str]
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True)
class Workload:
    """The same question to several servers."""

    title: str
    contenders: Sequence[Contender]


@dataclass(frozen=True)
class Slice:
    """What one server did in one slice of a workload. Times are seconds; the processor's is None where the system does not
    tell. The bytes are those of a response, on average.
    """

    requests_per_second: float
    cpu_seconds: float | None
    latency_median: float
    latency_99: float
    response_bytes: int

    @property
    def cost(self) -> float:
        """Return the seconds of the processor that a request takes, or else the seconds between answers."""
        return self.cpu_seconds or 1 / self.requests_per_second


@dataclass(frozen=True)
class Spread:
    """A median with its quartiles."""

    middle: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """Return the spread of one value or more."""
        low, _, high = quantiles(values, n=4, method="inclusive") if len(values) > 1 else [values[0]] * 3
        return cls(median(values), low, high)


Slices = dict[tuple[str, str], list[Slice]]
"""The slices by the title of the workload and the name of the server, in the order of rounds."""


def measure_workloads(workloads: Sequence[Workload], round_count: int, seconds: float, report: Callable[[str], None]) -> Slices:
    """Measure each contender of each workload once a round, each round in another order."""
    slices: Slices = {}
    for workload in workloads:
        for contender in workload.contenders:
            _measure_slice(contender, 0)  # warms up: caches fill, code is loaded
    for number in range(round_count):
        report(f"requests, round {number + 1} of {round_count}")
        for workload in workloads:
            start = number % len(workload.contenders)
            for contender in (*workload.contenders[start:], *workload.contenders[:start]):
                slices.setdefault((workload.title, contender.server.name), []).append(_measure_slice(contender, seconds))
    return slices


def _measure_slice(contender: Contender, seconds: float) -> Slice:
    server = contender.server
    requests = [format_request(server.address, path, {"Accept-Encoding": "identity", **contender.headers}) for path in contender.paths]
    cpu_before = server.cpu_seconds()
    with pinned_to(LOAD_CORE):
        result = run_load(server.address, requests, contender.status, CONNECTION_COUNT, seconds, 2 * CONNECTION_COUNT)
    cpu_after = server.cpu_seconds()
    count = len(result.latencies)
    latencies = sorted(result.latencies)
    return Slice(
        count / result.seconds,
        None if cpu_before is None or cpu_after is None else (cpu_after - cpu_before) / count,
        latencies[count // 2],
        latencies[count * 99 // 100],
        result.response_bytes // count,
    )


def compare_costs(slices: Slices, ours: tuple[str, str], theirs: tuple[str, str]) -> Spread | None:
    """Return our cost in theirs, round by round; None if one of them was not measured."""
    if not slices.get(ours) or not slices.get(theirs):
        return None
    return Spread.of([own.cost / peer.cost for own, peer in zip(slices[ours], slices[theirs], strict=True)])
