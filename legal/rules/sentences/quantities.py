"""Find the numbers of a clause, each with its unit, its comparator and the range that follows from them, and the dates."""

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from legal.rules.figures import QuantityRange, allowed_interval
from legal.rules.sentences.lexicon import (
    COMPARATOR_PHRASES,
    MONTHS,
    MULTIPLIERS,
    NUMBER_WORDS,
    TERRITORY_WORDS,
    UNIT_WORDS,
)
from legal.vocabulary import Comparator, Unit

_DIGITS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,9}(?:\.[0-9]{1,4})?")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_YEAR_OPENERS = frozenset(["in", "of", "since", "by", "during", "late", "early", "until", "through", "year"])
_WORDS_TO_UNIT = 5
"""How many words may stand between a number and its unit: "1,000 state and local law enforcement agencies" has five."""


@dataclass(frozen=True, slots=True)
class StatedQuantity:
    """A number that a clause states. ``counts_territories`` says whether it counts territories, which have no unit of their own."""

    comparator: Comparator
    range: QuantityRange
    counts_territories: bool = False


@dataclass(frozen=True, slots=True)
class StatedPeriod:
    """The first and the last day of a day, month or year that a clause names."""

    first: date
    last: date

    @property
    def is_day(self) -> bool:
        """Return whether the period is one day."""
        return self.first == self.last


def find_periods(words: Sequence[str], today: date) -> tuple[list[StatedPeriod], set[int]]:
    """Return the periods that words name, and the positions of their words. A day that its month does not have is left out.

    A day without a year is the last one by ``today``, as newspapers write dates.
    """
    periods, positions = [], set()
    position = 0
    while position < len(words):
        period, length = _period_at(words, position, today)
        if period:
            periods.append(period)
            positions |= set(range(position, position + length))
        position += length
    return periods, positions


def _period_at(words: Sequence[str], position: int, today: date) -> tuple[StatedPeriod | None, int]:
    first, second, third = (*words[position : position + 3], "", "")[:3]
    if first in MONTHS and _is_day_number(second) and _YEAR.fullmatch(third):
        return _day_period(int(third), MONTHS[first], int(second)), 3
    if _is_day_number(first) and second in MONTHS and _YEAR.fullmatch(third):
        return _day_period(int(third), MONTHS[second], int(first)), 3
    if first in MONTHS and _YEAR.fullmatch(second):
        year, month = int(second), MONTHS[first]
        return StatedPeriod(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])), 2
    if first in MONTHS and _is_day_number(second) and third not in UNIT_WORDS:
        month, day = MONTHS[first], int(second)
        year = today.year if (month, day) <= (today.month, today.day) else today.year - 1
        return _day_period(year, month, day), 2
    is_year = _YEAR.fullmatch(first) and second not in UNIT_WORDS and _opens_year(words, position)
    return (StatedPeriod(date(int(first), 1, 1), date(int(first), 12, 31)) if is_year else None), 1


def _opens_year(words: Sequence[str], position: int) -> bool:
    """Return whether a number of four digits is a year: after a word such as "in", or with no unit close by ("a 2025 settlement")."""
    is_after_opener = bool(position) and words[position - 1] in _YEAR_OPENERS
    return is_after_opener or not any(word in UNIT_WORDS for word in words[position + 1 : position + 1 + _WORDS_TO_UNIT])


def _is_day_number(word: str) -> bool:
    return word.isascii() and word.isdigit() and 1 <= int(word[:3]) <= 31  # noqa: PLR2004 - days of a month


def _day_period(year: int, month: int, day: int) -> StatedPeriod | None:
    if day > calendar.monthrange(year, month)[1]:
        return None
    return StatedPeriod(date(year, month, day), date(year, month, day))


def find_quantities(words: Sequence[str]) -> tuple[list[StatedQuantity], set[int]]:
    """Return the quantities that words state, and the positions of their words. A number without a unit is left out."""
    quantities, positions = [], set()
    for start, end, value in _find_numbers(words):
        unit_position = _find_unit(words, end)
        if unit_position is None:
            continue
        comparator, taken_off, comparator_start = _comparator_before(words, start)
        counts_territories = words[unit_position] in TERRITORY_WORDS
        unit = Unit.STATES if counts_territories else UNIT_WORDS.get(words[unit_position], Unit.PERCENT)
        limit = max(value - taken_off, 0)
        quantities.append(
            StatedQuantity(comparator, QuantityRange(unit, limit, *allowed_interval(comparator, limit, unit)), counts_territories)
        )
        positions |= {*range(comparator_start, end), unit_position}
    return quantities, positions


def _find_numbers(words: Sequence[str]) -> Iterator[tuple[int, int, float]]:
    """Yield the position of the first word of each number, the position after its last, and its value."""
    position = 0
    while position < len(words):
        length, value = _number_at(words, position)
        if length:
            yield position, position + length, value
        position += max(length, 1)


def _number_at(words: Sequence[str], position: int) -> tuple[int, float]:
    word, following = words[position], words[position + 1] if position + 1 < len(words) else ""
    if _DIGITS.fullmatch(word):
        number = float(word.replace(",", ""))
    elif word in NUMBER_WORDS:
        number = NUMBER_WORDS[word]
    elif word == "half":
        return 1, 50
    elif word == "a" and following in MULTIPLIERS:
        number = 1
    else:
        return 0, 0
    length = 1
    if word in NUMBER_WORDS and number >= 20 and NUMBER_WORDS.get(following, 10) < 10:  # noqa: PLR2004 - twenty five
        number, length = number + NUMBER_WORDS[following], 2
    while position + length < len(words) and words[position + length] in MULTIPLIERS:
        number, length = number * MULTIPLIERS[words[position + length]], length + 1
    return length, number


def _find_unit(words: Sequence[str], end: int) -> int | None:
    if words[end - 1] == "half":
        return end - 1
    for position in range(end, min(end + _WORDS_TO_UNIT + 1, len(words))):
        word = words[position]
        # In "30 state agencies" and "12 county jails", the first noun only says which.
        is_modifier = word in ("state", "county") and position + 1 < len(words) and words[position + 1] != "in"
        if (word in UNIT_WORDS or word in TERRITORY_WORDS) and not is_modifier:
            return position
        if word in ("in", "of", "have", "has", "with", "by") or _DIGITS.fullmatch(word):
            return None
    return None


def _comparator_before(words: Sequence[str], start: int) -> tuple[Comparator, int, int]:
    """Return the comparator in front of a number, what it takes off the number, and the position of its first word."""
    for phrase, comparator, taken_off in COMPARATOR_PHRASES:
        if tuple(words[max(start - len(phrase), 0) : start]) == phrase:
            return comparator, taken_off, start - len(phrase)
    return Comparator.EXACT, 0, start
