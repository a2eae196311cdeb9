"""Give each request an id, tell its client what is left of the rate limit, and write its log line and its metrics."""

import json
import re
import secrets
import sys
import time
from collections.abc import Iterable
from types import ModuleType
from typing import TYPE_CHECKING, Any, TextIO

from legal.gateway.clients import is_local
from legal.gateway.notes import RequestNotes, attach_notes

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

METRICS_PATH = "/metrics"
_VALID_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


class RequestObserver:
    """A WSGI middleware around everything else. It gives an id to a request that has none if requests are logged.

    ``metrics`` says who may read the path ``/metrics``: ``off``, ``local`` (this machine) or ``public``.
    """

    def __init__(self, app: "WSGIApplication", *, metrics: str, is_logging: bool, window_seconds: int, log: TextIO | None = None) -> None:
        self.app = app
        self.metrics = metrics
        self._counters = _import_counters() if metrics != "off" else None
        self.is_logging = is_logging
        self.window_seconds = window_seconds
        self.log = log

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if self._counters and environ.get("PATH_INFO") == METRICS_PATH and self._may_read_metrics(environ):
            body: bytes = self._counters.render_metrics()
            start_response(
                "200 OK",
                [("Content-Type", self._counters.METRICS_CONTENT_TYPE), ("Content-Length", str(len(body))), ("Cache-Control", "no-store")],
            )
            return [body]
        started, notes = time.perf_counter(), attach_notes(environ)
        request_id = environ.get("HTTP_X_REQUEST_ID", "")
        if not _VALID_ID.fullmatch(request_id):
            request_id = secrets.token_hex(8) if self.is_logging else ""

        def respond(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            seconds = time.perf_counter() - started
            if self._counters:
                self._counters.count_request(environ["REQUEST_METHOD"], status[:3], notes.cache, seconds)
            if self.is_logging:
                self._write_line(environ, request_id, status, notes, seconds)
            id_headers = [("X-Request-ID", request_id)] if request_id else []
            # A cache in front would tell other clients what is left of this one's limit.
            is_shared = any(name == "Cache-Control" and "public" in value for name, value in headers)
            limit_headers = [] if is_shared else self._limit_headers(notes)
            return start_response(status, [*headers, *id_headers, *limit_headers], *rest)

        return self.app(environ, respond)

    def _may_read_metrics(self, environ: "WSGIEnvironment") -> bool:
        return self.metrics == "public" or (self.metrics == "local" and is_local(environ))

    def _limit_headers(self, notes: RequestNotes) -> list[tuple[str, str]]:
        """Return the fields of draft-ietf-httpapi-ratelimit-headers, if the request was counted."""
        if notes.limit is None:
            return []
        return [
            ("RateLimit-Policy", f'"work";q={notes.limit};w={self.window_seconds}'),
            ("RateLimit", f'"work";r={notes.remaining};t={notes.reset_seconds}'),
        ]

    def _write_line(self, environ: "WSGIEnvironment", request_id: str, status: str, notes: RequestNotes, seconds: float) -> None:
        line = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "request_id": request_id,
            "method": environ["REQUEST_METHOD"],
            "path": environ.get("PATH_INFO", ""),
            "query": environ.get("QUERY_STRING", ""),
            "status": int(status[:3]),
            "milliseconds": round(seconds * 1000, 2),
            "cache": notes.cache,
        }
        log = self.log or sys.stderr
        log.write(f"{json.dumps(line)}\n")
        log.flush()


def _import_counters() -> ModuleType:
    from legal.gateway import metrics  # noqa: PLC0415 - prometheus_client is imported only where metrics are on

    return metrics
