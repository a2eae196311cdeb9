"""The codebook over HTTP."""

from legal.api.query_params import Blueprint, MomentQuery
from legal.api.responses import RequestContext, published
from legal.json_types import Json
from legal.rules.codebook import codebook
from legal.schemas.codebook import CodebookSchema

blueprint = Blueprint("codebook", __name__, description="What the words and the rules mean.")


@blueprint.read("/v1/codebook", takes=MomentQuery, gives=CodebookSchema, named="getCodebook")
@published
def whole(ask: RequestContext) -> Json:
    """Every kind, status, direction, posture, rule, unit and comparator, with its definition"""
    return {**codebook(), "meta": ask.moment.meta()}
