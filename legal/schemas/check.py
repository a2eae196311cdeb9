"""Schemas of a sentence that is sent to be checked, and of what comes of it."""

from marshmallow import fields, validate

from legal.rules.sentences.reading import MAX_SENTENCE_LENGTH, MAX_SENTENCES
from legal.schemas.base import MAX_REVISION, DateSchema, Day, MetaSchema, StrictSchema, TermField, TextField
from legal.schemas.citation import CitationSchema
from legal.vocabulary import SentenceTopic, SentenceVerdict


class SentenceRequestSchema(StrictSchema):
    """A sentence, and the day and the state of the record to hold it against."""

    sentence = TextField(
        MAX_SENTENCE_LENGTH,
        required=True,
        metadata={
            "description": f"One sentence, or up to {MAX_SENTENCES}, in English, at most {MAX_SENTENCE_LENGTH:,} characters.",
            "example": "Maryland has banned 287(g) agreements.",
        },
    )
    as_of = Day(metadata={"description": "Day that the sentence is held against (default: today in UTC).", "example": "2026-02-20"})
    revision = fields.Integer(
        strict=True,
        validate=validate.Range(min=1, max=MAX_REVISION),
        metadata={"description": "Revision of the record to read (default: the newest)."},
    )


class SentenceFindingSchema(StrictSchema):
    """The finding on one claim of a sentence, for one jurisdiction."""

    text = fields.String(required=True, metadata={"description": "The clause as it was read: lower case, without punctuation."})
    about = TermField(
        SentenceTopic, required=True, allow_none=True, metadata={"description": "What it is about; null if it is not understood."}
    )
    jurisdiction = fields.String(required=True, allow_none=True, metadata={"description": "USPS code; null if none is named."})
    verdict = TermField(SentenceVerdict, required=True)
    reason = fields.String(required=True, metadata={"description": "The reason in plain words."})
    measures = fields.List(fields.String(), required=True, metadata={"description": "Ids of the measures that the verdict rests on."})
    figures = fields.List(fields.String(), required=True, metadata={"description": "Ids of the figures that it rests on."})
    rosters = fields.List(fields.String(), required=True, metadata={"description": "Ids of the rosters that it rests on."})


class SentenceLinksSchema(StrictSchema):
    """Links of an answer."""

    html = fields.String(
        required=True, metadata={"description": "The page with this answer, with the day, the revision and the rules pinned."}
    )


class SentenceAnswerSchema(StrictSchema):
    """The verdict on a sentence, the claims it rests on, and words that the evidence carries."""

    sentence = fields.String(required=True, metadata={"description": "The text as it was sent."})
    day = fields.Date(
        required=True, metadata={"description": "Day that it was held against: one that the sentence names, or else `as_of`."}
    )
    verdict = TermField(SentenceVerdict, required=True)
    claims = fields.List(fields.Nested(SentenceFindingSchema), required=True)
    measures = fields.List(fields.String(), required=True)
    figures = fields.List(fields.String(), required=True)
    rosters = fields.List(fields.String(), required=True)
    citations = fields.List(
        fields.Nested(CitationSchema), required=True, metadata={"description": "The passages behind measures and figures."}
    )
    wording = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Sentences that the evidence carries; null if no jurisdiction was understood."},
    )
    evidence_through = fields.Nested(
        DateSchema, required=True, metadata={"description": "Date of the newest document that the verdict rests on."}
    )
    license = fields.String(required=True)
    links = fields.Nested(SentenceLinksSchema, required=True)
    meta = fields.Nested(MetaSchema, required=True)
