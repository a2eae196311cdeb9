"""Documents and origins as they are written down and as they are served."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from legal.schemas.base import DateDraft, DateSchema, LinksSchema, MetaSchema, Sha256, Slug, Strict, Text, Word, page_of
from legal.schemas.citation import CitationSchema
from legal.vocabulary import DocumentType, OriginType, Serve


class OriginDraft(Strict):
    """What documents trace back to."""

    id = Slug(required=True)
    type = Word(OriginType, required=True)
    title = Text(300, required=True)
    issuer = Text(200, required=True, allow_none=True)
    date = fields.Nested(DateDraft, required=True, allow_none=True)
    note = Text(1000, required=True, allow_none=True)


class OriginSchema(Strict):
    """What a document or a citation traces back to."""

    id = fields.String(required=True)
    type = Word(OriginType, required=True)
    title = fields.String(required=True)
    issuer = fields.String(required=True, allow_none=True)
    date = fields.Nested(DateSchema, required=True)
    note = fields.String(required=True, allow_none=True)


class SetAsideSchema(Strict):
    """Paragraphs that nothing cites, and why."""

    paragraphs = fields.List(fields.Integer(strict=True, validate=validate.Range(min=1)), required=True, validate=validate.Length(min=1))
    why = Text(500, required=True)


class DocumentBody(Strict):
    """What is known of a document, but for its dates."""

    id = Slug(required=True)
    type = Word(DocumentType, required=True)
    file = Text(300, required=True, metadata={"description": "The file's own name as it reached us."})
    title = Text(500, required=True, allow_none=True, metadata={"description": "Null where the document prints none."})
    publisher = Text(200, required=True, allow_none=True)
    author = Text(200, required=True, allow_none=True)
    republishes = Text(200, required=True, allow_none=True, metadata={"description": "The publication whose article this is a copy of."})
    url = fields.URL(required=True, allow_none=True, schemes={"http", "https"})
    archive_url = fields.URL(required=True, allow_none=True, schemes={"http", "https"})
    sha256 = Sha256(required=True, metadata={"description": "Of the file's bytes."})
    paragraphs = fields.Integer(
        required=True,
        allow_none=True,
        strict=True,
        validate=validate.Range(min=0),
        metadata={"description": "Non-blank lines; null for a roster, which has rows."},
    )
    characters = fields.Integer(
        required=True,
        allow_none=True,
        strict=True,
        validate=validate.Range(min=0),
        metadata={"description": "Code points; null for a roster."},
    )
    origin = Slug(required=True, allow_none=True)
    serve = Word(Serve, required=True)
    note = Text(1000, required=True, allow_none=True)
    set_aside = fields.List(
        fields.Nested(SetAsideSchema), required=True, metadata={"description": "What was read and carries no claim, and why."}
    )


class DocumentDraft(DocumentBody):
    """A document as a seed file or a proposal states it."""

    published = fields.Nested(DateDraft, required=True, allow_none=True)
    accessed = fields.Nested(DateDraft, required=True, allow_none=True)

    @validates_schema
    def has_text(self, data: Mapping[str, Any], **_: object) -> None:
        """A roster has rows, and every other document has paragraphs."""
        if data["type"] == DocumentType.ROSTER:
            raise ValidationError("Rosters are imported from their workbooks with `flask rosters import`.", "type")
        if data["paragraphs"] is None or data["characters"] is None:
            raise ValidationError("Give the numbers of paragraphs and of characters.", "paragraphs")


class DocumentSchema(DocumentBody):
    """Something published that was read, and how it is pointed into."""

    published = fields.Nested(DateSchema, required=True)
    accessed = fields.Nested(DateSchema, required=True)
    version = fields.Integer(required=True)
    links = fields.Nested(LinksSchema, required=True)


DocumentPage = page_of(DocumentSchema, "DocumentPage")


class CitingSchema(Strict):
    """A measure or figure that points into the document, and where to."""

    id = fields.String(required=True)
    jurisdiction = fields.String(required=True)
    citations = fields.List(fields.Nested(CitationSchema), required=True)
    links = fields.Nested(LinksSchema, required=True)


class CitedBySchema(Strict):
    """Everything that points into the document."""

    measures = fields.List(fields.Nested(CitingSchema), required=True)
    figures = fields.List(fields.Nested(CitingSchema), required=True)


class DocumentDetailSchema(DocumentSchema):
    """A document with all that cites it and the origins that its passages trace back to."""

    cited_by = fields.Nested(CitedBySchema, required=True)
    origins = fields.List(fields.Nested(OriginSchema), required=True)
    meta = fields.Nested(MetaSchema, required=True)
