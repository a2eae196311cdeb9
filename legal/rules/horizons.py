"""Limit how long evidence counts: nothing was in effect before the program began, and nothing stays certain for ever.

The horizons are our choice and open to argument. The codebook serves each with its reason. Source: docs/rules.md, "Time limits".
"""

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from legal.rules.dates import EdtfDate
from legal.vocabulary import Kind

PROGRAM_ENACTED = date(1996, 9, 30)
"""The day on which section 287(g) became law: Public Law 104-208, division C, section 133."""

FIRST_AGREEMENT_POSSIBLE = date(2002, 1, 1)
"""The first day of the year of the first agreement: Congressional Research Service, In Focus IF11898."""

BINDING_TERMS = frozenset({"settled", "judgment"})
"""The statuses of a suit whose terms bind."""


@dataclass(frozen=True, slots=True)
class Horizon:
    """A limit on how long evidence stays certain: months and days after its date, with the reason for it."""

    applies_to: str
    limit: str
    reason: str
    months: int = 0
    days: int = 0

    def last_day(self, evidence_day: date) -> date:
        """Return the last day on which evidence of a day is certain."""
        return add_months(evidence_day, self.months) + timedelta(days=self.days)


PASSED_BILL_HORIZON = Horizon(
    "A bill that has passed the legislature",
    "90 days",
    "Governors have days or weeks to sign or veto, so a bill is decided by then, whether or not a source on file says how.",
    days=90,
)
BILL_HORIZON = Horizon(
    "Another bill",
    "the end of the session that it is in, or 180 days if that session is not on file",
    "A bill dies with its session unless it is carried over.",
    days=180,
)
SUIT_HORIZON = Horizon("A pending suit", "24 months", "Most civil suits are decided, settled or dropped within two years.", months=24)
AGREEMENTS_HORIZON = Horizon(
    "Agreements known from an article",
    "a later roster that names no agency of the jurisdiction, or 12 months",
    "Agencies sign and withdraw from month to month. ICE's rosters report that; the article does not.",
    months=12,
)
UNNAMED_STATES_HORIZON = Horizon(
    "What a source says of states that it does not name",
    "12 months",
    "Nobody can follow a state that is not named, or check whether the report still holds.",
    months=12,
)
ROSTER_HORIZON = Horizon(
    "Agreements that a roster lists",
    "the next roster, or 12 months",
    "ICE publishes rosters every few weeks, so a roster that is a year old no longer shows who takes part.",
    months=12,
)
HORIZONS = (PASSED_BILL_HORIZON, BILL_HORIZON, SUIT_HORIZON, AGREEMENTS_HORIZON, UNNAMED_STATES_HORIZON, ROSTER_HORIZON)
"""All horizons, in the order of docs/rules.md. Laws, orders, opinions, settlements and judgments have none."""


@dataclass(frozen=True, slots=True)
class LegislativeSession:
    """A session of a legislature: its jurisdiction's code, and its first and last day. The last day may be a scheduled one."""

    jurisdiction: str
    name: str
    first_day: date
    last_day: date


def add_months(day: date, months: int) -> date:
    """Return the same day of a later month, or that month's last day if it has no such day."""
    years, month_index = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month_index + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def find_bill_sessions(evidence: Iterable[EdtfDate], sessions: Sequence[LegislativeSession]) -> list[LegislativeSession]:
    """Return the sessions that the newest dated evidence of a bill may lie in.

    ``evidence`` are the dates of its events and of the documents that report it as pending; ``sessions`` are those of the
    bill's jurisdiction.
    """
    dated_evidence = [evidence_date for evidence_date in evidence if evidence_date.earliest and evidence_date.latest]
    newest = max(dated_evidence, key=lambda evidence_date: (evidence_date.earliest, evidence_date.latest), default=None)
    if newest is None or newest.earliest is None or newest.latest is None:
        return []
    return [session for session in sessions if session.first_day <= newest.latest and session.last_day >= newest.earliest]


def first_possible_day(kind: str, bill_sessions: Sequence[LegislativeSession] = ()) -> date:
    """Return the first day on which a measure of a kind can have been in effect; for a bill, that of its session."""
    if kind == Kind.ACTIVE_AGREEMENTS:
        return FIRST_AGREEMENT_POSSIBLE
    if kind == Kind.PENDING_BILL:
        return min((session.first_day for session in bill_sessions), default=PROGRAM_ENACTED)
    return PROGRAM_ENACTED


def last_certain_day(kind: str, status: str, evidence_day: date | None, bill_sessions: Sequence[LegislativeSession] = ()) -> date | None:
    """Return the last day on which a measure can be in effect for certain; null if its kind does not end by itself.

    ``evidence_day`` is the first day on which the newest document that reports it can have been written.
    """
    if evidence_day is None:
        return None
    if kind == Kind.PENDING_BILL and status == "passed_legislature":
        return PASSED_BILL_HORIZON.last_day(evidence_day)
    if kind == Kind.PENDING_BILL:
        return max((session.last_day for session in bill_sessions), default=BILL_HORIZON.last_day(evidence_day))
    if kind == Kind.LITIGATION and status not in BINDING_TERMS:
        return SUIT_HORIZON.last_day(evidence_day)
    if kind == Kind.UNNAMED_STATES:
        return UNNAMED_STATES_HORIZON.last_day(evidence_day)
    return AGREEMENTS_HORIZON.last_day(evidence_day) if kind == Kind.ACTIVE_AGREEMENTS else None
