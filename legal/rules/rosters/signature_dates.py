"""Read the signature date of an agreement from a roster cell. A cell is read only if exactly one date is possible."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta

from legal.rules.rosters.normalize import clean_text, is_spreadsheet_error
from legal.rules.rosters.parsed import CellReading
from legal.vocabulary import Flag, Repair

ENACTMENT_DATE = date(1996, 9, 30)
"""The first day on which an agreement can be signed: 8 U.S.C. 1357(g), added by Pub. L. 104-208, div. C, title I, § 133."""
_DEFAULT_ROSTER_DATE = date(2099, 12, 31)
"""Upper bound if the roster's date is unknown."""
_PLACEHOLDER_YEAR = 9999
"""A year that stands for an unknown date, so it is not corrected as a typo."""
_SPREADSHEET_EPOCH = date(1899, 12, 30)
"""Day 0 of a spreadsheet, valid from day 61 on: spreadsheets treat 1900 as a leap year."""

_SERIAL_NUMBER = re.compile(r"([0-9]{5})(\.[0-9]+)?")
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})([T ][0-9:.]+Z?)?")
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH_FIRST = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4}|[0-9]{2})")
_MISSING_SEPARATOR = re.compile(r"[0-9]+[-/.]?[0-9]+")
_MONTH_NAME_FIRST = re.compile(r"([a-z]{3})[a-z]*\.?[ -]*([0-9]{1,2})(?:st|nd|rd|th)?[, -]+([0-9]{4}|[0-9]{2})", re.IGNORECASE)
_MONTH_NAME_SECOND = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?[ -]*([a-z]{3})[a-z]*\.?[, -]+([0-9]{4}|[0-9]{2})", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_DateRepairs = tuple[date, tuple[Repair, ...]]


def parse_signature_date(cell: str | float | date | time | timedelta, roster_date: date | None) -> CellReading[date]:
    """Return the date in a cell. A date before the 287(g) law or after the roster is flagged; a blank or an error has no value.

    A text is read month first, as rosters are written. It is read day first only if the month-first reading gives no
    date. A text with several possible dates is flagged. A year in the future is corrected if one typo (a wrong digit,
    or two neighbors swapped) leads to exactly one possible year: 5025 becomes 2025, but 2205 may be 2005 or 2025.
    """
    last_date = roster_date or _DEFAULT_ROSTER_DATE
    match cell:
        case datetime():
            return _check_bounds(cell.date(), (Repair.TIME_OF_DAY,) if cell.time() != time() else (), last_date)
        case date():
            return _check_bounds(cell, (), last_date)
        case bool() | time() | timedelta():
            return CellReading(None, flag=Flag.NOT_A_DATE)
        case str():
            return _parse_text(cell, last_date)
        case _:
            return _parse_text(f"{float(cell):.15g}", last_date)


def _parse_text(text: str, last_date: date) -> CellReading[date]:
    reading = clean_text(text)
    if reading.value is None or is_spreadsheet_error(reading.value):
        return CellReading(None, (Repair.ERROR_CELL,) if reading.value else reading.repairs)
    dates = dict(_candidate_dates(reading.value))
    dates_in_bounds = {day: repairs for day, repairs in dates.items() if ENACTMENT_DATE <= day <= last_date} or dates
    if len(dates_in_bounds) != 1:
        return CellReading(None, flag=Flag.NOT_A_DATE)
    day, repairs = dates_in_bounds.popitem()
    return _check_bounds(day, reading.repairs + repairs, last_date)


def _check_bounds(day: date, repairs: tuple[Repair, ...], last_date: date) -> CellReading[date]:
    if ENACTMENT_DATE <= day <= last_date:
        return CellReading(day, repairs)
    corrections = {correction for correction in _year_corrections(day) if ENACTMENT_DATE <= correction <= last_date}
    if len(corrections) == 1 and last_date.year < day.year < _PLACEHOLDER_YEAR:
        return CellReading(corrections.pop(), (*repairs, Repair.YEAR_DIGIT))
    return CellReading(None, flag=Flag.AFTER_LIST if day > last_date else Flag.BEFORE_PROGRAM)


def _year_corrections(day: date) -> Iterator[date]:
    """Yield the same day in each year that differs by one digit or by one swap of neighboring digits."""
    year = f"{day.year:04}"
    years = {year[:index] + digit + year[index + 1 :] for index in range(4) for digit in "0123456789"}
    years |= {year[:index] + year[index + 1] + year[index] + year[index + 2 :] for index in range(3)}
    for corrected_year in years:
        with suppress(ValueError):  # February 29
            yield day.replace(year=int(corrected_year))


def _candidate_dates(text: str) -> Iterator[_DateRepairs]:
    """Yield each date that a text may mean, with the repairs that lead to it."""
    if match := _SERIAL_NUMBER.fullmatch(text):
        yield _SPREADSHEET_EPOCH + timedelta(days=int(match[1])), (Repair.SERIAL_NUMBER, *([Repair.TIME_OF_DAY] if match[2] else []))
    elif match := _YEAR_FIRST.fullmatch(text):
        repairs = () if _ISO_DATE.match(text) else (Repair.DATE_AS_TEXT,)
        yield from _build_dates(match[1], match[3], match[4], (*repairs, *([Repair.TIME_OF_DAY] if match[5] else [])))
    elif match := _MONTH_FIRST.fullmatch(text):
        yield from _month_first_dates(match[1], match[2], match[3], Repair.DATE_AS_TEXT)
    elif match := _MONTH_NAME_FIRST.fullmatch(text):
        yield from _month_name_dates(match[1], match[2], match[3])
    elif match := _MONTH_NAME_SECOND.fullmatch(text):
        yield from _month_name_dates(match[2], match[1], match[3])
    elif _MISSING_SEPARATOR.fullmatch(text):
        yield from _missing_separator_dates(text)


def _missing_separator_dates(text: str) -> Iterator[_DateRepairs]:
    """Yield the dates that a text such as ``05/082025`` may mean, for each position of the missing separators."""
    head, separator, tail = re.split(r"([-/.]|$)", text, maxsplit=1)
    digits, year_start = head + tail, len(head + tail) - len("YYYY")
    for day_start in {1, 2} & {year_start - 1, year_start - 2}:
        if not separator or len(head) in {day_start, year_start}:
            month, day, year = digits[:day_start], digits[day_start:year_start], digits[year_start:]
            yield from _month_first_dates(month, day, year, Repair.DATE_WITHOUT_SLASH)
    if not separator and year_start == len("MMDD"):
        yield from _build_dates(digits[:4], digits[4:6], digits[6:], (Repair.DATE_WITHOUT_SLASH,))


def _month_first_dates(month: str, day: str, year: str, repair: Repair) -> Iterator[_DateRepairs]:
    month_first = list(_build_dates(year, month, day, (repair,)))
    yield from month_first or _build_dates(year, day, month, (repair, Repair.DAY_FIRST))


def _month_name_dates(month: str, day: str, year: str) -> Iterator[_DateRepairs]:
    if month.lower() in _MONTHS:
        yield from _build_dates(year, str(_MONTHS.index(month.lower()) + 1), day, (Repair.DATE_AS_TEXT,))


def _build_dates(year: str, month: str, day: str, repairs: tuple[Repair, ...]) -> Iterator[_DateRepairs]:
    """Yield the date with its repairs, if such a day exists. A two-digit year gives two dates, in the 1900s and the 2000s."""
    is_short = len(year) < len("YYYY")
    for full_year in ("19" + year, "20" + year) if is_short else (year,):
        with suppress(ValueError):
            yield date(int(full_year), int(month), int(day)), (*repairs, *([Repair.TWO_DIGIT_YEAR] if is_short else []))
