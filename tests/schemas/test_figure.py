"""Schema of figures in seed files: derivations, numbers and words, types and periods."""

from typing import Any

import pytest
from marshmallow import ValidationError

from legal.schemas.figure import FigureDraft
from legal.schemas.seeds import flatten_messages
from tests.schemas.factories import valid_figure


def derivation_faults(operation: str, figure_ids: list[str]) -> list[str]:
    """Return the JSON pointers of the faults in a figure's derivation."""
    faults = FigureDraft().validate(valid_figure(derivation={"operation": operation, "of": figure_ids}))
    return [pointer for pointer, _ in flatten_messages(faults)]


@pytest.mark.parametrize("operation", ["growth", "share", "sum"])
def test_derivation_needs_two_figures(operation: str) -> None:
    assert derivation_faults(operation, ["one", "two"]) == []
    assert derivation_faults(operation, ["one"]) == ["/derivation/of"]


def test_only_a_sum_accepts_more_than_two_figures() -> None:
    faults = {operation: derivation_faults(operation, ["one", "two", "three"]) for operation in ("sum", "growth", "share")}
    assert faults == {"sum": [], "growth": ["/derivation/of"], "share": ["/derivation/of"]}


def test_unknown_operation_is_rejected() -> None:
    with pytest.raises(ValidationError):
        FigureDraft().load(valid_figure(derivation={"operation": "mean", "of": ["one", "two"]}))


def faulty_keys(**changes: Any) -> set[str]:
    """Return the keys of a figure that are rejected if it has these changes."""
    return set(FigureDraft().validate(valid_figure(**changes)))


def test_figure_in_words_has_neither_value_nor_comparator() -> None:
    assert faulty_keys(value=None, comparator=None, printed="thousands") == set()


@pytest.mark.parametrize("changes", [{"value": None}, {"comparator": None}])
def test_value_and_comparator_come_together(changes: Any) -> None:
    assert faulty_keys(**changes) == {"comparator"}


@pytest.mark.parametrize("key", ["title", "printed", "quantity"])
def test_title_words_and_type_are_required(key: str) -> None:
    assert faulty_keys(**{key: None}) == {key}


def test_count_is_a_whole_number() -> None:
    assert faulty_keys(value=40.5) == {"value"}
    assert faulty_keys(value=40.5, unit="hours") == set()


@pytest.mark.parametrize(
    ("changes", "keys"),
    [
        ({"comparator": "exact", "value": 1000, "rounded": True}, set()),
        ({"comparator": "exact", "value": 1000, "rounded": False}, set()),
        ({"comparator": "exact", "value": 1001, "rounded": True}, {"rounded"}),
        ({"comparator": "about", "value": 1000, "rounded": True}, {"rounded"}),
        ({"comparator": None, "value": None, "rounded": True}, {"rounded"}),
    ],
)
def test_only_an_unhedged_round_number_is_called_rounded(changes: Any, keys: set[str]) -> None:
    assert faulty_keys(**changes) == keys


def test_words_are_not_derived_from_numbers() -> None:
    words = {"value": None, "comparator": None, "printed": "thousands"}
    assert faulty_keys(**words, derivation={"operation": "sum", "of": ["one", "two"]}) == {"derivation"}


def test_share_is_in_percent() -> None:
    assert faulty_keys(quantity="share") == {"unit"}
    assert faulty_keys(quantity="share", unit="percent") == set()


@pytest.mark.parametrize(
    ("begins", "ends", "keys"),
    [
        ("2025-01-01", "2025-12-31", set()),
        ("2019", None, set()),
        (None, "../2026-02-17", set()),
        (None, None, {"period"}),
        ("2026", "2025", {"period"}),
    ],
)
def test_period_has_an_end_and_does_not_run_backwards(begins: str | None, ends: str | None, keys: set[str]) -> None:
    period = {"from": begins and {"edtf": begins, "basis": "explicit"}, "to": ends and {"edtf": ends, "basis": "explicit"}}
    assert faulty_keys(period=period) == keys


def test_active_signatures_need_a_period() -> None:
    assert faulty_keys(cohort="active_signed_in") == {"period"}
