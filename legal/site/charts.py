"""Compute the geometry of the chart of agreements over time. Styles are in the stylesheet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from legal.json_types import Json
from legal.vocabulary import Model

WIDTH, HEIGHT = 640, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 176, 14, 26
_MIN_LABEL_GAP = 15
_MODELS = (Model.TASK_FORCE, Model.WARRANT_SERVICE_OFFICER, Model.JAIL_ENFORCEMENT)
"""The models from the bottom of the stack to the top."""


@dataclass(frozen=True, slots=True)
class Band:
    """The area of one model in a stacked chart, with the place and text of its label."""

    model: str
    points: str
    label_y: float
    value: int


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of an axis, with its label."""

    position: float
    label: str


@dataclass(frozen=True, slots=True)
class StackedChart:
    """A chart of agreements by model over time, with all that its template draws."""

    bands: Sequence[Band]
    x_ticks: Sequence[Tick]
    y_ticks: Sequence[Tick]
    right: float
    bottom: float
    left: float
    rosters: int
    first_day: str
    last_day: str
    peak: int


def make_history_chart(rows: Sequence[Json], as_of: date) -> StackedChart | None:
    """Return the chart of a history by model, or None if no roster names an agency.

    Rows have ``date``, ``model`` and ``agreements``, sorted by date. A count holds until the next roster: that roster is the
    first to say otherwise.
    """
    counts_by_day: dict[date, dict[str, int]] = {}
    for row in rows:
        counts_by_day.setdefault(date.fromisoformat(row["date"]["earliest"]), {})[row["model"]] = row["agreements"]
    totals = {day: sum(counts.values()) for day, counts in counts_by_day.items()}
    if not any(totals.values()):
        return None
    days = sorted(counts_by_day)
    end = max(as_of, days[-1] + timedelta(days=1))
    x_scale = _LinearScale(days[0].toordinal(), end.toordinal(), _LEFT, WIDTH - _RIGHT)
    top_value = _round_up(max(totals.values()))
    y_scale = _LinearScale(0, top_value, HEIGHT - _BOTTOM, _TOP)
    return StackedChart(
        bands=_stack_bands(counts_by_day, days, end, x_scale, y_scale),
        x_ticks=[Tick(x_scale.position(date(year, 1, 1).toordinal()), str(year)) for year in range(days[0].year + 1, end.year + 1)],
        y_ticks=[Tick(y_scale.position(value), f"{value:,}") for value in sorted({0, top_value // 2, top_value})],
        right=WIDTH - _RIGHT,
        bottom=HEIGHT - _BOTTOM,
        left=_LEFT,
        rosters=len({row["roster"] for row in rows}),
        first_day=days[0].isoformat(),
        last_day=days[-1].isoformat(),
        peak=max(totals.values()),
    )


@dataclass(frozen=True, slots=True)
class _LinearScale:
    """A scale from values to positions."""

    first_value: float
    last_value: float
    first_position: float
    last_position: float

    def position(self, value: float) -> float:
        """Return the position of a value, to a tenth of a pixel."""
        fraction = (value - self.first_value) / (self.last_value - self.first_value)
        return round(self.first_position + fraction * (self.last_position - self.first_position), 1)


def _stack_bands(
    counts_by_day: Mapping[date, Mapping[str, int]], days: Sequence[date], end: date, x_scale: _LinearScale, y_scale: _LinearScale
) -> list[Band]:
    bands: list[Band] = []
    positions = [x_scale.position(day.toordinal()) for day in (*days, end)]
    floor = dict.fromkeys(days, 0)
    floor_points = _step_points(floor.values(), positions, y_scale)
    for model in _MODELS:
        ceiling = {day: floor[day] + counts_by_day[day].get(model, 0) for day in days}
        ceiling_points = _step_points(ceiling.values(), positions, y_scale)
        if any(ceiling[day] > floor[day] for day in days):
            outline = [*ceiling_points, *reversed(floor_points)]
            points = " ".join(f"{x:g},{y:g}" for x, y in outline)
            middle = y_scale.position((ceiling[days[-1]] + floor[days[-1]]) / 2)
            bands.append(Band(str(model), points, middle, ceiling[days[-1]] - floor[days[-1]]))
        floor, floor_points = ceiling, ceiling_points
    return _spread_labels(bands)


def _step_points(values: Iterable[int], positions: Sequence[float], y_scale: _LinearScale) -> list[tuple[float, float]]:
    """Return both ends of each step, given the value of each, and the positions at which steps begin and the last one ends."""
    points: list[tuple[float, float]] = []
    for value, (start, end) in zip(values, pairwise(positions), strict=True):
        y = y_scale.position(value)
        points += [(start, y), (end, y)]
    return points


def _spread_labels(bands: Sequence[Band]) -> list[Band]:
    """Move labels up, from the bottom one, until none overlaps the next; then all down again if one left the chart."""
    positions: list[float] = []
    for band in bands:
        limit = positions[-1] - _MIN_LABEL_GAP if positions else HEIGHT - _BOTTOM - 2
        positions.append(min(band.label_y + 4, limit))
    shift = max(0.0, _TOP - min(positions))
    return [Band(band.model, band.points, round(position + shift, 1), band.value) for band, position in zip(bands, positions, strict=True)]


def _round_up(value: int) -> int:
    """Return the next value with one digit or a five after it, for the top of an axis."""
    magnitude = 10 ** (len(str(value)) - 1)
    steps = (1, 1.5, 2, 3, 4, 5, 6, 8, 10)
    return next(int(step * magnitude) for step in steps if value <= int(step * magnitude))
