"""Schemas of conflicts between figures."""

from marshmallow import fields, validate

from legal.rules.conflicts import CONFLICT_VERDICTS
from legal.schemas.base import StrictSchema, TermField, page_schema
from legal.schemas.figure import FigureSchema
from legal.vocabulary import Dimension, Metric, Verdict


class ConflictBody(StrictSchema):
    """The fields that a conflict has in lists and on stance cards."""

    id = fields.String(required=True, metadata={"description": "Stable: the ids of both figures in alphabetical order, joined by `--`."})
    dimension = TermField(Dimension, required=True, metadata={"description": "The property of the figures that decides the verdict."})
    why = fields.String(required=True)


class ConflictSchema(ConflictBody):
    """Two figures on the same metric and jurisdiction, and the verdict on whether they agree."""

    metric = TermField(Metric, required=True)
    jurisdiction = fields.String(required=True, metadata={"example": "US"})
    verdict = TermField(Verdict, required=True)
    figures = fields.List(fields.Nested(FigureSchema), required=True, validate=validate.Length(equal=2))


class CardConflictSchema(ConflictBody):
    """A conflict on a stance card. It names its figures, which the card has in full."""

    verdict = TermField(CONFLICT_VERDICTS, required=True)
    figures = fields.List(fields.String(), required=True, metadata={"description": "The ids of the figures."})


ConflictPage = page_schema(ConflictSchema, "ConflictPage")
