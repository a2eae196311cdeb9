"""Search the record by words, best matches first."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache, partial
from heapq import nsmallest
from itertools import islice, starmap
from typing import Any

from sqlalchemy import ColumnElement, Integer, String, bindparam, column, func, literal_column, select, table, text
from sqlalchemy.orm import Session

from legal.db.statements import REVISION, bind_list, visible_at_revision
from legal.json_types import Json, Row
from legal.models import SearchEntry, SearchWords
from legal.models.search import search_tag
from legal.queries.core.pagination import CursorPosition, Page, Paging
from legal.queries.core.snapshot import Snapshot
from legal.queries.record import jurisdictions
from legal.rules.search.ranking import (
    FIELD_SEPARATOR,
    JURISDICTION_HIT,
    ParsedQuery,
    contains_any_term,
    contains_terms,
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
_ENTRY, _LAST_ENTRY, _WORDS = SearchEntry.__table__.c, SearchEntry.__table__.alias("last_entry").c, SearchWords.__table__.c
_FTS5_INDEX, _FTS5_OPEN_INDEX = table("search_index", column("rowid")), table("search_index_open", column("rowid"))
_VECTOR: ColumnElement[Any] = literal_column("search_entries.vector")
_VECTOR_OF_WORDS: ColumnElement[Any] = literal_column("search_words.vector")

_CANDIDATE_NAMES = ("key", "noun", "id", "jurisdiction", "title_stems", "body_stems")
_CANDIDATE_COLUMNS = select(*(_ENTRY[name] for name in _CANDIDATE_NAMES))
_MAX_HITS = bindparam("max_hits", type_=Integer)
_LAST_KEY = (
    select(_LAST_ENTRY.key)
    .where(_LAST_ENTRY.noun == _WORDS.noun, _LAST_ENTRY.id == _WORDS.id, _LAST_ENTRY.revision_from <= REVISION)
    .order_by(_LAST_ENTRY.revision_from.desc())
    .limit(1)
    .correlate(SearchWords.__table__)
)
_ENTRIES_BY_WORDS = (
    _CANDIDATE_COLUMNS.join_from(SearchWords.__table__, SearchEntry.__table__, _ENTRY.key == _LAST_KEY.scalar_subquery())
    .where(visible_at_revision(_WORDS), visible_at_revision(_ENTRY))
    .order_by(_ENTRY.key.desc())
)
"""The entries at the revision, the newest first; each is sought once, from the words of its entity."""


def _matches_on_postgresql(vector: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    # The query is written into the statement: from a parameter, PostgreSQL cannot estimate how common its words are.
    query = bindparam(name, type_=String, literal_execute=True)
    return vector.bool_op("@@")(func.to_tsquery(literal_column("'simple'"), query))


# An index of the open entries serves the newest revision. It is walked from the newest entry, up to the limit.
_NEWEST_ON_SQLITE = (
    _CANDIDATE_COLUMNS.join_from(_FTS5_OPEN_INDEX, SearchEntry.__table__, _ENTRY.key == _FTS5_OPEN_INDEX.c.rowid)
    .where(visible_at_revision(_ENTRY), text("search_index_open MATCH :query"))
    .order_by(_FTS5_OPEN_INDEX.c.rowid.desc())
    .limit(_MAX_HITS)
)
_NEWEST_ON_POSTGRESQL = (
    _CANDIDATE_COLUMNS.where(visible_at_revision(_ENTRY), _matches_on_postgresql(_VECTOR, "query"))
    .order_by(_ENTRY.key.desc())
    .limit(_MAX_HITS)
)
# At another revision, the index of words has what may match. PostgreSQL then compares each text, and SQLite leaves that to us.
_PINNED_ON_SQLITE = _ENTRIES_BY_WORDS.join(_FTS5_INDEX, _FTS5_INDEX.c.rowid == _WORDS.key).where(text("search_index MATCH :words"))
_PINNED_ON_POSTGRESQL = _ENTRIES_BY_WORDS.where(
    _matches_on_postgresql(_VECTOR_OF_WORDS, "words"), _matches_on_postgresql(_VECTOR, "query")
).limit(_MAX_HITS)

_ENTRIES_BY_KEY = select(SearchEntry.__table__).where(_ENTRY.key.in_(bind_list("keys", _ENTRY.key)))


_Candidate = Sequence[Any]
"""The values of a search entry in the order of ``_CANDIDATE_NAMES``. The key is 0 for a jurisdiction, which has no entry."""

_RankedHit = tuple[float, str, int]
"""A hit: its negative score, ``<type>/<id>``, and the key of its entry. Sorted, hits are in the order of the results."""


def search_record(session: Session, snapshot: Snapshot, filters: Mapping[str, Any], paging: Paging) -> tuple[list[Json], Page, Json]:
    """Search for ``filters["q"]``; three SQL statements.

    Return the hits of the page with the best first, the page, and an object with ``interpreted_as`` (the parsed query)
    and ``complete`` (false if there are more than ``MAX_RANKED_HITS`` hits).
    """
    jurisdiction_rows = jurisdictions.load_jurisdictions(session, snapshot)
    names_by_code = {row["code"]: row["name"] for row in jurisdiction_rows}
    query = parse_query(filters["q"], names_by_code)
    hits = _load_hits(session, snapshot, query, filters) if query.terms else []
    entries = {_hit_id(row): row for row in starmap(_jurisdiction_entry, names_by_code.items())} if query.terms else {}
    found_jurisdictions = [_candidate(row) for row in entries.values() if _is_wanted(row["noun"], row["jurisdiction"], filters)]
    ranked_hits = _rank_hits([*hits[:MAX_RANKED_HITS], *found_jurisdictions], query)
    page_hits, next_position = _cut_page(ranked_hits, paging)
    keys = [key for _, _, key in page_hits if key]
    entries |= {_hit_id(row): row for row in snapshot.execute(session, _ENTRIES_BY_KEY, keys=keys).mappings()}
    rows = [_hit_json(entries[id], -negative_score, query) for negative_score, id, _ in page_hits]
    page = Page(rows, len(ranked_hits), next_position)
    return rows, page, {"complete": len(hits) <= MAX_RANKED_HITS, "interpreted_as": query.as_json()}


def _load_hits(session: Session, snapshot: Snapshot, query: ParsedQuery, filters: Mapping[str, Any]) -> Sequence[_Candidate]:
    """Load the newest hits, at most one more than are ranked; the extra hit shows that there are more; one SQL statement."""
    tags_by_filter = [[search_tag(name, value) for value in filters[name]] for name in _TAG_FILTERS if filters.get(name)]
    max_hits, words = MAX_RANKED_HITS + 1, partial(_words_query, query, tags_by_filter)
    if session.get_bind().dialect.name == "postgresql":
        values = {"query": _tsquery_text(query, tags_by_filter), "max_hits": max_hits}
        if snapshot.is_newest:
            return snapshot.execute(session, _NEWEST_ON_POSTGRESQL, **values).all()
        return snapshot.execute(session, _PINNED_ON_POSTGRESQL, words=words("'", " & ", " | "), **values).all()
    if snapshot.is_newest:
        return snapshot.execute(session, _NEWEST_ON_SQLITE, query=_fts5_query(query, tags_by_filter), max_hits=max_hits).all()
    candidates = snapshot.execute(session, _PINNED_ON_SQLITE, words=words('"', " AND ", " OR "))
    return list(islice((row for row in candidates if _is_hit(row, query, filters)), max_hits))


def _is_hit(candidate: _Candidate, query: ParsedQuery, filters: Mapping[str, Any]) -> bool:
    _, noun, _, jurisdiction, title_stems, body_stems = candidate
    return _is_wanted(noun, jurisdiction, filters) and contains_terms(query, title_stems, body_stems)


@lru_cache(maxsize=128)
def _jurisdiction_entry(code: str, name: str) -> Row:
    """Return a jurisdiction in the shape of a search entry. Jurisdictions have no revisions, and so no stored entries."""
    texts = jurisdiction_texts(code)
    return {
        "key": 0,
        "noun": JURISDICTION_HIT,
        "id": code,
        "jurisdiction": code,
        "title": name,
        "texts": texts,
        "title_stems": stem_text(name),
        "body_stems": FIELD_SEPARATOR.join(stem_text(text["text"]) for text in texts),
    }


def _candidate(entry: Row) -> _Candidate:
    return tuple(entry[name] for name in _CANDIDATE_NAMES)


def _is_wanted(noun: str, jurisdiction: str | None, filters: Mapping[str, Any]) -> bool:
    return all(value in filters[name] for name, value in zip(_TAG_FILTERS, (noun, jurisdiction), strict=True) if filters.get(name))


def _hit_id(row: Row) -> str:
    return f"{row['noun']}/{row['id']}"


def _rank_hits(candidates: Iterable[_Candidate], query: ParsedQuery) -> list[_RankedHit]:
    """Return the candidates that match, in no order."""
    return [
        (-score, f"{noun}/{id}", key)
        for key, noun, id, jurisdiction, title_stems, body_stems in candidates
        if (score := score_text(query, noun, jurisdiction, title_stems, body_stems)) is not None
    ]


def _cut_page(ranked_hits: Sequence[_RankedHit], paging: Paging) -> tuple[Sequence[_RankedHit], CursorPosition | None]:
    start = paging.start_after
    remaining = ranked_hits if start is None else [hit for hit in ranked_hits if hit[:2] > (-start.value, start.id)]
    best_hits = nsmallest(paging.limit + 1, remaining)  # the extra hit shows whether there is a next page
    page_hits = best_hits[: paging.limit]
    next_position = CursorPosition(-page_hits[-1][0], page_hits[-1][1]) if len(best_hits) > paging.limit else None
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


def _words_query(query: ParsedQuery, tags_by_filter: Sequence[Sequence[str]], quote: str, and_: str, or_: str) -> str:
    """Return a query for the entities that may match: those with every word of a phrase of every term, and one tag of each filter."""
    terms = [[and_.join(f"{quote}{stem}{quote}" for stem in phrase.split()) for phrase in term.phrases] for term in query.terms]
    conditions = [*terms, *([f"{quote}{tag}{quote}" for tag in tags] for tags in tags_by_filter)]
    return and_.join(f"({or_.join(f'({alternative})' for alternative in alternatives)})" for alternatives in conditions)


def _hit_json(row: Row, score: float, query: ParsedQuery) -> Json:
    fields = [{"field": "title", "text": row["title"]}, *row["texts"]]
    stems_of_fields = [row["title_stems"], *row["body_stems"].split(FIELD_SEPARATOR)]
    highlights = [
        {"field": field["field"], "text": html}
        for field, stems in zip(fields, stems_of_fields, strict=False)  # an entry without other texts has one separator less
        if contains_any_term(query, stems) and (html := highlight_matches(field["text"], query)) is not None
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
