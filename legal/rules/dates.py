"""Parse dates that may be a day, a month, a year, an interval or unknown, and compare them with a day.

Dates are EDTF (ISO 8601-2:2019), level 1; https://www.loc.gov/standards/datetime/. A month can lie partly before a day
and partly after it, so a comparison with a day has three answers: ``yes``, ``no`` and ``possible``. Source:
docs/rules.md, "Dates".
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from time import struct_time

from legal.errors import InvalidInput
from legal.vocabulary import Basis, Stands

_PLAIN_DATE = r"-?[0-9]{4}(-([01][0-9]|2[1-4])(-[0-9]{2})?)?"  # months 21 to 24 are the seasons
_LEVEL_1 = re.compile(
    rf"{_PLAIN_DATE}[~?%]?|[0-9]{{2}}([0-9]X|XX)|[0-9]{{4}}-(XX(-XX)?|[0-9]{{2}}-XX)"
    rf"|({_PLAIN_DATE}[~?%]?|\.\.)?/({_PLAIN_DATE}[~?%]?|\.\.)?"
)
"""The forms that level 1 allows. Sets and long years are level 2, and times of day are not dates."""
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_QUALIFIED_SEASON = re.compile(r"(^|/)-?[0-9]{4}-2[0-9][~?%]")
_WINTER = re.compile(r"\d{4}-24")
_OPEN_ENDS = ("", "..")
_FIRST_YEAR, _LAST_YEAR = 2, 9998  # leaves room to add or subtract a day


@dataclass(frozen=True, slots=True)
class EdtfDate:
    """A date with its earliest and latest possible day, both included. A null bound is open."""

    edtf: str | None
    earliest: date | None
    latest: date | None
    basis: Basis


UNKNOWN_DATE = EdtfDate(None, None, None, Basis.UNKNOWN)


def parse_date(edtf: str | None, basis: str = Basis.EXPLICIT) -> EdtfDate:
    """Parse an EDTF level 1 string into a date with bounds. ``None`` gives ``UNKNOWN_DATE``.

    Raises:
        InvalidInput: the text is not EDTF level 1, has no bound, ends before it begins or lies outside the years
            2 to 9998; or the basis is ``unknown`` although a date is given.
    """
    if edtf is None:
        return UNKNOWN_DATE
    if basis == Basis.UNKNOWN:
        raise InvalidInput(f"The date {edtf} cannot have the basis unknown. Use another basis, or leave the date out.")
    earliest, latest = parse_bounds(edtf)
    return EdtfDate(edtf, earliest, latest, Basis(basis))


@lru_cache(maxsize=4096)  # parsing takes milliseconds, and the same dates occur many times in a record
def parse_bounds(edtf: str) -> tuple[date | None, date | None]:
    """Parse an EDTF level 1 string into the first and the last day that it allows.

    ``~``, ``?`` and ``%`` widen the bounds, because a hedged date is less precise than a plain one. The open (``..``)
    or unknown (empty) end of an interval gives a null bound.

    Raises:
        InvalidInput: as in ``parse_date``.
    """
    if day := _parse_day(edtf):
        return day, day
    message = f"{edtf!r} is not a date in EDTF level 1, such as 2026-02-04, 2026-02, 2026 or 2025/.."
    if not _LEVEL_1.fullmatch(edtf) or _QUALIFIED_SEASON.search(edtf):  # the library accepts more than level 1
        raise InvalidInput(message)
    start, end = edtf.split("/") if "/" in edtf else (edtf, edtf)
    if start in _OPEN_ENDS and end in _OPEN_ENDS:
        raise InvalidInput(f"{edtf!r} has no bound; leave the date out instead.")
    # Imported here: the parser takes a twentieth of the start, and reads compare stored bounds and parse nothing.
    from edtf import parse_edtf  # noqa: PLC0415
    from edtf.parser.edtf_exceptions import EDTFParseException  # noqa: PLC0415

    try:
        parsed = parse_edtf(edtf)
    except EDTFParseException as error:
        raise InvalidInput(message) from error
    earliest = None if start in _OPEN_ENDS else _to_date(parsed.lower_fuzzy(), edtf)
    latest = None if end in _OPEN_ENDS else _to_date(parsed.upper_fuzzy(), edtf)
    # The library treats winter as December only. The winter of a year may be the one at its start or the one at its end.
    if earliest and _WINTER.match(start):
        earliest = date(earliest.year - 1, 12, 1)
    if latest and _WINTER.match(end):
        latest = date(latest.year + 1, 3, 1) - timedelta(days=1)
    if earliest and latest and earliest > latest:
        raise InvalidInput(f"{edtf!r} ends before it begins.")
    return earliest, latest


def _parse_day(text: str) -> date | None:
    """Return the day that a text names, or null if it names none. Most dates are days, and the parser takes milliseconds for each."""
    if not _DAY.fullmatch(text):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:  # the parser finds out why
        return None
    return day if _FIRST_YEAR <= day.year <= _LAST_YEAR else None


def _to_date(parsed_day: struct_time, edtf: str) -> date:
    if not _FIRST_YEAR <= parsed_day.tm_year <= _LAST_YEAR:
        raise InvalidInput(f"{edtf!r} is outside the years {_FIRST_YEAR} to {_LAST_YEAR}.")
    try:
        return date(parsed_day.tm_year, parsed_day.tm_mon, parsed_day.tm_mday)
    except ValueError as error:  # the library accepts February 29 in every year
        raise InvalidInput(f"{edtf!r} names a day that does not exist in its year.") from error


def happened_by(earliest: date | None, latest: date | None, day: date) -> Stands:
    """Return whether an event of a day between ``earliest`` and ``latest`` had happened by the end of ``day``.

    With a null ``earliest`` the answer is never ``no``; with a null ``latest`` it is never ``yes``.
    """
    if latest is not None and latest <= day:
        return Stands.YES
    if earliest is not None and earliest > day:
        return Stands.NO
    return Stands.POSSIBLE
