"""Serve the index: every address of the service, with one line on each."""

import orjson
from flask import current_app
from marshmallow import fields

from legal.api.query_params import Blueprint, SnapshotQuery
from legal.api.responses import RequestContext, published_endpoint
from legal.json_types import Json
from legal.schemas.base import MetaSchema, StrictSchema

blueprint = Blueprint("index", __name__, description="Every address of the service.")

_LINKS = {"self": "/v1", "description": "/openapi.json", "docs": "/docs"}


class AddressSchema(StrictSchema):
    """An address of the service."""

    method = fields.String(required=True, metadata={"example": "GET"})
    path = fields.String(required=True, metadata={"example": "/v1/jurisdictions/{ref}"})
    operation = fields.String(
        required=True, metadata={"description": "Id of the operation in the OpenAPI description.", "example": "getJurisdiction"}
    )
    summary = fields.String(required=True)


class IndexLinksSchema(StrictSchema):
    """Links to this index, to the OpenAPI description, and to the page on which requests can be tried."""

    self = fields.String(required=True)
    description = fields.String(required=True)
    docs = fields.String(required=True)


class IndexSchema(StrictSchema):
    """All addresses of the service, in the order of the OpenAPI description."""

    results = fields.List(fields.Nested(AddressSchema), required=True)
    links = fields.Nested(IndexLinksSchema, required=True)
    meta = fields.Nested(MetaSchema, required=True)


@blueprint.read_endpoint("/v1", query_schema=SnapshotQuery, response_schema=IndexSchema, operation_id="getIndex")
@published_endpoint
def get_index(ctx: RequestContext) -> Json:
    """List every address of the service, with one line on each"""
    description = orjson.loads(current_app.extensions["description"]())
    addresses = [
        {"method": method.upper(), "path": path, "operation": operation["operationId"], "summary": operation["summary"]}
        for path, path_item in description["paths"].items()
        for method, operation in path_item.items()
        if method != "parameters"
    ]
    return {"results": addresses, "links": _LINKS, "meta": ctx.snapshot.meta_json()}
