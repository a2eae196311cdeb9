"""The day on which an agreement was signed, as a cell of a roster gives it: read only where one day alone can be meant."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta

from legal.rules.rosters.normalize import folded, is_error
from legal.rules.rosters.parsed import Reading
from legal.vocabulary import Doubt, Mend

ENACTED = date(1996, 9, 30)
"""Before the law there was nothing to sign: 8 U.S.C. 1357(g), added by Pub. L. 104-208, div. C, title I, § 133."""
FAR = date(2099, 12, 31)
"""What counts as the list's date where that is not known."""
NEVER = 9999
"""A year that is written where there is no date; one before the law may be a spreadsheet's day 0, and no slip either."""
EPOCH = date(1899, 12, 30)
"""Day 0 of a spreadsheet, as seen from day 61 on: it takes 1900 for a leap year."""

SERIAL = re.compile(r"([0-9]{5})(\.[0-9]+)?")
YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})([T ][0-9:.]+Z?)?")
ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MONTH_FIRST = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4}|[0-9]{2})")
RUN_TOGETHER = re.compile(r"[0-9]+[-/.]?[0-9]+")
MONTH_NAMED = re.compile(r"([a-z]{3})[a-z]*\.?[ -]*([0-9]{1,2})(?:st|nd|rd|th)?[, -]+([0-9]{4}|[0-9]{2})", re.IGNORECASE)
DAY_NAMED = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?[ -]*([a-z]{3})[a-z]*\.?[, -]+([0-9]{4}|[0-9]{2})", re.IGNORECASE)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

Read = tuple[date, tuple[Mend, ...]]


def signed(value: str | float | date | time | timedelta, listed_on: date | None) -> Reading[date]:
    """The day that a cell gives, between the law's enactment and the list's own date; a blank or an error gives none.

    A text is read as one date or not at all: with the month first, as the lists are written, with the day first only
    where that names no day. A year still to come is read as the only possible one that a single slip (one digit
    mistyped, or two neighbours swapped) leads to: 5025 is 2025, and 2205 may be 2005 or 2025.
    """
    last = listed_on or FAR
    match value:
        case datetime():
            return _bounded(value.date(), (Mend.TIME_OF_DAY,) if value.time() != time() else (), last)
        case date():
            return _bounded(value, (), last)
        case bool() | time() | timedelta():
            return Reading(None, doubt=Doubt.NOT_A_DATE)
        case str():
            return _typed(value, last)
        case _:
            return _typed(f"{float(value):.15g}", last)


def _typed(text: str, last: date) -> Reading[date]:
    shown = folded(text)
    if shown.value is None or is_error(shown.value):
        return Reading(None, (Mend.ERROR_CELL,) if shown.value else shown.mends)
    found = dict(_readings(shown.value))
    possible = {day: mends for day, mends in found.items() if ENACTED <= day <= last} or found
    if len(possible) != 1:
        return Reading(None, doubt=Doubt.NOT_A_DATE)
    day, mends = possible.popitem()
    return _bounded(day, shown.mends + mends, last)


def _bounded(day: date, mends: tuple[Mend, ...], last: date) -> Reading[date]:
    if ENACTED <= day <= last:
        return Reading(day, mends)
    slips = {slip for slip in _slips(day) if ENACTED <= slip <= last}
    if len(slips) == 1 and last.year < day.year < NEVER:
        return Reading(slips.pop(), (*mends, Mend.YEAR_DIGIT))
    return Reading(None, doubt=Doubt.AFTER_LIST if day > last else Doubt.BEFORE_PROGRAM)


def _slips(day: date) -> Iterator[date]:
    """The same day of each year that one mistyped digit, or two swapped ones, may have been meant as."""
    year = f"{day.year:04}"
    meant = {year[:place] + digit + year[place + 1 :] for place in range(4) for digit in "0123456789"}
    meant |= {year[:place] + year[place + 1] + year[place] + year[place + 2 :] for place in range(3)}
    for other in meant:
        with suppress(ValueError):  # the 29th of February
            yield day.replace(year=int(other))


def _readings(text: str) -> Iterator[Read]:
    """Each day that a text may mean, with what is mended by reading it so."""
    if found := SERIAL.fullmatch(text):
        yield EPOCH + timedelta(days=int(found[1])), (Mend.SERIAL_NUMBER, *([Mend.TIME_OF_DAY] if found[2] else []))
    elif found := YEAR_FIRST.fullmatch(text):
        mends = () if ISO.match(text) else (Mend.DATE_AS_TEXT,)
        yield from _day(found[1], found[3], found[4], (*mends, *([Mend.TIME_OF_DAY] if found[5] else [])))
    elif found := MONTH_FIRST.fullmatch(text):
        yield from _month_first(found[1], found[2], found[3], Mend.DATE_AS_TEXT)
    elif found := MONTH_NAMED.fullmatch(text):
        yield from _named(found[1], found[2], found[3])
    elif found := DAY_NAMED.fullmatch(text):
        yield from _named(found[2], found[1], found[3])
    elif RUN_TOGETHER.fullmatch(text):
        yield from _run_together(text)


def _run_together(text: str) -> Iterator[Read]:
    """``05/082025``: each place where the missing separators may go."""
    head, mark, tail = re.split(r"([-/.]|$)", text, maxsplit=1)
    digits, year = head + tail, len(head + tail) - len("YYYY")
    for day in {1, 2} & {year - 1, year - 2}:
        if not mark or len(head) in {day, year}:
            yield from _month_first(digits[:day], digits[day:year], digits[year:], Mend.DATE_WITHOUT_SLASH)
    if not mark and year == len("MMDD"):
        yield from _day(digits[:4], digits[4:6], digits[6:], (Mend.DATE_WITHOUT_SLASH,))


def _month_first(month: str, day: str, year: str, mend: Mend) -> Iterator[Read]:
    straight = list(_day(year, month, day, (mend,)))
    yield from straight or _day(year, day, month, (mend, Mend.DAY_FIRST))


def _named(month: str, day: str, year: str) -> Iterator[Read]:
    if month.lower() in MONTHS:
        yield from _day(year, str(MONTHS.index(month.lower()) + 1), day, (Mend.DATE_AS_TEXT,))


def _day(year: str, month: str, day: str, mends: tuple[Mend, ...]) -> Iterator[Read]:
    """The day, if there is one; of either century where the year has two digits."""
    short = len(year) < len("YYYY")
    for whole in ("19" + year, "20" + year) if short else (year,):
        with suppress(ValueError):
            yield date(int(whole), int(month), int(day)), (*mends, *([Mend.TWO_DIGIT_YEAR] if short else []))
