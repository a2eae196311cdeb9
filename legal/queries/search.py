"""Search the record by words, best matches first."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, String, bindparam, column, func, literal_column, select, table, text
from sqlalchemy.orm import Session

from legal.db.statements import bind_list, visible_at_revision
from legal.json_types import Json, Row
from legal.models import SearchEntry
from legal.models.search import search_tag
from legal.queries.core.pagination import CursorPosition, Page, Paging
from legal.queries.core.snapshot import Snapshot
from legal.queries.record import jurisdictions
from legal.rules.search.ranking import ParsedQuery, highlight_matches, parse_query, score_text
from legal.vocabulary import EntityType

MAX_RANKED_HITS = 1000
"""The number of newest hits to rank, so that common words stay cheap."""

_PATHS = {EntityType.AGENCY: "agencies"}
"""URL paths of entity types for which the path is not the type with an ``s``."""

_TAG_FILTERS = ("noun", "jurisdiction")
_ENTRY = SearchEntry.__table__.c
_FTS5_INDEX = table("search_index", column("rowid"))
_TSVECTOR: ColumnElement[Any] = literal_column("search_entries.vector")
# The query is written into the statement: from a parameter, PostgreSQL cannot estimate how common its words are.
_TSQUERY = func.to_tsquery(literal_column("'simple'"), bindparam("query", type_=String, literal_execute=True))

_RANKING_COLUMNS = (
    select(*(_ENTRY[name] for name in ("key", "noun", "id", "jurisdiction", "title_stems", "body_stems")))
    .where(visible_at_revision(_ENTRY))
    .limit(bindparam("max_hits", type_=Integer))
)
_HITS_BY_DIALECT = {
    # Both walk the index from the newest entry and stop at the limit.
    "sqlite": _RANKING_COLUMNS.join_from(_FTS5_INDEX, SearchEntry.__table__, _ENTRY.key == _FTS5_INDEX.c.rowid)
    .where(text("search_index MATCH :query"))
    .order_by(_FTS5_INDEX.c.rowid.desc()),
    "postgresql": _RANKING_COLUMNS.where(_TSVECTOR.bool_op("@@")(_TSQUERY)).order_by(_ENTRY.key.desc()),
}
"""The newest entries that contain every term."""

_ENTRIES_BY_KEY = select(SearchEntry.__table__).where(_ENTRY.key.in_(bind_list("keys", _ENTRY.key)))


class _RankedHit(NamedTuple):
    """Hold a hit as a tuple. Sorting the tuples gives the order of the results: best score first, then by ``<type>/<id>``."""

    negative_score: float
    id: str
    key: int


def search_record(session: Session, snapshot: Snapshot, filters: Mapping[str, Any], paging: Paging) -> tuple[list[Json], Page, Json]:
    """Search for ``filters["q"]``; three SQL statements.

    Return the hits of the page with the best first, the page, and an object with ``interpreted_as`` (the parsed query)
    and ``complete`` (false if there are more than ``MAX_RANKED_HITS`` hits).
    """
    names_by_code = {row["code"]: row["name"] for row in jurisdictions.load_jurisdictions(session)}
    query = parse_query(filters["q"], names_by_code)
    hits = _load_hits(session, snapshot, query, filters) if query.terms else []
    ranked_hits = _rank_hits(hits[:MAX_RANKED_HITS], query)
    page_hits, next_position = _cut_page(ranked_hits, paging)
    keys = [ranked_hit.key for ranked_hit in page_hits]
    entries = {row["key"]: row for row in snapshot.execute(session, _ENTRIES_BY_KEY, keys=keys).mappings()}
    rows = [_hit_json(entries[ranked_hit.key], -ranked_hit.negative_score, query) for ranked_hit in page_hits]
    page = Page(rows, len(ranked_hits), next_position)
    return rows, page, {"complete": len(hits) <= MAX_RANKED_HITS, "interpreted_as": query.as_json()}


def _load_hits(session: Session, snapshot: Snapshot, query: ParsedQuery, filters: Mapping[str, Any]) -> Sequence[Row]:
    """Load the newest hits, at most one more than are ranked; the extra hit shows that there are more; one SQL statement."""
    tags_by_filter = [[search_tag(name, value) for value in filters[name]] for name in _TAG_FILTERS if filters.get(name)]
    dialect = session.get_bind().dialect.name
    query_text = _QUERY_BUILDERS[dialect](query, tags_by_filter)
    return snapshot.execute(session, _HITS_BY_DIALECT[dialect], query=query_text, max_hits=MAX_RANKED_HITS + 1).mappings().all()


def _rank_hits(hits: Iterable[Row], query: ParsedQuery) -> list[_RankedHit]:
    return sorted(
        _RankedHit(-score, f"{row['noun']}/{row['id']}", row["key"])
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
