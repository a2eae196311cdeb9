"""Limit how much work a client may cause: what the response cache answers is free, exports cost more than other answers."""

import logging
import math
import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from limits import RateLimitItem, parse
from limits.errors import ConfigurationError
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from legal.errors import InvalidInput
from legal.gateway.clients import Network, find_client
from legal.gateway.notes import attach_notes

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_LOGGER = logging.getLogger("legal.gateway")
_EXPORT_COST = 10
_FREE_PATHS = ("/healthz", "/readyz", "/docs/assets/", "/assets/")
_STORAGE_SECONDS = 0.2
"""How long the shared storage may take. Without it, requests are not limited: reads matter more than their number."""
_WARNING_SECONDS = 60.0


class RateLimiter:
    """A WSGI middleware behind the response cache that refuses clients that cause too much work, with 429.

    ``problem`` is the body of that answer.

    Raises:
        InvalidInput: ``storage_uri`` names no storage that is installed. The message does not repeat it, because it may hold a password.
    """

    def __init__(self, app: "WSGIApplication", limit: str, storage_uri: str, trusted_proxies: Sequence[Network], problem: bytes) -> None:
        self.app = app
        self.limit: RateLimitItem = parse(limit)
        self.trusted_proxies = trusted_proxies
        self.problem = problem
        is_shared = not storage_uri.startswith("memory:")
        options = {"socket_timeout": _STORAGE_SECONDS, "socket_connect_timeout": _STORAGE_SECONDS} if is_shared else {}
        try:
            storage = storage_from_string(storage_uri, **options)
        except ConfigurationError:
            raise InvalidInput(
                "RATELIMIT_STORAGE_URI names no storage that this service can use. Use memory:// or a URL of Redis."
            ) from None
        self._limiter = FixedWindowRateLimiter(storage)
        self._warned_at = -_WARNING_SECONDS
        self._skip_until = 0.0

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path.startswith(_FREE_PATHS) or self._permit(environ, _EXPORT_COST if path.startswith("/v1/export/") else 1):
            return self.app(environ, start_response)
        headers = [
            ("Content-Type", "application/problem+json"),
            ("Content-Length", str(len(self.problem))),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
            ("Access-Control-Allow-Origin", "*"),
            ("Retry-After", str(attach_notes(environ).reset_seconds)),
        ]
        start_response("429 Too Many Requests", headers)
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else self.problem]

    def _permit(self, environ: "WSGIEnvironment", cost: int) -> bool:
        now = time.monotonic()
        if now < self._skip_until:
            return True
        notes, client = attach_notes(environ), find_client(environ, self.trusted_proxies)
        try:
            is_permitted = self._limiter.hit(self.limit, client, cost=cost)
            window = self._limiter.get_window_stats(self.limit, client)
        except Exception as error:  # whatever the client library of the storage raises
            self._skip_until = now + 1.0
            if now - self._warned_at >= _WARNING_SECONDS:
                self._warned_at = now
                _LOGGER.error("The storage of the rate limits does not answer, so requests are not limited: %s", error)  # noqa: TRY400
            return True
        notes.limit, notes.remaining = self.limit.amount, max(0, window.remaining)
        notes.reset_seconds = max(1, math.ceil(window.reset_time - time.time()))
        return is_permitted

    @property
    def window_seconds(self) -> int:
        """Return the length of the window in which requests are counted."""
        return self.limit.get_expiry()
