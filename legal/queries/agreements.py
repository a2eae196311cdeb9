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

from sqlalchemy import CTE, ColumnElement, Select, String, Subquery, and_, case, cast, func, literal_column, not_, null, or_, select
from sqlalchemy.orm import Session, aliased

from legal.queries import dates, ends, rosters
from legal.queries.ends import Named
from legal.queries.matching import words
from legal.queries.moments import Moment
from legal.queries.paging import Page, Paging, cut, page
from legal.queries.rosters import Held, Shelf
from legal.records import Agreement, Jurisdiction, RosterRow
from legal.rules.dates import UNKNOWN, When
from legal.rules.lists import MOMENT
from legal.vocabulary import NATION, AgreementStatus, Basis, JurisdictionType, RosterKind

Row = Mapping[Any, Any]
Json = dict[str, Any]

ANY = "any"
SORTS = {
    "id": RosterRow.agreement,
    "jurisdiction": RosterRow.jurisdiction,
    "agency": RosterRow.agency,
    "model": RosterRow.model,
    "signed": RosterRow.signed,
}
FACETS = ("jurisdiction", "model", "status", "agency_type")
BY = {"jurisdiction": RosterRow.jurisdiction, "model": RosterRow.model, "agency_type": RosterRow.agency_type, "month": RosterRow.signed}
UNITS = ("agreements", "agencies")
TOTALS = (*UNITS, "states", "territories")
PRINTED = ("jurisdiction", "agency", "agency_type", "county", "county_fips", "model")
READ = ("key", "roster", "number", "kind", "position", "agreement", *PRINTED, "signed", "signed_printed", "moa_url", "addendum_url")


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists that had been published by the day, in their order: the last of each kind is the one in force.

    ``named`` is what measures say of agreements.
    """

    moment: Moment
    shelf: Shelf
    named: Named

    def in_force(self, kind: str) -> Held | None:
        """The list of a kind in force on the day."""
        return self.shelf.in_force(kind, self.moment.as_of)

    def told(self) -> Json:
        """The lists in force, by kind, each with its day; null where none of a kind had been published: silence is not zero."""
        held = {str(kind): self.in_force(kind) for kind in RosterKind}
        return {kind: one and {"roster": one.id, "date": dates.shown(one.published)} for kind, one in held.items()}

    def by_position(self) -> dict[str, Held]:
        """All of them, by their positions."""
        return {one.position: one for kind in RosterKind for one in self.shelf.of(kind)}

    def following(self) -> dict[str, Held]:
        """The list that followed on each, of the same kind, by position."""
        return {one.position: other for kind in RosterKind for one, other in pairwise(self.shelf.of(kind))}


def lists(session: Session, moment: Moment) -> Lists:
    """The lists that had been published by the day asked about; two statements."""
    return Lists(moment, rosters.shelf(session, moment).by(moment.as_of), ends.named(session, moment))


def placed(known: Lists, *narrowed: ColumnElement[bool]) -> CTE:
    """For each agreement the position of the last list of each kind that has it, ``listed`` and ``pended``; a seek for either."""
    last = [_last(known, kind).label(name) for kind, name in ((RosterKind.PARTICIPATING, "listed"), (RosterKind.PENDING, "pended"))]
    each = select(Agreement.id, *last).where(Agreement.revision_from <= known.moment.revision, *narrowed)
    # Worked out once: put where it is used, SQLite would seek again for every row that may be the last.
    return each.cte("placed").prefix_with("MATERIALIZED")


def _last(known: Lists, kind: str) -> ColumnElement[Any]:
    held, row = known.in_force(kind), aliased(RosterRow)
    if held is None:
        return cast(null(), String)
    seen = select(row.position).where(row.agreement == Agreement.id, row.kind == kind, row.position <= held.position)
    return seen.where(row.revision_from <= known.moment.revision).order_by(row.position.desc()).limit(1).scalar_subquery()


def is_active(known: Lists, each: CTE) -> ColumnElement[bool]:
    """That the list of participating agencies in force has it, and it has not ended since."""
    return and_(_at(each.c.listed, known.in_force(RosterKind.PARTICIPATING)), not_(known.named.ended(each.c.id, each.c.listed)))


def _at(position: ColumnElement[Any], held: Held | None) -> ColumnElement[bool]:
    # Without a list in force the position is null, and equal to nothing.
    return position == (held.position if held else "")


def row_of(each: CTE, listed: ColumnElement[bool]) -> ColumnElement[bool]:
    """That a row is the last of its agreement in the lists of participating agencies where ``listed``, else in the pending ones."""
    kind = case((listed, RosterKind.PARTICIPATING.value), else_=RosterKind.PENDING.value)
    position = case((listed, each.c.listed), else_=each.c.pended)
    return and_(RosterRow.agreement == each.c.id, RosterRow.kind == kind, RosterRow.position == position, RosterRow.counted)


def is_later(each: CTE) -> ColumnElement[bool]:
    """That the newest list with it is one of participating agencies, which comes before a pending one of the same moment."""
    return or_(each.c.pended.is_(None), _published(each.c.listed) >= _published(each.c.pended))


def _published(position: ColumnElement[Any]) -> ColumnElement[str]:
    return func.substr(position, 1, MOMENT)


def matching(known: Lists, filters: Mapping[str, Any], *narrowed: ColumnElement[bool]) -> tuple[Select[Any], ColumnElement[str]]:
    """The rows that decide on the agreements that match, with ``agency_id`` and ``status``, and the column of the latter."""
    each = _active(known) if filters["status"] == [AgreementStatus.ACTIVE] else _any(known, *narrowed)
    read = [RosterRow.__table__.c[name] for name in READ]
    statement = select(*read, Agreement.agency.label("agency_id"), each.c.status).join(each, each.c.key == RosterRow.key)
    statement = statement.join(Agreement, Agreement.id == RosterRow.agreement).where(*narrowed)
    if ANY not in filters["status"]:
        statement = statement.where(each.c.status.in_(filters["status"]))
    return statement.where(*_conditions(filters)), each.c.status


def _active(known: Lists) -> Subquery:
    """The rows of the list in force alone, however many lists there are."""
    held = known.in_force(RosterKind.PARTICIPATING)
    status = literal_column(f"'{AgreementStatus.ACTIVE}'", String).label("status")
    rows = select(RosterRow.key, status).where(RosterRow.roster == (held.id if held else ""), RosterRow.counted)
    return rows.where(not_(known.named.ended(RosterRow.agreement, RosterRow.position))).subquery()


def _any(known: Lists, *narrowed: ColumnElement[bool]) -> Subquery:
    each = placed(known, *narrowed)
    active, listed_later = is_active(known, each), is_later(each)
    only_pended = or_(each.c.listed.is_(None), _published(each.c.pended) > _published(each.c.listed))
    pending = and_(_at(each.c.pended, known.in_force(RosterKind.PENDING)), only_pended)
    ended = known.named.ended(each.c.id, each.c.listed)
    told = ((active, AgreementStatus.ACTIVE), (ended, AgreementStatus.ENDED), (pending, AgreementStatus.PENDING))
    status = case(*((when, word.value) for when, word in told), else_=AgreementStatus.UNLISTED.value)
    return select(RosterRow.key, status.label("status")).join(each, row_of(each, or_(active, listed_later))).subquery()


def in_places(filters: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    """That agreements are in the places that are filtered by; the nation has all of them."""
    codes = filters.get("jurisdiction")
    return [Agreement.jurisdiction.in_(codes)] if codes and NATION not in codes else []


def _conditions(filters: Mapping[str, Any]) -> Iterable[ColumnElement[bool]]:
    for name in ("model", "agency_type"):
        if filters.get(name):
            yield RosterRow.__table__.c[name].in_(filters[name])
    if filters.get("county_fips"):
        yield RosterRow.county_fips == filters["county_fips"]
    if filters.get("signed_after"):
        yield RosterRow.signed >= filters["signed_after"]
    if filters.get("signed_before"):
        yield RosterRow.signed <= filters["signed_before"]
    yield from words(filters.get("q", ""), RosterRow.agency, Agreement.agency)


def listed(session: Session, moment: Moment, filters: Mapping[str, Any], paging: Paging) -> tuple[list[Json], Page, Json]:
    """Agreements that match, the page they are, and the lists in force that they rest on; five statements."""
    known = lists(session, moment)
    statement, status = matching(known, filters, *in_places(filters))
    columns = {**SORTS, "agency_type": RosterRow.agency_type, "status": status}
    found = page(session, statement, columns, RosterRow.agreement, paging)
    return assembled(session, known, found.rows), found, known.told()


def assembled(session: Session, known: Lists, rows: Sequence[Row]) -> list[Json]:
    """Rows with when they were first listed, as the contract shows them; one statement."""
    first = _first(session, known.moment, [row["key"] for row in rows])
    held, following = known.by_position(), known.following()
    naming = known.named.measures
    return [
        shown(row, held[first[row["key"]]], held[row["position"]], following.get(row["position"]), naming.get(row["agreement"], ()))
        for row in rows
    ]


def _first(session: Session, moment: Moment, keys: Iterable[int]) -> dict[int, str]:
    """The position of the first list of its kind that has the agreement of each row; a seek for each."""
    row = aliased(RosterRow)
    seen = select(row.position).where(row.agreement == RosterRow.agreement, row.kind == RosterRow.kind)
    first = seen.where(row.revision_from <= moment.revision).order_by(row.position).limit(1).scalar_subquery()
    return dict(session.execute(select(RosterRow.key, first).where(RosterRow.key.in_(keys))).all())


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


def summary(session: Session, moment: Moment, filters: Mapping[str, Any], by: str, paging: Paging) -> tuple[list[Json], Page, Json, Json]:
    """The numbers of the agreements that match for each value of ``by``, the page they are, the totals, and the lists in force.

    The totals are null where no list speaks to what is asked. Three statements.
    """
    known = lists(session, moment)
    statement, _ = matching(known, filters, *in_places(filters))
    told = (BY[by].label("by"), Agreement.agency, Agreement.jurisdiction.label("code"), Jurisdiction.type)
    each = statement.join(Jurisdiction, Jurisdiction.code == Agreement.jurisdiction).with_only_columns(*told)
    agencies: dict[str | None, list[str]] = defaultdict(list)
    places: dict[str, str] = {}
    for value, agency, code, type in session.execute(each):
        agencies[f"{value:%Y-%m}" if isinstance(value, date) else value].append(agency)
        places[code] = type
    rows = [{by: value, "agreements": len(some), "agencies": len(set(some))} for value, some in agencies.items()]
    found = cut(rows, lambda row, name: row[name], lambda row: row[by] or "", paging)
    only_active = filters["status"] == [AgreementStatus.ACTIVE]
    kinds = (RosterKind.PARTICIPATING,) if only_active else tuple(RosterKind)
    spoken = any(known.in_force(kind) for kind in kinds)
    return found.rows, found, _totals(agencies.values(), places.values()) if spoken else dict.fromkeys(TOTALS), known.told()


def _totals(agencies: Iterable[list[str]], types: Iterable[str]) -> Json:
    every, kinds = [agency for some in agencies for agency in some], list(types)
    territories = kinds.count(JurisdictionType.TERRITORY)
    return {"agreements": len(every), "agencies": len(set(every)), "states": len(kinds) - territories, "territories": territories}
