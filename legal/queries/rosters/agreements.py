"""Agreements: what the lists on file say of each on a day, those that match, and their numbers.

Nothing about an agreement over time is stored: it follows from the rows of the lists, so that the order in
which lists were imported cannot matter, and from the measures that name it; a revision pins it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from sqlalchemy import (
    CTE,
    BindParameter,
    ColumnElement,
    Select,
    String,
    Subquery,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    not_,
    null,
    or_,
    select,
)
from sqlalchemy.orm import Session

from legal.db.statements import REVISION, among, bound, built_once, given, some, worded, words
from legal.json_types import Json, Row
from legal.models import Agreement, Jurisdiction, RosterRow
from legal.queries.core import dates
from legal.queries.core.pagination import Page, Paging, cut, page
from legal.queries.core.snapshot import Snapshot
from legal.queries.rosters import in_force, terminations
from legal.queries.rosters.in_force import Held, Shelf
from legal.queries.rosters.terminations import Named
from legal.rules.dates import UNKNOWN, When
from legal.rules.rosters.admission import MOMENT
from legal.vocabulary import NATION, AgreementStatus, Basis, JurisdictionType, RosterKind

ANY, SOME = "any", "some"
ROW, AGREEMENT, PLACE = RosterRow.__table__.c, Agreement.__table__.c, Jurisdiction.__table__.c
SORTS = {"id": ROW.agreement, "jurisdiction": ROW.jurisdiction, "agency": ROW.agency, "model": ROW.model, "signed": ROW.signed}
FACETS = ("jurisdiction", "model", "status", "agency_type")
BY = {"jurisdiction": ROW.jurisdiction, "model": ROW.model, "agency_type": ROW.agency_type, "month": ROW.signed}
UNITS = ("agreements", "agencies")
TOTALS = (*UNITS, "states", "territories")
PRINTED = ("jurisdiction", "agency", "agency_type", "county", "county_fips", "model")
READ = ("key", "roster", "number", "kind", "position", "agreement", *PRINTED, "signed", "signed_printed", "moa_url", "addendum_url")

NARROWED = {**among(jurisdiction=AGREEMENT.jurisdiction), "agency": AGREEMENT.agency == bindparam("agency")}
"""What agreements are looked for, before anything is asked of their lists."""

FILTERS = {
    **among(model=ROW.model, agency_type=ROW.agency_type),
    "county_fips": ROW.county_fips == bindparam("county_fips"),
    "signed_after": ROW.signed >= bindparam("signed_after"),
    "signed_before": ROW.signed <= bindparam("signed_before"),
}

# The lists in force; a kind without one is bound to an empty text, which is no list.
LISTED, PENDED = bindparam("listed", type_=String), bindparam("pended", type_=String)


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists that had been published by the day, in their order: the last of each kind is the one in force.

    ``named`` is what measures say of agreements.
    """

    moment: Snapshot
    shelf: Shelf
    named: Named

    def in_force(self, kind: str) -> Held | None:
        """The list of a kind in force on the day."""
        return self.shelf.in_force(kind, self.moment.as_of)

    def told(self) -> Json:
        """The lists in force, by kind, each with its day; null where none of a kind had been published: silence is not zero."""
        held = {str(kind): self.in_force(kind) for kind in RosterKind}
        return {kind: one and {"roster": one.id, "date": dates.shown(one.published)} for kind, one in held.items()}

    def shape(self, **asked: Any) -> "Shape":
        """The shape of a question that is asked of them."""
        return Shape(tuple(kind for kind in RosterKind if self.in_force(kind)), self.named.days, **asked)

    def parameters(self) -> dict[str, Any]:
        """Return the values that statements over the rosters in force are bound to: those rosters, and the agreements that have ended."""
        listed, pended = (self.in_force(kind) for kind in (RosterKind.PARTICIPATING, RosterKind.PENDING))
        return {
            "listed": listed.position if listed else "",
            "pended": pended.position if pended else "",
            "list": listed.id if listed else "",
            **self.named.bound(),
        }

    def by_position(self) -> dict[str, Held]:
        """All of them, by their positions."""
        return {one.position: one for kind in RosterKind for one in self.shelf.of(kind)}

    def following(self) -> dict[str, Held]:
        """The list that followed on each, of the same kind, by position."""
        return {one.position: other for kind in RosterKind for one, other in pairwise(self.shelf.of(kind))}


def lists(session: Session, moment: Snapshot) -> Lists:
    """The lists that had been published by the day asked about; two statements."""
    return Lists(moment, in_force.shelf(session, moment).by(moment.as_of), terminations.named(session, moment))


@dataclass(frozen=True, slots=True)
class Shape:
    """What sort of question is asked.

    ``in_force`` are the kinds of which a list was in force, ``days`` those on which agreements may have ended, and
    ``statuses`` is ``active``, ``any``, or ``some``, which are bound.
    """

    in_force: tuple[str, ...]
    days: int
    narrowed: tuple[str, ...] = ()
    statuses: str = "any"
    filters: tuple[str, ...] = ()
    words: int = 0


def placed(shape: Shape) -> CTE:
    """For each agreement the position of the last list of each kind that has it, ``listed`` and ``pended``; a seek for either."""
    last = (_last(shape, kind, in_force) for kind, in_force in ((RosterKind.PARTICIPATING, LISTED), (RosterKind.PENDING, PENDED)))
    each = select(AGREEMENT.id, *last).where(AGREEMENT.revision_from <= REVISION, *(NARROWED[name] for name in shape.narrowed))
    # Worked out once: put where it is used, SQLite would seek again for every row that may be the last.
    return each.cte("placed").prefix_with("MATERIALIZED")


def _last(shape: Shape, kind: str, in_force: BindParameter[str]) -> ColumnElement[Any]:
    if kind not in shape.in_force:  # a seek for every agreement would find nothing
        return cast(null(), String).label(in_force.key)
    row = RosterRow.__table__.alias().c
    seen = select(row.position).where(row.agreement == AGREEMENT.id, row.kind == kind, row.position <= in_force)
    last = seen.where(row.revision_from <= REVISION).order_by(row.position.desc()).limit(1)
    return last.scalar_subquery().label(in_force.key)


def is_active(shape: Shape, each: CTE) -> ColumnElement[bool]:
    """That the list of participating agencies in force has it, and it has not ended since."""
    return and_(each.c.listed == LISTED, not_(terminations.ended(shape.days, each.c.id, each.c.listed)))


def row_of(each: CTE, listed: ColumnElement[bool]) -> ColumnElement[bool]:
    """That a row is the last of its agreement in the lists of participating agencies where ``listed``, else in the pending ones."""
    kind = case((listed, RosterKind.PARTICIPATING.value), else_=RosterKind.PENDING.value)
    position = case((listed, each.c.listed), else_=each.c.pended)
    return and_(ROW.agreement == each.c.id, ROW.kind == kind, ROW.position == position, ROW.counted)


def is_later(each: CTE) -> ColumnElement[bool]:
    """That the newest list with it is one of participating agencies, which comes before a pending one of the same moment."""
    return or_(each.c.pended.is_(None), _published(each.c.listed) >= _published(each.c.pended))


def _published(position: ColumnElement[Any]) -> ColumnElement[str]:
    return func.substr(position, 1, MOMENT)


@built_once
def matching(shape: Shape) -> tuple[Select[Any], ColumnElement[str]]:
    """The rows that decide on the agreements that match, with ``agency_id`` and ``status``, and the column of the latter."""
    each = _active(shape) if shape.statuses == AgreementStatus.ACTIVE else _any(shape)
    statement = select(*(ROW[name] for name in READ), AGREEMENT.agency.label("agency_id"), each.c.status)
    statement = statement.join(each, each.c.key == ROW.key).join(Agreement.__table__, AGREEMENT.id == ROW.agreement)
    statement = statement.where(*(NARROWED[name] for name in shape.narrowed), *(FILTERS[name] for name in shape.filters))
    if shape.statuses == SOME:
        statement = statement.where(each.c.status.in_(some("statuses", each.c.status)))
    return statement.where(*words(shape.words, ROW.agency, AGREEMENT.agency)), each.c.status


def _active(shape: Shape) -> Subquery:
    """The rows of the list in force alone, however many lists there are."""
    status = literal_column(f"'{AgreementStatus.ACTIVE}'", String).label("status")
    rows = select(ROW.key, status).where(ROW.roster == bindparam("list"), ROW.counted)
    return rows.where(not_(terminations.ended(shape.days, ROW.agreement, ROW.position))).subquery()


def _any(shape: Shape) -> Subquery:
    each = placed(shape)
    active, listed_later = is_active(shape, each), is_later(each)
    only_pended = or_(each.c.listed.is_(None), _published(each.c.pended) > _published(each.c.listed))
    pending = and_(each.c.pended == PENDED, only_pended)
    ended = terminations.ended(shape.days, each.c.id, each.c.listed)
    told = ((active, AgreementStatus.ACTIVE), (ended, AgreementStatus.ENDED), (pending, AgreementStatus.PENDING))
    status = case(*((when, word.value) for when, word in told), else_=AgreementStatus.UNLISTED.value)
    return select(ROW.key, status.label("status")).join(each, row_of(each, or_(active, listed_later))).subquery()


def in_places(filters: Mapping[str, Any]) -> tuple[str, ...]:
    """Whether agreements are narrowed to the places that are filtered by; the nation has all of them."""
    return () if NATION in filters.get("jurisdiction", ()) else given(filters, ("jurisdiction",))


def _asked(known: Lists, filters: Mapping[str, Any]) -> tuple[Shape, dict[str, Any]]:
    """The shape of a question, and the values that it is about."""
    called, narrowed, wanted = worded(filters.get("q", "")), in_places(filters), set(filters["status"])
    statuses = ANY if ANY in wanted else AgreementStatus.ACTIVE.value if wanted == {AgreementStatus.ACTIVE} else SOME
    values = {**bound(filters, (*narrowed, *FILTERS)), **({"statuses": sorted(wanted)} if statuses == SOME else {}), **called}
    return known.shape(narrowed=narrowed, statuses=statuses, filters=given(filters, FILTERS), words=len(called)), values


def listed(session: Session, moment: Snapshot, filters: Mapping[str, Any], paging: Paging) -> tuple[list[Json], Page, Json]:
    """Agreements that match, the page they are, and the lists in force that they rest on; five statements."""
    known = lists(session, moment)
    shape, values = _asked(known, filters)
    statement, status = matching(shape)
    columns = {**SORTS, "agency_type": ROW.agency_type, "status": status}
    found = page(session, known.moment, statement, columns, ROW.agreement, paging, **known.parameters(), **values)
    return assembled(session, known, found.rows), found, known.told()


def assembled(session: Session, known: Lists, rows: Sequence[Row]) -> list[Json]:
    """Rows with when they were first listed, as the contract shows them; one statement."""
    first = {row.key: row.position for row in known.moment.execute(session, FIRST, keys=[row["key"] for row in rows])}
    held, following = known.by_position(), known.following()
    naming = known.named.measures
    return [
        shown(row, held[first[row["key"]]], held[row["position"]], following.get(row["position"]), naming.get(row["agreement"], ()))
        for row in rows
    ]


def _first() -> Select[Any]:
    row = RosterRow.__table__.alias().c
    seen = select(row.position).where(row.agreement == ROW.agreement, row.kind == ROW.kind, row.revision_from <= REVISION)
    first = seen.order_by(row.position).limit(1).scalar_subquery()
    return select(ROW.key, first.label("position")).where(ROW.key.in_(some("keys", ROW.key)))


FIRST = _first()
"""The position of the first list of its kind that has the agreement of each row; a seek for each."""


def shown(row: Row, first: Held, last: Held, following: Held | None, naming: Sequence[str]) -> Json:
    """An agreement as the contract shows it; ``following`` is the list after the last one that has it, ``naming`` are measures."""
    return {
        "id": row["agreement"],
        "jurisdiction": row["jurisdiction"],
        "agency": row["agency"],
        "agency_id": row["agency_id"],
        **{key: row[key] for key in ("agency_type", "county", "county_fips", "model", "status")},
        "unlisted_since": dates.shown(following.published) if following else None,
        "signed": signature(row["signed"]),
        "signed_printed": row["signed_printed"],
        "first_listed": dates.shown(first.published),
        "last_listed": dates.shown(last.published),
        **{key: row[key] for key in ("moa_url", "addendum_url", "roster")},
        "row": row["number"],
        "measures": list(naming),
        "links": {"self": f"/v1/agencies/{row['agency_id']}", "roster": f"/v1/rosters/{row['roster']}"},
    }


def signature(day: date | None) -> dict[str, str | None]:
    """The DATE object of the day that a list prints beside an agreement."""
    return dates.shown(When(day.isoformat(), day, day, Basis.EXPLICIT) if day else UNKNOWN)


def summary(session: Session, moment: Snapshot, filters: Mapping[str, Any], by: str, paging: Paging) -> tuple[list[Json], Page, Json, Json]:
    """The numbers of the agreements that match for each value of ``by``, the page they are, the totals, and the lists in force.

    The totals are null where no list speaks to what is asked. Three statements.
    """
    known = lists(session, moment)
    shape, values = _asked(known, filters)
    each = known.moment.execute(session, _numbers(shape, by), **known.parameters(), **values)
    agencies: dict[str | None, list[str]] = defaultdict(list)
    places: dict[str, str] = {}
    for value, agency, code, type in each:
        agencies[f"{value:%Y-%m}" if isinstance(value, date) else value].append(agency)
        places[code] = type
    rows = [{by: value, "agreements": len(some), "agencies": len(set(some))} for value, some in agencies.items()]
    found = cut(rows, lambda row, name: row[name], lambda row: row[by] or "", paging)
    only_active = filters["status"] == [AgreementStatus.ACTIVE]
    kinds = (RosterKind.PARTICIPATING,) if only_active else tuple(RosterKind)
    spoken = any(known.in_force(kind) for kind in kinds)
    return found.rows, found, _totals(agencies.values(), places.values()) if spoken else dict.fromkeys(TOTALS), known.told()


@built_once
def _numbers(shape: Shape, by: str) -> Select[Any]:
    told = (BY[by].label("by"), AGREEMENT.agency, AGREEMENT.jurisdiction.label("code"), PLACE.type)
    return matching(shape)[0].join(Jurisdiction.__table__, PLACE.code == AGREEMENT.jurisdiction).with_only_columns(*told)


def _totals(agencies: Iterable[list[str]], types: Iterable[str]) -> Json:
    every, kinds = [agency for some in agencies for agency in some], list(types)
    territories = kinds.count(JurisdictionType.TERRITORY)
    return {"agreements": len(every), "agencies": len(set(every)), "states": len(kinds) - territories, "territories": territories}
