"""Test lists as XLSX workbooks."""

import csv
import io
import resource
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from flask.testing import FlaskClient
from marshmallow import fields

from legal.api.formats import tabular, xlsx
from legal.queries.core.snapshot import Snapshot
from tests.api.factories import LIST_SCHEMAS, sheet_rows

# The rows are those of JSON, which tests/system/test_databases.py compares on both databases.
XLSX_MEDIA_TYPE = tabular.MEDIA_TYPES["xlsx"]
CREATED = datetime(2026, 11, 22, 12, tzinfo=UTC)


def without_fraction(value: Any) -> Any:
    """Return a whole number as an int, as JSON and CSV have it."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def text_in_workbook(text: str) -> str:
    """Return the text of a CSV cell as a workbook has it: without the apostrophe, and truncated to the maximum length."""
    text = text.removeprefix("'")
    return text if len(text) <= xlsx.MAX_CELL_LENGTH else text[: xlsx.MAX_CELL_LENGTH - len(xlsx.TRUNCATION_NOTE)] + xlsx.TRUNCATION_NOTE


def written_value(value: Any) -> Any:
    """Return a value after it was written to a workbook and read back."""
    return encoded_rows([{"a": value}], {"a": fields.Raw()})[0].get("a")


def encoded_rows(rows: list[dict[str, Any]], columns: dict[str, fields.Field[Any]]) -> list[dict[str, Any]]:
    """Return rows after they were written to a workbook and read back."""
    return sheet_rows(b"".join(xlsx.encode_xlsx(rows, columns, CREATED)))


def csv_text(value: Any) -> str:
    """Return a value of a workbook as CSV writes it."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    value = without_fraction(value)
    return str(tabular.csv_cell(value) if isinstance(value, bool) else value)


def test_workbook_of_every_list_has_the_rows_and_keys_of_the_csv(client: FlaskClient) -> None:
    failures = []
    for path in LIST_SCHEMAS:
        csv_rows = list(csv.DictReader(io.StringIO(client.get(f"{path}?format=csv").text, newline="")))
        workbook_rows = sheet_rows(client.get(f"{path}?format=xlsx").data)
        expected_rows = [{key: text_in_workbook(text) for key, text in row.items() if text} for row in csv_rows]
        if [{key: csv_text(value) for key, value in row.items()} for row in workbook_rows] != expected_rows:
            failures.append(path)
    assert failures == []


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "http://example.org", "internal:x", "01", "1", "{=1}", "<&>\x07", "  two  ", "é😀"]
)
def test_text_that_looks_like_another_type_stays_text(text: str) -> None:
    assert written_value(text) == text.replace("\x07", "_x0007_")


@pytest.mark.parametrize(("value", "expected"), [(3, 3), (0.5, 0.5), (True, True), (False, False), ([1], "1"), ({"a": 1}, "a: 1")])
def test_numbers_and_booleans_keep_their_type(value: Any, expected: Any) -> None:
    assert written_value(value) == expected


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        (fields.Date(), "2026-02-04", datetime(2026, 2, 4, tzinfo=UTC)),
        (fields.Date(), "1899-12-31", "1899-12-31"),
        (fields.AwareDateTime(), "2026-02-04T23:30:00-05:00", datetime(2026, 2, 5, 4, 30, tzinfo=UTC)),
        (fields.String(), "2026-02-04", "2026-02-04"),
    ],
)
def test_only_columns_of_days_and_times_have_date_cells(field: fields.Field[Any], value: str | None, expected: object) -> None:
    assert encoded_rows([{"a": value}], {"a": field})[0].get("a") == expected


def test_dates_of_agreements_and_measures_are_date_cells(client: FlaskClient) -> None:
    rows = sheet_rows(client.get("/v1/measures?format=xlsx&fields=id,effective").data)
    days = {row["id"]: row.get("effective.from.earliest") for row in rows}
    assert days["va-directive-2026-02-04"] == datetime(2026, 2, 4, tzinfo=UTC)


def test_null_is_an_empty_cell() -> None:
    assert encoded_rows([{"a": None, "b": 1}], {"a": fields.Raw(), "b": fields.Raw()}) == [{"b": 1}]


def test_text_of_the_maximum_length_is_not_truncated() -> None:
    assert written_value("x" * xlsx.MAX_CELL_LENGTH) == "x" * xlsx.MAX_CELL_LENGTH


def test_longer_text_is_truncated_with_a_note() -> None:
    text = written_value("x" * (xlsx.MAX_CELL_LENGTH + 1))
    assert (len(text), text.endswith(xlsx.TRUNCATION_NOTE)) == (xlsx.MAX_CELL_LENGTH, True)


def test_workbook_without_rows_is_readable(client: FlaskClient) -> None:
    response = client.get("/v1/measures?format=xlsx&q=nothinglikethis")
    assert (response.status_code, sheet_rows(response.data)) == (200, [])


def test_accept_header_requests_a_workbook(client: FlaskClient) -> None:
    assert client.get("/v1/figures", headers={"Accept": XLSX_MEDIA_TYPE}).content_type == XLSX_MEDIA_TYPE


def test_same_rows_give_the_same_bytes(client: FlaskClient) -> None:
    first, second = (client.get("/v1/figures?format=xlsx&limit=2") for _ in range(2))
    assert (first.data, first.headers["ETag"]) == (second.data, second.headers["ETag"])


def test_workbook_has_the_date_of_its_revision(client: FlaskClient) -> None:
    response = client.get("/v1/figures?format=xlsx&limit=1")
    with ZipFile(io.BytesIO(response.data)) as archive:
        assert client.get("/v1/codebook").json["meta"]["known_at"][:19] in archive.read("docProps/core.xml").decode()


def test_link_header_of_a_workbook_leads_to_the_next_page(client: FlaskClient) -> None:
    assert "format=xlsx" in client.get("/v1/figures?format=xlsx&limit=1").headers["Link"]


def test_fields_select_the_columns_of_a_workbook(client: FlaskClient) -> None:
    assert {tuple(row) for row in sheet_rows(client.get("/v1/figures?format=xlsx&fields=id,unit").data)} == {("id", "unit")}


def test_file_name_of_every_list_has_its_resource_revision_and_day(client: FlaskClient) -> None:
    failures = []
    for path in LIST_SCHEMAS:
        for extension in ("csv", "xlsx"):
            header = client.get(f"{path}?format={extension}&limit=1&as_of=2026-11-22").headers["Content-Disposition"]
            if not header.startswith(f'attachment; filename="legal-landscape-{path.removeprefix("/v1/")}-r1-2026-11-22-rows-'):
                failures.append(header)
    assert failures == []


def test_file_name_has_no_special_characters() -> None:
    snapshot = Snapshot(3, CREATED, date(2026, 11, 22), "1.0", 1, "4f1c09d2ab", newest=3, newest_at=CREATED)
    header = tabular.content_disposition('/v1/measures/a"b\r\n/versions', snapshot, "csv")
    assert header == 'attachment; filename="legal-landscape-measures-a-b-versions-r3-2026-11-22.csv"'


def test_json_has_no_file_name(client: FlaskClient) -> None:
    assert "Content-Disposition" not in client.get("/v1/measures").headers


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the archive that the library has begun cannot be ended
def test_file_without_room_is_an_error_of_the_system_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large"):  # it is noticed when the library puts its parts together
            b"".join(xlsx.encode_xlsx([{"id": "1"}], {"id": fields.String()}, CREATED))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert [*tmp_path.iterdir()] == []
