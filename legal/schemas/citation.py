"""Citations as they are written down and as they are served."""

from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from legal.schemas.base import Sha256, Slug, Strict, Text, Word
from legal.vocabulary import Role, SpeechAct


class CitationDraft(Strict):
    """A pointer into a document, who speaks there and on whose word."""

    document = Slug(required=True, metadata={"description": "The document's id."})
    paragraph = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(min=1),
        metadata={"description": "Counts the document's non-blank lines from 1."},
    )
    start = fields.Integer(
        required=True, strict=True, validate=validate.Range(min=0), metadata={"description": "Offset of the first code point."}
    )
    end = fields.Integer(
        required=True, strict=True, validate=validate.Range(min=1), metadata={"description": "Offset after the last code point."}
    )
    sha256 = Sha256(required=True, metadata={"description": "Of the span, in UTF-8."})
    role = Word(Role, required=True)
    speech_act = Word(SpeechAct, required=True)
    attributed_to = fields.List(Text(200), required=True, metadata={"description": "On whose word, nearest first."})
    origin = Slug(required=True, allow_none=True, metadata={"description": "What the passage traces back to."})
    note = Text(1000, required=True, allow_none=True)

    @validates_schema
    def runs_forward(self, data: Mapping[str, Any], **_: object) -> None:
        """A span ends after it starts."""
        if data["end"] <= data["start"]:
            raise ValidationError("The span ends before it starts.", "end")


def supported(citations: Sequence[Mapping[str, Any]]) -> None:
    """Check that a list of citations has one that says so; context alone supports nothing."""
    if all(citation["role"] != Role.SUPPORTS for citation in citations):
        raise ValidationError("At least one citation must support it.")


class CitationSchema(CitationDraft):
    """A pointer into a document, with the quote where the text is loaded and may be shown."""

    quote = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Null until the operator has loaded the text, and where its licence forbids it."},
    )
    verified = fields.Boolean(
        required=True, allow_none=True, metadata={"description": "Whether the hash matches the loaded text; null until it is loaded."}
    )


class CorroborationSchema(Strict):
    """How many documents, publishers and independent origins say so."""

    documents = fields.Integer(required=True)
    publishers = fields.Integer(required=True)
    origins = fields.Integer(required=True)
