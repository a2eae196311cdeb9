"""Schemas of figures in seed files and in responses."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from legal.rules.figures import is_round_number
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
    COUNTED_UNITS,
    AgencyClass,
    Cohort,
    Comparator,
    DerivedVerdict,
    Geography,
    Metric,
    Model,
    Operation,
    Quantity,
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


class PeriodDraft(EmptyKeysOptional):
    """The span of time that a number covers in a seed file; an end is null if no source gives it."""

    from_ = fields.Nested(DateDraft, required=True, allow_none=True, data_key="from")
    to = fields.Nested(DateDraft, required=True, allow_none=True)

    @validates_schema
    def check_ends(self, data: Mapping[str, Any], **_: object) -> None:
        """Check that the period has an end or a beginning, and does not end before it begins."""
        if data["from_"] is None and data["to"] is None:
            raise ValidationError("A period needs a beginning or an end. Leave it out if the source gives neither.", "from")
        if data["from_"] and data["to"] and (data["from_"].earliest or date.min) > (data["to"].latest or date.max):
            raise ValidationError("The period must not end before it begins.", "to")


class PeriodSchema(StrictSchema):
    """The span of time that a number covers. An unknown end has nulls."""

    from_ = fields.Nested(DateSchema, required=True, data_key="from")
    to = fields.Nested(DateSchema, required=True)


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


class DatedCountSchema(StrictSchema):
    """The count of one roster, with the roster's date."""

    roster = fields.String(required=True)
    date = fields.Nested(DateSchema, required=True)
    count = fields.Float(required=True, metadata={"description": "The count in the unit; for a share, the percentage."})


class NearestRostersSchema(StrictSchema):
    """Rosters between which the number of an undated figure lies.

    Either the count in the unit lies in the figure's interval at both rosters and at all between them, or the rosters
    follow one another, and the count is below the interval at one and above it at the other.
    """

    unit = TermField(Unit, required=True)
    from_ = fields.Nested(DatedCountSchema, required=True, data_key="from")
    to = fields.Nested(DatedCountSchema, required=True)


class RosterCheckSchema(StrictSchema):
    """The comparison of a figure with the roster of participating agencies in force on the figure's date."""

    verdict = TermField(RosterVerdict, required=True)
    matched_unit = TermField(
        Unit,
        required=True,
        allow_none=True,
        metadata={
            "description": "The unit whose count the figure fits. If it is not the figure's own, the verdict is `matches_other_unit`."
        },
    )
    fit = TermField(
        (RosterVerdict.MATCHES, RosterVerdict.ROUNDS_TO, RosterVerdict.OFF_BY),
        required=True,
        allow_none=True,
        metadata={"description": "How the figure fits the count in `matched_unit`; null if it fits none."},
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
    nearest = fields.List(
        fields.Nested(NearestRostersSchema),
        required=True,
        allow_none=True,
        metadata={
            "description": "For a figure without a date: the rosters between which its number lies, oldest first within each unit. "
            "Empty if no roster on file comes near. Null for a figure with a date."
        },
    )


class FigureBody(StrictSchema):
    """The fields of a figure that seed files and responses share: all fields except the date and the citations."""

    id = SlugField(required=True)
    measure = SlugField(required=True, allow_none=True, metadata={"description": "The measure that the figure is about, if any."})
    metric = TermField(Metric, required=True)
    quantity = TermField(
        Quantity, required=True, metadata={"description": "The type of number. A goal, a cap or a rate is never paired with a count."}
    )
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
    follows = SlugField(
        required=True,
        allow_none=True,
        metadata={"description": "The figure at the earlier end of the same statement, as in “from 35 to nearly 150”."},
    )
    comparator = TermField(
        Comparator, required=True, allow_none=True, metadata={"description": "How the source hedges the number; null if `value` is."}
    )
    value = QuantityField(
        required=True,
        allow_none=True,
        validate=validate.Range(min=0, max=1e12),
        metadata={"description": "The number as printed; null if the source prints words only, such as “thousands”."},
    )
    note = TextField(1000, required=True, allow_none=True)


class FigureDraft(EmptyKeysOptional, FigureBody):
    """A figure in a seed file. Its bounds are computed from the comparator."""

    title = TextField(200, required=True, metadata={"description": "What the number is, in our words."})
    printed = TextField(200, required=True, metadata={"description": "The source's words for the number, such as `two dozen`."})
    rounded = fields.Boolean(
        truthy={True},
        falsy={False},
        required=True,
        allow_none=True,
        metadata={
            "description": "Leave it out: an unhedged round number counts as rounded. False if the source makes clear that the round number is exact."
        },
    )
    date = fields.Nested(DateDraft, required=True, allow_none=True)
    period = fields.Nested(PeriodDraft, required=True, allow_none=True)
    citations = fields.List(fields.Nested(CitationDraft), required=True, validate=require_supporting_citation)

    @validates_schema
    def check_number(self, data: Mapping[str, Any], **_: object) -> None:
        """Check that value and comparator come together, that counts are whole, and that only what is round is called rounded."""
        value, comparator, unit = data["value"], data["comparator"], data["unit"]
        if (value is None) != (comparator is None):
            raise ValidationError("A value needs a comparator. If the source prints words only, leave out both.", "comparator")
        if value is not None and unit in COUNTED_UNITS and not value.is_integer():
            raise ValidationError(f"A number of {unit} must be whole.", "value")
        if data["rounded"] and not (value is not None and is_round_number(comparator, value, unit)):
            raise ValidationError("Only an unhedged number in a counted unit with zeros at its end, from 100 on, is rounded.", "rounded")
        if value is None and data["derivation"]:
            raise ValidationError("Words cannot be calculated. Leave out the derivation.", "derivation")

    @validates_schema
    def check_type(self, data: Mapping[str, Any], **_: object) -> None:
        """Check that a share is in percent, and that what needs a period has one."""
        if data["quantity"] == Quantity.SHARE and data["unit"] != Unit.PERCENT:
            raise ValidationError("A share must be in percent.", "unit")
        if data["cohort"] == Cohort.ACTIVE_SIGNED_IN and not data["period"]:
            raise ValidationError("Give the period in which they signed. The date is the day on which they were active.", "period")


class FigureSchema(FigureBody):
    """A reported quantity with its unit, its date and the passages that report it."""

    title = fields.String(required=True, allow_none=True, metadata={"description": "What the number is. Null in old versions."})
    printed = fields.String(
        required=True, allow_none=True, metadata={"description": "The source's words for the number. Null in old versions."}
    )
    rounded = fields.Boolean(
        required=True,
        metadata={"description": "Whether the number is round and unhedged, and so may stand for any number that rounds to it."},
    )
    period = fields.Nested(
        PeriodSchema,
        required=True,
        allow_none=True,
        metadata={
            "description": "The span of time that the number covers; null if it holds on a single day, or if no source gives the span."
        },
    )
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
