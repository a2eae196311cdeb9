"""Fixtures of the API tests."""

from typing import Any

import pytest
from flask import Flask


@pytest.fixture(scope="session")
def cards(app: Flask) -> dict[str, Any]:
    """The stance card of every jurisdiction, by USPS code."""
    client = app.test_client()
    codes = [row["code"] for row in client.get("/v1/jurisdictions?limit=200&fields=code").json["results"]]
    return {code: client.get(f"/v1/jurisdictions/{code}").json for code in codes}
