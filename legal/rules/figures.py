"""What a reported quantity allows: the interval that follows from its comparator."""

from legal.vocabulary import WHOLE_UNITS, Comparator

HEDGE = 0.05
"""How far ``about`` and ``nearly`` reach, as a part of the value (codebook, ``comparator``)."""


def interval(comparator: str, value: float, unit: str) -> tuple[float | None, float | None]:
    """The lowest and highest quantity that a figure allows, both included; ``None`` is unbounded.

    In units that are counted ("more than 40 states") the first whole number beyond the value is the
    bound; in measured ones (per cent, hours, months) the value itself stands for it.
    """
    step = 1 if unit in WHOLE_UNITS else 0
    match Comparator(comparator):
        case Comparator.EXACT:
            return value, value
        case Comparator.ABOUT:
            return _plain(value * (1 - HEDGE)), _plain(value * (1 + HEDGE))
        case Comparator.MORE_THAN:
            return value + step, None
        case Comparator.AT_LEAST:
            return value, None
        case Comparator.NEARLY:
            return _plain(value * (1 - HEDGE)), value - step
        case Comparator.AT_MOST:
            return None, value


def _plain(number: float) -> float:
    """Binary rounding noise taken off: 0.95 times 1000 is 950, not 949.9999999999999."""
    return round(number, 6)
