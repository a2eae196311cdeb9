"""Search: what is found by its words, best first."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, column, func, literal_column, select, table, text
from sqlalchemy.orm import Session

from legal.queries import jurisdictions
from legal.queries.moments import Moment
from legal.queries.paging import Page, Paging, Place
from legal.records import SearchEntry
from legal.records.search import tag
from legal.rules.search import Reading, marked, read, score
from legal.vocabulary import Noun

Json = dict[str, Any]
Row = Mapping[Any, Any]

MOST_RANKED = 1000
"""Hits that are ranked, the newest; a word that stands everywhere must not cost more than one that stands in a thousand places."""

SHELVES = {Noun.AGENCY: "agencies"}
"""Where a noun's things are found when that is not under its name and an s."""

FTS5 = table("search_index", column("rowid"))
VECTOR: ColumnElement[Any] = literal_column("search_entries.vector")
RANKED_BY = ("key", "noun", "id", "jurisdiction", "title_stems", "body_stems")
TAGGED = ("noun", "jurisdiction")


def found(session: Session, moment: Moment, filters: Mapping[str, Any], paging: Paging) -> tuple[list[Json], Page, Json]:
    """What matches, best first, the page it is, and how the query was read; three statements."""
    reading = read(filters["q"], {place["code"]: place["name"] for place in jurisdictions.all_places(session)})
    hits = _hits(session, moment, reading, filters) if reading.terms else []
    ranked = sorted(
        (-value, f"{hit['noun']}/{hit['id']}", hit["key"])
        for hit in hits[:MOST_RANKED]
        if (value := score(reading, hit["noun"], hit["jurisdiction"], hit["title_stems"], hit["body_stems"])) is not None
    )
    left = [one for one in ranked if paging.after is None or one[:2] > (-paging.after.value, paging.after.id)]
    shown = left[: paging.limit]
    following = Place(-shown[-1][0], shown[-1][1]) if left[paging.limit :] else None
    entries = _entries(session, [key for _, _, key in shown])
    rows = [_shown(entries[key], -negative, reading) for negative, _, key in shown]
    return rows, Page(rows, len(ranked), following), {"complete": len(hits) <= MOST_RANKED, "interpreted_as": reading.told()}


def _hits(session: Session, moment: Moment, reading: Reading, filters: Mapping[str, Any]) -> Sequence[Row]:
    """The newest versions in which everything occurs, and one more than is ranked where there are more."""
    tags = [[tag(name, value) for value in filters[name]] for name in TAGGED if filters.get(name)]
    entry = SearchEntry
    hits: Select[Any] = select(*(SearchEntry.__table__.c[name] for name in RANKED_BY))
    if session.get_bind().dialect.name == "sqlite":
        # The index is walked newest first, and stops when enough is found.
        hits = hits.join_from(FTS5, entry, entry.key == FTS5.c.rowid).where(_in_fts5(reading, tags)).order_by(FTS5.c.rowid.desc())
    else:
        hits = hits.where(_in_vector(reading, tags)).order_by(entry.key.desc())
    return session.execute(hits.where(moment.sees(entry)).limit(MOST_RANKED + 1)).mappings().all()


def _in_fts5(reading: Reading, tags: Sequence[Sequence[str]]) -> ColumnElement[bool]:
    """Every term in the title or the body, and a tag of each filter; words are letters and digits, and quoted all the same."""
    terms = [[f'{{title_stems body_stems}} : "{phrase}"' for phrase in term.phrases] for term in reading.terms]
    wanted = [*terms, *([f'tags : "{one}"' for one in some] for some in tags)]
    query = " AND ".join(f"({' OR '.join(some)})" for some in wanted)
    return text("search_index MATCH :query").bindparams(query=query)  # type: ignore[return-value]  # text() stands where a condition does


def _in_vector(reading: Reading, tags: Sequence[Sequence[str]]) -> ColumnElement[bool]:
    """The same for PostgreSQL, where titles carry the weight A, bodies B and tags D."""
    terms = [[" <-> ".join(f"'{stem}':AB" for stem in phrase.split()) for phrase in term.phrases] for term in reading.terms]
    wanted = [*terms, *([f"'{one}':D" for one in some] for some in tags)]
    query = " & ".join(f"({' | '.join(f'({one})' for one in some)})" for some in wanted)
    # Written into the statement: with a parameter the planner could not tell a common word from a rare one.
    given = func.to_tsquery(literal_column("'simple'"), bindparam("query", query, literal_execute=True))
    return VECTOR.bool_op("@@")(given)


def _entries(session: Session, keys: Sequence[int]) -> dict[int, Row]:
    rows = select(SearchEntry.__table__).where(SearchEntry.key.in_(keys))
    return {row["key"]: row for row in session.execute(rows).mappings()}


def _shown(row: Row, value: float, reading: Reading) -> Json:
    texts = [{"field": "title", "text": row["title"]}, *row["texts"]]
    highlights = [{"field": one["field"], "text": html} for one in texts if (html := marked(one["text"], reading)) is not None]
    return {
        "noun": row["noun"],
        "id": row["id"],
        "jurisdiction": row["jurisdiction"],
        "title": row["title"],
        "highlights": highlights,
        "score": value,
        "links": {"self": f"/v1/{SHELVES.get(row['noun'], row['noun'] + 's')}/{row['id']}"},
    }
