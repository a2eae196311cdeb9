"""Dates that may be a day, a month, a year, an interval or unknown, and what can be said of them.

Dates are EDTF (ISO 8601-2:2019), level 1. A comparison with a day has three answers, because
a month is not a day: ``yes``, ``no`` and ``possible``.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from time import struct_time

from edtf import parse_edtf
from edtf.parser.edtf_exceptions import EDTFParseException

from legal.errors import InvalidInput
from legal.vocabulary import Basis, Stands

PLAIN = r"-?[0-9]{4}(-([01][0-9]|2[1-4])(-[0-9]{2})?)?"  # a season is written as a month from 21 to 24
LEVEL_1 = re.compile(
    rf"{PLAIN}[~?%]?|[0-9]{{2}}([0-9]X|XX)|[0-9]{{4}}-(XX(-XX)?|[0-9]{{2}}-XX)"
    rf"|({PLAIN}[~?%]?|\.\.)?/({PLAIN}[~?%]?|\.\.)?"
)
"""What level 1 allows; sets, long years and times of day are level 2 or no dates at all."""
OPEN = ("", "..")
QUALIFIED_SEASON = re.compile(r"(^|/)-?[0-9]{4}-2[0-9][~?%]")

FIRST_YEAR, LAST_YEAR = 2, 9998  # a day to either side is still a date
WINTER = re.compile(r"\d{4}-24")


@dataclass(frozen=True, slots=True)
class When:
    """A date with its bounds, both days included; a null bound is open."""

    edtf: str | None
    earliest: date | None
    latest: date | None
    basis: Basis


UNKNOWN = When(None, None, None, Basis.UNKNOWN)


def when(edtf: str | None, basis: str = Basis.EXPLICIT) -> When:
    """Read an EDTF level 1 string into its bounds; ``None`` is the unknown date.

    Raises:
        InvalidInput: the text is no EDTF of level 1, has no bound at all, runs backwards, lies
            outside the years 2 to 9998, or its basis is ``unknown`` although a date is given.
    """
    if edtf is None:
        return UNKNOWN
    if basis == Basis.UNKNOWN:
        raise InvalidInput(f"A date that is given ({edtf}) cannot have the basis unknown.")
    earliest, latest = bounds(edtf)
    return When(edtf, earliest, latest, Basis(basis))


@lru_cache(maxsize=4096)  # a parse takes milliseconds, and a record repeats its dates
def bounds(edtf: str) -> tuple[date | None, date | None]:
    """The first and the last day that an EDTF level 1 string allows.

    ``~``, ``?`` and ``%`` widen the bounds, so that a hedged date is never read as tighter than it is.
    An open (``..``) or an unknown (empty) end of an interval is a null bound.
    """
    refusal = f"{edtf!r} is not a date in EDTF level 1, such as 2026-02-04, 2026-02, 2026 or 2025/.."
    if not LEVEL_1.fullmatch(edtf) or QUALIFIED_SEASON.search(edtf):  # the library takes more than that
        raise InvalidInput(refusal)
    start, end = edtf.split("/") if "/" in edtf else (edtf, edtf)
    if start in OPEN and end in OPEN:
        raise InvalidInput(f"{edtf!r} has no bound; leave the date out instead.")
    try:
        parsed = parse_edtf(edtf)
    except EDTFParseException as error:
        raise InvalidInput(refusal) from error
    lower = None if start in OPEN else _day(parsed.lower_fuzzy(), edtf)
    upper = None if end in OPEN else _day(parsed.upper_fuzzy(), edtf)
    # The library knows winter as December alone; it lies around either end of its year.
    if lower and WINTER.match(start):
        lower = date(lower.year - 1, 12, 1)
    if upper and WINTER.match(end):
        upper = date(upper.year + 1, 3, 1) - timedelta(days=1)
    if lower and upper and lower > upper:
        raise InvalidInput(f"{edtf!r} ends before it begins.")
    return lower, upper


def _day(moment: struct_time, edtf: str) -> date:
    if not FIRST_YEAR <= moment.tm_year <= LAST_YEAR:
        raise InvalidInput(f"{edtf!r} lies outside the years {FIRST_YEAR} to {LAST_YEAR}.")
    try:
        return date(moment.tm_year, moment.tm_mon, moment.tm_mday)
    except ValueError as error:  # the library lets 29 February through in every year
        raise InvalidInput(f"{edtf!r} names a day that its year does not have.") from error


def reached(earliest: date | None, latest: date | None, day: date) -> Stands:
    """Whether something that happened between the two bounds had happened by the end of ``day``.

    A null ``earliest`` means that it may have happened at any time before, a null ``latest`` that
    it is never certain.
    """
    if latest is not None and latest <= day:
        return Stands.YES
    if earliest is not None and earliest > day:
        return Stands.NO
    return Stands.POSSIBLE
