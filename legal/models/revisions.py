"""Revisions and the log of changes. Each publishing transaction is one revision, numbered without gaps in commit order."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from legal.models.base import Base, allowed_values
from legal.vocabulary import LOGGED_ENTITIES, Action, Cause


class Revision(Base):
    """One transaction of the published record, with its time, cause, reason, actor and rule versions."""

    __tablename__ = "revisions"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    recorded_at: Mapped[datetime] = mapped_column(index=True)
    cause: Mapped[str]
    reason: Mapped[str]
    actor: Mapped[str]
    rule_pack: Mapped[int] = mapped_column(comment="the posture rules in force at this revision")
    codebook: Mapped[str] = mapped_column(comment="the codebook's version at this revision")

    __table_args__ = (CheckConstraint("number >= 1", name="number"), allowed_values("cause", Cause))


class Change(Base):
    """The change that one revision made to one entity: each changed field with its old and new value.

    A ``create`` lists every field, so the record at any revision can be rebuilt from the log alone.
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
        allowed_values("noun", LOGGED_ENTITIES),
        allowed_values("action", Action),
    )
