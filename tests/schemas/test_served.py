"""Schemas of responses: strict, described, and complete for every kind of measure."""

from importlib import import_module
from pkgutil import iter_modules

import pytest
from marshmallow import RAISE, Schema, ValidationError, class_registry

from legal import schemas
from legal.schemas import document
from legal.schemas.base import StrictSchema, page_schema
from legal.schemas.jurisdiction import BackgroundSchema, KindCountsSchema, StanceSchema
from legal.vocabulary import Kind

for module in iter_modules(schemas.__path__):
    import_module(f"legal.schemas.{module.name}")


def list_schemas() -> list[type[Schema]]:
    """List every schema class of the service."""
    registered = [schema for entry in class_registry._registry.values() for schema in (entry if isinstance(entry, list) else [entry])]
    return sorted({schema for schema in registered if schema.__module__.startswith("legal.schemas.")}, key=lambda schema: schema.__name__)


def test_there_are_many_schemas() -> None:
    assert len(list_schemas()) > 50


def test_every_schema_rejects_unknown_keys() -> None:
    assert [schema for schema in list_schemas() if not issubclass(schema, StrictSchema) or schema().unknown != RAISE] == []


def test_every_schema_has_a_docstring() -> None:
    assert [schema for schema in list_schemas() if not (schema.__doc__ or "").strip().endswith(".")] == []


def test_every_served_key_but_facets_and_next_url_is_required() -> None:
    optional_keys = [
        (schema.__name__, name)
        for schema in list_schemas()
        if not schema.__name__.endswith("RequestSchema")
        for name, field in schema().fields.items()
        if not field.required and name not in ("facets", "next_url")  # JSON Feed leaves it out on the last page
    ]
    assert optional_keys == []


def test_every_kind_has_a_slot_and_a_count() -> None:
    slots = [*StanceSchema().fields, *BackgroundSchema().fields]
    assert slots == list(KindCountsSchema().fields) == [str(kind) for kind in Kind]


def test_stance_has_its_seven_slots() -> None:
    assert list(StanceSchema().fields) == [
        *("ban", "mandate", "executive_order", "pending_bill", "litigation", "active_agreements", "legal_opinion"),
    ]


def test_page_has_the_keys_of_the_envelope() -> None:
    page = page_schema(document.OriginSchema, "OriginPage")
    assert set(page().fields) - {"facets"} == {"results", "count", "next", "next_cursor", "meta"}
    assert page.__doc__ == "A page of a list whose items are described by OriginSchema."


def test_page_rejects_unknown_keys() -> None:
    with pytest.raises(ValidationError):
        document.DocumentPage().load({"results": [], "count": 0, "next": None, "meta": {}, "more": 1})
