"""The map as it is served."""

from marshmallow import fields, validate

from legal.schemas.base import MetaSchema, Strict, Word
from legal.vocabulary import Posture, Unit


class MapRowSchema(Strict):
    """Where one place stands, for a map."""

    fips = fields.String(required=True, metadata={"description": "Text: the leading zero is part of it.", "example": "51"})
    code = fields.String(required=True, metadata={"example": "VA"})
    name = fields.String(required=True, metadata={"example": "Virginia"})
    posture = Word(Posture, required=True)
    posture_label = fields.String(required=True)
    agreements = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "From the list in force; null where none is on file, or it does not name the place: silence is not zero."},
    )
    agencies = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "From the list in force; null where none is on file, or it does not name the place: silence is not zero."},
    )
    figure_low = fields.Float(
        required=True,
        allow_none=True,
        metadata={"description": "The least that the newest participation figure allows, in the unit that meta.figure_units names."},
    )
    figure_high = fields.Float(
        required=True, allow_none=True, metadata={"description": "The most that it allows; null is unbounded, or nothing on file."}
    )
    as_of = fields.Date(required=True)
    url = fields.String(required=True, metadata={"description": "The place's card, root-relative.", "example": "/v1/jurisdictions/VA"})


class MapMetaSchema(MetaSchema):
    """The moment that the map is for, and what its figures count."""

    figure_units = fields.Dict(
        keys=fields.String(),
        values=Word(Unit),
        required=True,
        metadata={"description": "The unit of each place's figure, by code; two units are never compared.", "example": {"MD": "agencies"}},
    )


class MapSchema(Strict):
    """One row for each of the 56 places that take a stance; the nation is left out."""

    rows = fields.List(fields.Nested(MapRowSchema), required=True)
    columns = fields.List(
        fields.String(), required=True, validate=validate.Length(min=1), metadata={"description": "The keys, in their order."}
    )
    meta = fields.Nested(MapMetaSchema, required=True)
