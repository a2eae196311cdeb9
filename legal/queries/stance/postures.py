"""List all jurisdictions with their postures, their numbers of measures by kind, and their agreements on the roster in force."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, Text, cast, func, select
from sqlalchemy.orm import Session

from legal.db.statements import visible_at_revision
from legal.json_types import Json, Row
from legal.models import FigureVersion, MeasureVersion
from legal.queries.core import in_effect
from legal.queries.core.pagination import Page, Paging, slice_page
from legal.queries.core.snapshot import Snapshot
from legal.queries.record import jurisdictions
from legal.queries.rosters import in_force
from legal.queries.rosters.in_force import CurrentRoster, JurisdictionRosterEntry
from legal.rules.dates import happened_by
from legal.rules.posture import Claim, Report, certain_facts, first_matching_rule
from legal.vocabulary import JurisdictionType, Kind, Posture, Stands

_MEASURE, _FIGURE = MeasureVersion.__table__.c, FigureVersion.__table__.c


def _claim_groups_statement() -> Select[Any]:
    identity = (_MEASURE.jurisdiction, _MEASURE.kind, _MEASURE.status, _MEASURE.direction, _MEASURE.reach, _MEASURE.prohibits_agreements)
    has_exceptions = _MEASURE.exceptions.is_not(None).label("excepted")
    scope = (cast(_MEASURE.binds, Text).label("binds"), cast(_MEASURE.does_not_bind, Text).label("does_not_bind"))
    effect = (in_effect.IN_EFFECT.label("stands"), in_effect.EFFECT_HAS_ENDED.label("over"))
    # Group by columns of a subquery: PostgreSQL does not recognize that two expressions with parameters are the same.
    claims = select(*identity, has_exceptions, *scope, *effect).where(visible_at_revision(_MEASURE)).subquery()
    return select(*claims.c, func.count().label("number")).group_by(*claims.c)


_CLAIM_GROUPS = _claim_groups_statement()
_REPORTS = (
    select(_FIGURE.jurisdiction, _FIGURE.metric, _FIGURE.reported_earliest, _FIGURE.reported_latest)
    .distinct()
    .where(visible_at_revision(_FIGURE))
)

ClaimGroup = tuple[Claim, int]
"""A claim and the number of measures that the posture rules cannot tell from it."""


def list_postures(session: Session, snapshot: Snapshot, filters: Mapping[str, Any], paging: Paging) -> tuple[list[Json], Page]:
    """List the jurisdictions that match, one page of them, with posture and measures by kind; five statements.

    Postures are computed, so that the page is sorted, filtered and cut in Python. There are only 57 jurisdictions.
    """
    current_roster = in_force.load_current_roster(session, snapshot)
    rows = load_postures(session, snapshot, current_roster)
    matching = [row for row in rows if _matches_filters(row, current_roster.entry_for(row["code"]), filters)]
    page = slice_page(matching, _column_value, lambda row: str(row["code"]), paging)
    return page.rows, page


def load_postures(session: Session, snapshot: Snapshot, current_roster: CurrentRoster) -> list[Json]:
    """Return all 57 jurisdictions by code, with posture and measures by kind; three statements."""
    claim_groups = _load_claim_groups(session, snapshot)
    reports = _load_reports(session, snapshot)
    return [
        _jurisdiction_posture_json(row, claim_groups[row["code"]], reports[row["code"]], current_roster.entry_for(row["code"]))
        for row in jurisdictions.load_jurisdictions(session)
    ]


def posture_json(posture: Posture) -> Json:
    """Return a posture's value and label."""
    return {"value": str(posture), "label": posture.label}


def _load_claim_groups(session: Session, snapshot: Snapshot) -> defaultdict[str, list[ClaimGroup]]:
    """Load the claims of each jurisdiction, with the measures that the posture rules cannot tell apart as one group.

    The database does the grouping, so that the work in Python does not grow with the number of measures.
    """
    groups_by_jurisdiction: defaultdict[str, list[ClaimGroup]] = defaultdict(list)
    for row in snapshot.execute(session, _CLAIM_GROUPS).mappings():
        groups_by_jurisdiction[row["jurisdiction"]].append((_group_claim(row), row["number"]))
    return groups_by_jurisdiction


def _group_claim(row: Row) -> Claim:
    return Claim(
        id="",
        kind=row["kind"],
        status=row["status"],
        direction=row["direction"],
        stands=Stands(row["stands"]),
        binds=frozenset(json.loads(row["binds"])),
        does_not_bind=frozenset(json.loads(row["does_not_bind"])),
        reach=row["reach"],
        prohibits_agreements=row["prohibits_agreements"],
        has_exceptions=bool(row["excepted"]),
        has_ended=bool(row["over"]),
    )


def _load_reports(session: Session, snapshot: Snapshot) -> defaultdict[str, list[Report]]:
    reports_by_jurisdiction: defaultdict[str, list[Report]] = defaultdict(list)
    for row in snapshot.execute(session, _REPORTS):
        on_file = happened_by(row.reported_earliest, row.reported_latest, snapshot.as_of)
        reports_by_jurisdiction[row.jurisdiction].append(Report("", row.metric, on_file))
    return reports_by_jurisdiction


def _jurisdiction_posture_json(
    row: Row, claim_groups: Sequence[ClaimGroup], reports: Iterable[Report], roster_entry: JurisdictionRosterEntry | None
) -> Json:
    claims = [claim for claim, _ in claim_groups] + ([roster_entry.as_claim()] if roster_entry else [])
    posture = first_matching_rule(certain_facts(claims, list(reports))).posture
    measure_counts = _count_by_kind(claim_groups)
    return {
        **jurisdictions.jurisdiction_json(row),
        "posture": None if row["type"] == JurisdictionType.NATION else posture_json(posture),
        "measures": {str(kind): measure_counts[kind] for kind in Kind},
        "listed": roster_entry and roster_entry.as_json(),
    }


def _count_by_kind(claim_groups: Iterable[ClaimGroup]) -> Counter[str]:
    """Count the measures of each kind that are in effect or may be."""
    counts: Counter[str] = Counter()
    for claim, number in claim_groups:
        counts[claim.kind] += number if claim.stands is not Stands.NO else 0
    return counts


def _column_value(row: Json, name: str) -> Any:
    if name == "posture":
        return row["posture"] and row["posture"]["value"]
    return row["measures"] if name == "kind" else row[name]


def _matches_filters(row: Json, roster_entry: JurisdictionRosterEntry | None, filters: Mapping[str, Any]) -> bool:
    posture = row["posture"] and row["posture"]["value"]
    is_listed = roster_entry is not None and roster_entry.counts.agreements > 0
    kinds = {kind for kind, number in row["measures"].items() if number} | ({Kind.ACTIVE_AGREEMENTS} if is_listed else set())
    searchable_text = f"{row['name']} {row['code']} {row['slug']}".lower()
    return (
        (not filters.get("type") or row["type"] in filters["type"])
        and (not filters.get("posture") or posture in filters["posture"])
        and (not filters.get("kind") or bool(kinds & set(filters["kind"])))
        and all(word in searchable_text for word in filters.get("q", "").lower().split())
    )
