"""Revisions: one per transaction of the published record, numbered without gaps in commit order."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from legal.records.base import Base, one_of
from legal.vocabulary import Cause


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
