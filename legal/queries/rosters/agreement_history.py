"""Get one agreement with its rosters, and the runs of rosters that list an agreement."""

from collections.abc import Mapping, Sequence
from itertools import groupby, zip_longest
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from legal.db.statements import cached_statement, visible_at_revision
from legal.errors import NotFound
from legal.json_types import Json, Row
from legal.models import Agreement, RosterRow
from legal.queries.core import dates
from legal.queries.core.snapshot import Snapshot
from legal.queries.rosters import agreements
from legal.queries.rosters.agreements import RostersInForce
from legal.queries.rosters.in_force import RosterRef
from legal.suggestions import suggest
from legal.vocabulary import RosterKind

_ROW, _AGREEMENT = RosterRow.__table__.c, Agreement.__table__.c
_ROW_COLUMNS = ("roster", "number", "kind", "position", "agreement", "counted", "jurisdiction", "agency", "signed", "moa_url")
_IDS = select(_AGREEMENT.id).order_by(_AGREEMENT.id)


def get_agreement(session: Session, snapshot: Snapshot, id: str) -> Json:
    """Return an agreement as the API shows it, with every roster published by the day that names it; six statements.

    Raises:
        NotFound: no roster published by the requested day lists the agreement; the error has similar ids, best first.
    """
    rosters = agreements.load_rosters_in_force(session, snapshot)
    query_key, values = rosters.query_key(narrowing=("agreement",)), {**rosters.bind_values(), "agreement": id}
    row = snapshot.execute(session, agreements.matching_agreements(query_key)[0], **values).mappings().one_or_none()
    if row is None:
        raise NotFound(f"There is no agreement {id}.", suggest(id, session.scalars(_IDS).all()))
    rows = load_row_history(session, rosters, "agreement", id)
    refs = rosters.rosters_by_position()
    return {
        **agreements.with_related(session, rosters, [row])[0],
        "listings": listings_json(rosters, rows),
        "rosters": [_on_roster_json(roster_row, refs[roster_row["position"]]) for roster_row in rows if roster_row["counted"]],
    }


def _on_roster_json(row: Row, roster: RosterRef) -> Json:
    return {
        **{key: row[key] for key in ("roster", "kind")},
        "date": dates.date_json(roster.publication_date),
        "row": row["number"],
        **{key: row[key] for key in ("jurisdiction", "agency")},
        "signed": agreements.signature_date_json(row["signed"]),
        "moa_url": row["moa_url"],
    }


def load_row_history(session: Session, rosters: RostersInForce, narrowing: str, id: str) -> list[Row]:
    """Load the rows of an ``agency`` or an ``agreement`` on all rosters published by the requested day, oldest first; one statement."""
    positions = rosters.rosters_by_position()
    rows = rosters.snapshot.execute(session, _history_statement(narrowing), **{narrowing: id}).mappings()
    return [row for row in rows if row["position"] in positions]


@cached_statement
def _history_statement(narrowing: str) -> Select[Any]:
    statement = select(*(_ROW[name] for name in _ROW_COLUMNS)).join(Agreement.__table__, _AGREEMENT.id == _ROW.agreement)
    statement = statement.where(agreements.NARROWING_FILTERS[narrowing], visible_at_revision(_ROW))
    return statement.order_by(_ROW.position, _ROW.number)


def listings_json(rosters: RostersInForce, rows: Sequence[Row]) -> list[Json]:
    """Return the runs of consecutive rosters of one kind that list an agreement, oldest first."""
    rows_by_position = {row["position"]: row for row in rows if row["counted"]}
    runs = [run for kind in RosterKind for run in _runs_json(rosters.timeline.of_kind(kind), rows_by_position)]
    return sorted(runs, key=lambda run: str(run["from"]["edtf"]))


def _runs_json(rosters: Sequence[RosterRef], rows: Mapping[str, Row]) -> list[Json]:
    """Return the runs of rosters that list an agreement; a roster without it, or with another signature date, ends a run."""
    runs = [list(run) for _, run in groupby(rosters, lambda roster: _run_key(rows.get(roster.position)))]
    ends = (run[0] for run in runs[1:])
    return [_run_json(run, rows, end) for run, end in zip_longest(runs, ends) if run[0].position in rows]


def _run_key(row: Row | None) -> tuple[bool, Any]:
    return (True, row["signed"]) if row else (False, None)


def _run_json(run: Sequence[RosterRef], rows: Mapping[str, Row], end: RosterRef | None) -> Json:
    first, last = rows[run[0].position], rows[run[-1].position]
    return {
        "kind": first["kind"],
        "from": dates.date_json(run[0].publication_date),
        "to": dates.date_json(run[-1].publication_date),
        "until": dates.date_json(end.publication_date) if end else None,
        "signed": agreements.signature_date_json(last["signed"]),
        "moa_url": last["moa_url"],
        "lists": len(run),
        **{name: {"roster": row["roster"], "row": row["number"]} for name, row in (("first", first), ("last", last))},
    }
