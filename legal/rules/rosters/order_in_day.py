"""Order the rosters of one day by the time that an archive's stamp, the file's name or the operator gives.

ICE replaces its roster up to several times a day and marks some of the files: ``am``, ``mid``, ``pm``, ``pm2``, ``pmB``, ``_b``.
"""

import datetime as dt
import re
from dataclasses import dataclass

_STAMP = re.compile(r"(?<!\d)20\d{6}(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?P<second>[0-5]\d)(?!\d)")
_MARK = re.compile(r"(?<=\d)[_ -]?(?P<mark>(?P<part>am|mid|pm)(?:[_ -]?(?P<repeat>[b-z]|[2-9]))?)(?![a-z0-9])")
_MARK_WITHOUT_PART = re.compile(r"(?<=\d)(?P<mark>_(?P<repeat>[b-z]|[2-9]))(?![a-z0-9])")
_PART_HOURS = {"am": "09", None: "11", "mid": "12", "pm": "17"}
"""The hour that sorts each part of the day; a file without a mark lies between morning and midday. Archives stamp in UTC."""


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """The time of day of a roster: ``slot`` has six digits and sorts, ``label`` is where it comes from, such as ``pm2``, or null."""

    slot: str
    label: str | None


def parse_time_in_name(file_name: str) -> TimeOfDay:
    """Return the time of day in a file's name: the time stamp of its archive, or else a mark such as ``pm2``.

    >>> parse_time_in_name("participatingAgencies12042025pm2.xlsx")
    TimeOfDay(slot='170002', label='pm2')
    """
    name = file_name.lower().removesuffix(".xlsx")
    if stamp := _STAMP.search(name):
        return TimeOfDay("".join(stamp.groups()), ":".join(stamp.groups()))
    if match := _MARK.search(name) or _MARK_WITHOUT_PART.search(name):
        return TimeOfDay(f"{_PART_HOURS[match.groupdict().get('part')]}00{_ordinal(match['repeat']):02}", match["mark"])
    return TimeOfDay(f"{_PART_HOURS[None]}0001", None)


def operator_time(time: dt.time) -> TimeOfDay:
    """Return the time of day that an operator gives."""
    return TimeOfDay(f"{time:%H%M%S}", f"{time:%H:%M}")


def _ordinal(repeat: str | None) -> int:
    """Return 1 for the first file of a part of the day, 2 for ``2`` and ``b``."""
    if repeat is None:
        return 1
    return int(repeat) if repeat.isdigit() else ord(repeat) - ord("a") + 1
