"""The map: one row for each place that takes a stance, in columns that never change."""

from collections import defaultdict

from sqlalchemy.orm import Session

from legal.json_types import Json
from legal.queries.core.snapshot import Snapshot
from legal.queries.record import figures
from legal.queries.rosters import in_force
from legal.queries.rosters.in_force import Listing
from legal.queries.stance import postures
from legal.rules import maps
from legal.rules.maps import Count, Shown
from legal.vocabulary import Cohort, Metric

COUNTED = figures.OPEN.where(
    figures.FIGURE.metric == Metric.PARTICIPATION, figures.FIGURE.cohort == Cohort.ACTIVE_AT, figures.FIGURE.agency_class.is_(None)
).order_by(figures.FIGURE.jurisdiction, figures.FIGURE.figure)

COLUMNS = (
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
)


def rows(session: Session, moment: Snapshot) -> tuple[list[Json], dict[str, str]]:
    """The 56 rows by code, and the unit of each place's figure by its code; six statements."""
    shown = _shown(session, moment)
    current = in_force.current(session, moment)
    places = [place for place in postures.listed(session, moment, current) if place["posture"]]
    units = {place["code"]: unit for place in places if (unit := shown[place["code"]].unit)}
    return [_row(place, shown[place["code"]], current.listing(place["code"]), moment) for place in places], units


def _shown(session: Session, moment: Snapshot) -> dict[str, Shown]:
    counts: dict[str, list[Count]] = defaultdict(list)
    for row in moment.execute(session, COUNTED).mappings():
        on_file = figures.report(row, moment).on_file
        counts[row["jurisdiction"]].append(
            Count(row["unit"], row["low"], row["high"], on_file, row["reported_earliest"], row["reported_latest"])
        )
    return defaultdict(Shown, {code: maps.shown(found) for code, found in counts.items()})


def _row(place: Json, shown: Shown, listing: Listing | None, moment: Snapshot) -> Json:
    return {
        **{key: place[key] for key in ("fips", "code", "name")},
        "posture": place["posture"]["value"],
        "posture_label": place["posture"]["label"],
        # Where no list is on file, or it does not name the place: silence is not zero.
        "agreements": listing and listing.counts.agreements,
        "agencies": listing and listing.counts.agencies,
        "figure_low": figures.number(shown.low),
        "figure_high": figures.number(shown.high),
        "as_of": moment.as_of.isoformat(),
        "url": f"/v1/jurisdictions/{place['code']}",
    }
