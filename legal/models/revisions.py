"""Revisions, the log of changes and its counts. Each publishing transaction is one revision, numbered without gaps in commit order."""

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


class ChangeSeries(Base):
    """The changes that share noun, action, cause and jurisdiction: all that filters of the log ask about."""

    __tablename__ = "change_series"

    key: Mapped[int] = mapped_column(primary_key=True)
    noun: Mapped[str]
    action: Mapped[str]
    cause: Mapped[str]
    jurisdiction: Mapped[str | None] = mapped_column(ForeignKey("jurisdictions.code"))

    __table_args__ = (
        UniqueConstraint("noun", "action", "cause", "jurisdiction"),
        allowed_values("noun", LOGGED_ENTITIES),
        allowed_values("action", Action),
        allowed_values("cause", Cause),
    )


class ChangeCount(Base):
    """The number of changes of a series through a revision that has some, so that no read counts the log."""

    __tablename__ = "change_counts"

    series: Mapped[int] = mapped_column(ForeignKey("change_series.key"), primary_key=True)
    revision: Mapped[int] = mapped_column(ForeignKey("revisions.number"), primary_key=True)
    total: Mapped[int] = mapped_column(comment="with those of all earlier revisions")

    __table_args__ = (UniqueConstraint("series", "total"), CheckConstraint("total >= 1", name="total"))


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
    series: Mapped[int] = mapped_column(ForeignKey("change_series.key"), comment="what it is counted with")
    number: Mapped[int] = mapped_column(comment="1, 2, 3 … of the changes of one entity")

    __table_args__ = (
        UniqueConstraint("noun", "id", "revision"),
        Index(None, "revision", "key"),
        Index(None, "jurisdiction", "revision", "key"),
        Index(None, "series", "revision", "key"),
        CheckConstraint("number >= 1", name="number"),
        allowed_values("noun", LOGGED_ENTITIES),
        allowed_values("action", Action),
    )
