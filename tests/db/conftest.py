"""The databases that the tests of this folder share."""

from tests.databases import empty, record  # noqa: F401 - fixtures
