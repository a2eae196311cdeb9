"""The shapes of answers: strict, whole for every kind, and described."""

from importlib import import_module
from pkgutil import iter_modules

import pytest
from marshmallow import RAISE, Schema, ValidationError, class_registry

from legal import schemas
from legal.schemas import document
from legal.schemas.base import Strict, page_of
from legal.schemas.jurisdiction import KindCountsSchema, StanceSchema
from legal.vocabulary import Kind

for module in iter_modules(schemas.__path__):
    import_module(f"legal.schemas.{module.name}")


def shapes() -> list[type[Schema]]:
    """Every shape of the service."""
    found = [one for ones in class_registry._registry.values() for one in (ones if isinstance(ones, list) else [ones])]
    return sorted({one for one in found if one.__module__.startswith("legal.schemas.")}, key=lambda one: one.__name__)


@pytest.mark.parametrize("shape", shapes(), ids=lambda shape: shape.__name__)
def test_every_shape_is_strict_and_says_what_it_is(shape: type[Schema]) -> None:
    assert issubclass(shape, Strict)
    assert shape().unknown == RAISE
    assert (shape.__doc__ or "").endswith(".")


@pytest.mark.parametrize("shape", shapes(), ids=lambda shape: shape.__name__)
def test_every_key_of_a_shape_is_always_there_but_facets(shape: type[Schema]) -> None:
    assert [name for name, field in shape().fields.items() if not field.required and name != "facets"] == []


@pytest.mark.parametrize("shape", [StanceSchema, KindCountsSchema])
def test_there_is_a_slot_for_every_kind(shape: type[Schema]) -> None:
    assert list(shape().fields) == [str(kind) for kind in Kind]


def test_a_page_is_the_envelope_of_the_contract() -> None:
    page = page_of(document.OriginSchema, "OriginPage")
    assert set(page().fields) - {"facets"} == {"results", "count", "next", "meta"}
    assert page.__doc__ == "A page of a list of origins."


def test_a_page_refuses_what_is_not_its_own() -> None:
    with pytest.raises(ValidationError):
        document.DocumentPage().load({"results": [], "count": 0, "next": None, "meta": {}, "more": 1})
