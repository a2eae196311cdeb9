"""Serve the health, the readiness, the OpenAPI description and the problem types."""

from flask import Response, current_app
from marshmallow import INCLUDE, Schema, fields

from legal.api.formats import tabular
from legal.api.problems import PROBLEM_TYPES
from legal.api.query_params import Blueprint
from legal.api.responses import public_endpoint, with_etag
from legal.db.engine import Database
from legal.db.schema import check_schema_revision
from legal.errors import NotFound, NotReady, SchemaMismatch
from legal.json_types import Json
from legal.queries import health
from legal.schemas.base import StrictSchema

blueprint = Blueprint("operation", __name__, description="Health, readiness, this description and the problem types.")


class NoQuery(StrictSchema):
    """No parameters."""


class HealthSchema(StrictSchema):
    """The health of the process."""

    status = fields.String(required=True, metadata={"example": "ok"})


class ReadySchema(HealthSchema):
    """The readiness of the service, with the newest revision."""

    revision = fields.Integer(required=True, metadata={"example": 1})


class DescriptionSchema(Schema):
    """An OpenAPI 3.1 description."""

    class Meta:
        unknown = INCLUDE

    openapi = fields.String(required=True, metadata={"example": "3.1.0"})


class ProblemSortSchema(StrictSchema):
    """A problem type. The class name is published as the component ``ProblemSort``."""

    type = fields.String(required=True, metadata={"example": "/problems/not-found"})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    description = fields.String(required=True)


@blueprint.read_endpoint("/healthz", query_schema=NoQuery, response_schema=HealthSchema, operation_id="getHealth")
@public_endpoint
def get_health(query: dict[str, str]) -> Response:
    """Check that the process responds, without using the database"""
    return _uncached_response({"status": "ok"})


@blueprint.read_endpoint("/readyz", query_schema=NoQuery, response_schema=ReadySchema, operation_id="getReadiness")
@public_endpoint
def get_readiness(query: dict[str, str]) -> Response:
    """Check that the database is available, has the expected schema, and has a published revision"""
    database: Database = current_app.extensions["database"]
    readiness = database.read(health.load_readiness)
    try:
        check_schema_revision(readiness.schema)
    except SchemaMismatch as error:
        raise NotReady(str(error)) from error
    if readiness.missing_part:
        current_app.logger.error("The database schema does not fit this release: %s", readiness.missing_part)
        raise NotReady("A table or column that this service needs is missing. The log names it.")
    if readiness.revision is None:
        raise NotReady("Nothing has been published yet. The operator must run `flask seed`.")
    return _uncached_response({"status": "ready", "revision": readiness.revision})


@blueprint.read_endpoint("/openapi.json", query_schema=NoQuery, response_schema=DescriptionSchema, operation_id="getDescription")
@public_endpoint
def get_description(query: dict[str, str]) -> Response:
    """Get this OpenAPI description"""
    return with_etag(Response(current_app.extensions["description"](), mimetype="application/json"))


@blueprint.read_endpoint(
    "/problems/<slug>",
    query_schema=NoQuery,
    response_schema=ProblemSortSchema,
    operation_id="getProblem",
    path_example={"slug": "not-found"},
)
@public_endpoint
def get_problem_type(query: dict[str, str], slug: str) -> Response:
    """Get the meaning of a problem type, and what to do about it"""
    for status, problem_type in PROBLEM_TYPES.items():
        if problem_type.slug == slug:
            body = {
                "type": f"/problems/{slug}",
                "title": problem_type.title,
                "status": status,
                "description": problem_type.description,
            }
            return with_etag(Response(tabular.encode_json(body), mimetype="application/json"))
    slugs = ", ".join(problem_type.slug for problem_type in PROBLEM_TYPES.values())
    raise NotFound(f"There is no problem type {slug[:100]!r}. The types are: {slugs}.")


def _uncached_response(body: Json) -> Response:
    return Response(tabular.encode_json(body), mimetype="application/json", headers={"Cache-Control": "no-store"})
