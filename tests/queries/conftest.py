"""The databases that the tests of this folder share, and a client that reads the seeded one."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from legal.db.engine import Database
from tests.databases import empty, record  # noqa: F401 - fixtures
from tests.queries.served import on


@pytest.fixture(scope="session")
def reader(copies: dict[bool, Database]) -> Iterator[FlaskClient]:
    """A client of the app over the seeded database."""
    with on(copies[True]) as client:
        yield client
