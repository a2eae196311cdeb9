"""Load the contradictions between statements without a number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from legal.db.statements import active_filters, cached_statement, filter_values, in_filters, visible_at_revision
from legal.json_types import Json, Row
from legal.models import ContradictionVersion
from legal.queries.core.snapshot import Snapshot
from legal.queries.record import citations
from legal.rules.dates import happened_by
from legal.vocabulary import Stands

_CONTRADICTION = ContradictionVersion.__table__.c
_FILTERS = in_filters(jurisdiction=_CONTRADICTION.jurisdiction)


@dataclass(frozen=True, slots=True)
class StatedContradiction:
    """A contradiction, as its row has it, with its citations as the API shows them."""

    row: Row
    citations: Sequence[Json]


@cached_statement
def _matching_contradictions(names: tuple[str, ...]) -> Select[Any]:
    current_versions = select(ContradictionVersion.__table__).where(visible_at_revision(_CONTRADICTION))
    return current_versions.where(*(_FILTERS[name] for name in names)).order_by(_CONTRADICTION.contradiction)


@cached_statement
def _matching_keys(names: tuple[str, ...]) -> Select[Any]:
    return _matching_contradictions(names).with_only_columns(_CONTRADICTION.key).order_by(None)


def load_contradictions(session: Session, snapshot: Snapshot, filters: Mapping[str, Any]) -> list[StatedContradiction]:
    """Load the contradictions of the jurisdictions in ``filters`` that may have been reported by the day, by id; two SQL statements."""
    names, values = active_filters(filters, _FILTERS), filter_values(filters, _FILTERS)
    rows = snapshot.execute(session, _matching_contradictions(names), **values).mappings().all()
    citation_rows = citations.load_citations(session, snapshot, "contradiction_version", _matching_keys(names), **values)
    return [
        StatedContradiction(row, [citations.citation_json(citation) for citation in citation_rows.get(row["key"], [])])
        for row in rows
        if happened_by(row["reported_earliest"], row["reported_latest"], snapshot.as_of) is not Stands.NO
    ]
