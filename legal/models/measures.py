"""Measures: legal instruments, proceedings and standing sets of agreements, as append-only versions."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, composite, mapped_column, relationship

from legal.models.base import Base, Versioned, in_order, one_of, open_index, versions_of
from legal.models.citations import Citation
from legal.rules.dates import When
from legal.vocabulary import LIFECYCLES, Direction, Kind, OtherEvent, Reach

STATUS_OF_KIND = " OR ".join(
    f"(kind = '{kind}' AND status IN ({', '.join(repr(step.status) for step in steps)}))" for kind, steps in LIFECYCLES.items()
)

NAMING_SOME = text("agreements IS NOT NULL")


class Measure(Base):
    """A measure's lasting identity: what it is and where does not change."""

    __tablename__ = "measures"

    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    jurisdiction: Mapped[str] = mapped_column(ForeignKey("jurisdictions.code"))
    kind: Mapped[str]

    __table_args__ = (
        UniqueConstraint("id", "jurisdiction", "kind"),
        UniqueConstraint("id", "jurisdiction"),
        Index(None, "jurisdiction", "kind"),
        one_of("kind", Kind),
    )


class MeasureVersion(Versioned, Base):
    """What is known of a measure from one revision on.

    ``begins_*`` and ``ends_*`` are bounds of the first day on which it stands and of the first day
    after (``rules.standing.span``), worked out when it is written and compared when it is read.
    """

    __tablename__ = "measure_versions"

    measure: Mapped[str]
    jurisdiction: Mapped[str]
    kind: Mapped[str]
    title: Mapped[str]
    summary: Mapped[str]
    status: Mapped[str]
    direction: Mapped[str]
    identifiers: Mapped[list[dict[str, Any]]]
    notices: Mapped[list[dict[str, Any]]]
    binds: Mapped[list[str]]
    does_not_bind: Mapped[list[str]]
    reach: Mapped[str | None] = mapped_column(comment="scope.agreements")
    prohibits_agreements: Mapped[bool | None]
    exceptions: Mapped[str | None]
    max_term_months: Mapped[int | None]
    implies: Mapped[list[str]] = mapped_column(comment="kinds whose existence this presupposes")
    agreements: Mapped[list[str] | None] = mapped_column(comment="ids of agreements that it is about; null where it names none")
    actors: Mapped[list[dict[str, Any]]]
    effective_from: Mapped[When] = composite(
        mapped_column("effective_from_edtf"),
        mapped_column("effective_from_earliest"),
        mapped_column("effective_from_latest"),
        mapped_column("effective_from_basis"),
    )
    effective_to: Mapped[When] = composite(
        mapped_column("effective_to_edtf"),
        mapped_column("effective_to_earliest"),
        mapped_column("effective_to_latest"),
        mapped_column("effective_to_basis"),
    )
    begins_earliest: Mapped[date | None]
    begins_latest: Mapped[date | None]
    ends: Mapped[bool] = mapped_column(comment="whether anything speaks of an end")
    ends_earliest: Mapped[date | None]
    ends_latest: Mapped[date | None]

    events: Mapped[list["Event"]] = relationship(order_by="Event.position")
    citations: Mapped[list[Citation]] = relationship(order_by="Citation.position")

    __table_args__ = (
        ForeignKeyConstraint(["measure", "jurisdiction", "kind"], ["measures.id", "measures.jurisdiction", "measures.kind"]),
        *versions_of("measure", "measure_versions"),
        CheckConstraint(STATUS_OF_KIND, name="status"),
        one_of("direction", Direction),
        one_of("reach", Reach),
        CheckConstraint("max_term_months >= 1", name="max_term_months"),
        CheckConstraint(f"agreements IS NULL OR kind = '{Kind.ACTIVE_AGREEMENTS}'", name="agreements"),
        CheckConstraint("begins_earliest <= begins_latest", name="begins_bounds"),
        CheckConstraint("ends_earliest <= ends_latest", name="ends_bounds"),
        CheckConstraint("ends OR (ends_earliest IS NULL AND ends_latest IS NULL)", name="ends"),
        *in_order("effective_from"),
        *in_order("effective_to"),
        open_index("measure_versions", "jurisdiction", "kind"),
        open_index("measure_versions", "kind", "status"),
        open_index("measure_versions", "effective_from_earliest"),
        Index("ix_measure_versions_naming", "revision_from", sqlite_where=NAMING_SOME, postgresql_where=NAMING_SOME),
    )


class Event(Base):
    """A dated step in a measure's life, as one version of it tells it."""

    __tablename__ = "events"

    key: Mapped[int] = mapped_column(primary_key=True)
    measure_version: Mapped[int] = mapped_column(ForeignKey("measure_versions.key"))
    position: Mapped[int]
    event: Mapped[str]
    description: Mapped[str]
    date: Mapped[When] = composite(
        mapped_column("date_edtf"), mapped_column("date_earliest"), mapped_column("date_latest"), mapped_column("date_basis")
    )

    __table_args__ = (
        UniqueConstraint("measure_version", "position"),
        one_of("event", sorted({step.status for steps in LIFECYCLES.values() for step in steps} | set(OtherEvent))),
        *in_order("date"),
    )
