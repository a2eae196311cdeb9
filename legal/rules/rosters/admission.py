"""Decide whether a workbook is admitted as a roster, and derive the ids and positions of rosters and agencies.

Source: docs/decisions/0013-rosters-are-imported-whole-or-refused.md.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from legal.errors import InvalidInput
from legal.rules.rosters import parsed
from legal.rules.rosters.folding import fold_agency_name
from legal.rules.rosters.normalize import match_key
from legal.rules.rosters.order_in_day import TimeOfDay
from legal.vocabulary import RosterColumn, RosterKind

_TIMESTAMP = re.compile(r"(?<!\d)(?P<year>20\d\d)(?P<month>\d\d)(?P<day>\d\d)\d{6}(?!\d)")
_US_DATE = re.compile(r"(?<!\d)(?P<month>\d\d)(?P<day>\d\d)(?P<year>20\d\d)(?!\d)")
_REQUIRED_COLUMNS: dict[RosterKind, tuple[RosterColumn, ...]] = {
    RosterKind.PARTICIPATING: (RosterColumn.SIGNED, RosterColumn.MOA),
    RosterKind.PENDING: (),
}
_MAX_ID_NAME_LENGTH = 100
_HASH_PREFIX_LENGTH = 8
_MIN_NOTABLE_LOSS = 10
"""A loss of fewer agreements is never an error. No published roster has lost this many of one jurisdiction or model at once."""
_BOTH_NEIGHBORS = 2
_TRACKER_HEADERS = frozenset(
    {
        *("status", "currentstatus", "listingstatus", "isactive", "active", "change", "changetype", "firstseen", "lastseen"),
        *("firstlisted", "lastlisted", "firstappeared", "lastappeared", "dateadded", "dateremoved", "addedon", "removedon"),
        *("removed", "added", "rosterdate", "listdate", "sourcefile", "snapshot", "snapshotdate", "dayslisted"),
    }
)
"""Headers, as match keys, of columns that follow an agreement over time, which a roster does not."""
POSITION_DAY_LENGTH, POSITION_TIME_LENGTH = 10, 17
"""Leading characters of a roster's position that give its day, and those that give its day and time of day."""


@dataclass(frozen=True, slots=True)
class FileNameHints:
    """The kind and date that a file name claims. A hint is null if the name does not give it; none is verified."""

    kind: RosterKind | None
    date: dt.date | None


@dataclass(frozen=True, slots=True)
class RosterSize:
    """Agreement counts of a roster: total, by jurisdiction, by model."""

    id: str
    agreements: int
    by_jurisdiction: Mapping[str, int] = field(default_factory=dict)
    by_model: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RosterCandidate:
    """A workbook with the fields that the admission rules read.

    ``newest_signature`` is the latest signature date that is not flagged, with its row's number. ``previous_size`` and
    ``next_size`` belong to the neighbors of its kind among the rosters on file. ``set_aside_count`` is without totals and
    repeated headers, ``unknown_count`` has the rows whose jurisdiction is unknown. ``repeated_count`` has the rows that
    repeat an agreement. ``departed_count`` agreements had left the rosters by the previous one; ``returned_count`` of these
    are listed again.
    """

    kind: RosterKind
    date: dt.date
    kind_by_columns: RosterKind
    missing_columns: Sequence[str]
    newest_signature: tuple[dt.date, int] | None
    row_count: int
    size: RosterSize
    today: dt.date
    previous_size: RosterSize | None = None
    next_size: RosterSize | None = None
    set_aside_count: int = 0
    unknown_count: int = 0
    is_strict: bool = False
    doubtful_columns: Mapping[RosterColumn, tuple[str, ...]] = field(default_factory=dict)
    tracker_columns: Sequence[str] = ()
    headed_sheets: Sequence[str] = ()
    repeated_count: int = 0
    returned_count: int = 0
    departed_count: int = 0


def parse_file_name(file_name: str) -> FileNameHints:
    """Parse the name of a workbook, such as ``participatingAgencies05162025am.xlsx`` or ``ParticipatingEntities-20241218025939.xlsx``."""
    name = file_name.lower()
    kind = next((kind for kind in RosterKind if kind in name), None)
    return FileNameHints(kind, _date_in_match(_TIMESTAMP.search(name) or _US_DATE.search(name)))


def _date_in_match(match: re.Match[str] | None) -> dt.date | None:
    if match is not None:
        with suppress(ValueError):  # eight digits that are not a date
            return dt.date(*(int(match[part]) for part in ("year", "month", "day")))
    return None


def roster_id(kind: str, day: dt.date, sha256: str, given_time: dt.time | None = None) -> str:
    """Return the id of a roster, such as ``pending-2025-05-15-b3391e54``; it ends with the start of the file's hash.

    It contains the time that the operator gave, because that time is a permanent column.
    """
    time_part = f"-{given_time:%H%M}" if given_time else ""
    return f"{kind}-{day.isoformat()}{time_part}-{sha256[:_HASH_PREFIX_LENGTH]}"


def roster_position(day: dt.date, time_of_day: TimeOfDay, sha256: str) -> str:
    """Return the sort key of a roster: day, then time of day. The hash at its end only makes it unique.

    The key is the same in whatever order rosters are imported.
    """
    return f"{day.isoformat()}.{time_of_day.slot}.{sha256[:16]}"


def admission_errors(candidate: RosterCandidate, max_loss_percent: int, max_set_aside_percent: int) -> list[str]:
    """Return the reasons to refuse a workbook; empty if it is admitted."""
    return [
        *_derivation_errors(candidate, max_loss_percent),
        *_kind_errors(candidate),
        *_column_errors(candidate),
        *_date_errors(candidate),
        *_agreement_errors(candidate),
        *_loss_errors(candidate, max_loss_percent),
        *_set_aside_errors(candidate, max_set_aside_percent),
    ]


def admission_warnings(candidate: RosterCandidate) -> list[str]:
    """Return warnings about a roster that is admitted: rows that were set aside or have no jurisdiction."""
    warnings = []
    if candidate.set_aside_count:
        warnings.append(f"{candidate.set_aside_count} of {candidate.row_count} rows were set aside.")
    if candidate.unknown_count:
        warnings.append(f"{candidate.unknown_count} of {candidate.row_count} rows count under an unknown jurisdiction.")
    return warnings


def find_tracker_columns(headers: Iterable[str]) -> list[str]:
    """Return the headers that trackers of ICE's rosters add and ICE does not."""
    return [header for header in headers if match_key(header) in _TRACKER_HEADERS]


def _derivation_errors(candidate: RosterCandidate, max_loss_percent: int) -> Iterable[str]:
    """Yield the signs that somebody else made the sheet from several of ICE's rosters."""
    advice = "Import ICE's own files"
    if candidate.tracker_columns:
        yield f"It has columns that ICE's rosters do not have, as a tracker's sheet does: {', '.join(candidate.tracker_columns)}. {advice}."
    if 2 * candidate.repeated_count > candidate.row_count:
        yield f"{candidate.repeated_count} of {candidate.row_count} rows repeat an agreement of an earlier row. {advice}."
    if len(candidate.headed_sheets) > 1:
        yield f"Several sheets have a header and rows: {', '.join(map(repr, candidate.headed_sheets))}. {advice}, one roster each."
    if candidate.returned_count >= _MIN_NOTABLE_LOSS and 2 * candidate.returned_count > candidate.departed_count:
        yield f"It lists {candidate.returned_count} agreements again that had departed before, as a union of rosters does. {advice}."
    neighbors = [size.agreements for size in (candidate.previous_size, candidate.next_size) if size]
    largest = max(neighbors, default=0)
    excess = candidate.size.agreements - largest
    if len(neighbors) == _BOTH_NEIGHBORS and excess >= _MIN_NOTABLE_LOSS and 100 * excess > max_loss_percent * largest:
        yield f"It has {candidate.size.agreements} agreements, the rosters before and after it at most {largest}. {advice}."


def _kind_errors(candidate: RosterCandidate) -> Iterable[str]:
    if candidate.kind is RosterKind.PARTICIPATING and candidate.kind_by_columns is RosterKind.PENDING:
        yield "No row has a signature or a link, as in a roster of pending agencies. If it is one, use --kind pending."
    if candidate.kind is RosterKind.PENDING and candidate.kind_by_columns is RosterKind.PARTICIPATING:
        yield "Rows have signatures or links, as in a roster of participating agencies. If it is one, use --kind participating."


def _column_errors(candidate: RosterCandidate) -> Iterable[str]:
    missing_columns = [column for column in _REQUIRED_COLUMNS[candidate.kind] if column in candidate.missing_columns]
    if missing_columns:
        questions = [parsed.column_question(column, headers) for column, headers in candidate.doubtful_columns.items()]
        yield " ".join([f"Columns of a roster of {candidate.kind} agencies are missing: {', '.join(missing_columns)}.", *questions])


def _date_errors(candidate: RosterCandidate) -> Iterable[str]:
    if candidate.date > candidate.today:
        yield f"The roster is dated {candidate.date}, which is in the future. Give the date of publication with --date."
    if candidate.newest_signature and candidate.newest_signature[0] > candidate.date:
        day, row = candidate.newest_signature
        yield f"The roster is dated {candidate.date}, but row {row} was signed on {day}. Give the date of publication with --date."


def _set_aside_errors(candidate: RosterCandidate, max_set_aside_percent: int) -> Iterable[str]:
    doubtful_count = candidate.set_aside_count + candidate.unknown_count
    counts = (
        f"{candidate.set_aside_count} of {candidate.row_count} rows would be set aside and {candidate.unknown_count} have no jurisdiction"
    )
    if doubtful_count >= _MIN_NOTABLE_LOSS and 100 * doubtful_count > max_set_aside_percent * candidate.row_count:
        yield f"{counts}, more than {max_set_aside_percent} percent."
    elif doubtful_count and candidate.is_strict:
        yield f"{counts}, which --strict refuses."


def _agreement_errors(candidate: RosterCandidate) -> Iterable[str]:
    is_empty_list = candidate.kind is RosterKind.PENDING and not candidate.row_count
    if not candidate.size.agreements and not is_empty_list:
        yield f"None of the {candidate.row_count} rows names an agreement that can be read."


def _loss_errors(candidate: RosterCandidate, max_loss_percent: int) -> Iterable[str]:
    # Pending rosters are exempt: they empty as agencies sign, from 92 rows to 16 within six months of 2025.
    if candidate.kind is RosterKind.PARTICIPATING:
        for earlier, later in ((candidate.previous_size, candidate.size), (candidate.size, candidate.next_size)):
            if earlier and later:
                yield from _loss_errors_between(earlier, later, max_loss_percent)


def _loss_errors_between(earlier: RosterSize, later: RosterSize, max_loss_percent: int) -> Iterable[str]:
    loss = earlier.agreements - later.agreements
    if loss >= _MIN_NOTABLE_LOSS and 100 * loss > max_loss_percent * earlier.agreements:
        counts = f"from {earlier.agreements} to {later.agreements}"
        yield f"Between {earlier.id} and {later.id}, agreements would fall {counts}, by more than {max_loss_percent} percent."
    for old_counts, new_counts in ((earlier.by_jurisdiction, later.by_jurisdiction), (earlier.by_model, later.by_model)):
        lost_names = sorted(name for name, count in old_counts.items() if count >= _MIN_NOTABLE_LOSS and name not in new_counts)
        if lost_names:
            yield f"Between {earlier.id} and {later.id}, all agreements of {', '.join(lost_names)} would disappear."


def agency_id(jurisdiction: str, name: str) -> str:
    """Return the id of an agency from its jurisdiction and its key.

    If the key has characters other than letters, digits and single spaces, or is long, the id ends with the start of the
    key's hash to keep it unique.
    """
    words = re.findall("[a-z0-9]+", name)
    is_plain = " ".join(words) == name and len(name) <= _MAX_ID_NAME_LENGTH
    suffix = [] if is_plain else [hashlib.sha256(name.encode()).hexdigest()[:_HASH_PREFIX_LENGTH]]
    return "-".join(filter(None, [jurisdiction.lower(), "-".join(words)[:_MAX_ID_NAME_LENGTH].strip("-"), *suffix]))


def renames_by_jurisdiction(entries: Iterable[Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Return the listed renames (``jurisdiction``, ``from_``, ``to``) as a map from old to new agency key, by jurisdiction.

    Raises:
        InvalidInput: an agency is renamed twice, or renames form a circle.
    """
    renames: dict[str, dict[str, str]] = {}
    for entry in entries:
        new_keys = renames.setdefault(entry["jurisdiction"], {})
        old_key, new_key = (fold_agency_name(entry[name], entry["jurisdiction"]).key for name in ("from_", "to"))
        if old_key == new_key and entry["from_"] != entry["to"]:  # a rule for spellings makes them one agency already
            continue
        if old_key in new_keys or current_name(new_key, new_keys) == old_key:
            raise InvalidInput(
                f"{entry['jurisdiction']}: {entry['from_']} is renamed twice, or renames form a circle. Give each old name one new name."
            )
        new_keys[old_key] = new_key
    return renames


def current_name(name: str, renames: Mapping[str, str]) -> str:
    """Return the current agency key of an agency, following the listed renames of its jurisdiction."""
    while name in renames:
        name = renames[name]
    return name
