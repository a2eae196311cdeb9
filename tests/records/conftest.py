"""The databases that the tests of this folder share."""

from tests.databases import children_first, copies, empty, record  # noqa: F401 - fixtures
