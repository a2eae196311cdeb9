"""Serve the HTML pages."""

from flask import Flask

from legal.site import docs


def register(app: Flask) -> None:
    """Register the pages on the app."""
    app.register_blueprint(docs.blueprint)
