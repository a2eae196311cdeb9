"""Changes: the log of what each revision did to each thing, written with it and never touched again."""

from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from legal.records.base import Base, one_of
from legal.vocabulary import LOGGED, Action


class Change(Base):
    """What one revision did to one thing: every field that changed, before and after.

    A ``create`` names every field, so that the log alone gives back the record at any revision.
    """

    __tablename__ = "changes"

    key: Mapped[int] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(ForeignKey("revisions.number"))
    noun: Mapped[str]
    id: Mapped[str] = mapped_column(String(120))
    jurisdiction: Mapped[str | None] = mapped_column(ForeignKey("jurisdictions.code"), comment="null for documents and origins")
    action: Mapped[str]
    fields: Mapped[list[dict[str, Any]]] = mapped_column(comment="name, before, after")

    __table_args__ = (
        UniqueConstraint("noun", "id", "revision"),
        Index(None, "revision", "noun", "id"),
        Index(None, "jurisdiction", "revision"),
        one_of("noun", LOGGED),
        one_of("action", Action),
    )
