"""List figures, get a single figure, and build the API's figure objects."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, Select, String, bindparam, select
from sqlalchemy.orm import Session

from legal.db.statements import (
    active_filters,
    bind_list,
    cached_statement,
    filter_values,
    in_filters,
    is_version_of,
    is_version_of_any,
    visible_at_revision,
)
from legal.errors import NotFound
from legal.json_types import Json, Row
from legal.models import Figure, FigureVersion, Measure
from legal.queries.core import dates
from legal.queries.core.pagination import Page, Paging, load_page, slice_page
from legal.queries.core.snapshot import Snapshot
from legal.queries.record import citations
from legal.queries.record.citations import ClaimSources
from legal.queries.rosters import figure_checks
from legal.rules.dates import happened_by
from legal.rules.derivations import derivation_verdict, derive_figure
from legal.rules.figures import QuantityRange
from legal.rules.posture import Report
from legal.vocabulary import Metric

FIGURE, _IDENTITY, _MEASURE_IDENTITY = FigureVersion.__table__.c, Figure.__table__.c, Measure.__table__.c

SORTS = {
    "id": FIGURE.figure,
    "jurisdiction": FIGURE.jurisdiction,
    "metric": FIGURE.metric,
    "unit": FIGURE.unit,
    "value": FIGURE.value,
    "date": FIGURE.date_earliest,
}
_COLUMN_NAMES = {"id": "figure", "date": "date_earliest"}
_CHECKABLE_METRICS = (Metric.PARTICIPATION, Metric.NEW_PARTICIPATION, Metric.MODEL_SHARE)
_CHECK_COLUMNS = (
    *("figure", "jurisdiction", "metric", "quantity", "unit", "value", "low", "high", "comparator", "rounded"),
    *("cohort", "geography", "agency_class", "model"),
    *(f"{prefix}_{part}" for prefix in ("date", "period_from", "period_to") for part in ("edtf", "earliest", "latest", "basis")),
)
"""The columns that a roster check needs."""


def _current_versions(*narrowing: ColumnElement[bool]) -> Select[Any]:
    """Return the statement for figures as they were at the revision; ``narrowing`` says of which, by their permanent rows."""
    return select(FigureVersion.__table__).where(visible_at_revision(FIGURE, *narrowing))


CURRENT_VERSIONS = _current_versions()
"""Every figure, as it was at the revision."""

_FIGURES, _MEASURES = bind_list("figures", FIGURE.figure), bind_list("measures", FIGURE.measure)
_JURISDICTIONS = bind_list("jurisdictions", FIGURE.jurisdiction)
# A figure is about a measure of its own jurisdiction.
_JURISDICTIONS_OF_MEASURES = select(_MEASURE_IDENTITY.jurisdiction).where(_MEASURE_IDENTITY.id.in_(_MEASURES))
_BY_ID = select(FigureVersion.__table__).where(is_version_of(FIGURE, bindparam("figure", type_=String)))
_BY_IDS = select(FigureVersion.__table__).where(is_version_of_any(FIGURE, _FIGURES))
_NAMING_COLUMNS = ("figure", "title", "printed", "comparator", "value", "unit", "metric", "agency_class")
_NAMES = _BY_IDS.with_only_columns(*(FIGURE[name] for name in _NAMING_COLUMNS))
_BY_MEASURE = (
    _current_versions(_IDENTITY.jurisdiction.in_(_JURISDICTIONS_OF_MEASURES)).where(FIGURE.measure.in_(_MEASURES)).order_by(FIGURE.figure)
)
BY_JURISDICTION = (
    _current_versions(_IDENTITY.jurisdiction.in_(_JURISDICTIONS)).where(FIGURE.jurisdiction.in_(_JURISDICTIONS)).order_by(FIGURE.figure)
)

_FILTERS = {
    **in_filters(jurisdiction=FIGURE.jurisdiction, metric=FIGURE.metric, unit=FIGURE.unit),
    "value": FIGURE.value == bindparam("value", type_=FIGURE.value.type),
    "document": FIGURE.key.in_(citations.citing_versions("figure_version", FigureVersion.__table__)),
}
_IDENTITY_FILTERS = in_filters(jurisdiction=_IDENTITY.jurisdiction)
"""The filters on what never changes about a figure."""


@cached_statement
def matching_figures(names: tuple[str, ...]) -> Select[Any]:
    """Return the statement for the figures that match the named filters."""
    narrowing = [_IDENTITY_FILTERS[name] for name in names if name in _IDENTITY_FILTERS]
    return _current_versions(*narrowing).where(*(_FILTERS[name] for name in names))


def list_figures(session: Session, snapshot: Snapshot, filters: Mapping[str, Any], paging: Paging) -> tuple[list[Json], Page]:
    """List one page of the figures that match; seven SQL statements, or ten with the filter ``roster_check``."""
    if filters.get("roster_check"):
        page = _load_page_by_verdict(session, snapshot, filters, paging)
    else:
        page = load_page(
            session,
            snapshot,
            matching_figures(active_filters(filters, _FILTERS)),
            SORTS,
            FIGURE.figure,
            paging,
            **filter_values(filters, _FILTERS),
        )
    return with_related(session, snapshot, page.rows), page


def get_figure(session: Session, snapshot: Snapshot, id: str) -> Json:
    """Return a figure; six SQL statements.

    Raises:
        NotFound: the revision has no figure with this id.
    """
    row = snapshot.execute(session, _BY_ID, figure=id).mappings().one_or_none()
    if row is None:
        raise NotFound(f"There is no figure {id}.")
    return with_related(session, snapshot, [row])[0]


def _load_page_by_verdict(session: Session, snapshot: Snapshot, filters: Mapping[str, Any], paging: Paging) -> Page:
    """Load one page of the figures whose roster check has a verdict that the filter names; five SQL statements.

    A verdict depends on all rosters, so Python and not the database selects the rows of the page.
    """
    statement = _checkable_figures(active_filters(filters, _FILTERS))
    rows = snapshot.execute(session, statement, **filter_values(filters, _FILTERS)).mappings().all()
    checks = figure_checks.load_figure_checks(session, snapshot, rows)
    matching = [row for row in rows if row["figure"] in checks and checks[row["figure"]]["verdict"] in filters["roster_check"]]
    page = slice_page(matching, lambda row, name: row[_COLUMN_NAMES.get(name, name)], lambda row: str(row["figure"]), paging)
    rows_by_id = _load_rows(session, snapshot, [row["figure"] for row in page.rows])
    return replace(page, rows=[rows_by_id[row["figure"]] for row in page.rows])


@cached_statement
def _checkable_figures(names: tuple[str, ...]) -> Select[Any]:
    return (
        matching_figures(names).where(FIGURE.metric.in_(_CHECKABLE_METRICS)).with_only_columns(*(FIGURE[name] for name in _CHECK_COLUMNS))
    )


def _load_rows(session: Session, snapshot: Snapshot, ids: Iterable[str]) -> dict[str, Row]:
    """Load the rows of figures by id; one SQL statement, once for a revision. A figure that is not on file is left out."""
    rows = _load_row_groups(session, snapshot, "figures", _BY_IDS, "figure", ids)
    return {id: group[0] for id, group in rows.items() if group}


def load_rows_about_measures(session: Session, snapshot: Snapshot, measures: Iterable[str]) -> list[Row]:
    """Load the rows of the figures about measures, sorted by id; one SQL statement, once for a revision."""
    rows = _load_row_groups(session, snapshot, "measures", _BY_MEASURE, "measure", measures)
    return sorted(chain.from_iterable(rows.values()), key=lambda row: str(row["figure"]))


def _load_row_groups(
    session: Session, snapshot: Snapshot, parameter: str, statement: Select[Any], column: str, values: Iterable[str]
) -> dict[str, list[Row]]:
    """Load the rows that have one of several values in a column, by value. The statement takes the values as ``parameter``."""

    def load(missing_values: list[str]) -> dict[str, list[Row]]:
        groups: dict[str, list[Row]] = {value: [] for value in missing_values}
        for row in snapshot.execute(session, statement, **{parameter: missing_values}).mappings():
            groups[row[column]].append(dict(row))
        return groups

    return snapshot.load_shared_items(session, f"figures by {column}", values, load)


def load_naming_fields(session: Session, snapshot: Snapshot, ids: Collection[str]) -> dict[str, Json]:
    """Load the fields that name figures, their title and quantity, of those that the revision has, by id; one SQL statement."""
    rows = snapshot.execute(session, _NAMES, figures=list(ids)).mappings()
    return {row["figure"]: {**row, "value": number_json(row["value"])} for row in rows}


def with_related(session: Session, snapshot: Snapshot, rows: Sequence[Row]) -> list[Json]:
    """Return the figures in rows as the API shows them, with citations, roster checks and derivation checks; five SQL statements."""
    selection = citations.CitingVersions(figures=[row["key"] for row in rows])
    return with_checks(session, snapshot, rows, citations.load_sources(session, snapshot, selection).figures)


def with_checks(session: Session, snapshot: Snapshot, rows: Sequence[Row], sources: Mapping[int, ClaimSources]) -> list[Json]:
    """Return the figures in rows as the API shows them, given their sources by version key; four SQL statements, none without rows."""
    if not rows:
        return []
    operand_ids = {id for row in rows if row["derivation"] for id in row["derivation"]["of"]}
    operand_rows = _load_rows(session, snapshot, operand_ids)
    roster_checks = figure_checks.load_figure_checks(session, snapshot, rows)
    lasting_json = load_lasting_json(session, snapshot, rows, sources)
    return [figure_json(row, snapshot, lasting_json[row["key"]], operand_rows, roster_checks.get(row["figure"])) for row in rows]


def load_lasting_json(session: Session, snapshot: Snapshot, rows: Iterable[Row], sources: Mapping[int, ClaimSources]) -> dict[int, Json]:
    """Return what ``figure_json`` needs of the figures in rows, by version key, without any SQL statement. Answers share it."""
    rows_by_key = {row["key"]: row for row in rows}

    def build(keys: list[int]) -> dict[int, Json]:
        return {key: _lasting_json(rows_by_key[key], sources[key]) for key in keys}

    return snapshot.load_shared_items(session, "figure JSON", rows_by_key, build)


def figure_json(row: Row, snapshot: Snapshot, lasting_json: Json, operand_rows: Mapping[str, Row], roster_check: Json | None) -> Json:
    """Return a figure as the API shows it; ``operand_rows`` has the rows of the figures that it is derived from, by id."""
    return {
        **lasting_json,
        "reported": str(figure_report(row, snapshot).on_file),
        "roster_check": roster_check,
        "derived_check": derived_check_json(row, operand_rows),
    }


def _lasting_json(row: Row, sources: ClaimSources) -> Json:
    """Return a figure as the API shows it, in the order of its fields, with null where ``figure_json`` puts a value."""
    return {
        "id": row["figure"],
        **{
            key: row[key]
            for key in (
                "jurisdiction",
                "measure",
                "title",
                "metric",
                "quantity",
                "unit",
                "cohort",
                "geography",
                "agency_class",
                "model",
                "derivation",
                "follows",
                "printed",
                "comparator",
                "rounded",
            )
        },
        **{key: number_json(row[key]) for key in ("value", "low", "high")},
        "date": dates.row_date_json(row, "date"),
        "period": period_json(row),
        "reported": None,
        "note": row["note"],
        "citations": sources.citations,
        "corroboration": sources.corroboration,
        **dict.fromkeys(("roster_check", "derived_check")),
        "version": row["version"],
        "links": {"self": f"/v1/figures/{row['figure']}", "jurisdiction": f"/v1/jurisdictions/{row['jurisdiction']}"},
    }


def period_json(row: Row) -> Json | None:
    """Return the span of time that a figure covers, as two DATE objects; null if the figure covers no span."""
    if row["period_from_edtf"] is None and row["period_to_edtf"] is None:
        return None
    return {"from": dates.row_date_json(row, "period_from"), "to": dates.row_date_json(row, "period_to")}


def figure_quantity(row: Row) -> QuantityRange | None:
    """Return the values that a figure allows; null if its source prints words and no number."""
    return None if row["value"] is None else numeric_range(row)


def numeric_range(row: Row) -> QuantityRange:
    """Return the values that a figure with a number allows."""
    return QuantityRange(row["unit"], row["value"], row["low"], row["high"])


def derived_check_json(row: Row, operand_rows: Mapping[str, Row]) -> Json | None:
    """Recompute a derived figure from its operands, and return the result with a verdict on the published value.

    Null if the figure is not derived, an operand is missing at the revision or has no number, or the operands have no result.
    """
    quantity = figure_quantity(row)
    if quantity is None or not row["derivation"] or not all(id in operand_rows for id in row["derivation"]["of"]):
        return None
    operands = [operand for id in row["derivation"]["of"] if (operand := figure_quantity(operand_rows[id]))]
    if len(operands) < len(row["derivation"]["of"]):
        return None
    result = derive_figure(row["derivation"]["operation"], operands)
    if result is None:
        return None
    return {
        **row["derivation"],
        **{key: number_json(getattr(result, key)) for key in ("value", "low", "high")},
        "verdict": str(derivation_verdict(quantity, result)),
    }


def number_json(value: float | None) -> float | int | None:
    """Return a number as an integer if it is whole, because the source printed it that way."""
    return int(value) if value is not None and value.is_integer() else value


def figure_report(row: Row, snapshot: Snapshot) -> Report:
    """Return a figure on the requested day, as the input of the posture rules."""
    return Report(row["figure"], row["metric"], happened_by(row["reported_earliest"], row["reported_latest"], snapshot.as_of))
