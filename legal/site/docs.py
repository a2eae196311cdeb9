"""The page on which the API's description can be read and tried."""

from pathlib import Path

import flask_swagger_ui
from flask import Blueprint, Response, redirect, render_template, send_from_directory
from werkzeug.exceptions import NotFound

SWAGGER_UI = Path(flask_swagger_ui.__file__).parent / "dist"
ASSETS = frozenset({"swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"})
# Swagger UI styles its own elements in place and draws its icons from data: addresses.
POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

blueprint = Blueprint("site", __name__, template_folder="templates", static_folder="static", static_url_path="/static")


@blueprint.get("/")
def home() -> Response:
    """Until there are pages for people, the way in is the description."""
    return redirect("/docs", 302, Response)  # type: ignore[return-value]  # it is of the class given


@blueprint.get("/docs")
def docs() -> Response:
    """The API's description, to read and to try."""
    return Response(
        render_template("docs.html"),
        mimetype="text/html",
        headers={"Content-Security-Policy": POLICY, "Cache-Control": "public, max-age=60"},
    )


@blueprint.get("/docs/assets/<name>")
def asset(name: str) -> Response:
    """A file that Swagger UI ships."""
    if name not in ASSETS:
        raise NotFound
    return send_from_directory(SWAGGER_UI, name, max_age=86400)


home.access = docs.access = asset.access = "public"  # type: ignore[attr-defined]
