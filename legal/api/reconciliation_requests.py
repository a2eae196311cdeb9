"""Shapes of the JSON that OpenRefine sends within its forms.

Source: https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
"""

from typing import Any

from marshmallow import EXCLUDE, Schema, fields, post_load, validate

from legal.schemas.base import TextField

_MAX_VALUES = 100


class _ProtocolSchema(Schema):
    """A part of a request. Unknown members are ignored, because later versions of the protocol add some."""

    class Meta:
        unknown = EXCLUDE


class PropertyValueSchema(_ProtocolSchema):
    """A property that the entity must have, with one value or several alternatives."""

    pid = TextField(100, required=True)
    v = fields.Raw(required=True)

    @post_load
    def list_values(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        """Return the property with its values as a list of texts; an entity is replaced by its id."""
        values = data["v"] if isinstance(data["v"], list) else [data["v"]]
        texts = [str(value.get("id", "")) if isinstance(value, dict) else str(value) for value in values[:_MAX_VALUES]]
        return {"pid": data["pid"], "values": texts}


class ReconciliationQuerySchema(_ProtocolSchema):
    """One query of a batch."""

    query = TextField(500, required=True)
    type = fields.Raw(load_default=None)
    limit = fields.Integer(load_default=5, strict=True, validate=validate.Range(min=1, max=50))
    properties = fields.List(fields.Nested(PropertyValueSchema), load_default=list, validate=validate.Length(max=20))

    @post_load
    def list_types(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        """Return the query with ``types`` as a list of texts and the values of its properties by id."""
        types = data["type"] if isinstance(data["type"], list) else [data["type"]]
        return {
            "query": data["query"],
            "types": [str(type) for type in types if type],
            "limit": data["limit"],
            "properties": {item["pid"]: item["values"] for item in data["properties"] if any(item["values"])},
        }


class ExtensionPropertySchema(_ProtocolSchema):
    """A property that a data extension asks for."""

    id = TextField(100, required=True)


class ExtensionQuerySchema(_ProtocolSchema):
    """A data extension: the values of some properties of some entities."""

    ids = fields.List(TextField(200), required=True, validate=validate.Length(max=1000))
    properties = fields.List(fields.Nested(ExtensionPropertySchema), required=True, validate=validate.Length(min=1, max=50))
