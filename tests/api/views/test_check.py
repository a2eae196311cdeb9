"""Check sentences over HTTP: the answer, its caching, the bounds of the input, and the number of SQL statements."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from legal.db.engine import Database
from legal.rules.sentences.reading import MAX_SENTENCE_LENGTH, MAX_SENTENCES
from legal.settings import MAX_JSON_BYTES
from tests.conftest import Statements, open_app

PATH = "/v1/check"
BAN = "Maryland has banned 287(g) agreements."


@pytest.fixture
def app(shipped_db: Database) -> Iterator[Flask]:
    """The app over the record of a fresh install."""
    with open_app(shipped_db) as shipped_app:
        yield shipped_app


def test_answer_has_the_verdict_with_its_claims(client: FlaskClient) -> None:
    response = client.post(PATH, json={"sentence": BAN, "as_of": "2026-02-20", "revision": 1})
    answer = response.json
    assert (response.status_code, answer["verdict"], answer["day"]) == (200, "contradicted_as_stated", "2026-02-20")
    assert answer["measures"] == ["md-bill-2026"]
    assert {"document", "paragraph", "sha256", "quote"} <= set(answer["citations"][0])
    assert (answer["meta"]["revision"], answer["meta"]["as_of"]) == (1, "2026-02-20")


def test_answer_is_not_cached_and_leads_to_a_page_that_is(client: FlaskClient) -> None:
    response = client.post(PATH, json={"sentence": BAN, "as_of": "2026-02-20"})
    assert (response.headers["Cache-Control"], response.headers["Data-Revision"]) == ("no-store", "1")
    address = urlsplit(response.json["links"]["html"])
    page = client.get(f"{address.path}?{address.query}")
    assert page.status_code == 200
    assert "immutable" in page.headers["Cache-Control"]
    assert "ETag" in page.headers


@pytest.mark.parametrize(
    "sentence", [BAN, "1,000 agencies have 287(g) agreements.", "Texas, Florida, Ohio and Maine ban 287(g) agreements."]
)
def test_every_sentence_about_a_jurisdiction_takes_the_same_number_of_statements(
    client: FlaskClient, statements: Statements, sentence: str
) -> None:
    assert client.post(PATH, json={"sentence": sentence, "as_of": "2026-02-20"}).status_code == 200
    assert len(statements) == 12


def test_sentence_that_names_no_jurisdiction_loads_no_stance(client: FlaskClient, statements: Statements) -> None:
    assert client.post(PATH, json={"sentence": "Hello.", "as_of": "2026-02-20"}).status_code == 200
    assert len(statements) == 3


def post_faults(client: FlaskClient, body: Any) -> tuple[int, dict[str, str]]:
    """Send a body and return the status and the details of the faults by pointer."""
    response = client.post(PATH, json=body)
    assert response.mimetype == "application/problem+json"
    return response.status_code, {fault.get("pointer", ""): fault["detail"] for fault in response.json.get("errors", [])}


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({}, {"/sentence": "Missing data for required field."}),
        ([], {"": "Invalid input type."}),
        ({"sentence": 5, "as_of": "2026-02-20"}, {"/sentence": "Not a valid string."}),
        ({"sentence": ""}, {"/sentence": f"Length must be between 1 and {MAX_SENTENCE_LENGTH}."}),
        ({"sentence": "a" * (MAX_SENTENCE_LENGTH + 1)}, {"/sentence": f"Length must be between 1 and {MAX_SENTENCE_LENGTH}."}),
        ({"sentence": "Yes. " * (MAX_SENTENCES + 1)}, {"/sentence": f"Send at most {MAX_SENTENCES} sentences at a time."}),
        ({"sentence": BAN, "as_of": "20260220"}, {"/as_of": "Use a calendar date as YYYY-MM-DD."}),
        ({"sentence": BAN, "as_of": 5}, {"/as_of": "Use a calendar date as YYYY-MM-DD."}),
        ({"sentence": BAN, "revision": "1"}, {"/revision": "Not a valid integer."}),
        ({"sentence": BAN, "a/b~": 1}, {"/a~1b~0": "Unknown field."}),
        ({"sentence": "bell \x07"}, {"/sentence": "Control characters are not allowed."}),
    ],
)
def test_invalid_body_is_422_with_pointers(client: FlaskClient, body: Any, faults: dict[str, str]) -> None:
    assert post_faults(client, body) == (422, faults)


@pytest.mark.parametrize(
    ("data", "media_type", "status"),
    [
        (b"{", "application/json", 400),
        (b'{"sentence": "\xff"}', "application/json", 400),
        (b"sentence=x", "application/x-www-form-urlencoded", 415),
        (b" " * (MAX_JSON_BYTES + 1), "application/json", 413),
    ],
)
def test_body_that_is_no_json_is_refused(client: FlaskClient, data: bytes, media_type: str, status: int) -> None:
    response = client.post(PATH, data=data, content_type=media_type)
    assert (response.status_code, response.mimetype) == (status, "application/problem+json")


def test_missing_revision_is_404_and_parameters_are_refused(client: FlaskClient) -> None:
    assert client.post(PATH, json={"sentence": BAN, "revision": 99}).status_code == 404
    assert client.post(f"{PATH}?as_of=2026-02-20", json={"sentence": BAN}).status_code == 422
    assert client.get(PATH).status_code == 405


@pytest.mark.parametrize(
    "sentence",
    ["'; DROP TABLE measures; --", "\U0001f693" * 300, "287(g) " * 140, "not " * 249, "a-" * 500, "(" * 1000, "٣" * 1000, "1," * 500],
)
def test_hostile_text_is_answered(client: FlaskClient, sentence: str) -> None:
    assert client.post(PATH, json={"sentence": sentence}).json["verdict"] == "not_understood"
