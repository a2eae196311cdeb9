"""Schemas of conflicts between figures, and between statements without a number."""

from marshmallow import fields, validate

from legal.rules.conflicts import CONFLICT_VERDICTS
from legal.schemas.base import StrictSchema, TermField, page_schema
from legal.schemas.citation import CitationSchema
from legal.schemas.figure import FigureSchema
from legal.vocabulary import Dimension, Metric, Verdict


class ConflictBody(StrictSchema):
    """The fields that a conflict has in lists and on stance cards."""

    id = fields.String(
        required=True,
        metadata={
            "description": "Stable. For a pair of figures, their ids in alphabetical order, joined by `--`; for statements without a number, an id of their own."
        },
    )
    dimension = TermField(
        Dimension, required=True, metadata={"description": "What decides the verdict; `statement` for statements without a number."}
    )
    why = fields.String(required=True)
    measures = fields.List(
        fields.String(), required=True, metadata={"description": "Ids of the measures that statements are about; empty for figures."}
    )
    citations = fields.List(
        fields.Nested(CitationSchema),
        required=True,
        metadata={"description": "The passages with the statements. Empty for figures, which have citations of their own."},
    )


class ConflictSchema(ConflictBody):
    """Two figures on the same metric and jurisdiction, or statements without a number, and the verdict on whether they agree."""

    metric = TermField(Metric, required=True, allow_none=True, metadata={"description": "Null for statements without a number."})
    jurisdiction = fields.String(required=True, metadata={"example": "US"})
    verdict = TermField(Verdict, required=True)
    figures = fields.List(
        fields.Nested(FigureSchema),
        required=True,
        validate=validate.Length(max=2),
        metadata={"description": "Both figures; empty for statements without a number."},
    )


class CardConflictSchema(ConflictBody):
    """A conflict on a stance card. It names its figures, which the card has in full."""

    verdict = TermField(CONFLICT_VERDICTS, required=True)
    figures = fields.List(fields.String(), required=True, metadata={"description": "The ids of the figures."})


ConflictPage = page_schema(ConflictSchema, "ConflictPage")
