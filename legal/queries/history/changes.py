"""List the log of changes, and the versions of one measure."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Integer, Select, bindparam, select
from sqlalchemy.orm import Session

from legal.db.statements import REVISION, active_filters, cached_statement, filter_values, in_filters
from legal.errors import NotFound
from legal.json_types import Json, Row
from legal.models import Change, Revision
from legal.queries.core.pagination import Page, Paging, load_page
from legal.queries.core.snapshot import Snapshot, format_rfc3339
from legal.vocabulary import Action, EntityType

_CHANGE, _REVISION_ROW = Change.__table__.c, Revision.__table__.c

CHANGE_SORTS = {"revision": _CHANGE.revision}
CHANGE_FACETS = {"noun": _CHANGE.noun, "action": _CHANGE.action, "cause": _REVISION_ROW.cause, "jurisdiction": _CHANGE.jurisdiction}
_COLUMNS = CHANGE_SORTS | CHANGE_FACETS
_FILTERS = in_filters(**CHANGE_FACETS)

_CHANGES = (
    select(Change.__table__, _REVISION_ROW.recorded_at, _REVISION_ROW.cause, _REVISION_ROW.reason, _REVISION_ROW.actor)
    .join(Revision.__table__, _REVISION_ROW.number == _CHANGE.revision)
    .where(_CHANGE.revision <= REVISION)
)
"""All changes up to the revision of the snapshot, with the time, cause, reason and actor of their revision."""

_CHANGES_AFTER = _CHANGES.where(_CHANGE.revision > bindparam("after", type_=Integer))
JURISDICTION_CHANGES_AFTER = _CHANGES_AFTER.where(_CHANGE.jurisdiction == bindparam("jurisdiction")).order_by(_CHANGE.revision, _CHANGE.key)
"""The changes of a jurisdiction's entities in revisions later than the one bound to ``after``, oldest first."""

_MEASURE_CHANGES = _CHANGES.where(_CHANGE.noun == EntityType.MEASURE, _CHANGE.id == bindparam("measure"))


def list_changes(session: Session, snapshot: Snapshot, filters: Mapping[str, Any], paging: Paging) -> tuple[list[Json], Page]:
    """List one page of the changes that match; two SQL statements."""
    statement = _matching_changes(active_filters(filters, _FILTERS))
    values = {"after": filters.get("after", 0), **filter_values(filters, _FILTERS)}
    page = load_page(session, snapshot, statement, _COLUMNS, _CHANGE.key, paging, **values)
    return [change_json(row) for row in page.rows], page


@cached_statement
def _matching_changes(names: tuple[str, ...]) -> Select[Any]:
    return _CHANGES_AFTER.where(*(_FILTERS[name] for name in names))


def list_measure_versions(session: Session, snapshot: Snapshot, measure: str, paging: Paging) -> tuple[list[Json], Page]:
    """List the versions and the retractions of a measure up to the revision; two SQL statements.

    Raises:
        NotFound: no measure had this id at that revision or before.
    """
    page = load_page(session, snapshot, _MEASURE_CHANGES, _COLUMNS, _CHANGE.key, paging, measure=measure)
    if not page.count:
        raise NotFound(f"There is no measure {measure}.")
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
