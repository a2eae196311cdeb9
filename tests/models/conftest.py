"""The database with rosters, for the tests of constraints."""

from tests.services.rosters.factories import rosters_db  # noqa: F401 - a fixture
