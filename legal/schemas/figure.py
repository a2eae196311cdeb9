"""Figures as they are written down and as they are served."""

from marshmallow import fields, validate

from legal.schemas.base import DateDraft, DateSchema, MetaSchema, PlaceLinksSchema, Slug, Strict, Text, Word, page_of
from legal.schemas.citation import CitationDraft, CitationSchema, CorroborationSchema
from legal.vocabulary import Cohort, Comparator, Geography, Metric, Unit


class FigureBody(Strict):
    """What a figure says, but for its date and its citations."""

    id = Slug(required=True)
    measure = Slug(required=True, allow_none=True, metadata={"description": "The measure it is about, where it is about one."})
    metric = Word(Metric, required=True)
    unit = Word(Unit, required=True)
    cohort = Word(Cohort, required=True, allow_none=True)
    geography = Word(Geography, required=True, allow_none=True)
    comparator = Word(Comparator, required=True)
    value = fields.Float(required=True, allow_nan=False, validate=validate.Range(min=0, max=1e12))
    note = Text(1000, required=True, allow_none=True)


class FigureDraft(FigureBody):
    """A reported quantity as a seed file or a proposal states it; its bounds follow from the comparator."""

    date = fields.Nested(DateDraft, required=True, allow_none=True)
    citations = fields.List(fields.Nested(CitationDraft), required=True, validate=validate.Length(min=1))


class FigureSchema(FigureBody):
    """One reported quantity, with its unit, its date and the passages that report it."""

    jurisdiction = fields.String(required=True, metadata={"example": "VA"})
    low = fields.Float(required=True, allow_none=True, metadata={"description": "The least it allows; null is unbounded."})
    high = fields.Float(required=True, allow_none=True, metadata={"description": "The most it allows; null is unbounded."})
    date = fields.Nested(DateSchema, required=True)
    citations = fields.List(fields.Nested(CitationSchema), required=True)
    corroboration = fields.Nested(CorroborationSchema, required=True)
    roster_check = fields.Dict(
        required=True, allow_none=True, metadata={"description": "Null: no roster has been imported to check it against."}
    )
    version = fields.Integer(required=True)
    links = fields.Nested(PlaceLinksSchema, required=True)


class FigureDetailSchema(FigureSchema):
    """One figure, with the moment it was asked about."""

    meta = fields.Nested(MetaSchema, required=True)


FigurePage = page_of(FigureSchema, "FigurePage")
