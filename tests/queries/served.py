"""The app over a database of the test's own."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask.testing import FlaskClient

from legal.database import Database
from tests.conftest import make_app


@contextmanager
def on(database: Database) -> Iterator[FlaskClient]:
    """A client of the app over a database."""
    app = make_app(database.engine.url.render_as_string(hide_password=False))
    yield app.test_client()
    app.extensions["database"].dispose()
