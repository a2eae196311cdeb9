"""Load the citations of measure and figure versions, with the documents and origins behind them."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import BindParameter, Select, and_, select
from sqlalchemy.orm import Session

from legal.db.statements import bind_list, cached_statement, visible_at_revision
from legal.json_types import Json, Row
from legal.models import Citation, DocumentVersion, OriginVersion
from legal.queries.core import dates
from legal.queries.core.snapshot import Snapshot
from legal.rules.evidence import Evidence

_CITATION, _DOCUMENT, _ORIGIN = Citation.__table__.c, DocumentVersion.__table__.c, OriginVersion.__table__.c

VERSION_KEYS = bind_list("keys", _CITATION.key)
"""Selects versions by the list bound to ``keys``. A statement that returns keys can take its place."""

VersionSelection = BindParameter[Any] | Select[Any]

CITATIONS_WITH_SOURCES = (
    select(
        Citation.__table__,
        _DOCUMENT.type.label("document_type"),
        _DOCUMENT.publisher,
        *(_DOCUMENT[f"published_{part}"] for part in ("edtf", "earliest", "latest", "basis")),
        _DOCUMENT.accessed_latest,
        _ORIGIN.type.label("origin_type"),
    )
    .join(DocumentVersion.__table__, and_(_DOCUMENT.document == _CITATION.document, visible_at_revision(_DOCUMENT)))
    .outerjoin(OriginVersion.__table__, and_(_ORIGIN.origin == _CITATION.origin, visible_at_revision(_ORIGIN)))
)
"""All citations, each with its document and its origin as they were at the revision."""


def load_citations(session: Session, snapshot: Snapshot, owner: str, versions: VersionSelection, **values: Any) -> dict[int, list[Row]]:
    """Load the citations of the selected versions, grouped by version key and in the order of the citations; one SQL statement.

    ``owner`` is the citation column that has the version key: ``measure_version`` or ``figure_version``.
    """
    return group_by_version(snapshot.execute(session, _citations_statement(owner, versions), **values).mappings().all(), owner)


@cached_statement
def _citations_statement(owner: str, versions: VersionSelection) -> Select[Any]:
    return CITATIONS_WITH_SOURCES.where(_CITATION[owner].in_(versions)).order_by(_CITATION[owner], _CITATION.position)


def group_by_version(rows: Iterable[Row], owner: str) -> dict[int, list[Row]]:
    """Group rows by the version key in their column ``owner``; each group keeps the order of the rows."""
    rows_by_version: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        rows_by_version[row[owner]].append(row)
    return rows_by_version


def citation_json(row: Row) -> Json:
    """Return a citation as the API shows it."""
    columns = ("document", "paragraph", "start", "end", "sha256", "role", "speech_act", "attributed_to", "origin", "note")
    # Nothing can be quoted or verified here: the database does not store the texts of documents.
    return {**{key: row[key] for key in columns}, "quote": None, "verified": None}


def citation_evidence(row: Row) -> Evidence:
    """Return a citation as the input of the evidence rules."""
    return Evidence(
        row["document"],
        row["document_type"],
        row["publisher"],
        row["origin"],
        row["origin_type"],
        row["role"],
        dates.publication_date(row),
    )
