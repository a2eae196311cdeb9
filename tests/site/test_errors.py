"""Test the HTML page of a problem."""

import pytest
from flask import Flask

from legal.site import errors

PROBLEM = {"title": "Not found", "status": 404, "detail": "There is no <b>.", "instance": "/v1/jurisdictions/VX"}


def test_page_has_the_title_detail_and_status(app: Flask) -> None:
    with app.test_request_context("/"):
        page = errors.render_error_page(PROBLEM)
    assert "<h1>Not found</h1>" in page
    assert "There is no &lt;b&gt;." in page
    assert "404" in page


@pytest.mark.parametrize(
    ("members", "text"),
    [
        ({"errors": [{"parameter": "knd", "detail": "No.", "did_you_mean": ["kind"]}]}, "<code>knd</code>: No. Did you mean kind?"),
        ({"errors": [{"detail": "No."}]}, "<li>No.</li>"),
        ({"did_you_mean": ["VA", "WV"]}, '<a href="/v1/jurisdictions/VA">VA</a>, <a href="/v1/jurisdictions/WV">WV</a>?'),
    ],
)
def test_page_has_the_errors_and_suggestions(app: Flask, members: dict[str, object], text: str) -> None:
    with app.test_request_context("/"):
        assert text in errors.render_error_page({**PROBLEM, **members})
