"""Test that every error is a problem (RFC 9457) and reveals no internals."""

import errno
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask, Response, abort, request
from flask.testing import FlaskClient
from marshmallow import RAISE
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from legal.api.problems import PROBLEM_TYPES, ProblemSchema
from legal.db.engine import Database
from legal.errors import Fault, InvalidInput, NotFound, NotReady, RefusedOperation
from legal.settings import MAX_JSON_BYTES, ROOT
from tests.api.factories import DIRECTIVE, READ_SCHEMAS
from tests.conftest import make_app

# Problems do not depend on the database, so SQLite alone is enough.
BAD_REQUESTS = {
    "/v1/nothing": 404,
    "/v1/measures/nothing": 404,
    "/v1/figures/nothing": 404,
    "/v1/documents/nothing": 404,
    "/v1/jurisdictions/nowhere": 404,
    "/problems/nothing": 404,
    "/docs/assets/nothing": 404,
    "/v1/codebook?revision=99": 404,
    "/v1/measures?kind=law": 422,
    "/v1/measures?x=1": 422,
    "/healthz?x=1": 422,
}


def checked_problem(response: Any, status: int) -> dict[str, Any]:
    """Return the problem in a response, after a check of what every problem has."""
    assert (response.status_code, response.content_type) == (status, "application/problem+json")
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert ProblemSchema(unknown=RAISE).validate(response.json) == {}
    assert response.json["status"] == status
    assert response.json["type"] == f"/problems/{PROBLEM_TYPES[status].slug}"
    return dict(response.json)


@pytest.mark.parametrize(("path", "status"), BAD_REQUESTS.items())
def test_bad_request_gets_a_problem_with_its_path(client: FlaskClient, path: str, status: int) -> None:
    problem = checked_problem(client.get(path), status)
    assert problem["instance"] == path.partition("?")[0]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "FOO"])
def test_every_path_refuses_other_methods_with_405(client: FlaskClient, method: str) -> None:
    for path in [*READ_SCHEMAS, "/healthz", "/openapi.json", "/docs"]:
        response = client.open(path, method=method, json={})
        checked_problem(response, 405)
        assert "GET" in response.headers["Allow"], path


def test_instance_is_percent_encoded(client: FlaskClient) -> None:
    assert client.get("/v1/measures/a%20b%22%3Cé").json["instance"] == "/v1/measures/a%20b%22%3C%C3%A9"


def test_problem_without_errors_has_no_errors_key(client: FlaskClient) -> None:
    assert set(client.get("/v1/nothing").json) == {"type", "title", "status", "detail", "instance"}


def test_every_problem_type_has_a_page_with_its_description(client: FlaskClient) -> None:
    pages = {problem_type: client.get(f"/problems/{problem_type.slug}").json for problem_type in PROBLEM_TYPES.values()}
    failures = [
        problem_type.slug
        for problem_type, page in pages.items()
        if (page["type"], page["title"], page["description"])
        != (f"/problems/{problem_type.slug}", problem_type.title, problem_type.description)
    ]
    assert failures == []


def test_problem_types_have_distinct_slugs() -> None:
    assert len({problem_type.slug for problem_type in PROBLEM_TYPES.values()}) == len(PROBLEM_TYPES)


def test_every_documented_status_has_a_problem_type() -> None:
    assert {400, 401, 403, 404, 405, 406, 409, 410, 412, 413, 415, 422, 428, 429, 500, 503} - PROBLEM_TYPES.keys() == set()


# HTML or JSON.


@pytest.mark.parametrize("accept", ["text/html", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"])
@pytest.mark.parametrize("path", ["/v1/jurisdictions/Virgina", "/v1/measures?knd=ban", "/nothing"])
def test_browser_gets_an_html_page(client: FlaskClient, path: str, accept: str) -> None:
    response = client.get(path, headers={"Accept": accept})
    assert response.mimetype == "text/html"
    assert response.status_code in (404, 422)
    assert "<script" not in response.text


@pytest.mark.parametrize("accept", ["*/*", "", "application/json", "text/html;q=0.5, application/json", "text/csv", "garbage", "image/png"])
def test_other_clients_get_problem_json(client: FlaskClient, accept: str) -> None:
    checked_problem(client.get("/v1/nothing", headers={"Accept": accept}), 404)


def test_problem_varies_by_accept_header(client: FlaskClient) -> None:
    assert "Accept" in client.get("/nothing").vary


@pytest.mark.parametrize("url", ["/v1/measures/<script>alert(1)<script>", "/v1/measures?<script>alert(1)</script>=1"])
def test_html_page_escapes_the_request(client: FlaskClient, url: str) -> None:
    assert "<script>" not in client.get(url, headers={"Accept": "text/html"}).text


def test_html_page_has_the_suggestions(client: FlaskClient) -> None:
    assert 'href="/v1/jurisdictions/VA"' in client.get("/v1/jurisdictions/Virgina", headers={"Accept": "text/html"}).text
    assert "Did you mean kind?" in client.get("/v1/measures?knd=ban", headers={"Accept": "text/html"}).text


# Exceptions raised by views, on an app with one more path.


class ProbeApp:
    """An app with a replaceable view at ``/probe``, on a database without tables."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.view: Callable[[], Any] = Response
        app.add_url_rule("/probe", view_func=lambda: self.view(), methods=["GET", "POST"])  # noqa: PLW0108 - the view is replaced later

    def get(self, view: Callable[[], Any]) -> Any:
        """Send a GET request that this view answers."""
        self.view = view
        return self.app.test_client().get("/probe")

    def post(self, **arguments: Any) -> Any:
        """Send a POST request to a view that parses the body as JSON."""
        self.view = lambda: Response(str(request.get_json()))
        return self.app.test_client().post("/probe", **arguments)


@pytest.fixture(scope="module")
def probe(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProbeApp]:
    """An app with a replaceable view."""
    app = make_app(f"sqlite:///{tmp_path_factory.mktemp('probe') / 'bare.sqlite'}")
    yield ProbeApp(app)
    app.extensions["database"].dispose()


def raising_view(error: Exception) -> Callable[[], Response]:
    """Return a view that raises an error."""

    def view() -> Response:
        raise error

    return view


@pytest.mark.parametrize(
    ("error", "status", "members"),
    [
        (
            InvalidInput("Wrong.", [Fault("So.", pointer="/a", did_you_mean=("b",))]),
            422,
            {"errors": [{"pointer": "/a", "detail": "So.", "did_you_mean": ["b"]}]},
        ),
        (NotFound("Gone.", ["VA"]), 404, {"did_you_mean": ["VA"]}),
        (RefusedOperation("Moved."), 409, {}),
        (NotReady("Wait."), 503, {}),
    ],
)
def test_own_error_becomes_a_problem_with_its_message(probe: ProbeApp, error: Exception, status: int, members: dict[str, Any]) -> None:
    problem = checked_problem(probe.get(raising_view(error)), status)
    assert problem["detail"] == str(error)
    assert {name: problem[name] for name in ("errors", "did_you_mean") if name in problem} == members


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (OSError(errno.ENOSPC, "No space for secret"), 503),
        (OSError(errno.EIO, "Cannot read secret"), 500),
        (OperationalError("secret", None, OSError(errno.EDQUOT, "secret")), 503),
    ],
)
def test_full_disk_is_told_from_other_errors(probe: ProbeApp, error: Exception, status: int) -> None:
    response = probe.get(raising_view(error))
    checked_problem(response, status)
    assert ("Retry-After" in response.headers) == (status == 503)
    assert "secret" not in response.text


def test_fault_is_traced_once_and_not_for_each_request(
    probe: ProbeApp, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("legal.api.problems._MAX_LOGGED_FAULTS", 1)
    view = raising_view(ZeroDivisionError("a fault"))
    for _ in range(3):
        checked_problem(probe.get(view), 500)
    lines = capfd.readouterr().err
    assert lines.count("Traceback") == 1
    assert lines.count("Unexpected error again: ZeroDivisionError") == 2


@pytest.mark.parametrize("error", [RuntimeError("secret"), KeyError("secret"), MemoryError("secret"), RecursionError("secret")])
def test_unexpected_error_is_500_without_its_message(probe: ProbeApp, error: Exception) -> None:
    response = probe.get(raising_view(error))
    checked_problem(response, 500)
    assert "secret" not in response.text


@pytest.mark.parametrize(
    ("statement", "status"), [("SELECT secret FROM nowhere", 500), ("SELECT", 503), ("ATTACH '/nowhere/secret.sqlite' AS secret", 503)]
)
def test_database_error_becomes_a_problem_without_the_drivers_message(probe: ProbeApp, statement: str, status: int) -> None:
    def view() -> Response:
        database: Database = probe.app.extensions["database"]
        with database.reading() as session:
            session.execute(text(statement))
        return Response()

    response = probe.get(view)
    checked_problem(response, status)
    assert ("Retry-After" in response.headers) == (status == 503)
    assert [word for word in ("secret", "nowhere", "sqlite", "SELECT", "Traceback", str(ROOT)) if word in response.text] == []


@pytest.mark.parametrize(
    ("status", "problem_status"),
    [(400, 400), (401, 401), (403, 403), (412, 412), (415, 415), (418, 400), (428, 428), (429, 429), (451, 400), (501, 501), (502, 500)],
)
def test_any_http_error_becomes_a_known_problem_type(probe: ProbeApp, status: int, problem_status: int) -> None:
    response = probe.get(lambda: abort(status, "secret") if status != 451 else abort(451))
    checked_problem(response, problem_status)
    assert "secret" not in response.text


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"x" * (MAX_JSON_BYTES + 1), 413), (b"{", 400), (b"\xff", 400)],
    ids=["long", "cut", "bytes"],
)
def test_unreadable_body_becomes_a_problem(probe: ProbeApp, body: bytes, status: int) -> None:
    checked_problem(probe.post(data=body, content_type="application/json"), status)


def test_body_is_refused_by_its_declared_length_alone(probe: ProbeApp) -> None:
    response = probe.post(content_type="application/json", environ_overrides={"CONTENT_LENGTH": str(10**12)})
    checked_problem(response, 413)


def test_body_of_another_media_type_is_415(probe: ProbeApp) -> None:
    checked_problem(probe.post(data=b"a=1", content_type="application/x-www-form-urlencoded"), 415)


def test_redirect_is_not_turned_into_a_problem(client: FlaskClient) -> None:
    response = client.get("/v1/jurisdictions/va")
    assert (response.status_code, response.content_type) == (308, "text/html; charset=utf-8")


def test_id_of_a_measure_is_not_found_among_figures(client: FlaskClient) -> None:
    checked_problem(client.get(f"/v1/figures/{DIRECTIVE}"), 404)


# Rule packs.


def test_rule_pack_that_is_not_carried_is_gone(client: FlaskClient) -> None:
    problem = checked_problem(client.get("/v1/jurisdictions/VA?rules=1&as_of=2026-02-20"), 410)
    assert problem["detail"] == "This service does not carry rule pack 1. It carries pack 2."
    present_path = problem["links"]["present"]
    assert present_path == "/v1/jurisdictions/VA?rules=2&as_of=2026-02-20"
    assert client.get(present_path).json["posture"]["rule_version"] == 2


def test_every_read_of_the_record_has_a_rule_pack(client: FlaskClient) -> None:
    paths = [path for path in READ_SCHEMAS if path.startswith(("/v1", "/feeds"))]
    assert [path for path in paths if client.get(f"{path}?rules=3").status_code != 410] == []
    assert [path for path in paths if client.get(f"{path}?rules=2").status_code != 200] == []


def test_address_under_the_present_rule_pack_is_escaped(client: FlaskClient) -> None:
    problem = checked_problem(client.get("/v1/measures/a%20%22b?rules=1"), 410)
    assert problem["links"]["present"] == "/v1/measures/a%20%22b?rules=2"


@pytest.mark.parametrize("value", ["0", "-1", "two", ""])
def test_rule_pack_is_a_positive_whole_number(client: FlaskClient, value: str) -> None:
    assert checked_problem(client.get(f"/v1/map.json?rules={value}"), 422)["errors"][0]["parameter"] == "rules"


def test_meta_names_the_rule_pack(client: FlaskClient) -> None:
    assert client.get("/v1/measures").json["meta"]["rules"] == client.get("/v1/map.json").json["meta"]["rules"] == 2
