"""Figures that follow from other figures: growth, shares and sums, worked out again."""

from collections.abc import Sequence
from math import floor, inf, isfinite

from legal.rules.figures import Quantity, bottom, top
from legal.vocabulary import DerivedVerdict, Operation, Unit


def derived(operation: str, of: Sequence[Quantity]) -> Quantity | None:
    """What figures come to together; null where they come to nothing: in two units, or as a part of zero.

    ``growth`` is (second - first) / first and ``share`` first / second, both in per cent; ``sum`` adds.
    The bounds are the least and the most that the figures' own bounds allow; nothing is less than zero.
    """
    if len({one.unit for one in of}) > 1:
        return None
    match Operation(operation):
        case Operation.GROWTH:
            share = _ratio(of[1], of[0])
            return share and Quantity(Unit.PERCENT, round(share.value - 100, 2), _shift(share.low), _shift(share.high))
        case Operation.SHARE:
            return _ratio(of[0], of[1])
        case _:  # sum
            low, high = sum(max(0.0, bottom(one.low)) for one in of), sum(top(one.high) for one in of)
            return Quantity(of[0].unit, sum(one.value for one in of), low, high if isfinite(high) else None)


def follows(claimed: Quantity, found: Quantity) -> DerivedVerdict:
    """Whether a figure follows from what others come to, at the precision it is printed in."""
    printed = Quantity(found.unit, found.value, _rounded(found.low), _rounded(found.high)) if claimed.value.is_integer() else found
    if claimed.holds(printed):
        return DerivedVerdict.FOLLOWS
    return DerivedVerdict.MAY_FOLLOW if claimed.meets(printed) else DerivedVerdict.DOES_NOT_FOLLOW


def _ratio(part: Quantity, whole: Quantity) -> Quantity | None:
    value = 100 * part.value / whole.value if whole.value else inf
    if not isfinite(value) or not top(whole.high):
        return None
    least = max(0.0, bottom(part.low)) / top(whole.high)
    most = top(part.high) / bottom(whole.low) if bottom(whole.low) > 0 else inf
    return Quantity(Unit.PERCENT, round(value, 2), round(100 * least, 2), round(100 * most, 2) if isfinite(most) else None)


def _shift(bound: float | None) -> float | None:
    return None if bound is None else round(bound - 100, 2)


def _rounded(bound: float | None) -> float | None:
    # A half is printed as the number above it; Python's own rounding takes the even one.
    return None if bound is None else floor(bound + 0.5)
