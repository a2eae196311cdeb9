"""Name the file for each address of the service, and say which addresses files cannot answer."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, unquote, urlsplit

from legal.http.query_params import CLOCK_PARAMETERS

_QUESTIONS = frozenset({"/search", "/oembed", "/v1/search", "/healthz", "/readyz"})
"""Paths whose answers depend on what a reader asks, or on the running process."""
_EXTENSIONS: Mapping[str, str] = {
    "application/json": "json",
    "application/feed+json": "json",
    "application/geo+json": "geojson",
    "application/atom+xml": "atom",
    "application/zip": "zip",
    "application/vnd.sqlite3": "sqlite",
    "text/csv": "csv",
}
"""The extension of a file whose address has none, by its media type."""


def is_answerable(address: str) -> bool:
    """Return whether a file can answer an address: no other day or revision is asked for, no search, nothing of the process."""
    path, names = urlsplit(address).path, {name for name, _ in parse_qsl(urlsplit(address).query)}
    return (
        names.isdisjoint(CLOCK_PARAMETERS)
        and not (path in _QUESTIONS and (names or path != "/search"))
        and not path.startswith("/v1/reconcile")
    )


def file_address(address: str, media_type: str, page: int = 1) -> str:
    """Return the address of the file for an address of the service. Pages for people are folders, with a slash at the end.

    A query string becomes a part of the name: ``/compare?jurisdictions=VA,MD`` is ``/compare~jurisdictions=VA,MD/``.
    """
    parts = urlsplit(address)
    query = [(name, value) for name, value in parse_qsl(parts.query) if name not in ("cursor", "format", "limit")]
    labels = [f"{name}={value}" for name, value in query] + ([f"page={page}"] if page > 1 else [])
    suffix = "".join(f"~{re.sub(r'[^A-Za-z0-9=,._-]', '-', label)}" for label in labels)
    path = unquote(parts.path).rstrip("/")
    if media_type == "text/html":
        return f"{path}{suffix}/" if path or not suffix else f"/index{suffix}/"
    stem, dot, extension = path.rpartition(".")
    if dot and "/" not in extension:
        return f"{stem}{suffix}.{extension}"
    return f"{path}{suffix}.{_EXTENSIONS.get(media_type, 'txt')}"


def file_name(address: str) -> str:
    """Return the path, below the folder of the mirror, of the file that a file server sends for an address."""
    return f"{address}index.html".lstrip("/") if address.endswith("/") else address.lstrip("/")
