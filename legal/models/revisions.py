"""Revisions and the log of changes: one revision per transaction of the published record, numbered without gaps in commit order."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from legal.models.base import Base, one_of
from legal.vocabulary import LOGGED, Action, Cause


class Revision(Base):
    """One published change: when, by whom, why, and the rules it was read by."""

    __tablename__ = "revisions"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    recorded_at: Mapped[datetime] = mapped_column(index=True)
    cause: Mapped[str]
    reason: Mapped[str]
    actor: Mapped[str]
    rule_pack: Mapped[int] = mapped_column(comment="the posture rules in force at this revision")
    codebook: Mapped[str] = mapped_column(comment="the codebook's version at this revision")

    __table_args__ = (CheckConstraint("number >= 1", name="number"), one_of("cause", Cause))


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
