"""What makes a workbook one of ICE's lists: its kind and day, its place among the others, and what speaks against taking it.

Source: the seven lists of December 2024 to January 2026, their names and what is known of the others.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from legal.errors import InvalidInput
from legal.rules.rosters.normalize import agency_key
from legal.vocabulary import RosterColumn, RosterKind

STAMP = re.compile(r"(?<!\d)(?P<year>20\d\d)(?P<month>\d\d)(?P<day>\d\d)\d{6}(?!\d)")
AMERICAN = re.compile(r"(?<!\d)(?P<month>\d\d)(?P<day>\d\d)(?P<year>20\d\d)(?!\d)")
NEEDED: dict[RosterKind, tuple[RosterColumn, ...]] = {
    RosterKind.PARTICIPATING: (RosterColumn.SIGNED, RosterColumn.MOA),
    RosterKind.PENDING: (),
}
LONGEST = 100
SHORT = 8  # signs of a hash in an id
MANY = 10
"""Agreements that are too many for chance: no list has lost so many of a place or model at once, and fewer make no fall."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a file's name says of the list in it, where it says so; it is not to be trusted further than it can be checked."""

    kind: RosterKind | None
    date: dt.date | None
    evening: bool | None


@dataclass(frozen=True, slots=True)
class Size:
    """How much a list has: agreements, in all, by place and by model."""

    id: str
    agreements: int
    places: Mapping[str, int] = field(default_factory=dict)
    models: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A workbook as the rules of admission see it; ``newest`` is its newest signature that is in no doubt, with the row's number.

    ``before`` and ``after`` are the lists of its kind on file that stand beside it.
    """

    kind: RosterKind
    date: dt.date
    columns_say: RosterKind
    missing: Sequence[str]
    newest: tuple[dt.date, int] | None
    rows: int
    size: Size
    today: dt.date
    before: Size | None = None
    after: Size | None = None


def named(file: str) -> Named:
    """What the name of a file says: ``participatingAgencies05162025am.xlsx``, ``ParticipatingEntities-20241218025939.xlsx``."""
    told = file.lower()
    kind = next((kind for kind in RosterKind if kind in told), None)
    evening = next((word == "pm" for word in re.findall(r"\d(am|pm)(?![a-z])", told)), None)
    return Named(kind, _day(STAMP.search(told) or AMERICAN.search(told)), evening)


def _day(found: re.Match[str] | None) -> dt.date | None:
    if found is not None:
        with suppress(ValueError):  # eight digits that are no day
            return dt.date(*(int(found[part]) for part in ("year", "month", "day")))
    return None


def id_of(kind: str, day: dt.date, sha256: str) -> str:
    """A list's id: what it is, of when, and of which bytes."""
    return f"{kind}-{day.isoformat()}-{sha256[:SHORT]}"


DAY, MOMENT = 10, 12
"""Characters of a position that tell the day, and those that tell morning or evening too."""


def position(day: dt.date, evening: bool | None, sha256: str) -> str:
    """What sorts lists: by day, then morning, unsaid, evening, then hash, so that no order of importing can matter."""
    return f"{day.isoformat()}.{ {False: 0, None: 1, True: 2}[evening] }.{sha256[:16]}"


def objections(told: Candidate, largest_fall: int) -> list[str]:
    """Why a workbook is not what it is said to be; none where nothing speaks against it. ``largest_fall`` is in per cent."""
    return [
        *_kind(told),
        *_missing(told),
        *_dates(told),
        *([] if told.size.agreements else [f"None of its {told.rows} rows names an agreement that can be read."]),
        *_falls(told, largest_fall),
    ]


def _kind(told: Candidate) -> Iterable[str]:
    if told.kind is RosterKind.PARTICIPATING and told.columns_say is RosterKind.PENDING:
        yield "No row of it is signed or linked, as in a list of pending agencies; if it is one, import it with --kind pending."
    if told.kind is RosterKind.PENDING and told.columns_say is RosterKind.PARTICIPATING:
        yield "Its rows are signed or linked, as in a list of participating agencies; if it is one, import it with --kind participating."


def _missing(told: Candidate) -> Iterable[str]:
    missing = [column for column in NEEDED[told.kind] if column in told.missing]
    if missing:
        yield f"It lacks the columns of a list of {told.kind} agencies: {', '.join(missing)}."


def _dates(told: Candidate) -> Iterable[str]:
    if told.date > told.today:
        yield f"It is dated {told.date}, which lies ahead; give the day it was published with --date."
    if told.newest and told.newest[0] > told.date:
        day, row = told.newest
        yield f"It is dated {told.date}, and row {row} was signed on {day}; give the day it was published with --date."


def _falls(told: Candidate, largest: int) -> Iterable[str]:
    # Only a list of participating agencies: one of pending agencies empties as they sign, from 92 rows to 16 within six months of 2025.
    if told.kind is RosterKind.PARTICIPATING:
        for earlier, later in ((told.before, told.size), (told.size, told.after)):
            if earlier and later:
                yield from _fall(earlier, later, largest)


def _fall(earlier: Size, later: Size, largest: int) -> Iterable[str]:
    lost_all = earlier.agreements - later.agreements
    if lost_all >= MANY and 100 * lost_all > largest * earlier.agreements:
        fall = f"from {earlier.agreements} to {later.agreements}, by more than {largest} per cent"
        yield f"Between {earlier.id} and {later.id} the agreements would fall {fall}."
    for before, after in ((earlier.places, later.places), (earlier.models, later.models)):
        lost = sorted(name for name, count in before.items() if count >= MANY and name not in after)
        if lost:
            yield f"Between {earlier.id} and {later.id} all agreements of {', '.join(lost)} would be gone."


def agency_id(jurisdiction: str, name: str) -> str:
    """An agency's id, from its place and its folded name; what a name has beside letters and digits is told by a few signs of its hash."""
    words = re.findall("[a-z0-9]+", name)
    plain = " ".join(words) == name and len(name) <= LONGEST
    told = [] if plain else [hashlib.sha256(name.encode()).hexdigest()[:SHORT]]
    return "-".join([jurisdiction.lower(), *"-".join(words)[:LONGEST].strip("-").split("-"), *told])


def renames(written: Iterable[Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """The written list of renames (``jurisdiction``, ``from_``, ``to``) as folded names by place.

    Raises:
        InvalidInput: an agency is renamed twice, or in a circle.
    """
    found: dict[str, dict[str, str]] = {}
    for one in written:
        mine, before, after = found.setdefault(one["jurisdiction"], {}), agency_key(one["from_"]), agency_key(one["to"])
        if before in mine or canonical(after, mine) == before:
            raise InvalidInput(
                f"{one['jurisdiction']}: {one['from_']} is renamed twice, or in a circle; give each name one that it goes by now."
            )
        mine[before] = after
    return found


def canonical(name: str, renames: Mapping[str, str]) -> str:
    """The name that an agency goes by now, by the written list of renames; one that was not renamed keeps its own."""
    while name in renames:
        name = renames[name]
    return name
