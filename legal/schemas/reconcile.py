"""Schemas of OpenRefine's reconciliation protocol (https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/)."""

from marshmallow import fields

from legal.schemas.base import StrictSchema


class NamedSchema(StrictSchema):
    """A type or a property, by id and name."""

    id = fields.String(required=True, metadata={"example": "fips"})
    name = fields.String(required=True, metadata={"example": "FIPS code"})


class SuggestedEntitySchema(StrictSchema):
    """An entity whose name begins with the prefix."""

    id = fields.String(required=True, metadata={"example": "VA"})
    name = fields.String(required=True, metadata={"example": "Virginia"})
    description = fields.String(required=True, metadata={"example": "State"})
    notable = fields.List(fields.Nested(NamedSchema), required=True, metadata={"description": "The types of the entity."})


class SuggestedEntitiesSchema(StrictSchema):
    """The entities whose names begin with the prefix."""

    result = fields.List(fields.Nested(SuggestedEntitySchema), required=True)


class SuggestionsSchema(StrictSchema):
    """The types or properties whose names begin with the prefix."""

    result = fields.List(fields.Nested(NamedSchema), required=True)


class ProposedPropertiesSchema(StrictSchema):
    """The properties that a client can ask for, of one type."""

    type = fields.String(required=True, metadata={"example": "jurisdiction"})
    limit = fields.Integer(required=True)
    properties = fields.List(fields.Nested(NamedSchema), required=True)
