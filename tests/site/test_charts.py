"""Test the geometry of the chart of agreements over time."""

import itertools
from datetime import date
from typing import Any

import pytest

from legal.site.charts import HEIGHT, WIDTH, make_history_chart
from legal.vocabulary import Model

pytestmark = pytest.mark.databases("sqlite")


def make_rows(*counts: tuple[str, int, int, int]) -> list[dict[str, Any]]:
    """Return the history of rosters, each with its day and its agreements by model."""
    return [
        {"date": {"earliest": day}, "roster": f"participating-{day}", "model": str(model), "agreements": number}
        for day, *numbers in counts
        for model, number in zip((Model.JAIL_ENFORCEMENT, Model.TASK_FORCE, Model.WARRANT_SERVICE_OFFICER), numbers, strict=True)
    ]


def points(text: str) -> list[tuple[float, float]]:
    """Return the points of a polygon."""
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in text.split())]


def test_no_chart_is_drawn_of_nothing() -> None:
    assert make_history_chart([], date(2026, 1, 1)) is None
    assert make_history_chart(make_rows(("2025-01-01", 0, 0, 0)), date(2026, 1, 1)) is None


def test_count_holds_until_the_next_roster() -> None:
    chart = make_history_chart(make_rows(("2025-01-01", 0, 10, 0), ("2025-07-01", 0, 20, 0)), date(2026, 1, 1))
    assert chart is not None
    (band,) = chart.bands
    outline = points(band.points)
    assert outline[0][1] == outline[1][1] > outline[2][1] == outline[3][1]
    assert outline[1][0] == outline[2][0]


def test_stacked_bands_touch_and_stay_inside() -> None:
    chart = make_history_chart(make_rows(("2021-01-31", 1, 2, 3), ("2025-07-01", 4, 50, 6)), date(2026, 1, 1))
    assert chart is not None
    assert [band.model for band in chart.bands] == ["task_force", "warrant_service_officer", "jail_enforcement"]
    for lower, upper in zip(chart.bands, chart.bands[1:], strict=False):
        half = len(points(lower.points)) // 2
        assert points(lower.points)[:half] == points(upper.points)[half:][::-1]
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for band in chart.bands for x, y in points(band.points))
    assert [tick.label for tick in chart.x_ticks] == ["2022", "2023", "2024", "2025", "2026"]
    assert chart.peak == 60


@pytest.mark.parametrize("numbers", [(1, 0, 1), (1, 1, 1), (300, 1, 1), (1, 300, 1), (1, 1, 300)])
def test_labels_never_overlap_or_leave_the_chart(numbers: tuple[int, int, int]) -> None:
    chart = make_history_chart(make_rows(("2025-01-01", *numbers)), date(2026, 1, 1))
    assert chart is not None
    labels = [band.label_y for band in chart.bands]
    assert all(lower - upper >= 14.9 for lower, upper in itertools.pairwise(labels))
    assert all(10 <= y <= HEIGHT for y in labels)


@pytest.mark.parametrize(
    ("number", "labels"), [(1, ["0", "1"]), (29, ["0", "15", "30"]), (348, ["0", "200", "400"]), (1843, ["0", "1,000", "2,000"])]
)
def test_axis_ends_at_a_round_number(number: int, labels: list[str]) -> None:
    chart = make_history_chart(make_rows(("2025-01-01", 0, number, 0)), date(2026, 1, 1))
    assert chart is not None
    assert [tick.label for tick in chart.y_ticks] == labels
