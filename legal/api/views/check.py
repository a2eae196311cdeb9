"""Check a sentence against the record."""

from typing import Any

from flask import Response

from legal.api.formats import tabular
from legal.api.json_bodies import load_json_body
from legal.api.query_params import Blueprint
from legal.api.responses import RequestContext, published_endpoint
from legal.queries.stance import sentences
from legal.schemas.base import StrictSchema
from legal.schemas.check import SentenceAnswerSchema, SentenceRequestSchema

blueprint = Blueprint("check", __name__, description="Hold a sentence against the record.")

_body_schema = SentenceRequestSchema()


@published_endpoint
def _check_body(ctx: RequestContext) -> Response:
    """Check the sentence of a body, whose members are the query of the read."""
    answer = sentences.check_sentence(ctx.session, ctx.snapshot, ctx.query["sentence"])
    response = Response(tabular.encode_json(answer), mimetype=tabular.MEDIA_TYPES["json"])
    # No cache keys by the body of a POST; the page at `links.html` can be cached.
    response.headers["Cache-Control"] = "no-store"
    response.headers["Data-Revision"] = str(ctx.snapshot.revision)
    return response


def check_sentence(_: Any) -> Response:
    """Check whether the record supports a sentence

    The sentence is read by rule, and never by a model. `supported` means that what is certain on file for the day says so in
    every part; `not_understood` comes with a reason that says what would help. A sentence that names a day in the past is
    held against that day. `docs/rules.md` says how a sentence is read.
    """
    return _check_body(load_json_body(_body_schema))


check_sentence.access = "published"  # type: ignore[attr-defined]


def _register() -> None:
    """Register the view for POST and describe its body."""
    body = {"required": True, "content": {"application/json": {"schema": SentenceRequestSchema}}}
    with_response = blueprint.response(200, SentenceAnswerSchema)(blueprint.arguments(StrictSchema(), location="query")(check_sentence))
    blueprint.route("/v1/check", methods=["POST"])(blueprint.doc(operationId="checkSentence", requestBody=body)(with_response))


_register()
