"""Conflicts as they are served."""

from marshmallow import fields, validate

from legal.schemas.base import Strict, Word, page_of
from legal.schemas.figure import FigureSchema
from legal.vocabulary import Dimension, Metric, Verdict


class ConflictSchema(Strict):
    """Two figures on one metric and place, and what they say of each other."""

    id = fields.String(required=True)
    metric = Word(Metric, required=True)
    jurisdiction = fields.String(required=True, metadata={"example": "US"})
    verdict = Word(Verdict, required=True)
    dimension = Word(Dimension, required=True, metadata={"description": "What decides it."})
    why = fields.String(required=True)
    figures = fields.List(fields.Nested(FigureSchema), required=True, validate=validate.Length(equal=2))


ConflictPage = page_of(ConflictSchema, "ConflictPage")
