"""What operators and tools ask of the service itself: is it up, is it ready, what can it do, what does a problem mean."""

from flask import Response, current_app
from marshmallow import INCLUDE, Schema, fields

from legal.api.formats import tabular
from legal.api.problems import SORTS
from legal.api.query_params import Blueprint
from legal.api.responses import cacheable, public
from legal.db.engine import Database
from legal.errors import NotFound, NotReady
from legal.queries import health as querie_health
from legal.schemas.base import Strict

blueprint = Blueprint("operation", __name__, description="Whether the service is up and ready, and what it can do.")


class NoQuery(Strict):
    """No parameters."""


class HealthSchema(Strict):
    """How the service is."""

    status = fields.String(required=True, metadata={"example": "ok"})


class ReadySchema(HealthSchema):
    """That the service can answer, and from which revision."""

    revision = fields.Integer(required=True, metadata={"example": 1})


class DescriptionSchema(Schema):
    """An OpenAPI 3.1 description."""

    class Meta:
        unknown = INCLUDE

    openapi = fields.String(required=True, metadata={"example": "3.1.0"})


class ProblemSortSchema(Strict):
    """What a sort of problem means."""

    type = fields.String(required=True, metadata={"example": "/problems/not-found"})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    description = fields.String(required=True)


@blueprint.read("/healthz", takes=NoQuery, gives=HealthSchema, named="getHealth")
@public
def health(query: dict[str, str]) -> Response:
    """That the process answers; touches no database"""
    return _unkept({"status": "ok"})


@blueprint.read("/readyz", takes=NoQuery, gives=ReadySchema, named="getReadiness")
@public
def ready(query: dict[str, str]) -> Response:
    """That the database is there, has the schema this code expects, and something has been published"""
    database: Database = current_app.extensions["database"]
    with database.reading() as session:
        found = querie_health.of(session)
    if found.schema != querie_health.expected_schema():
        raise NotReady("The database's schema is not the one this code expects; run `flask db upgrade`.")
    if found.revision is None:
        raise NotReady("Nothing has been published yet; run `flask seed`.")
    return _unkept({"status": "ready", "revision": found.revision})


@blueprint.read("/openapi.json", takes=NoQuery, gives=DescriptionSchema, named="getDescription")
@public
def description(query: dict[str, str]) -> Response:
    """This description"""
    return cacheable(Response(current_app.extensions["description"](), mimetype="application/json"))


@blueprint.read("/problems/<slug>", takes=NoQuery, gives=ProblemSortSchema, named="getProblem", example={"slug": "not-found"})
@public
def problem(query: dict[str, str], slug: str) -> Response:
    """What a sort of problem means, and what to do about it"""
    for status, sort in SORTS.items():
        if sort.slug == slug:
            told = {"type": f"/problems/{slug}", "title": sort.title, "status": status, "description": sort.description}
            return cacheable(Response(tabular.json(told), mimetype="application/json"))
    raise NotFound(f"There is no problem {slug[:100]!r}; there are: {', '.join(sort.slug for sort in SORTS.values())}.")


def _unkept(body: dict[str, str | int]) -> Response:
    return Response(tabular.json(body), mimetype="application/json", headers={"Cache-Control": "no-store"})
