"""The codebook as it is served."""

from marshmallow import fields

from legal.schemas.base import MetaSchema, Strict


class TermSchema(Strict):
    """A word of a closed list."""

    value = fields.String(required=True)
    label = fields.String(required=True)
    definition = fields.String(required=True)


class TermsSchema(Strict):
    """A closed list."""

    definition = fields.String(required=True)
    terms = fields.List(fields.Nested(TermSchema), required=True)


class StatusSchema(TermSchema):
    """A status of a kind, with its place in the kind's life."""

    phase = fields.String(required=True)
    after = fields.String(
        required=True, allow_none=True, metadata={"description": "The step that ordinarily comes just before; null for a first step."}
    )


class CodebookSchema(Strict):
    """Every closed list and rule, with its definition."""

    version = fields.String(required=True)
    lists = fields.Dict(keys=fields.String(), values=fields.Nested(TermsSchema), required=True)
    statuses = fields.Dict(keys=fields.String(), values=fields.List(fields.Nested(StatusSchema)), required=True)
    rules = fields.Dict(keys=fields.String(), values=fields.Dict(), required=True)
    meta = fields.Nested(MetaSchema, required=True)
