"""Agencies: those that any list had by a day, and one with all its agreements over time."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import groupby, zip_longest
from typing import Any

from sqlalchemy import Select, Subquery, case, func, select
from sqlalchemy.orm import Session

from legal.db.statements import bound, built_once, worded, words
from legal.errors import NotFound
from legal.json_types import Json, Row
from legal.models import Agreement
from legal.queries.core import dates
from legal.queries.core.pagination import Page, Paging, page
from legal.queries.core.snapshot import Snapshot
from legal.queries.rosters import agreements
from legal.queries.rosters.agreements import AGREEMENT, ROW, Lists, Shape
from legal.queries.rosters.in_force import Held
from legal.suggestions import suggest
from legal.vocabulary import RosterKind

SORTS = ("id", "name", "jurisdiction")
FACETS = ("jurisdiction", "agency_type")
SHOWN = ("id", "name", "jurisdiction", "agency_type", "county", "county_fips", "agreements")
READ = ("roster", "number", "kind", "position", "agreement", "counted", "agency", "signed", "moa_url")


def listed(session: Session, moment: Snapshot, filters: Mapping[str, Any], paging: Paging) -> tuple[list[Json], Page]:
    """Agencies that match, and the page they are; four statements."""
    known, called, narrowed = agreements.lists(session, moment), worded(filters.get("q", "")), agreements.in_places(filters)
    statement, columns = _matching(known.shape(narrowed=narrowed), len(called))
    found = page(
        session, known.moment, statement, columns, columns["id"], paging, **known.parameters(), **bound(filters, narrowed), **called
    )
    return [shown(row) for row in found.rows], found


@built_once
def _matching(shape: Shape, called: int) -> tuple[Select[Any], Mapping[str, Any]]:
    """The newest row of each agency, and what it can be sorted and counted by."""
    seen = _seen(shape)
    statement = select(seen).where(seen.c.newest == 1, *words(called, seen.c.name, seen.c.id))
    return statement, {name: seen.c[name] for name in (*SORTS, *FACETS)}


def _seen(shape: Shape) -> Subquery:
    """The newest row of each agreement; ``newest`` is 1 in that of each agency, and ``agreements`` how many are active."""
    each = agreements.placed(shape)
    order = (ROW.position.desc(), ROW.number)
    newest = func.row_number().over(partition_by=AGREEMENT.agency, order_by=order).label("newest")
    active = func.sum(case((agreements.is_active(shape, each), 1), else_=0)).over(partition_by=AGREEMENT.agency).label("agreements")
    told = (ROW.jurisdiction, ROW.agency_type, ROW.county, ROW.county_fips)
    rows = select(AGREEMENT.agency.label("id"), ROW.agency.label("name"), *told, active, newest)
    rows = rows.join(each, agreements.row_of(each, agreements.is_later(each)))
    return rows.join(Agreement.__table__, AGREEMENT.id == each.c.id).subquery()


def one(session: Session, moment: Snapshot, id: str) -> Json:
    """An agency with its names, its agreements, and when lists had each of them; six statements.

    Raises:
        NotFound: no list of that revision had it by the day; carries the ids that were probably meant, best first.
    """
    known = agreements.lists(session, moment)
    shape = known.shape(narrowed=("agency",))
    row = known.moment.execute(session, _matching(shape, 0)[0], **known.parameters(), agency=id).mappings().one_or_none()
    if row is None:
        raise _missing(session, known, id)
    decisive = known.moment.execute(session, _decisive(shape), **known.parameters(), agency=id).mappings().all()
    rows = _history(session, known, id)
    over_time: dict[str, list[Row]] = defaultdict(list)
    for listing in rows:
        over_time[listing["agreement"]].append(listing)
    found = agreements.assembled(session, known, decisive)
    return {
        **shown(row),
        "names": list(dict.fromkeys(listing["agency"] for listing in rows)),
        "agreements": [{**agreement, "listings": _listings(known, over_time[agreement["id"]])} for agreement in found],
    }


def _missing(session: Session, known: Lists, id: str) -> NotFound:
    every = {row["id"] for row in known.moment.execute(session, _matching(known.shape(), 0)[0], **known.parameters()).mappings()}
    return NotFound(f"There is no agency {id}.", suggest(id, sorted(every)))


@built_once
def _decisive(shape: Shape) -> Select[Any]:
    return agreements.matching(shape)[0].order_by(ROW.agreement)


HISTORY = (
    select(*(ROW[name] for name in READ))
    .join(Agreement.__table__, AGREEMENT.id == ROW.agreement)
    .where(agreements.NARROWED["agency"])
    .order_by(ROW.position, ROW.number)
)


def _history(session: Session, known: Lists, id: str) -> list[Row]:
    """Every row that names the agency in the lists that had been published by the day, in their order."""
    published = known.by_position()
    return [row for row in known.moment.execute(session, HISTORY, agency=id).mappings() if row["position"] in published]


def _listings(known: Lists, rows: Sequence[Row]) -> list[Json]:
    """The runs of lists that have an agreement, the lists of either kind by themselves, oldest first."""
    counted = {row["position"]: row for row in rows if row["counted"]}
    found = [run for kind in RosterKind for run in _runs(known.shelf.of(kind), counted)]
    return sorted(found, key=lambda run: str(run["from"]["edtf"]))


def _runs(lists: Sequence[Held], rows: Mapping[str, Row]) -> list[Json]:
    """Lists in a row that have the agreement with one day of signature; one that lacks it, or has another day, ends the run."""
    stretches = [list(some) for _, some in groupby(lists, lambda held: _says(rows.get(held.position)))]
    ends = (stretch[0] for stretch in stretches[1:])
    return [_run(stretch, rows, end) for stretch, end in zip_longest(stretches, ends) if stretch[0].position in rows]


def _says(row: Row | None) -> tuple[bool, Any]:
    return (True, row["signed"]) if row else (False, None)


def _run(stretch: Sequence[Held], rows: Mapping[str, Row], end: Held | None) -> Json:
    first, last = rows[stretch[0].position], rows[stretch[-1].position]
    return {
        "kind": first["kind"],
        "from": dates.shown(stretch[0].published),
        "to": dates.shown(stretch[-1].published),
        "until": dates.shown(end.published) if end else None,
        "signed": agreements.signature(last["signed"]),
        "moa_url": last["moa_url"],
        "lists": len(stretch),
        **{name: {"roster": row["roster"], "row": row["number"]} for name, row in (("first", first), ("last", last))},
    }


def shown(row: Row) -> Json:
    """An agency as the contract shows it."""
    return {**{key: row[key] for key in SHOWN}, "links": _links(row["id"], row["jurisdiction"])}


def _links(id: str, jurisdiction: str) -> Json:
    return {"self": f"/v1/agencies/{id}", "jurisdiction": f"/v1/jurisdictions/{jurisdiction}"}
