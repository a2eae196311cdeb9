"""Search: what is found by its words, best first."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Integer, String, bindparam, column, func, literal_column, select, table, text
from sqlalchemy.orm import Session

from legal.db.statements import seen, some
from legal.json_types import Json, Row
from legal.models import SearchEntry
from legal.models.search import tag
from legal.queries.core.pagination import Page, Paging, Place
from legal.queries.core.snapshot import Snapshot
from legal.queries.record import jurisdictions
from legal.rules.search.ranking import Reading, marked, read, score
from legal.vocabulary import Noun

MOST_RANKED = 1000
"""Hits that are ranked, the newest; a word that stands everywhere must not cost more than one that stands in a thousand places."""

SHELVES = {Noun.AGENCY: "agencies"}
"""Where a noun's things are found when that is not under its name and an s."""

FTS5 = table("search_index", column("rowid"))
VECTOR: ColumnElement[Any] = literal_column("search_entries.vector")
# Written into the statement: with a parameter the planner could not tell a common word from a rare one.
TSQUERY = func.to_tsquery(literal_column("'simple'"), bindparam("query", type_=String, literal_execute=True))
TAGGED = ("noun", "jurisdiction")

ENTRY = SearchEntry.__table__.c
RANKED = (
    select(*(ENTRY[name] for name in ("key", "noun", "id", "jurisdiction", "title_stems", "body_stems")))
    .where(seen(ENTRY))
    .limit(bindparam("most", type_=Integer))
)
HITS = {
    # The index is walked newest first, and stops when enough is found.
    "sqlite": RANKED.join_from(FTS5, SearchEntry.__table__, ENTRY.key == FTS5.c.rowid)
    .where(text("search_index MATCH :query"))
    .order_by(FTS5.c.rowid.desc()),
    "postgresql": RANKED.where(VECTOR.bool_op("@@")(TSQUERY)).order_by(ENTRY.key.desc()),
}
"""The newest versions in which everything occurs, and one more than is ranked where there are more; by database."""

ENTRIES = select(SearchEntry.__table__).where(ENTRY.key.in_(some("keys", ENTRY.key)))


def found(session: Session, moment: Snapshot, filters: Mapping[str, Any], paging: Paging) -> tuple[list[Json], Page, Json]:
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
    entries = {row["key"]: row for row in moment.execute(session, ENTRIES, keys=[key for _, _, key in shown]).mappings()}
    rows = [_shown(entries[key], -negative, reading) for negative, _, key in shown]
    return rows, Page(rows, len(ranked), following), {"complete": len(hits) <= MOST_RANKED, "interpreted_as": reading.told()}


def _hits(session: Session, moment: Snapshot, reading: Reading, filters: Mapping[str, Any]) -> Sequence[Row]:
    tags = [[tag(name, value) for value in filters[name]] for name in TAGGED if filters.get(name)]
    dialect = session.get_bind().dialect.name
    return moment.execute(session, HITS[dialect], query=QUERIES[dialect](reading, tags), most=MOST_RANKED + 1).mappings().all()


def _for_fts5(reading: Reading, tags: Sequence[Sequence[str]]) -> str:
    """Every term in the title or the body, and a tag of each filter; words are letters and digits, and quoted all the same."""
    terms = [[f'{{title_stems body_stems}} : "{phrase}"' for phrase in term.phrases] for term in reading.terms]
    wanted = [*terms, *([f'tags : "{one}"' for one in named] for named in tags)]
    return " AND ".join(f"({' OR '.join(one)})" for one in wanted)


def _for_vector(reading: Reading, tags: Sequence[Sequence[str]]) -> str:
    """The same for PostgreSQL, where titles carry the weight A, bodies B and tags D."""
    terms = [[" <-> ".join(f"'{stem}':AB" for stem in phrase.split()) for phrase in term.phrases] for term in reading.terms]
    wanted = [*terms, *([f"'{one}':D" for one in named] for named in tags)]
    return " & ".join(f"({' | '.join(f'({each})' for each in one)})" for one in wanted)


QUERIES = {"sqlite": _for_fts5, "postgresql": _for_vector}


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
