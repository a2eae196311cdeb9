"""Test that JSON, NDJSON and CSV have the same rows and keys, and how a format is chosen."""

import csv
import io
import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from legal.api.formats import tabular
from tests.api.factories import LIST_SCHEMAS, RESOURCE_SCHEMAS, database_url, faults_by_parameter, sheet_rows, walk_pages
from tests.conftest import make_app
from tests.examples import examples

# The rows are those of JSON, which tests/system/test_databases.py compares on both databases.
cell_values = st.one_of(st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.text(st.characters(exclude_categories=["Cs", "Cc"])))


def csv_cells(body: bytes) -> list[list[str]]:
    """Parse a CSV body with the standard library's reader."""
    return list(csv.reader(io.StringIO(body.decode("utf-8"), newline=""), strict=True))


def value_at(row: Any, column: str) -> Any:
    """Return the value at a dotted key."""
    for key in column.split("."):
        row = row and row.get(key)
    return row


# Encoding.


def test_csv_has_a_header_and_crlf_line_ends() -> None:
    assert tabular.encode_csv([{"a": 1, "b": "x"}], ["a", "b"]) == b"a,b\r\n1,x\r\n"


def test_csv_without_rows_has_its_header() -> None:
    assert tabular.encode_csv([], ["a", "b"]) == b"a,b\r\n"


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (5, "5"),
        (-5, "-5"),
        (0.5, "0.5"),
        ("Québec, “so”", "Québec, “so”"),
        ('say "so"', 'say "so"'),
        ("two\nlines", "two\nlines"),
        (["a", "b"], "a; b"),
        ([], ""),
        (["a", None, True, 5], "a; ; true; 5"),
        ([{"a": None}], ""),
        ([{"id": "va-ban", "title": "A ban"}, {"id": "va-order", "title": "=1"}], "va-ban; va-order"),
        (
            [{"event": "signed", "date": {"edtf": "2026-02", "basis": "explicit"}, "names": ["A", "B"], "note": None}, {"event": "filed"}],
            "event: signed, date: 2026-02, names: A / B; filed",
        ),
        ({"task_force": 3, "jail_enforcement": 0}, "task_force: 3; jail_enforcement: 0"),
    ],
)
def test_value_is_written_as_plain_or_joined_text(value: object, cell: str) -> None:
    assert csv_cells(tabular.encode_csv([{"a": value, "b": 1}], ["a", "b"]))[1] == [cell, "1"]


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", '=HYPERLINK("http://evil.example")'])
def test_text_that_would_run_as_a_formula_is_defused(formula: str) -> None:
    assert csv_cells(tabular.encode_csv([{"a": formula}], ["a"]))[1] == [f"'{formula}"]


def test_nested_keys_are_joined_with_dots() -> None:
    assert tabular.encode_csv([{"a": {"b": {"c": 1}}}, {"a": None}], ["a.b.c"]) == b'a.b.c\r\n1\r\n""\r\n'


@examples(20)
@given(rows=st.lists(st.fixed_dictionaries({"a": cell_values, "b": cell_values})))
def test_any_table_can_be_read_back(rows: list[dict[str, Any]]) -> None:
    lines = csv_cells(tabular.encode_csv(rows, ["a", "b"]))
    assert len(lines) == len(rows) + 1
    for row, cells in zip(rows, lines[1:], strict=True):
        for value, cell in zip((row["a"], row["b"]), cells, strict=True):
            assert not (isinstance(value, str) and cell.startswith(tabular.FORMULA_PREFIXES))
            assert not isinstance(value, str) or cell.removeprefix("'") == value.removeprefix("'")


# Lists over HTTP.


def test_ndjson_of_every_list_has_the_rows_of_json(client: FlaskClient) -> None:
    failures = []
    for path in LIST_SCHEMAS:
        response = client.get(f"{path}?format=ndjson&limit=5")
        rows = [json.loads(line) for line in response.data.splitlines()]
        if response.mimetype != "application/x-ndjson" or rows != client.get(f"{path}?limit=5").json["results"]:
            failures.append(path)
    assert failures == []


def test_csv_of_every_list_has_the_rows_of_json(client: FlaskClient) -> None:
    failures = []
    for path in LIST_SCHEMAS:
        response = client.get(f"{path}?format=csv&limit=5")
        header, *lines = csv_cells(response.data)
        rows = client.get(f"{path}?limit=5").json["results"]
        if response.mimetype != "text/csv" or lines != [expected_line(row, header) for row in rows]:
            failures.append(path)
    assert failures == []


def expected_line(row: Any, header: list[str]) -> list[str]:
    """Return the cells of a row as CSV has them, from the values at the header's keys."""
    values = [value_at(row, column) for column in header]
    columns = [str(number) for number in range(len(values))]
    return csv_cells(tabular.encode_csv([dict(zip(columns, values, strict=True))], columns))[1]


def test_csv_header_of_every_list_does_not_depend_on_the_rows(client: FlaskClient) -> None:
    queries = ("limit=200", "limit=1", "as_of=1900-01-01")
    headers = {path: {client.get(f"{path}?format=csv&{query}").data.split(b"\r\n")[0] for query in queries} for path in LIST_SCHEMAS}
    assert [path for path, variants in headers.items() if len(variants) != 1] == []


def test_empty_list_in_csv_is_only_a_header(client: FlaskClient) -> None:
    body = client.get("/v1/measures?q=nothing-is-called-this&format=csv").data
    assert len(csv_cells(body)) == 1


def test_first_column_is_the_id(client: FlaskClient) -> None:
    assert client.get("/v1/measures?format=csv&limit=1").data.startswith(b"id,")


@pytest.mark.parametrize(
    ("fields", "header"),
    [
        ("id,title", ["id", "title"]),
        ("title,id", ["id", "title"]),
        ("effective.from.edtf", ["effective.from.edtf"]),
        ("corroboration", ["corroboration.documents", "corroboration.publishers", "corroboration.origins"]),
        ("citations.document", ["citations"]),
    ],
)
def test_fields_select_columns(client: FlaskClient, fields: str, header: list[str]) -> None:
    rows = csv_cells(client.get(f"/v1/measures?format=csv&limit=3&fields={fields}").data)
    assert sorted(rows[0]) == sorted(header)


def test_list_column_has_only_the_selected_keys(client: FlaskClient) -> None:
    cell = csv_cells(client.get("/v1/measures?format=csv&limit=1&fields=citations.document").data)[1][0]
    citations = client.get("/v1/measures?limit=1").json["results"][0]["citations"]
    assert cell == "; ".join(citation["document"] for citation in citations) != ""


def test_link_header_of_csv_leads_to_the_next_page_in_csv(client: FlaskClient) -> None:
    link = client.get("/v1/measures?limit=1&format=csv").headers["Link"]
    next_page = client.get(link[1 : link.index(">")])
    assert next_page.mimetype == "text/csv"
    assert len(csv_cells(next_page.data)) == 2


# Downloads.


@pytest.mark.parametrize("format_name", ["csv", "ndjson", "xlsx"])
def test_download_without_limit_has_every_row(client: FlaskClient, format_name: str) -> None:
    failures = []
    for path in LIST_SCHEMAS:
        ids = [row.get("id") or row["code"] for row in walk_pages(client, f"{path}?limit=200")]
        response = client.get(f"{path}?format={format_name}")
        if first_cells(response.data, format_name) != ids or "Link" in response.headers:
            failures.append(path)
    assert failures == []


def first_cells(body: bytes, format_name: str) -> list[Any]:
    """Return the first value of each row of a download."""
    if format_name == "csv":
        return [line[0] for line in csv_cells(body)[1:]]
    if format_name == "ndjson":
        return [next(iter(json.loads(line).values())) for line in body.splitlines()]
    return [next(iter(row.values())) for row in sheet_rows(body)]


@pytest.mark.parametrize("format_name", ["csv", "ndjson", "xlsx"])
def test_long_download_is_streamed_page_by_page(client: FlaskClient, monkeypatch: pytest.MonkeyPatch, format_name: str) -> None:
    url = f"/v1/measures?sort=-effective&format={format_name}&facets=kind"
    whole = client.get(url)
    monkeypatch.setattr("legal.http.reads._DOWNLOAD_PAGE_ROWS", 7)
    with client.get(url) as streamed:
        assert streamed.is_streamed
        assert first_cells(streamed.data, format_name) == first_cells(whole.data, format_name)
        assert streamed.headers["Content-Disposition"] == whole.headers["Content-Disposition"]
    with client.get(url, headers={"If-None-Match": streamed.headers["ETag"]}) as response:
        assert (response.status_code, response.data) == (304, b"")


def test_streamed_download_is_the_same_from_the_response_cache(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("legal.http.reads._DOWNLOAD_PAGE_ROWS", 7)
    cached_app = make_app(database_url(app.extensions["database"]), cache_bytes=2**20)
    client = cached_app.test_client()
    url = "/v1/measures?format=csv"
    with client.head(url) as head:
        assert (head.status_code, head.data) == (200, b"")
    bodies = []
    for _ in range(2):
        with client.get(url) as response:
            bodies.append(response.data)
    assert bodies[0] == bodies[1] == app.test_client().get(url).data
    assert len(csv_cells(bodies[0])) == client.get("/v1/measures").json["count"] + 1
    cached_app.extensions["database"].dispose()


def test_etag_of_a_streamed_download_differs_by_request(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("legal.http.reads._DOWNLOAD_PAGE_ROWS", 7)
    queries = ("format=csv", "format=ndjson", "format=csv&bom=true", "format=csv&fields=id", "format=csv&as_of=2026-01-01")
    urls = [f"/v1/{noun}?{query}" for noun in ("measures", "figures") for query in queries]
    tags = []
    for url in urls:
        with client.get(url) as response:
            tags.append(response.headers["ETag"])
    assert len(set(tags)) == len(urls)


def test_page_of_a_download_says_which_rows_it_has(client: FlaskClient) -> None:
    count = client.get("/v1/measures").json["count"]
    first = client.get("/v1/measures?format=csv&limit=4")
    second = client.get(first.headers["Link"].partition(">")[0][1:])
    cursor = client.get("/v1/measures?limit=4").json["next_cursor"]
    rest = client.get("/v1/measures", query_string={"format": "csv", "cursor": cursor})
    empty = client.get("/v1/measures?format=csv&limit=4&q=nothing-is-called-this")
    parts = ["-rows-1-4-of-", "-rows-5-8-of-", f"-rows-5-{count}-of-"]
    for response, part in zip((first, second, rest), parts, strict=True):
        assert response.headers["Content-Disposition"].endswith(f'{part}{count}.csv"')
    assert empty.headers["Content-Disposition"].endswith('-rows-0-of-0.csv"')
    assert len(csv_cells(rest.data)) - 1 == count - 4


def test_byte_order_mark_comes_only_on_request(client: FlaskClient) -> None:
    plain, marked = (client.get(f"/v1/measures?format=csv&limit=1{query}").data for query in ("&bom=false", "&bom=true"))
    assert marked == b"\xef\xbb\xbf" + plain


@pytest.mark.parametrize("format_name", ["ndjson", "xlsx"])
def test_byte_order_mark_is_only_in_csv(client: FlaskClient, format_name: str) -> None:
    plain, marked = (client.get(f"/v1/measures?limit=1&format={format_name}{query}").data for query in ("", "&bom=true"))
    assert marked == plain


def test_byte_order_mark_is_either_true_or_false(client: FlaskClient) -> None:
    assert "bom" in faults_by_parameter(client.get("/v1/measures?bom=yes"))


# Choice of the format.


@pytest.mark.parametrize(
    ("accept", "mimetype"),
    [
        (None, "application/json"),
        ("", "application/json"),
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        ("text/*", "text/csv"),
        ("text/csv", "text/csv"),
        ("text/csv; charset=utf-8", "text/csv"),
        ("application/json; charset=utf-8", "application/json"),
        ("application/x-ndjson", "application/x-ndjson"),
        ("text/csv;q=0.5, application/json;q=0.4", "text/csv"),
        ("text/csv;q=0.4, application/json;q=0.5", "application/json"),
        ("application/json;q=0, text/csv", "text/csv"),
        ("text/html, application/xhtml+xml, */*;q=0.8", "application/json"),
        ("image/png, text/csv;q=0.1", "text/csv"),
    ],
)
def test_accept_header_chooses_the_format(client: FlaskClient, accept: str | None, mimetype: str) -> None:
    response = client.get("/v1/measures?limit=1", headers={} if accept is None else {"Accept": accept})
    assert (response.status_code, response.mimetype) == (200, mimetype)


@pytest.mark.parametrize("accept", ["text/csv", "image/png", "application/json"])
def test_format_parameter_overrides_the_accept_header(client: FlaskClient, accept: str) -> None:
    assert client.get("/v1/measures?limit=1&format=ndjson", headers={"Accept": accept}).mimetype == "application/x-ndjson"


@pytest.mark.parametrize("accept", ["image/png", "*/*;q=0", "application/xml", "garbage"])
def test_every_path_answers_406_with_the_available_formats(client: FlaskClient, accept: str) -> None:
    responses = {path: client.get(path, headers={"Accept": accept}) for path in ("/v1/measures", *RESOURCE_SCHEMAS)}
    assert [path for path, response in responses.items() if response.status_code != 406] == []
    assert [path for path, response in responses.items() if "application/json" not in response.json["detail"]] == []


def test_single_resource_is_available_only_as_json(client: FlaskClient) -> None:
    assert client.get("/v1/codebook", headers={"Accept": "text/csv"}).status_code == 406
    assert client.get("/v1/codebook?format=csv").status_code == 422
