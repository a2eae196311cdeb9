"""A problem as a page."""

import pytest
from flask import Flask

from legal.site import errors

PROBLEM = {"title": "Not found", "status": 404, "detail": "There is no <b>."}


def test_the_page_has_what_the_problem_has(app: Flask) -> None:
    with app.test_request_context("/"):
        page = errors.page(PROBLEM)
    assert "<h1>Not found</h1>" in page
    assert "There is no &lt;b&gt;." in page
    assert "404" in page


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({"errors": [{"parameter": "knd", "detail": "No.", "did_you_mean": ["kind"]}]}, "<code>knd</code>: No. Did you mean kind?"),
        ({"errors": [{"detail": "No."}]}, "<li>No.</li>"),
        ({"did_you_mean": ["VA", "WV"]}, '<a href="/v1/jurisdictions/VA">VA</a>, <a href="/v1/jurisdictions/WV">WV</a>?'),
    ],
)
def test_the_page_helps(app: Flask, more: dict[str, object], text: str) -> None:
    with app.test_request_context("/"):
        assert text in errors.page({**PROBLEM, **more})
