"""Types of untyped data: a row that the database returns, and a JSON object."""

from collections.abc import Mapping
from typing import Any

Row = Mapping[Any, Any]
Json = dict[str, Any]
