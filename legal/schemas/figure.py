"""Figures as they are written down and as they are served."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from legal.schemas.base import DateDraft, DateSchema, MetaSchema, PlaceLinksSchema, Quantity, Slug, Strict, Text, Word, page_of
from legal.schemas.citation import CitationDraft, CitationSchema, CorroborationSchema, supported
from legal.vocabulary import (
    AgencyClass,
    Cohort,
    Comparator,
    DerivedVerdict,
    Geography,
    Metric,
    Model,
    Operation,
    RosterVerdict,
    Stands,
    Unit,
)

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


class OfModelSchema(Strict):
    """What a list has under one model."""

    model = Word(Model, required=True)
    agreements = fields.Integer(required=True)
    agencies = fields.Integer(required=True)


class RosterCountsSchema(Strict):
    """What a list has for the figure's place, each count by its unit; a place's own list names no states and no models."""

    agreements = fields.Integer(required=True)
    agencies = fields.Integer(required=True)
    states = fields.Integer(required=True, allow_none=True, metadata={"description": "States and the district; null for a place."})
    territories = fields.Integer(required=True, allow_none=True, metadata={"description": "Null for a place."})
    model = fields.Nested(OfModelSchema, required=True, allow_none=True)


class RosterCheckSchema(Strict):
    """A figure held against the list of participating agencies that was in force on its date."""

    verdict = Word(RosterVerdict, required=True)
    matched_unit = Word(
        Unit,
        required=True,
        allow_none=True,
        metadata={"description": "The unit that fits best; it may not be the one that the source named."},
    )
    off_by = fields.Float(
        required=True,
        allow_none=True,
        metadata={"description": "How far the count is from what the figure allows, in the figure's unit (points, of a share)."},
    )
    likely = fields.String(required=True, allow_none=True, metadata={"description": "A likely reason; nobody has said so."})
    roster = fields.String(required=True, allow_none=True, metadata={"description": "The list's id; null where none was in force."})
    date = fields.Nested(DateSchema, required=True, allow_none=True, metadata={"description": "The list's day."})
    counts = fields.Nested(RosterCountsSchema, required=True, allow_none=True)


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
    model = Word(
        Model, required=True, allow_none=True, metadata={"description": "The model whose share or number it is, where it is of one."}
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
    roster_check = fields.Nested(
        RosterCheckSchema,
        required=True,
        allow_none=True,
        metadata={"description": "Null where no list could speak to a figure of this unit, date and geography."},
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
