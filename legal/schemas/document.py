"""Schemas of documents and origins in seed files and in responses."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from legal.schemas.base import (
    DateDraft,
    DateSchema,
    LinksSchema,
    MetaSchema,
    Sha256Field,
    SlugField,
    StrictSchema,
    TermField,
    TextField,
    page_schema,
)
from legal.schemas.citation import CitationSchema
from legal.schemas.omission import EmptyKeysOptional
from legal.vocabulary import DocumentType, OriginType, Serve


class OriginDraft(EmptyKeysOptional):
    """An origin in a seed file."""

    id = SlugField(required=True)
    type = TermField(OriginType, required=True)
    title = TextField(300, required=True)
    issuer = TextField(200, required=True, allow_none=True)
    date = fields.Nested(DateDraft, required=True, allow_none=True)
    note = TextField(1000, required=True, allow_none=True)


class OriginSchema(StrictSchema):
    """An announcement, record, filing or interview that a document or a citation traces back to."""

    id = fields.String(required=True)
    type = TermField(OriginType, required=True)
    title = fields.String(required=True)
    issuer = fields.String(required=True, allow_none=True)
    date = fields.Nested(DateSchema, required=True)
    note = fields.String(required=True, allow_none=True)


class SetAsideSchema(StrictSchema):
    """Paragraphs that no measure or figure cites, with the reason."""

    paragraphs = fields.List(fields.Integer(strict=True, validate=validate.Range(min=1)), required=True, validate=validate.Length(min=1))
    why = TextField(500, required=True)


class DocumentBody(StrictSchema):
    """The fields of a document that seed files and responses share: all fields except dates."""

    id = SlugField(required=True)
    type = TermField(DocumentType, required=True)
    file = TextField(300, required=True, metadata={"description": "The file's original name."})
    title = TextField(500, required=True, allow_none=True, metadata={"description": "Null if the document prints no title."})
    publisher = TextField(200, required=True, allow_none=True)
    author = TextField(200, required=True, allow_none=True)
    republishes = TextField(
        200, required=True, allow_none=True, metadata={"description": "The publication that this article is copied from."}
    )
    url = fields.URL(required=True, allow_none=True, schemes={"http", "https"})
    archive_url = fields.URL(required=True, allow_none=True, schemes={"http", "https"})
    sha256 = Sha256Field(required=True, metadata={"description": "SHA-256 of the file."})
    paragraphs = fields.Integer(
        required=True,
        allow_none=True,
        strict=True,
        validate=validate.Range(min=0),
        metadata={"description": "Number of non-blank lines; null for a roster, which has rows instead."},
    )
    characters = fields.Integer(
        required=True,
        allow_none=True,
        strict=True,
        validate=validate.Range(min=0),
        metadata={"description": "Number of characters (code points); null for a roster."},
    )
    origin = SlugField(required=True, allow_none=True)
    serve = TermField(Serve, required=True)
    note = TextField(1000, required=True, allow_none=True)
    set_aside = fields.List(
        fields.Nested(SetAsideSchema),
        required=True,
        metadata={"description": "Paragraphs that no measure or figure cites, with the reason."},
    )


class DocumentDraft(EmptyKeysOptional, DocumentBody):
    """A document in a seed file."""

    published = fields.Nested(DateDraft, required=True, allow_none=True)
    accessed = fields.Nested(DateDraft, required=True, allow_none=True)

    @validates_schema
    def check_lengths(self, data: Mapping[str, Any], **_: object) -> None:
        """Check that the document is not a roster and has numbers of paragraphs and characters."""
        if data["type"] == DocumentType.ROSTER:
            raise ValidationError(
                "Import rosters from their workbooks with `flask rosters import`; seed files cannot contain them.", "type"
            )
        if data["paragraphs"] is None or data["characters"] is None:
            raise ValidationError("`paragraphs` and `characters` are required.", "paragraphs")


class DocumentSchema(DocumentBody):
    """A published document that we read."""

    published = fields.Nested(DateSchema, required=True)
    accessed = fields.Nested(DateSchema, required=True)
    version = fields.Integer(required=True)
    links = fields.Nested(LinksSchema, required=True)


DocumentPage = page_schema(DocumentSchema, "DocumentPage")


class CitingSchema(StrictSchema):
    """A measure or figure that cites the document, with its citations."""

    id = fields.String(required=True)
    jurisdiction = fields.String(required=True)
    citations = fields.List(fields.Nested(CitationSchema), required=True)
    links = fields.Nested(LinksSchema, required=True)


class CitedBySchema(StrictSchema):
    """The measures and figures that cite the document."""

    measures = fields.List(fields.Nested(CitingSchema), required=True)
    figures = fields.List(fields.Nested(CitingSchema), required=True)


class DocumentDetailSchema(DocumentSchema):
    """A document with the measures and figures that cite it, and the origins of the cited passages."""

    cited_by = fields.Nested(CitedBySchema, required=True)
    origins = fields.List(fields.Nested(OriginSchema), required=True)
    meta = fields.Nested(MetaSchema, required=True)
