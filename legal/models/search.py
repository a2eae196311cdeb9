"""What is searched: the text of each version of a measure, figure or document, as its stems.

The full-text index over it differs between the databases and stands in migration 0002:
on SQLite the FTS5 table ``search_index``, on PostgreSQL the generated column ``vector``.
"""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from legal.models.base import Base, one_of, open_index
from legal.rules.search.ranking import OF_NOUN


class SearchEntry(Base):
    """The text by which a thing is found from one revision up to, and without, another; newer revisions have greater keys."""

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
    body_stems: Mapped[str] = mapped_column(comment="of the other texts; a bar stands between two")
    tags: Mapped[str] = mapped_column(comment="noun and place as words, for filters that the index answers")

    __table_args__ = (
        UniqueConstraint("noun", "id", "revision_from"),
        CheckConstraint("revision_to > revision_from", name="revisions"),
        one_of("noun", OF_NOUN),
        open_index("search_entries", "noun", "id", unique=True),
    )


def tag(column: str, value: str) -> str:
    """The word by which the index knows the value of a column that can be filtered by."""
    return f"{column}{value}".lower()
