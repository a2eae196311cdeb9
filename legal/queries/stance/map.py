"""Return the map: one row for each jurisdiction that has a posture, with the same columns in every release."""

from collections import defaultdict

from sqlalchemy.orm import Session

from legal.json_types import Json
from legal.models import FigureVersion
from legal.queries.core.snapshot import Snapshot
from legal.queries.record import figures
from legal.queries.rosters import in_force
from legal.queries.rosters.in_force import JurisdictionRosterEntry
from legal.queries.stance import postures
from legal.rules import maps
from legal.rules.maps import MapFigure, ParticipationCount
from legal.vocabulary import Cohort, Metric

_FIGURE = FigureVersion.__table__.c
_PARTICIPATION_FIGURES = figures.CURRENT_VERSIONS.where(
    _FIGURE.metric == Metric.PARTICIPATION, _FIGURE.cohort == Cohort.ACTIVE_AT, _FIGURE.agency_class.is_(None)
).order_by(_FIGURE.jurisdiction, _FIGURE.figure)

MAP_COLUMNS = (
    "fips",
    "code",
    "name",
    "posture",
    "posture_label",
    "agreements",
    "agencies",
    "figure_low",
    "figure_high",
    "as_of",
    "url",
    "figure_unit",
    "figure_date",
    "roster_date",
    "evidence_through",
    "stale",
)
"""The columns of the map, in an order that never changes; new ones come last."""


def load_map_rows(session: Session, snapshot: Snapshot) -> tuple[list[Json], dict[str, str]]:
    """Return the 56 rows by code, and the unit of each jurisdiction's figure by code; seven SQL statements."""
    map_figures = _load_map_figures(session, snapshot)
    current_roster = in_force.load_current_roster(session, snapshot)
    jurisdictions = [row for row in postures.load_postures(session, snapshot, current_roster) if row["posture"]]
    units = {row["code"]: unit for row in jurisdictions if (unit := map_figures[row["code"]].unit)}
    map_rows = [_map_row(row, map_figures[row["code"]], current_roster.entry_for(row["code"]), snapshot) for row in jurisdictions]
    return map_rows, units


def _load_map_figures(session: Session, snapshot: Snapshot) -> defaultdict[str, MapFigure]:
    counts_by_jurisdiction: dict[str, list[ParticipationCount]] = defaultdict(list)
    for row in snapshot.execute(session, _PARTICIPATION_FIGURES).mappings():
        on_file = figures.figure_report(row, snapshot).on_file
        counts_by_jurisdiction[row["jurisdiction"]].append(
            ParticipationCount(
                *(row["unit"], row["low"], row["high"], on_file),
                *(row["date_earliest"], row["date_latest"], row["date_edtf"]),
            )
        )
    return defaultdict(MapFigure, {code: maps.choose_map_figure(counts) for code, counts in counts_by_jurisdiction.items()})


def _map_row(jurisdiction: Json, map_figure: MapFigure, roster_entry: JurisdictionRosterEntry | None, snapshot: Snapshot) -> Json:
    return {
        **{key: jurisdiction[key] for key in ("fips", "code", "name")},
        "posture": jurisdiction["posture"]["value"],
        "posture_label": jurisdiction["posture"]["label"],
        # Zero if the roster does not name the jurisdiction. Null, not zero, without a roster: silence is not zero.
        "agreements": roster_entry and roster_entry.counts.agreements,
        "agencies": roster_entry and roster_entry.counts.agencies,
        "figure_low": figures.number_json(map_figure.low),
        "figure_high": figures.number_json(map_figure.high),
        "as_of": snapshot.as_of.isoformat(),
        "url": f"/v1/jurisdictions/{jurisdiction['code']}",
        "figure_unit": map_figure.unit,
        "figure_date": map_figure.date_edtf,
        "roster_date": roster_entry and roster_entry.roster.publication_date.edtf,
        "evidence_through": jurisdiction["headline"]["evidence_through"]["edtf"],
        "stale": jurisdiction["headline"]["stale"],
        "headline": jurisdiction["headline"],
    }
