"""Every setting of the service, read once from the environment."""

import os
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from legal.errors import InvalidInput

MAX_JSON_BYTES = 1024 * 1024
MAX_WORKBOOK_BYTES = 16 * 1024 * 1024
LARGEST_FALL = 20
"""Per cent of its rows that a list may lose against its neighbour; those that are known have only grown, or lost a few."""
PUBLIC_URL = "http://127.0.0.1:8000"
ROOT = Path(__file__).resolve().parent.parent
INSTANCE = ROOT / "instance"
SEEDS = ROOT / "seeds"


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator can set; ``docs/operators.md`` describes each."""

    database_url: str
    secret_key: str
    response_cache_bytes: int
    public_url: str = PUBLIC_URL
    roster_largest_fall: int = LARGEST_FALL

    @classmethod
    def from_environment(cls) -> "Settings":
        """The settings of this process; what is not set works on one machine without any server."""
        return cls(
            database_url=os.environ.get("DATABASE_URL") or f"sqlite:///{INSTANCE / 'legal.sqlite'}",
            secret_key=os.environ.get("SECRET_KEY") or _kept_secret(INSTANCE / "secret_key"),
            response_cache_bytes=_whole("RESPONSE_CACHE_BYTES", 64 * 1024 * 1024, "bytes"),
            public_url=_address("PUBLIC_URL", PUBLIC_URL),
            roster_largest_fall=_whole("ROSTER_LARGEST_FALL", LARGEST_FALL, "per cent", most=100),
        )


def _whole(name: str, default: int, unit: str, most: int | None = None) -> int:
    given = os.environ.get(name) or str(default)
    if not given.isascii() or not given.isdigit() or (most is not None and int(given) > most):
        limit = "" if most is None else f" up to {most}"
        raise InvalidInput(f"The setting {name} is {given!r}; it has to be a whole number of {unit}{limit}, such as {default}.")
    return int(given)


def _address(name: str, default: str) -> str:
    given = (os.environ.get(name) or default).rstrip("/")
    if not re.fullmatch(r"https?://[\w.:\[\]-]+(/[\w.~%/-]*)?", given, re.ASCII):
        raise InvalidInput(f"The setting {name} is {given!r}; it has to be an address, such as {default}.")
    return given


def _kept_secret(path: Path) -> str:
    """A secret made once and kept beside the database, so that cursors outlive a restart and suit every worker."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_hex(32), encoding="ascii")
        with suppress(FileExistsError):  # another worker was first; its secret holds
            os.link(draft, path)
        draft.unlink()
    return path.read_text(encoding="ascii")
