"""The epoch of the record: a token that tells apart two histories whose revisions have the same numbers."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from legal.models.base import Base


class RecordEpoch(Base):
    """The one row with the record's epoch. A migration makes it; restoring a backup replaces it.

    A restored backup issues revision numbers again that caches and citations may already know with another content.
    """

    __tablename__ = "record_epoch"

    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="1: there is one row")
    token: Mapped[str] = mapped_column(String(10), comment="random; goes into ETags and permalinks")
    started_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(comment="why the epoch began: the first migration, or which backup was restored")

    __table_args__ = (CheckConstraint("key = 1", name="key"),)
