"""Base schema of seed files, which may omit empty keys."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, pre_load

from legal.schemas.base import StrictSchema


class EmptyKeysOptional(StrictSchema):
    """A schema that allows omitting a key if its value is null, an empty list, or an object whose keys may all be omitted.

    The result of loading, and therefore the content hash, is the same with and without these keys.
    """

    @pre_load
    def fill_empty_keys(self, data: Any, **_: object) -> Any:
        """Return an object with the omitted keys added. Data of any other type is returned unchanged."""
        return {**self.empty_values(), **data} if isinstance(data, Mapping) else data

    def empty_values(self) -> dict[str, Any]:
        """Return the keys that may be omitted, each with the value that an omitted key stands for."""
        values: dict[str, Any] = {}
        for name, field in self.load_fields.items():
            key = field.data_key or name
            if field.allow_none:
                values[key] = None
            elif isinstance(field, fields.List) and not field.validators:
                values[key] = []
            elif isinstance(field, fields.Nested) and isinstance(field.schema, EmptyKeysOptional) and field.schema.may_be_empty():
                values[key] = {}
        return values

    def may_be_empty(self) -> bool:
        """Return whether every key of the schema may be omitted."""
        return len(self.empty_values()) == len(self.load_fields)
