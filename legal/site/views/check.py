"""Show whether the record supports a sentence."""

from flask import Blueprint

from legal.http.query_params import SnapshotQuery
from legal.http.reads import RequestContext
from legal.json_types import Json
from legal.queries.record import documents, jurisdictions
from legal.queries.stance import sentences
from legal.rules.sentences.reading import MAX_SENTENCE_LENGTH, MAX_SENTENCES
from legal.schemas.base import TextField
from legal.site.pages import page_endpoint

blueprint = Blueprint("check", __name__)

_EXAMPLES = (
    ("Maryland has banned 287(g) agreements.", "2026-02-20"),
    ("More than 1,000 agencies in 40 states have agreements.", "2025-09-17"),
    ("The ACLU sued in Minnesota over 287(g) agreements.", None),
)
"""Sentences to try, each with its day; None is the day that the reader chose."""


class CheckPageQuery(SnapshotQuery):
    """The parameters of the page; without ``sentence`` it shows only the box."""

    sentence = TextField(MAX_SENTENCE_LENGTH)


@blueprint.get("/check")
@page_endpoint("check.html", CheckPageQuery)
def show_check(ctx: RequestContext) -> Json:
    """Show the verdict on a sentence, what it rests on, and words that the evidence carries."""
    sentence = ctx.query.get("sentence")
    return {
        "sentence": sentence,
        "answer": sentences.check_sentence(ctx.session, ctx.snapshot, sentence) if sentence else None,
        "by_code": {row["code"]: row for row in jurisdictions.load_jurisdictions(ctx.session, ctx.snapshot)},
        "documents": {document["id"]: document for document in documents.load_documents(ctx.session, ctx.snapshot)},
        "examples": _EXAMPLES,
        "longest": MAX_SENTENCE_LENGTH,
        "most_sentences": MAX_SENTENCES,
    }
