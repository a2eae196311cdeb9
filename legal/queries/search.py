"""Search the record by words, best matches first."""

from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from heapq import nsmallest
from itertools import islice, starmap
from typing import Any

from sqlalchemy import ColumnElement, Integer, String, bindparam, column, func, literal_column, select, table, text
from sqlalchemy.orm import Session

from legal.db.statements import REVISION, bind_list, visible_at_revision
from legal.json_types import Json
from legal.models import SearchEntry, SearchWords
from legal.models.search import search_tag
from legal.queries.core.pagination import CursorPosition, Page, Paging
from legal.queries.core.snapshot import Snapshot
from legal.queries.record import jurisdictions
from legal.rules.search.ranking import (
    FIELD_SEPARATOR,
    JURISDICTION_HIT,
    ParsedQuery,
    SearchableText,
    contains_any_term,
    contains_terms,
    highlight_matches,
    jurisdiction_texts,
    parse_query,
    score_texts,
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

_CANDIDATE_COLUMNS = select(*(_ENTRY[name] for name in ("key", "noun", "id", "jurisdiction", "title_stems", "body_stems")))
"""Select entries as searchable texts."""
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

_TEXTS_BY_KEY = select(_ENTRY.key, _ENTRY.title, _ENTRY.texts).where(_ENTRY.key.in_(bind_list("keys", _ENTRY.key)))


_RankedHit = tuple[float, str, SearchableText]
"""A hit: its negative score, ``<type>/<id>``, and what was scored. Sorted, hits are in the order of the results."""


def search_record(session: Session, snapshot: Snapshot, filters: Mapping[str, Any], paging: Paging) -> tuple[list[Json], Page, Json]:
    """Search for ``filters["q"]``; three SQL statements.

    Return the hits of the page with the best first, the page, and an object with ``interpreted_as`` (the parsed query)
    and ``complete`` (false if there are more than ``MAX_RANKED_HITS`` hits).
    """
    jurisdiction_rows = jurisdictions.load_jurisdictions(session, snapshot)
    names_by_code = {row["code"]: row["name"] for row in jurisdiction_rows}
    query = parse_query(filters["q"], names_by_code)
    hits = _load_hits(session, snapshot, query, filters) if query.terms else []
    found_jurisdictions = starmap(_jurisdiction_candidate, names_by_code.items()) if query.terms else ()
    candidates = [*hits[:MAX_RANKED_HITS], *(candidate for candidate in found_jurisdictions if _is_wanted(candidate, filters))]
    ranked_hits = _rank_hits(candidates, query)
    page_hits, next_position = _cut_page(ranked_hits, paging)
    texts_by_key = _load_texts(session, snapshot, [candidate[0] for _, _, candidate in page_hits if candidate[0]])
    rows = []
    for negative_score, _, candidate in page_hits:
        key, _, code, *_ = candidate
        title, texts = texts_by_key[key] if key else (names_by_code[code], jurisdiction_texts(code))
        rows.append(_hit_json(candidate, title, texts, -negative_score, query))
    page = Page(rows, len(ranked_hits), next_position)
    return rows, page, {"complete": len(hits) <= MAX_RANKED_HITS, "interpreted_as": query.as_json()}


def _load_hits(session: Session, snapshot: Snapshot, query: ParsedQuery, filters: Mapping[str, Any]) -> Sequence[SearchableText]:
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


def _is_hit(candidate: SearchableText, query: ParsedQuery, filters: Mapping[str, Any]) -> bool:
    return _is_wanted(candidate, filters) and contains_terms(query, *candidate[-2:])


def _is_wanted(candidate: SearchableText, filters: Mapping[str, Any]) -> bool:
    _, noun, _, jurisdiction, _, _ = candidate
    return all(value in filters[name] for name, value in zip(_TAG_FILTERS, (noun, jurisdiction), strict=True) if filters.get(name))


@lru_cache(maxsize=128)
def _jurisdiction_candidate(code: str, name: str) -> SearchableText:
    """Return a jurisdiction as a text to score. Jurisdictions have no revisions, and so no search entries: the key is 0."""
    body_stems = FIELD_SEPARATOR.join(stem_text(text["text"]) for text in jurisdiction_texts(code))
    return 0, JURISDICTION_HIT, code, code, stem_text(name), body_stems


def _load_texts(session: Session, snapshot: Snapshot, keys: Sequence[int]) -> dict[int, tuple[str, list[Json]]]:
    """Load the title and the other texts of search entries by key; one SQL statement."""
    return {key: (title, texts) for key, title, texts in snapshot.execute(session, _TEXTS_BY_KEY, keys=keys)}


def _rank_hits(candidates: Sequence[SearchableText], query: ParsedQuery) -> list[_RankedHit]:
    """Return the candidates that match, in no order."""
    scores = score_texts(query, candidates)
    hits = zip(scores, candidates, strict=True)
    return [(-score, f"{candidate[1]}/{candidate[2]}", candidate) for score, candidate in hits if score is not None]


def _cut_page(ranked_hits: Sequence[_RankedHit], paging: Paging) -> tuple[Sequence[_RankedHit], CursorPosition | None]:
    start = paging.start_after
    remaining_hits = ranked_hits if start is None else [hit for hit in ranked_hits if hit[:2] > (-start.value, start.id)]
    best_hits = nsmallest(paging.limit + 1, remaining_hits)  # the extra hit shows whether there is a next page
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


def _hit_json(candidate: SearchableText, title: str, texts: Sequence[Json], score: float, query: ParsedQuery) -> Json:
    _, noun, id, jurisdiction, title_stems, body_stems = candidate
    fields = [{"field": "title", "text": title}, *texts]
    stems_of_fields = [title_stems, *body_stems.split(FIELD_SEPARATOR)]
    highlights = [
        {"field": field["field"], "text": html}
        for field, stems in zip(fields, stems_of_fields, strict=False)  # without other texts, the body still has stems of one
        if contains_any_term(query, stems) and (html := highlight_matches(field["text"], query)) is not None
    ]
    return {
        "noun": noun,
        "id": id,
        "jurisdiction": jurisdiction,
        "title": title,
        "highlights": highlights,
        "score": score,
        "links": {"self": f"/v1/{_PATHS.get(noun, f'{noun}s')}/{id}"},
    }
