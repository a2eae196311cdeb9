"""Build the drafts that publish a roster: its origin, its document, and the roster itself with its counts."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from legal.json_types import Json
from legal.models import DocumentVersion, OriginVersion, Roster, RosterVersion
from legal.rules.dates import UNKNOWN_DATE, EdtfDate, parse_date
from legal.rules.rosters import admission
from legal.rules.rosters.parsed import ParsedRoster
from legal.services.publishing import DOCUMENT_ENTITY, ORIGIN_ENTITY, Draft, VersionedEntity
from legal.vocabulary import Basis, DocumentType, JurisdictionType, OriginType, RosterKind, RowOutcome, Serve

_PUBLISHER = "US Immigration and Customs Enforcement"
_ROSTER_ENTITY = VersionedEntity("roster", Roster, RosterVersion)


@dataclass(frozen=True, slots=True)
class RosterWorkbook:
    """A workbook to import: its file name and hash, its parsed content, and its kind and date.

    ``newest_signature`` is the latest signature date up to today, even if it is later than the roster's date, and the number
    of its row. ``force_reason`` imports the roster even if the admission rules refuse it.
    """

    file_name: str
    sha256: str
    parsed_roster: ParsedRoster
    newest_signature: tuple[date, int] | None
    kind: RosterKind
    date: date
    date_basis: Basis
    force_reason: str | None = None

    @property
    def id(self) -> str:
        """The roster's id, derived from kind, date and hash."""
        return admission.roster_id(self.kind, self.date, self.sha256)

    @property
    def position(self) -> str:
        """The roster's sort key among all rosters."""
        return admission.roster_position(self.date, admission.parse_file_name(self.file_name).is_evening, self.sha256)


def _publication_date(workbook: RosterWorkbook) -> EdtfDate:
    return parse_date(workbook.date.isoformat(), workbook.date_basis)


def _title(workbook: RosterWorkbook) -> str:
    return f"ICE's list of {workbook.kind} agencies, {workbook.date.isoformat()}"


def roster_origin_draft(workbook: RosterWorkbook) -> Draft:
    """Return the draft of the origin that the roster's document traces back to."""
    content: Json = {
        "id": workbook.id,
        "type": str(OriginType.OFFICIAL_RECORD),
        "title": _title(workbook),
        "issuer": _PUBLISHER,
        "date": _publication_date(workbook),
        "note": None,
    }
    return Draft(ORIGIN_ENTITY, workbook.id, {}, content, lambda columns: OriginVersion(**columns, **_without_id(content)))


def roster_document_draft(workbook: RosterWorkbook) -> Draft:
    """Return the draft of the roster's document."""
    content: Json = {
        "id": workbook.id,
        "type": str(DocumentType.ROSTER),
        "file": workbook.file_name,
        "title": _title(workbook),
        "publisher": _PUBLISHER,
        "author": None,
        "republishes": None,
        "published": _publication_date(workbook),
        "url": None,
        "archive_url": None,
        "accessed": UNKNOWN_DATE,
        "sha256": workbook.sha256,
        "paragraphs": None,
        "characters": None,
        "origin": workbook.id,
        "serve": str(Serve.NONE),
        "note": None,
        "set_aside": [],
    }
    return Draft(DOCUMENT_ENTITY, workbook.id, {}, content, lambda columns: DocumentVersion(**columns, **_without_id(content)))


def roster_version_draft(
    workbook: RosterWorkbook, rows: Sequence[Json], jurisdiction_types: Mapping[str, str], force_reason: str | None
) -> Draft:
    """Return the draft of the roster with its counts.

    ``jurisdiction_types`` gives the type of each jurisdiction by code. ``force_reason`` is null if nothing was overruled.
    """
    parsed_roster, outcomes = workbook.parsed_roster, Counter(row["outcome"] for row in rows)
    counted_rows = [row for row in rows if row["counted"]]
    roster_types = [jurisdiction_types[code] for code in {row["jurisdiction"] for row in counted_rows}]
    content: Json = {
        "document": workbook.id,
        "file": workbook.file_name,
        "sheet": parsed_roster.sheet,
        "columns": {str(column): header for column, header in parsed_roster.columns.items()},
        "notes": [*parsed_roster.notes, *_unread_notes(parsed_roster)],
        "rows": len(rows),
        **{str(outcome): outcomes[outcome] for outcome in RowOutcome},
        "agreements": len(counted_rows),
        "agencies": len({row["agency_id"] for row in counted_rows}),
        "states": sum(jurisdiction_type in (JurisdictionType.STATE, JurisdictionType.DISTRICT) for jurisdiction_type in roster_types),
        "territories": sum(jurisdiction_type == JurisdictionType.TERRITORY for jurisdiction_type in roster_types),
        "counts": {column: _count_by(counted_rows, column) for column in ("jurisdiction", "model")},
        "forced": force_reason,
    }
    identity = {
        "kind": workbook.kind,
        "date": workbook.date,
        "date_basis": workbook.date_basis,
        "position": workbook.position,
        "sha256": workbook.sha256,
    }
    logged_content = {"id": workbook.id, **identity, **content}
    return Draft(_ROSTER_ENTITY, workbook.id, identity, logged_content, lambda columns: RosterVersion(**columns, **content))


def _unread_notes(parsed_roster: ParsedRoster) -> Iterable[str]:
    """Yield notes on the parts of a workbook that are in no row."""
    if parsed_roster.other_sheets:
        yield f"Sheets that were not read: {', '.join(map(repr, parsed_roster.other_sheets))}."
    if parsed_roster.header_row > 1:
        yield f"The header is in row {parsed_roster.header_row}. The rows above it were not read."


def _count_by(counted_rows: Sequence[Json], column: str) -> dict[str, list[int]]:
    """Return the numbers of agreements and agencies for each value of a column."""
    agreements = Counter(row[column] for row in counted_rows)
    agencies = Counter(value for value, _ in {(row[column], row["agency_id"]) for row in counted_rows})
    return {str(value): [agreements[value], agencies[value]] for value in sorted(agreements)}


def _without_id(content: Mapping[str, Any]) -> Json:
    return {key: value for key, value in content.items() if key != "id"}
