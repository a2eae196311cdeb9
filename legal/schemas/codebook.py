"""Schemas of the codebook."""

from marshmallow import fields

from legal.schemas.base import MetaSchema, StrictSchema


class TermSchema(StrictSchema):
    """A term of a closed list."""

    value = fields.String(required=True)
    label = fields.String(required=True)
    definition = fields.String(required=True)


class TermsSchema(StrictSchema):
    """A closed list."""

    definition = fields.String(required=True)
    terms = fields.List(fields.Nested(TermSchema), required=True)


class StatusSchema(TermSchema):
    """A status of a kind of measure, with its phase and the status that usually comes just before."""

    phase = fields.String(required=True)
    after = fields.String(
        required=True, allow_none=True, metadata={"description": "The status that usually comes just before; null for a first status."}
    )


class CodebookSchema(StrictSchema):
    """Every closed list and rule with its definition."""

    version = fields.String(required=True)
    lists = fields.Dict(keys=fields.String(), values=fields.Nested(TermsSchema), required=True)
    statuses = fields.Dict(keys=fields.String(), values=fields.List(fields.Nested(StatusSchema)), required=True)
    rules = fields.Dict(keys=fields.String(), values=fields.Dict(), required=True)
    meta = fields.Nested(MetaSchema, required=True)
