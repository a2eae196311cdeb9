"""The databases that the tests of this folder share."""

from tests.acts.rosters import rostered  # noqa: F401 - a fixture
from tests.databases import empty, record  # noqa: F401 - fixtures
