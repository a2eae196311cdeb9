"""Convert the schemas of seed files to JSON Schema, so that editors can complete and check YAML."""

from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.openapi import OpenAPIConverter
from marshmallow import Schema, fields

from legal.schemas.base import PATTERN_END
from legal.schemas.omission import EmptyKeysOptional

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_COMPONENTS, _DEFINITIONS = "#/components/schemas/", "#/$defs/"


class PortableConverter(OpenAPIConverter):
    """Convert schemas, with patterns that every regular expression engine can read."""

    def field2pattern(self, field: fields.Field[Any], **kwargs: Any) -> dict[str, str]:
        """Return a field's pattern without Python-specific syntax and without surrogates, which UTF-8 cannot encode."""
        patterns = super().field2pattern(field, **kwargs)
        return {key: pattern.replace(PATTERN_END, "$").replace(r"\ud800-\udfff", "") for key, pattern in patterns.items()}


class PortablePlugin(MarshmallowPlugin):
    """The marshmallow plugin of apispec with portable patterns."""

    Converter = PortableConverter


class SeedConverter(PortableConverter):
    """Convert the schemas of seed files, which may omit empty keys."""

    def schema2jsonschema(self, schema: Schema) -> dict[str, Any]:
        """Return a schema as JSON Schema. It allows no unknown keys, and requires every key that must not be omitted."""
        json_schema: dict[str, Any] = super().schema2jsonschema(schema)  # type: ignore[no-untyped-call]  # apispec leaves it untyped
        optional = schema.empty_values() if isinstance(schema, EmptyKeysOptional) else {}
        required = [key for key in json_schema.pop("required", []) if key not in optional]
        return json_schema | {"additionalProperties": False} | ({"required": required} if required else {})


class SeedPlugin(MarshmallowPlugin):
    """The marshmallow plugin of apispec for seed files."""

    Converter = SeedConverter


def seed_file_schema(shape: Schema, title: str) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of one kind of seed file; editors show ``title``."""
    spec = APISpec(title, "1", "3.1.0", plugins=[SeedPlugin(schema_name_resolver=_schema_name)])
    spec.components.schema("SeedFile", schema=shape)
    definitions = spec.to_dict()["components"]["schemas"]
    root = definitions.pop("SeedFile")
    json_schema: dict[str, Any] = _with_local_references({"$schema": DIALECT, "title": title, **root, "$defs": definitions})
    return json_schema


def _schema_name(schema: type[Schema] | Schema) -> str:
    kind = schema if isinstance(schema, type) else type(schema)
    return kind.__name__.removesuffix("Schema").removesuffix("Draft")


def _with_local_references(part: Any) -> Any:
    """Return a part of a JSON Schema in which references to OpenAPI components refer to ``$defs`` instead."""
    if isinstance(part, dict):
        return {key: _with_local_references(value) for key, value in part.items()}
    if isinstance(part, list):
        return [_with_local_references(value) for value in part]
    return part.replace(_COMPONENTS, _DEFINITIONS) if isinstance(part, str) else part
