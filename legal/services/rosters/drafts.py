"""Build the drafts that publish a roster: its origin, its document, and the roster itself with its counts."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from legal.json_types import Json
from legal.models import DocumentVersion, OriginVersion, Roster, RosterVersion
from legal.rules.dates import UNKNOWN_DATE, EdtfDate, parse_date
from legal.rules.rosters import admission, order_in_day
from legal.rules.rosters.order_in_day import TimeOfDay
from legal.rules.rosters.parsed import ParsedRoster
from legal.services.publishing import DOCUMENT_ENTITY, ORIGIN_ENTITY, Draft, VersionedEntity
from legal.vocabulary import UNKNOWN_JURISDICTION, Basis, DocumentType, JurisdictionType, Model, OriginType, RosterKind, RowOutcome, Serve

_PUBLISHER = "US Immigration and Customs Enforcement"
ROSTER_ENTITY = VersionedEntity("roster", Roster, RosterVersion)


@dataclass(frozen=True, slots=True)
class RosterFile:
    """A published workbook, whether or not it is at hand: its file name and hash, its kind and its date.

    ``given_time`` is the operator's; without it, the file's name decides the place in the day.
    """

    name: str
    sha256: str
    kind: RosterKind
    date: date
    date_basis: Basis
    given_time: time | None = None

    @property
    def id(self) -> str:
        """The roster's id, derived from kind, date and hash."""
        return admission.roster_id(self.kind, self.date, self.sha256, self.given_time)

    @property
    def position(self) -> str:
        """The roster's sort key among all rosters."""
        return admission.roster_position(self.date, self.time_of_day, self.sha256)

    @property
    def time_of_day(self) -> TimeOfDay:
        """The roster's place in its day."""
        return order_in_day.operator_time(self.given_time) if self.given_time else order_in_day.parse_time_in_name(self.name)

    @property
    def publication_date(self) -> EdtfDate:
        """Return the day of publication as a date with bounds."""
        return parse_date(self.date.isoformat(), self.date_basis)

    @property
    def title(self) -> str:
        """Return the title of the roster's document."""
        return f"ICE's list of {self.kind} agencies, {self.date.isoformat()}"

    @property
    def identity(self) -> Json:
        """Return the columns of the roster's permanent row, without its id."""
        return {
            "kind": self.kind,
            "date": self.date,
            "date_basis": self.date_basis,
            "position": self.position,
            "time_of_day": self.time_of_day.label,
            "sha256": self.sha256,
        }


@dataclass(frozen=True, slots=True)
class RosterWorkbook:
    """A workbook to import: its file name and hash, its parsed content, and its kind and date.

    ``newest_signature`` is the latest signature date up to today, even if it is later than the roster's date, and the number
    of its row. ``force_reason`` imports the roster even if the admission rules refuse it. ``is_strict`` refuses it if a row
    would be set aside or have an unknown jurisdiction.
    """

    file_name: str
    sha256: str
    parsed_roster: ParsedRoster
    newest_signature: tuple[date, int] | None
    kind: RosterKind
    date: date
    date_basis: Basis
    force_reason: str | None = None
    given_time: time | None = None
    is_strict: bool = False

    @property
    def roster_file(self) -> RosterFile:
        """The workbook without its content."""
        return RosterFile(self.file_name, self.sha256, self.kind, self.date, self.date_basis, self.given_time)

    @property
    def id(self) -> str:
        """The roster's id, derived from kind, date and hash."""
        return self.roster_file.id

    @property
    def position(self) -> str:
        """The roster's sort key among all rosters."""
        return self.roster_file.position


@dataclass(frozen=True, slots=True)
class StoredCounts:
    """Hold the data on file for a roster without rows: its counts, and the later days on which the same bytes were archived."""

    counts: Mapping[str, Any]
    seen_on: Sequence[str]


def roster_origin_draft(roster_file: RosterFile) -> Draft:
    """Return the draft of the origin that the roster's document traces back to."""
    content: Json = {
        "id": roster_file.id,
        "type": str(OriginType.OFFICIAL_RECORD),
        "title": roster_file.title,
        "issuer": _PUBLISHER,
        "date": roster_file.publication_date,
        "note": None,
    }
    return Draft(ORIGIN_ENTITY, roster_file.id, {}, content, lambda columns: OriginVersion(**columns, **_without_id(content)))


def roster_document_draft(roster_file: RosterFile) -> Draft:
    """Return the draft of the roster's document."""
    content: Json = {
        "id": roster_file.id,
        "type": str(DocumentType.ROSTER),
        "file": roster_file.name,
        "title": roster_file.title,
        "publisher": _PUBLISHER,
        "author": None,
        "republishes": None,
        "published": roster_file.publication_date,
        "url": None,
        "archive_url": None,
        "accessed": UNKNOWN_DATE,
        "sha256": roster_file.sha256,
        "paragraphs": None,
        "characters": None,
        "origin": roster_file.id,
        "serve": str(Serve.NONE),
        "note": None,
        "set_aside": [],
    }
    return Draft(DOCUMENT_ENTITY, roster_file.id, {}, content, lambda columns: DocumentVersion(**columns, **_without_id(content)))


def roster_version_draft(
    workbook: RosterWorkbook,
    rows: Sequence[Json],
    jurisdiction_types: Mapping[str, str],
    force_reason: str | None,
    stored_counts: StoredCounts | None = None,
) -> Draft:
    """Return the draft of the roster with the counts of its rows, and with notes on stored counts that differ.

    ``jurisdiction_types`` gives the type of each jurisdiction by code. ``force_reason`` is null if the admission rules
    did not refuse the roster.
    """
    parsed_roster, outcomes = workbook.parsed_roster, Counter(row["outcome"] for row in rows)
    counted_rows = [row for row in rows if row["counted"]]
    roster_types = [jurisdiction_types[code] for code in {row["jurisdiction"] for row in counted_rows} - {None}]
    content: Json = {
        "document": workbook.id,
        "file": workbook.file_name,
        "sheet": parsed_roster.sheet,
        "columns": {str(column): header for column, header in parsed_roster.columns.items()},
        "notes": [*parsed_roster.notes, *_unread_notes(parsed_roster), *_difference_notes(stored_counts, counted_rows)],
        "rows": len(rows),
        **{str(outcome): outcomes[outcome] for outcome in RowOutcome},
        "tidied": sum(row["outcome"] == RowOutcome.READ and bool(row["repairs"]) for row in rows),
        "agreements": len(counted_rows),
        "agencies": len({row["agency_id"] for row in counted_rows}),
        "states": sum(jurisdiction_type in (JurisdictionType.STATE, JurisdictionType.DISTRICT) for jurisdiction_type in roster_types),
        "territories": sum(jurisdiction_type == JurisdictionType.TERRITORY for jurisdiction_type in roster_types),
        "counts": count_rows(counted_rows),
        "forced": force_reason,
    }
    return _draft_with_identity(workbook.roster_file, content, stored_counts.seen_on if stored_counts else ())


def counted_roster_draft(data: Mapping[str, Any]) -> Draft:
    """Return the draft of a roster without rows, from data loaded with ``schemas.roster_counts.CountedRoster``."""
    roster_file = seeded_roster_file(data)
    models_by_jurisdiction = {
        row["jurisdiction"]: {str(model): row[model] for model in Model if row[model]}
        for row in sorted(data["counts"], key=lambda row: str(row["jurisdiction"]))
    }
    agencies = {row["jurisdiction"]: row["agencies"] for row in data["counts"]}
    models = {str(model): sum(counts.get(model, 0) for counts in models_by_jurisdiction.values()) for model in sorted(Model)}
    content: Json = {
        "document": roster_file.id,
        "file": roster_file.name,
        "sheet": None,
        "columns": {},
        "notes": [],
        "rows": data["rows"],
        **dict.fromkeys(map(str, RowOutcome)),
        **{key: data[key] for key in ("agreements", "agencies", "states", "territories")},
        "counts": {
            "jurisdiction": {code: [sum(counts.values()), agencies[code]] for code, counts in models_by_jurisdiction.items()},
            # An agency has at most one agreement under each model.
            "model": {model: [agreements, agreements] for model, agreements in models.items() if agreements},
            "jurisdiction_model": models_by_jurisdiction,
        },
        "forced": None,
    }
    return _draft_with_identity(roster_file, content, [data["seen_again"].isoformat()] if data["seen_again"] else ())


def seeded_roster_file(data: Mapping[str, Any]) -> RosterFile:
    """Return the workbook whose counts are in the seeds. The basis of its date is ``inferred``, because ICE prints no date."""
    return RosterFile(data["file"], data["sha256"], RosterKind.PARTICIPATING, data["date"], Basis.INFERRED)


def stored_roster_draft(row: Mapping[str, Any], roster_file: RosterFile, seen_on: Sequence[str]) -> Draft:
    """Return the draft of a roster on file, with ``roster_file``'s name, date and time, and the later days on which it was published.

    ``row`` has the columns of its open version.
    """
    content = {name: row[name] for name in _CONTENT_COLUMNS}
    return _draft_with_identity(roster_file, {**content, "document": roster_file.id, "file": roster_file.name}, seen_on)


_CONTENT_COLUMNS = (
    *("document", "file", "sheet", "columns", "notes", "rows", *map(str, RowOutcome), "tidied"),
    *("agreements", "agencies", "states", "territories", "counts", "forced"),
)


def _draft_with_identity(roster_file: RosterFile, content: Json, seen_on: Sequence[str]) -> Draft:
    # Left out if there is none: rosters published before the key existed must keep their hash.
    optional_content = {"seen_again": date.fromisoformat(max(seen_on)), "seen_on": sorted(seen_on)} if seen_on else {}
    logged_content = {"id": roster_file.id, **roster_file.identity, **content, **optional_content}
    return Draft(
        ROSTER_ENTITY,
        roster_file.id,
        roster_file.identity,
        logged_content,
        lambda columns: RosterVersion(**columns, **content, **optional_content),
    )


def count_rows(counted_rows: Sequence[Json]) -> Json:
    """Return the counts of a roster's rows.

    ``jurisdiction`` and ``model`` map codes (``unknown`` for a state that cannot be read) to [agreements, agencies]. ``jurisdiction_model`` maps each jurisdiction to its
    agreements by model, which are also its agencies: an agency has at most one agreement under each model.
    """
    models_by_jurisdiction: dict[str, dict[str, int]] = {}
    for (jurisdiction, model), agreements in sorted(
        Counter((row["jurisdiction"] or UNKNOWN_JURISDICTION, str(row["model"])) for row in counted_rows).items()
    ):
        models_by_jurisdiction.setdefault(jurisdiction, {})[model] = agreements
    by_column = {column: _count_by(counted_rows, column) for column in ("jurisdiction", "model")}
    return {**by_column, "jurisdiction_model": models_by_jurisdiction}


def count_differences(stored_counts: StoredCounts | None, counted_rows: Sequence[Json]) -> list[Json]:
    """Return the counts on file that differ from the rows, each with jurisdiction, model (null for all), unit and both numbers."""
    if stored_counts is None:
        return []
    stored, counted = _flatten_counts(stored_counts.counts), _flatten_counts(count_rows(counted_rows))
    return [
        {"jurisdiction": jurisdiction, "model": model, "unit": unit, "on_file": stored.get(key, 0), "rows": counted.get(key, 0)}
        for key in sorted(stored.keys() | counted.keys())
        for jurisdiction, model, unit in [(key[0], key[1] or None, key[2])]
        if stored.get(key, 0) != counted.get(key, 0)
    ]


def _flatten_counts(counts: Mapping[str, Any]) -> dict[tuple[str, str, str], int]:
    """Return the counts by (jurisdiction, model, unit); the model is empty for all models together."""
    return {
        **{(code, "", "agencies"): agencies for code, (_, agencies) in counts["jurisdiction"].items()},
        **{
            (code, model, "agreements"): agreements
            for code, models in counts["jurisdiction_model"].items()
            for model, agreements in models.items()
        },
    }


def _difference_notes(stored_counts: StoredCounts | None, counted_rows: Sequence[Json]) -> Iterable[str]:
    """Yield a note on each count that was on file before the import and differs from the rows."""
    for difference in count_differences(stored_counts, counted_rows):
        what = " ".join(filter(None, (difference["jurisdiction"], difference["model"], difference["unit"])))
        yield f"Before the import, the count on file of {what} was {difference['on_file']}; the rows have {difference['rows']}."


def _unread_notes(parsed_roster: ParsedRoster) -> Iterable[str]:
    """Yield notes on the parts of a workbook that were not read."""
    if parsed_roster.other_sheets:
        yield f"Sheets that were not read: {', '.join(map(repr, parsed_roster.other_sheets))}."
    if parsed_roster.header_row > 1:
        yield f"The header is in row {parsed_roster.header_row}. The rows above it were not read."


def _count_by(counted_rows: Sequence[Json], column: str) -> dict[str, list[int]]:
    """Return the numbers of agreements and agencies for each value of a column."""
    agreements = Counter(str(row[column] or UNKNOWN_JURISDICTION) for row in counted_rows)
    agencies = Counter(value for value, _ in {(str(row[column] or UNKNOWN_JURISDICTION), row["agency_id"]) for row in counted_rows})
    return {value: [agreements[value], agencies[value]] for value in sorted(agreements)}


def _without_id(content: Mapping[str, Any]) -> Json:
    return {key: value for key, value in content.items() if key != "id"}
