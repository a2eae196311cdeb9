"""Count requests for Prometheus. With gunicorn, the numbers of all workers add up (``PROMETHEUS_MULTIPROC_DIR``)."""

import os

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


def count_request(method: str, status: str, cache: str, seconds: float) -> None:
    """Count a request. Methods that the service does not have are counted as one, because clients invent them."""
    _REQUESTS.labels(method if method in _METHODS else "other", status, cache).inc()
    _SECONDS.labels(cache).observe(seconds)


def render_metrics() -> bytes:
    """Return the metrics of all workers, or of this process if it has no others, in the text format of Prometheus."""
    registry = _REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
