"""Schemas of the map."""

from marshmallow import fields, validate

from legal.rules.evidence import STALE_DESCRIPTION
from legal.schemas.base import HeadlineSchema, MetaSchema, StrictSchema, TermField
from legal.vocabulary import Posture, Unit


class MapColumnsSchema(StrictSchema):
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
            "description": "Smallest value that the newest participation figure allows, in the unit `figure_unit`; null if it has no lower bound or there is no figure."
        },
    )
    figure_high = fields.Float(
        required=True,
        allow_none=True,
        metadata={"description": "Largest value that the figure allows; null if it has no upper bound or there is no figure."},
    )
    as_of = fields.Date(required=True)
    url = fields.String(
        required=True,
        metadata={
            "description": "Address of the jurisdiction's card; absolute if the operator has set `PUBLIC_URL`.",
            "example": "/v1/jurisdictions/VA",
        },
    )
    figure_unit = TermField(
        Unit,
        required=True,
        allow_none=True,
        metadata={"description": "Unit of the figure. Figures in different units must not be compared."},
    )
    figure_date = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "Date that the figure is for, in EDTF; null if it is unknown, or if the newest figures have several dates."
        },
    )
    roster_date = fields.Date(
        required=True,
        allow_none=True,
        metadata={"description": "Date of the roster in force, which `agreements` and `agencies` come from; null if there is none."},
    )
    evidence_through = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Date of the newest document that the row rests on, in EDTF.", "example": "2026-02-04"},
    )
    stale = fields.Boolean(
        required=True,
        allow_none=True,
        metadata={"description": f"{STALE_DESCRIPTION} Null if nothing is on file."},
    )


class MapRowSchema(MapColumnsSchema):
    """The columns of the map for one jurisdiction, with its headline."""

    headline = fields.Nested(HeadlineSchema, required=True, metadata={"description": "In the JSON only; the CSV has no such column."})


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


_POSITION = fields.List(fields.Float(), validate=validate.Length(equal=2))
_RING = fields.List(_POSITION, validate=validate.Length(min=4))


class GeometrySchema(StrictSchema):
    """Polygons of longitudes and latitudes in degrees (WGS 84), as in GeoJSON."""

    type = fields.String(required=True, validate=validate.Equal("MultiPolygon"))
    coordinates = fields.List(fields.List(_RING), required=True)


class FeatureSchema(StrictSchema):
    """A jurisdiction with its outline and its row of the map."""

    type = fields.String(required=True, validate=validate.Equal("Feature"))
    id = fields.String(required=True, metadata={"description": "FIPS code, as text.", "example": "51"})
    properties = fields.Nested(MapColumnsSchema, required=True)
    geometry = fields.Nested(GeometrySchema, required=True)


class FeatureCollectionSchema(StrictSchema):
    """The map as GeoJSON (RFC 7946), with the source of the outlines and the snapshot of the rows."""

    type = fields.String(required=True, validate=validate.Equal("FeatureCollection"))
    features = fields.List(fields.Nested(FeatureSchema), required=True)
    source = fields.String(required=True, metadata={"description": "The source of the outlines."})
    meta = fields.Nested(MetaSchema, required=True)
