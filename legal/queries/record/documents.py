"""Documents: one with all that cites it, a list, and what checking them needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CompoundSelect, Select, and_, bindparam, literal_column, select, union_all
from sqlalchemy.orm import Session

from legal.db.statements import built_once, seen, some, worded, words
from legal.errors import Fault, InvalidInput, NotFound
from legal.json_types import Json, Row
from legal.models import Citation, DocumentVersion, FigureVersion, MeasureVersion, OriginVersion
from legal.queries.core import dates
from legal.queries.core.pagination import Page, Paging, page
from legal.queries.core.snapshot import Snapshot
from legal.queries.record import citations
from legal.rules.dates import When
from legal.suggestions import suggest

DOCUMENT, ORIGIN, CITATION = DocumentVersion.__table__.c, OriginVersion.__table__.c, Citation.__table__.c
MEASURE, FIGURE = MeasureVersion.__table__.c, FigureVersion.__table__.c

SORTS = {"id": DOCUMENT.document, "title": DOCUMENT.title, "publisher": DOCUMENT.publisher, "published": DOCUMENT.published_earliest}
TOLD = (
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


OPEN = select(DocumentVersion.__table__).where(seen(DOCUMENT))
"""Every document as it was on file."""

ONE = OPEN.where(DOCUMENT.document == bindparam("document"))
ALL = OPEN.order_by(DOCUMENT.document)
IDS = OPEN.with_only_columns(DOCUMENT.document)
DATES = OPEN.with_only_columns(*(DOCUMENT[f"published_{part}"] for part in ("edtf", "earliest", "latest", "basis")))
ORIGINS = select(OriginVersion.__table__).where(seen(ORIGIN), ORIGIN.origin.in_(some("origins", ORIGIN.origin))).order_by(ORIGIN.origin)


def listed(session: Session, moment: Snapshot, filters: Mapping[str, Any], paging: Paging) -> tuple[list[Json], Page]:
    """Documents that match, and the page they are; two statements."""
    called = worded(filters.get("q", ""))
    found = page(session, moment, _matching(len(called)), SORTS, DOCUMENT.document, paging, **called)
    return [shown(row) for row in found.rows], found


@built_once
def _matching(called: int) -> Select[Any]:
    return OPEN.where(*words(called, DOCUMENT.title, DOCUMENT.publisher, DOCUMENT.author, DOCUMENT.document))


def one(session: Session, moment: Snapshot, id: str) -> Json:
    """A document with all that cites it and the origins its passages trace back to; four statements.

    Raises:
        NotFound: there is none of that id at that revision.
    """
    row = moment.execute(session, ONE, document=id).mappings().one_or_none()
    if row is None:
        raise NotFound(f"There is no document {id}.")
    measures = _citing(session, moment, id, MEASURES)
    figures = _citing(session, moment, id, FIGURES)
    origins = {row["origin"], *(citation["origin"] for citing in (*measures, *figures) for citation in citing["citations"])}
    known = moment.execute(session, ORIGINS, origins=list(origins - {None})).mappings()
    return {
        **shown(row),
        "cited_by": {"measures": measures, "figures": figures},
        "origins": [origin_shown(origin) for origin in known],
    }


def existing(session: Session, moment: Snapshot, id: str) -> None:
    """Check that a filter names a document that is on file; one statement.

    Raises:
        InvalidInput: it does not; with the ids that were probably meant.
    """
    known = moment.execute(session, IDS).scalars().all()
    if id not in known:
        raise InvalidInput(
            "A filter names a document that does not exist.",
            [Fault(f"There is no document {id}.", parameter="document", did_you_mean=suggest(id, known, limit=3))],
        )


@dataclass(frozen=True, slots=True)
class Owner:
    """What cites: its noun, and the citations by it, each with ``by`` and ``jurisdiction``."""

    noun: str
    citing: Select[Any]


def _owner(version: Any, pointer: Any, name: Any) -> Owner:
    columns = version.c
    citing = citations.CITED.add_columns(name.label("by"), columns.jurisdiction)
    citing = citing.join(version, and_(columns.key == pointer, seen(columns))).where(CITATION.document == bindparam("document"))
    return Owner(name.key, citing.order_by(columns.jurisdiction, name, CITATION.position))


MEASURES = _owner(MeasureVersion.__table__, CITATION.measure_version, MEASURE.measure)
FIGURES = _owner(FigureVersion.__table__, CITATION.figure_version, FIGURE.figure)


def _citing(session: Session, moment: Snapshot, id: str, by: Owner) -> list[Json]:
    found: dict[tuple[str, str], list[Json]] = {}
    for row in moment.execute(session, by.citing, document=id).mappings():
        found.setdefault((row["by"], row["jurisdiction"]), []).append(citations.shown(row))
    return [
        {"id": name, "jurisdiction": jurisdiction, "citations": listed, "links": {"self": f"/v1/{by.noun}s/{name}"}}
        for (name, jurisdiction), listed in found.items()
    ]


def shown(row: Row) -> Json:
    """A document as the contract shows it."""
    return {
        "id": row["document"],
        **{key: row[key] for key in TOLD},
        "published": dates.column(row, "published"),
        "accessed": dates.column(row, "accessed"),
        "version": row["version"],
        "links": {"self": f"/v1/documents/{row['document']}"},
    }


def origin_shown(row: Row) -> Json:
    """An origin, as documents show it."""
    return {"id": row["origin"], **{key: row[key] for key in ("type", "title", "issuer", "note")}, "date": dates.column(row, "date")}


def files(session: Session, moment: Snapshot) -> list[Json]:
    """Every document on file, by id."""
    return [shown(row) for row in moment.execute(session, ALL).mappings()]


def spans(session: Session, moment: Snapshot) -> list[Row]:
    """Every span that something open at the moment cites: ``document``, ``paragraph``, ``start``, ``end``, ``sha256``, ``by``."""
    return list(moment.execute(session, SPANS).mappings())


def _spans() -> CompoundSelect[Any]:
    pointer = (CITATION.document, CITATION.paragraph, CITATION.start, CITATION.end, CITATION.sha256)
    by_measure = select(*pointer, MEASURE.measure.label("by")).join(MeasureVersion.__table__, MEASURE.key == CITATION.measure_version)
    by_figure = select(*pointer, FIGURE.figure.label("by")).join(FigureVersion.__table__, FIGURE.key == CITATION.figure_version)
    both = union_all(by_measure.where(seen(MEASURE)), by_figure.where(seen(FIGURE)))
    return both.order_by(literal_column("1"), literal_column("3"))


SPANS = _spans()


def searched(session: Session, moment: Snapshot) -> list[When]:
    """The dates of all the documents that were searched for any answer; one statement."""
    return [dates.of(row, "published") for row in moment.execute(session, DATES).mappings()]
