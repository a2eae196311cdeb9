"""Load the contradictions between statements without a number."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from legal.db.statements import visible_at_revision
from legal.json_types import Json, Row
from legal.models import ContradictionVersion
from legal.queries.core.snapshot import Snapshot
from legal.queries.record import citations
from legal.queries.record.citations import ClaimSources
from legal.rules.dates import happened_by
from legal.vocabulary import Stands

_CONTRADICTION = ContradictionVersion.__table__.c
_CURRENT_VERSIONS = select(ContradictionVersion.__table__).where(visible_at_revision(_CONTRADICTION)).order_by(_CONTRADICTION.contradiction)


@dataclass(frozen=True, slots=True)
class StatedContradiction:
    """A contradiction, as its row has it, with its citations as the API shows them."""

    row: Row
    citations: Sequence[Json]


def load_contradictions(session: Session, snapshot: Snapshot, codes: Collection[str]) -> list[StatedContradiction]:
    """Load the contradictions of jurisdictions, or of all, that may have been reported by the day, by id; two SQL statements."""
    rows = load_contradiction_rows(session, snapshot, codes)
    selection = citations.CitingVersions(contradictions=[row["key"] for row in rows])
    return cite_contradictions(rows, citations.load_sources(session, snapshot, selection).contradictions)


def load_contradiction_rows(session: Session, snapshot: Snapshot, codes: Collection[str]) -> list[Row]:
    """Load the rows of these contradictions. They are few, and one SQL statement loads all of them, once for a revision."""
    rows: list[Row] = snapshot.load_shared(session, _CURRENT_VERSIONS, list)
    return [
        row
        for row in rows
        if (not codes or row["jurisdiction"] in codes)
        and happened_by(row["reported_earliest"], row["reported_latest"], snapshot.as_of) is not Stands.NO
    ]


def cite_contradictions(rows: Sequence[Row], sources: Mapping[int, ClaimSources]) -> list[StatedContradiction]:
    """Return contradictions with their citations, which are given by the key of their version."""
    return [StatedContradiction(row, sources[row["key"]].citations) for row in rows]
