"""The two untyped shapes at the edges: a row as the database returns it and an object as JSON carries it."""

from collections.abc import Mapping
from typing import Any

Row = Mapping[Any, Any]
Json = dict[str, Any]
