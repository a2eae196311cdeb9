"""Build the headline of a jurisdiction from its claims. Cards, the list and the map use the same headline."""

from collections.abc import Mapping, Sequence

from legal.json_types import Json
from legal.queries.core import dates
from legal.queries.core.snapshot import Snapshot
from legal.queries.rosters.in_force import JurisdictionRosterEntry
from legal.rules.dates import EdtfDate
from legal.rules.evidence import is_stale, newest_date
from legal.rules.headline import HeadlineClaim, HeadlineFacts, RosterMention, headline_text
from legal.rules.posture import Claim, PostureReading, Report, is_on_file, may_be_reported
from legal.vocabulary import Posture

SourceDates = Mapping[str, Sequence[EdtfDate]]
"""The dates of the documents that support each measure, figure and roster, by id."""


def headline_json(
    name: str,
    claims: Sequence[Claim],
    reports: Sequence[Report],
    reading: PostureReading,
    source_dates: SourceDates,
    roster_entry: JurisdictionRosterEntry | None,
    snapshot: Snapshot,
) -> Json:
    """Return the ``headline`` of a jurisdiction: its text, its day, the date of its newest document, and whether that document is too old.

    ``claims`` include the claim of the roster entry. If the posture has no reasons, the headline rests on everything on
    file.
    """
    ids_on_file = [
        *(claim.id for claim in claims if is_on_file(claim) or claim.listed_agreements == 0),
        *(report.id for report in reports if may_be_reported(report)),
    ]
    evidence_ids = reading.because or tuple(ids_on_file)
    evidence_through = newest_date(day for id in evidence_ids for day in source_dates.get(id, ()))
    roster_ids = frozenset([roster_entry.roster_id] if roster_entry else [])
    is_evidence_stale = is_stale(reading.grounds or [evidence_ids], source_dates, roster_ids, snapshot.as_of)
    stale = None if reading.posture is Posture.NO_RECORD else is_evidence_stale
    reasons = frozenset(reading.because)
    headline_claims = [
        *(
            HeadlineClaim(claim.kind, claim.status, claim.stands, newest_date(source_dates.get(claim.id, ())), claim.id in reasons)
            for claim in claims
            if claim.listed_agreements is None
        ),
        *(
            HeadlineClaim(None, None, report.on_file, newest_date(source_dates.get(report.id, ())), report.id in reasons)
            for report in reports
        ),
    ]
    facts = HeadlineFacts(
        name,
        reading.posture,
        snapshot.as_of,
        headline_claims,
        _roster_mention(roster_entry, reasons),
        stale,
        bool(reading.could_be),
    )
    return {
        "text": headline_text(facts),
        "as_of": snapshot.as_of.isoformat(),
        "evidence_through": dates.date_json(evidence_through),
        "stale": stale,
    }


def _roster_mention(entry: JurisdictionRosterEntry | None, reasons: frozenset[str]) -> RosterMention | None:
    if entry is None:
        return None
    return RosterMention(entry.roster.date, entry.counts.agreements or 0, entry.counts.agencies or 0, entry.roster_id in reasons)
