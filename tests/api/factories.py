"""What the tests of the API share: every read with its shape, an app with views of the test's own, and a way to grow the record."""

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
from legal.services import seeds as acts
from tests.conftest import shipped

DIRECTIVE = "va-directive-2026-02-04"
FIGURE = "va-ordered-to-terminate-5-agreements"
DOCUMENT = "washington-times-2025-09-17"

LISTS: dict[str, type[Schema]] = {
    "/v1/jurisdictions": JurisdictionPage,
    "/v1/measures": MeasurePage,
    "/v1/figures": FigurePage,
    "/v1/documents": DocumentPage,
    "/v1/agreements": AgreementPage,
    "/v1/agencies": AgencyPage,
    "/v1/rosters": RosterPage,
}
SINGLES: dict[str, type[Schema]] = {
    "/v1/jurisdictions/VA": CardSchema,
    f"/v1/measures/{DIRECTIVE}": MeasureDetailSchema,
    f"/v1/figures/{FIGURE}": FigureDetailSchema,
    f"/v1/documents/{DOCUMENT}": DocumentDetailSchema,
    "/v1/codebook": CodebookSchema,
}
READS = {**LISTS, **SINGLES}
OPERATION = ("/healthz", "/readyz", "/openapi.json", "/problems/not-found")


def walked(client: FlaskClient, first: str) -> Iterator[dict[str, Any]]:
    """Every row of a list, page after page."""
    following: str | None = first
    while following:
        page = client.get(following).json
        yield from page["results"]
        following = page["next"]


def faults(answer: Any) -> dict[str, dict[str, Any]]:
    """The errors of a problem, by the parameter they are about."""
    return {error["parameter"]: error for error in answer.json["errors"]}


def url_of(database: Database) -> str:
    """The address of a database, password and all."""
    return database.engine.url.render_as_string(hide_password=False)


def altered(code: str, title: str, without: str | None = None) -> list[acts.File]:
    """The seeds as shipped, but that the first measure of a place has another title, and another place has one figure less."""
    files = deepcopy(shipped())
    by_place = {content["jurisdiction"]["code"]: content for _, _, content in files if "jurisdiction" in content}
    by_place[code]["measures"][0]["title"] = title
    if without:
        by_place[without]["figures"].pop()
    return files


def amended(database: Database, code: str, title: str) -> None:
    """Publish a new revision in which the first measure of a place has another title."""
    with database.transaction() as session:
        acts.load(session, altered(code, title))
