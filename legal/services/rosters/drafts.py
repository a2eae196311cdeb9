"""A list as drafts ready to publish: its origin, its document, and the list itself with its counts."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from legal.json_types import Json
from legal.models import DocumentVersion, OriginVersion, Roster, RosterVersion
from legal.rules.dates import UNKNOWN, When, when
from legal.rules.rosters import admission
from legal.rules.rosters.parsed import ParsedRoster
from legal.services.publishing import DOCUMENT, ORIGIN, Draft, Noun
from legal.vocabulary import Basis, DocumentType, JurisdictionType, OriginType, RosterKind, RowOutcome, Serve

PUBLISHER = "US Immigration and Customs Enforcement"
ROSTER = Noun("roster", Roster, RosterVersion)


@dataclass(frozen=True, slots=True)
class Workbook:
    """A file to import: its own name, its hash, what it was read as, and what is said of it.

    ``newest`` is the newest signature that any row has, in whatever order the list and its day stand,
    with the row's number; a day still to come is left out.
    """

    file: str
    sha256: str
    listed: ParsedRoster
    newest: tuple[date, int] | None
    kind: RosterKind
    date: date
    basis: Basis
    forced: str | None = None

    @property
    def id(self) -> str:
        """The list's id, which follows from what it is."""
        return admission.id_of(self.kind, self.date, self.sha256)

    @property
    def position(self) -> str:
        """Where it stands among all lists."""
        return admission.position(self.date, admission.named(self.file).evening, self.sha256)


def _published(workbook: Workbook) -> When:
    return when(workbook.date.isoformat(), workbook.basis)


def _title(workbook: Workbook) -> str:
    return f"ICE's list of {workbook.kind} agencies, {workbook.date.isoformat()}"


def origin(workbook: Workbook) -> Draft:
    """The list as what its document traces back to."""
    content: Json = {
        "id": workbook.id,
        "type": str(OriginType.OFFICIAL_RECORD),
        "title": _title(workbook),
        "issuer": PUBLISHER,
        "date": _published(workbook),
        "note": None,
    }
    return Draft(ORIGIN, workbook.id, {}, content, lambda filled: OriginVersion(**filled, **_without_id(content)))


def document(workbook: Workbook) -> Draft:
    """The list as a document."""
    content: Json = {
        "id": workbook.id,
        "type": str(DocumentType.ROSTER),
        "file": workbook.file,
        "title": _title(workbook),
        "publisher": PUBLISHER,
        "author": None,
        "republishes": None,
        "published": _published(workbook),
        "url": None,
        "archive_url": None,
        "accessed": UNKNOWN,
        "sha256": workbook.sha256,
        "paragraphs": None,
        "characters": None,
        "origin": workbook.id,
        "serve": str(Serve.NONE),
        "note": None,
        "set_aside": [],
    }
    return Draft(DOCUMENT, workbook.id, {}, content, lambda filled: DocumentVersion(**filled, **_without_id(content)))


def roster(workbook: Workbook, rows: Sequence[Json], places: Mapping[str, str], forced: str | None) -> Draft:
    """The list, with its counts kept; ``places`` gives each place's type, ``forced`` why it was imported although it was refused."""
    listed, outcomes = workbook.listed, Counter(row["outcome"] for row in rows)
    counted = [row for row in rows if row["counted"]]
    named = {row["jurisdiction"] for row in counted}
    content: Json = {
        "document": workbook.id,
        "file": workbook.file,
        "sheet": listed.sheet,
        "columns": {str(column): header for column, header in listed.columns.items()},
        "notes": [*listed.notes, *_unread(listed)],
        "rows": len(rows),
        **{str(outcome): outcomes[outcome] for outcome in RowOutcome},
        "agreements": len(counted),
        "agencies": len({row["agency_id"] for row in counted}),
        "states": sum(places[code] in (JurisdictionType.STATE, JurisdictionType.DISTRICT) for code in named),
        "territories": sum(places[code] == JurisdictionType.TERRITORY for code in named),
        "counts": {by: _tally(counted, by) for by in ("jurisdiction", "model")},
        "forced": forced,
    }
    identity = {
        "kind": workbook.kind,
        "date": workbook.date,
        "date_basis": workbook.basis,
        "position": workbook.position,
        "sha256": workbook.sha256,
    }
    logged = {"id": workbook.id, **identity, **content}
    return Draft(ROSTER, workbook.id, identity, logged, lambda filled: RosterVersion(**filled, **content))


def _unread(listed: ParsedRoster) -> Iterable[str]:
    """What of a workbook no row tells."""
    if listed.other_sheets:
        yield f"Sheets that were not read: {', '.join(map(repr, listed.other_sheets))}."
    if listed.header_row > 1:
        yield f"The header stands in row {listed.header_row}; what stands above it was not read."


def _tally(counted: Sequence[Json], by: str) -> dict[str, list[int]]:
    """Agreements and agencies for each value."""
    agreements = Counter(row[by] for row in counted)
    agencies = Counter(value for value, _ in {(row[by], row["agency_id"]) for row in counted})
    return {str(value): [agreements[value], agencies[value]] for value in sorted(agreements)}


def _without_id(content: Mapping[str, Any]) -> Json:
    return {key: value for key, value in content.items() if key != "id"}
