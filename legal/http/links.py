"""Make addresses absolute by the setting ``PUBLIC_URL``, and never by the headers of a request."""

from flask import current_app


def absolute_url(path: str) -> str:
    """Return a path as an absolute URL, as feeds and embedded pages need it."""
    return f"{current_app.config['PUBLIC_URL']}{path}"


def public_link(path: str) -> str:
    """Return a path as an absolute URL if the operator has set ``PUBLIC_URL``; otherwise return the path."""
    return f"{current_app.config['LINK_BASE']}{path}"
