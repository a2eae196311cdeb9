"""Figures: one, a list, and those of a place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from legal.db.statements import among, bound, built_once, given, seen, some
from legal.errors import NotFound
from legal.json_types import Json, Row
from legal.models import Citation, FigureVersion
from legal.queries.core import dates
from legal.queries.core.pagination import Page, Paging, cut, page
from legal.queries.core.snapshot import Snapshot
from legal.queries.record import citations
from legal.queries.rosters import figure_checks
from legal.rules.dates import reached
from legal.rules.derivations import derived, follows
from legal.rules.evidence import corroboration
from legal.rules.figures import Quantity
from legal.rules.posture import Report
from legal.vocabulary import Metric

FIGURE, CITATION = FigureVersion.__table__.c, Citation.__table__.c

SORTS = {
    "id": FIGURE.figure,
    "jurisdiction": FIGURE.jurisdiction,
    "metric": FIGURE.metric,
    "unit": FIGURE.unit,
    "value": FIGURE.value,
    "date": FIGURE.date_earliest,
}
NAMES = {"id": "figure", "date": "date_earliest"}
CHECKED = (Metric.PARTICIPATION, Metric.NEW_PARTICIPATION, Metric.MODEL_SHARE)
ASKED = (
    *("figure", "jurisdiction", "metric", "unit", "value", "low", "high", "comparator", "cohort", "geography", "agency_class", "model"),
    *(f"date_{part}" for part in ("edtf", "earliest", "latest", "basis")),
)
"""The columns that a roster check turns on."""


OPEN = select(FigureVersion.__table__).where(seen(FIGURE))
"""Every figure as it was on file."""

ONE = OPEN.where(FIGURE.figure == bindparam("figure"))
SOME = OPEN.where(FIGURE.figure.in_(some("figures", FIGURE.figure)))
OF_MEASURES = OPEN.where(FIGURE.measure.in_(some("measures", FIGURE.measure))).order_by(FIGURE.figure)
OF_PLACES = OPEN.where(FIGURE.jurisdiction.in_(some("jurisdictions", FIGURE.jurisdiction))).order_by(FIGURE.figure)
KEYS_OF_PLACES = OF_PLACES.with_only_columns(FIGURE.key).order_by(None)

FILTERS = {
    **among(jurisdiction=FIGURE.jurisdiction, metric=FIGURE.metric, unit=FIGURE.unit),
    "document": FIGURE.key.in_(select(CITATION.figure_version).where(CITATION.document == bindparam("document"))),
}


@built_once
def matching(names: tuple[str, ...]) -> Select[Any]:
    """The figures that match filters of these names."""
    return OPEN.where(*(FILTERS[name] for name in names))


def listed(session: Session, moment: Snapshot, filters: Mapping[str, Any], paging: Paging) -> tuple[list[Json], Page]:
    """Figures that match, and the page they are; seven statements, or ten where a roster check is filtered by."""
    if filters.get("roster_check"):
        found = _checked(session, moment, filters, paging)
    else:
        found = page(session, moment, matching(given(filters, FILTERS)), SORTS, FIGURE.figure, paging, **bound(filters, FILTERS))
    return assembled(session, moment, found.rows), found


def one(session: Session, moment: Snapshot, id: str) -> Json:
    """A figure; six statements.

    Raises:
        NotFound: there is none of that id at that revision.
    """
    row = moment.execute(session, ONE, figure=id).mappings().one_or_none()
    if row is None:
        raise NotFound(f"There is no figure {id}.")
    return assembled(session, moment, [row])[0]


def _checked(session: Session, moment: Snapshot, filters: Mapping[str, Any], paging: Paging) -> Page:
    """The page of those with one of the verdicts; cut here, because a verdict depends on the lists on file. Five statements."""
    rows = moment.execute(session, _checkable(given(filters, FILTERS)), **bound(filters, FILTERS)).mappings().all()
    verdicts = figure_checks.of_figures(session, moment, rows)
    wanted = [row for row in rows if row["figure"] in verdicts and verdicts[row["figure"]]["verdict"] in filters["roster_check"]]
    found = cut(wanted, lambda row, name: row[NAMES.get(name, name)], lambda row: str(row["figure"]), paging)
    by_id = _by_id(session, moment, [row["figure"] for row in found.rows])
    return replace(found, rows=[by_id[row["figure"]] for row in found.rows])


@built_once
def _checkable(names: tuple[str, ...]) -> Select[Any]:
    return matching(names).where(FIGURE.metric.in_(CHECKED)).with_only_columns(*(FIGURE[name] for name in ASKED))


def _by_id(session: Session, moment: Snapshot, ids: Iterable[str]) -> dict[str, Row]:
    return {row["figure"]: row for row in moment.execute(session, SOME, figures=list(ids)).mappings()}


def assembled(session: Session, moment: Snapshot, rows: Sequence[Row]) -> list[Json]:
    """Rows with their citations, what they follow from and what lists say, as the contract shows them; five statements."""
    cited = citations.of_versions(session, moment, "figure_version", citations.KEYS, keys=[row["key"] for row in rows])
    known = _by_id(session, moment, {id for row in rows if row["derivation"] for id in row["derivation"]["of"]})
    checked = figure_checks.of_figures(session, moment, rows)
    return [shown(row, moment, cited.get(row["key"], []), known, checked.get(row["figure"])) for row in rows]


def shown(row: Row, moment: Snapshot, cited: Sequence[Row], known: Mapping[str, Row], checked: Json | None) -> Json:
    """A figure as the contract shows it; ``known`` has the figures that it follows from, by id."""
    return {
        "id": row["figure"],
        **{
            key: row[key]
            for key in (
                "jurisdiction",
                "measure",
                "metric",
                "unit",
                "cohort",
                "geography",
                "agency_class",
                "model",
                "derivation",
                "comparator",
            )
        },
        **{key: number(row[key]) for key in ("value", "low", "high")},
        "date": dates.column(row, "date"),
        "reported": str(report(row, moment).on_file),
        "note": row["note"],
        "citations": [citations.shown(one) for one in cited],
        "corroboration": corroboration(map(citations.evidence, cited)),
        "roster_check": checked,
        "derived_check": derived_check(row, known),
        "version": row["version"],
        "links": {"self": f"/v1/figures/{row['figure']}", "jurisdiction": f"/v1/jurisdictions/{row['jurisdiction']}"},
    }


def quantity(row: Row) -> Quantity:
    """What a figure allows, as the rules see it."""
    return Quantity(row["unit"], row["value"], row["low"], row["high"])


def derived_check(row: Row, known: Mapping[str, Row]) -> Json | None:
    """A figure worked out again from those it follows from; null where there are none, one is not on file, or they come to nothing."""
    if not row["derivation"] or not all(id in known for id in row["derivation"]["of"]):
        return None
    found = derived(row["derivation"]["operation"], [quantity(known[id]) for id in row["derivation"]["of"]])
    if found is None:
        return None
    return {
        **row["derivation"],
        **{key: number(getattr(found, key)) for key in ("value", "low", "high")},
        "verdict": str(follows(quantity(row), found)),
    }


def number(value: float | None) -> float | int | None:
    """A whole number without a fraction, as it was printed."""
    return int(value) if value is not None and value.is_integer() else value


def report(row: Row, moment: Snapshot) -> Report:
    """A figure as the posture rules see it on the day asked about."""
    return Report(row["figure"], row["metric"], reached(row["reported_earliest"], row["reported_latest"], moment.as_of))
