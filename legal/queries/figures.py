"""Figures: one, a list, and those of a place."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from legal.errors import NotFound
from legal.queries import checks, citations, dates
from legal.queries.moments import Moment
from legal.queries.paging import Page, Paging, cut, page
from legal.records import Citation, FigureVersion
from legal.rules.dates import reached
from legal.rules.derivations import derived, follows
from legal.rules.evidence import corroboration
from legal.rules.figures import Quantity
from legal.rules.posture import Report
from legal.vocabulary import Metric

Row = Mapping[Any, Any]
Json = dict[str, Any]

SORTS = {
    "id": FigureVersion.figure,
    "jurisdiction": FigureVersion.jurisdiction,
    "metric": FigureVersion.metric,
    "unit": FigureVersion.unit,
    "value": FigureVersion.value,
    "date": FigureVersion.__table__.c.date_earliest,
}


NAMES = {"id": "figure", "date": "date_earliest"}
CHECKED = (Metric.PARTICIPATION, Metric.NEW_PARTICIPATION, Metric.MODEL_SHARE)
ASKED = (
    *("figure", "jurisdiction", "metric", "unit", "value", "low", "high", "comparator", "cohort", "geography", "agency_class", "model"),
    *(f"date_{part}" for part in ("edtf", "earliest", "latest", "basis")),
)
"""The columns that a roster check turns on."""


def open_at(moment: Moment) -> Select[Any]:
    """Every figure as it was on file."""
    return select(FigureVersion.__table__).where(moment.sees(FigureVersion))


def listed(session: Session, moment: Moment, filters: Mapping[str, Any], paging: Paging) -> tuple[list[Json], Page]:
    """Figures that match, and the page they are; seven statements, or ten where a roster check is filtered by."""
    statement = open_at(moment)
    for name, column in (("jurisdiction", FigureVersion.jurisdiction), ("metric", FigureVersion.metric), ("unit", FigureVersion.unit)):
        if filters.get(name):
            statement = statement.where(column.in_(filters[name]))
    if filters.get("document"):
        citing = select(Citation.figure_version).where(Citation.document == filters["document"])
        statement = statement.where(FigureVersion.key.in_(citing))
    if filters.get("roster_check"):
        found = _checked(session, moment, statement, filters["roster_check"], paging)
    else:
        found = page(session, statement, SORTS, FigureVersion.figure, paging)
    return assembled(session, moment, found.rows), found


def one(session: Session, moment: Moment, id: str) -> Json:
    """A figure; six statements.

    Raises:
        NotFound: there is none of that id at that revision.
    """
    row = session.execute(open_at(moment).where(FigureVersion.figure == id)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"There is no figure {id}.")
    return assembled(session, moment, [row])[0]


def _checked(session: Session, moment: Moment, statement: Select[Any], wanted: Sequence[str], paging: Paging) -> Page:
    """The page of those with one of these verdicts; cut here, because a verdict depends on the lists on file. Five statements."""
    table = FigureVersion.__table__.c
    counts = statement.where(table.metric.in_(CHECKED))
    rows = session.execute(counts.with_only_columns(*(table[name] for name in ASKED))).mappings().all()
    verdicts = checks.of_figures(session, moment, rows)
    matching = [row for row in rows if row["figure"] in verdicts and verdicts[row["figure"]]["verdict"] in wanted]
    found = cut(matching, lambda row, name: row[NAMES.get(name, name)], lambda row: str(row["figure"]), paging)
    whole = open_at(moment).where(FigureVersion.figure.in_([row["figure"] for row in found.rows]))
    by_id = {row["figure"]: row for row in session.execute(whole).mappings()}
    return replace(found, rows=[by_id[row["figure"]] for row in found.rows])


def assembled(session: Session, moment: Moment, rows: Sequence[Row]) -> list[Json]:
    """Rows with their citations, what they follow from and what lists say, as the contract shows them; five statements."""
    cited = citations.of_versions(session, moment, Citation.figure_version, [row["key"] for row in rows])
    wanted = {id for row in rows if row["derivation"] for id in row["derivation"]["of"]}
    known = {row["figure"]: row for row in session.execute(open_at(moment).where(FigureVersion.figure.in_(wanted))).mappings()}
    checked = checks.of_figures(session, moment, rows)
    return [shown(row, moment, cited.get(row["key"], []), known, checked.get(row["figure"])) for row in rows]


def shown(row: Row, moment: Moment, cited: Sequence[Row], known: Mapping[str, Row], checked: Json | None) -> Json:
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


def report(row: Row, moment: Moment) -> Report:
    """A figure as the posture rules see it on the day asked about."""
    return Report(row["figure"], row["metric"], reached(row["reported_earliest"], row["reported_latest"], moment.as_of))
