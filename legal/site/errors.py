"""Render problems as HTML, for clients that prefer it."""

from collections.abc import Mapping
from typing import Any

from flask import render_template


def render_error_page(problem: Mapping[str, Any]) -> str:
    """Return the HTML page for a problem, given as problem details (RFC 9457)."""
    return render_template("error.html", problem=problem)
