"""Serve Swagger UI, a page for reading and trying the OpenAPI description."""

from pathlib import Path

import flask_swagger_ui
from flask import Blueprint, Response, render_template, send_from_directory
from werkzeug.exceptions import NotFound

_SWAGGER_UI = Path(flask_swagger_ui.__file__).parent / "dist"
_ASSETS = frozenset({"swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"})
# Swagger UI uses data: URLs for its icons.
_CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

blueprint = Blueprint("docs", __name__)


@blueprint.get("/docs")
def show_docs() -> Response:
    """Return the page with Swagger UI, which shows the API documentation."""
    return Response(
        render_template("docs.html"),
        mimetype="text/html",
        headers={"Content-Security-Policy": _CONTENT_SECURITY_POLICY, "Cache-Control": "public, max-age=60"},
    )


@blueprint.get("/docs/assets/<name>")
def send_asset(name: str) -> Response:
    """Send a file of Swagger UI."""
    if name not in _ASSETS:
        raise NotFound
    return send_from_directory(_SWAGGER_UI, name, max_age=86400)


show_docs.access = send_asset.access = "public"  # type: ignore[attr-defined]
