"""Every setting of the service, read once from the environment."""

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

MAX_JSON_BYTES = 1024 * 1024
ROOT = Path(__file__).resolve().parent.parent
INSTANCE = ROOT / "instance"
SEEDS = ROOT / "seeds"


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator can set; ``docs/operators.md`` describes each."""

    database_url: str
    secret_key: str
    response_cache_bytes: int

    @classmethod
    def from_environment(cls) -> "Settings":
        """The settings of this process; what is not set works on one machine without any server."""
        return cls(
            database_url=os.environ.get("DATABASE_URL") or f"sqlite:///{INSTANCE / 'legal.sqlite'}",
            secret_key=os.environ.get("SECRET_KEY") or _kept_secret(INSTANCE / "secret_key"),
            response_cache_bytes=int(os.environ.get("RESPONSE_CACHE_BYTES") or 64 * 1024 * 1024),
        )


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
