"""Find what each new roster changed for one jurisdiction."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import Session

from legal.db.statements import REVISION, bind_list, visible_at_revision
from legal.json_types import Row
from legal.models import AgreementDeparture, Change, Revision, Roster, RosterRow
from legal.queries.core.snapshot import Snapshot
from legal.queries.rosters.departures import DEPARTURES_WITH_SUCCESSORS
from legal.queries.rosters.in_force import RosterRef, load_counts_over_time
from legal.rules.rosters.aliases import JURISDICTION_NAMES
from legal.rules.rosters.figure_checks import UnitCounts
from legal.vocabulary import Action, Cause, EntityType, Model, RosterKind

MAX_ROSTERS = 30
"""How many of the newest rosters are compared, each with the one before it."""

_CHANGE, _REVISION_ROW, _ROW = Change.__table__.c, Revision.__table__.c, RosterRow.__table__.c
_LAST_CREATION = (
    select(func.max(_CHANGE.key).label("key"))
    .where(
        _CHANGE.noun == EntityType.ROSTER,
        _CHANGE.action == Action.CREATE,
        _CHANGE.id.in_(bind_list("rosters", _CHANGE.id)),
        _CHANGE.revision <= REVISION,
    )
    .group_by(_CHANGE.id)
    .subquery()
)
_CREATIONS = (
    select(_CHANGE.id, _CHANGE.key, _CHANGE.revision, _REVISION_ROW.recorded_at, _REVISION_ROW.cause, _REVISION_ROW.reason)
    .join(_LAST_CREATION, _LAST_CREATION.c.key == _CHANGE.key)
    .join(Revision.__table__, _REVISION_ROW.number == _CHANGE.revision)
)
_LISTED_AGREEMENTS = select(_ROW.roster, _ROW.agreement, _ROW.agency, _ROW.model).where(
    _ROW.roster.in_(bind_list("rosters", _ROW.roster)),
    _ROW.jurisdiction == bindparam("jurisdiction"),
    _ROW.counted,
    visible_at_revision(_ROW),
)


_DEPARTURE, _ROSTER = AgreementDeparture.__table__.c, Roster.__table__.c
_SUCCESSORS_ON_ROSTERS = DEPARTURES_WITH_SUCCESSORS.where(
    _DEPARTURE.successor_roster.in_(bind_list("rosters", _DEPARTURE.successor_roster))
)
_LATER_ROW = RosterRow.__table__.alias("later_row").c
_EARLIER_DEPARTURES = (
    select(_DEPARTURE.agreement, _ROSTER.date)
    .join(Roster.__table__, _ROSTER.id == _DEPARTURE.next_roster)
    .where(visible_at_revision(_DEPARTURE), _DEPARTURE.jurisdiction == bindparam("jurisdiction"))
    .where(
        exists().where(
            _LATER_ROW.roster.in_(bind_list("rosters", _LATER_ROW.roster)),
            _LATER_ROW.agreement == _DEPARTURE.agreement,
            _LATER_ROW.position > _ROSTER.position,
            visible_at_revision(_LATER_ROW),
        )
    )
    .order_by(_ROSTER.position)
)


@dataclass(frozen=True, slots=True)
class DifferingNames:
    """The agencies, with their models as printed, whose agreements one of two rosters lists and the other does not.

    ``added`` and ``removed`` say which may be the same under another name. ``returned`` departed earlier, with the day.
    ``moved_here`` and ``moved_away`` are agreements of which ICE corrected the state.
    """

    added: Sequence[str]
    returned: Sequence[str]
    removed: Sequence[str]
    moved_here: Sequence[str]
    moved_away: Sequence[str]

    def __bool__(self) -> bool:
        """Return whether anything differs."""
        return any((self.added, self.returned, self.removed, self.moved_here, self.moved_away))


@dataclass(frozen=True, slots=True)
class RosterDifference:
    """The agreements that a roster lists for a jurisdiction, compared with those on the roster before it.

    ``names`` is null if only counts of one of the two rosters are on file. ``change_key`` is the key of the change that put the
    roster on file.
    """

    roster: RosterRef
    previous: RosterRef
    counts: UnitCounts
    previous_counts: UnitCounts
    names: "DifferingNames | None"
    revision: int
    recorded_at: datetime
    change_key: int
    cause: Cause
    reason: str


def load_roster_differences(session: Session, snapshot: Snapshot, code: str) -> list[RosterDifference]:
    """Return the differences that the newest rosters made for a jurisdiction, oldest first; five SQL statements.

    A roster that lists the same agreements as the one before it has none. For the nation, only totals are compared.
    """
    rosters = load_counts_over_time(session, snapshot, RosterKind.PARTICIPATING)
    newest = sorted(((roster, counts.counts_for(code)) for roster, counts in rosters), key=lambda pair: pair[0].position)[
        -MAX_ROSTERS - 1 :
    ]
    ids = [roster.id for roster, _ in newest]
    creations = {row.id: row for row in snapshot.execute(session, _CREATIONS, rosters=ids)}
    names_by_roster = _load_names(session, snapshot, [roster.id for roster, _ in newest if roster.has_rows], code)
    successors = _load_successors(session, snapshot, ids, code)
    returns = _load_earlier_departures(session, snapshot, ids, code)
    differences = []
    for (previous, previous_counts), (roster, counts) in pairwise(newest):
        names = _compare_names(previous, roster, names_by_roster, successors, returns)
        numbers, previous_numbers = ((unit.agreements, unit.agencies) for unit in (counts, previous_counts))
        if names or numbers != previous_numbers:
            row = creations[roster.id]
            origin = (row.revision, row.recorded_at, row.key, Cause(row.cause), row.reason)
            differences.append(RosterDifference(roster, previous, counts, previous_counts, names, *origin))
    return differences


def _load_names(session: Session, snapshot: Snapshot, ids: Iterable[str], code: str) -> Mapping[str, Mapping[str, str]]:
    """Return, by roster, the agency and model of each agreement in a jurisdiction, by the agreement's id."""
    names_by_roster: dict[str, dict[str, str]] = defaultdict(dict)
    for roster, agreement, agency, model in snapshot.execute(session, _LISTED_AGREEMENTS, rosters=list(ids), jurisdiction=code):
        names_by_roster[roster][agreement] = f"{agency} ({Model(model).label.lower()})"
    return names_by_roster


def _load_successors(session: Session, snapshot: Snapshot, ids: Sequence[str], code: str) -> list[Row]:
    """Load the departures with a successor that one of the rosters shows, from or to a jurisdiction."""
    rows = snapshot.execute(session, _SUCCESSORS_ON_ROSTERS, rosters=list(ids)).mappings()
    return [row for row in rows if code in (row["jurisdiction"], row["successor_jurisdiction"])]


def _load_earlier_departures(session: Session, snapshot: Snapshot, ids: Sequence[str], code: str) -> Mapping[str, Sequence[date]]:
    """Return the days on which agreements departed that one of the rosters lists, by agreement, oldest first."""
    days: dict[str, list[date]] = defaultdict(list)
    for agreement, day in snapshot.execute(session, _EARLIER_DEPARTURES, rosters=list(ids), jurisdiction=code):
        days[agreement].append(day)
    return days


def _compare_names(
    previous: RosterRef,
    roster: RosterRef,
    names_by_roster: Mapping[str, Mapping[str, str]],
    successors: Sequence[Row],
    departure_days: Mapping[str, Sequence[date]],
) -> DifferingNames | None:
    if not (previous.has_rows and roster.has_rows):
        return None
    names, previous_names = names_by_roster.get(roster.id, {}), names_by_roster.get(previous.id, {})
    rows = [row for row in successors if row["successor_roster"] == roster.id]
    predecessors = {row["successor"]: row for row in rows if row["successor"] in names}
    departed = {row["agreement"]: row for row in rows if row["next_roster"] == roster.id and row["agreement"] in previous_names}
    returns = {
        id: max(days)
        for id in names.keys() - previous_names.keys() - predecessors.keys()
        if (days := [day for day in departure_days.get(id, ()) if day < roster.date])
    }
    added_ids, removed_ids = names.keys() - previous_names.keys() - returns.keys(), previous_names.keys() - names.keys()
    moved_here = [id for id in added_ids if id in predecessors and predecessors[id]["is_correction"]]
    moved_away = [id for id in removed_ids if id in departed and departed[id]["is_correction"]]
    return DifferingNames(
        added=sorted(_name_with_predecessor(names[id], predecessors.get(id)) for id in added_ids.difference(moved_here)),
        returned=sorted(f"{names[id]}, which departed on {day.isoformat()}" for id, day in returns.items()),
        removed=sorted(_name_with_successor(previous_names[id], departed.get(id)) for id in removed_ids.difference(moved_away)),
        moved_here=sorted(f"{names[id]}, from {_jurisdiction_name(predecessors[id]['jurisdiction'])}" for id in moved_here),
        moved_away=sorted(
            f"{previous_names[id]}, now in {_jurisdiction_name(departed[id]['successor_jurisdiction'])}" for id in moved_away
        ),
    )


def _name_with_predecessor(name: str, departure: Row | None) -> str:
    return f"{name}, possibly {departure['agency']} under another name" if departure else name


def _name_with_successor(name: str, departure: Row | None) -> str:
    return f"{name}, possibly renamed to {departure['successor_agency']}" if departure else name


def _jurisdiction_name(code: str | None) -> str:
    return JURISDICTION_NAMES[code] if code else "a state that cannot be read"
