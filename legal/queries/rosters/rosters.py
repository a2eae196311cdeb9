"""List rosters, get a roster with its rows, compare two rosters, and report on an import."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from legal.db.statements import AS_OF, active_filters, bind_list, cached_statement, filter_values, in_filters, visible_at_revision
from legal.errors import Fault, InvalidInput, NotFound
from legal.json_types import Json, Row
from legal.models import Agreement, DoubtfulSignature, Roster, RosterRow
from legal.queries.core import dates
from legal.queries.core.pagination import Page, Paging, load_page
from legal.queries.core.snapshot import Snapshot
from legal.queries.rosters import departures, in_force
from legal.queries.rosters.agreements import signature_date_json
from legal.rules.dates import UNKNOWN_DATE, EdtfDate
from legal.rules.rosters import renames
from legal.rules.rosters.folding import fold_agency_name
from legal.rules.rosters.normalize import agency_key
from legal.rules.rosters.renames import AgencyRename, ListedAgreement, RosterAgency, Successor
from legal.suggestions import suggest
from legal.vocabulary import NATION_CODE, UNKNOWN_JURISDICTION, Basis, RowOutcome

_ROSTER, _ROW, _AGREEMENT = Roster.__table__.c, RosterRow.__table__.c, Agreement.__table__.c
SORTS = {"date": _ROSTER.position, "id": _ROSTER.id}  # position also orders the rosters of one day
FACETS = {"kind": _ROSTER.kind}
_DOUBT = DoubtfulSignature.__table__.c
_COUNT_FIELDS = ("rows", "read", "tidied", "repaired", "set_aside", "agreements", "agencies", "states", "territories")
_RENAME_REASON = "The project's list of renames includes it."
_AGENCY_FIELDS = ("jurisdiction", "agency", "agency_type", "county", "county_fips", "model")
_ROW_FIELDS = (
    "number",
    "outcome",
    "agreement",
    *_AGENCY_FIELDS,
    "signed_printed",
    "moa_url",
    "addendum_url",
    "repairs",
    "flags",
    "why",
    "printed",
)

_FILTERS = in_filters(**FACETS)
_COLUMNS = SORTS | FACETS

_PUBLISHED_ROSTERS = in_force.CURRENT_ROSTER_VERSIONS.where(_ROSTER.date <= AS_OF)
_IDS = _PUBLISHED_ROSTERS.with_only_columns(_ROSTER.id)
_BY_ID = _PUBLISHED_ROSTERS.where(_ROSTER.id == bindparam("roster"))
_ROWS = select(RosterRow.__table__).where(_ROW.roster == bindparam("roster"), visible_at_revision(_ROW)).order_by(_ROW.number)
_ROWS_BY_OUTCOME = _ROWS.where(_ROW.outcome.in_(bind_list("outcomes", _ROW.outcome)))
_COUNTED_ROWS = (
    select(*(_ROW[name] for name in ("roster", "number", "agreement", *_AGENCY_FIELDS, "signed")), _AGREEMENT.agency.label("agency_id"))
    .join(Agreement.__table__, _AGREEMENT.id == _ROW.agreement)
    .where(_ROW.roster.in_(bind_list("rosters", _ROW.roster)), _ROW.counted, visible_at_revision(_ROW))
)


_DOUBTS = (
    select(_DOUBT.agreement, _DOUBT.signed)
    .where(visible_at_revision(_DOUBT), _DOUBT.roster == bindparam("roster"), ~departures.has_predecessor(_DOUBT.agreement))
    .order_by(_DOUBT.agreement)
)


def list_rosters(session: Session, snapshot: Snapshot, filters: Mapping[str, Any], paging: Paging) -> tuple[list[Json], Page]:
    """List one page of the matching rosters that were published by the requested day; two SQL statements."""
    page = load_page(
        session,
        snapshot,
        _matching_rosters(active_filters(filters, _FILTERS)),
        _COLUMNS,
        _ROSTER.id,
        paging,
        **filter_values(filters, _FILTERS),
    )
    return [roster_json(row) for row in page.rows], page


@cached_statement
def _matching_rosters(names: tuple[str, ...]) -> Select[Any]:
    return _PUBLISHED_ROSTERS.where(*(_FILTERS[name] for name in names))


def get_roster(session: Session, snapshot: Snapshot, id: str, outcomes: Sequence[str] = ()) -> Json:
    """Return a roster with its rows; two SQL statements. If ``outcomes`` are given, only rows with one of these outcomes are returned.

    Raises:
        NotFound: the revision has no roster with this id that was published by the requested day; the error has similar ids.
    """
    roster = _get_roster_row(session, snapshot, id)
    rows = snapshot.execute(session, _ROWS_BY_OUTCOME if outcomes else _ROWS, roster=id, outcomes=list(outcomes)).mappings()
    return {
        **roster_json(roster),
        **{key: roster[key] for key in ("sheet", "columns", "notes")},
        "by_jurisdiction": _jurisdictions_json(roster["counts"]),
        "rows": [_row_json(row) for row in rows],
    }


def compare_rosters(session: Session, snapshot: Snapshot, id: str, against_id: str) -> Json:
    """Compare roster ``id`` with roster ``against_id``: added, removed, corrected, re-dated and possibly renamed; three SQL statements.

    Raises:
        NotFound: there is no roster ``id``; the error has similar ids. InvalidInput: ``against_id`` names no roster, the
            roster ``id`` itself, or a roster of the other kind; or one of the two rosters has no rows on file.
    """
    _check_comparable(session, snapshot, _get_roster_row(session, snapshot, id), against_id)
    rows_by_roster = load_counted_rows(session, snapshot, (id, against_id))
    rows, rows_against = rows_by_roster[id], rows_by_roster[against_id]
    common_rows = [(rows_against[key], rows[key]) for key in sorted(rows_against.keys() & rows.keys())]
    differences = {
        **match_agreements(rows, rows_against, id),
        "redated": [_redated_json(earlier, later) for earlier, later in common_rows if earlier["signed"] != later["signed"]],
        "renamed": _renames_json(_agencies_by_id(rows_against.values()), _agencies_by_id(rows.values())),
    }
    possibly_renamed = sum(item["possibly_renamed_to"] is not None for item in differences["gone"])
    counts = {**{name: len(items) for name, items in differences.items()}, "possibly_renamed": possibly_renamed}
    return {"roster": id, "against": against_id, **differences, "counts": counts}


def match_agreements(rows: Mapping[str, Row], rows_against: Mapping[str, Row], id: str) -> dict[str, list[Json]]:
    """Return the agreements that only roster ``id`` has (``new``), that only the other has (``gone``), and those in a corrected state.

    The rows are by agreement. What was corrected is neither new nor gone.
    """
    new_rows = {key: rows[key] for key in sorted(rows.keys() - rows_against.keys())}
    gone_rows = {key: rows_against[key] for key in sorted(rows_against.keys() - rows.keys())}
    successors = renames.find_successors(*([_listed_agreement(row) for row in side.values()] for side in (gone_rows, new_rows)))
    origins = {successor.agreement.id: key for key, successor in successors.items() if successor.is_correction}
    return {
        "new": [_agreement_json(row) for key, row in new_rows.items() if key not in origins],
        "gone": [
            {**_agreement_json(row), "possibly_renamed_to": _successor_json(successors.get(key), id)}
            for key, row in gone_rows.items()
            if key not in origins.values()
        ],
        "corrected": [
            {**_agreement_json(new_rows[key]), "corrected_from": _origin_json(gone_rows[origin], successors[origin], id)}
            for key, origin in sorted(origins.items())
        ],
    }


def compare_agreements(session: Session, jurisdiction: str, earlier: tuple[Snapshot, str], later: tuple[Snapshot, str]) -> dict[str, Any]:
    """Return which agreements of a jurisdiction, or of the nation, only one of two rosters lists; two SQL statements.

    Each roster is given as its snapshot and its id.
    """
    rows_against, rows = (load_counted_rows(session, snapshot, [id])[id] for snapshot, id in (earlier, later))
    is_nation = jurisdiction == NATION_CODE
    differences = {
        name: [item for item in items if is_nation or jurisdiction in _jurisdictions_of(item)]
        for name, items in match_agreements(rows, rows_against, later[1]).items()
    }
    possibly_renamed = sum(item["possibly_renamed_to"] is not None for item in differences["gone"])
    counts = {**{name: len(items) for name, items in differences.items()}, "possibly_renamed": possibly_renamed}
    return {"roster": later[1], "against": earlier[1], **differences, "counts": counts}


def _jurisdictions_of(item: Json) -> set[str | None]:
    origin = item.get("corrected_from") or item
    return {item["jurisdiction"], origin["jurisdiction"]}


def get_import_report(session: Session, snapshot: Snapshot, id: str) -> Json:
    """Return the import report of a roster; seven SQL statements.

    It has counts of repairs and flags, the rows set aside, and the comparison with the previous roster with rows.

    Raises:
        NotFound: there is no roster with this id; the error has similar ids.
    """
    roster = get_roster(session, snapshot, id)
    previous = in_force.load_rosters(session, snapshot).with_rows().previous_roster(roster["kind"], id)
    return {
        **{key: roster[key] for key in ("id", "kind", "date", "file", "sha256", "counts", "forced", "notes")},
        "repairs": _count_by_column((repair["column"], repair["how"]) for row in roster["rows"] for repair in row["repairs"]),
        "flags": _count_by_column((flag["column"], flag["what"]) for row in roster["rows"] for flag in row["flags"]),
        "rows": [row for row in roster["rows"] if row["outcome"] == RowOutcome.SET_ASIDE],
        "doubtful_signatures": [
            {"agreement": row.agreement, "signed": row.signed.isoformat()} for row in snapshot.execute(session, _DOUBTS, roster=id)
        ],
        "difference": compare_rosters(session, snapshot, id, previous.id) if previous else None,
    }


def _count_by_column(columns_and_codes: Iterable[tuple[str | None, str]]) -> list[Json]:
    return [{"column": column, "what": code, "times": times} for (column, code), times in Counter(columns_and_codes).most_common()]


def _get_roster_row(session: Session, snapshot: Snapshot, id: str) -> Row:
    row = _find_roster_row(session, snapshot, id)
    if row is None:
        raise NotFound(f"There is no roster {id}.", _suggest_ids(session, snapshot, id))
    return row


def _find_roster_row(session: Session, snapshot: Snapshot, id: str) -> Row | None:
    return snapshot.execute(session, _BY_ID, roster=id).mappings().one_or_none()


def _suggest_ids(session: Session, snapshot: Snapshot, id: str) -> tuple[str, ...]:
    return suggest(id, snapshot.execute(session, _IDS).scalars().all())


def _check_comparable(session: Session, snapshot: Snapshot, roster: Row, against_id: str) -> None:
    roster_against = _find_roster_row(session, snapshot, against_id)
    if roster_against is None:
        suggestions = _suggest_ids(session, snapshot, against_id)
        raise _invalid_against("A parameter names a roster that does not exist.", f"There is no roster {against_id}.", suggestions)
    if roster_against["roster"] == roster["roster"]:
        raise _invalid_against("A roster cannot be compared with itself.", "Name another roster.")
    if roster_against["kind"] != roster["kind"]:
        fault = f"{against_id} is a roster of {roster_against['kind']} agencies. Name a roster of {roster['kind']} agencies."
        raise _invalid_against("Only rosters of the same kind can be compared.", fault)
    for side in (roster, roster_against):
        if side["read"] is None:
            fault = f"Of {side['roster']} only the counts are on file. They are at /v1/agreements/history."
            raise _invalid_against("Only rosters with rows can be compared.", fault)


def _invalid_against(detail: str, fault: str, suggestions: tuple[str, ...] = ()) -> InvalidInput:
    return InvalidInput(detail, [Fault(fault, parameter="against", did_you_mean=suggestions)])


def load_counted_rows(session: Session, snapshot: Snapshot, ids: Iterable[str]) -> dict[str, dict[str, Row]]:
    """Load the counted rows of rosters (the first row of each agreement), by roster id and agreement id."""
    rows_by_roster: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in snapshot.execute(session, _COUNTED_ROWS, rosters=list(ids)).mappings():
        rows_by_roster[row["roster"]][row["agreement"]] = row
    return rows_by_roster


def _agreement_json(row: Row) -> Json:
    return {**_agency_json(row), "signed": signature_date_json(row["signed"]), "row": row["number"]}


def _listed_agreement(row: Row) -> ListedAgreement:
    return ListedAgreement(row["agreement"], _roster_agency(row["agency_id"], [row]), row["model"], row["signed"], row["county"])


def _origin_json(row: Row, successor: Successor, roster: str) -> Json:
    return {**{key: row[key] for key in ("jurisdiction", "agreement", "agency", "agency_id")}, "roster": roster, "why": successor.reason}


def _successor_json(successor: Successor | None, roster: str) -> Json | None:
    if successor is None:
        return None
    agency = successor.agreement.agency
    return {"agreement": successor.agreement.id, "agency": agency.name, "agency_id": agency.id, "roster": roster, "why": successor.reason}


def _redated_json(earlier: Row, later: Row) -> Json:
    return {
        **_agency_json(later),
        "before": signature_date_json(earlier["signed"]),
        "after": signature_date_json(later["signed"]),
        "row": later["number"],
    }


def _agency_json(row: Row) -> Json:
    return {"agreement": row["agreement"], "agency_id": row["agency_id"], **{key: row[key] for key in _AGENCY_FIELDS}}


def _renames_json(earlier: Mapping[str, RosterAgency], later: Mapping[str, RosterAgency]) -> list[Json]:
    """Return the renames between two rosters: first those that ``seeds/renames.yaml`` confirms, then the possible ones."""
    pairs = [(earlier[id], later[id]) for id in sorted(earlier.keys() & later.keys())]
    merged_renames = [AgencyRename(old, new, _merge_reason(old, new)) for old, new in pairs if agency_key(old.name) != agency_key(new.name)]
    removed_agencies = [earlier[id] for id in earlier.keys() - later.keys()]
    added_agencies = [later[id] for id in later.keys() - earlier.keys()]
    possible_renames = renames.find_possible_renames(removed_agencies, added_agencies)
    return [
        *(_rename_json(rename, is_merged=True) for rename in merged_renames),
        *(_rename_json(rename, is_merged=False) for rename in possible_renames),
    ]


def _merge_reason(old: RosterAgency, new: RosterAgency) -> str:
    folded_names = [fold_agency_name(agency.name, agency.jurisdiction) for agency in (old, new)]
    if folded_names[0].key != folded_names[1].key:
        return _RENAME_REASON
    rules = dict.fromkeys(rule for name in folded_names for rule in name.rules)
    return f"The names are the same by the rules for spellings ({', '.join(rules)})."


def _agencies_by_id(rows: Iterable[Row]) -> dict[str, RosterAgency]:
    """Return the agencies in a roster's rows, by id."""
    rows_by_agency: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        rows_by_agency[row["agency_id"]].append(row)
    return {id: _roster_agency(id, agency_rows) for id, agency_rows in rows_by_agency.items()}


def _roster_agency(id: str, rows: Sequence[Row]) -> RosterAgency:
    first = min(rows, key=lambda row: row["number"])
    signatures = frozenset((row["model"], row["signed"]) for row in rows)
    return RosterAgency(id, first["jurisdiction"], first["agency"], first["agency_type"], first["county_fips"], signatures)


def _rename_json(rename: AgencyRename, *, is_merged: bool) -> Json:
    sides = {
        side: {"id": agency.id, "name": agency.name, "jurisdiction": agency.jurisdiction}
        for side, agency in (("from", rename.earlier), ("to", rename.later))
    }
    return {**sides, "why": rename.reason, "merged": is_merged}


def roster_json(row: Row) -> Json:
    """Return a roster as the API shows it, without its rows."""
    day = row["date"]
    return {
        "id": row["roster"],
        "kind": row["kind"],
        "date": dates.date_json(EdtfDate(day.isoformat(), day, day, Basis(row["date_basis"]))),
        **{key: row[key] for key in ("time_of_day", "document", "file", "sha256")},
        "rows_on_file": row["read"] is not None,
        "seen_again": dates.date_json(_inferred_day(row["seen_again"]) if row["seen_again"] else UNKNOWN_DATE),
        "counts": {key: row[key] for key in _COUNT_FIELDS},
        "forced": row["forced"],
        "version": row["version"],
        "links": {"self": f"/v1/rosters/{row['roster']}", "document": f"/v1/documents/{row['document']}"},
    }


def _inferred_day(day: date) -> EdtfDate:
    return EdtfDate(day.isoformat(), day, day, Basis.INFERRED)


def _jurisdictions_json(counts: Json) -> list[Json]:
    """Return the counts of each jurisdiction on a roster, by code."""
    return [
        {
            "jurisdiction": None if code == UNKNOWN_JURISDICTION else code,
            "agreements": agreements,
            "agencies": agencies,
            "models": dict(sorted(counts["jurisdiction_model"][code].items())),
        }
        for code, (agreements, agencies) in sorted(counts["jurisdiction"].items())
    ]


def _row_json(row: Row) -> Json:
    return {**{key: row[key] for key in _ROW_FIELDS}, "signed": signature_date_json(row["signed"])}
