"""Check figures against the roster that was in force on their dates."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from legal.db.statements import bind_list, visible_at_revision
from legal.json_types import Json, Row
from legal.models import Agreement, RosterRow
from legal.queries.core import dates
from legal.queries.core.snapshot import Snapshot
from legal.queries.rosters import in_force
from legal.queries.rosters.agreements import IS_DOUBTFUL
from legal.queries.rosters.in_force import RosterCounts, RosterRef, RosterTimeline
from legal.rules.conflicts import Period
from legal.rules.figures import QuantityRange
from legal.rules.rosters import figure_checks
from legal.rules.rosters.figure_checks import FigureCheck, FigureClaim, UnitCounts
from legal.vocabulary import NATION_CODE, AgencyType, RosterKind, RosterVerdict

_ROW, _AGREEMENT = RosterRow.__table__.c, Agreement.__table__.c
_SIGNATURES = (
    select(_ROW.roster, _ROW.jurisdiction, _ROW.agency_type, _ROW.signed, _AGREEMENT.agency)
    .join(Agreement.__table__, _AGREEMENT.id == _ROW.agreement)
    .where(_ROW.counted, visible_at_revision(_ROW), _ROW.signed.is_not(None), _ROW.roster.in_(bind_list("rosters", _ROW.roster)))
    .where(~IS_DOUBTFUL)
)
_SIGNATURES_BY_JURISDICTION = _SIGNATURES.where(_ROW.jurisdiction.in_(bind_list("jurisdictions", _ROW.jurisdiction)))


@dataclass(frozen=True, slots=True)
class CheckableFigure:
    """A figure that rosters can check, and the roster in force on its date; null if there was none.

    ``rosters`` has all rosters, oldest first, if the figure has no date and its number is looked for among them.
    """

    id: str
    jurisdiction: str
    claim: FigureClaim
    roster: RosterRef | None
    rosters: Sequence[RosterRef] = ()


def load_figure_checks(session: Session, snapshot: Snapshot, rows: Iterable[Row]) -> dict[str, Json]:
    """Load the roster checks of figures, by figure id; figures that rosters cannot check are left out.

    This sends three SQL statements, once for a revision and a day.
    """
    rows_by_key = {(row["figure"], snapshot.as_of): row for row in rows}

    def load(keys: list[tuple[str, date]]) -> dict[tuple[str, date], Json | None]:
        checks = _load_checks(session, snapshot, [rows_by_key[key] for key in keys])
        return {(id, day): checks.get(id) for id, day in keys}

    checks = snapshot.load_shared_items(session, "roster checks", rows_by_key, load)
    return {id: check for (id, _), check in checks.items() if check}


def _load_checks(session: Session, snapshot: Snapshot, rows: Iterable[Row]) -> dict[str, Json]:
    rosters = in_force.load_rosters(session, snapshot).published_by(snapshot.as_of)
    figures = _checkable_figures(rows, rosters)
    # Cards need the counts of the roster in force too, and get them with the same statement.
    newest = rosters.roster_in_force(RosterKind.PARTICIPATING, snapshot.as_of)
    counted_ids = [*_counted_roster_ids(figures), *([newest.id] if newest else [])]
    roster_counts = in_force.load_roster_counts(session, snapshot, counted_ids)
    signature_counts = _load_signature_counts(session, snapshot, figures)
    return {figure.id: _figure_check_json(figure, roster_counts, signature_counts) for figure in figures}


def _checkable_figures(rows: Iterable[Row], timeline: RosterTimeline) -> list[CheckableFigure]:
    """Return the figures that rosters can check, each with the roster to compare it with.

    A figure that counts signatures is compared only with rosters that have rows on file.
    """
    rosters = timeline.of_kind(RosterKind.PARTICIPATING)
    rosters_with_rows = timeline.with_rows().of_kind(RosterKind.PARTICIPATING)
    claims = ((row, claim) for row in rows if (claim := figure_claim(row)))
    return [
        CheckableFigure(
            row["figure"],
            row["jurisdiction"],
            claim,
            _find_roster(claim, rosters_with_rows if figure_checks.counts_signatures(claim) else rosters),
            rosters if figure_checks.has_no_date(claim) else (),
        )
        for row, claim in claims
        if figure_checks.is_checkable(claim)
    ]


def _find_roster(claim: FigureClaim, rosters: Sequence[RosterRef]) -> RosterRef | None:
    index = figure_checks.find_roster_index(claim, [roster.date for roster in rosters])
    return None if index is None else rosters[index]


def _counted_roster_ids(figures: Iterable[CheckableFigure]) -> list[str]:
    """Return the ids of the rosters whose counts the figures are compared with."""
    return [
        roster.id
        for figure in figures
        if not figure_checks.counts_signatures(figure.claim)
        for roster in (*figure.rosters, *([figure.roster] if figure.roster else []))
    ]


def _load_signature_counts(session: Session, snapshot: Snapshot, figures: Iterable[CheckableFigure]) -> dict[str, UnitCounts]:
    """Count the signatures within each figure's period, by figure id, for the figures that count signatures.

    A date of signature that is in doubt counts in no period. This sends one SQL statement, once for a revision.
    """
    period_figures = [figure for figure in figures if figure.roster and figure_checks.counts_signatures(figure.claim)]
    jurisdictions = {figure.jurisdiction for figure in period_figures}
    roster_ids = {figure.roster.id for figure in period_figures if figure.roster}
    if not period_figures:
        return {}
    # Of a roster that a national figure is compared with, all rows are counted.
    is_national = NATION_CODE in jurisdictions
    codes = {} if is_national else {"jurisdictions": sorted(jurisdictions)}
    statement = _SIGNATURES if is_national else _SIGNATURES_BY_JURISDICTION
    rows_by_roster = snapshot.load_shared(session, statement, _group_by_roster, rosters=sorted(roster_ids), **codes)
    return {figure.id: _count_signatures(figure, rows_by_roster.get(figure.roster.id, [])) for figure in period_figures if figure.roster}


def _group_by_roster(rows: Sequence[Row]) -> dict[str, list[Row]]:
    rows_by_roster: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        rows_by_roster[row["roster"]].append(row)
    return dict(rows_by_roster)


def _count_signatures(figure: CheckableFigure, rows: Sequence[Row]) -> UnitCounts:
    """Count the rows of the figure's roster that were signed within its period."""
    earliest, latest = figure.claim.signing_days or (date.min, date.max)
    agencies = [
        row["agency"]
        for row in rows
        if earliest <= row["signed"] <= latest
        and figure.jurisdiction in (NATION_CODE, row["jurisdiction"])
        and (figure.claim.agency_class is None or row["agency_type"] == AgencyType.STATE_AGENCY)
    ]
    return UnitCounts(len(agencies), len(set(agencies)))


def figure_claim(row: Row) -> FigureClaim | None:
    """Return a figure as the input of the roster check rule; null if it has no number, or a number of a type that no roster has."""
    if row["value"] is None or row["quantity"] not in figure_checks.CHECKED_QUANTITIES:
        return None
    return FigureClaim(
        row["metric"],
        QuantityRange(row["unit"], row["value"], row["low"], row["high"]),
        row["comparator"],
        row["rounded"],
        row["cohort"],
        row["geography"],
        row["agency_class"],
        row["model"],
        dates.date_from_row(row, "date"),
        Period(dates.date_from_row(row, "period_from"), dates.date_from_row(row, "period_to")),
        is_national=row["jurisdiction"] == NATION_CODE,
    )


def _figure_check_json(
    figure: CheckableFigure, roster_counts: Mapping[str, RosterCounts], signature_counts: Mapping[str, UnitCounts]
) -> Json:
    if figure.roster is None:
        nearest = _nearest_json(figure, roster_counts) if figure_checks.has_no_date(figure.claim) else None
        return _check_json(FigureCheck(RosterVerdict.NO_ROSTER), None, None, None, nearest)
    by_signature = figure_checks.counts_signatures(figure.claim)
    counts = signature_counts[figure.id] if by_signature else roster_counts[figure.roster.id].counts_for(figure.jurisdiction)
    return _check_json(figure_checks.check_figure(figure.claim, counts), figure.roster, counts, figure.claim.model, None)


def _nearest_json(figure: CheckableFigure, roster_counts: Mapping[str, RosterCounts]) -> list[Json]:
    """Return the rosters between which the number of an undated figure lies, for each unit that it may mean, oldest first."""
    counts_over_time = [roster_counts[roster.id].counts_for(figure.jurisdiction) for roster in figure.rosters]
    return [
        {
            "unit": str(crossing.unit),
            "from": _dated_count_json(figure.rosters[crossing.first], crossing.first_count),
            "to": _dated_count_json(figure.rosters[crossing.last], crossing.last_count),
        }
        for crossing in figure_checks.find_crossings(figure.claim, counts_over_time)
    ]


def _dated_count_json(roster: RosterRef, count: float) -> Json:
    return {"roster": roster.id, "date": dates.date_json(roster.publication_date), "count": round(count, 1)}


def _check_json(
    check: FigureCheck, roster: RosterRef | None, counts: UnitCounts | None, model: str | None, nearest: list[Json] | None
) -> Json:
    return {
        "verdict": str(check.verdict),
        "matched_unit": check.matched_unit and str(check.matched_unit),
        "fit": check.fit and str(check.fit),
        "off_by": int(check.off_by) if check.off_by and float(check.off_by).is_integer() else check.off_by,
        "likely": check.likely,
        "roster": roster and roster.id,
        "date": dates.date_json(roster.publication_date) if roster else None,
        "counts": counts
        and {
            **{key: getattr(counts, key) for key in ("agreements", "agencies", "states", "territories")},
            "model": model and _model_counts_json(counts, model),
        },
        "nearest": nearest,
    }


def _model_counts_json(counts: UnitCounts, model: str) -> Json:
    agreements, agencies = counts.models.get(model, (0, 0))
    return {"model": model, "agreements": agreements, "agencies": agencies}
