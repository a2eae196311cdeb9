"""Put a list on file: its document and origin, its rows, and the agencies and agreements that they name, in one revision."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from legal.acts import indexing
from legal.acts.batches import batched
from legal.acts.publishing import DOCUMENT, ORIGIN, Draft, Noun, Why, lock, publish
from legal.errors import Fault, InvalidInput, Refused
from legal.records import Agency, Agreement, DocumentVersion, Jurisdiction, OriginVersion, Roster, RosterRow, RosterVersion
from legal.rules import lists
from legal.rules.counties import Counties, Match
from legal.rules.dates import UNKNOWN, When, when
from legal.rules.lists import Candidate, Named, Neighbour
from legal.rules.rostered import Listed, Row
from legal.rules.spellings import agency_key
from legal.vocabulary import Basis, Cause, CountyReading, DocumentType, JurisdictionType, Mend, OriginType, RosterKind, RowOutcome, Serve

ACTOR = "rosters"
PUBLISHER = "US Immigration and Customs Enforcement"
ROSTER = Noun("roster", Roster, RosterVersion)
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Workbook:
    """A file to import: its own name, its hash, what it was read as, and what is said of it.

    ``newest`` is the newest signature that any row has, in whatever order the list and its day stand,
    with the row's number; a day still to come is left out.
    """

    file: str
    sha256: str
    listed: Listed
    newest: tuple[date, int] | None
    kind: RosterKind
    date: date
    basis: Basis
    forced: str | None = None

    @property
    def id(self) -> str:
        """The list's id, which follows from what it is."""
        return lists.id_of(self.kind, self.date, self.sha256)

    @property
    def named(self) -> Named:
        """What the file's name says."""
        return lists.named(self.file)

    @property
    def position(self) -> str:
        """Where it stands among all lists."""
        return lists.position(self.date, self.named.evening, self.sha256)


@dataclass(frozen=True, slots=True)
class Known:
    """What an import goes by beside the workbook: counties, renames (both names folded, by place), the largest fall in per cent."""

    counties: Counties
    renames: Mapping[str, Mapping[str, str]]
    largest_fall: int


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did; ``revision`` is null where these bytes were on file already and nothing was written."""

    id: str
    revision: int | None
    overruled: tuple[str, ...] = ()


def add(session: Session, workbook: Workbook, known: Known, progress: Callable[[int], object] = lambda rows: None) -> Imported:
    """Put a workbook on file, in the caller's transaction: all of it, or nothing. The same bytes twice are one list.

    ``progress`` is told how many rows have been kept, some at a time.

    Raises:
        Refused: it is not what it is said to be and nobody forces it, or its bytes are on file as another list.
    """
    lock(session)
    if _on_file(session, workbook):
        return Imported(workbook.id, None)
    overruled = lists.objections(_candidate(session, workbook), known.largest_fall)
    if overruled and not workbook.forced:
        raise InvalidInput(f"{workbook.file} is refused as a whole, and nothing has changed.", [Fault(one) for one in overruled])
    rows = [_kept(row, workbook, known) for row in workbook.listed.rows]
    _count_once(rows)
    places = {row.code: row.type for row in session.execute(select(Jurisdiction.code, Jurisdiction.type))}
    drafts = [_origin(workbook), _document(workbook), _roster(workbook, rows, places)]
    revision = publish(session, drafts, [], Why(Cause.SOURCE_ADDED, _reason(workbook, overruled), ACTOR)).revision
    assert revision is not None  # noqa: S101 - what is not on file makes a revision
    _name(session, rows, revision)
    for some in batched(rows):
        session.execute(insert(RosterRow), [_row(row, workbook, revision) for row in some])
        progress(len(some))
    indexing.agencies(session, workbook.position, revision, _spelled(rows))
    return Imported(workbook.id, revision, tuple(overruled))


def _on_file(session: Session, workbook: Workbook) -> bool:
    found = session.scalar(select(Roster.id).where(Roster.sha256 == workbook.sha256))
    if found not in (None, workbook.id):
        raise Refused(f"These bytes are on file as {found}, and the same bytes are one list; nothing has changed.")
    return found is not None


def _candidate(session: Session, workbook: Workbook) -> Candidate:
    listed = workbook.listed
    return Candidate(
        workbook.kind,
        workbook.date,
        listed.kind,
        listed.missing,
        workbook.newest,
        sum(row.outcome is not RowOutcome.SET_ASIDE for row in listed.rows),
        len(listed.rows),
        _neighbour(session, workbook, later=False),
        _neighbour(session, workbook, later=True),
    )


def _neighbour(session: Session, workbook: Workbook, *, later: bool) -> Neighbour | None:
    beside = Roster.position > workbook.position if later else Roster.position < workbook.position
    nearest = Roster.position.asc() if later else Roster.position.desc()
    statement = select(Roster.id, RosterVersion.rows).join(RosterVersion, RosterVersion.roster == Roster.id)
    statement = statement.where(Roster.kind == workbook.kind, beside, RosterVersion.revision_to.is_(None)).order_by(nearest).limit(1)
    found = session.execute(statement).one_or_none()
    return Neighbour(found.id, found.rows) if found else None


def _kept(row: Row, workbook: Workbook, known: Known) -> Json:
    """A row as it is kept: its county found, its agency and agreement named by what they will be called."""
    county = known.counties.find(row.jurisdiction, row.county) if row.jurisdiction and row.county else None
    mended, odd = _county_mended(row, county), _county_odd(row, county)
    outcome = RowOutcome.REPAIRED if mended and row.outcome is RowOutcome.READ else row.outcome
    return {
        "number": row.number,
        "outcome": outcome,
        **{
            key: getattr(row, key) for key in ("jurisdiction", "agency", "agency_type", "model", "signed", "moa_url", "addendum_url", "why")
        },
        "county": county.name if mended and county else row.county,
        "county_fips": county.fips if county else None,
        "signed_printed": None if row.signed else row.printed.get("signed"),
        "repairs": [*({"column": one.column, "how": one.how, "printed": one.printed, "read": one.read} for one in row.repairs), *mended],
        "flags": [*({"column": one.column, "what": one.what, "printed": one.printed, "note": None} for one in row.flags), *odd],
        "printed": None if outcome is RowOutcome.READ and not row.flags and not odd else row.printed,
        **_named(row, known),
    }


def _county_mended(row: Row, county: Match | None) -> list[Json]:
    if county is None or county.how is not CountyReading.MISSPELT:
        return []
    return [{"column": "county", "how": Mend.MISSPELLING, "printed": row.county, "read": county.name}]


def _county_odd(row: Row, county: Match | None) -> list[Json]:
    if county is None or county.fips:
        return []
    where = f"A county of {', '.join(county.states)}." if county.states else None
    return [{"column": "county", "what": f"county_{county.how}", "printed": row.county, "note": where}]


def _named(row: Row, known: Known) -> Json:
    if row.why or row.jurisdiction is None or row.agency is None or row.model is None:
        return {"agency_name": None, "agency_id": None, "agreement": None}
    name = lists.canonical(agency_key(row.agency), known.renames.get(row.jurisdiction, {}))
    agency = lists.agency_id(row.jurisdiction, name)
    return {"agency_name": name, "agency_id": agency, "agreement": f"{agency}-{row.model.replace('_', '-')}"}


def _count_once(rows: Sequence[Json]) -> None:
    seen: set[str | None] = {None}
    for row in rows:
        row["counted"] = row["agreement"] not in seen
        seen.add(row["agreement"])


def _row(row: Json, workbook: Workbook, revision: int) -> Json:
    whose = {"roster": workbook.id, "kind": workbook.kind, "position": workbook.position, "revision_from": revision}
    return {**{key: value for key, value in row.items() if key not in ("agency_name", "agency_id")}, **whose}


def _name(session: Session, rows: Sequence[Json], revision: int) -> None:
    """Give the agencies and agreements that are new their lasting identity."""
    named = {row["agency_id"]: row for row in rows if row["counted"]}
    new = _missing(session, Agency, list(named))
    agencies = [
        {"id": id, "jurisdiction": named[id]["jurisdiction"], "name": named[id]["agency_name"], "revision_from": revision} for id in new
    ]
    signed = {row["agreement"]: row for row in rows if row["counted"]}
    fresh = _missing(session, Agreement, list(signed))
    agreements = [
        {"id": id, "agency": row["agency_id"], "jurisdiction": row["jurisdiction"], "model": row["model"], "revision_from": revision}
        for id, row in ((id, signed[id]) for id in fresh)
    ]
    for table, found in ((Agency, agencies), (Agreement, agreements)):
        for some in batched(found):
            session.execute(insert(table), some)


def _missing(session: Session, table: type[Agency | Agreement], ids: list[str]) -> list[str]:
    known = {id for some in batched(ids) for id in session.scalars(select(table.id).where(table.id.in_(some)))}
    return [id for id in ids if id not in known]


def _spelled(rows: Sequence[Json]) -> dict[str, tuple[str, str]]:
    """Each agency's place and name as this list spells it."""
    return {row["agency_id"]: (row["jurisdiction"], row["agency"]) for row in reversed(rows) if row["counted"]}


def _reason(workbook: Workbook, overruled: Sequence[str]) -> str:
    imported = f"Imported ICE's list of {workbook.kind} agencies of {workbook.date.isoformat()}."
    return f"{imported} Forced: {workbook.forced}" if overruled else imported


def _published(workbook: Workbook) -> When:
    return when(workbook.date.isoformat(), workbook.basis)


def _title(workbook: Workbook) -> str:
    return f"ICE's list of {workbook.kind} agencies, {workbook.date.isoformat()}"


def _origin(workbook: Workbook) -> Draft:
    content: Json = {
        "id": workbook.id,
        "type": str(OriginType.OFFICIAL_RECORD),
        "title": _title(workbook),
        "issuer": PUBLISHER,
        "date": _published(workbook),
        "note": None,
    }
    return Draft(ORIGIN, workbook.id, {}, content, lambda filled: OriginVersion(**filled, **_without_id(content)))


def _document(workbook: Workbook) -> Draft:
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


def _roster(workbook: Workbook, rows: Sequence[Json], places: Mapping[str, str]) -> Draft:
    listed, outcomes = workbook.listed, Counter(row["outcome"] for row in rows)
    counted = [row for row in rows if row["counted"]]
    named = {row["jurisdiction"] for row in counted}
    content: Json = {
        "document": workbook.id,
        "file": workbook.file,
        "sheet": listed.sheet,
        "columns": {str(column): header for column, header in listed.columns.items()},
        "notes": list(listed.notes),
        "rows": len(rows),
        **{str(outcome): outcomes[outcome] for outcome in RowOutcome},
        "agreements": len(counted),
        "agencies": len({row["agency_id"] for row in counted}),
        "states": sum(places[code] in (JurisdictionType.STATE, JurisdictionType.DISTRICT) for code in named),
        "territories": sum(places[code] == JurisdictionType.TERRITORY for code in named),
        "counts": {by: _tally(counted, by) for by in ("jurisdiction", "model")},
        "forced": workbook.forced,
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


def _tally(counted: Sequence[Json], by: str) -> dict[str, list[int]]:
    """Agreements and agencies for each value."""
    agreements = Counter(row[by] for row in counted)
    agencies = Counter(value for value, _ in {(row[by], row["agency_id"]) for row in counted})
    return {str(value): [agreements[value], agencies[value]] for value in sorted(agreements)}


def _without_id(content: Mapping[str, Any]) -> Json:
    return {key: value for key, value in content.items() if key != "id"}
