"""Schemas of the map."""

from marshmallow import fields, validate

from legal.schemas.base import HeadlineSchema, MetaSchema, StrictSchema, TermField
from legal.vocabulary import Posture, Unit


class MapRowSchema(StrictSchema):
    """The posture, agreements and figures of one jurisdiction, for a map."""

    fips = fields.String(required=True, metadata={"description": "FIPS code as text, to keep its leading zero.", "example": "51"})
    code = fields.String(required=True, metadata={"example": "VA"})
    name = fields.String(required=True, metadata={"example": "Virginia"})
    posture = TermField(Posture, required=True)
    posture_label = fields.String(required=True)
    agreements = fields.Integer(
        required=True,
        allow_none=True,
        metadata={
            "description": "Number of agreements on the roster in force: 0 if it does not name the jurisdiction; null, which does not mean zero, if no roster was in force."
        },
    )
    agencies = fields.Integer(
        required=True,
        allow_none=True,
        metadata={
            "description": "Number of agencies on the roster in force: 0 if it does not name the jurisdiction; null, which does not mean zero, if no roster was in force."
        },
    )
    figure_low = fields.Float(
        required=True,
        allow_none=True,
        metadata={
            "description": "Smallest value that the newest participation figure allows, in the unit given in `meta.figure_units`; null if it has no lower bound or there is no figure."
        },
    )
    figure_high = fields.Float(
        required=True,
        allow_none=True,
        metadata={"description": "Largest value that the figure allows; null if it has no upper bound or there is no figure."},
    )
    as_of = fields.Date(required=True)
    url = fields.String(required=True, metadata={"description": "Path of the jurisdiction's card.", "example": "/v1/jurisdictions/VA"})
    headline = fields.Nested(HeadlineSchema, required=True, metadata={"description": "The JSON has it; the CSV has no such column."})


class MapMetaSchema(MetaSchema):
    """The snapshot of the map and the units of its figures."""

    figure_units = fields.Dict(
        keys=fields.String(),
        values=TermField(Unit),
        required=True,
        metadata={
            "description": "Unit of each jurisdiction's figure, by code. Figures in different units must not be compared.",
            "example": {"MD": "agencies"},
        },
    )


class MapSchema(StrictSchema):
    """One row for each of the 56 jurisdictions that have a posture; the nation is excluded."""

    rows = fields.List(fields.Nested(MapRowSchema), required=True)
    columns = fields.List(
        fields.String(), required=True, validate=validate.Length(min=1), metadata={"description": "The keys of a row, in order."}
    )
    meta = fields.Nested(MapMetaSchema, required=True)
