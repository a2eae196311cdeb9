"""Formats: JSON, NDJSON and CSV are the same rows under the same keys, and what is asked for is what is sent."""

import csv
import io
import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from legal.api.formats import tabular
from tests.api.factories import LISTS, SINGLES
from tests.examples import examples

# The rows are those of JSON, which are held to both databases in test_answers.py.
CELLS = st.one_of(st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.text(st.characters(exclude_categories=["Cs", "Cc"])))


def table(body: bytes) -> list[list[str]]:
    """The cells of a CSV body, read by somebody else's reader."""
    return list(csv.reader(io.StringIO(body.decode("utf-8"), newline=""), strict=True))


def reach(row: Any, column: str) -> Any:
    """What stands under a dotted key."""
    for key in column.split("."):
        row = row and row.get(key)
    return row


# One table.


def test_a_table_has_a_header_and_ends_its_lines_as_rfc_4180_says() -> None:
    assert tabular.csv_table([{"a": 1, "b": "x"}], ["a", "b"]) == b"a,b\r\n1,x\r\n"


def test_a_table_without_rows_still_has_its_header() -> None:
    assert tabular.csv_table([], ["a", "b"]) == b"a,b\r\n"


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
        (["a", "b"], '["a","b"]'),
        ([], "[]"),
        ([{"a": None}], '[{"a":null}]'),
    ],
)
def test_a_value_is_written_plainly(value: object, cell: str) -> None:
    assert table(tabular.csv_table([{"a": value, "b": 1}], ["a", "b"]))[1] == [cell, "1"]


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", '=HYPERLINK("http://evil.example")'])
def test_a_cell_that_would_run_as_a_formula_is_defused(formula: str) -> None:
    assert table(tabular.csv_table([{"a": formula}], ["a"]))[1] == [f"'{formula}"]


def test_nested_keys_are_flattened_with_dots() -> None:
    assert tabular.csv_table([{"a": {"b": {"c": 1}}}, {"a": None}], ["a.b.c"]) == b'a.b.c\r\n1\r\n""\r\n'


@examples(20)
@given(rows=st.lists(st.fixed_dictionaries({"a": CELLS, "b": CELLS})))
def test_any_table_is_read_back_cell_for_cell(rows: list[dict[str, Any]]) -> None:
    read = table(tabular.csv_table(rows, ["a", "b"]))
    assert len(read) == len(rows) + 1
    for row, cells in zip(rows, read[1:], strict=True):
        for value, cell in zip((row["a"], row["b"]), cells, strict=True):
            assert not (isinstance(value, str) and cell.startswith(tabular.FORMULA))
            assert not isinstance(value, str) or cell.removeprefix("'") == value.removeprefix("'")


# Over HTTP.


@pytest.mark.parametrize("path", LISTS)
def test_ndjson_has_the_rows_of_json(client: FlaskClient, path: str) -> None:
    answer = client.get(f"{path}?format=ndjson&limit=5")
    assert answer.mimetype == "application/x-ndjson"
    assert [json.loads(line) for line in answer.data.splitlines()] == client.get(f"{path}?limit=5").json["results"]


@pytest.mark.parametrize("path", LISTS)
def test_csv_has_the_rows_of_json(client: FlaskClient, path: str) -> None:
    answer = client.get(f"{path}?format=csv&limit=5")
    assert answer.mimetype == "text/csv"
    header, *cells = table(answer.data)
    for row, values in zip(client.get(f"{path}?limit=5").json["results"], cells, strict=True):
        expected = [reach(row, column) for column in header]
        assert values == table(tabular.csv_table([dict(enumerate_keys(expected))], [str(n) for n in range(len(expected))]))[1]


def enumerate_keys(values: list[Any]) -> list[tuple[str, Any]]:
    """Values under their positions."""
    return [(str(position), value) for position, value in enumerate(values)]


@pytest.mark.parametrize("path", LISTS)
def test_the_header_is_the_same_whatever_the_rows(client: FlaskClient, path: str) -> None:
    headers = {client.get(f"{path}?format=csv&{query}").data.split(b"\r\n")[0] for query in ("limit=200", "limit=1", "as_of=1900-01-01")}
    assert len(headers) == 1


def test_an_empty_list_is_a_header_alone(client: FlaskClient) -> None:
    body = client.get("/v1/measures?q=nothing-is-called-this&format=csv").data
    assert len(table(body)) == 1


def test_the_first_column_is_the_identifier(client: FlaskClient) -> None:
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
def test_the_columns_can_be_chosen(client: FlaskClient, fields: str, header: list[str]) -> None:
    rows = table(client.get(f"/v1/measures?format=csv&limit=3&fields={fields}").data)
    assert sorted(rows[0]) == sorted(header)


def test_a_column_of_a_list_holds_just_the_keys_that_were_chosen(client: FlaskClient) -> None:
    cell = table(client.get("/v1/measures?format=csv&limit=1&fields=citations.document").data)[1][0]
    assert {key for citation in json.loads(cell) for key in citation} == {"document"}


def test_the_next_page_stands_in_the_link_header_of_every_format(client: FlaskClient) -> None:
    link = client.get("/v1/measures?limit=1&format=csv").headers["Link"]
    following = client.get(link[1 : link.index(">")])
    assert following.mimetype == "text/csv"
    assert len(table(following.data)) == 2


# Which format.


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
def test_the_accept_header_chooses(client: FlaskClient, accept: str | None, mimetype: str) -> None:
    answer = client.get("/v1/measures?limit=1", headers={} if accept is None else {"Accept": accept})
    assert (answer.status_code, answer.mimetype) == (200, mimetype)


@pytest.mark.parametrize("accept", ["text/csv", "image/png", "application/json"])
def test_the_format_parameter_wins_over_the_header(client: FlaskClient, accept: str) -> None:
    assert client.get("/v1/measures?limit=1&format=ndjson", headers={"Accept": accept}).mimetype == "application/x-ndjson"


@pytest.mark.parametrize("path", ["/v1/measures", *SINGLES])
@pytest.mark.parametrize("accept", ["image/png", "*/*;q=0", "application/xml", "garbage"])
def test_what_cannot_be_had_is_406_and_says_what_can(client: FlaskClient, path: str, accept: str) -> None:
    answer = client.get(path, headers={"Accept": accept})
    assert answer.status_code == 406
    assert "application/json" in answer.json["detail"]


def test_a_single_thing_is_json_only(client: FlaskClient) -> None:
    assert client.get("/v1/codebook", headers={"Accept": "text/csv"}).status_code == 406
    assert client.get("/v1/codebook?format=csv").status_code == 422
