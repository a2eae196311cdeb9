"""Load what imports stored about departed agreements: their probable successors, and how many departed with and without one."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from legal.db.statements import bind_list, visible_at_revision
from legal.json_types import Json, Row
from legal.models import Agreement, AgreementDeparture, Roster
from legal.queries.core.snapshot import Snapshot

_DEPARTURE, _AGREEMENT = AgreementDeparture.__table__.c, Agreement.__table__.c
_SUCCESSORS = (
    select(AgreementDeparture.__table__, _AGREEMENT.agency.label("successor_agency_id"))
    .join(Agreement.__table__, _AGREEMENT.id == _DEPARTURE.successor)
    .where(visible_at_revision(_DEPARTURE), _DEPARTURE.agreement.in_(bind_list("agreements", _DEPARTURE.agreement)))
)


def is_corrected(agreement: Any, position: Any) -> ColumnElement[bool]:
    """Return the condition that an agreement departed after the roster at a position because ICE corrected its state."""
    roster, successor = Roster.__table__.alias("last_roster").c, Agreement.__table__.alias("corrected_agreement").c
    return exists().where(
        visible_at_revision(_DEPARTURE),
        _DEPARTURE.agreement == agreement,
        roster.id == _DEPARTURE.roster,
        roster.position == position,
        successor.id == _DEPARTURE.successor,
        successor.jurisdiction.is_distinct_from(_DEPARTURE.jurisdiction),
    )


DepartureKey = tuple[str, str]
"""An agreement, and the last roster before its departure."""


def load_successors(session: Session, snapshot: Snapshot, agreements: Sequence[str]) -> Mapping[DepartureKey, Json]:
    """Load the probable successors of departed agreements, as ``possibly_renamed_to`` shows them; one statement."""
    rows = snapshot.execute(session, _SUCCESSORS, agreements=list(agreements)).mappings()
    return {(row["agreement"], row["roster"]): successor_json(row) for row in rows}


def successor_of(successors: Mapping[DepartureKey, Json], agreement: str, roster: str, rosters: Collection[str]) -> Json | None:
    """Return the successor of an agreement that departed after a roster, if the next roster is among those given."""
    successor = successors.get((agreement, roster))
    return successor if successor and successor["roster"] in rosters else None


def successor_json(row: Row) -> dict[str, Any]:
    """Return the successor of a departed agreement as the API shows it."""
    return {
        "agreement": row["successor"],
        "agency": row["successor_agency"],
        "agency_id": row["successor_agency_id"],
        "roster": row["next_roster"],
        "why": row["reason"],
    }
