"""Record or undo the rename of an agency, and change the rows of all rosters in the same revision."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Integer, bindparam, insert, select, update
from sqlalchemy.orm import Session

from legal.db.statements import bind_list, split_into_batches
from legal.errors import InvalidInput, NotFound
from legal.json_types import Json, Row
from legal.models import Agency, Agreement, Rename, RenameVersion, Roster, RosterRow
from legal.rules.rosters import admission
from legal.rules.rosters.folding import fold_agency_name
from legal.rules.rosters.normalize import agency_key
from legal.services import search_index
from legal.services.publishing import ChangeReason, Draft, VersionedEntity, begin_publishing, publish
from legal.services.rosters import corrections, pairs
from legal.services.rosters import drafts as roster_drafts
from legal.services.rosters.rows import ImportRules
from legal.suggestions import suggest
from legal.vocabulary import Cause

RENAME_ENTITY = VersionedEntity("rename", Rename, RenameVersion)

_RENAME, _VERSION = Rename.__table__.c, RenameVersion.__table__.c
_AGENCY, _AGREEMENT, _ROSTER, _ROW = Agency.__table__.c, Agreement.__table__.c, Roster.__table__.c, RosterRow.__table__.c

_OPEN_RENAMES = (
    select(_RENAME.id, _RENAME.jurisdiction, _VERSION.old_name, _VERSION.new_name)
    .join(RenameVersion.__table__, _VERSION.rename == _RENAME.id)
    .where(_VERSION.revision_to.is_(None))
)
_AGENCY_IDS = select(_AGENCY.id).where(_AGENCY.jurisdiction == bindparam("jurisdiction"))
_ROWS_OF_AGENCIES = (
    select(_ROW.key, _ROW.roster, _ROW.number, _ROW.agency, _ROW.agreement, _ROW.counted, _ROW.model, _ROW.jurisdiction)
    .add_columns(_AGREEMENT.agency.label("agency_id"), _ROSTER.position, _ROSTER.kind)
    .join(Agreement.__table__, _AGREEMENT.id == _ROW.agreement)
    .join(Roster.__table__, _ROSTER.id == _ROW.roster)
    .where(_AGREEMENT.agency.in_(bind_list("agencies", _AGREEMENT.agency)), _ROW.revision_to.is_(None))
    .order_by(_ROSTER.position, _ROW.number)
)
_ROWS_BY_KEY = select(RosterRow.__table__).where(_ROW.key.in_(bind_list("keys", _ROW.key)))
_CLOSE_ROWS = (
    update(RosterRow.__table__).where(_ROW.key.in_(bind_list("keys", _ROW.key))).values(revision_to=bindparam("revision", type_=Integer))
)


@dataclass(frozen=True, slots=True)
class RenameResult:
    """The revision of a rename or of its withdrawal, the agency that its rows name from then on, and the number of rows and rosters."""

    revision: int
    agency: str
    row_count: int
    roster_count: int


@dataclass(frozen=True, slots=True)
class _RowChange:
    """A row, and the agency and agreement that it names from the next revision on."""

    row: Row
    agency: str
    counted: bool

    @property
    def agreement(self) -> str:
        return f"{self.agency}-{self.row['model'].replace('_', '-')}"

    @property
    def is_needed(self) -> bool:
        return (self.agency, self.counted) != (self.row["agency_id"], self.row["counted"])


def add_stored_renames(session: Session, rules: ImportRules) -> ImportRules:
    """Return the rules of an import with the renames on the record in addition; these win over the project's list."""
    renames = {jurisdiction: dict(names) for jurisdiction, names in rules.renames_by_jurisdiction.items()}
    for row in session.execute(_OPEN_RENAMES):
        renames.setdefault(row.jurisdiction, {})[_key_of_id(row.id, row.old_name, row.jurisdiction)] = _fold_name(
            row.new_name, row.jurisdiction
        )
    return replace(rules, renames_by_jurisdiction=renames)


def rename_agency(session: Session, jurisdiction: str, old_name: str, new_name: str, reason: str, rules: ImportRules) -> RenameResult:
    """Make two names one agency on all rosters, earlier ones included, in one revision.

    Raises:
        NotFound: no roster on file has the agency's old name; the error has similar ids.
        InvalidInput: the names are one agency already, or renames would form a circle.
    """
    begin_publishing(session)
    stored_ids = set(session.scalars(_AGENCY_IDS, {"jurisdiction": jurisdiction}))
    old_id, new_key = _find_agency(old_name, jurisdiction, stored_ids), _fold_name(new_name, jurisdiction)
    names = add_stored_renames(session, rules).renames_by_jurisdiction.get(jurisdiction, {})
    target_key = admission.current_name(new_key, names)
    target_id = admission.agency_id(jurisdiction, target_key)
    if target_id == old_id or admission.current_name(_key_of_id(old_id, old_name, jurisdiction), names) == target_key:
        raise InvalidInput(f"{old_name} and {new_name} are one agency already, or renames would form a circle. Nothing changed.")
    content = {"id": old_id, "jurisdiction": jurisdiction, "old_name": old_name, "new_name": new_name, "reason": reason}
    columns = {key: content[key] for key in ("old_name", "new_name", "reason")}
    draft = Draft(RENAME_ENTITY, old_id, {"jurisdiction": jurisdiction}, content, lambda keys: RenameVersion(**keys, **columns))
    rows = _load_rows(session, (old_id, target_id))
    agencies = [target_id if row["agency_id"] == old_id else row["agency_id"] for row in rows]
    change = ChangeReason(Cause.CORRECTION, f"{old_name} is {new_name}. {reason}", corrections.ACTOR)
    return _publish_rename(session, _row_changes(rows, agencies), [draft], [], change, (target_id, target_key, jurisdiction))


def undo_rename(session: Session, jurisdiction: str, old_name: str, reason: str, rules: ImportRules) -> RenameResult:
    """Make the rows that print the old name an agency of its own again, in one revision.

    Raises:
        NotFound: there is no such rename on the record.
    """
    begin_publishing(session)
    stored_renames = {row.id: row for row in session.execute(_OPEN_RENAMES) if row.jurisdiction == jurisdiction}
    old_id = next((id for id in _possible_ids(old_name, jurisdiction) if id in stored_renames), None)
    if old_id is None:
        raise NotFound(
            f"No rename of {old_name} ({jurisdiction}) is on the record. To undo a rename in seeds/renames.yaml, remove it there."
        )
    names = add_stored_renames(session, rules).renames_by_jurisdiction[jurisdiction]
    old_key = _key_of_id(old_id, old_name, jurisdiction)
    target_id = admission.agency_id(jurisdiction, admission.current_name(old_key, names))
    rows = _load_rows(session, (old_id, target_id))
    agencies = [old_id if _prints_name(row, old_key, jurisdiction) else row["agency_id"] for row in rows]
    change = ChangeReason(
        Cause.CORRECTION, f"{old_name} is no longer taken for {stored_renames[old_id].new_name}. {reason}", corrections.ACTOR
    )
    return _publish_rename(session, _row_changes(rows, agencies), [], [(RENAME_ENTITY, old_id)], change, (old_id, old_key, jurisdiction))


def _fold_name(name: str, jurisdiction: str) -> str:
    return fold_agency_name(name, jurisdiction).key


def _possible_ids(name: str, jurisdiction: str) -> list[str]:
    """Return the ids that an agency may have: by its spelling alone, if a roster has both spellings, else by the folded name."""
    return [admission.agency_id(jurisdiction, key) for key in (agency_key(name), _fold_name(name, jurisdiction))]


def _key_of_id(id: str, name: str, jurisdiction: str) -> str:
    plain_key = agency_key(name)
    return plain_key if admission.agency_id(jurisdiction, plain_key) == id else _fold_name(name, jurisdiction)


def _find_agency(name: str, jurisdiction: str, stored_ids: Iterable[str]) -> str:
    stored_ids = set(stored_ids)
    for id in _possible_ids(name, jurisdiction):
        if id in stored_ids:
            return id
    suggestions = suggest(admission.agency_id(jurisdiction, _fold_name(name, jurisdiction)), sorted(stored_ids))
    hint = f" Did you mean {' or '.join(suggestions)}?" if suggestions else ""
    raise NotFound(f"No roster on file names {name} ({jurisdiction}).{hint}", suggestions)


def _prints_name(row: Row, key: str, jurisdiction: str) -> bool:
    return key in (agency_key(row["agency"]), _fold_name(row["agency"], jurisdiction))


def _load_rows(session: Session, agencies: Sequence[str]) -> list[Row]:
    return list(session.execute(_ROWS_OF_AGENCIES, {"agencies": list(agencies)}).mappings())


def _row_changes(rows: Sequence[Row], agencies: Sequence[str]) -> list[_RowChange]:
    """Return the change of each row. ``counted`` is true in the first row of each agreement in a roster."""
    counted_agreements: set[tuple[str, str, str]] = set()
    changes = []
    for row, agency in zip(rows, agencies, strict=True):
        agreement = row["roster"], agency, row["model"]
        changes.append(_RowChange(row, agency, agreement not in counted_agreements))
        counted_agreements.add(agreement)
    return changes


def _publish_rename(
    session: Session,
    changes: Sequence[_RowChange],
    drafts: Sequence[Draft],
    retractions: Sequence[tuple[VersionedEntity, str]],
    change: ChangeReason,
    target: tuple[str, str, str],
) -> RenameResult:
    """Publish the rename and write the rows; ``target`` is the id, key and jurisdiction of the agency that the rows move to."""
    needed_changes = [row_change for row_change in changes if row_change.is_needed]
    revision = publish(session, [*drafts, *_count_drafts(session, changes)], retractions, change).revision
    assert revision is not None  # noqa: S101 - a rename is published or retracted
    _insert_target(session, needed_changes, target, revision)
    for batch in split_into_batches(needed_changes):
        by_key = {row_change.row["key"]: row_change for row_change in batch}
        rows = session.execute(_ROWS_BY_KEY, {"keys": list(by_key)}).mappings().all()
        session.execute(_CLOSE_ROWS, {"keys": list(by_key), "revision": revision})
        session.execute(insert(RosterRow.__table__), [_new_row(row, by_key[row["key"]], revision) for row in rows])
    rosters = {row_change.row["roster"]: row_change.row for row_change in needed_changes}
    for row in rosters.values():
        pairs.refresh_pairs_around(session, revision, row["kind"], row["position"])
    search_index.reindex_agencies(session, revision, sorted({target[0], *(row_change.row["agency_id"] for row_change in needed_changes)}))
    return RenameResult(revision, target[0], len(needed_changes), len(rosters))


def _new_row(row: Row, change: _RowChange, revision: int) -> Json:
    columns = {name: value for name, value in row.items() if name not in ("key", "revision_to")}
    return {**columns, "agreement": change.agreement, "counted": change.counted, "revision_from": revision}


def _insert_target(session: Session, changes: Sequence[_RowChange], target: tuple[str, str, str], revision: int) -> None:
    id, key, jurisdiction = target
    if session.get(Agency, id) is None:
        session.execute(insert(Agency.__table__), {"id": id, "jurisdiction": jurisdiction, "name": key, "revision_from": revision})
    for agreement, model in sorted({(row_change.agreement, row_change.row["model"]) for row_change in changes}):
        if session.get(Agreement, agreement) is None:
            columns = {"id": agreement, "agency": id, "jurisdiction": jurisdiction, "model": model, "revision_from": revision}
            session.execute(insert(Agreement.__table__), columns)


def _count_drafts(session: Session, changes: Sequence[_RowChange]) -> list[Draft]:
    """Return drafts of the rosters whose numbers of agreements or agencies change."""
    changes_by_roster: dict[str, list[_RowChange]] = defaultdict(list)
    for change in changes:
        changes_by_roster[change.row["roster"]].append(change)
    drafts = []
    for roster, roster_changes in changes_by_roster.items():
        old_agreements = [
            (change.row["jurisdiction"], change.row["model"], change.row["agency_id"]) for change in roster_changes if change.row["counted"]
        ]
        new_agreements = [(change.row["jurisdiction"], change.row["model"], change.agency) for change in roster_changes if change.counted]
        if _count_agreements(old_agreements) != _count_agreements(new_agreements):
            row = corrections.load_open_roster(session, roster)
            drafts.append(
                roster_drafts.stored_roster_draft(
                    _recount(row, old_agreements, new_agreements), corrections.stored_file(row), row["seen_on"] or ()
                )
            )
    return drafts


_CountedAgreement = tuple[str, str, str]
"""The jurisdiction, the model and the agency of an agreement that a roster counts."""


def _count_agreements(agreements: Sequence[_CountedAgreement]) -> tuple[Counter[tuple[str, str]], Counter[str]]:
    """Return the numbers of agreements by jurisdiction and model, and of agencies by jurisdiction."""
    agencies = {(jurisdiction, agency) for jurisdiction, _, agency in agreements}
    return Counter((jurisdiction, model) for jurisdiction, model, _ in agreements), Counter(jurisdiction for jurisdiction, _ in agencies)


def _recount(row: Row, old_agreements: Sequence[_CountedAgreement], new_agreements: Sequence[_CountedAgreement]) -> Mapping[str, Any]:
    """Return a roster's columns with its counts changed by the difference between two lists of agreements."""
    counts, totals = deepcopy(row["counts"]), {"agreements": row["agreements"], "agencies": row["agencies"]}
    for agreements, sign in ((old_agreements, -1), (new_agreements, 1)):
        by_model, agencies = _count_agreements(agreements)
        for (jurisdiction, model), number in by_model.items():
            counts["jurisdiction"][jurisdiction][0] += sign * number
            counts["jurisdiction_model"][jurisdiction][model] += sign * number
            counts["model"][model] = [value + sign * number for value in counts["model"][model]]
            totals["agreements"] += sign * number
        for jurisdiction, number in agencies.items():
            counts["jurisdiction"][jurisdiction][1] += sign * number
            totals["agencies"] += sign * number
    return {**row, **totals, "counts": counts}
