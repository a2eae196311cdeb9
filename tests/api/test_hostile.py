"""Hostile input: whatever is sent, the answer is an answer or a problem, and never a failure of ours."""

from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from tests.api.factories import DIRECTIVE, LISTS
from tests.conftest import ON_BOTH
from tests.examples import examples

# Most of what is sent is refused before the record is asked; what reaches it is tried on both databases.
TEXTS = ["jurisdiction", "document", "q"]
NAMES = ["as_of", "revision", "known_at", "limit", "cursor", "fields", "kind", *TEXTS]
NASTY = [
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
BYTES = ["%", "%0", "%zz", "%ff", "%c0%80", "%ed%a0%80", "%f8%88%80%80%80", "%00", "%u0041", "+", "&", "=", ";", "%e2%82", "%80%80"]
HEADERS = [
    "Accept",
    "Accept-Encoding",
    "Accept-Language",
    "If-None-Match",
    "If-Modified-Since",
    "If-Match",
    "Range",
    "Cache-Control",
    "Origin",
]
HEADERS += ["Host", "X-Forwarded-For", "Content-Type", "Authorization", "Cookie"]
header_text = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=300)
printable = st.text(max_size=60)


def unharmed(answer: Any) -> bool:
    """Whether an answer is none of our failures and tells nothing of the inside."""
    inside = ("Traceback", "sqlalchemy", "psycopg", "sqlite3", "site-packages")
    return answer.status_code < 500 and not any(word in answer.text for word in inside)


@pytest.mark.parametrize("name", sorted({*NAMES} - {*TEXTS}))
def test_no_value_of_a_parameter_does_harm(app: Flask, name: str) -> None:
    client = app.test_client()
    assert all(unharmed(client.get("/v1/measures", query_string={"limit": "1", name: value})) for value in NASTY)


@ON_BOTH
@pytest.mark.parametrize("name", TEXTS)
def test_no_text_that_is_looked_for_does_harm(app: Flask, name: str) -> None:
    client = app.test_client()
    assert all(unharmed(client.get("/v1/measures", query_string={"limit": "1", name: value})) for value in NASTY)


@ON_BOTH
@pytest.mark.parametrize(
    "prefix", ["/", "/v1/", "/v1/jurisdictions/", "/v1/measures/", "/v1/figures/", "/v1/documents/", "/problems/", "/docs/assets/"]
)
def test_no_name_in_the_path_does_harm(app: Flask, prefix: str) -> None:
    client = app.test_client()
    answers = [client.get(prefix + quote(value, safe="")) for value in NASTY]
    assert all(unharmed(answer) and answer.status_code in (308, 404) for answer in answers)


@ON_BOTH
@pytest.mark.parametrize("raw", BYTES)
def test_no_encoding_does_harm(app: Flask, raw: str) -> None:
    client = app.test_client()
    for path in (f"/v1/measures?q={raw}", f"/v1/measures?{raw}=1", f"/v1/measures?cursor={raw}", f"/v1/jurisdictions?jurisdiction={raw}"):
        environ = {"PATH_INFO": path.partition("?")[0], "QUERY_STRING": path.partition("?")[2]}
        assert unharmed(client.get("/", environ_overrides=environ))


@ON_BOTH
@pytest.mark.parametrize("raw", ["\xff\xfe", "\xc0\x80", "\xed\xa0\x80", "a\x00b", "\xe2\x82", "\x80"])
def test_no_bytes_in_the_path_do_harm(app: Flask, raw: str) -> None:
    client = app.test_client()
    for prefix in ("/v1/jurisdictions/", "/v1/measures/", "/v1/figures/", "/v1/documents/", "/"):
        answer = client.get("/", environ_overrides={"PATH_INFO": prefix + raw})
        assert unharmed(answer)
        assert answer.status_code == 404


@pytest.mark.parametrize("path", ["/v1/measures", "/v1/jurisdictions/va", "/healthz", "/nothing"])
def test_raw_bytes_in_the_query_are_a_bad_request(app: Flask, path: str) -> None:
    answer = app.test_client().get("/", environ_overrides={"PATH_INFO": path, "QUERY_STRING": "as_of=2026-01-01&\xff=1"})
    assert answer.status_code == (404 if path == "/nothing" else 400)


def test_a_redirection_cannot_be_bent_into_a_header(app: Flask) -> None:
    answer = app.test_client().get("/v1/jurisdictions/va?as_of=2026-01-01%0d%0aSet-Cookie:%20a=b")
    assert answer.status_code == 422
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/v1/jurisdictions///evil.example", "//evil.example/v1/measures", "/v1//measures", "/v1/measures/", "/v1/jurisdictions/va"]
)
def test_a_redirection_never_leaves_the_house(app: Flask, path: str) -> None:
    answer = app.test_client().get("/", environ_overrides={"PATH_INFO": path, "HTTP_HOST": "evil.example"})
    assert answer.status_code in (308, 404)
    assert answer.headers.get("Location", "/v1/").startswith("/v1/")


def test_ten_thousand_parameters_are_refused_and_not_echoed_at_length(app: Flask) -> None:
    answer = app.test_client().get("/v1/measures?" + "&".join(f"a{number}=1" for number in range(10_000)))
    assert unharmed(answer)
    assert answer.status_code in (400, 413, 414, 422)


@pytest.mark.parametrize(
    "body", [b"{" * 100_000, b"[" * 100_000, b"\0" * 5000, b"\xff" * 5000, b"x" * 2_000_000], ids=["{", "[", "nul", "bytes", "long"]
)
@pytest.mark.parametrize("path", ["/v1/measures", "/v1/jurisdictions/VA", "/healthz"])
def test_a_body_on_a_read_does_no_harm(app: Flask, path: str, body: bytes) -> None:
    answer = app.test_client().get(path, data=body, content_type="application/json")
    assert answer.status_code in (200, 413)


@pytest.mark.parametrize("length", ["-1", "abc", "9" * 50, ""])
def test_a_length_that_is_none_does_no_harm(app: Flask, length: str) -> None:
    assert unharmed(app.test_client().get("/v1/codebook", headers={"Content-Length": length}))


@examples(6)
@given(name=st.sampled_from(HEADERS), value=header_text)
def test_no_header_does_harm(app: Flask, name: str, value: str) -> None:
    assert unharmed(app.test_client().get("/v1/codebook", headers={name: value}))


@ON_BOTH
@examples(6)
@given(
    path=st.sampled_from(sorted(LISTS)),
    query=st.dictionaries(st.sampled_from(NAMES) | printable, st.sampled_from(NASTY) | printable, max_size=3),
)
def test_no_query_does_harm(app: Flask, path: str, query: dict[str, str]) -> None:
    assert unharmed(app.test_client().get(path, query_string={key: value.encode("utf-8", "surrogatepass") for key, value in query.items()}))


@ON_BOTH
@examples(6)
@given(prefix=st.sampled_from(["/v1/jurisdictions/", "/v1/measures/", "/v1/figures/", "/v1/documents/", "/"]), name=printable)
def test_no_path_does_harm(app: Flask, prefix: str, name: str) -> None:
    assert unharmed(app.test_client().get(prefix + quote(name.encode("utf-8", "surrogatepass"), safe="")))


@ON_BOTH
def test_sql_in_an_id_finds_nothing_and_changes_nothing(app: Flask) -> None:
    client = app.test_client()
    before = client.get("/v1/measures").json["count"]
    assert client.get(f"/v1/measures/{DIRECTIVE}'%20OR%20'1'='1").status_code == 404
    client.get("/v1/measures?q='; DELETE FROM measure_versions; --")
    assert client.get("/v1/measures").json["count"] == before


@pytest.mark.parametrize("host", ["", "a b", "[", "evil.example:99999", "é", "a" * 500])
def test_a_host_that_is_none_does_no_harm(app: Flask, host: str) -> None:
    assert all(unharmed(app.test_client().get(path, headers={"Host": host})) for path in ("/v1/codebook", "/v1/measures?limit=1"))
