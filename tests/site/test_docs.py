"""The page that shows the API's description: everything from this house, nothing inline that runs."""

import re

import pytest
from flask.testing import FlaskClient

SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<inline>.*?)</script>", re.DOTALL)


@pytest.fixture
def page(client: FlaskClient) -> str:
    """The page's HTML."""
    return client.get("/docs").text


def test_the_page_is_served(client: FlaskClient) -> None:
    answer = client.get("/docs")
    assert (answer.status_code, answer.content_type) == (200, "text/html; charset=utf-8")


def test_no_script_is_inline(page: str) -> None:
    scripts = list(SCRIPT.finditer(page))
    assert len(scripts) == 2
    assert all("src=" in script["attributes"] and not script["inline"].strip() for script in scripts)
    assert not re.search(r"\son\w+=|javascript:|style=", page)


def test_the_policy_lets_nothing_run_that_is_not_ours(client: FlaskClient) -> None:
    directives = dict(part.strip().split(" ", 1) for part in client.get("/docs").headers["Content-Security-Policy"].split(";"))
    assert (directives["default-src"], directives["script-src"], directives["connect-src"]) == ("'none'", "'self'", "'self'")
    assert {"base-uri", "form-action", "frame-ancestors"} <= set(directives)


def test_everything_the_page_loads_is_in_this_house_and_answers(page: str, client: FlaskClient) -> None:
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert loaded
    assert all(address.startswith("/") and not address.startswith("//") for address in loaded)
    assert {client.get(address, buffered=True).status_code for address in loaded} == {200}


@pytest.mark.parametrize(
    ("name", "mimetype"), [("swagger-ui.css", "text/css"), ("swagger-ui-bundle.js", "text/javascript"), ("favicon-32x32.png", "image/png")]
)
def test_an_asset_is_served_as_what_it_is(client: FlaskClient, name: str, mimetype: str) -> None:
    answer = client.get(f"/docs/assets/{name}", buffered=True)
    assert answer.mimetype.replace("application/javascript", "text/javascript") == mimetype
    assert len(answer.data) > 100


@pytest.mark.parametrize("name", ["index.html", "swagger-initializer.js", "package.json", "..%2F__init__.py", "..", "oauth2-redirect.html"])
def test_nothing_else_of_the_package_is_served(client: FlaskClient, name: str) -> None:
    assert client.get(f"/docs/assets/{name}").status_code == 404


def test_the_page_draws_our_description(client: FlaskClient) -> None:
    assert '"/openapi.json"' in client.get("/static/docs.js", buffered=True).text


@pytest.mark.parametrize("path", ["/static/..%2Ftemplates%2Fdocs.html", "/static/../templates/docs.html", "/static/nothing.css"])
def test_no_template_is_served_as_a_file(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_who_opens_the_address_alone_is_led_to_the_description(client: FlaskClient) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/docs")
