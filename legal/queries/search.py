"""Search the record by words, best matches first."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, Select, String, TableClause, bindparam, column, func, literal_column, select, table, text
from sqlalchemy.orm import Session

from legal.db.statements import REVISION, bind_list, visible_at_revision
from legal.json_types import Json, Row
from legal.models import SearchEntry
from legal.models.search import search_tag
from legal.queries.core.pagination import CursorPosition, Page, Paging
from legal.queries.core.snapshot import Snapshot
from legal.queries.record import jurisdictions
from legal.rules.search.ranking import (
    FIELD_SEPARATOR,
    JURISDICTION_HIT,
    ParsedQuery,
    highlight_matches,
    jurisdiction_texts,
    parse_query,
    score_text,
)
from legal.rules.search.text import stem_text
from legal.vocabulary import EntityType

MAX_RANKED_HITS = 1000
"""The number of newest hits to rank, so that common words stay cheap."""

_PATHS = {EntityType.AGENCY: "agencies"}
"""URL paths of entity types for which the path is not the type with an ``s``."""

_TAG_FILTERS = ("noun", "jurisdiction")
_ENTRY, _LATER_ENTRY = SearchEntry.__table__.c, SearchEntry.__table__.alias("later_entry").c
_LAST_KEY = 2**62  # no entry has it
_FTS5_INDEX, _FTS5_OPEN_INDEX = table("search_index", column("rowid")), table("search_index_open", column("rowid"))
_TSVECTOR: ColumnElement[Any] = literal_column("search_entries.vector")
# The query is written into the statement: from a parameter, PostgreSQL cannot estimate how common its words are.
_TSQUERY = func.to_tsquery(literal_column("'simple'"), bindparam("query", type_=String, literal_execute=True))

_RANKING_COLUMNS = (
    select(*(_ENTRY[name] for name in ("key", "noun", "id", "jurisdiction", "title_stems", "body_stems")))
    .where(visible_at_revision(_ENTRY))
    .limit(bindparam("max_hits", type_=Integer))
)


_NEXT_ENTRY = (
    select(_LATER_ENTRY.key).where(_LATER_ENTRY.revision_from > REVISION).order_by(_LATER_ENTRY.revision_from, _LATER_ENTRY.key).limit(1)
)
_FIRST_LATER_KEY = func.coalesce(_NEXT_ENTRY.scalar_subquery(), _LAST_KEY)
"""The key at which the entries of later revisions begin, so that a walk of the index need not pass them."""


def _hits_on_sqlite(index: TableClause) -> Select[Any]:
    statement = _RANKING_COLUMNS.join_from(index, SearchEntry.__table__, _ENTRY.key == index.c.rowid)
    statement = statement.where(text(f"{index.name} MATCH :query")).order_by(index.c.rowid.desc())
    return statement if index is _FTS5_OPEN_INDEX else statement.where(index.c.rowid < _FIRST_LATER_KEY)


_HITS_ON_POSTGRESQL = _RANKING_COLUMNS.where(_TSVECTOR.bool_op("@@")(_TSQUERY)).order_by(_ENTRY.key.desc())
_HITS_BY_DIALECT = {
    # All walk an index from the newest entry and stop at the limit. That of the open entries serves the newest revision.
    ("sqlite", True): _hits_on_sqlite(_FTS5_OPEN_INDEX),
    ("sqlite", False): _hits_on_sqlite(_FTS5_INDEX),
    ("postgresql", True): _HITS_ON_POSTGRESQL,
    ("postgresql", False): _HITS_ON_POSTGRESQL,
}
"""The newest entries that contain every term, by the database and by whether the snapshot is of the newest revision."""

_ENTRIES_BY_KEY = select(SearchEntry.__table__).where(_ENTRY.key.in_(bind_list("keys", _ENTRY.key)))


class _RankedHit(NamedTuple):
    """Hold a hit as a tuple. Sorting the tuples gives the order of the results: best score first, then by ``<type>/<id>``.

    ``key`` is that of its search entry, and 0 for a jurisdiction, which has none.
    """

    negative_score: float
    id: str
    key: int


def search_record(session: Session, snapshot: Snapshot, filters: Mapping[str, Any], paging: Paging) -> tuple[list[Json], Page, Json]:
    """Search for ``filters["q"]``; three SQL statements.

    Return the hits of the page with the best first, the page, and an object with ``interpreted_as`` (the parsed query)
    and ``complete`` (false if there are more than ``MAX_RANKED_HITS`` hits).
    """
    jurisdiction_rows = jurisdictions.load_jurisdictions(session, snapshot)
    names_by_code = {row["code"]: row["name"] for row in jurisdiction_rows}
    query = parse_query(filters["q"], names_by_code)
    hits = _load_hits(session, snapshot, query, filters) if query.terms else []
    found_jurisdictions = [_jurisdiction_entry(row) for row in jurisdiction_rows] if query.terms else []
    candidates = [*hits[:MAX_RANKED_HITS], *(row for row in found_jurisdictions if _is_wanted(row, filters))]
    ranked_hits = _rank_hits(candidates, query)
    page_hits, next_position = _cut_page(ranked_hits, paging)
    keys = [ranked_hit.key for ranked_hit in page_hits if ranked_hit.key]
    page_rows = [*snapshot.execute(session, _ENTRIES_BY_KEY, keys=keys).mappings(), *found_jurisdictions]
    entries = {_hit_id(row): row for row in page_rows}
    rows = [_hit_json(entries[ranked_hit.id], -ranked_hit.negative_score, query) for ranked_hit in page_hits]
    page = Page(rows, len(ranked_hits), next_position)
    return rows, page, {"complete": len(hits) <= MAX_RANKED_HITS, "interpreted_as": query.as_json()}


def _load_hits(session: Session, snapshot: Snapshot, query: ParsedQuery, filters: Mapping[str, Any]) -> Sequence[Row]:
    """Load the newest hits, at most one more than are ranked; the extra hit shows that there are more; one SQL statement."""
    tags_by_filter = [[search_tag(name, value) for value in filters[name]] for name in _TAG_FILTERS if filters.get(name)]
    dialect = session.get_bind().dialect.name
    query_text = _QUERY_BUILDERS[dialect](query, tags_by_filter)
    return (
        snapshot.execute(session, _HITS_BY_DIALECT[dialect, snapshot.is_newest], query=query_text, max_hits=MAX_RANKED_HITS + 1)
        .mappings()
        .all()
    )


def _jurisdiction_entry(row: Row) -> Row:
    """Return a jurisdiction in the shape of a search entry. Jurisdictions have no revisions, and so no stored entries."""
    texts = jurisdiction_texts(row["code"])
    return {
        "key": 0,
        "noun": JURISDICTION_HIT,
        "id": row["code"],
        "jurisdiction": row["code"],
        "title": row["name"],
        "texts": texts,
        "title_stems": stem_text(row["name"]),
        "body_stems": FIELD_SEPARATOR.join(stem_text(text["text"]) for text in texts),
    }


def _is_wanted(entry: Row, filters: Mapping[str, Any]) -> bool:
    return all(entry[name] in filters[name] for name in _TAG_FILTERS if filters.get(name))


def _hit_id(row: Row) -> str:
    return f"{row['noun']}/{row['id']}"


def _rank_hits(hits: Iterable[Row], query: ParsedQuery) -> list[_RankedHit]:
    return sorted(
        _RankedHit(-score, _hit_id(row), row["key"])
        for row in hits
        if (score := score_text(query, row["noun"], row["jurisdiction"], row["title_stems"], row["body_stems"])) is not None
    )


def _cut_page(ranked_hits: Sequence[_RankedHit], paging: Paging) -> tuple[Sequence[_RankedHit], CursorPosition | None]:
    start = paging.start_after
    remaining = [
        ranked_hit for ranked_hit in ranked_hits if start is None or (ranked_hit.negative_score, ranked_hit.id) > (-start.value, start.id)
    ]
    page_hits = remaining[: paging.limit]
    next_position = CursorPosition(-page_hits[-1].negative_score, page_hits[-1].id) if remaining[paging.limit :] else None
    return page_hits, next_position


def _fts5_query(query: ParsedQuery, tags_by_filter: Sequence[Sequence[str]]) -> str:
    """Return an FTS5 query that requires every term in the title or the body, and one tag of each filter.

    Terms consist of letters and digits. They are quoted, so that FTS5 takes none of them for an operator.
    """
    terms = [[f'{{title_stems body_stems}} : "{phrase}"' for phrase in term.phrases] for term in query.terms]
    conditions = [*terms, *([f'tags : "{tag}"' for tag in tags] for tags in tags_by_filter)]
    return " AND ".join(f"({' OR '.join(alternatives)})" for alternatives in conditions)


def _tsquery_text(query: ParsedQuery, tags_by_filter: Sequence[Sequence[str]]) -> str:
    """Return the query of ``_fts5_query`` for PostgreSQL, where titles have the weight A, bodies B and tags D."""
    terms = [[" <-> ".join(f"'{stem}':AB" for stem in phrase.split()) for phrase in term.phrases] for term in query.terms]
    conditions = [*terms, *([f"'{tag}':D" for tag in tags] for tags in tags_by_filter)]
    return " & ".join(f"({' | '.join(f'({alternative})' for alternative in alternatives)})" for alternatives in conditions)


_QUERY_BUILDERS = {"sqlite": _fts5_query, "postgresql": _tsquery_text}


def _hit_json(row: Row, score: float, query: ParsedQuery) -> Json:
    fields = [{"field": "title", "text": row["title"]}, *row["texts"]]
    highlights = [
        {"field": field["field"], "text": html} for field in fields if (html := highlight_matches(field["text"], query)) is not None
    ]
    return {
        "noun": row["noun"],
        "id": row["id"],
        "jurisdiction": row["jurisdiction"],
        "title": row["title"],
        "highlights": highlights,
        "score": score,
        "links": {"self": f"/v1/{_PATHS.get(row['noun'], row['noun'] + 's')}/{row['id']}"},
    }
