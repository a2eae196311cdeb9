"""Keep the words of all search entries of an entity together, so that a search at an old revision reads each entity once."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby, islice
from typing import Any

from sqlalchemy import bindparam, delete, exists, insert, select, update
from sqlalchemy.orm import Session

from legal.db.statements import BATCH_SIZE, bind_list, split_into_batches
from legal.json_types import Row
from legal.models import SearchEntry, SearchWords
from legal.rules.search.ranking import FIELD_SEPARATOR

MAX_WORDS = 10_000
"""The most words of a row with those of several entries. PostgreSQL refuses a row with a megabyte of words."""

_ENTRY, _WORDS = SearchEntry.__table__.c, SearchWords.__table__.c
_OPEN_ROWS = select(SearchWords.__table__).where(
    _WORDS.noun == bindparam("entity_type"), _WORDS.id.in_(bind_list("ids", _WORDS.id)), _WORDS.revision_to.is_(None)
)
_UPDATE_ROW = (
    update(SearchWords.__table__)
    .where(_WORDS.key == bindparam("row_key"))
    .values(words=bindparam("new_words"), revision_to=bindparam("closing_revision"))
)
_ENTRIES = (
    select(*(_ENTRY[name] for name in ("noun", "id", "revision_from", "title_stems", "body_stems", "tags")))
    .order_by(_ENTRY.key)
    .execution_options(yield_per=BATCH_SIZE)
)
_ENTRY_WITHOUT_WORDS = (
    select(_ENTRY.key)
    .where(~exists().where(_WORDS.noun == _ENTRY.noun, _WORDS.id == _ENTRY.id, _WORDS.revision_from <= _ENTRY.revision_from))
    .limit(1)
)

_WordsRow = dict[str, Any]
_RowsByEntity = dict[tuple[str, str], _WordsRow]


def add_words(session: Session, entries: Iterable[Row]) -> None:
    """Add the words of search entries to those of their entities. The entries must come in the order of their revisions."""
    remaining_entries = iter(entries)
    while batch := list(islice(remaining_entries, BATCH_SIZE)):
        rows = _load_open_rows(session, batch)
        stored_words = {row["key"]: row["words"] for row in rows.values()}
        changed_rows = [*_extend_rows(rows, batch), *rows.values()]
        updates = [
            {"row_key": row["key"], "new_words": row["words"], "closing_revision": row["revision_to"]}
            for row in changed_rows
            if "key" in row and (row["revision_to"] is not None or row["words"] != stored_words[row["key"]])
        ]
        if updates:
            session.connection().execute(_UPDATE_ROW, updates)
        if new_rows := [row for row in changed_rows if "key" not in row]:
            session.execute(insert(SearchWords.__table__), new_rows)


def add_missing_words(session: Session) -> None:
    """Make the words of all search entries anew, if an entry has none: an upgrade may have ended before it added them."""
    if session.scalar(_ENTRY_WITHOUT_WORDS) is not None:
        session.execute(delete(SearchWords.__table__))
        add_words(session, session.execute(_ENTRIES).mappings())


def list_differing_words(session: Session) -> list[str]:
    """List the entities whose words are not those of their entries, as ``<type> <id>``; the empty list if all agree."""
    open_rows: _RowsByEntity = {}
    closed_rows = list(_extend_rows(open_rows, session.execute(_ENTRIES).mappings()))
    names = ("noun", "id", "revision_from", "revision_to", "words")
    expected_rows = {tuple(row[name] for name in names) for row in (*closed_rows, *open_rows.values())}
    stored_rows = {tuple(row) for row in session.execute(select(*(_WORDS[name] for name in names)))}
    return sorted({f"{row[0]} {row[1]}" for row in stored_rows ^ expected_rows})


def _load_open_rows(session: Session, entries: Iterable[Row]) -> _RowsByEntity:
    rows: _RowsByEntity = {}
    for noun, keys in groupby(sorted({(entry["noun"], entry["id"]) for entry in entries}), key=lambda key: key[0]):
        for ids in split_into_batches([id for _, id in keys]):
            for row in session.execute(_OPEN_ROWS, {"entity_type": noun, "ids": ids}).mappings():
                rows[noun, row["id"]] = dict(row)
    return rows


def _extend_rows(rows: _RowsByEntity, entries: Iterable[Row]) -> Iterator[_WordsRow]:
    """Extend the open row of each entity by the words of its entries, or begin one; yield the rows that are full and end."""
    for entry in entries:
        row, words = rows.get((entry["noun"], entry["id"])), _split_words(entry)
        joined_words = dict.fromkeys([*(row["words"].split(" ") if row else ()), *words])
        if row and len(joined_words) <= MAX_WORDS:
            row["words"] = " ".join(joined_words)
            continue
        if row:
            row["revision_to"] = entry["revision_from"]
            yield row
        rows[entry["noun"], entry["id"]] = {
            "noun": entry["noun"],
            "id": entry["id"],
            "revision_from": entry["revision_from"],
            "revision_to": None,
            "words": " ".join(words),
        }


def _split_words(entry: Mapping[Any, Any]) -> Iterable[str]:
    words = dict.fromkeys(f"{entry['title_stems']} {entry['body_stems']} {entry['tags']}".split())
    words.pop(FIELD_SEPARATOR.strip(), None)
    return words
