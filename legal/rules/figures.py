"""Compute the interval that a reported quantity allows. It follows from the quantity's comparator."""

import math
from dataclasses import dataclass
from math import inf

from legal.vocabulary import COUNTED_UNITS, Comparator

HEDGE_FRACTION = 0.05
"""Distance that ``about`` and ``nearly`` reach, as a fraction of the value. The codebook serves it."""


@dataclass(frozen=True, slots=True)
class QuantityRange:
    """A printed value with the bounds that the source's wording allows, both included. A null bound means that there is no limit."""

    unit: str
    value: float
    low: float | None
    high: float | None

    def overlaps(self, quantity: "QuantityRange") -> bool:
        """Return whether some quantity lies in both ranges."""
        starts = max(lower_limit(self.low), lower_limit(quantity.low))
        ends = min(upper_limit(self.high), upper_limit(quantity.high))
        return starts <= ends

    def contains(self, quantity: "QuantityRange") -> bool:
        """Return whether this range allows every quantity that the other one allows."""
        return lower_limit(self.low) <= lower_limit(quantity.low) and upper_limit(quantity.high) <= upper_limit(self.high)


def lower_limit(low: float | None) -> float:
    """Return a lower bound as a number that can be compared; null becomes minus infinity."""
    return -inf if low is None else low


def upper_limit(high: float | None) -> float:
    """Return an upper bound as a number that can be compared; null becomes infinity."""
    return inf if high is None else high


def allowed_interval(comparator: str, value: float, unit: str) -> tuple[float | None, float | None]:
    """Compute the lowest and the highest quantity that a figure allows, both included; ``None`` means that there is no limit.

    For ``more_than`` and ``nearly``, the bound at the value is the next whole number in counted units ("more than 40
    states" is 41 or more), and the value itself in measured units (percent, hours, months). Source: docs/rules.md,
    "Figures".
    """
    is_counted = unit in COUNTED_UNITS
    match Comparator(comparator):
        case Comparator.EXACT:
            return value, value
        case Comparator.ABOUT:
            return _drop_binary_noise(value * (1 - HEDGE_FRACTION)), _drop_binary_noise(value * (1 + HEDGE_FRACTION))
        case Comparator.MORE_THAN:
            return math.floor(value) + 1 if is_counted else value, None
        case Comparator.AT_LEAST:
            return value, None
        case Comparator.NEARLY:
            high = max(math.ceil(value) - 1, 0) if is_counted else value
            # Below 20, the whole number before the value is less than 0.95 times the value.
            return min(_drop_binary_noise(value * (1 - HEDGE_FRACTION)), high), high
        case _:  # at most
            return None, value


def _drop_binary_noise(number: float) -> float:
    """Round off binary noise: 0.95 times 1000 is 950, not 949.9999999999999."""
    return round(number, 6)
