"""Count requests for Prometheus. With gunicorn, the numbers of all workers add up (``PROMETHEUS_MULTIPROC_DIR``)."""

import logging
import os
from pathlib import Path

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest, multiprocess

_REGISTRY = CollectorRegistry()
_REQUESTS = Counter(
    "landscape_requests", "Requests, by status and by what the response cache did.", ("method", "status", "cache"), registry=_REGISTRY
)
_SECONDS = Histogram(
    "landscape_request_seconds",
    "Time until an answer began.",
    ("cache",),
    buckets=(0.001, 0.005, 0.02, 0.1, 0.5, 2.0, 10.0),
    registry=_REGISTRY,
)
_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST"})
METRICS_CONTENT_TYPE = CONTENT_TYPE_LATEST
_FILE_BYTES = 1 << 17
"""More than all combinations of labels take."""
_LOGGER = logging.getLogger("legal")


def reserve_counter_files(folder: Path) -> None:
    """Make the files in which this process counts for all workers, whole and with room on the disk.

    prometheus_client maps an empty file with holes into memory. On a full disk, the kernel ends a process that writes into one;
    and a worker that is killed while it makes the file leaves one behind that nobody can read.
    """
    try:
        for kind in ("counter", "histogram"):
            path = folder / f"{kind}_{os.getpid()}.db"
            part = path.with_suffix(".part")
            try:
                part.write_bytes(bytes(_FILE_BYTES))
                part.replace(path)
            finally:
                part.unlink(missing_ok=True)
    except OSError as error:
        _LOGGER.error("This process does not count requests, because it cannot keep the numbers: %s", error)  # noqa: TRY400 - one line
        global _is_counting  # noqa: PLW0603 - a process counts or does not
        _is_counting = False


_is_counting = True


def count_request(method: str, status: str, cache: str, seconds: float) -> None:
    """Count a request. Methods that the service does not have are counted as one, because clients invent them."""
    if not _is_counting:
        return
    _REQUESTS.labels(method if method in _METHODS else "other", status, cache).inc()
    _SECONDS.labels(cache).observe(seconds)


def render_metrics() -> bytes:
    """Return the metrics of all workers, or of this process if it has no others, in the text format of Prometheus."""
    registry = _REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
