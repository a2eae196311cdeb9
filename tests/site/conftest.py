"""Fixtures of the tests of pages."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from legal.db.engine import Database
from tests.conftest import open_app
from tests.services.rosters import factories
from tests.session import SessionStore

rosters_db, rosters_app = factories.rosters_db, factories.rosters_app


@pytest.fixture(scope="session")
def shipped_app(backend: str, shipped_db: Database, session_store: SessionStore) -> Flask:
    """The app over the record as it ships: seeds and the counts of ICE's rosters."""
    app: Flask = session_store.get_or_create("shipped_app", backend, lambda: open_app(shipped_db))
    return app


@pytest.fixture
def shipped_client(shipped_app: Flask) -> FlaskClient:
    """A client of the app over the record as it ships."""
    return shipped_app.test_client()


@pytest.fixture
def rosters_client(rosters_app: Flask) -> Iterator[FlaskClient]:
    """A client of the app over a record with rows of rosters."""
    return rosters_app.test_client()
