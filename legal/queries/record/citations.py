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
from legal.rules.evidence import Evidence, count_corroboration

_CITATION, _DOCUMENT, _ORIGIN = Citation.__table__.c, DocumentVersion.__table__.c, OriginVersion.__table__.c
_PROVISION = Provision.__table__.c

_OWNERS = ("measure_version", "figure_version", "contradiction_version")
"""The columns of a citation that name the version that cites."""

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
        keys = zip(_OWNERS, (self.measures, self.figures, self.contradictions), strict=True)
        return {owner: list(values) for owner, values in keys if values}


@dataclass(frozen=True, slots=True)
class ClaimSources:
    """Hold what a version cites at a revision, in order, as the API shows it and as the evidence rules read it.

    ``citations``, ``evidence`` and ``corroboration`` are those of the claim as a whole. Each of the ``provisions`` of a measure
    has its own citations. Answers share all of this: it must not be changed.
    """

    citations: Sequence[Json]
    evidence: Sequence[Evidence]
    corroboration: Json
    provisions: Sequence[Json]


@dataclass(frozen=True, slots=True)
class SourcesByVersion:
    """The sources of versions by version key, by what they are versions of."""

    measures: Mapping[int, ClaimSources]
    figures: Mapping[int, ClaimSources]
    contradictions: Mapping[int, ClaimSources]


def load_sources(session: Session, snapshot: Snapshot, versions: CitingVersions) -> SourcesByVersion:
    """Load the sources of versions; one SQL statement, once for a revision."""
    claims = [(owner, key) for owner, keys in versions.owner_keys().items() for key in keys]
    sources = snapshot.load_shared_items(session, "sources", claims, lambda new_claims: _load_sources(session, snapshot, new_claims))
    measures, figures, contradictions = (
        {key: claim_sources for (citing_owner, key), claim_sources in sources.items() if citing_owner == owner} for owner in _OWNERS
    )
    return SourcesByVersion(measures, figures, contradictions)


def _load_sources(session: Session, snapshot: Snapshot, claims: Iterable[tuple[str, int]]) -> dict[tuple[str, int], ClaimSources]:
    rows_by_claim: dict[tuple[str, int], list[Row]] = {claim: [] for claim in claims}
    keys_by_owner: dict[str, list[int]] = defaultdict(list)
    for owner, key in rows_by_claim:
        keys_by_owner[owner].append(key)
    for row in snapshot.execute(session, _citations_statement(tuple(keys_by_owner)), **keys_by_owner).mappings():
        owner = next(owner for owner in keys_by_owner if row[owner] is not None)
        rows_by_claim[owner, row[owner]].append(row)
    return {claim: _claim_sources(rows) for claim, rows in rows_by_claim.items()}


def _claim_sources(rows: Iterable[Row]) -> ClaimSources:
    claim_rows: list[Row] = []
    provisions_by_key: dict[int, Json] = {}
    for row in rows:
        if row["provision"] is None:
            claim_rows.append(row)
        else:
            provisions_by_key.setdefault(row["provision"], _provision_json(row))["citations"].append(citation_json(row))
    evidence = [citation_evidence(row) for row in claim_rows]
    return ClaimSources(
        [citation_json(row) for row in claim_rows], evidence, count_corroboration(evidence), list(provisions_by_key.values())
    )


def _provision_json(row: Row) -> Json:
    """Return a provision of a measure as the API shows it, from the row of one of its citations, and without citations yet."""
    fields = {key: row[f"provision_{key}"] for key in ("type", "text", "by")}
    return {**fields, "date": dates.row_date_json(row, "provision_date"), "citations": []}


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
