"""Schemas of conflicts between figures."""

from marshmallow import fields, validate

from legal.schemas.base import StrictSchema, TermField, page_schema
from legal.schemas.figure import FigureSchema
from legal.vocabulary import Dimension, Metric, Verdict


class ConflictSchema(StrictSchema):
    """Two figures on the same metric and jurisdiction, and the verdict on whether they agree."""

    id = fields.String(required=True)
    metric = TermField(Metric, required=True)
    jurisdiction = fields.String(required=True, metadata={"example": "US"})
    verdict = TermField(Verdict, required=True)
    dimension = TermField(Dimension, required=True, metadata={"description": "The property of the figures that decides the verdict."})
    why = fields.String(required=True)
    figures = fields.List(fields.Nested(FigureSchema), required=True, validate=validate.Length(equal=2))


ConflictPage = page_schema(ConflictSchema, "ConflictPage")
