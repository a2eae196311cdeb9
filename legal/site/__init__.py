"""Speaks HTML to people: the pages, assembled."""

from flask import Flask

from legal.site import docs


def register(app: Flask) -> None:
    """Put the pages on the app."""
    app.register_blueprint(docs.blueprint)
