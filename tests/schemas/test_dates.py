"""Dates as they are written down and as they are served."""

import pytest
from marshmallow import ValidationError

from legal.rules.dates import UNKNOWN, when
from legal.schemas.base import DateDraft, DateSchema


def test_a_date_is_read_with_its_bounds() -> None:
    assert DateDraft().load({"edtf": "2026-02", "basis": "relative"}) == when("2026-02", "relative")


@pytest.mark.parametrize("basis", ["unknown", "guessed", None])
def test_a_date_that_is_given_comes_from_somewhere(basis: str | None) -> None:
    with pytest.raises(ValidationError) as error:
        DateDraft().load({"edtf": "2026", "basis": basis})
    assert set(error.value.messages) == {"basis"}


@pytest.mark.parametrize("edtf", [None, "", "4 February 2026", "2026-02-30", "2027/2026", "2026" * 17, 2026])
def test_what_is_no_date_is_refused_at_its_key(edtf: object) -> None:
    with pytest.raises(ValidationError) as error:
        DateDraft().load({"edtf": edtf, "basis": "explicit"})
    assert set(error.value.messages) == {"edtf"}


def test_a_date_is_served_as_the_contract_says() -> None:
    bounds = {"earliest": "2026-02-04", "latest": "2026-02-04"}
    assert DateSchema().dump(when("2026-02-04")) == {"edtf": "2026-02-04", **bounds, "basis": "explicit"}


def test_an_unknown_date_is_served_as_nulls_and_never_as_one() -> None:
    assert DateSchema().dump(UNKNOWN) == {"edtf": None, "earliest": None, "latest": None, "basis": "unknown"}


def test_an_open_end_is_a_null_bound() -> None:
    assert DateSchema().dump(when("2026-02-04/.."))["latest"] is None
