"""The map shows the newest participation figure of a jurisdiction."""

from datetime import date
from typing import Any

import pytest

from legal.rules.maps import MapFigure, ParticipationCount, choose_map_figure
from legal.vocabulary import Stands

SPRING, SUMMER, AUTUMN = date(2026, 4, 1), date(2026, 7, 1), date(2026, 10, 1)
NO_FIGURE = MapFigure(None, None, None)


def make_count(low: float | None, high: float | None, day: date | None = SPRING, **fields: Any) -> ParticipationCount:
    """Return a count of agencies on one day that has certainly been reported."""
    defaults: dict[str, Any] = {"unit": "agencies", "on_file": Stands.YES, "earliest": day, "latest": day}
    defaults["date_edtf"] = day.isoformat() if day else None
    return ParticipationCount(**{**defaults, "low": low, "high": high, **fields})


def test_jurisdiction_without_figures_shows_none() -> None:
    assert choose_map_figure([]) == NO_FIGURE


def test_only_figure_is_shown_with_its_bounds() -> None:
    assert choose_map_figure([make_count(41, None)]) == MapFigure("agencies", 41, None, "2026-04-01")


def test_newest_figure_is_shown() -> None:
    counts = [make_count(9, 9, SUMMER), make_count(5, 5, SPRING), make_count(7, 7, AUTUMN)]
    assert choose_map_figure(counts) == MapFigure("agencies", 7, 7, "2026-10-01")


def test_figures_of_one_day_share_their_outer_bounds_and_are_not_averaged() -> None:
    assert choose_map_figure([make_count(10, 12), make_count(20, 22)]) == MapFigure("agencies", 10, 22, "2026-04-01")


@pytest.mark.parametrize("open_count", [make_count(None, 30), make_count(30, None)])
def test_bound_is_open_if_one_figure_leaves_it_open(open_count: ParticipationCount) -> None:
    figure = choose_map_figure([make_count(10, 12), open_count])
    assert (figure.low, figure.high) == (None if open_count.low is None else 10, None if open_count.high is None else 30)


def test_two_units_on_the_newest_date_show_nothing() -> None:
    assert choose_map_figure([make_count(10, 10), make_count(10, 10, unit="agreements")]) == NO_FIGURE


def test_another_unit_on_an_older_date_does_not_matter() -> None:
    counts = [make_count(10, 10, SUMMER), make_count(10, 10, SPRING, unit="agreements")]
    assert choose_map_figure(counts) == MapFigure("agencies", 10, 10, "2026-07-01")


def test_figure_that_may_be_as_late_as_the_newest_counts_too() -> None:
    counts = [make_count(10, 10, SUMMER), make_count(8, 8, earliest=SPRING, latest=AUTUMN)]
    assert choose_map_figure(counts) == MapFigure("agencies", 8, 10)


def test_figure_without_a_date_is_among_the_newest() -> None:
    assert choose_map_figure([make_count(10, 10, SUMMER), make_count(8, 8, None)]) == MapFigure("agencies", 8, 10)


def test_certainly_reported_figure_is_preferred() -> None:
    counts = [make_count(10, 10, SPRING), make_count(8, 8, AUTUMN, on_file=Stands.POSSIBLE)]
    assert choose_map_figure(counts) == MapFigure("agencies", 10, 10, "2026-04-01")


def test_possibly_reported_figure_is_shown_if_none_is_certain() -> None:
    assert choose_map_figure([make_count(8, 8, on_file=Stands.POSSIBLE)]) == MapFigure("agencies", 8, 8, "2026-04-01")


def test_figure_not_yet_reported_is_not_shown() -> None:
    assert choose_map_figure([make_count(8, 8, on_file=Stands.NO)]) == NO_FIGURE


def test_newest_figures_of_several_dates_have_no_date() -> None:
    counts = [make_count(10, 10, date_edtf="2026-03"), make_count(12, 12, date_edtf="2026-04-01")]
    assert choose_map_figure(counts) == MapFigure("agencies", 10, 12, None)
