"""What a reported quantity allows: the interval that follows from its comparator."""

import math
from dataclasses import dataclass
from math import inf

from legal.vocabulary import WHOLE_UNITS, Comparator

HEDGE = 0.05
"""How far ``about`` and ``nearly`` reach, as a part of the value (codebook, ``comparator``)."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a figure allows: its printed value, and its bounds, both included, null being unbounded."""

    unit: str
    value: float
    low: float | None
    high: float | None

    def meets(self, other: "Quantity") -> bool:
        """Whether some quantity is allowed by both."""
        starts, ends = max(bottom(self.low), bottom(other.low)), min(top(self.high), top(other.high))
        return starts <= ends

    def holds(self, other: "Quantity") -> bool:
        """Whether every quantity that the other allows is allowed by this one."""
        return bottom(self.low) <= bottom(other.low) and top(other.high) <= top(self.high)


def bottom(low: float | None) -> float:
    """A lower bound as a number that compares."""
    return -inf if low is None else low


def top(high: float | None) -> float:
    """An upper bound as a number that compares."""
    return inf if high is None else high


def interval(comparator: str, value: float, unit: str) -> tuple[float | None, float | None]:
    """The lowest and highest quantity that a figure allows, both included; ``None`` is unbounded.

    In units that are counted ("more than 40 states") the first whole number beyond the value is the
    bound; in measured ones (per cent, hours, months) the value itself stands for it.
    """
    counted = unit in WHOLE_UNITS
    match Comparator(comparator):
        case Comparator.EXACT:
            return value, value
        case Comparator.ABOUT:
            return _plain(value * (1 - HEDGE)), _plain(value * (1 + HEDGE))
        case Comparator.MORE_THAN:
            return math.floor(value) + 1 if counted else value, None
        case Comparator.AT_LEAST:
            return value, None
        case Comparator.NEARLY:
            high = max(math.ceil(value) - 1, 0) if counted else value
            return min(_plain(value * (1 - HEDGE)), high), high  # below 20, the whole number before it is the lower of the two
        case _:  # at most
            return None, value


def _plain(number: float) -> float:
    """Binary rounding noise taken off: 0.95 times 1000 is 950, not 949.9999999999999."""
    return round(number, 6)
