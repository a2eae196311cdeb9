"""Share databases and a client of the seeded one between the tests of this folder."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from legal.db.engine import Database
from tests.queries.clients import client_of


@pytest.fixture(scope="session")
def reader(shared_databases: dict[str, Database]) -> Iterator[FlaskClient]:
    """Return a client of the app over the seeded database."""
    with client_of(shared_databases["seeded"]) as client:
        yield client
