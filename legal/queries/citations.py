"""Citations of a set of versions, with what their documents and origins are at the moment asked about."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from legal.queries import dates
from legal.queries.moments import Moment
from legal.records import Citation, DocumentVersion, OriginVersion
from legal.rules.evidence import Evidence

Row = Mapping[Any, Any]
Keys = list[int] | Select[int]


def of_versions(session: Session, moment: Moment, owner: InstrumentedAttribute[int | None], keys: Keys) -> dict[int, list[Row]]:
    """The citations of the versions with these keys, by key, in their order; one statement."""
    return grouped(session.execute(rows(moment).where(owner.in_(keys)).order_by(owner, Citation.position)).mappings(), owner.key)


def rows(moment: Moment) -> Select[Any]:
    """Citations, each with its document and its origin as they were on file."""
    return (
        select(
            Citation.__table__,
            DocumentVersion.type.label("document_type"),
            DocumentVersion.publisher,
            *(getattr(DocumentVersion.__table__.c, f"published_{part}") for part in ("edtf", "earliest", "latest", "basis")),
            OriginVersion.type.label("origin_type"),
        )
        .join(DocumentVersion, _seen(DocumentVersion.document == Citation.document, moment, DocumentVersion))
        .outerjoin(OriginVersion, _seen(OriginVersion.origin == Citation.origin, moment, OriginVersion))
    )


def _seen(joined: ColumnElement[bool], moment: Moment, version: type[Any]) -> ColumnElement[bool]:
    return joined & moment.sees(version)


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
