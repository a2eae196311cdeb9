"""Lists on file: those by a day, one row by row, and what differs between two."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from legal.db.statements import AS_OF, among, bound, built_once, given, some
from legal.errors import Fault, InvalidInput, NotFound
from legal.json_types import Json, Row
from legal.models import Agreement, RosterRow
from legal.queries.core import dates
from legal.queries.core.pagination import Page, Paging, page
from legal.queries.core.snapshot import Snapshot
from legal.queries.rosters import in_force
from legal.queries.rosters.agreements import signature
from legal.queries.rosters.in_force import ROSTER
from legal.rules.dates import When
from legal.rules.rosters import renames
from legal.rules.rosters.normalize import agency_key
from legal.rules.rosters.renames import Party, Rename
from legal.suggestions import suggest
from legal.vocabulary import Basis, RowOutcome

ROW, AGREEMENT = RosterRow.__table__.c, Agreement.__table__.c
SORTS = {"date": ROSTER.position, "id": ROSTER.id}  # two lists of one day have an order of their own
FACETS = {"kind": ROSTER.kind}
COUNTS = ("rows", "read", "repaired", "set_aside", "agreements", "agencies", "states", "territories")
WRITTEN = "The written list of renames says so."
NAMED = ("jurisdiction", "agency", "agency_type", "county", "county_fips", "model")
TOLD = ("number", "outcome", "agreement", *NAMED, "signed_printed", "moa_url", "addendum_url", "repairs", "flags", "why", "printed")

FILTERS = among(**FACETS)
COLUMNS = SORTS | FACETS

PUBLISHED = in_force.OPEN.where(ROSTER.date <= AS_OF)
IDS = PUBLISHED.with_only_columns(ROSTER.id)
ONE = PUBLISHED.where(ROSTER.id == bindparam("roster"))
ROWS = select(RosterRow.__table__).where(ROW.roster == bindparam("roster")).order_by(ROW.number)
ROWS_BY_OUTCOME = ROWS.where(ROW.outcome.in_(some("outcomes", ROW.outcome)))
AGREEMENTS = (
    select(*(ROW[name] for name in ("roster", "number", "agreement", *NAMED, "signed")), AGREEMENT.agency.label("agency_id"))
    .join(Agreement.__table__, AGREEMENT.id == ROW.agreement)
    .where(ROW.roster.in_(some("rosters", ROW.roster)), ROW.counted)
)


def listed(session: Session, moment: Snapshot, filters: Mapping[str, Any], paging: Paging) -> tuple[list[Json], Page]:
    """Lists that had been published by the day, and the page they are; two statements."""
    found = page(session, moment, _matching(given(filters, FILTERS)), COLUMNS, ROSTER.id, paging, **bound(filters, FILTERS))
    return [shown(row) for row in found.rows], found


@built_once
def _matching(names: tuple[str, ...]) -> Select[Any]:
    return PUBLISHED.where(*(FILTERS[name] for name in names))


def one(session: Session, moment: Snapshot, id: str, outcomes: Sequence[str] = ()) -> Json:
    """A list with its rows, those with one of these outcomes where any are named; two statements.

    Raises:
        NotFound: there is none of that id at that revision by the day; carries the ids that were probably meant.
    """
    held = _find(session, moment, id)
    rows = moment.execute(session, ROWS_BY_OUTCOME if outcomes else ROWS, roster=id, outcomes=list(outcomes)).mappings()
    return {
        **shown(held),
        **{key: held[key] for key in ("sheet", "columns", "notes")},
        "rows": [_row(row) for row in rows],
    }


def diff(session: Session, moment: Snapshot, id: str, against: str) -> Json:
    """What a list has that another lacks, what it lacks, and what it has otherwise; three statements.

    Raises:
        NotFound: there is no list of the first id.
        InvalidInput: there is none of the second, it is the same one, or it is of the other kind.
    """
    _comparable(session, moment, _find(session, moment, id), against)
    rows = _agreements(session, moment, (id, against))
    after, before = rows[id], rows[against]
    new, gone = ([one[key] for key in sorted(one.keys() - other.keys())] for one, other in ((after, before), (before, after)))
    both = [(before[key], after[key]) for key in sorted(before.keys() & after.keys())]
    found = {
        "new": [_entry(row) for row in new],
        "gone": [_entry(row) for row in gone],
        "redated": [_redated(earlier, later) for earlier, later in both if earlier["signed"] != later["signed"]],
        "renamed": _renames(_parties(before.values()), _parties(after.values())),
    }
    return {"roster": id, "against": against, **found, "counts": {name: len(some) for name, some in found.items()}}


def report(session: Session, moment: Snapshot, id: str) -> Json:
    """What became of a list: what was repaired and is in doubt, how often; the rows set aside; what differs from the list before; six statements."""
    told = one(session, moment, id)
    held = in_force.shelf(session, moment)
    before = held.before(told["kind"], id)
    return {
        **{key: told[key] for key in ("id", "kind", "date", "file", "sha256", "counts", "forced", "notes")},
        "repairs": _tallied((repair["column"], repair["how"]) for row in told["rows"] for repair in row["repairs"]),
        "flags": _tallied((flag["column"], flag["what"]) for row in told["rows"] for flag in row["flags"]),
        "rows": [row for row in told["rows"] if row["outcome"] == RowOutcome.SET_ASIDE],
        "difference": diff(session, moment, id, before.id) if before else None,
    }


def _tallied(found: Iterable[tuple[str | None, str]]) -> list[Json]:
    return [{"column": column, "what": what, "times": times} for (column, what), times in Counter(found).most_common()]


def _find(session: Session, moment: Snapshot, id: str) -> Row:
    row = _held(session, moment, id)
    if row is None:
        raise NotFound(f"There is no roster {id}.", _suggested(session, moment, id))
    return row


def _held(session: Session, moment: Snapshot, id: str) -> Row | None:
    return moment.execute(session, ONE, roster=id).mappings().one_or_none()


def _suggested(session: Session, moment: Snapshot, id: str) -> tuple[str, ...]:
    known = moment.execute(session, IDS).scalars().all()
    return suggest(id, known)


def _comparable(session: Session, moment: Snapshot, held: Row, against: str) -> None:
    other = _held(session, moment, against)
    if other is None:
        meant = _suggested(session, moment, against)
        raise _refused("A parameter names a roster that does not exist.", f"There is no roster {against}.", meant)
    if other["roster"] == held["roster"]:
        raise _refused("A roster does not differ from itself.", "Name another roster.")
    if other["kind"] != held["kind"]:
        detail = f"It is a list of {other['kind']} agencies, and the other one of {held['kind']} agencies."
        raise _refused("Two rosters of one kind are compared.", detail)


def _refused(detail: str, fault: str, meant: tuple[str, ...] = ()) -> InvalidInput:
    return InvalidInput(detail, [Fault(fault, parameter="against", did_you_mean=meant)])


def _agreements(session: Session, moment: Snapshot, ids: Iterable[str]) -> dict[str, dict[str, Row]]:
    """The row of each agreement, by list and agreement."""
    found: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in moment.execute(session, AGREEMENTS, rosters=list(ids)).mappings():
        found[row["roster"]][row["agreement"]] = row
    return found


def _entry(row: Row) -> Json:
    return {**_identity(row), "signed": signature(row["signed"]), "row": row["number"]}


def _redated(earlier: Row, later: Row) -> Json:
    return {**_identity(later), "before": signature(earlier["signed"]), "after": signature(later["signed"]), "row": later["number"]}


def _identity(row: Row) -> Json:
    return {"agreement": row["agreement"], "agency_id": row["agency_id"], **{key: row[key] for key in NAMED}}


def _renames(earlier: Mapping[str, Party], later: Mapping[str, Party]) -> list[Json]:
    """The agencies that go by another name by the written list, then those that only may."""
    both = [(earlier[id], later[id]) for id in sorted(earlier.keys() & later.keys())]
    known = [Rename(one, other, WRITTEN) for one, other in both if agency_key(one.name) != agency_key(other.name)]
    gone, new = ([one[id] for id in one.keys() - other.keys()] for one, other in ((earlier, later), (later, earlier)))
    return [_renamed(one, merged=True) for one in known] + [_renamed(one, merged=False) for one in renames.possible(gone, new)]


def _parties(rows: Iterable[Row]) -> dict[str, Party]:
    """The agencies of a list, by id."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["agency_id"]].append(row)
    return {id: _party(id, some) for id, some in found.items()}


def _party(id: str, rows: Sequence[Row]) -> Party:
    first = min(rows, key=lambda row: row["number"])
    signed = frozenset((row["model"], row["signed"]) for row in rows)
    return Party(id, first["jurisdiction"], first["agency"], first["agency_type"], first["county_fips"], signed)


def _renamed(rename: Rename, *, merged: bool) -> Json:
    sides = {
        name: {"id": party.id, "name": party.name, "jurisdiction": party.jurisdiction}
        for name, party in (("from", rename.gone), ("to", rename.new))
    }
    return {**sides, "why": rename.why, "merged": merged}


def shown(row: Row) -> Json:
    """A list as the contract shows it."""
    day = row["date"]
    return {
        "id": row["roster"],
        "kind": row["kind"],
        "date": dates.shown(When(day.isoformat(), day, day, Basis(row["date_basis"]))),
        **{key: row[key] for key in ("document", "file", "sha256")},
        "counts": {key: row[key] for key in COUNTS},
        "forced": row["forced"],
        "version": row["version"],
        "links": {"self": f"/v1/rosters/{row['roster']}", "document": f"/v1/documents/{row['document']}"},
    }


def _row(row: Row) -> Json:
    told = {key: row[key] for key in TOLD}
    return {**told, "signed": signature(row["signed"])}
