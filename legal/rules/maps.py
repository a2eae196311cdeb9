"""The figure that a map shows for a place: the newest count of those who take part, never averaged, never in mixed units."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from legal.vocabulary import Stands

MAP_FIGURE = (
    "figure_low and figure_high bound the newest participation figure of the place: a count of those that take part at a time (cohort active_at), "
    "of all agencies and not of one class. What had certainly been reported by the day is preferred; where nothing had, what may have been. "
    "A figure is among the newest unless another one is certainly later. Where the newest have one unit, the bounds are the lowest and the highest "
    "that any of them allows, null being unbounded; where they have more than one, both are null. Nothing is averaged or converted. "
    "The unit differs from place to place: map.json names it in meta.figure_units, and two units are never compared."
)
"""Served from the codebook."""


@dataclass(frozen=True, slots=True)
class Count:
    """A participation figure as the map sees it: whether it was on file on the day, and the bounds of the date it is from."""

    unit: str
    low: float | None
    high: float | None
    on_file: Stands
    earliest: date | None
    latest: date | None


@dataclass(frozen=True, slots=True)
class Shown:
    """What the map shows: all null where nothing is on file or the newest figures differ in their unit."""

    unit: str | None = None
    low: float | None = None
    high: float | None = None


def shown(counts: Iterable[Count]) -> Shown:
    """The bounds that the newest figures allow, by the rule in ``MAP_FIGURE``."""
    found = list(counts)
    on_file = [one for one in found if one.on_file is Stands.YES] or [one for one in found if one.on_file is not Stands.NO]
    # Whatever may be as late as the one that is certainly from the latest day is among the newest.
    since = max((one.earliest for one in on_file if one.earliest), default=date.min)
    newest = [one for one in on_file if (one.latest or date.max) >= since]
    units = {one.unit for one in newest}
    if len(units) != 1:
        return Shown()
    lows, highs = [one.low for one in newest], [one.high for one in newest]
    low = None if None in lows else min(low for low in lows if low is not None)
    return Shown(units.pop(), low, None if None in highs else max(high for high in highs if high is not None))
