"""Find what each new roster changed for one jurisdiction."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from legal.db.statements import REVISION, bind_list
from legal.models import Change, Revision, RosterRow
from legal.queries.core.snapshot import Snapshot
from legal.queries.rosters.in_force import RosterRef, load_counts_over_time
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
    _ROW.roster.in_(bind_list("rosters", _ROW.roster)), _ROW.jurisdiction == bindparam("jurisdiction"), _ROW.counted
)


@dataclass(frozen=True, slots=True)
class RosterDifference:
    """The agreements that a roster lists for a jurisdiction, compared with those on the roster before it.

    ``added_agreements`` and ``removed_agreements`` name the agencies with their models as printed. They are null if only counts of one of the two
    rosters are on file. ``change_key`` is the key of the change that put the roster on file.
    """

    roster: RosterRef
    previous: RosterRef
    counts: UnitCounts
    previous_counts: UnitCounts
    added_agreements: Sequence[str] | None
    removed_agreements: Sequence[str] | None
    revision: int
    recorded_at: datetime
    change_key: int
    cause: Cause
    reason: str


def load_roster_differences(session: Session, snapshot: Snapshot, code: str) -> list[RosterDifference]:
    """Return the differences that the newest rosters made for a jurisdiction, oldest first; three SQL statements.

    A roster that lists the same agreements as the one before it has none. For the nation, only totals are compared.
    """
    rosters = load_counts_over_time(session, snapshot, RosterKind.PARTICIPATING)
    newest = sorted(((roster, counts.counts_for(code)) for roster, counts in rosters), key=lambda pair: pair[0].position)[
        -MAX_ROSTERS - 1 :
    ]
    ids = [roster.id for roster, _ in newest]
    creations = {row.id: row for row in snapshot.execute(session, _CREATIONS, rosters=ids)}
    names_by_roster = _load_names(session, snapshot, [roster.id for roster, _ in newest if roster.has_rows], code)
    differences = []
    for (previous, previous_counts), (roster, counts) in pairwise(newest):
        added_names, removed_names = _compare_names(previous, roster, names_by_roster)
        numbers, previous_numbers = ((unit.agreements, unit.agencies) for unit in (counts, previous_counts))
        if added_names or removed_names or numbers != previous_numbers:
            row = creations[roster.id]
            origin = (row.revision, row.recorded_at, row.key, Cause(row.cause), row.reason)
            differences.append(RosterDifference(roster, previous, counts, previous_counts, added_names, removed_names, *origin))
    return differences


def _load_names(session: Session, snapshot: Snapshot, ids: Iterable[str], code: str) -> Mapping[str, Mapping[str, str]]:
    """Return, by roster, the agency and model of each agreement in a jurisdiction, by the agreement's id."""
    names_by_roster: dict[str, dict[str, str]] = defaultdict(dict)
    for roster, agreement, agency, model in snapshot.execute(session, _LISTED_AGREEMENTS, rosters=list(ids), jurisdiction=code):
        names_by_roster[roster][agreement] = f"{agency} ({Model(model).label.lower()})"
    return names_by_roster


def _compare_names(
    previous: RosterRef, roster: RosterRef, names_by_roster: Mapping[str, Mapping[str, str]]
) -> tuple[Sequence[str] | None, Sequence[str] | None]:
    if not (previous.has_rows and roster.has_rows):
        return None, None
    names, previous_names = names_by_roster.get(roster.id, {}), names_by_roster.get(previous.id, {})
    added_names = sorted(names[id] for id in names.keys() - previous_names.keys())
    return added_names, sorted(previous_names[id] for id in previous_names.keys() - names.keys())
