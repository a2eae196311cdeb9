"""Schemas of citations in seed files and in responses."""

from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from legal.schemas.base import Sha256Field, SlugField, StrictSchema, TermField, TextField
from legal.schemas.omission import EmptyKeysOptional
from legal.vocabulary import Role, SpeechAct


class CitationBody(StrictSchema):
    """A pointer to a passage of a document, with its role and the speakers to whom the passage attributes the statement."""

    document = SlugField(required=True, metadata={"description": "The document's id."})
    paragraph = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(min=1),
        metadata={"description": "Number of the paragraph. Non-blank lines count from 1."},
    )
    start = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(min=0),
        metadata={"description": "Offset of the first character, in code points from the start of the text."},
    )
    end = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(min=1),
        metadata={"description": "Offset just after the last character, in code points."},
    )
    sha256 = Sha256Field(required=True, metadata={"description": "SHA-256 of the passage in UTF-8."})
    role = TermField(Role, required=True)
    speech_act = TermField(SpeechAct, required=True)
    attributed_to = fields.List(
        TextField(200),
        required=True,
        metadata={
            "description": "To whom the statement is attributed: the original speaker or record first, then those through whom the document has it."
        },
    )
    origin = SlugField(required=True, allow_none=True, metadata={"description": "Id of the origin that the passage traces back to."})
    note = TextField(1000, required=True, allow_none=True)

    @validates_schema
    def check_span_order(self, data: Mapping[str, Any], **_: object) -> None:
        """Check that the span ends after it starts."""
        if data["end"] <= data["start"]:
            raise ValidationError("`end` must be greater than `start`.", "end")


def require_supporting_citation(citations: Sequence[Mapping[str, Any]]) -> None:
    """Check that at least one citation has the role ``supports``."""
    if all(citation["role"] != Role.SUPPORTS for citation in citations):
        raise ValidationError("At least one citation must have the role `supports`.")


class CitationDraft(EmptyKeysOptional, CitationBody):
    """A citation as a seed file states it."""


class CitationSchema(CitationBody):
    """A citation with the quotation, if the document's text is loaded and may be shown."""

    quote = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The quoted passage. Null if the text is not loaded, or if its license does not allow quotation."},
    )
    verified = fields.Boolean(
        required=True,
        allow_none=True,
        metadata={"description": "Whether the hash matches the loaded text; null if the text is not loaded."},
    )


class CorroborationSchema(StrictSchema):
    """Numbers of documents, publishers and independent origins that support the claim."""

    documents = fields.Integer(required=True)
    publishers = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "Number of publishers that the documents name; null if none of them names one, never 0."},
    )
    origins = fields.Integer(
        required=True,
        metadata={"description": "Number of independent origins. Origins that one document reports count as one."},
    )
