"""Choose the figure that a map shows for a jurisdiction: the newest count of participation, never averaged, in one unit."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from legal.vocabulary import Stands

MAP_FIGURE_DEFINITION = (
    "figure_low and figure_high are the bounds of the jurisdiction's newest participation figure. Only figures with the cohort active_at that "
    "count all agencies, not one class of them, are used. Figures that had certainly been reported by the requested day come first; if there are none, those "
    "that may have been reported are used. A figure is among the newest unless another one is certainly later. If the newest figures have one unit, "
    "the bounds are the lowest and the highest quantity that any of them allows, and null means unbounded. If they have more than one unit, both "
    "bounds are null. Nothing is averaged or converted. The unit differs from jurisdiction to jurisdiction: map.json gives it in meta.figure_units, "
    "and different units are never compared."
)
"""The rule of ``choose_map_figure``. The codebook serves it."""


@dataclass(frozen=True, slots=True)
class ParticipationCount:
    """A participation figure: its interval, whether it had been reported by the requested day, and the bounds of its date."""

    unit: str
    low: float | None
    high: float | None
    on_file: Stands
    earliest: date | None
    latest: date | None


@dataclass(frozen=True, slots=True)
class MapFigure:
    """The figure on the map. All fields are null if no figure is on file or the newest figures have several units."""

    unit: str | None = None
    low: float | None = None
    high: float | None = None


def choose_map_figure(counts: Iterable[ParticipationCount]) -> MapFigure:
    """Return the bounds that the newest figures allow, by the rule in ``MAP_FIGURE_DEFINITION``."""
    all_counts = list(counts)
    certain_counts = [count for count in all_counts if count.on_file is Stands.YES]
    on_file = certain_counts or [count for count in all_counts if count.on_file is not Stands.NO]
    # A count is among the newest if it may be as late as the count with the latest certain day.
    newest_since = max((count.earliest for count in on_file if count.earliest), default=date.min)
    newest = [count for count in on_file if (count.latest or date.max) >= newest_since]
    units = {count.unit for count in newest}
    if len(units) != 1:
        return MapFigure()
    lows, highs = [count.low for count in newest], [count.high for count in newest]
    low = None if None in lows else min(low for low in lows if low is not None)
    return MapFigure(units.pop(), low, None if None in highs else max(high for high in highs if high is not None))
