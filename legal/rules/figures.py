"""Compute the interval that a reported quantity allows. It follows from the quantity's comparator."""

import math
from dataclasses import dataclass
from math import inf

from legal.vocabulary import COUNTED_UNITS, Comparator

HEDGE_FRACTION = 0.05
"""Distance that ``about`` and ``nearly`` reach, as a fraction of the value. The codebook serves it."""
MIN_ROUNDED_VALUE = 100
"""The smallest number whose zeros at its end are taken for rounding. The codebook serves it."""


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

    def widen_to_rounding(self) -> "QuantityRange":
        """Return the range of the whole numbers that round to the value, half up, as newspapers round."""
        half = rounding_step(self.value) / 2
        return QuantityRange(self.unit, self.value, math.ceil(self.value - half), math.ceil(self.value + half) - 1)


def lower_limit(low: float | None) -> float:
    """Return a lower bound as a number that can be compared; null becomes minus infinity."""
    return -inf if low is None else low


def upper_limit(high: float | None) -> float:
    """Return an upper bound as a number that can be compared; null becomes infinity."""
    return inf if high is None else high


def allowed_interval(comparator: str, value: float, unit: str) -> tuple[float | None, float | None]:
    """Compute the lowest and the highest quantity that a figure allows, both included; ``None`` means that there is no limit.

    In counted units ("more than 40 states") both bounds are whole numbers. In measured units (percent, hours, months) a
    bound can be a fraction. Source: docs/rules.md, "Figures".
    """
    low, high = _measured_interval(comparator, value)
    if unit not in COUNTED_UNITS:
        return low, high
    match Comparator(comparator):
        case Comparator.EXACT:
            return math.floor(value), math.ceil(value)
        case Comparator.ABOUT:
            # "About ten" would otherwise mean ten and nothing else.
            return max(0, min(math.ceil(low or 0), math.ceil(value) - 1)), max(math.floor(high or 0), math.floor(value) + 1)
        case Comparator.MORE_THAN:
            return math.floor(value) + 1, None
        case Comparator.NEARLY:
            whole_number_below = max(math.ceil(value) - 1, 0)
            # Below 20, the whole number before the value is less than 0.95 times the value.
            return min(math.ceil(low or 0), whole_number_below), whole_number_below
        case _:
            return None if low is None else math.ceil(low), None if high is None else math.floor(high)


def _measured_interval(comparator: str, value: float) -> tuple[float | None, float | None]:
    match Comparator(comparator):
        case Comparator.EXACT:
            return value, value
        case Comparator.ABOUT:
            return _drop_binary_noise(value * (1 - HEDGE_FRACTION)), _drop_binary_noise(value * (1 + HEDGE_FRACTION))
        case Comparator.MORE_THAN | Comparator.AT_LEAST:
            return value, None
        case Comparator.NEARLY:
            return _drop_binary_noise(value * (1 - HEDGE_FRACTION)), value
        case _:  # at most
            return None, value


def rounding_step(value: float) -> int:
    """Return the unit to which a number appears to be rounded: 100 for 1,000, and 1 for a number that is not round.

    It has as many zeros as the number has at its end, and is at most a tenth of the number.
    """
    step = 1
    while value >= MIN_ROUNDED_VALUE * step and value % (step * 10) == 0:
        step *= 10
    return step


def is_round_number(comparator: str, value: float, unit: str) -> bool:
    """Return whether a number that is printed without a hedge is round, and so may stand for any number that rounds to it."""
    return comparator == Comparator.EXACT and unit in COUNTED_UNITS and rounding_step(value) > 1


def _drop_binary_noise(number: float) -> float:
    """Round off binary noise: 0.95 times 1000 is 950, not 949.9999999999999."""
    return round(number, 6)
