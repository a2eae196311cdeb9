"""Figures as they are written down and as they are served."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from legal.schemas.base import DateDraft, DateSchema, MetaSchema, PlaceLinksSchema, Quantity, Slug, Strict, Text, Word, page_of
from legal.schemas.citation import CitationDraft, CitationSchema, CorroborationSchema, supported
from legal.vocabulary import AgencyClass, Cohort, Comparator, DerivedVerdict, Geography, Metric, Operation, Stands, Unit

PAIR = 2


class DerivationSchema(Strict):
    """The figures that one follows from, and how."""

    operation = Word(Operation, required=True)
    of = fields.List(Slug(), required=True, validate=validate.Length(min=2, max=50))

    @validates_schema
    def takes_two(self, data: Mapping[str, Any], **_: object) -> None:
        """Growth is from one figure to another, and a share one of another; a sum takes any number."""
        if data["operation"] != Operation.SUM and len(data["of"]) != PAIR:
            raise ValidationError(f"A {data['operation']} follows from two figures, no more.", "of")


class DerivedCheckSchema(DerivationSchema):
    """A figure worked out again from those it follows from."""

    value = fields.Float(required=True)
    low = fields.Float(required=True, allow_none=True)
    high = fields.Float(required=True, allow_none=True)
    verdict = Word(DerivedVerdict, required=True)


class FigureBody(Strict):
    """What a figure says, but for its date and its citations."""

    id = Slug(required=True)
    measure = Slug(required=True, allow_none=True, metadata={"description": "The measure it is about, where it is about one."})
    metric = Word(Metric, required=True)
    unit = Word(Unit, required=True)
    cohort = Word(Cohort, required=True, allow_none=True)
    geography = Word(Geography, required=True, allow_none=True)
    agency_class = Word(
        AgencyClass, required=True, allow_none=True, metadata={"description": "The class of agencies that is counted, where it is one."}
    )
    derivation = fields.Nested(DerivationSchema, required=True, allow_none=True)
    comparator = Word(Comparator, required=True)
    value = Quantity(required=True, validate=validate.Range(min=0, max=1e12))
    note = Text(1000, required=True, allow_none=True)


class FigureDraft(FigureBody):
    """A reported quantity as a seed file or a proposal states it; its bounds follow from the comparator."""

    date = fields.Nested(DateDraft, required=True, allow_none=True)
    citations = fields.List(fields.Nested(CitationDraft), required=True, validate=supported)


class FigureSchema(FigureBody):
    """One reported quantity, with its unit, its date and the passages that report it."""

    jurisdiction = fields.String(required=True, metadata={"example": "VA"})
    low = fields.Float(required=True, allow_none=True, metadata={"description": "The least it allows; null is unbounded."})
    high = fields.Float(required=True, allow_none=True, metadata={"description": "The most it allows; null is unbounded."})
    date = fields.Nested(DateSchema, required=True)
    citations = fields.List(fields.Nested(CitationSchema), required=True)
    corroboration = fields.Nested(CorroborationSchema, required=True)
    reported = Word(Stands, required=True, metadata={"description": "Whether it had been reported by the day asked about."})
    roster_check = fields.Dict(
        required=True, allow_none=True, metadata={"description": "Null: no roster has been imported to check it against."}
    )
    derived_check = fields.Nested(
        DerivedCheckSchema,
        required=True,
        allow_none=True,
        metadata={"description": "Null where the figure follows from no others on file."},
    )
    version = fields.Integer(required=True)
    links = fields.Nested(PlaceLinksSchema, required=True)


class FigureDetailSchema(FigureSchema):
    """One figure, with the moment it was asked about."""

    meta = fields.Nested(MetaSchema, required=True)


FigurePage = page_of(FigureSchema, "FigurePage")
