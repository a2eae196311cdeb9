"""List the log of changes, and the versions of one measure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, bindparam, func, select
from sqlalchemy.orm import Session

from legal.db.statements import REVISION, active_filters, bind_list, cached_statement, filter_values, in_filters
from legal.errors import NotFound
from legal.json_types import Json, Row
from legal.models import Change, ChangeCount, ChangeSeries, Revision
from legal.queries.core.pagination import Page, Paging, load_facet, load_page_rows
from legal.queries.core.snapshot import Snapshot, format_rfc3339
from legal.vocabulary import Action, Cause, EntityType

_CHANGE, _REVISION_ROW = Change.__table__.c, Revision.__table__.c
_SERIES, _COUNT = ChangeSeries.__table__.c, ChangeCount.__table__.c

CHANGE_SORTS = {"revision": _CHANGE.revision}
CHANGE_FACETS = ("noun", "action", "cause", "jurisdiction")
_VERSION_COLUMNS = {"action": _CHANGE.action, "cause": _REVISION_ROW.cause}
_FILTERS = in_filters(**{name: _SERIES[name] for name in CHANGE_FACETS})

_CHANGES = (
    select(Change.__table__, _REVISION_ROW.recorded_at, _REVISION_ROW.cause, _REVISION_ROW.reason, _REVISION_ROW.actor)
    .join(Revision.__table__, _REVISION_ROW.number == _CHANGE.revision)
    .where(_CHANGE.revision <= REVISION)
)
"""All changes up to the revision of the snapshot, with the time, cause, reason and actor of their revision."""

JURISDICTION_CHANGES_AFTER = _CHANGES.where(
    _CHANGE.revision > bindparam("after", type_=Integer), _CHANGE.jurisdiction == bindparam("jurisdiction")
).order_by(_CHANGE.revision, _CHANGE.key)
"""The changes of a jurisdiction's entities in revisions later than the one bound to ``after``, oldest first."""

_CHANGES_IN_WINDOW = _CHANGES.where(_CHANGE.revision.between(bindparam("first", type_=Integer), bindparam("last", type_=Integer)))
_CHANGES_OF_SERIES = _CHANGES_IN_WINDOW.where(_CHANGE.series.in_(bind_list("series", _CHANGE.series)))
_LAST_REVISION_BEFORE = (
    select(_REVISION_ROW.number)
    .where(_REVISION_ROW.recorded_at < bindparam("since", type_=_REVISION_ROW.recorded_at.type))
    .order_by(_REVISION_ROW.recorded_at.desc(), _REVISION_ROW.number.desc())
    .limit(1)
)

_MEASURE_CHANGES = _CHANGES.where(_CHANGE.noun == EntityType.MEASURE, _CHANGE.id == bindparam("measure"))
_CORRECTIONS_OF_ENTITY = _CHANGES.where(
    _CHANGE.noun == bindparam("noun"), _CHANGE.id == bindparam("id"), _REVISION_ROW.cause == Cause.CORRECTION
).order_by(_CHANGE.revision.desc(), _CHANGE.key)
_LAST_NUMBER = _MEASURE_CHANGES.with_only_columns(_CHANGE.number).order_by(_CHANGE.revision.desc()).limit(1)


def list_changes(session: Session, snapshot: Snapshot, filters: Mapping[str, Any], paging: Paging) -> tuple[list[Json], Page]:
    """List one page of the changes that match; two SQL statements, three with ``since``, a day, which begins in UTC.

    The log is counted in series as it is written. The counts also tell in which revisions the page can be found, so that
    neither a long log nor a rare filter makes a page slow.
    """
    after = max(filters.get("after", 0), _find_last_revision_before(session, snapshot, filters.get("since")))
    names, position = active_filters(filters, _FILTERS), paging.start_after
    start = position.value if position else snapshot.revision + 1 if paging.descending else after
    values = {"after": after, "start": start - 1 if paging.descending else start, "needed": paging.limit + 1}
    series_rows = snapshot.execute(session, _series_statement(names, paging.descending), **values, **filter_values(filters, _FILTERS)).all()
    matching = [row for row in series_rows if row.number]
    window = _page_window(matching, snapshot, paging, after)
    statement, keys = (_CHANGES_OF_SERIES, {"series": [row.key for row in matching]}) if names else (_CHANGES_IN_WINDOW, {})
    rows, next_position = load_page_rows(session, snapshot, statement, _CHANGE.revision, _CHANGE.key, paging, **window, **keys)
    facets = {name: _sum_by(matching, name) for name in paging.facets}
    page = Page(rows, sum(row.number for row in matching), next_position, facets)
    return [change_json(row) for row in page.rows], page


def list_corrections(session: Session, snapshot: Snapshot, noun: EntityType, id: str) -> list[Json]:
    """List the corrections of one entity, newest first; one SQL statement."""
    return [change_json(row) for row in snapshot.execute(session, _CORRECTIONS_OF_ENTITY, noun=str(noun), id=id).mappings()]


def _find_last_revision_before(session: Session, snapshot: Snapshot, day: date | None) -> int:
    if day is None:
        return 0
    row = snapshot.execute(session, _LAST_REVISION_BEFORE, since=datetime.combine(day, time(), UTC)).one_or_none()
    return row.number if row else 0


@cached_statement
def _series_statement(names: tuple[str, ...], descending: bool) -> Select[Any]:
    """Return the statement for the series that match, each with its changes after a revision, and a bound of the page.

    Between ``start`` and the bound, the series has at least the ``needed`` changes. The bound is null if it has fewer.
    """
    start_total, needed = _total_through(bindparam("start", type_=Integer)), bindparam("needed", type_=Integer)
    target = start_total - needed + 1 if descending else start_total + needed
    bounds = select(_COUNT.revision).where(_COUNT.series == _SERIES.key, _COUNT.total >= target, target >= 1)
    bound = bounds.order_by(_COUNT.total).limit(1).correlate(ChangeSeries.__table__).scalar_subquery()
    number = _total_through(REVISION) - _total_through(bindparam("after", type_=Integer))
    columns = (_SERIES.key, *(_SERIES[name] for name in CHANGE_FACETS), number.label("number"), bound.label("bound"))
    return select(*columns).where(*(_FILTERS[name] for name in names))


def _total_through(revision: Any) -> ColumnElement[int]:
    totals = select(_COUNT.total).where(_COUNT.series == _SERIES.key, _COUNT.revision <= revision)
    return func.coalesce(totals.order_by(_COUNT.revision.desc()).limit(1).correlate(ChangeSeries.__table__).scalar_subquery(), 0)


def _page_window(series_rows: Sequence[Any], snapshot: Snapshot, paging: Paging, after: int) -> dict[str, int]:
    """Return the first and the last revision between which the page is found."""
    bounds = [row.bound for row in series_rows if row.bound is not None]
    if paging.descending:
        return {"first": max([after + 1, *bounds]), "last": snapshot.revision}
    return {"first": after + 1, "last": min([snapshot.revision, *bounds])}


def _sum_by(series_rows: Iterable[Any], name: str) -> dict[str, int]:
    sums: Counter[str] = Counter()
    for row in series_rows:
        value = getattr(row, name)
        sums.update({value: row.number} if value is not None else {})
    return dict(sorted(sums.items()))


def list_measure_versions(session: Session, snapshot: Snapshot, measure: str, paging: Paging) -> tuple[list[Json], Page]:
    """List the versions and the retractions of a measure up to the revision; two SQL statements, and one for each facet.

    Raises:
        NotFound: no measure had this id at that revision or before.
    """
    count = snapshot.execute(session, _LAST_NUMBER, measure=measure).scalar_one_or_none()
    if count is None:
        raise NotFound(f"There is no measure {measure}.")
    facets = {name: load_facet(session, snapshot, _MEASURE_CHANGES, _VERSION_COLUMNS[name], measure=measure) for name in paging.facets}
    rows, next_position = load_page_rows(session, snapshot, _MEASURE_CHANGES, _CHANGE.revision, _CHANGE.key, paging, measure=measure)
    page = Page(rows, count, next_position, facets)
    return [{**change_json(row), "links": {"self": _version_link(row)}} for row in page.rows], page


def _version_link(row: Row) -> str:
    # A retracted measure has no page at the revision that retracted it, so link to its versions.
    path = "/versions" if row["action"] == Action.RETRACT else ""
    return f"/v1/measures/{row['id']}{path}?revision={row['revision']}"


def change_json(row: Row) -> Json:
    """Return a change as the API shows it."""
    return {
        "revision": row["revision"],
        "recorded_at": format_rfc3339(row["recorded_at"]),
        **{key: row[key] for key in ("cause", "reason", "actor", "noun", "id", "jurisdiction", "action", "fields")},
    }
