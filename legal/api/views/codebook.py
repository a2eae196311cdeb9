"""Serve the codebook."""

from legal.api.query_params import Blueprint, SnapshotQuery
from legal.api.responses import RequestContext, published_endpoint
from legal.json_types import Json
from legal.rules.codebook import codebook_json
from legal.schemas.codebook import CodebookSchema

blueprint = Blueprint("codebook", __name__, description="Definitions of all terms and rules.")


@blueprint.read_endpoint("/v1/codebook", query_schema=SnapshotQuery, response_schema=CodebookSchema, operation_id="getCodebook")
@published_endpoint
def get_codebook(ctx: RequestContext) -> Json:
    """Get every closed list and every rule, with definitions"""
    return {**codebook_json(), "meta": ctx.snapshot.meta_json()}
