"""Load the citations of measure and figure versions, with the documents and origins behind them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, Table, bindparam, func, or_, select
from sqlalchemy.orm import Session

from legal.db.statements import bind_list, cached_statement, is_part_of_version, is_version_of
from legal.json_types import Json, Row
from legal.models import Citation, DocumentVersion, OriginVersion, Provision
from legal.queries.core import dates
from legal.queries.core.snapshot import Snapshot
from legal.rules.evidence import Evidence

_CITATION, _DOCUMENT, _ORIGIN = Citation.__table__.c, DocumentVersion.__table__.c, OriginVersion.__table__.c
_PROVISION = Provision.__table__.c

OF_CLAIMS = _CITATION.provision.is_(None)
"""The condition that a citation supports a measure or figure as a whole, and not a provision of a measure."""

VERSION_KEYS = bind_list("keys", _CITATION.key)
"""Selects versions by the list bound to ``keys``."""

_PROVISION_COLUMNS = ("type", "text", "by", *(f"date_{part}" for part in ("edtf", "earliest", "latest", "basis")))

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


@dataclass(frozen=True, slots=True)
class CitingVersions:
    """The keys of the versions whose citations are wanted, by what they are versions of."""

    measures: Sequence[int] = ()
    figures: Sequence[int] = ()
    contradictions: Sequence[int] = ()

    def owner_keys(self) -> dict[str, list[int]]:
        """Return the keys by the citation's column that has them, without empty lists."""
        keys = {"measure_version": self.measures, "figure_version": self.figures, "contradiction_version": self.contradictions}
        return {owner: list(values) for owner, values in keys.items() if values}


@dataclass(frozen=True, slots=True)
class CitationRows:
    """Citations by the key of the version that cites, in their order. ``provisions`` has those of the provisions of measures."""

    measures: Mapping[int, Sequence[Row]]
    figures: Mapping[int, Sequence[Row]]
    contradictions: Mapping[int, Sequence[Row]]
    provisions: Mapping[int, Sequence[Row]]


def load_citations(session: Session, snapshot: Snapshot, versions: CitingVersions) -> CitationRows:
    """Load the citations of versions, with the provisions that they are about; one SQL statement, none without versions."""
    keys = versions.owner_keys()
    rows = snapshot.execute(session, _citations_statement(tuple(keys)), **keys).mappings().all() if keys else []
    of_claims = [row for row in rows if row["provision"] is None]
    return CitationRows(
        measures=group_by_version(of_claims, "measure_version"),
        figures=group_by_version(of_claims, "figure_version"),
        contradictions=group_by_version(of_claims, "contradiction_version"),
        provisions=group_by_version((row for row in rows if row["provision"] is not None), "measure_version"),
    )


@cached_statement
def _citations_statement(owners: tuple[str, ...]) -> Select[Any]:
    provision_columns = (_PROVISION[name].label(f"provision_{name}") for name in _PROVISION_COLUMNS)
    statement = CITATIONS_WITH_SOURCES.add_columns(*provision_columns).outerjoin(Provision.__table__, _PROVISION.key == _CITATION.provision)
    is_cited = or_(*(_CITATION[owner].in_(bind_list(owner, _CITATION[owner])) for owner in owners))
    return statement.where(is_cited).order_by(_CITATION.position)


def citing_versions(owner: str, version_table: Table) -> Select[Any]:
    """Return the statement for the keys of the versions, valid at the revision, that cite the document bound to ``document``."""
    is_citation = is_part_of_version(_CITATION, owner, version_table)
    return select(_CITATION[owner]).where(is_citation, _CITATION.document == bindparam("document")).correlate(None)


def group_by_version(rows: Iterable[Row], owner: str) -> dict[int, list[Row]]:
    """Group rows by the version key in their column ``owner``, if they have one; each group keeps the order of the rows."""
    rows_by_version: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        if row[owner] is not None:
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
