"""List the agencies on rosters, and get a single agency with its agreements over time."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, Subquery, case, func, select
from sqlalchemy.orm import Session

from legal.db.statements import cached_statement, filter_values, like_clauses, like_params
from legal.errors import NotFound
from legal.json_types import Json, Row
from legal.models import Agreement, RosterRow
from legal.queries.core.pagination import Page, Paging, load_page
from legal.queries.core.snapshot import Snapshot
from legal.queries.rosters import agreement_history, agreements, departures
from legal.queries.rosters.agreements import AgreementQueryKey, RostersInForce
from legal.suggestions import suggest

_ROW, _AGREEMENT = RosterRow.__table__.c, Agreement.__table__.c
SORTS = ("id", "name", "jurisdiction")
FACETS = ("jurisdiction", "agency_type")
_AGENCY_FIELDS = ("id", "name", "jurisdiction", "agency_type", "county", "county_fips", "agreements")
_ROW_COLUMNS = ("roster", "number", "kind", "position", "agreement", "counted", "agency", "signed", "moa_url")


def list_agencies(session: Session, snapshot: Snapshot, filters: Mapping[str, Any], paging: Paging) -> tuple[list[Json], Page]:
    """List the agencies that match, one page of them; five SQL statements."""
    rosters = agreements.load_rosters_in_force(session, snapshot)
    search_values, narrowing = like_params(filters.get("q", "")), agreements.narrowing_filters(filters)
    statement, columns = _matching_agencies(rosters.query_key(narrowing=narrowing), len(search_values))
    values = {**rosters.bind_values(), **filter_values(filters, narrowing), **search_values}
    page = load_page(session, snapshot, statement, columns, columns["id"], paging, **values)
    return _agencies_json(session, rosters, page.rows), page


def _agencies_json(session: Session, rosters: RostersInForce, rows: Sequence[Row]) -> list[Json]:
    published_ids = {roster.id for roster in rosters.rosters_by_position().values()}
    links = departures.load_links(session, rosters.snapshot, [row["agreement"] for row in rows], published_ids)
    return [agency_json(row, links.links_json(row["agreement"], row["roster"])) for row in rows]


@cached_statement
def _matching_agencies(query_key: AgreementQueryKey, word_count: int) -> tuple[Select[Any], Mapping[str, Any]]:
    """Return the statement for the newest row of each matching agency, and the columns to sort and count by."""
    rows = _ranked_rows(query_key)
    statement = select(rows).where(rows.c.newest == 1, *like_clauses(word_count, rows.c.name, rows.c.id))
    return statement, {name: rows.c[name] for name in (*SORTS, *FACETS)}


def _ranked_rows(query_key: AgreementQueryKey) -> Subquery:
    """Return a subquery with the newest row of each agreement.

    ``newest`` is the row's rank among the rows of its agency, newest first. ``agreements`` is the agency's number of
    active agreements.
    """
    last = agreements.last_positions_cte(query_key)
    order = (_ROW.position.desc(), _ROW.number)
    newest = func.row_number().over(partition_by=_AGREEMENT.agency, order_by=order).label("newest")
    active = func.sum(case((agreements.is_active(query_key, last), 1), else_=0)).over(partition_by=_AGREEMENT.agency).label("agreements")
    columns = (_ROW.jurisdiction, _ROW.agency_type, _ROW.county, _ROW.county_fips, _ROW.agreement, _ROW.roster)
    rows = select(_AGREEMENT.agency.label("id"), _ROW.agency.label("name"), *columns, active, newest)
    rows = rows.join(last, agreements.decisive_row(last, agreements.participating_is_newest(last)))
    return rows.join(Agreement.__table__, _AGREEMENT.id == last.c.id).subquery()


def get_agency(session: Session, snapshot: Snapshot, id: str) -> Json:
    """Return an agency with its names and agreements, and the rosters that listed each agreement; eight SQL statements.

    Raises:
        NotFound: no roster published by the requested day lists the agency; the error has similar ids, best first.
    """
    rosters = agreements.load_rosters_in_force(session, snapshot)
    query_key, values = rosters.query_key(narrowing=("agency",)), {**rosters.bind_values(), "agency": id}
    row = snapshot.execute(session, _matching_agencies(query_key, 0)[0], **values).mappings().one_or_none()
    if row is None:
        raise _missing_agency(session, rosters, id)
    decisive_rows = snapshot.execute(session, _agreements_of_agency(query_key), **values).mappings().all()
    rows = agreement_history.load_row_history(session, rosters, "agency", id)
    rows_by_agreement: dict[str, list[Row]] = defaultdict(list)
    for roster_row in rows:
        rows_by_agreement[roster_row["agreement"]].append(roster_row)
    agreements_json = agreements.with_related(session, rosters, decisive_rows)
    return {
        **_agencies_json(session, rosters, [row])[0],
        "names": list(dict.fromkeys(roster_row["agency"] for roster_row in rows)),
        "agreements": [
            {**json, "listings": agreement_history.listings_json(rosters, rows_by_agreement[json["id"]])} for json in agreements_json
        ],
    }


def _missing_agency(session: Session, rosters: RostersInForce, id: str) -> NotFound:
    statement = _matching_agencies(rosters.query_key(), 0)[0]
    ids = {row["id"] for row in rosters.snapshot.execute(session, statement, **rosters.bind_values()).mappings()}
    return NotFound(f"There is no agency {id}.", suggest(id, sorted(ids)))


@cached_statement
def _agreements_of_agency(query_key: AgreementQueryKey) -> Select[Any]:
    return agreements.matching_agreements(query_key)[0].order_by(_ROW.agreement)


def agency_json(row: Row, links: Json) -> Json:
    """Return an agency as the API shows it, without its agreements. ``links`` are those of its newest agreement.

    An agency with an active agreement is on the roster in force under its name, whatever became of another one.
    """
    departure_links = departures.departure_json(None) if row["agreements"] else {}
    return {
        **{key: row[key] for key in _AGENCY_FIELDS},
        **links,
        **departure_links,
        "links": _agency_links(row["id"], row["jurisdiction"]),
    }


def _agency_links(id: str, jurisdiction: str | None) -> Json:
    return {"self": f"/v1/agencies/{id}", "jurisdiction": f"/v1/jurisdictions/{jurisdiction}" if jurisdiction else None}
