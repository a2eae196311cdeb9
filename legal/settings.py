"""Read the settings of the service from the environment."""

import os
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from legal.errors import InvalidInput

MAX_JSON_BYTES = 1024 * 1024
MAX_WORKBOOK_BYTES = 16 * 1024 * 1024
_DEFAULT_LARGEST_FALL = 20
"""Largest fall in agreements, in percent, from one participating roster to the next. Published rosters have grown or lost only a few agreements."""
_DEFAULT_LARGEST_SET_ASIDE = 5
"""Largest share of a roster's rows, in percent, that may be set aside or have an unknown jurisdiction."""
DEFAULT_DATABASE_TIMEOUT_MS = 2000
"""How long a request waits for the database: for a connection, for a lock, and for the answer to a statement."""
DEFAULT_PUBLIC_URL = "http://127.0.0.1:8000"
"""The address in feeds, which need one, if the operator has set none."""
ROOT = Path(__file__).resolve().parent.parent
INSTANCE_FOLDER = ROOT / "instance"
SEEDS_FOLDER = ROOT / "seeds"
DEFAULT_EXPORT_FOLDER = INSTANCE_FOLDER / "exports"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a process. ``docs/operators.md`` describes each setting. ``public_url`` is empty if the operator has not set it."""

    database_url: str
    secret_key: str
    response_cache_bytes: int
    public_url: str = ""
    roster_largest_fall: int = _DEFAULT_LARGEST_FALL
    export_folder: Path = DEFAULT_EXPORT_FOLDER
    roster_largest_set_aside: int = _DEFAULT_LARGEST_SET_ASIDE
    database_timeout_ms: int = DEFAULT_DATABASE_TIMEOUT_MS
    rate_limit: str = ""
    rate_limit_storage_uri: str = "memory://"
    trusted_proxies: str = ""
    metrics: str = "off"
    log_requests: bool = False
    database_replica_urls: tuple[str, ...] = ()
    secret_key_fallbacks: tuple[str, ...] = ()

    @classmethod
    def from_environment(cls) -> "Settings":
        """Read the settings from the environment; the defaults suit a single machine without a database server.

        Raises:
            InvalidInput: a setting has a value that cannot be used.
        """
        return cls(
            database_url=os.environ.get("DATABASE_URL") or f"sqlite:///{INSTANCE_FOLDER / 'legal.sqlite'}",
            secret_key=os.environ.get("SECRET_KEY") or _load_or_create_secret(INSTANCE_FOLDER / "secret_key"),
            response_cache_bytes=_read_integer("RESPONSE_CACHE_BYTES", 64 * 1024 * 1024, "bytes"),
            public_url=_read_url("PUBLIC_URL"),
            roster_largest_fall=_read_integer("ROSTER_LARGEST_FALL", _DEFAULT_LARGEST_FALL, "percent", maximum=100),
            export_folder=Path(os.environ.get("EXPORT_FOLDER") or DEFAULT_EXPORT_FOLDER),
            roster_largest_set_aside=_read_integer("ROSTER_LARGEST_SET_ASIDE", _DEFAULT_LARGEST_SET_ASIDE, "percent", maximum=100),
            rate_limit=_read_pattern("RATE_LIMIT", "600/minute", r"off|[1-9]\d*/(second|minute|hour|day)").replace("off", ""),
            rate_limit_storage_uri=os.environ.get("RATELIMIT_STORAGE_URI") or "memory://",
            trusted_proxies=_read_pattern("TRUSTED_PROXIES", "", r"(\*|[0-9a-fA-F.:/]+)(, ?(\*|[0-9a-fA-F.:/]+))*|"),
            metrics=_read_pattern("METRICS", "off", "off|local|public"),
            log_requests=_read_pattern("LOG_REQUESTS", "off", "on|off") == "on",
            database_timeout_ms=_read_integer("DATABASE_TIMEOUT_MS", DEFAULT_DATABASE_TIMEOUT_MS, "milliseconds", minimum=1),
            database_replica_urls=_read_list("DATABASE_REPLICA_URLS"),
            secret_key_fallbacks=_read_list("SECRET_KEY_FALLBACKS"),
        )


def _read_list(name: str) -> tuple[str, ...]:
    """Return the parts of a setting between commas, spaces and line ends."""
    return tuple(os.environ.get(name, "").replace(",", " ").split())


def _read_integer(name: str, default: int, unit: str, maximum: int | None = None, minimum: int = 0) -> int:
    text = os.environ.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or int(text) < minimum or (maximum is not None and int(text) > maximum):
        limit = (f" from {minimum}" if minimum else "") + ("" if maximum is None else f" up to {maximum}")
        raise InvalidInput(f"The setting {name} is {text!r}. It must be a whole number of {unit}{limit}, such as {default}.")
    return int(text)


def _read_pattern(name: str, default: str, pattern: str) -> str:
    text = os.environ.get(name) or default
    if not re.fullmatch(pattern, text, re.ASCII):
        raise InvalidInput(f"The setting {name} is {text!r}. docs/operators.md says what it can be.")
    return text


def _read_url(name: str) -> str:
    url = os.environ.get(name, "").rstrip("/")
    if url and not re.fullmatch(r"https?://[\w.:\[\]-]+(/[\w.~%/-]*)?", url, re.ASCII):
        raise InvalidInput(f"The setting {name} is {url!r}. It must be a URL, such as {DEFAULT_PUBLIC_URL}.")
    return url


def _load_or_create_secret(path: Path) -> str:
    """Return the secret stored at ``path``, or create it, so that a cursor stays valid after a restart and in every worker."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_hex(32), encoding="ascii")
        with suppress(FileExistsError):  # another worker has just created the secret
            os.link(draft, path)
        draft.unlink()
    return path.read_text(encoding="ascii")
