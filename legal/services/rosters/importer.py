"""Put a list on file: its document and origin, its rows, and the agencies and agreements that they name, in one revision."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session

from legal.db.statements import batches, some
from legal.errors import Fault, InvalidInput, NotReady, Refused
from legal.json_types import Json
from legal.models import Agency, Agreement, Jurisdiction, Roster, RosterRow, RosterVersion
from legal.rules.rosters import admission
from legal.rules.rosters.admission import Candidate, Size
from legal.services import search_index
from legal.services.publishing import Why, lock, publish
from legal.services.rosters import drafts as roster_drafts
from legal.services.rosters.drafts import Workbook
from legal.services.rosters.rows import Known, kept
from legal.vocabulary import Cause

ACTOR = "rosters"

ROSTER, VERSION, PLACE = Roster.__table__.c, RosterVersion.__table__.c, Jurisdiction.__table__.c
AGENCY, AGREEMENT = Agency.__table__.c, Agreement.__table__.c

PLACES = select(PLACE.code, PLACE.type)
AGENCIES = select(AGENCY.id, AGENCY.name).where(AGENCY.id.in_(some("ids", AGENCY.id)))
AGREEMENTS = select(AGREEMENT.id).where(AGREEMENT.id.in_(some("ids", AGREEMENT.id)))
BY_HASH = select(ROSTER.id).where(ROSTER.sha256 == bindparam("sha256"))
OF_KIND = (
    select(ROSTER.id, VERSION.agreements, VERSION.counts)
    .join(RosterVersion.__table__, VERSION.roster == ROSTER.id)
    .where(ROSTER.kind == bindparam("kind"), VERSION.revision_to.is_(None))
    .limit(1)
)
BEFORE = OF_KIND.where(ROSTER.position < bindparam("position")).order_by(ROSTER.position.desc())
AFTER = OF_KIND.where(ROSTER.position > bindparam("position")).order_by(ROSTER.position)


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
        InvalidInput: it is not what it is said to be, and nobody forces it; with what speaks against it.
        Refused: its bytes are on file as another list.
        NotReady: the places that it names are not on file yet.
    """
    lock(session)
    if _on_file(session, workbook):
        return Imported(workbook.id, None)
    places = {row.code: row.type for row in session.execute(PLACES)}
    if not places:
        raise NotReady("No place is on file yet; load the seeds with `flask seed` before any list.")
    rows = kept(workbook.listed.rows, known)
    overruled = admission.objections(_candidate(session, workbook, rows), known.largest_fall)
    if overruled and not workbook.forced:
        raise InvalidInput(f"{workbook.file} is refused as a whole, and nothing has changed.", [Fault(one) for one in overruled])
    drafts = [
        roster_drafts.origin(workbook),
        roster_drafts.document(workbook),
        roster_drafts.roster(workbook, rows, places, workbook.forced if overruled else None),
    ]
    revision = publish(session, drafts, [], Why(Cause.SOURCE_ADDED, _reason(workbook, overruled), ACTOR)).revision
    assert revision is not None  # noqa: S101 - what is not on file makes a revision
    _keep(session, workbook, rows, revision, progress)
    return Imported(workbook.id, revision, tuple(overruled))


def _keep(session: Session, workbook: Workbook, rows: Sequence[Json], revision: int, progress: Callable[[int], object]) -> None:
    _name(session, rows, revision)
    for portion in batches(rows):
        session.execute(insert(RosterRow.__table__), [_row(row, workbook, revision) for row in portion])
        progress(len(portion))
    search_index.agencies(session, revision, {row["agency_id"]: row["agency"] for row in reversed(rows) if row["counted"]})


def _on_file(session: Session, workbook: Workbook) -> bool:
    found = session.scalar(BY_HASH, {"sha256": workbook.sha256})
    if found not in (None, workbook.id):
        raise Refused(f"These bytes are on file as {found}, and the same bytes are one list; nothing has changed.")
    return found is not None


def _candidate(session: Session, workbook: Workbook, rows: Sequence[Json]) -> Candidate:
    listed, counted = workbook.listed, [row for row in rows if row["counted"]]
    places, models = (Counter(row[by] for row in counted) for by in ("jurisdiction", "model"))
    return Candidate(
        workbook.kind,
        workbook.date,
        listed.kind,
        listed.missing,
        workbook.newest,
        rows=len(rows),
        size=Size("this list", len(counted), places, models),
        today=datetime.now(UTC).date(),
        before=_beside(session, workbook, later=False),
        after=_beside(session, workbook, later=True),
    )


def _beside(session: Session, workbook: Workbook, *, later: bool) -> Size | None:
    found = session.execute(AFTER if later else BEFORE, {"kind": workbook.kind, "position": workbook.position}).one_or_none()
    if found is None:
        return None
    places, models = ({name: agreements for name, (agreements, _) in found.counts[by].items()} for by in ("jurisdiction", "model"))
    return Size(found.id, found.agreements, places, models)


def _row(row: Json, workbook: Workbook, revision: int) -> Json:
    whose = {"roster": workbook.id, "kind": workbook.kind, "position": workbook.position, "revision_from": revision}
    return {**{key: value for key, value in row.items() if key not in ("agency_name", "agency_id")}, **whose}


def _name(session: Session, rows: Sequence[Json], revision: int) -> None:
    """Give the agencies and agreements that are new their lasting identity."""
    counted = [row for row in rows if row["counted"]]
    agencies = {row["agency_id"]: row for row in counted}
    known = _known_agencies(session, list(agencies))
    for id, name in known.items():
        if name != agencies[id]["agency_name"]:
            raise Refused(f"Two agencies would be {id}: {name!r} and {agencies[id]['agency_name']!r}; nothing has changed.")
    for portion in batches([row for id, row in agencies.items() if id not in known]):
        new = [{"id": row["agency_id"], "jurisdiction": row["jurisdiction"], "name": row["agency_name"]} for row in portion]
        session.execute(insert(Agency.__table__), [{**one, "revision_from": revision} for one in new])
    agreements = {row["agreement"]: row for row in counted}
    for ids in batches(_new_agreements(session, list(agreements))):
        told = [(id, agreements[id]) for id in ids]
        new = [{"id": id, "agency": row["agency_id"], "jurisdiction": row["jurisdiction"], "model": row["model"]} for id, row in told]
        session.execute(insert(Agreement.__table__), [{**one, "revision_from": revision} for one in new])


def _known_agencies(session: Session, ids: list[str]) -> dict[str, str]:
    return {row.id: row.name for portion in batches(ids) for row in session.execute(AGENCIES, {"ids": portion})}


def _new_agreements(session: Session, ids: list[str]) -> list[str]:
    known = {id for portion in batches(ids) for id in session.scalars(AGREEMENTS, {"ids": portion})}
    return [id for id in ids if id not in known]


def _reason(workbook: Workbook, overruled: Sequence[str]) -> str:
    imported = f"Imported ICE's list of {workbook.kind} agencies of {workbook.date.isoformat()}."
    return f"{imported} Forced: {workbook.forced}" if overruled else imported
