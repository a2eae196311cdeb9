"""Paths with their response schemas, and helpers to read lists and to publish edits, for the API tests."""

import io
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any
from zipfile import ZipFile

from flask.testing import FlaskClient
from marshmallow import Schema

from legal.db.engine import Database
from legal.schemas.agreement import AgencyPage, AgreementPage
from legal.schemas.codebook import CodebookSchema
from legal.schemas.document import DocumentDetailSchema, DocumentPage
from legal.schemas.figure import FigureDetailSchema, FigurePage
from legal.schemas.jurisdiction import CardSchema, JurisdictionPage
from legal.schemas.measure import MeasureDetailSchema, MeasurePage
from legal.schemas.roster import RosterPage
from legal.services.seeds import SeedFile, load_seeds
from tests.databases import load_shipped_seeds

DIRECTIVE = "va-directive-2026-02-04"
FIGURE = "va-ordered-to-terminate-5-agreements"
DOCUMENT = "washington-times-2025-09-17"

LIST_SCHEMAS: dict[str, type[Schema]] = {
    "/v1/jurisdictions": JurisdictionPage,
    "/v1/measures": MeasurePage,
    "/v1/figures": FigurePage,
    "/v1/documents": DocumentPage,
    "/v1/agreements": AgreementPage,
    "/v1/agencies": AgencyPage,
    "/v1/rosters": RosterPage,
}
RESOURCE_SCHEMAS: dict[str, type[Schema]] = {
    "/v1/jurisdictions/VA": CardSchema,
    f"/v1/measures/{DIRECTIVE}": MeasureDetailSchema,
    f"/v1/figures/{FIGURE}": FigureDetailSchema,
    f"/v1/documents/{DOCUMENT}": DocumentDetailSchema,
    "/v1/codebook": CodebookSchema,
}
READ_SCHEMAS = {**LIST_SCHEMAS, **RESOURCE_SCHEMAS}
SHEET_NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
OPERATION_PATHS = ("/healthz", "/readyz", "/openapi.json", "/problems/not-found")


def walk_pages(client: FlaskClient, first_url: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of a list from all its pages."""
    url: str | None = first_url
    while url:
        page = client.get(url).json
        yield from page["results"]
        url = page["next"]


def sheet_rows(workbook: bytes) -> list[dict[str, Any]]:
    """Return the rows of a workbook's first sheet, keyed by the header, after a check that it has no formula.

    A cell with a date format is a datetime.
    """
    with ZipFile(io.BytesIO(workbook)) as archive:
        root = ET.fromstring(archive.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - trusted input
    assert root.find(f".//{SHEET_NAMESPACE}f") is None
    rows = [{str(cell.get("r")).rstrip("0123456789"): cell_value(cell) for cell in row} for row in root.iter(f"{SHEET_NAMESPACE}row")]
    return [{rows[0][column]: value for column, value in row.items()} for row in rows[1:]]


def cell_value(cell: ET.Element) -> Any:
    """Return the value of a cell."""
    content = "".join(text.text or "" for text in cell.iter() if text.tag in (f"{SHEET_NAMESPACE}t", f"{SHEET_NAMESPACE}v"))
    match cell.get("t"):
        case "inlineStr":
            return content
        case "b":
            return content == "1"
        case _:
            # Only dates have a style of their own.
            return datetime(1899, 12, 30, tzinfo=UTC) + timedelta(days=float(content)) if cell.get("s") else float(content)


def faults_by_parameter(response: Any) -> dict[str, dict[str, Any]]:
    """Return the errors of a problem, by parameter."""
    return {error["parameter"]: error for error in response.json["errors"]}


def database_url(database: Database) -> str:
    """Return the URL of a database with its password."""
    return database.engine.url.render_as_string(hide_password=False)


def edited_seeds(code: str, title: str, drop_figure_of: str | None = None) -> list[SeedFile]:
    """Return the shipped seeds with another title for a jurisdiction's first measure, and optionally without a figure of another."""
    files = deepcopy(load_shipped_seeds())
    files_by_code = {content["jurisdiction"]["code"]: content for _, _, content in files if "jurisdiction" in content}
    files_by_code[code]["measures"][0]["title"] = title
    if drop_figure_of:
        files_by_code[drop_figure_of]["figures"].pop()
    return files


def publish_edited_title(database: Database, code: str, title: str) -> None:
    """Publish a revision in which a jurisdiction's first measure has another title."""
    with database.transaction() as session:
        load_seeds(session, edited_seeds(code, title))
