"""Speaks HTTP to programs: the blueprints, the errors and what every answer carries, assembled."""

from flask import Flask
from flask_cors import CORS
from flask_smorest import Api

from legal.api import problems
from legal.api.openapi import spec
from legal.api.views import (
    agencies,
    agreements,
    codebook,
    conflicts,
    documents,
    exports,
    feeds,
    figures,
    history,
    jurisdictions,
    measures,
    operation,
    rosters,
    search,
)
from legal.api.views import map as view_map

BLUEPRINTS = (
    *(jurisdictions, history, measures, figures, conflicts, agreements, agencies, rosters, documents),
    *(search, view_map, exports, feeds, codebook, operation),
)
EXPOSED = ["ETag", "Link", "Data-Revision", "RateLimit", "RateLimit-Policy", "Retry-After"]


def register(app: Flask, error_page: problems.Page) -> None:
    """Put the API on the app; ``error_page`` renders a problem for those who would rather have HTML."""
    app.config.update(API_TITLE="Legal Landscape", API_VERSION="1.0", OPENAPI_VERSION="3.1.0", OPENAPI_URL_PREFIX=None)
    # Werkzeug would send a doubled slash to an absolute address, made from whatever Host was sent.
    app.url_map.merge_slashes = False
    api = Api(app, spec_kwargs={"marshmallow_plugin": spec.plugin(), **spec.OPTIONS})
    for noun in BLUEPRINTS:
        api.register_blueprint(noun.blueprint)
    problems.register(app, error_page)
    app.extensions["description"] = spec.renderer(api.spec)
    # Without send_wildcard the origin is echoed and Vary: Origin splits every shared cache.
    CORS(app, send_wildcard=True, expose_headers=EXPOSED, methods=["GET", "HEAD", "OPTIONS"])
