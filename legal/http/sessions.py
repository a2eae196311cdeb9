"""Do without sessions: the service keeps nothing about its clients."""

from flask import Flask, Request
from flask.sessions import SessionInterface


class NoSessions(SessionInterface):
    """Give every request the session that cannot be written, and read no cookie. Flask would prepare to check one for each request."""

    def open_session(self, app: Flask, request: Request) -> None:
        """Return nothing: Flask then uses its null session."""
        return
