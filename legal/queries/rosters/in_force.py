"""Load the rosters at a revision, find the roster that is in force on a day, and read its counts."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from sqlalchemy import and_, bindparam, case, func, select
from sqlalchemy.orm import Session

from legal.db.statements import bind_list, is_version_of, is_version_of_any, visible_at_revision
from legal.json_types import Json, Row
from legal.models import AgreementDeparture, Roster, RosterVersion
from legal.queries.core import dates
from legal.queries.core.snapshot import Snapshot
from legal.rules.dates import EdtfDate
from legal.rules.evidence import Evidence
from legal.rules.horizons import ROSTER_HORIZON
from legal.rules.posture import Claim
from legal.rules.rosters.figure_checks import UnitCounts
from legal.vocabulary import NATION_CODE, Basis, Direction, DocumentType, Kind, OriginType, Role, RosterKind, Stands

_ROSTER, _VERSION, _DEPARTURE = Roster.__table__.c, RosterVersion.__table__.c, AgreementDeparture.__table__.c
_IDENTITY_COLUMNS = (_ROSTER.id, _ROSTER.kind, _ROSTER.date, _ROSTER.date_basis, _ROSTER.position)
HAS_ROWS = _VERSION.read.is_not(None)
"""The condition that the rows of a roster are on file; otherwise only its counts are."""

_REF_COLUMNS = (*_IDENTITY_COLUMNS, HAS_ROWS.label("has_rows"), _VERSION.seen_on)
_COUNT_COLUMNS = (_VERSION.agreements, _VERSION.agencies, _VERSION.states, _VERSION.territories, _VERSION.counts)

CURRENT_ROSTER_VERSIONS = (
    select(RosterVersion.__table__, *_IDENTITY_COLUMNS[1:], _ROSTER.time_of_day, _ROSTER.sha256)
    .select_from(Roster.__table__)
    .join(RosterVersion.__table__, is_version_of(_VERSION, _ROSTER.id))
)
"""Every roster, as it was at the revision, whatever its date."""

_TIMELINE = CURRENT_ROSTER_VERSIONS.with_only_columns(*_REF_COLUMNS).order_by(_ROSTER.position)
_BY_HASH = (
    select(*_REF_COLUMNS)
    .join(RosterVersion.__table__, and_(_VERSION.roster == _ROSTER.id, _VERSION.revision_to.is_(None)))
    .where(_ROSTER.sha256 == bindparam("sha256"))
)
_COUNTS = select(_VERSION.roster, *_COUNT_COLUMNS).where(is_version_of_any(_VERSION, bind_list("rosters", _VERSION.roster)))
_SUCCESSOR_ON_ROSTER = case((_DEPARTURE.successor_roster == _DEPARTURE.next_roster, _DEPARTURE.successor))
_DEPARTURES = (
    select(_DEPARTURE.jurisdiction, func.count().label("departed"), func.count(_SUCCESSOR_ON_ROSTER).label("renamed"))
    .where(visible_at_revision(_DEPARTURE), _DEPARTURE.next_roster == bindparam("roster"), ~_DEPARTURE.is_correction)
    .group_by(_DEPARTURE.jurisdiction)
)


@dataclass(frozen=True, slots=True)
class RosterRef:
    """A roster in brief. ``position`` sorts rosters by day, time of day and hash.

    ``has_rows`` is false if only the roster's counts are on file.
    """

    id: str
    kind: str
    date: date
    basis: Basis
    position: str
    has_rows: bool
    seen_on: Sequence[str] | None = None
    """The later days, in ISO 8601, on which the same bytes were published."""

    @property
    def publication_date(self) -> EdtfDate:
        """Return the day of publication as a date with bounds."""
        return EdtfDate(self.date.isoformat(), self.date, self.date, self.basis)

    def last_seen(self, day: dt.date, next_roster: "RosterRef | None") -> EdtfDate:
        """Return the last day on which these bytes were published, up to ``day`` and before the next roster."""
        seen_days = [seen_day for seen_day in map(dt.date.fromisoformat, self.seen_on or ()) if seen_day <= day]
        seen_days = [seen_day for seen_day in seen_days if next_roster is None or seen_day < next_roster.date]
        last_day = max(seen_days, default=None)
        return EdtfDate(last_day.isoformat(), last_day, last_day, Basis.INFERRED) if last_day else self.publication_date


@dataclass(frozen=True, slots=True)
class RosterTimeline:
    """All rosters at a revision, by kind, oldest first."""

    participating: tuple[RosterRef, ...]
    pending: tuple[RosterRef, ...]

    def roster_in_force(self, kind: str, day: date) -> RosterRef | None:
        """Return the last roster of a kind that was published by the end of a day, or None."""
        return max((roster for roster in self.of_kind(kind) if roster.date <= day), key=lambda roster: roster.position, default=None)

    def published_by(self, day: date) -> "RosterTimeline":
        """Return the timeline of the rosters that were published by the end of a day."""
        return RosterTimeline(*(tuple(roster for roster in self.of_kind(kind) if roster.date <= day) for kind in RosterKind))

    def with_rows(self) -> "RosterTimeline":
        """Return the timeline of the rosters whose rows are on file."""
        return RosterTimeline(*(tuple(roster for roster in self.of_kind(kind) if roster.has_rows) for kind in RosterKind))

    def previous_roster(self, kind: str, id: str) -> RosterRef | None:
        """Return the roster of a kind that comes just before the roster with this id, or None."""
        return next((earlier for earlier, later in pairwise(self.of_kind(kind)) if later.id == id), None)

    def of_kind(self, kind: str) -> tuple[RosterRef, ...]:
        """Return the rosters of a kind, oldest first."""
        return self.participating if kind == RosterKind.PARTICIPATING else self.pending


def load_rosters(session: Session, snapshot: Snapshot) -> RosterTimeline:
    """Load all rosters at the revision; one SQL statement, once for a revision."""
    return snapshot.load_shared(session, _TIMELINE, _build_timeline)


def _build_timeline(rows: Sequence[Row]) -> RosterTimeline:
    rosters = [RosterRef(*row.values()) for row in rows]
    return RosterTimeline(
        *(tuple(roster for roster in rosters if roster.kind == kind) for kind in (RosterKind.PARTICIPATING, RosterKind.PENDING))
    )


def find_roster_by_hash(session: Session, sha256: str) -> RosterRef | None:
    """Return the roster whose file, under any name, has this SHA-256 hash, or None; one SQL statement."""
    row = session.execute(_BY_HASH, {"sha256": sha256}).one_or_none()
    return RosterRef(*row) if row else None


@dataclass(frozen=True, slots=True)
class RosterCounts:
    """The stored counts of a roster.

    ``by_jurisdiction`` and ``by_model`` map codes to (agreements, agencies). ``models_by_jurisdiction`` maps each
    jurisdiction to its number of agreements by model. Under one model, the number of agencies equals the number of
    agreements.
    """

    agreements: int
    agencies: int
    states: int
    territories: int
    by_jurisdiction: Mapping[str, Sequence[int]]
    by_model: Mapping[str, Sequence[int]]
    models_by_jurisdiction: Mapping[str, Mapping[str, int]]

    def counts_for(self, code: str) -> UnitCounts:
        """Return the counts for a jurisdiction; for the nation, the totals."""
        if code == NATION_CODE:
            return UnitCounts(self.agreements, self.agencies, self.states, self.territories, self.by_model)
        agreements, agencies = self.by_jurisdiction.get(code, (0, 0))
        return UnitCounts(agreements, agencies)


def load_roster_counts(session: Session, snapshot: Snapshot, ids: Iterable[str]) -> dict[str, RosterCounts]:
    """Load the counts of rosters, by id; one SQL statement, once for a revision. A roster that is not on file is left out."""

    def load(missing_ids: list[str]) -> dict[str, RosterCounts | None]:
        rows = snapshot.execute(session, _COUNTS, rosters=missing_ids)
        return {**dict.fromkeys(missing_ids), **{roster: _roster_counts(*columns) for roster, *columns in rows}}

    counts = snapshot.load_shared_items(session, "roster counts", ids, load)
    return {id: roster_counts for id, roster_counts in counts.items() if roster_counts}


def load_counts_over_time(session: Session, snapshot: Snapshot, kind: RosterKind) -> list[tuple[RosterRef, RosterCounts]]:
    """Load the rosters of a kind that were published by the requested day, each with its counts; two SQL statements, once for a revision."""
    rosters = load_rosters(session, snapshot).published_by(snapshot.as_of).of_kind(kind)
    counts = load_roster_counts(session, snapshot, [roster.id for roster in rosters])
    return [(roster, counts[roster.id]) for roster in rosters]


def _roster_counts(agreements: int, agencies: int, states: int, territories: int, counts: Json) -> RosterCounts:
    return RosterCounts(agreements, agencies, states, territories, counts["jurisdiction"], counts["model"], counts["jurisdiction_model"])


@dataclass(frozen=True, slots=True)
class DepartureCounts:
    """Numbers of agreements on the previous roster that a roster does not list: without and with a probable successor on it."""

    unlisted: int = 0
    possibly_renamed: int = 0

    def as_json(self) -> Json:
        """Return the ``departures`` object of a stance card's slot."""
        return {"unlisted": self.unlisted, "possibly_renamed": self.possibly_renamed}


def load_departure_counts(session: Session, snapshot: Snapshot, roster: RosterRef | None) -> dict[str | None, DepartureCounts]:
    """Load the departures between a roster and the one before it, by jurisdiction; one statement, once for a revision, none without rows."""
    if roster is None or not roster.has_rows:
        return {}
    return snapshot.load_shared(session, _DEPARTURES, _build_departure_counts, roster=roster.id)


def _build_departure_counts(rows: Sequence[Row]) -> dict[str | None, DepartureCounts]:
    return {row["jurisdiction"]: DepartureCounts(row["departed"] - row["renamed"], row["renamed"]) for row in rows}


@dataclass(frozen=True, slots=True)
class JurisdictionRosterEntry:
    """The agreements of one jurisdiction on the roster in force. The posture rules treat this entry as a claim, like a measure.

    The counts are zero if the roster does not name the jurisdiction. Counts are as published; agreements that have
    ended since are still included.
    """

    roster: RosterRef
    code: str
    counts: UnitCounts
    snapshot: Snapshot
    departures: DepartureCounts = DepartureCounts()

    @property
    def roster_id(self) -> str:
        """Return the id of the roster."""
        return self.roster.id

    def as_claim(self) -> Claim:
        """Return the entry as the input of the posture rules; a roster is in force until the next one, or until it is too old.

        If the roster does not name the jurisdiction, the claim has the status ``reported_absent``.
        """
        number = self.counts.agreements
        is_past_horizon = self.snapshot.as_of > ROSTER_HORIZON.last_day(self.roster.date)
        listed_stands = Stands.POSSIBLE if is_past_horizon else Stands.YES
        status, stands = ("active", listed_stands) if number else ("reported_absent", Stands.NO)
        direction = Direction.ENCOURAGES
        return Claim(
            self.roster_id,
            Kind.ACTIVE_AGREEMENTS,
            status,
            direction,
            stands,
            is_past_horizon=is_past_horizon,
            listed_agreements=number,
        )

    def as_evidence(self) -> Evidence:
        """Return the roster as the input of the evidence rules."""
        origin = OriginType.OFFICIAL_RECORD
        return Evidence(self.roster_id, DocumentType.ROSTER, None, self.roster_id, origin, Role.SUPPORTS, self.roster.publication_date)

    def as_json(self) -> Json:
        """Return the ``listed`` object of a stance card's slot."""
        return {
            "roster": self.roster_id,
            "date": dates.date_json(self.roster.publication_date),
            "agreements": self.counts.agreements,
            "agencies": self.counts.agencies,
            "departures": self.departures.as_json() if self.roster.has_rows else None,
            "links": {
                "self": f"/v1/agreements?jurisdiction={self.code}&as_of={self.snapshot.as_of.isoformat()}&revision={self.snapshot.revision}",
                "roster": f"/v1/rosters/{self.roster_id}",
            },
        }


@dataclass(frozen=True, slots=True)
class CurrentRoster:
    """The roster of participating agencies in force, if there is one, with its counts."""

    roster: RosterRef | None
    counts_by_roster: Mapping[str, RosterCounts]
    snapshot: Snapshot
    departures: Mapping[str | None, DepartureCounts] = field(default_factory=dict)

    def entry_for(self, code: str) -> JurisdictionRosterEntry | None:
        """Return the entry of a jurisdiction, with zeros if the roster does not name it; None if no roster is in force."""
        if self.roster is None:
            return None
        counts = self.counts_by_roster[self.roster.id].counts_for(code)
        return JurisdictionRosterEntry(self.roster, code, counts, self.snapshot, self._departures_for(code))

    def _departures_for(self, code: str) -> DepartureCounts:
        if code != NATION_CODE:
            return self.departures.get(code, DepartureCounts())
        all_counts = self.departures.values()
        return DepartureCounts(sum(counts.unlisted for counts in all_counts), sum(counts.possibly_renamed for counts in all_counts))


def load_current_roster(session: Session, snapshot: Snapshot) -> CurrentRoster:
    """Load the roster of participating agencies in force on the requested day; three SQL statements, once for a revision."""
    roster = load_rosters(session, snapshot).roster_in_force(RosterKind.PARTICIPATING, snapshot.as_of)
    roster_counts = load_roster_counts(session, snapshot, [roster.id] if roster else [])
    return CurrentRoster(roster, roster_counts, snapshot, load_departure_counts(session, snapshot, roster))
