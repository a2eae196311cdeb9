"""Load what imports stored about departed agreements: their probable successors, and the states that ICE corrected."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session

from legal.db.statements import bind_list, visible_at_revision
from legal.json_types import Json, Row
from legal.models import Agreement, AgreementDeparture, Roster, RosterRow
from legal.queries.core.snapshot import Snapshot

_DEPARTURE, _ROW = AgreementDeparture.__table__.c, RosterRow.__table__.c


def _departures_with_successors() -> Select[Any]:
    """Return the statement for departures with a successor, with the agencies and jurisdictions on both sides."""
    old_agreements, new_agreements = Agreement.__table__.alias("old_agreement"), Agreement.__table__.alias("new_agreement")
    is_row = (_ROW.roster == _DEPARTURE.roster, _ROW.agreement == _DEPARTURE.agreement, _ROW.counted, visible_at_revision(_ROW))
    return (
        select(AgreementDeparture.__table__, _ROW.agency, old_agreements.c.agency.label("agency_id"))
        .add_columns(new_agreements.c.agency.label("successor_agency_id"), new_agreements.c.jurisdiction.label("successor_jurisdiction"))
        .join(old_agreements, old_agreements.c.id == _DEPARTURE.agreement)
        .join(new_agreements, new_agreements.c.id == _DEPARTURE.successor)
        .join(RosterRow.__table__, and_(*is_row))
        .where(visible_at_revision(_DEPARTURE))
        .order_by(_DEPARTURE.agreement, _DEPARTURE.roster)
    )


DEPARTURES_WITH_SUCCESSORS = _departures_with_successors()
_OF_AGREEMENTS = DEPARTURES_WITH_SUCCESSORS.where(
    or_(
        _DEPARTURE.agreement.in_(bind_list("agreements", _DEPARTURE.agreement)),
        and_(_DEPARTURE.successor.in_(bind_list("agreements", _DEPARTURE.agreement)), _DEPARTURE.is_correction),
    )
)


def is_corrected(agreement: Any, position: Any) -> ColumnElement[bool]:
    """Return the condition that an agreement departed after the roster at a position because ICE corrected its state."""
    roster = Roster.__table__.alias("last_roster").c
    return exists().where(
        visible_at_revision(_DEPARTURE),
        _DEPARTURE.agreement == agreement,
        _DEPARTURE.is_correction,
        roster.id == _DEPARTURE.roster,
        roster.position == position,
    )


def is_correction(agreement: Any, roster: Any) -> ColumnElement[bool]:
    """Return the condition that a roster lists an agreement in another state than the roster before it."""
    return exists().where(
        visible_at_revision(_DEPARTURE), _DEPARTURE.successor == agreement, _DEPARTURE.is_correction, _DEPARTURE.successor_roster == roster
    )


def has_predecessor(agreement: Any) -> ColumnElement[bool]:
    """Return the condition that an agreement is what a departed one may have become, so that its first listing is none of its own."""
    return exists().where(visible_at_revision(_DEPARTURE), _DEPARTURE.successor == agreement)


@dataclass(frozen=True, slots=True)
class AgreementLinks:
    """Hold what some agreements may have become or were corrected from, on the rosters published by the requested day.

    ``departures`` are by agreement and the last roster that lists it, ``corrections`` by the corrected agreement.
    """

    departures: Mapping[tuple[str, str], Row]
    corrections: Mapping[str, Row]

    def links_json(self, agreement: str, roster: str) -> Json:
        """Return ``possibly_renamed_to``, ``corrected_to`` and ``corrected_from`` of an agreement whose last roster is given."""
        origin = self.corrections.get(agreement)
        return departure_json(self.departures.get((agreement, roster))) | {
            "corrected_from": correction_json(origin, is_origin=True) if origin else None
        }


def load_links(session: Session, snapshot: Snapshot, agreements: Sequence[str], published_rosters: Collection[str]) -> AgreementLinks:
    """Load what agreements may have become or were corrected from; one statement."""
    rows = [row for row in load_departures(session, snapshot, agreements) if row["successor_roster"] in published_rosters]
    return AgreementLinks(
        {(row["agreement"], row["roster"]): row for row in rows},
        {row["successor"]: row for row in reversed(rows) if row["is_correction"]},
    )


def load_departures(session: Session, snapshot: Snapshot, agreements: Sequence[str]) -> Sequence[Row]:
    """Load the departures with a successor of some agreements, and the corrections that led to them; one statement."""
    return snapshot.execute(session, _OF_AGREEMENTS, agreements=list(agreements)).mappings().all()


def departure_json(row: Row | None) -> Json:
    """Return ``possibly_renamed_to`` and ``corrected_to`` of a departed agreement; both null without a successor."""
    is_renamed = row is not None and not row["is_correction"]
    return {
        "possibly_renamed_to": successor_json(row) if row and is_renamed else None,
        "corrected_to": correction_json(row, is_origin=False) if row and not is_renamed else None,
    }


def successor_json(row: Row) -> dict[str, Any]:
    """Return the successor of a departed agreement as the API shows it."""
    return {
        "agreement": row["successor"],
        "agency": row["successor_agency"],
        "agency_id": row["successor_agency_id"],
        "roster": row["successor_roster"],
        "why": row["reason"],
    }


def correction_json(row: Row, *, is_origin: bool) -> dict[str, Any]:
    """Return one side of a correction as the API shows it: the agreement in the state that was wrong, or in the corrected one."""
    if not is_origin:
        return {"jurisdiction": row["successor_jurisdiction"], **successor_json(row)}
    return {
        **{key: row[key] for key in ("jurisdiction", "agreement", "agency", "agency_id")},
        "roster": row["successor_roster"],
        "why": row["reason"],
    }
