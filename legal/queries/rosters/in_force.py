"""Rosters: the lists on file at a moment, and which of them was in force on a day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from legal.db.statements import seen, some
from legal.json_types import Json
from legal.models import Roster, RosterVersion
from legal.queries.core import dates
from legal.queries.core.snapshot import Snapshot
from legal.rules.dates import When
from legal.rules.evidence import Evidence
from legal.rules.posture import Claim
from legal.rules.rosters.figure_checks import Counts
from legal.vocabulary import NATION, Basis, Direction, DocumentType, Kind, OriginType, Role, RosterKind, Stands

ROSTER, VERSION = Roster.__table__.c, RosterVersion.__table__.c
SHORT = (ROSTER.id, ROSTER.kind, ROSTER.date, ROSTER.date_basis, ROSTER.position)

OPEN = select(RosterVersion.__table__, *SHORT[1:], ROSTER.sha256).join(Roster.__table__, VERSION.roster == ROSTER.id).where(seen(VERSION))
"""Every list as it was on file, whatever day it is of."""

SHELF = OPEN.with_only_columns(*SHORT).order_by(ROSTER.position)
BY_HASH = select(*SHORT).where(ROSTER.sha256 == bindparam("sha256"))
COUNTS = select(VERSION.roster, VERSION.agreements, VERSION.agencies, VERSION.states, VERSION.territories, VERSION.counts).where(
    seen(VERSION), VERSION.roster.in_(some("rosters", VERSION.roster))
)


@dataclass(frozen=True, slots=True)
class Held:
    """A list on file, in short."""

    id: str
    kind: str
    date: date
    basis: Basis
    position: str

    @property
    def published(self) -> When:
        """Its day, as a date with bounds."""
        return When(self.date.isoformat(), self.date, self.date, self.basis)


@dataclass(frozen=True, slots=True)
class Shelf:
    """All the lists on file at a moment, in their order."""

    participating: tuple[Held, ...]
    pending: tuple[Held, ...]

    def in_force(self, kind: str, day: date) -> Held | None:
        """The last list of a kind that was published by a day."""
        return max((one for one in self.of(kind) if one.date <= day), key=lambda one: one.position, default=None)

    def by(self, day: date) -> "Shelf":
        """Those that had been published by a day."""
        return Shelf(*(tuple(one for one in self.of(kind) if one.date <= day) for kind in RosterKind))

    def before(self, kind: str, id: str) -> Held | None:
        """The list of a kind that comes before one of them."""
        return next((earlier for earlier, one in pairwise(self.of(kind)) if one.id == id), None)

    def of(self, kind: str) -> tuple[Held, ...]:
        """The lists of a kind."""
        return self.participating if kind == RosterKind.PARTICIPATING else self.pending


def shelf(session: Session, moment: Snapshot) -> Shelf:
    """The lists on file; one statement."""
    held = [Held(*row) for row in moment.execute(session, SHELF)]
    return Shelf(*(tuple(one for one in held if one.kind == kind) for kind in (RosterKind.PARTICIPATING, RosterKind.PENDING)))


def by_hash(session: Session, sha256: str) -> Held | None:
    """The list on file with these bytes, whatever its name was; one statement."""
    found = session.execute(BY_HASH, {"sha256": sha256}).one_or_none()
    return Held(*found) if found else None


@dataclass(frozen=True, slots=True)
class Kept:
    """A list's counts, as its import kept them."""

    agreements: int
    agencies: int
    states: int
    territories: int
    by_jurisdiction: Mapping[str, Sequence[int]]
    by_model: Mapping[str, Sequence[int]]

    def of(self, code: str) -> Counts:
        """What it has for a place, or, for the nation, in all."""
        if code == NATION:
            return Counts(self.agreements, self.agencies, self.states, self.territories, self.by_model)
        agreements, agencies = self.by_jurisdiction.get(code, (0, 0))
        return Counts(agreements, agencies)


def kept(session: Session, moment: Snapshot, ids: Iterable[str]) -> dict[str, Kept]:
    """The counts of some lists, by id; one statement."""
    return {
        roster: Kept(agreements, agencies, states, territories, counts["jurisdiction"], counts["model"])
        for roster, agreements, agencies, states, territories, counts in moment.execute(session, COUNTS, rosters=sorted(set(ids)))
    }


@dataclass(frozen=True, slots=True)
class Listing:
    """What the list in force on a day has for a place that it names; it stands as a claim beside the place's measures.

    It is the list as published: an agreement that a measure says has ended since stays counted.
    """

    held: Held
    code: str
    counts: Counts
    moment: Snapshot

    @property
    def id(self) -> str:
        """The list's."""
        return self.held.id

    def claim(self) -> Claim:
        """The agreements that are listed, as the posture rules see them: a list that says so is in force until the next."""
        return Claim(self.id, Kind.ACTIVE_AGREEMENTS, "active", Direction.ENCOURAGES, Stands.YES)

    def evidence(self) -> Evidence:
        """The list, as the rules of evidence see it."""
        origin = OriginType.OFFICIAL_RECORD
        return Evidence(self.id, DocumentType.ROSTER, None, self.id, origin, Role.SUPPORTS, self.held.published)

    def shown(self) -> Json:
        """What the slot of the place's stance tells of it."""
        return {
            "roster": self.id,
            "date": dates.shown(self.held.published),
            "agreements": self.counts.agreements,
            "agencies": self.counts.agencies,
            "links": {
                "self": f"/v1/agreements?jurisdiction={self.code}&as_of={self.moment.as_of.isoformat()}&revision={self.moment.revision}",
                "roster": f"/v1/rosters/{self.id}",
            },
        }


@dataclass(frozen=True, slots=True)
class Current:
    """The list in force on a day, if there is one, with its counts."""

    held: Held | None
    kept: Mapping[str, Kept]
    moment: Snapshot

    def listing(self, code: str) -> Listing | None:
        """What it has for a place; null where there is no list, or it does not name the place."""
        counts = self.kept[self.held.id].of(code) if self.held else None
        return Listing(self.held, code, counts, self.moment) if self.held and counts and counts.agreements else None


def current(session: Session, moment: Snapshot) -> Current:
    """The list of participating agencies in force on the day asked about; two statements."""
    held = shelf(session, moment).in_force(RosterKind.PARTICIPATING, moment.as_of)
    return Current(held, kept(session, moment, [held.id] if held else []), moment)
