"""Documents: one with all that cites it, a list, and what checking them needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rapidfuzz import process
from sqlalchemy import Select, and_, literal_column, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from legal.errors import Fault, InvalidInput, NotFound
from legal.queries import citations, dates
from legal.queries.matching import words
from legal.queries.moments import Moment
from legal.queries.paging import Page, Paging, page
from legal.records import Citation, DocumentVersion, FigureVersion, MeasureVersion, OriginVersion
from legal.rules.dates import When

Row = Mapping[Any, Any]
Json = dict[str, Any]

SORTS = {
    "id": DocumentVersion.document,
    "title": DocumentVersion.title,
    "publisher": DocumentVersion.publisher,
    "published": DocumentVersion.__table__.c.published_earliest,
}
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


def open_at(moment: Moment) -> Select[Any]:
    """Every document as it was on file."""
    return select(DocumentVersion.__table__).where(moment.sees(DocumentVersion))


def listed(session: Session, moment: Moment, filters: Mapping[str, Any], paging: Paging) -> tuple[list[Json], Page]:
    """Documents that match, and the page they are; two statements."""
    statement = open_at(moment)
    if filters.get("q"):
        columns = (DocumentVersion.title, DocumentVersion.publisher, DocumentVersion.author, DocumentVersion.document)
        statement = statement.where(*words(filters["q"], *columns))
    found = page(session, statement, SORTS, DocumentVersion.document, paging)
    return [shown(row) for row in found.rows], found


def one(session: Session, moment: Moment, id: str) -> Json:
    """A document with all that cites it and the origins its passages trace back to; four statements.

    Raises:
        NotFound: there is none of that id at that revision.
    """
    row = session.execute(open_at(moment).where(DocumentVersion.document == id)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"There is no document {id}.")
    measures = _citing(session, moment, id, MEASURES)
    figures = _citing(session, moment, id, FIGURES)
    origins = {row["origin"], *(citation["origin"] for citing in (*measures, *figures) for citation in citing["citations"])}
    known = select(OriginVersion.__table__).where(moment.sees(OriginVersion), OriginVersion.origin.in_(origins - {None}))
    return {
        **shown(row),
        "cited_by": {"measures": measures, "figures": figures},
        "origins": [origin_shown(origin) for origin in session.execute(known.order_by(OriginVersion.origin)).mappings()],
    }


def existing(session: Session, moment: Moment, id: str) -> None:
    """Check that a filter names a document that is on file; one statement.

    Raises:
        InvalidInput: it does not; with the ids that were probably meant.
    """
    known = session.scalars(select(DocumentVersion.document).where(moment.sees(DocumentVersion))).all()
    if id not in known:
        close = tuple(key for key, _, _ in process.extract(id, known, score_cutoff=60, limit=3))
        raise InvalidInput(
            "A filter names a document that does not exist.",
            [Fault(f"There is no document {id}.", parameter="document", did_you_mean=close)],
        )


@dataclass(frozen=True, slots=True)
class Owner:
    """What cites: its versions' table, the column of citations that points there, and the column that names it."""

    version: type[Any]
    pointer: InstrumentedAttribute[int | None]
    name: InstrumentedAttribute[str]


MEASURES = Owner(MeasureVersion, Citation.measure_version, MeasureVersion.measure)
FIGURES = Owner(FigureVersion, Citation.figure_version, FigureVersion.figure)


def _citing(session: Session, moment: Moment, id: str, by: Owner) -> list[Json]:
    joined = and_(by.version.key == by.pointer, moment.sees(by.version))
    cited = citations.rows(moment).add_columns(by.name.label("by"), by.version.jurisdiction).join(by.version, joined)
    cited = cited.where(Citation.document == id).order_by(by.version.jurisdiction, by.name, Citation.position)
    found: dict[tuple[str, str], list[Json]] = {}
    for row in session.execute(cited).mappings():
        found.setdefault((row["by"], row["jurisdiction"]), []).append(citations.shown(row))
    return [
        {"id": name, "jurisdiction": jurisdiction, "citations": listed, "links": {"self": f"/v1/{by.name.key}s/{name}"}}
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


def files(session: Session, moment: Moment) -> list[Json]:
    """Every document on file, by id."""
    return [shown(row) for row in session.execute(open_at(moment).order_by(DocumentVersion.document)).mappings()]


def spans(session: Session, moment: Moment) -> list[Row]:
    """Every span that something open at the moment cites: ``document``, ``paragraph``, ``start``, ``end``, ``sha256``, ``by``."""
    pointer = (Citation.document, Citation.paragraph, Citation.start, Citation.end, Citation.sha256)
    by_measure = select(*pointer, MeasureVersion.measure.label("by")).join(MeasureVersion, MeasureVersion.key == Citation.measure_version)
    by_figure = select(*pointer, FigureVersion.figure.label("by")).join(FigureVersion, FigureVersion.key == Citation.figure_version)
    both = union_all(by_measure.where(moment.sees(MeasureVersion)), by_figure.where(moment.sees(FigureVersion)))
    return list(session.execute(both.order_by(literal_column("1"), literal_column("3"))).mappings())


def searched(session: Session, moment: Moment) -> list[When]:
    """The dates of all the documents that were searched for any answer; one statement."""
    parts = [DocumentVersion.__table__.c[f"published_{part}"] for part in ("edtf", "earliest", "latest", "basis")]
    return [dates.of(row, "published") for row in session.execute(open_at(moment).with_only_columns(*parts)).mappings()]
