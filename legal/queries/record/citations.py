"""Load the citations of measure and figure versions, with the documents and origins behind them."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import BindParameter, Select, Table, bindparam, func, select
from sqlalchemy.orm import Session

from legal.db.statements import bind_list, cached_statement, is_part_of_version, is_version_of
from legal.json_types import Json, Row
from legal.models import Citation, DocumentVersion, OriginVersion
from legal.queries.core import dates
from legal.queries.core.snapshot import Snapshot
from legal.rules.evidence import Evidence

_CITATION, _DOCUMENT, _ORIGIN = Citation.__table__.c, DocumentVersion.__table__.c, OriginVersion.__table__.c

VERSION_KEYS = bind_list("keys", _CITATION.key)
"""Selects versions by the list bound to ``keys``. A statement that returns keys can take its place."""

OF_CLAIMS = _CITATION.provision.is_(None)
"""The condition that a citation supports a measure or figure as a whole, and not a provision of a measure."""

VersionSelection = BindParameter[Any] | Select[Any]

CITATIONS_WITH_SOURCES = (
    select(
        Citation.__table__,
        _DOCUMENT.type.label("document_type"),
        _DOCUMENT.publisher,
        _DOCUMENT.republishes,
        _DOCUMENT.origin.label("document_origin"),
        *(_DOCUMENT[f"published_{part}"] for part in ("edtf", "earliest", "latest", "basis")),
        _DOCUMENT.accessed_latest,
        _ORIGIN.type.label("origin_type"),
    )
    .select_from(Citation.__table__)
    .join(DocumentVersion.__table__, is_version_of(_DOCUMENT, _CITATION.document))
    .outerjoin(OriginVersion.__table__, is_version_of(_ORIGIN, func.coalesce(_CITATION.origin, _DOCUMENT.origin)))
)
"""All citations, each with its document and its origin as they were at the revision.

The origin of a passage that names none is that of its document.
"""


def load_citations(session: Session, snapshot: Snapshot, owner: str, versions: VersionSelection, **values: Any) -> dict[int, list[Row]]:
    """Load the citations of the selected versions, without those of provisions, by version key and in their order; one SQL statement.

    ``owner`` is the citation's column with that key: ``measure_version``, ``figure_version`` or
    ``contradiction_version``.
    """
    return group_by_version(snapshot.execute(session, _citations_statement(owner, versions), **values).mappings().all(), owner)


@cached_statement
def _citations_statement(owner: str, versions: VersionSelection) -> Select[Any]:
    return CITATIONS_WITH_SOURCES.where(OF_CLAIMS, _CITATION[owner].in_(versions)).order_by(_CITATION[owner], _CITATION.position)


def citing_versions(owner: str, version_table: Table) -> Select[Any]:
    """Return the statement for the keys of the versions, valid at the revision, that cite the document bound to ``document``."""
    is_citation = is_part_of_version(_CITATION, owner, version_table)
    return select(_CITATION[owner]).where(is_citation, _CITATION.document == bindparam("document")).correlate(None)


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
        row["origin"] or row["document_origin"],
        row["origin_type"],
        row["role"],
        dates.publication_date(row),
        is_copy=row["republishes"] is not None,
    )
