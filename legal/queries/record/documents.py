"""List documents, get a document with its citing measures and figures, and load cited spans for verification."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CompoundSelect, Select, String, bindparam, literal_column, select, union_all
from sqlalchemy.orm import Session

from legal.db.statements import (
    bind_list,
    cached_statement,
    is_part_of_version,
    is_version_of,
    is_version_of_any,
    like_clauses,
    like_params,
    visible_at_revision,
)
from legal.errors import Fault, InvalidInput, NotFound
from legal.json_types import Json, Row
from legal.models import Citation, ContradictionVersion, DocumentVersion, Event, FigureVersion, MeasureVersion, OriginVersion
from legal.queries.core import dates
from legal.queries.core.pagination import Page, Paging, load_page
from legal.queries.core.snapshot import Snapshot
from legal.queries.record import citations
from legal.rules.dates import EdtfDate
from legal.rules.evidence import newest_date
from legal.suggestions import suggest
from legal.vocabulary import Dimension

_DOCUMENT, _ORIGIN, _CITATION = DocumentVersion.__table__.c, OriginVersion.__table__.c, Citation.__table__.c
_MEASURE, _FIGURE, _EVENT = MeasureVersion.__table__.c, FigureVersion.__table__.c, Event.__table__.c
_CONTRADICTION = ContradictionVersion.__table__.c

SORTS = {"id": _DOCUMENT.document, "title": _DOCUMENT.title, "publisher": _DOCUMENT.publisher, "published": _DOCUMENT.published_earliest}
_DOCUMENT_FIELDS = (
    "type",
    "file",
    "title",
    "publisher",
    "author",
    "republishes",
    "url",
    "archive_url",
    "sha256",
    "paragraphs",
    "characters",
    "origin",
    "serve",
    "note",
    "set_aside",
)


CURRENT_VERSIONS = select(DocumentVersion.__table__).where(visible_at_revision(_DOCUMENT))
"""Every document, as it was at the revision."""

_BY_ID = select(DocumentVersion.__table__).where(is_version_of(_DOCUMENT, bindparam("document", type_=String)))
_NAMES = select(*(_DOCUMENT[name] for name in ("document", "title", "publisher", "type"))).where(
    is_version_of_any(_DOCUMENT, bind_list("documents", _DOCUMENT.document))
)
ALL_DOCUMENTS = CURRENT_VERSIONS.order_by(_DOCUMENT.document)
_IDS = CURRENT_VERSIONS.with_only_columns(_DOCUMENT.document)
_DATES = CURRENT_VERSIONS.with_only_columns(
    *(_DOCUMENT[f"published_{part}"] for part in ("edtf", "earliest", "latest", "basis")), _DOCUMENT.accessed_latest
)
_ORIGINS_BY_ID = (
    select(OriginVersion.__table__).where(is_version_of_any(_ORIGIN, bind_list("origins", _ORIGIN.origin))).order_by(_ORIGIN.origin)
)


def list_documents(session: Session, snapshot: Snapshot, filters: Mapping[str, Any], paging: Paging) -> tuple[list[Json], Page]:
    """List one page of the documents that match; two SQL statements."""
    search_values = like_params(filters.get("q", ""))
    page = load_page(session, snapshot, _matching_documents(len(search_values)), SORTS, _DOCUMENT.document, paging, **search_values)
    return [document_json(row) for row in page.rows], page


@cached_statement
def _matching_documents(word_count: int) -> Select[Any]:
    return CURRENT_VERSIONS.where(*like_clauses(word_count, _DOCUMENT.title, _DOCUMENT.publisher, _DOCUMENT.author, _DOCUMENT.document))


def get_document(session: Session, snapshot: Snapshot, id: str) -> Json:
    """Return a document with the measures, figures and contradictions that cite it and the origins of its passages; five statements.

    Raises:
        NotFound: the revision has no document with this id.
    """
    row = snapshot.execute(session, _BY_ID, document=id).mappings().one_or_none()
    if row is None:
        raise NotFound(f"There is no document {id}.")
    measures = _load_citing_entities(session, snapshot, id, _CITING_MEASURES)
    figures = _load_citing_entities(session, snapshot, id, _CITING_FIGURES)
    contradictions = _load_citing_entities(session, snapshot, id, _CITING_CONTRADICTIONS)
    citing = (*measures, *figures, *contradictions)
    origin_ids = {row["origin"], *(citation["origin"] for entity in citing for citation in entity["citations"])}
    origins = snapshot.execute(session, _ORIGINS_BY_ID, origins=list(origin_ids - {None})).mappings()
    return {
        **document_json(row),
        "cited_by": {"measures": measures, "figures": figures, "contradictions": contradictions},
        "origins": [origin_json(origin) for origin in origins],
    }


def check_document_exists(session: Session, snapshot: Snapshot, id: str) -> None:
    """Check that the document that a filter names exists at the revision; one SQL statement.

    Raises:
        InvalidInput: the document does not exist; the error has similar ids.
    """
    ids = snapshot.execute(session, _IDS).scalars().all()
    if id not in ids:
        raise InvalidInput(
            "A filter names a document that does not exist.",
            [Fault(f"There is no document {id}.", parameter="document", did_you_mean=suggest(id, ids, limit=3))],
        )


@dataclass(frozen=True, slots=True)
class CitingEntity:
    """A type of entity that cites documents, with the statement for the citations of one document.

    Each row has the entity's id as ``by``, and its ``jurisdiction``, which the link may name too.
    """

    link: str
    statement: Select[Any]


def _citing_entity(version: Any, owner: str, id: Any, link: str) -> CitingEntity:
    columns = version.c
    statement = citations.CITATIONS_WITH_SOURCES.add_columns(id.label("by"), columns.jurisdiction)
    statement = statement.join(version, columns.key == _CITATION[owner]).where(
        is_part_of_version(_CITATION, owner, version), _CITATION.document == bindparam("document")
    )
    return CitingEntity(link, statement.order_by(columns.jurisdiction, id, _CITATION.position))


_CITING_MEASURES = _citing_entity(MeasureVersion.__table__, "measure_version", _MEASURE.measure, "/v1/measures/{id}")
_CITING_FIGURES = _citing_entity(FigureVersion.__table__, "figure_version", _FIGURE.figure, "/v1/figures/{id}")
_CITING_CONTRADICTIONS = _citing_entity(
    ContradictionVersion.__table__,
    "contradiction_version",
    _CONTRADICTION.contradiction,
    f"/v1/conflicts?jurisdiction={{jurisdiction}}&dimension={Dimension.STATEMENT}",
)


def _load_citing_entities(session: Session, snapshot: Snapshot, id: str, entity: CitingEntity) -> list[Json]:
    citations_by_entity: dict[tuple[str, str], list[Json]] = {}
    for row in snapshot.execute(session, entity.statement, document=id).mappings():
        citations_by_entity.setdefault((row["by"], row["jurisdiction"]), []).append(citations.citation_json(row))
    return [
        {
            "id": citing_id,
            "jurisdiction": jurisdiction,
            "citations": citations_json,
            "links": {"self": entity.link.format(id=citing_id, jurisdiction=jurisdiction)},
        }
        for (citing_id, jurisdiction), citations_json in citations_by_entity.items()
    ]


def document_json(row: Row) -> Json:
    """Return a document as the API shows it."""
    return {
        "id": row["document"],
        **{key: row[key] for key in _DOCUMENT_FIELDS},
        "published": dates.row_date_json(row, "published"),
        "accessed": dates.row_date_json(row, "accessed"),
        "version": row["version"],
        "links": {"self": f"/v1/documents/{row['document']}"},
    }


def origin_json(row: Row) -> Json:
    """Return an origin as the API shows it with a document."""
    return {"id": row["origin"], **{key: row[key] for key in ("type", "title", "issuer", "note")}, "date": dates.row_date_json(row, "date")}


def load_documents(session: Session, snapshot: Snapshot) -> list[Json]:
    """Load every document at the revision, sorted by id; one SQL statement, once for a revision. Answers share them."""
    return snapshot.load_shared(session, ALL_DOCUMENTS, _documents_json)


def _documents_json(rows: Sequence[Row]) -> list[Json]:
    return [document_json(row) for row in rows]


def load_naming_fields(session: Session, snapshot: Snapshot, ids: Collection[str]) -> dict[str, Json]:
    """Load id, title, publisher and type of those documents that the revision has, by id; one SQL statement."""
    rows = snapshot.execute(session, _NAMES, documents=list(ids)).mappings()
    return {row["document"]: {"id": row["document"], **row} for row in rows}


def load_cited_spans(session: Session, snapshot: Snapshot) -> list[Row]:
    """Load every span that a measure, figure or contradiction cites at the revision; one statement.

    Rows have ``document``, ``paragraph``, ``start``, ``end``, ``sha256`` and ``by``, the id of what cites it.
    """
    return list(snapshot.execute(session, _SPANS).mappings())


def load_late_dates(session: Session, snapshot: Snapshot) -> list[Row]:
    """Load the events and quantities that are later than every document that reports them; two statements.

    Rows have ``by``, the id of the measure or figure, ``what``, the event or the metric, ``earliest``, its first possible
    day, and ``last_reported``, the last day on which a document that reports it can have been written.
    """
    return [row for statement in (_LATE_EVENTS, _LATE_FIGURES) for row in snapshot.execute(session, statement).mappings()]


_LATE_EVENTS = (
    select(*(_MEASURE.measure.label("by"), _EVENT.event.label("what"), _EVENT.date_earliest.label("earliest"), _MEASURE.last_reported))
    .select_from(Event.__table__)
    .join(MeasureVersion.__table__, _MEASURE.key == _EVENT.measure_version)
    .where(visible_at_revision(_MEASURE), _EVENT.date_earliest > _MEASURE.last_reported)
    .order_by(_MEASURE.measure, _EVENT.position)
)
_LATE_FIGURES = (
    select(
        *(_FIGURE.figure.label("by"), _FIGURE.metric.label("what"), _FIGURE.date_earliest.label("earliest")),
        _FIGURE.reported_latest.label("last_reported"),
    )
    .where(visible_at_revision(_FIGURE), _FIGURE.date_earliest > _FIGURE.reported_latest)
    .order_by(_FIGURE.figure)
)


def _spans_statement() -> CompoundSelect[Any]:
    span = (_CITATION.document, _CITATION.paragraph, _CITATION.start, _CITATION.end, _CITATION.sha256)
    owners = (
        (MeasureVersion.__table__, _CITATION.measure_version, _MEASURE.measure),
        (FigureVersion.__table__, _CITATION.figure_version, _FIGURE.figure),
        (ContradictionVersion.__table__, _CITATION.contradiction_version, _CONTRADICTION.contradiction),
    )
    all_spans = union_all(
        *(
            select(*span, id.label("by"))
            .select_from(Citation.__table__)
            .join(table, table.c.key == version_key)
            .where(visible_at_revision(table.c))
            for table, version_key, id in owners
        )
    )
    return all_spans.order_by(literal_column("1"), literal_column("3"))


_SPANS = _spans_statement()


@dataclass(frozen=True, slots=True)
class DocumentCoverage:
    """The number of documents on file, and the publication date of the newest one."""

    number: int
    latest: EdtfDate


def load_coverage(session: Session, snapshot: Snapshot) -> DocumentCoverage:
    """Load how many documents there are at the revision, and how new; one statement, once for a revision."""
    return snapshot.load_shared(session, _DATES, _document_coverage)


def _document_coverage(rows: Sequence[Row]) -> DocumentCoverage:
    return DocumentCoverage(len(rows), newest_date(map(dates.publication_date, rows)))
