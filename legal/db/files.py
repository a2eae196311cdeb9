"""Open a SQLite file that must not change, such as a backup."""

import sqlite3
from pathlib import Path
from urllib.parse import quote

import orjson
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import NullPool


def build_read_only_engine(path: Path) -> Engine:
    """Create an engine on a SQLite file that nothing writes to. No log and no lock file appears beside it."""
    uri = f"file:{quote(str(path.absolute()))}?immutable=1"
    return create_engine("sqlite://", creator=lambda: sqlite3.connect(uri, uri=True), poolclass=NullPool, json_deserializer=orjson.loads)
