"""Calculate figures that follow from other figures: growth, shares and sums. Source: docs/rules.md, "Figures"."""

from collections.abc import Sequence
from math import floor, inf, isfinite

from legal.rules.figures import QuantityRange, lower_limit, upper_limit
from legal.vocabulary import DerivedVerdict, Operation, Unit


def derive_figure(operation: str, inputs: Sequence[QuantityRange]) -> QuantityRange | None:
    """Calculate a figure from others; return null if their units differ or the base of the ratio is zero.

    ``growth`` is (second - first) / first and ``share`` is first / second, both in percent; ``sum`` adds all inputs.
    The bounds are the smallest and the largest result that the inputs' bounds allow. An input without a lower bound, or
    with a negative one, is taken to be at least zero.
    """
    if len({quantity.unit for quantity in inputs}) > 1:
        return None
    match Operation(operation):
        case Operation.GROWTH:
            share = _percent_ratio(inputs[1], inputs[0])
            return share and QuantityRange(
                Unit.PERCENT, round(share.value - 100, 2), _share_to_growth(share.low), _share_to_growth(share.high)
            )
        case Operation.SHARE:
            return _percent_ratio(inputs[0], inputs[1])
        case _:  # sum
            low = sum(max(0.0, lower_limit(quantity.low)) for quantity in inputs)
            high = sum(upper_limit(quantity.high) for quantity in inputs)
            return QuantityRange(inputs[0].unit, sum(quantity.value for quantity in inputs), low, high if isfinite(high) else None)


def derivation_verdict(reported_figure: QuantityRange, computed_figure: QuantityRange) -> DerivedVerdict:
    """Judge whether a reported figure follows from the computed one.

    If the reported value is a whole number, the computed bounds are rounded to whole numbers first.
    """
    rounded_figure = (
        QuantityRange(
            computed_figure.unit, computed_figure.value, _round_half_up(computed_figure.low), _round_half_up(computed_figure.high)
        )
        if reported_figure.value.is_integer()
        else computed_figure
    )
    if reported_figure.contains(rounded_figure):
        return DerivedVerdict.FOLLOWS
    return DerivedVerdict.MAY_FOLLOW if reported_figure.overlaps(rounded_figure) else DerivedVerdict.DOES_NOT_FOLLOW


def _percent_ratio(part: QuantityRange, total: QuantityRange) -> QuantityRange | None:
    value = 100 * part.value / total.value if total.value else inf
    if not isfinite(value) or not upper_limit(total.high):
        return None
    least = max(0.0, lower_limit(part.low)) / upper_limit(total.high)
    most = upper_limit(part.high) / lower_limit(total.low) if lower_limit(total.low) > 0 else inf
    return QuantityRange(Unit.PERCENT, round(value, 2), round(100 * least, 2), round(100 * most, 2) if isfinite(most) else None)


def _share_to_growth(percentage: float | None) -> float | None:
    return None if percentage is None else round(percentage - 100, 2)


def _round_half_up(number: float | None) -> float | None:
    # Sources round a half up. Python rounds it to the even number.
    return None if number is None else floor(number + 0.5)
