"""Import a roster in one revision: its origin and document, its rows, and the agencies and agreements that the rows name."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, exists, func, insert, select
from sqlalchemy.orm import Session

from legal.db.statements import bind_list, split_into_batches
from legal.errors import Fault, InvalidInput, NotReady, RefusedOperation
from legal.json_types import Json, Row
from legal.models import Agency, Agreement, AgreementDeparture, Jurisdiction, Roster, RosterRow, RosterVersion
from legal.rules.rosters import admission
from legal.rules.rosters.admission import POSITION_TIME_LENGTH, RosterCandidate, RosterSize
from legal.rules.rosters.parsed import REPEATED_HEADER, TOTAL_ROW, ParsedRow
from legal.services import search_index
from legal.services.publishing import ChangeReason, begin_publishing, publish
from legal.services.rosters import corrections, pairs, renaming
from legal.services.rosters import drafts as roster_drafts
from legal.services.rosters.drafts import RosterWorkbook, StoredCounts
from legal.services.rosters.rows import ImportRules, build_rows, possible_agencies, read_states
from legal.vocabulary import UNKNOWN_JURISDICTION, Basis, Cause

_ROSTER, _VERSION, _JURISDICTION = Roster.__table__.c, RosterVersion.__table__.c, Jurisdiction.__table__.c
_AGENCY, _AGREEMENT, _DEPARTURE = Agency.__table__.c, Agreement.__table__.c, AgreementDeparture.__table__.c

_JURISDICTION_TYPES = select(_JURISDICTION.code, _JURISDICTION.type)
_AGENCIES_BY_ID = select(_AGENCY.id, _AGENCY.name).where(_AGENCY.id.in_(bind_list("ids", _AGENCY.id)))
_AGREEMENTS_BY_ID = select(_AGREEMENT.id).where(_AGREEMENT.id.in_(bind_list("ids", _AGREEMENT.id)))
_OPEN_BY_HASH = (
    select(RosterVersion.__table__, _ROSTER.kind, _ROSTER.date, _ROSTER.date_basis, _ROSTER.position, _ROSTER.time_of_day, _ROSTER.sha256)
    .join(Roster.__table__, _ROSTER.id == _VERSION.roster)
    .where(_ROSTER.sha256 == bindparam("sha256"), _VERSION.revision_to.is_(None))
)
_SAME_PLACE = (
    select(_ROSTER.id)
    .join(RosterVersion.__table__, and_(_VERSION.roster == _ROSTER.id, _VERSION.revision_to.is_(None)))
    .where(_ROSTER.kind == bindparam("kind"), func.substr(_ROSTER.position, 1, POSITION_TIME_LENGTH) == bindparam("place"))
    .where(_ROSTER.sha256 != bindparam("sha256"))
    .limit(1)
)
_ROSTER_OF_KIND = (
    select(_ROSTER.id, _VERSION.agreements, _VERSION.counts)
    .join(RosterVersion.__table__, _VERSION.roster == _ROSTER.id)
    .where(_ROSTER.kind == bindparam("kind"), _VERSION.revision_to.is_(None))
    .limit(1)
)
_PREVIOUS_ROSTER = _ROSTER_OF_KIND.where(_ROSTER.position < bindparam("position")).order_by(_ROSTER.position.desc())
_NEXT_ROSTER = _ROSTER_OF_KIND.where(_ROSTER.position > bindparam("position")).order_by(_ROSTER.position)


def _departed_before_statement() -> Select[Any]:
    """Return the statement for the agreements that left before a roster's position and did not return before it."""
    next_rosters, later = Roster.__table__.alias("next_rosters"), RosterRow.__table__.alias("later_row").c
    next_roster = next_rosters.c
    is_listed_later = exists().where(
        later.agreement == _DEPARTURE.agreement,
        later.kind == next_roster.kind,
        later.position > next_roster.position,
        later.position < bindparam("position", type_=_ROSTER.position.type),
        later.revision_to.is_(None),
    )
    is_before = and_(next_roster.kind == bindparam("kind"), next_roster.position < bindparam("position", type_=_ROSTER.position.type))
    statement = select(_DEPARTURE.agreement).join(next_rosters, next_roster.id == _DEPARTURE.next_roster)
    return statement.where(_DEPARTURE.revision_to.is_(None), is_before, ~is_listed_later)


_DEPARTED_BEFORE = _departed_before_statement()


@dataclass(frozen=True, slots=True)
class ImportResult:
    """The result of an import.

    ``count_differences`` are the counts that were on file before the rows and differ from them; the rows decide.
    ``was_observed`` is true if the same bytes were on file, and the import recorded another day on which they were published.
    """

    id: str
    revision: int | None
    overruled_errors: tuple[str, ...] = ()
    count_differences: tuple[Json, ...] = ()
    warnings: tuple[str, ...] = ()
    was_observed: bool = False


def import_roster(
    session: Session, workbook: RosterWorkbook, rules: ImportRules, report_progress: Callable[[int], object] = lambda row_count: None
) -> ImportResult:
    """Import a workbook in the caller's transaction. Importing the same bytes again changes nothing, unless the day is another one.

    If only the counts of this workbook are on file, the rows are added in a new version of the roster. The version
    keeps the file name and the basis of the date that are on file.

    ``report_progress`` is called after each batch with the number of rows in it.

    Raises:
        InvalidInput: the admission rules refuse the workbook and it is not forced; the error has the reasons.
        RefusedOperation: its bytes are on file as a roster of another kind, or two agencies would share an id.
        NotReady: no jurisdiction is on file yet.
    """
    begin_publishing(session)
    rules = renaming.add_stored_renames(session, rules)
    stored_roster = _find_roster(session, workbook)
    if stored_roster is None:
        return _import_rows(session, workbook, rules, None, report_progress)
    result = ImportResult(stored_roster["roster"], None)
    if stored_roster["read"] is None:
        stored_counts = StoredCounts(stored_roster["counts"], stored_roster["seen_on"] or ())
        stored_file = {"file_name": stored_roster["file"], "date": stored_roster["date"], "date_basis": Basis(stored_roster["date_basis"])}
        result = _import_rows(session, replace(workbook, **stored_file), rules, stored_counts, report_progress)
        stored_roster = corrections.load_open_roster(session, result.id)
    revision = corrections.observe_roster(session, stored_roster, workbook.roster_file)
    if revision is None:
        return result
    return replace(result, id=_find_id(session, workbook.sha256), revision=revision, was_observed=True)


def _check_jurisdictions(rows: Iterable[Json], codes_on_file: Collection[str]) -> None:
    """Check that each jurisdiction that a roster names is on file.

    Raises:
        NotReady: one is not.
    """
    missing_codes = sorted({row["jurisdiction"] for row in rows if row["jurisdiction"]} - set(codes_on_file))
    if missing_codes:
        raise NotReady(
            f"The roster names jurisdictions that are not on file: {', '.join(missing_codes)}. "
            "Load their seed files with `flask seed` before you import it. Nothing changed."
        )


def _import_rows(
    session: Session,
    workbook: RosterWorkbook,
    rules: ImportRules,
    stored_counts: StoredCounts | None,
    report_progress: Callable[[int], object],
) -> ImportResult:
    """Import the rows of a roster. ``stored_counts`` is what is on file of it, if its counts are."""
    if stored_identity := session.get(Roster, workbook.id):
        workbook = replace(workbook, date_basis=Basis(stored_identity.date_basis))  # it was withdrawn, or has its counts on file
    _check_place_in_day(session, workbook)
    jurisdiction_types = {row.code: row.type for row in session.execute(_JURISDICTION_TYPES)}
    if not jurisdiction_types:
        raise NotReady("No jurisdiction is on file. Load the seeds with `flask seed` before you import a roster.")
    rows = build_rows(_read_states(session, workbook, rules), rules)
    _check_jurisdictions(rows, jurisdiction_types)
    candidate = _build_candidate(session, workbook, rows)
    errors = admission.admission_errors(candidate, rules.max_loss_percent, rules.max_set_aside_percent)
    if errors and not workbook.force_reason:
        raise InvalidInput(f"{workbook.file_name} was refused as a whole. Nothing changed.", [Fault(error) for error in errors])
    drafts = [
        roster_drafts.roster_origin_draft(workbook.roster_file),
        roster_drafts.roster_document_draft(workbook.roster_file),
        roster_drafts.roster_version_draft(workbook, rows, jurisdiction_types, workbook.force_reason if errors else None, stored_counts),
    ]
    revision = publish(
        session, drafts, [], ChangeReason(Cause.SOURCE_ADDED, _revision_reason(workbook, errors), corrections.ACTOR)
    ).revision
    assert revision is not None  # noqa: S101 - a roster that is not on file makes a revision
    _insert_rows(session, workbook, rows, revision, report_progress)
    pairs.refresh_pairs_around(session, revision, workbook.kind, workbook.position)
    differences = roster_drafts.count_differences(stored_counts, [row for row in rows if row["counted"]])
    return ImportResult(workbook.id, revision, tuple(errors), tuple(differences), tuple(admission.admission_warnings(candidate)))


def _read_states(session: Session, workbook: RosterWorkbook, rules: ImportRules) -> list[ParsedRow]:
    parsed_rows = workbook.parsed_roster.rows
    stored_names = _load_agency_names(session, sorted(possible_agencies(parsed_rows)))
    return read_states(parsed_rows, rules.counties, stored_names.keys())


def _insert_rows(
    session: Session, workbook: RosterWorkbook, rows: Sequence[Json], revision: int, report_progress: Callable[[int], object]
) -> None:
    _insert_agencies_and_agreements(session, rows, revision)
    for batch in split_into_batches(rows):
        session.execute(insert(RosterRow.__table__), [_table_row(row, workbook, revision) for row in batch])
        report_progress(len(batch))
    search_index.index_agencies(session, revision, {row["agency_id"]: row["agency"] for row in reversed(rows) if row["counted"]})


def _find_roster(session: Session, workbook: RosterWorkbook) -> Row | None:
    """Return the open version of the roster with the same bytes, with its identity, or None."""
    stored_roster = session.execute(_OPEN_BY_HASH, {"sha256": workbook.sha256}).mappings().one_or_none()
    if stored_roster and stored_roster["kind"] != workbook.kind:
        raise RefusedOperation(f"The same bytes are on file as {stored_roster['roster']}, of another kind. Nothing changed.")
    return stored_roster


def _check_place_in_day(session: Session, workbook: RosterWorkbook) -> None:
    values = {"kind": workbook.kind, "place": workbook.position[:POSITION_TIME_LENGTH], "sha256": workbook.sha256}
    if other_id := session.scalar(_SAME_PLACE, values):
        raise RefusedOperation(
            f"{other_id} is another roster of the same day, and nothing says which one is later. Nothing changed. "
            "Give the time of publication with --time HH:MM."
        )


def _find_id(session: Session, sha256: str) -> str:
    id: str = session.execute(_OPEN_BY_HASH, {"sha256": sha256}).mappings().one()["roster"]
    return id


def _build_candidate(session: Session, workbook: RosterWorkbook, rows: Sequence[Json]) -> RosterCandidate:
    counted_rows = [row for row in rows if row["counted"]]
    by_jurisdiction, by_model = (
        Counter(row[column] or UNKNOWN_JURISDICTION for row in counted_rows) for column in ("jurisdiction", "model")
    )
    return RosterCandidate(
        workbook.kind,
        workbook.date,
        workbook.parsed_roster.kind,
        workbook.parsed_roster.missing_columns,
        workbook.newest_signature,
        row_count=len(rows),
        size=RosterSize("this roster", len(counted_rows), by_jurisdiction, by_model),
        today=datetime.now(UTC).date(),
        previous_size=_load_neighbor_size(session, workbook, _PREVIOUS_ROSTER),
        next_size=_load_neighbor_size(session, workbook, _NEXT_ROSTER),
        set_aside_count=sum(row["why"] not in (None, TOTAL_ROW, REPEATED_HEADER) for row in rows),
        unknown_count=sum(row["agreement"] is not None and row["jurisdiction"] is None for row in rows),
        is_strict=workbook.is_strict,
        doubtful_columns=workbook.parsed_roster.doubtful_columns,
        tracker_columns=admission.find_tracker_columns(workbook.parsed_roster.columns.values()),
        headed_sheets=workbook.parsed_roster.headed_sheets,
        repeated_count=sum(row["agreement"] is not None and not row["counted"] for row in rows),
        **_count_returns(session, workbook, {row["agreement"] for row in counted_rows}),
    )


def _count_returns(session: Session, workbook: RosterWorkbook, agreements: Set[str]) -> dict[str, int]:
    """Return how many agreements had departed before this roster and stayed away, and how many of them it lists."""
    values = {"kind": workbook.kind, "position": workbook.position}
    departed_agreements = set(session.scalars(_DEPARTED_BEFORE, values))
    return {"departed_count": len(departed_agreements), "returned_count": len(departed_agreements & agreements)}


def _load_neighbor_size(session: Session, workbook: RosterWorkbook, statement: Select[Any]) -> RosterSize | None:
    row = session.execute(statement, {"kind": workbook.kind, "position": workbook.position}).one_or_none()
    if row is None:
        return None
    by_jurisdiction, by_model = (
        {name: agreements for name, (agreements, _) in row.counts[column].items()} for column in ("jurisdiction", "model")
    )
    return RosterSize(row.id, row.agreements, by_jurisdiction, by_model)


def _table_row(row: Json, workbook: RosterWorkbook, revision: int) -> Json:
    roster_columns = {"roster": workbook.id, "kind": workbook.kind, "position": workbook.position, "revision_from": revision}
    return {**{column: value for column, value in row.items() if column not in ("agency_name", "agency_id")}, **roster_columns}


def _insert_agencies_and_agreements(session: Session, rows: Sequence[Json], revision: int) -> None:
    """Insert the permanent rows of the agencies and agreements that the roster names for the first time."""
    counted_rows = [row for row in rows if row["counted"]]
    rows_by_agency = {row["agency_id"]: row for row in counted_rows}
    stored_names = _load_agency_names(session, list(rows_by_agency))
    _check_agency_names(stored_names, rows_by_agency)
    for batch in split_into_batches([row for id, row in rows_by_agency.items() if id not in stored_names]):
        session.execute(insert(Agency.__table__), [_agency_columns(row, revision) for row in batch])
    rows_by_agreement = {row["agreement"]: row for row in counted_rows}
    for ids in split_into_batches(_list_new_agreements(session, list(rows_by_agreement))):
        session.execute(insert(Agreement.__table__), [_agreement_columns(rows_by_agreement[id], revision) for id in ids])


def _check_agency_names(stored_names: Mapping[str, str], rows_by_agency: Mapping[str, Json]) -> None:
    for id, stored_name in stored_names.items():
        new_name = rows_by_agency[id]["agency_name"]
        if stored_name != new_name:
            raise RefusedOperation(f"Agency id collision: {id} would name {stored_name!r} and {new_name!r}. Import aborted.")


def _agency_columns(row: Json, revision: int) -> Json:
    return {"id": row["agency_id"], "jurisdiction": row["jurisdiction"], "name": row["agency_name"], "revision_from": revision}


def _agreement_columns(row: Json, revision: int) -> Json:
    agreement = {"id": row["agreement"], "agency": row["agency_id"], "jurisdiction": row["jurisdiction"], "model": row["model"]}
    return {**agreement, "revision_from": revision}


def _load_agency_names(session: Session, ids: list[str]) -> dict[str, str]:
    return {row.id: row.name for batch in split_into_batches(ids) for row in session.execute(_AGENCIES_BY_ID, {"ids": batch})}


def _list_new_agreements(session: Session, ids: list[str]) -> list[str]:
    stored_ids = {id for batch in split_into_batches(ids) for id in session.scalars(_AGREEMENTS_BY_ID, {"ids": batch})}
    return [id for id in ids if id not in stored_ids]


def _revision_reason(workbook: RosterWorkbook, errors: Sequence[str]) -> str:
    reason = f"Imported ICE's roster of {workbook.kind} agencies of {workbook.date.isoformat()}."
    return f"{reason} Forced: {workbook.force_reason}" if errors else reason
