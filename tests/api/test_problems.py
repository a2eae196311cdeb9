"""Problems: one shape for everything that goes wrong, and nothing in it that is not meant for the client."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask, Response, abort, request
from flask.testing import FlaskClient
from marshmallow import RAISE
from sqlalchemy import text

from legal.api.problems import SORTS, ProblemSchema
from legal.db.engine import Database
from legal.errors import Fault, InvalidInput, NotFound, NotReady, Refused
from legal.settings import MAX_JSON_BYTES, ROOT
from tests.api.factories import DIRECTIVE, READS
from tests.conftest import make_app

# A refusal has one shape, whatever was asked for and wherever it is kept.
WRONG = {
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


def checked(answer: Any, status: int) -> dict[str, Any]:
    """The problem in an answer, after a look at all that every problem shares."""
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert ProblemSchema(unknown=RAISE).validate(answer.json) == {}
    assert answer.json["status"] == status
    assert answer.json["type"] == f"/problems/{SORTS[status].slug}"
    return dict(answer.json)


@pytest.mark.parametrize(("path", "status"), WRONG.items())
def test_what_is_wrong_is_a_problem(client: FlaskClient, path: str, status: int) -> None:
    problem = checked(client.get(path), status)
    assert problem["instance"] == path.partition("?")[0]


@pytest.mark.parametrize("path", [*READS, "/healthz", "/openapi.json", "/docs"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "FOO"])
def test_a_method_that_an_address_does_not_take_is_405(client: FlaskClient, path: str, method: str) -> None:
    answer = client.open(path, method=method, json={})
    checked(answer, 405)
    assert "GET" in answer.headers["Allow"]


def test_the_instance_is_percent_encoded(client: FlaskClient) -> None:
    assert client.get("/v1/measures/a%20b%22%3Cé").json["instance"] == "/v1/measures/a%20b%22%3C%C3%A9"


def test_a_problem_without_errors_has_no_such_key(client: FlaskClient) -> None:
    assert set(client.get("/v1/nothing").json) == {"type", "title", "status", "detail", "instance"}


@pytest.mark.parametrize("sort", SORTS.values(), ids=lambda sort: sort.slug)
def test_every_type_answers_with_its_description(client: FlaskClient, sort) -> None:
    answer = client.get(f"/problems/{sort.slug}").json
    assert (answer["type"], answer["title"], answer["description"]) == (f"/problems/{sort.slug}", sort.title, sort.description)


def test_no_two_statuses_share_a_type() -> None:
    assert len({sort.slug for sort in SORTS.values()}) == len(SORTS)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 406, 409, 412, 413, 415, 422, 428, 429, 500, 503])
def test_every_status_of_the_contract_has_its_problem(status: int) -> None:
    assert status in SORTS


# Who gets a page instead.


@pytest.mark.parametrize("accept", ["text/html", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"])
@pytest.mark.parametrize("path", ["/v1/jurisdictions/Virgina", "/v1/measures?knd=ban", "/nothing"])
def test_a_browser_gets_a_page(client: FlaskClient, path: str, accept: str) -> None:
    answer = client.get(path, headers={"Accept": accept})
    assert answer.mimetype == "text/html"
    assert answer.status_code in (404, 422)
    assert "<script" not in answer.text


@pytest.mark.parametrize("accept", ["*/*", "", "application/json", "text/html;q=0.5, application/json", "text/csv", "garbage", "image/png"])
def test_everybody_else_gets_the_problem(client: FlaskClient, accept: str) -> None:
    checked(client.get("/v1/nothing", headers={"Accept": accept}), 404)


def test_the_answer_varies_by_what_is_accepted(client: FlaskClient) -> None:
    assert "Accept" in client.get("/nothing").vary


def test_a_page_escapes_what_was_sent(client: FlaskClient) -> None:
    for path in ("/v1/measures/<script>alert(1)<script>", "/v1/measures?<script>alert(1)</script>=1"):
        assert "<script>" not in client.get(path, headers={"Accept": "text/html"}).text


def test_a_page_helps_as_the_problem_does(client: FlaskClient) -> None:
    assert 'href="/v1/jurisdictions/VA"' in client.get("/v1/jurisdictions/Virgina", headers={"Accept": "text/html"}).text
    assert "Did you mean kind?" in client.get("/v1/measures?knd=ban", headers={"Accept": "text/html"}).text


# What code may raise, on an app with one more address.


class Probe:
    """A view that does what the test wants, at ``/probe`` of an app over a database without tables."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.view: Callable[[], Any] = Response
        app.add_url_rule("/probe", view_func=lambda: self.view(), methods=["GET", "POST"])  # noqa: PLW0108 - it is another one each time

    def get(self, view: Callable[[], Any]) -> Any:
        """What a GET answers when the view is this one."""
        self.view = view
        return self.app.test_client().get("/probe")

    def post(self, **sent: Any) -> Any:
        """What a POST answers when the view reads its JSON."""
        self.view = lambda: Response(str(request.get_json()))
        return self.app.test_client().post("/probe", **sent)


@pytest.fixture(scope="module")
def probe(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Probe]:
    """The probe."""
    app = make_app(f"sqlite:///{tmp_path_factory.mktemp('probe') / 'bare.sqlite'}")
    yield Probe(app)
    app.extensions["database"].dispose()


def raises(error: Exception) -> Any:
    """A view that fails."""

    def view() -> Response:
        raise error

    return view


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (InvalidInput("Wrong.", [Fault("So.", pointer="/a", did_you_mean=("b",))]), 422),
        (NotFound("Gone.", ["VA"]), 404),
        (Refused("Moved."), 409),
        (NotReady("Wait."), 503),
    ],
)
def test_a_refusal_says_in_its_own_words_why(probe: Probe, error: Exception, status: int) -> None:
    problem = checked(probe.get(raises(error)), status)
    assert problem["detail"] == str(error)
    assert problem.get("errors", [{"pointer": "/a", "detail": "So.", "did_you_mean": ["b"]}]) == [
        {"pointer": "/a", "detail": "So.", "did_you_mean": ["b"]}
    ]


@pytest.mark.parametrize("error", [RuntimeError("secret"), KeyError("secret"), MemoryError("secret"), RecursionError("secret")])
def test_what_nobody_expected_is_500_and_tells_nothing(probe: Probe, error: Exception) -> None:
    answer = probe.get(raises(error))
    checked(answer, 500)
    assert "secret" not in answer.text


@pytest.mark.parametrize("statement", ["SELECT secret FROM nowhere", "SELECT", "ATTACH '/nowhere/secret.sqlite' AS secret"])
def test_what_a_driver_says_stays_here(probe: Probe, statement: str) -> None:
    def view() -> Response:
        database: Database = probe.app.extensions["database"]
        with database.reading() as session:
            session.execute(text(statement))
        return Response()

    answer = probe.get(view)
    checked(answer, 503)
    assert int(answer.headers["Retry-After"]) > 0
    for secret in ("secret", "nowhere", "sqlite", "SELECT", "Traceback", str(ROOT)):
        assert secret not in answer.text


@pytest.mark.parametrize(
    ("status", "told"),
    [(400, 400), (401, 401), (403, 403), (412, 412), (415, 415), (418, 400), (428, 428), (429, 429), (451, 400), (501, 501), (502, 500)],
)
def test_any_status_becomes_a_problem_of_the_table(probe: Probe, status: int, told: int) -> None:
    answer = probe.get(lambda: abort(status, "secret") if status != 451 else abort(451))
    checked(answer, told)
    assert "secret" not in answer.text


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"x" * (MAX_JSON_BYTES + 1), 413), (b"{", 400), (b"\xff", 400)],
    ids=["long", "cut", "bytes"],
)
def test_a_body_that_cannot_be_read_is_a_problem(probe: Probe, body: bytes, status: int) -> None:
    checked(probe.post(data=body, content_type="application/json"), status)


def test_too_large_is_told_from_the_length_alone(probe: Probe) -> None:
    answer = probe.post(content_type="application/json", environ_overrides={"CONTENT_LENGTH": str(10**12)})
    checked(answer, 413)


def test_a_body_of_another_type_is_415(probe: Probe) -> None:
    checked(probe.post(data=b"a=1", content_type="application/x-www-form-urlencoded"), 415)


def test_a_redirection_is_no_problem(client: FlaskClient) -> None:
    answer = client.get("/v1/jurisdictions/va")
    assert (answer.status_code, answer.content_type) == (308, "text/html; charset=utf-8")


def test_an_id_of_another_noun_is_not_found(client: FlaskClient) -> None:
    checked(client.get(f"/v1/figures/{DIRECTIVE}"), 404)
