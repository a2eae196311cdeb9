"""List all jurisdictions with their postures, their numbers of measures by kind, and their counts on the roster in force."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Subquery, Text, and_, cast, func, select
from sqlalchemy.orm import Session

from legal.db.statements import fold_words, is_version_of, visible_at_revision
from legal.json_types import Json, Row
from legal.models import Citation, DocumentVersion, FigureVersion, MeasureVersion
from legal.queries.core import dates, in_effect
from legal.queries.core.pagination import Page, Paging, slice_page
from legal.queries.core.snapshot import Snapshot
from legal.queries.record import citations, jurisdictions
from legal.queries.rosters import in_force
from legal.queries.rosters.in_force import CurrentRoster, JurisdictionRosterEntry
from legal.queries.stance.headlines import headline_json
from legal.rules.dates import EdtfDate, happened_by
from legal.rules.posture import Claim, Report, read_posture
from legal.rules.search.text import fold_text
from legal.vocabulary import JurisdictionType, Kind, Posture, Role, Stands

_MEASURE, _FIGURE = MeasureVersion.__table__.c, FigureVersion.__table__.c
_CITATION, _DOCUMENT = Citation.__table__.c, DocumentVersion.__table__.c


def _claims_subquery() -> Subquery:
    identity = (_MEASURE.jurisdiction, _MEASURE.kind, _MEASURE.direction, _MEASURE.reach, _MEASURE.prohibits_agreements)
    has_exceptions = _MEASURE.exceptions.is_not(None).label("excepted")
    scope = (cast(_MEASURE.binds, Text).label("binds"), cast(_MEASURE.does_not_bind, Text).label("does_not_bind"))
    effect = (in_effect.IN_EFFECT.label("stands"), in_effect.EFFECT_HAS_ENDED.label("over"), in_effect.IS_PAST_HORIZON.label("outdated"))
    # Group by columns of a subquery: PostgreSQL does not recognize that two expressions with parameters are the same.
    return (
        select(_MEASURE.key, *identity, has_exceptions, *scope, *effect, *in_effect.DAY_COLUMNS)
        .where(visible_at_revision(_MEASURE))
        .subquery()
    )


_CLAIMS = _claims_subquery()
_GROUP_COLUMNS = tuple(column for column in _CLAIMS.c if column.name != "key")
_CLAIM_GROUPS = select(*_GROUP_COLUMNS, func.count().label("number")).group_by(*_GROUP_COLUMNS)
_PUBLICATION_DATE = (*(_DOCUMENT[f"published_{part}"] for part in ("edtf", "earliest", "latest", "basis")), _DOCUMENT.accessed_latest)
_CLAIM_SOURCE_DATES = (
    select(*_GROUP_COLUMNS, *_PUBLICATION_DATE)
    .select_from(_CLAIMS)
    .outerjoin(Citation.__table__, and_(_CITATION.measure_version == _CLAIMS.c.key, _CITATION.role == Role.SUPPORTS, citations.OF_CLAIMS))
    .outerjoin(DocumentVersion.__table__, is_version_of(_DOCUMENT, _CITATION.document))
    .distinct()
)
"""The dates of the documents that support each group of claims; nulls for claims without support.

The joins are outer ones so that SQLite begins with the claims: it would scan the citations of all versions.
"""
_REPORT_COLUMNS = (_FIGURE.jurisdiction, _FIGURE.metric, _FIGURE.reported_earliest, _FIGURE.reported_latest)
_REPORTS = (
    select(*_REPORT_COLUMNS, *_PUBLICATION_DATE)
    .select_from(FigureVersion.__table__)
    .outerjoin(Citation.__table__, and_(_CITATION.figure_version == _FIGURE.key, _CITATION.role == Role.SUPPORTS))
    .outerjoin(DocumentVersion.__table__, is_version_of(_DOCUMENT, _CITATION.document))
    .distinct()
    .where(visible_at_revision(_FIGURE))
)


@dataclass(frozen=True, slots=True)
class ClaimGroup:
    """A claim that stands for all measures with the same fields for the posture rules, their number, and their documents' dates."""

    claim: Claim
    number: int
    source_dates: Sequence[EdtfDate]


@dataclass(frozen=True, slots=True)
class ReportGroup:
    """A report that stands for all figures with the same fields for the posture rules, and the dates of their documents."""

    report: Report
    source_dates: Sequence[EdtfDate]


def list_postures(session: Session, snapshot: Snapshot, filters: Mapping[str, Any], paging: Paging) -> tuple[list[Json], Page]:
    """List one page of the jurisdictions that match, with posture and measures by kind; six SQL statements.

    Postures are computed, so Python and not the database filters and sorts the 57 jurisdictions.
    """
    current_roster = in_force.load_current_roster(session, snapshot)
    rows = load_postures(session, snapshot, current_roster)
    named_jurisdiction = jurisdictions.match_jurisdiction(session, snapshot, filters["q"]) if filters.get("q") else None
    matching = [row for row in rows if _matches_filters(row, filters, named_jurisdiction["code"] if named_jurisdiction else None)]
    page = slice_page(matching, _column_value, lambda row: str(row["code"]), paging)
    return page.rows, page


def load_postures(session: Session, snapshot: Snapshot, current_roster: CurrentRoster) -> list[Json]:
    """Return all 57 jurisdictions by code, with posture and measures by kind; four SQL statements."""
    claim_groups = _load_claim_groups(session, snapshot)
    reports = _load_reports(session, snapshot)
    return [
        _jurisdiction_posture_json(row, claim_groups[row["code"]], reports[row["code"]], current_roster.entry_for(row["code"]), snapshot)
        for row in jurisdictions.load_jurisdictions(session, snapshot)
    ]


def posture_json(posture: Posture) -> Json:
    """Return a posture's value and label."""
    return {"value": str(posture), "label": posture.label}


def _load_claim_groups(session: Session, snapshot: Snapshot) -> defaultdict[str, list[ClaimGroup]]:
    """Load the claims of each jurisdiction; measures with the same fields for the posture rules form one group.

    The database forms the groups, so the work in Python does not grow with the number of measures.
    """
    dates_by_group: defaultdict[tuple[Any, ...], list[EdtfDate]] = defaultdict(list)
    for row in snapshot.execute(session, _CLAIM_SOURCE_DATES).mappings():
        source_dates = dates_by_group[_group_key(row, _GROUP_COLUMNS)]
        source_dates += [dates.publication_date(row)] if row["published_basis"] else []
    groups_by_jurisdiction: defaultdict[str, list[ClaimGroup]] = defaultdict(list)
    for number, row in enumerate(snapshot.execute(session, _CLAIM_GROUPS).mappings()):
        group = ClaimGroup(_group_claim(row, f"measure {number}"), row["number"], dates_by_group[_group_key(row, _GROUP_COLUMNS)])
        groups_by_jurisdiction[row["jurisdiction"]].append(group)
    return groups_by_jurisdiction


def _group_key(row: Row, columns: Iterable[ColumnElement[Any]]) -> tuple[Any, ...]:
    return tuple(row[column.name] for column in columns)


def _group_claim(row: Row, id: str) -> Claim:
    return Claim(
        id=id,
        kind=row["kind"],
        status=row["status_on_day"],
        direction=row["direction"],
        stands=Stands(row["stands"]),
        binds=frozenset(json.loads(row["binds"])),
        does_not_bind=frozenset(json.loads(row["does_not_bind"])),
        reach=row["reach"],
        prohibits_agreements=row["prohibits_agreements"],
        has_exceptions=bool(row["excepted"]),
        has_ended=bool(row["over"]),
        is_unlisted=bool(row["is_unlisted"]),
        is_past_horizon=bool(row["outdated"]),
    )


def _load_reports(session: Session, snapshot: Snapshot) -> defaultdict[str, list[ReportGroup]]:
    dates_by_group: defaultdict[tuple[Any, ...], list[EdtfDate]] = defaultdict(list)
    for row in snapshot.execute(session, _REPORTS).mappings():
        source_dates = dates_by_group[_group_key(row, _REPORT_COLUMNS)]
        source_dates += [dates.publication_date(row)] if row["published_basis"] else []
    reports_by_jurisdiction: defaultdict[str, list[ReportGroup]] = defaultdict(list)
    for number, ((jurisdiction, metric, earliest, latest), source_dates) in enumerate(dates_by_group.items()):
        report = Report(f"figure {number}", metric, happened_by(earliest, latest, snapshot.as_of))
        reports_by_jurisdiction[jurisdiction].append(ReportGroup(report, source_dates))
    return reports_by_jurisdiction


def _jurisdiction_posture_json(
    row: Row,
    claim_groups: Sequence[ClaimGroup],
    report_groups: Sequence[ReportGroup],
    roster_entry: JurisdictionRosterEntry | None,
    snapshot: Snapshot,
) -> Json:
    claims = [group.claim for group in claim_groups] + ([roster_entry.as_claim()] if roster_entry else [])
    reports = [group.report for group in report_groups]
    reading = read_posture(claims, reports)
    source_dates = {
        **{group.claim.id: group.source_dates for group in claim_groups},
        **{group.report.id: group.source_dates for group in report_groups},
        **({roster_entry.roster_id: [roster_entry.roster.publication_date]} if roster_entry else {}),
    }
    headline = headline_json(row["name"], claims, reports, reading, source_dates, roster_entry, snapshot)
    measure_counts = _count_possible_claims_by_kind(claim_groups, roster_entry)
    is_nation = row["type"] == JurisdictionType.NATION
    return {
        **jurisdictions.jurisdiction_json(row),
        "posture": None if is_nation else posture_json(reading.posture),
        "headline": None if is_nation else headline,
        "measures": {str(kind): measure_counts[kind] for kind in Kind},
        "listed": roster_entry and roster_entry.as_json(),
    }


def _count_possible_claims_by_kind(claim_groups: Iterable[ClaimGroup], roster_entry: JurisdictionRosterEntry | None) -> Counter[str]:
    """Count the measures of each kind that are, or may be, in effect. A roster in force that names agencies counts as one."""
    counts = Counter({str(Kind.ACTIVE_AGREEMENTS): 1 if roster_entry and roster_entry.counts.agreements else 0})
    for group in claim_groups:
        counts[group.claim.kind] += group.number if group.claim.stands is not Stands.NO else 0
    return counts


def _column_value(row: Json, name: str) -> Any:
    if name == "posture":
        return row["posture"] and row["posture"]["value"]
    return row["measures"] if name == "kind" else row[name]


def _matches_filters(row: Json, filters: Mapping[str, Any], named_code: str | None) -> bool:
    """Return whether a jurisdiction matches. ``named_code`` is that of the one of which the words are an identifier."""
    posture = row["posture"] and row["posture"]["value"]
    kinds = {kind for kind, number in row["measures"].items() if number}
    names = [fold_text(row[column]) for column in ("name", "code", "slug")]
    query = filters.get("q", "")
    return (
        (not filters.get("type") or row["type"] in filters["type"])
        and (not filters.get("posture") or posture in filters["posture"])
        and (not filters.get("kind") or bool(kinds & set(filters["kind"])))
        and (all(any(word in name for name in names) for word in fold_words(query)) or row["code"] == named_code)
    )
