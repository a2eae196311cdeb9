"""What the tests of the API read more than once, and the databases that they share."""

from typing import Any

import pytest
from flask import Flask

from tests.databases import empty  # noqa: F401 - fixtures


@pytest.fixture(scope="session")
def cards(app: Flask) -> dict[str, Any]:
    """The card of every place, by code."""
    client = app.test_client()
    codes = [row["code"] for row in client.get("/v1/jurisdictions?limit=200&fields=code").json["results"]]
    return {code: client.get(f"/v1/jurisdictions/{code}").json for code in codes}
