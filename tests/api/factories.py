"""Paths with their response schemas, and helpers to read lists and to publish edits, for the API tests."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

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
OPERATION_PATHS = ("/healthz", "/readyz", "/openapi.json", "/problems/not-found")


def walk_pages(client: FlaskClient, first_url: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of a list from all its pages."""
    url: str | None = first_url
    while url:
        page = client.get(url).json
        yield from page["results"]
        url = page["next"]


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
