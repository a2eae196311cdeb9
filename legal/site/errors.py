"""A problem as a page, for those who would rather have HTML."""

from collections.abc import Mapping
from typing import Any

from flask import render_template


def page(problem: Mapping[str, Any]) -> str:
    """The page for a problem; ``problem`` is its RFC 9457 object."""
    return render_template("error.html", problem=problem)
