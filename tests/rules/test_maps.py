"""The figure that a map shows for a place."""

from datetime import date
from typing import Any

import pytest

from legal.rules.maps import Count, Shown, shown
from legal.vocabulary import Stands

SPRING, SUMMER, AUTUMN = date(2026, 4, 1), date(2026, 7, 1), date(2026, 10, 1)
NOTHING = Shown(None, None, None)


def count(low: float | None, high: float | None, day: date | None = SPRING, **changes: Any) -> Count:
    """Agencies, reported for certain, from one day."""
    given: dict[str, Any] = {"unit": "agencies", "on_file": Stands.YES, "earliest": day, "latest": day}
    return Count(**{**given, "low": low, "high": high, **changes})


def test_a_place_without_figures_shows_none() -> None:
    assert shown([]) == NOTHING


def test_the_only_figure_is_shown_with_its_bounds() -> None:
    assert shown([count(41, None)]) == Shown("agencies", 41, None)


def test_the_newest_figure_is_shown() -> None:
    assert shown([count(9, 9, SUMMER), count(5, 5, SPRING), count(7, 7, AUTUMN)]) == Shown("agencies", 7, 7)


def test_figures_of_one_day_are_bounded_together_and_never_averaged() -> None:
    assert shown([count(10, 12), count(20, 22)]) == Shown("agencies", 10, 22)


@pytest.mark.parametrize("other", [count(None, 30), count(30, None)])
def test_a_bound_that_one_of_them_leaves_open_is_open(other: Count) -> None:
    found = shown([count(10, 12), other])
    assert (found.low, found.high) == (None if other.low is None else 10, None if other.high is None else 30)


def test_two_units_on_the_newest_date_show_nothing() -> None:
    assert shown([count(10, 10), count(10, 10, unit="agreements")]) == NOTHING


def test_another_unit_on_an_older_date_does_not_matter() -> None:
    assert shown([count(10, 10, SUMMER), count(10, 10, SPRING, unit="agreements")]) == Shown("agencies", 10, 10)


def test_a_figure_that_may_be_as_late_as_the_newest_is_among_the_newest() -> None:
    assert shown([count(10, 10, SUMMER), count(8, 8, earliest=SPRING, latest=AUTUMN)]) == Shown("agencies", 8, 10)


def test_a_figure_without_any_date_is_among_the_newest() -> None:
    assert shown([count(10, 10, SUMMER), count(8, 8, None)]) == Shown("agencies", 8, 10)


def test_what_had_certainly_been_reported_is_preferred() -> None:
    assert shown([count(10, 10, SPRING), count(8, 8, AUTUMN, on_file=Stands.POSSIBLE)]) == Shown("agencies", 10, 10)


def test_what_may_have_been_reported_is_shown_where_nothing_certainly_was() -> None:
    assert shown([count(8, 8, on_file=Stands.POSSIBLE)]) == Shown("agencies", 8, 8)


def test_what_had_not_been_reported_is_not_shown() -> None:
    assert shown([count(8, 8, on_file=Stands.NO)]) == NOTHING
