"""Citations of a set of versions, with what their documents and origins are at the moment asked about."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import BindParameter, Select, and_, select
from sqlalchemy.orm import Session

from legal.db.statements import built_once, seen, some
from legal.json_types import Row
from legal.models import Citation, DocumentVersion, OriginVersion
from legal.queries.core import dates
from legal.queries.core.snapshot import Snapshot
from legal.rules.evidence import Evidence

CITATION, DOCUMENT, ORIGIN = Citation.__table__.c, DocumentVersion.__table__.c, OriginVersion.__table__.c

KEYS = some("keys", CITATION.key)
"""The versions with the keys that are bound; a statement that finds keys stands in its place."""

Versions = BindParameter[Any] | Select[Any]

CITED = (
    select(
        Citation.__table__,
        DOCUMENT.type.label("document_type"),
        DOCUMENT.publisher,
        *(DOCUMENT[f"published_{part}"] for part in ("edtf", "earliest", "latest", "basis")),
        ORIGIN.type.label("origin_type"),
    )
    .join(DocumentVersion.__table__, and_(DOCUMENT.document == CITATION.document, seen(DOCUMENT)))
    .outerjoin(OriginVersion.__table__, and_(ORIGIN.origin == CITATION.origin, seen(ORIGIN)))
)
"""Citations, each with its document and its origin as they were on file."""


def of_versions(session: Session, moment: Snapshot, owner: str, versions: Versions, **values: Any) -> dict[int, list[Row]]:
    """The citations of some versions, by the key in ``owner``, in their order; one statement."""
    return grouped(moment.execute(session, _of(owner, versions), **values).mappings().all(), owner)


@built_once
def _of(owner: str, versions: Versions) -> Select[Any]:
    return CITED.where(CITATION[owner].in_(versions)).order_by(CITATION[owner], CITATION.position)


def grouped(found: Iterable[Row], owner: str) -> dict[int, list[Row]]:
    """Rows by the key of the version that owns them."""
    by_owner: dict[int, list[Row]] = defaultdict(list)
    for row in found:
        by_owner[row[owner]].append(row)
    return by_owner


def shown(row: Row) -> dict[str, Any]:
    """A citation as the contract shows it."""
    told = ("document", "paragraph", "start", "end", "sha256", "role", "speech_act", "attributed_to", "origin", "note")
    # The texts themselves are not kept yet, so that nothing can be quoted and no hash compared here.
    return {**{key: row[key] for key in told}, "quote": None, "verified": None}


def evidence(row: Row) -> Evidence:
    """A citation as the rules of evidence see it."""
    return Evidence(
        row["document"], row["document_type"], row["publisher"], row["origin"], row["origin_type"], row["role"], dates.of(row, "published")
    )
