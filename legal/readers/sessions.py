"""Read the legislative sessions in a seed folder (``sessions.csv``)."""

import csv
from pathlib import Path
from typing import Any

from legal.errors import InvalidInput

SESSIONS_FILE = "sessions.csv"
_MAX_BYTES = 1024 * 1024


def read_sessions(path: Path) -> dict[str, Any]:
    """Return the sessions of a CSV file by the key ``sessions``; every value is text, or null if it is empty.

    Raises:
        InvalidInput: the file is too large or not CSV in UTF-8.
    """
    if path.stat().st_size > _MAX_BYTES:
        raise InvalidInput(f"{SESSIONS_FILE} is larger than 1 MiB.")
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file, strict=True, restkey="surplus", restval="")
            return {"sessions": [{key: value or None for key, value in row.items()} for row in rows]}
    except (csv.Error, UnicodeDecodeError) as error:
        raise InvalidInput(f"{SESSIONS_FILE} is not CSV in UTF-8. Nothing was loaded.") from error
