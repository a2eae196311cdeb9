"""Answer every request with the bytes of one file: the least that an app can do behind this server."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

_BODY = Path(os.environ["CONSTANT_FILE"]).read_bytes()
_HEADERS = [("Content-Type", "application/json"), ("Content-Length", str(len(_BODY)))]


def app(_environ: dict[str, Any], start_response: Callable[[str, list[tuple[str, str]]], object]) -> Iterable[bytes]:
    """Send the file."""
    start_response("200 OK", _HEADERS)
    return [_BODY]
