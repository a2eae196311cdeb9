"""Lists as workbooks."""

import csv
import io
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from typing import Any
from zipfile import ZipFile

import pytest
from flask.testing import FlaskClient

from legal.api.formats import tabular, xlsx
from tests.api.factories import LISTS

# The rows are those of JSON, which are held to both databases in test_answers.py.
XLSX = tabular.MEDIA["xlsx"]
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def cells(workbook: bytes) -> list[dict[str, Any]]:
    """The rows of the first sheet, by the names in its first row; text as text, numbers as numbers, no formula at all."""
    with ZipFile(io.BytesIO(workbook)) as archive:
        root = ET.fromstring(archive.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - our own
    assert root.find(f".//{SHEET}f") is None
    rows = [{str(cell.get("r")).rstrip("0123456789"): value(cell) for cell in row} for row in root.iter(f"{SHEET}row")]
    return [{rows[0][column]: told for column, told in row.items()} for row in rows[1:]]


def value(cell: ET.Element) -> Any:
    """What a cell holds."""
    told = "".join(text.text or "" for text in cell.iter() if text.tag in (f"{SHEET}t", f"{SHEET}v"))
    match cell.get("t"):
        case "inlineStr":
            return told
        case "b":
            return told == "1"
        case _:
            return float(told)


def whole(told: Any) -> Any:
    """A number without a fraction, as JSON and CSV have it."""
    return int(told) if isinstance(told, float) and told.is_integer() else told


def written(text: str) -> str:
    """What a workbook has of the text of a CSV cell: no apostrophe is needed, and it holds so much and no more."""
    plain = text.removeprefix("'")
    return plain if len(plain) <= xlsx.LONGEST_CELL else plain[: xlsx.LONGEST_CELL - len(xlsx.CUT)] + xlsx.CUT


def made(value: Any) -> Any:
    """What a workbook holds of one value."""
    return cells(xlsx.table([{"a": value}], ["a"], NOW))[0].get("a")


@pytest.mark.parametrize("path", LISTS)
def test_a_workbook_has_the_rows_and_keys_of_the_csv(client: FlaskClient, path: str) -> None:
    table = list(csv.DictReader(io.StringIO(client.get(f"{path}?format=csv").text, newline="")))
    book = cells(client.get(f"{path}?format=xlsx").data)
    assert [{key: written(text) for key, text in row.items() if text} for row in table] == [
        {key: tabular.cell(whole(told)) if isinstance(told, bool) else str(whole(told)) for key, told in row.items()} for row in book
    ]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "http://example.org", "internal:x", "01", "1", "{=1}", "<&>\x07", "  two  ", "é😀"]
)
def test_text_stays_text_whatever_it_looks_like(text: str) -> None:
    assert made(text) == text.replace("\x07", "_x0007_")


@pytest.mark.parametrize(("given", "kept"), [(3, 3), (0.5, 0.5), (True, True), (False, False), ([1], "[1]"), ({}, "{}")])
def test_other_values_keep_their_kind(given: Any, kept: Any) -> None:
    assert made(given) == kept


def test_nothing_is_an_empty_cell() -> None:
    assert cells(xlsx.table([{"a": None, "b": 1}], ["a", "b"], NOW)) == [{"b": 1}]


def test_a_text_as_long_as_a_cell_is_whole() -> None:
    assert made("x" * xlsx.LONGEST_CELL) == "x" * xlsx.LONGEST_CELL


def test_a_text_longer_than_a_cell_is_cut_and_says_so() -> None:
    told = made("x" * (xlsx.LONGEST_CELL + 1))
    assert (len(told), told.endswith(xlsx.CUT)) == (xlsx.LONGEST_CELL, True)


def test_a_workbook_of_no_rows_has_its_header(client: FlaskClient) -> None:
    answer = client.get("/v1/measures?format=xlsx&q=nothinglikethis")
    assert (answer.status_code, cells(answer.data)) == (200, [])


def test_the_accept_header_asks_for_a_workbook(client: FlaskClient) -> None:
    assert client.get("/v1/figures", headers={"Accept": XLSX}).content_type == XLSX


def test_the_same_answer_is_the_same_bytes(client: FlaskClient) -> None:
    first, second = (client.get("/v1/figures?format=xlsx&limit=2") for _ in range(2))
    assert (first.data, first.headers["ETag"]) == (second.data, second.headers["ETag"])


def test_a_workbook_is_dated_by_its_revision(client: FlaskClient) -> None:
    answer = client.get("/v1/figures?format=xlsx&limit=1")
    with ZipFile(io.BytesIO(answer.data)) as archive:
        assert client.get("/v1/codebook").json["meta"]["known_at"][:19] in archive.read("docProps/core.xml").decode()


def test_a_workbook_leads_to_the_next_page(client: FlaskClient) -> None:
    assert "format=xlsx" in client.get("/v1/figures?format=xlsx&limit=1").headers["Link"]


def test_just_the_keys_asked_for_are_columns(client: FlaskClient) -> None:
    assert {tuple(row) for row in cells(client.get("/v1/figures?format=xlsx&fields=id,unit").data)} == {("id", "unit")}


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
@pytest.mark.parametrize("path", LISTS)
def test_the_file_name_says_what_it_is(client: FlaskClient, path: str, extension: str) -> None:
    told = client.get(f"{path}?format={extension}&limit=1&as_of=2026-11-22").headers["Content-Disposition"]
    assert told == f'attachment; filename="legal-landscape-{path.removeprefix("/v1/")}-r1-2026-11-22.{extension}"'


def test_a_file_name_takes_nothing_odd_from_an_address() -> None:
    told = tabular.attachment('/v1/measures/a"b\r\n/versions', 3, "2026-11-22", "csv")
    assert told == 'attachment; filename="legal-landscape-measures-a-b-versions-r3-2026-11-22.csv"'


def test_json_is_not_offered_as_a_file(client: FlaskClient) -> None:
    assert "Content-Disposition" not in client.get("/v1/measures").headers
