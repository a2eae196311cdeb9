"""Test the page of the API documentation: all its files come from this service, and no script is inline."""

import re

import pytest
from flask.testing import FlaskClient

from legal.site import assets

SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<inline>.*?)</script>", re.DOTALL)


@pytest.fixture
def page(client: FlaskClient) -> str:
    """The HTML of the page."""
    return client.get("/docs").text


def test_docs_page_is_html(client: FlaskClient) -> None:
    response = client.get("/docs")
    assert (response.status_code, response.content_type) == (200, "text/html; charset=utf-8")


def test_docs_page_has_no_inline_script(page: str) -> None:
    scripts = list(SCRIPT.finditer(page))
    assert len(scripts) == 3
    assert all("src=" in script["attributes"] and not script["inline"].strip() for script in scripts)
    assert not re.search(r"\son\w+=|javascript:|style=", page)


def test_content_security_policy_allows_only_own_scripts(client: FlaskClient) -> None:
    directives = dict(part.strip().split(" ", 1) for part in client.get("/docs").headers["Content-Security-Policy"].split(";"))
    assert (directives["default-src"], directives["script-src"], directives["connect-src"]) == ("'none'", "'self'", "'self'")
    assert {"base-uri", "form-action", "frame-ancestors"} <= set(directives)


def test_docs_page_loads_only_local_files_that_exist(page: str, client: FlaskClient) -> None:
    paths = re.findall(r'(?:src|rel="(?:stylesheet|icon)" href)="([^"]+)"', page)
    assert len(paths) == 6
    assert all(path.startswith("/") and not path.startswith("//") for path in paths)
    assert {client.get(path, buffered=True).status_code for path in paths} == {200}


@pytest.mark.parametrize(
    ("name", "mimetype"), [("swagger-ui.css", "text/css"), ("swagger-ui-bundle.js", "text/javascript"), ("favicon-32x32.png", "image/png")]
)
def test_asset_has_its_media_type(client: FlaskClient, name: str, mimetype: str) -> None:
    response = client.get(f"/docs/assets/{name}", buffered=True)
    assert response.mimetype.replace("application/javascript", "text/javascript") == mimetype
    assert len(response.data) > 100


@pytest.mark.parametrize("name", ["index.html", "swagger-initializer.js", "package.json", "..%2F__init__.py", "..", "oauth2-redirect.html"])
def test_other_files_of_swagger_ui_are_not_found(client: FlaskClient, name: str) -> None:
    assert client.get(f"/docs/assets/{name}").status_code == 404


def test_docs_page_shows_the_openapi_description(client: FlaskClient) -> None:
    assert '"/openapi.json"' in client.get(assets.asset_path("docs.js"), buffered=True).text


@pytest.mark.parametrize(
    "path", ["/static/..%2Ftemplates%2Fdocs.html", "/static/../templates/docs.html", "/static/000000000000/nothing.css"]
)
def test_templates_are_not_served_as_files(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404
