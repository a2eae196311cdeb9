"""Schemas of dates in seed files and in responses."""

import pytest
from marshmallow import ValidationError

from legal.rules.dates import UNKNOWN_DATE, parse_date
from legal.schemas.base import DateDraft, DateSchema


def test_date_is_loaded_with_its_bounds() -> None:
    assert DateDraft().load({"edtf": "2026-02", "basis": "relative"}) == parse_date("2026-02", "relative")


@pytest.mark.parametrize("basis", ["unknown", "guessed", None])
def test_date_needs_a_basis_other_than_unknown(basis: str | None) -> None:
    with pytest.raises(ValidationError) as error:
        DateDraft().load({"edtf": "2026", "basis": basis})
    assert set(error.value.messages) == {"basis"}


@pytest.mark.parametrize("edtf", [None, "", "4 February 2026", "2026-02-30", "2027/2026", "2026" * 17, 2026])
def test_invalid_date_is_rejected_at_its_key(edtf: object) -> None:
    with pytest.raises(ValidationError) as error:
        DateDraft().load({"edtf": edtf, "basis": "explicit"})
    assert set(error.value.messages) == {"edtf"}


def test_date_is_dumped_with_bounds_and_basis() -> None:
    bounds = {"earliest": "2026-02-04", "latest": "2026-02-04"}
    assert DateSchema().dump(parse_date("2026-02-04")) == {"edtf": "2026-02-04", **bounds, "basis": "explicit"}


def test_unknown_date_is_dumped_as_an_object_of_nulls() -> None:
    assert DateSchema().dump(UNKNOWN_DATE) == {"edtf": None, "earliest": None, "latest": None, "basis": "unknown"}


def test_open_end_is_a_null_bound() -> None:
    assert DateSchema().dump(parse_date("2026-02-04/.."))["latest"] is None
