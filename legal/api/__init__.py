"""Serve the record over HTTP to programs: assemble the endpoints, the error handling and the OpenAPI description."""

import functools

from flask import Flask
from flask_cors import CORS
from flask_smorest import Api

from legal.api import problems
from legal.api.formats import tabular
from legal.api.openapi import spec
from legal.api.responses import redirect_trailing_slash
from legal.api.views import (
    agencies,
    agreements,
    check,
    codebook,
    conflicts,
    documents,
    exports,
    feeds,
    figures,
    history,
    index,
    jurisdictions,
    measures,
    operation,
    reconcile,
    rosters,
    search,
)
from legal.api.views import map as map_view

# The order of the modules is the order of the OpenAPI description.
_VIEW_MODULES = (
    *(index, jurisdictions, history, measures, figures, conflicts, agreements, agencies, rosters, documents),
    *(search, map_view, check, exports, feeds, reconcile, codebook, operation),
)
_EXPOSED_HEADERS = ["ETag", "Link", "Data-Revision", "Content-Disposition", "RateLimit", "RateLimit-Policy", "Retry-After"]
_PREFLIGHT_SECONDS = 86400


def register(app: Flask, error_page: problems.ErrorPage) -> None:
    """Register the API on the app. ``error_page`` renders a problem as HTML for clients that prefer it."""
    # Otherwise Werkzeug redirects paths with double slashes to an absolute URL, built from the client's Host header.
    app.url_map.merge_slashes = False
    for view_module in _VIEW_MODULES:
        app.register_blueprint(view_module.blueprint)
    problems.register_error_handlers(app, error_page)
    app.extensions["description"] = render_description
    # Without send_wildcard, responses echo the origin and vary by it, so that shared caches store one copy per origin.
    methods = ["GET", "HEAD", "OPTIONS", "POST"]
    CORS(app, send_wildcard=True, expose_headers=_EXPOSED_HEADERS, methods=methods, max_age=_PREFLIGHT_SECONDS)
    app.before_request(redirect_trailing_slash)


@functools.cache
def render_description() -> bytes:
    """Return the OpenAPI description as JSON. It is built at the first call: that takes longer than the rest of the start."""
    app = Flask("description", static_folder=None)  # flask-smorest describes the endpoints while it registers them on an app
    app.config.update(API_TITLE="Legal Landscape", API_VERSION="1.0", OPENAPI_VERSION="3.1.0", OPENAPI_URL_PREFIX=None)
    api = Api(app, spec_kwargs={"marshmallow_plugin": spec.schema_plugin(), **spec.SPEC_OPTIONS})
    for view_module in _VIEW_MODULES:
        api.register_blueprint(view_module.blueprint)
    return tabular.encode_json(spec.complete_description(api.spec))
