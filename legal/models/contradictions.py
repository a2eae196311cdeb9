"""Contradictions between what sources say in words, without a number, stored as append-only versions."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from legal.models.base import Base, VersionMixin, allowed_values, open_version_index, version_constraints
from legal.models.citations import Citation
from legal.rules.conflicts import CONFLICT_VERDICTS


class Contradiction(Base):
    """The permanent identity of a contradiction."""

    __tablename__ = "contradictions"

    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    jurisdiction: Mapped[str] = mapped_column(ForeignKey("jurisdictions.code"), index=True)

    __table_args__ = (UniqueConstraint("id", "jurisdiction"),)


class ContradictionVersion(VersionMixin, Base):
    """One version of a contradiction. ``reported_*`` are bounds of the day on which the last of its documents was published."""

    __tablename__ = "contradiction_versions"

    contradiction: Mapped[str]
    jurisdiction: Mapped[str]
    verdict: Mapped[str]
    why: Mapped[str]
    measures: Mapped[list[str]] = mapped_column(comment="ids of the measures that it is about")
    reported_earliest: Mapped[dt.date | None]
    reported_latest: Mapped[dt.date | None]

    citations: Mapped[list[Citation]] = relationship(order_by="Citation.position")

    __table_args__ = (
        ForeignKeyConstraint(["contradiction", "jurisdiction"], ["contradictions.id", "contradictions.jurisdiction"]),
        *version_constraints("contradiction", "contradiction_versions"),
        allowed_values("verdict", CONFLICT_VERDICTS),
        CheckConstraint("reported_earliest <= reported_latest", name="reported_bounds"),
        open_version_index("contradiction_versions", "jurisdiction"),
    )
