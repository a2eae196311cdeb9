"""The app over a database of the test's own."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask.testing import FlaskClient

from legal.db.engine import Database
from tests.conftest import serving


@contextmanager
def on(database: Database) -> Iterator[FlaskClient]:
    """A client of the app over a database."""
    with serving(database) as app:
        yield app.test_client()
