"""The log of changes: all of it, and that of one thing as its versions."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Integer, Select, bindparam, select
from sqlalchemy.orm import Session

from legal.db.statements import REVISION, among, bound, built_once, given
from legal.errors import NotFound
from legal.json_types import Json, Row
from legal.models import Change, Revision
from legal.queries.core.pagination import Page, Paging, page
from legal.queries.core.snapshot import Snapshot, rfc3339
from legal.vocabulary import Action, Noun

CHANGE, RECORDED = Change.__table__.c, Revision.__table__.c
SORTS = {"revision": CHANGE.revision}
FACETS = {"noun": CHANGE.noun, "action": CHANGE.action, "cause": RECORDED.cause, "jurisdiction": CHANGE.jurisdiction}
COLUMNS = SORTS | FACETS
FILTERS = among(**FACETS)

LOG = (
    select(Change.__table__, RECORDED.recorded_at, RECORDED.cause, RECORDED.reason, RECORDED.actor)
    .join(Revision.__table__, RECORDED.number == CHANGE.revision)
    .where(CHANGE.revision <= REVISION)
)
"""Every change up to the revision, with when, why and by whom."""

AFTER = LOG.where(CHANGE.revision > bindparam("after", type_=Integer))
OF_PLACE = AFTER.where(CHANGE.jurisdiction == bindparam("jurisdiction")).order_by(CHANGE.revision, CHANGE.key)
OF_MEASURE = LOG.where(CHANGE.noun == Noun.MEASURE, CHANGE.id == bindparam("measure"))


def listed(session: Session, moment: Snapshot, filters: Mapping[str, Any], paging: Paging) -> tuple[list[Json], Page]:
    """Changes that match, and the page they are; two statements."""
    statement = _matching(given(filters, FILTERS))
    found = page(session, moment, statement, COLUMNS, CHANGE.key, paging, after=filters.get("after", 0), **bound(filters, FILTERS))
    return [shown(row) for row in found.rows], found


@built_once
def _matching(names: tuple[str, ...]) -> Select[Any]:
    return AFTER.where(*(FILTERS[name] for name in names))


def versions(session: Session, moment: Snapshot, measure: str, paging: Paging) -> tuple[list[Json], Page]:
    """Every version of a measure up to the revision, a retraction among them; two statements.

    Raises:
        NotFound: there had never been such a measure at that revision.
    """
    found = page(session, moment, OF_MEASURE, COLUMNS, CHANGE.key, paging, measure=measure)
    if not found.count:
        raise NotFound(f"There is no measure {measure}.")
    return [{**shown(row), "links": {"self": _version(row)}} for row in found.rows], found


def _version(row: Row) -> str:
    # At the revision that retracted it there is no measure any more; what there is, is its history.
    history = "/versions" if row["action"] == Action.RETRACT else ""
    return f"/v1/measures/{row['id']}{history}?revision={row['revision']}"


def shown(row: Row) -> Json:
    """A change as the contract shows it."""
    return {
        "revision": row["revision"],
        "recorded_at": rfc3339(row["recorded_at"]),
        **{key: row[key] for key in ("cause", "reason", "actor", "noun", "id", "jurisdiction", "action", "fields")},
    }
