"""Open clients of the app over a given database."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask.testing import FlaskClient

from legal.db.engine import Database
from tests.conftest import open_app


@contextmanager
def client_of(database: Database) -> Iterator[FlaskClient]:
    """Open a client of the app over a database."""
    with open_app(database) as app:
        yield app.test_client()
