"""Schemas of figures in seed files and in responses."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from legal.schemas.base import (
    DateDraft,
    DateSchema,
    MetaSchema,
    PlaceLinksSchema,
    QuantityField,
    SlugField,
    StrictSchema,
    TermField,
    TextField,
    page_schema,
)
from legal.schemas.citation import CitationDraft, CitationSchema, CorroborationSchema, require_supporting_citation
from legal.schemas.omission import EmptyKeysOptional
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

_PAIR_SIZE = 2


class DerivationSchema(StrictSchema):
    """The operation and the figures from which a figure is derived."""

    operation = TermField(Operation, required=True)
    of = fields.List(SlugField(), required=True, validate=validate.Length(min=2, max=50))

    @validates_schema
    def check_operand_count(self, data: Mapping[str, Any], **_: object) -> None:
        """Check that growth and shares are derived from two figures; a sum may have any number."""
        if data["operation"] != Operation.SUM and len(data["of"]) != _PAIR_SIZE:
            raise ValidationError(f"A {data['operation']} must be derived from exactly two figures.", "of")


class DerivedCheckSchema(DerivationSchema):
    """The result of recomputing a figure from the figures that it is derived from."""

    value = fields.Float(required=True)
    low = fields.Float(required=True, allow_none=True)
    high = fields.Float(required=True, allow_none=True)
    verdict = TermField(DerivedVerdict, required=True)


class OfModelSchema(StrictSchema):
    """Counts of a roster under one model."""

    model = TermField(Model, required=True)
    agreements = fields.Integer(required=True)
    agencies = fields.Integer(required=True)


class RosterCountsSchema(StrictSchema):
    """Counts of a roster for the figure's jurisdiction, by unit. Counts of states and territories are given for the nation only."""

    agreements = fields.Integer(required=True)
    agencies = fields.Integer(required=True)
    states = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "States and the District of Columbia; null unless the jurisdiction is the nation."},
    )
    territories = fields.Integer(required=True, allow_none=True, metadata={"description": "Null unless the jurisdiction is the nation."})
    model = fields.Nested(OfModelSchema, required=True, allow_none=True)


class RosterCheckSchema(StrictSchema):
    """The comparison of a figure with the roster of participating agencies in force on the figure's date."""

    verdict = TermField(RosterVerdict, required=True)
    matched_unit = TermField(
        Unit,
        required=True,
        allow_none=True,
        metadata={"description": "The unit whose count is closest to the figure. The source may have named another unit."},
    )
    off_by = fields.Float(
        required=True,
        allow_none=True,
        metadata={
            "description": "Distance of the count from the range that the figure allows, in the figure's unit (percentage points for a share)."
        },
    )
    likely = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "A likely explanation of the figure's number. It is our inference; no source states it."},
    )
    roster = fields.String(
        required=True, allow_none=True, metadata={"description": "Id of the roster; null if no roster fits the figure's date."}
    )
    date = fields.Nested(DateSchema, required=True, allow_none=True, metadata={"description": "Date of the roster."})
    counts = fields.Nested(RosterCountsSchema, required=True, allow_none=True)


class FigureBody(StrictSchema):
    """The fields of a figure that seed files and responses share: all fields except the date and the citations."""

    id = SlugField(required=True)
    measure = SlugField(required=True, allow_none=True, metadata={"description": "The measure that the figure is about, if any."})
    metric = TermField(Metric, required=True)
    unit = TermField(Unit, required=True)
    cohort = TermField(Cohort, required=True, allow_none=True)
    geography = TermField(Geography, required=True, allow_none=True)
    agency_class = TermField(
        AgencyClass,
        required=True,
        allow_none=True,
        metadata={"description": "The class of agencies that is counted; null if not limited to one class."},
    )
    model = TermField(
        Model,
        required=True,
        allow_none=True,
        metadata={"description": "The model that the figure is limited to; null if not limited to one model."},
    )
    derivation = fields.Nested(DerivationSchema, required=True, allow_none=True)
    comparator = TermField(Comparator, required=True)
    value = QuantityField(required=True, validate=validate.Range(min=0, max=1e12))
    note = TextField(1000, required=True, allow_none=True)


class FigureDraft(EmptyKeysOptional, FigureBody):
    """A figure in a seed file. Its bounds are computed from the comparator."""

    date = fields.Nested(DateDraft, required=True, allow_none=True)
    citations = fields.List(fields.Nested(CitationDraft), required=True, validate=require_supporting_citation)


class FigureSchema(FigureBody):
    """A reported quantity with its unit, its date and the passages that report it."""

    jurisdiction = fields.String(required=True, metadata={"example": "VA"})
    low = fields.Float(
        required=True,
        allow_none=True,
        metadata={"description": "The smallest value that the figure allows; null if there is no lower bound."},
    )
    high = fields.Float(
        required=True,
        allow_none=True,
        metadata={"description": "The largest value that the figure allows; null if there is no upper bound."},
    )
    date = fields.Nested(DateSchema, required=True)
    citations = fields.List(fields.Nested(CitationSchema), required=True)
    corroboration = fields.Nested(CorroborationSchema, required=True)
    reported = TermField(Stands, required=True, metadata={"description": "Whether the figure had been reported by the requested day."})
    roster_check = fields.Nested(
        RosterCheckSchema,
        required=True,
        allow_none=True,
        metadata={"description": "Null if no roster can be compared with a figure of this unit, date and geography."},
    )
    derived_check = fields.Nested(
        DerivedCheckSchema,
        required=True,
        allow_none=True,
        metadata={"description": "Null if the figure is not derived from other figures in the record."},
    )
    version = fields.Integer(required=True)
    links = fields.Nested(PlaceLinksSchema, required=True)


class FigureDetailSchema(FigureSchema):
    """One figure with the snapshot that it describes."""

    meta = fields.Nested(MetaSchema, required=True)


FigurePage = page_schema(FigureSchema, "FigurePage")
