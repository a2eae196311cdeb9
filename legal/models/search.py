"""Search entries hold the searchable texts of each version of an entity; search words are those of all its versions together.

Each database has its own full-text indexes, defined in migrations 0002, 0010 and 0012: on SQLite they are FTS5 tables, on
PostgreSQL indexes of the generated columns ``vector``. ``search_index_open`` has the open entries and serves the newest
revision. ``search_index`` has the search words and serves every other.
"""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from legal.models.base import Base, allowed_values, open_version_index
from legal.rules.search.ranking import ENTITY_WEIGHTS


class SearchEntry(Base):
    """The searchable texts of an entity from ``revision_from`` until just before ``revision_to``.

    Entries of later revisions have greater keys.
    """

    __tablename__ = "search_entries"

    key: Mapped[int] = mapped_column(primary_key=True)
    noun: Mapped[str]
    id: Mapped[str] = mapped_column(String(120))
    jurisdiction: Mapped[str | None] = mapped_column(ForeignKey("jurisdictions.code"), comment="null for documents")
    revision_from: Mapped[int] = mapped_column(ForeignKey("revisions.number"))
    revision_to: Mapped[int | None] = mapped_column(
        ForeignKey("revisions.number"), comment="the revision that closed it; null while it is open"
    )
    title: Mapped[str]
    texts: Mapped[list[dict[str, Any]]] = mapped_column(comment="the other texts: field, text")
    title_stems: Mapped[str]
    body_stems: Mapped[str] = mapped_column(comment="stems of the other texts, separated by bars")
    tags: Mapped[str] = mapped_column(comment="entity type and jurisdiction as words, for filters by the index")

    __table_args__ = (
        UniqueConstraint("noun", "id", "revision_from"),
        CheckConstraint("revision_to > revision_from", name="revisions"),
        allowed_values("noun", ENTITY_WEIGHTS),
        open_version_index("search_entries", "noun", "id", unique=True),
    )


class SearchWords(Base):
    """The stems and tags of all search entries of an entity from ``revision_from`` until just before ``revision_to``, each once.

    An entity has several rows only if its entries have very many words. Source:
    docs/decisions/0032-search-words-of-all-versions.md.
    """

    __tablename__ = "search_words"

    key: Mapped[int] = mapped_column(primary_key=True)
    noun: Mapped[str]
    id: Mapped[str] = mapped_column(String(120))
    revision_from: Mapped[int] = mapped_column(ForeignKey("revisions.number"))
    revision_to: Mapped[int | None] = mapped_column(
        ForeignKey("revisions.number"), comment="the revision from which another row has the words; null while it is open"
    )
    words: Mapped[str] = mapped_column(comment="separated by spaces, in the order in which they came")

    __table_args__ = (
        UniqueConstraint("noun", "id", "revision_from"),
        CheckConstraint("revision_to > revision_from", name="revisions"),
        allowed_values("noun", ENTITY_WEIGHTS),
        open_version_index("search_words", "noun", "id", unique=True),
    )


def search_tag(column: str, value: str) -> str:
    """Return the word that stands for a filter column's value in the full-text index."""
    return f"{column}{value}".lower()
