"""List and count agreements with their status on a day, as the rosters and measures at the revision report it.

No status is stored. It is computed from the rows of the rosters and from the measures that name agreements, so the
order of imports does not matter and a revision always gives the same answer.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Any

from sqlalchemy import (
    CTE,
    BindParameter,
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal_column,
    not_,
    null,
    or_,
    select,
)
from sqlalchemy.orm import Session

from legal.db.statements import (
    REVISION,
    active_filters,
    bind_list,
    cached_statement,
    filter_values,
    in_filters,
    like_clauses,
    like_params,
    visible_at_revision,
)
from legal.json_types import Json, Row
from legal.models import Agreement, DoubtfulSignature, Jurisdiction, RosterRow
from legal.queries.core import dates
from legal.queries.core.pagination import Page, Paging, load_page, slice_page
from legal.queries.core.snapshot import Snapshot
from legal.queries.rosters import counts, departures, in_force, terminations
from legal.queries.rosters.in_force import RosterRef, RosterTimeline
from legal.queries.rosters.terminations import Terminations
from legal.rules.dates import UNKNOWN_DATE, EdtfDate
from legal.rules.rosters.admission import POSITION_TIME_LENGTH
from legal.vocabulary import NATION_CODE, AgreementStatus, Basis, Flag, JurisdictionType, RosterKind

DOUBTFUL_DATES = ("exclude", "include")
ANY_STATUS, _SELECTED_STATUSES = "any", "selected"
_DOUBT = DoubtfulSignature.__table__.c
_ROW, _AGREEMENT, _JURISDICTION = RosterRow.__table__.c, Agreement.__table__.c, Jurisdiction.__table__.c
SORTS = {"id": _ROW.agreement, "jurisdiction": _ROW.jurisdiction, "agency": _ROW.agency, "model": _ROW.model, "signed": _ROW.signed}
FACETS = ("jurisdiction", "model", "status", "agency_type")
GROUP_COLUMNS = {"jurisdiction": _ROW.jurisdiction, "model": _ROW.model, "agency_type": _ROW.agency_type, "month": _ROW.signed}
COUNT_COLUMNS = ("agreements", "agencies")
_TOTALS = (*COUNT_COLUMNS, "states", "territories", "jurisdiction_unknown")
_ROW_COLUMNS = (
    *("key", "roster", "number", "kind", "position", "agreement"),
    *("jurisdiction", "agency", "agency_type", "county", "county_fips", "model"),
    *("signed", "signed_printed", "moa_url", "addendum_url"),
)

NARROWING_FILTERS = {
    **in_filters(jurisdiction=_AGREEMENT.jurisdiction),
    "agency": _AGREEMENT.agency == bindparam("agency"),
    "agreement": _AGREEMENT.id == bindparam("agreement"),
}
"""Filters on the agreements themselves. They apply before any roster row is read."""

IS_DOUBTFUL = exists().where(
    visible_at_revision(_DOUBT),
    _DOUBT.agreement == _ROW.agreement,
    _DOUBT.signed == _ROW.signed,
    ~departures.has_predecessor(_DOUBT.agreement),
)
"""The condition that the signature date of a row is long before the first roster that lists its agreement."""

_DATE_FILTERS = ("signed_after", "signed_before")
_ROW_FILTERS = {
    **in_filters(model=_ROW.model, agency_type=_ROW.agency_type),
    "county_fips": _ROW.county_fips == bindparam("county_fips"),
    "signed_after": _ROW.signed >= bindparam("signed_after"),
    "signed_before": _ROW.signed <= bindparam("signed_before"),
}

# The positions of the rosters in force. Without a roster of a kind it is an empty string, which no roster has.
_PARTICIPATING, _PENDING = bindparam("participating", type_=String), bindparam("pending", type_=String)


@dataclass(frozen=True, slots=True)
class RostersInForce:
    """The rosters with rows that were published by the requested day, and the agreements that ended by that day.

    Answers come from the last roster of each kind. ``roster_without_rows`` is the participating roster in force if only
    its counts are on file, else null. If it is not null, the answers come from an older roster.
    """

    snapshot: Snapshot
    timeline: RosterTimeline
    terminations: Terminations
    roster_without_rows: RosterRef | None = None

    def roster_in_force(self, kind: str) -> RosterRef | None:
        """Return the roster of a kind in force on the requested day, or None."""
        return self.timeline.roster_in_force(kind, self.snapshot.as_of)

    def as_json(self) -> Json:
        """Return the roster of each kind that answers are based on, with its date; null for a kind without a roster."""
        return {str(kind): _ref_json(self.roster_in_force(kind)) for kind in RosterKind}

    def meta_json(self) -> Json:
        """Return the keys about rosters in the ``meta`` object of an answer that comes from rows."""
        return {"in_force": self.as_json(), "without_rows": _ref_json(self.roster_without_rows), "note": self._note()}

    def _note(self) -> str | None:
        if self.roster_without_rows is None:
            return None
        last = self.roster_in_force(RosterKind.PARTICIPATING)
        source = (
            f"This answer comes from the rows of {last.id}, the last roster with rows."
            if last
            else "No roster of participating agencies with rows is on file by this day, so that no agreement can be shown."
        )
        return (
            f"Of {self.roster_without_rows.id}, the roster of participating agencies in force, only the counts are on file. {source} "
            "The counts are at /v1/agreements/summary?by=jurisdiction, /v1/agreements/summary?by=model and /v1/agreements/history."
        )

    def query_key(self, **options: Any) -> "AgreementQueryKey":
        """Return the cache key of a statement over these rosters; ``options`` has the other fields of ``AgreementQueryKey``."""
        return AgreementQueryKey(tuple(kind for kind in RosterKind if self.roster_in_force(kind)), self.terminations.day_count, **options)

    def bind_values(self) -> dict[str, Any]:
        """Return the bound values of statements over these rosters: the rosters in force and the terminations."""
        participating, pending = (self.roster_in_force(kind) for kind in (RosterKind.PARTICIPATING, RosterKind.PENDING))
        return {
            "participating": participating.position if participating else "",
            "pending": pending.position if pending else "",
            "participating_roster": participating.id if participating else "",
            **self.terminations.bind_values(),
        }

    def rosters_by_position(self) -> dict[str, RosterRef]:
        """Return all rosters by position."""
        return {roster.position: roster for kind in RosterKind for roster in self.timeline.of_kind(kind)}

    def next_rosters_by_position(self) -> dict[str, RosterRef]:
        """Return a map from the position of each roster to the next roster of the same kind."""
        return {earlier.position: later for kind in RosterKind for earlier, later in pairwise(self.timeline.of_kind(kind))}


def load_rosters_in_force(session: Session, snapshot: Snapshot) -> RostersInForce:
    """Load the rosters and terminations that agreements depend on; two SQL statements."""
    timeline = in_force.load_rosters(session, snapshot).published_by(snapshot.as_of)
    newest = timeline.roster_in_force(RosterKind.PARTICIPATING, snapshot.as_of)
    roster_without_rows = None if newest is None or newest.has_rows else newest
    return RostersInForce(snapshot, timeline.with_rows(), terminations.load_terminations(session, snapshot), roster_without_rows)


def _ref_json(roster: RosterRef | None) -> Json | None:
    return {"roster": roster.id, "date": dates.date_json(roster.publication_date)} if roster else None


@dataclass(frozen=True, slots=True)
class AgreementQueryKey:
    """The cache key of a statement over agreements.

    ``kinds_in_force`` are the kinds with a roster in force, ``end_day_count`` the number of days that terminations are bound
    to, ``narrowing`` and ``filters`` the names of active filters. ``statuses`` is ``active``, ``any`` or ``selected``; the
    statuses selected are bound. ``trusts_dates`` is true if doubtful signature dates count as dates.
    """

    kinds_in_force: tuple[str, ...]
    end_day_count: int
    narrowing: tuple[str, ...] = ()
    statuses: str = ANY_STATUS
    filters: tuple[str, ...] = ()
    word_count: int = 0
    trusts_dates: bool = False


def last_positions_cte(query_key: AgreementQueryKey) -> CTE:
    """Return for each agreement the positions of the last rosters that list it, as the columns ``participating`` and ``pending``."""
    kinds = ((RosterKind.PARTICIPATING, _PARTICIPATING), (RosterKind.PENDING, _PENDING))
    positions = (_last_position(query_key, kind, newest) for kind, newest in kinds)
    statement = select(_AGREEMENT.id, *positions).where(_AGREEMENT.revision_from <= REVISION)
    statement = statement.where(*(NARROWING_FILTERS[name] for name in query_key.narrowing))
    # Materialized: SQLite would otherwise repeat the index lookups for every candidate row.
    return statement.cte("last_positions").prefix_with("MATERIALIZED")


def _last_position(query_key: AgreementQueryKey, kind: str, newest: BindParameter[str]) -> ColumnElement[Any]:
    if kind not in query_key.kinds_in_force:  # an index lookup for every agreement would find nothing
        return cast(null(), String).label(newest.key)
    row = RosterRow.__table__.alias().c
    positions = select(row.position).where(row.agreement == _AGREEMENT.id, row.kind == kind, row.position <= newest)
    last = positions.where(visible_at_revision(row)).order_by(row.position.desc()).limit(1)
    return last.scalar_subquery().label(newest.key)


def is_active(query_key: AgreementQueryKey, last: CTE) -> ColumnElement[bool]:
    """Return the condition that the participating roster in force lists an agreement, and no measure reports that it ended since."""
    has_ended = terminations.is_terminated(query_key.end_day_count, last.c.id, last.c.participating)
    return and_(last.c.participating == _PARTICIPATING, not_(has_ended))


def decisive_row(last: CTE, use_participating: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition that a row is the decisive row of its agreement.

    It is the row on the last participating roster that lists the agreement if ``use_participating``, else on the last
    pending one.
    """
    kind = case((use_participating, RosterKind.PARTICIPATING.value), else_=RosterKind.PENDING.value)
    position = case((use_participating, last.c.participating), else_=last.c.pending)
    return and_(_ROW.agreement == last.c.id, _ROW.kind == kind, _ROW.position == position, _ROW.counted, visible_at_revision(_ROW))


def participating_is_newest(last: CTE) -> ColumnElement[bool]:
    """Return the condition that the newest roster that lists an agreement is a participating one; the participating one wins a tie."""
    return or_(last.c.pending.is_(None), _publication_time(last.c.participating) >= _publication_time(last.c.pending))


def _publication_time(position: ColumnElement[Any]) -> ColumnElement[str]:
    return func.substr(position, 1, POSITION_TIME_LENGTH)


@cached_statement
def matching_agreements(query_key: AgreementQueryKey) -> tuple[Select[Any], ColumnElement[str]]:
    """Return the statement for the matching agreements, and the status column of the statement.

    It selects the decisive row of each agreement, with ``agency_id`` and ``status`` in addition.
    """
    rows, status = _active_rows(query_key) if query_key.statuses == AgreementStatus.ACTIVE else _rows_with_status(query_key)
    columns = (_AGREEMENT.agency.label("agency_id"), status, IS_DOUBTFUL.label("is_doubtful"))
    statement: Select[Any] = rows.with_only_columns(*(_ROW[name] for name in _ROW_COLUMNS), *columns)
    statement = statement.join(Agreement.__table__, _AGREEMENT.id == _ROW.agreement)
    statement = statement.where(*(_ROW_FILTERS[name] for name in query_key.filters))
    if query_key.narrowing:
        # As a list, so that the rows of these agreements are sought in an index, and not among all rows of a roster.
        matching_ids = select(_AGREEMENT.id).where(*(NARROWING_FILTERS[name] for name in query_key.narrowing)).correlate(None)
        statement = statement.where(_ROW.agreement.in_(matching_ids))
    if set(_DATE_FILTERS) & set(query_key.filters) and not query_key.trusts_dates:
        statement = statement.where(~IS_DOUBTFUL)
    if query_key.statuses == _SELECTED_STATUSES:
        statement = statement.where(status.in_(bind_list("statuses", status)))
    return statement.where(*like_clauses(query_key.word_count, _ROW.agency, _AGREEMENT.agency)), status


def _active_rows(query_key: AgreementQueryKey) -> tuple[Select[Any], ColumnElement[str]]:
    # Reads the roster in force alone, so that active agreements stay fast however many rosters there are.
    rows = select(_ROW.key).where(_ROW.roster == bindparam("participating_roster"), _ROW.counted, visible_at_revision(_ROW))
    rows = rows.where(not_(terminations.is_terminated(query_key.end_day_count, _ROW.agreement, _ROW.position)))
    return rows, literal_column(f"'{AgreementStatus.ACTIVE}'", String).label("status")


def _rows_with_status(query_key: AgreementQueryKey) -> tuple[Select[Any], ColumnElement[str]]:
    last = last_positions_cte(query_key)
    active = is_active(query_key, last)
    has_ended = terminations.is_terminated(query_key.end_day_count, last.c.id, last.c.participating)
    pending_is_newer = or_(last.c.participating.is_(None), _publication_time(last.c.pending) > _publication_time(last.c.participating))
    pending = and_(last.c.pending == _PENDING, pending_is_newer)
    conditions = (
        *((active, AgreementStatus.ACTIVE), (has_ended, AgreementStatus.ENDED), (pending, AgreementStatus.PENDING)),
        (departures.is_corrected(last.c.id, last.c.participating), AgreementStatus.CORRECTED),
        (last.c.participating.is_(None), AgreementStatus.APPLICATION_UNLISTED),
    )
    status = case(*((condition, status.value) for condition, status in conditions), else_=AgreementStatus.UNLISTED.value)
    is_decisive = decisive_row(last, or_(active, participating_is_newest(last)))
    rows = select(_ROW.key, status.label("status")).join(last, is_decisive).subquery()
    return select(_ROW.key).join(rows, rows.c.key == _ROW.key), rows.c.status


def narrowing_filters(filters: Mapping[str, Any]) -> tuple[str, ...]:
    """Return ``("jurisdiction",)`` if the filters name jurisdictions, else ``()``. The nation selects all agreements."""
    return () if NATION_CODE in filters.get("jurisdiction", ()) else active_filters(filters, ("jurisdiction",))


def _query_key_and_values(rosters: RostersInForce, filters: Mapping[str, Any]) -> tuple[AgreementQueryKey, dict[str, Any]]:
    search_values, narrowing, selected = like_params(filters.get("q", "")), narrowing_filters(filters), set(filters["status"])
    statuses = _status_selection(selected)
    query_key = rosters.query_key(
        narrowing=narrowing,
        statuses=statuses,
        filters=active_filters(filters, _ROW_FILTERS),
        word_count=len(search_values),
        trusts_dates=filters.get("doubtful_dates") == DOUBTFUL_DATES[1],
    )
    status_values = {"statuses": sorted(selected)} if statuses == _SELECTED_STATUSES else {}
    return query_key, {**filter_values(filters, (*narrowing, *_ROW_FILTERS)), **status_values, **search_values}


def _status_selection(selected: set[str]) -> str:
    if ANY_STATUS in selected:
        return ANY_STATUS
    return AgreementStatus.ACTIVE.value if selected == {AgreementStatus.ACTIVE} else _SELECTED_STATUSES


def list_agreements(session: Session, snapshot: Snapshot, filters: Mapping[str, Any], paging: Paging) -> tuple[list[Json], Page, Json]:
    """List the agreements that match, one page of them, and the rosters that they come from; six SQL statements."""
    rosters = load_rosters_in_force(session, snapshot)
    query_key, values = _query_key_and_values(rosters, filters)
    statement, status = matching_agreements(query_key)
    columns = {**SORTS, "agency_type": _ROW.agency_type, "status": status}
    page = load_page(session, snapshot, statement, columns, _ROW.agreement, paging, **rosters.bind_values(), **values)
    return with_related(session, rosters, page.rows), page, rosters.meta_json()


def with_related(session: Session, rosters: RostersInForce, rows: Sequence[Row]) -> list[Json]:
    """Return the agreements in decisive rows as the API shows them; two SQL statements."""
    first_rows = rosters.snapshot.execute(session, _FIRST_POSITIONS, keys=[row["key"] for row in rows])
    first_positions: dict[int, str] = dict(first_rows.all())
    by_position, next_by_position = rosters.rosters_by_position(), rosters.next_rosters_by_position()
    published_ids = {roster.id for roster in by_position.values()}
    # Most agreements share the rosters that list them first and last.
    first_listed = {position: dates.date_json(by_position[position].publication_date) for position in set(first_positions.values())}
    listings_end = {
        position: _listing_end(by_position[position], next_by_position.get(position), rosters.snapshot.as_of)
        for position in {row["position"] for row in rows}
    }
    links = departures.load_links(session, rosters.snapshot, [row["agreement"] for row in rows], published_ids)
    measures = rosters.terminations.measures_by_agreement
    return [
        _agreement_json(
            row,
            {"first_listed": first_listed[first_positions[row["key"]]], **listings_end[row["position"]]},
            measures.get(row["agreement"], ()),
            links.links_json(row["agreement"], row["roster"]),
        )
        for row in rows
    ]


def _listing_end(last: RosterRef, next_roster: RosterRef | None, as_of: date) -> Json:
    """Return when the agreements whose last roster is given were listed last, and since when they are not, as the API shows them."""
    return {
        "last_listed": dates.date_json(last.last_seen(as_of, next_roster)),
        "unlisted_since": dates.date_json(next_roster.publication_date) if next_roster else None,
    }


def _first_positions_statement() -> Select[Any]:
    row = RosterRow.__table__.alias().c
    positions = select(row.position).where(row.agreement == _ROW.agreement, row.kind == _ROW.kind, visible_at_revision(row))
    first = positions.order_by(row.position).limit(1).scalar_subquery()
    return select(_ROW.key, first.label("position")).where(_ROW.key.in_(bind_list("keys", _ROW.key)))


_FIRST_POSITIONS = _first_positions_statement()
"""For each row, the position of the first roster of its kind that lists the row's agreement."""


def _agreement_json(row: Row, listing: Json, measures: Sequence[str], links: Json) -> Json:
    """Return an agreement as the API shows it.

    ``listing`` has the dates of the rosters that list it first and last, and of the one after. ``measures`` are the ids of the
    measures that name it, and ``links`` says what it may have become or was corrected from.
    """
    return {
        "id": row["agreement"],
        "jurisdiction": row["jurisdiction"],
        "agency": row["agency"],
        "agency_id": row["agency_id"],
        **{key: row[key] for key in ("agency_type", "county", "county_fips", "model", "status")},
        "unlisted_since": listing["unlisted_since"],
        **links,
        "signed": signature_date_json(row["signed"]),
        "signed_flag": Flag.LONG_BEFORE_LISTING if row["is_doubtful"] else None,
        "signed_printed": row["signed_printed"],
        "first_listed": listing["first_listed"],
        "last_listed": listing["last_listed"],
        **{key: row[key] for key in ("moa_url", "addendum_url", "roster")},
        "row": row["number"],
        "measures": list(measures),
        "links": {"self": f"/v1/agencies/{row['agency_id']}", "roster": f"/v1/rosters/{row['roster']}"},
    }


@lru_cache(maxsize=4096)  # many agreements were signed on one day
def signature_date_json(day: date | None) -> dict[str, str | None]:
    """Return the signature date of a roster row as a DATE object. Agreements share it: it must not be changed."""
    return dates.date_json(EdtfDate(day.isoformat(), day, day, Basis.EXPLICIT) if day else UNKNOWN_DATE)


def summarize_agreements(
    session: Session, snapshot: Snapshot, filters: Mapping[str, Any], by: str, paging: Paging
) -> tuple[list[Json], Page, Json]:
    """Count the agreements and agencies that match for each value of ``by``; three SQL statements.

    Returns the rows of a page of the summary, a ``Page`` for its position, and the totals and rosters for ``meta``. The
    totals are null if no roster of the kinds that the filter needs was in force. If only counts of the roster in force
    are on file, the summary comes from these if they suffice, else from the last roster with rows.
    """
    rosters = load_rosters_in_force(session, snapshot)
    if rosters.roster_without_rows and counts_suffice(filters, by):
        rows, page, totals = counts.summarize_counts(session, snapshot, rosters.roster_without_rows, filters, by, paging)
        note = f"From the counts of {rosters.roster_without_rows.id} as published. Its rows are not on file."
        return rows, page, {"totals": totals, **rosters.meta_json(), "note": note}
    query_key, values = _query_key_and_values(rosters, filters)
    agreement_rows = snapshot.execute(session, _grouped_agreements(query_key, by), **rosters.bind_values(), **values)
    agencies_by_value: dict[str | None, list[str]] = defaultdict(list)
    jurisdiction_types: dict[str, str] = {}
    unknown_count = 0
    for value, agency, code, jurisdiction_type in agreement_rows:
        agencies_by_value[f"{value:%Y-%m}" if isinstance(value, date) else value].append(agency)
        unknown_count += code is None
        jurisdiction_types |= {code: jurisdiction_type} if code else {}
    rows = [{by: value, "agreements": len(agencies), "agencies": len(set(agencies))} for value, agencies in agencies_by_value.items()]
    page = slice_page(rows, lambda row, name: row[name], lambda row: row[by] or "", paging)
    has_roster = any(rosters.roster_in_force(kind) for kind in _needed_kinds(filters))
    totals = (
        {**_total_counts(agencies_by_value.values(), jurisdiction_types.values()), "jurisdiction_unknown": unknown_count}
        if has_roster
        else dict.fromkeys(_TOTALS)
    )
    return page.rows, page, {"totals": totals, **rosters.meta_json()}


def counts_suffice(filters: Mapping[str, Any], by: str) -> bool:
    """Return whether stored counts suffice for a summary: it groups active agreements by jurisdiction or model, with no filter on rows."""
    row_filters = [name for name in (*_ROW_FILTERS, "q") if filters.get(name) and name != "model"]
    # The agencies of two models are unknown, because one agency can have both.
    has_known_agencies = len(set(filters.get("model", ()))) <= 1
    return by in ("jurisdiction", "model") and filters["status"] == [AgreementStatus.ACTIVE] and not row_filters and has_known_agencies


def _needed_kinds(filters: Mapping[str, Any]) -> tuple[RosterKind, ...]:
    return (RosterKind.PARTICIPATING,) if filters["status"] == [AgreementStatus.ACTIVE] else tuple(RosterKind)


@cached_statement
def _grouped_agreements(query_key: AgreementQueryKey, by: str) -> Select[Any]:
    group: ColumnElement[Any] = GROUP_COLUMNS[by]
    if by == "month" and not query_key.trusts_dates:
        group = case((IS_DOUBTFUL, null()), else_=group)
    columns = (group.label("by"), _AGREEMENT.agency, _AGREEMENT.jurisdiction.label("code"), _JURISDICTION.type)
    statement = matching_agreements(query_key)[0].outerjoin(Jurisdiction.__table__, _JURISDICTION.code == _AGREEMENT.jurisdiction)
    return statement.with_only_columns(*columns)


def _total_counts(agency_lists: Iterable[list[str]], jurisdiction_types: Iterable[str]) -> Json:
    agencies, types = [agency for agencies in agency_lists for agency in agencies], list(jurisdiction_types)
    territories = types.count(JurisdictionType.TERRITORY)
    return {"agreements": len(agencies), "agencies": len(set(agencies)), "states": len(types) - territories, "territories": territories}
