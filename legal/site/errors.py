"""Render problems as HTML, for clients that prefer it."""

from collections.abc import Mapping
from typing import Any

from flask import render_template


def render_error_page(problem: Mapping[str, Any]) -> str:
    """Return the HTML page for a problem, given as problem details (RFC 9457)."""
    return render_template("error.html", problem=problem)


def suggested_path(instance: str, suggestion: str) -> str:
    """Return the path that was asked for with its last part replaced by a suggestion."""
    return f"{instance.rpartition('/')[0]}/{suggestion}"
