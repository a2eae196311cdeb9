"""The log of changes: all of it, and that of one thing as its versions."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from legal.errors import NotFound
from legal.queries.moments import Moment, rfc3339
from legal.queries.paging import Page, Paging, page
from legal.records import Change, Revision
from legal.vocabulary import Action, Noun

Row = Mapping[Any, Any]
Json = dict[str, Any]

SORTS = {"revision": Change.revision}
FACETS = {"noun": Change.noun, "action": Change.action, "cause": Revision.cause, "jurisdiction": Change.jurisdiction}
COLUMNS = SORTS | FACETS


def until(moment: Moment) -> Select[Any]:
    """Every change up to the revision, with when, why and by whom."""
    told = (Revision.recorded_at, Revision.cause, Revision.reason, Revision.actor)
    return select(Change.__table__, *told).join(Revision, Revision.number == Change.revision).where(Change.revision <= moment.revision)


def listed(session: Session, moment: Moment, filters: Mapping[str, Any], paging: Paging) -> tuple[list[Json], Page]:
    """Changes that match, and the page they are; two statements."""
    statement = until(moment).where(Change.revision > filters.get("after", 0))
    for name, column in (
        ("jurisdiction", Change.jurisdiction),
        ("noun", Change.noun),
        ("action", Change.action),
        ("cause", Revision.cause),
    ):
        if filters.get(name):
            statement = statement.where(column.in_(filters[name]))
    found = page(session, statement, COLUMNS, Change.key, paging)
    return [shown(row) for row in found.rows], found


def versions(session: Session, moment: Moment, measure: str, paging: Paging) -> tuple[list[Json], Page]:
    """Every version of a measure up to the revision, a retraction among them; two statements.

    Raises:
        NotFound: there had never been such a measure at that revision.
    """
    found = page(session, until(moment).where(Change.noun == Noun.MEASURE, Change.id == measure), COLUMNS, Change.key, paging)
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
