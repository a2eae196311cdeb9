"""Measures are legal instruments, proceedings and sets of agreements, stored as append-only versions."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, composite, mapped_column, relationship

from legal.models.base import Base, VersionMixin, allowed_values, date_checks, open_version_index, version_constraints
from legal.models.citations import Citation
from legal.rules.dates import EdtfDate
from legal.vocabulary import LIFECYCLES, Direction, Kind, LinkEffect, OtherEvent, ProvisionType, Reach

_STATUS_MATCHES_KIND = " OR ".join(
    f"(kind = '{kind}' AND status IN ({', '.join(repr(step.status) for step in steps)}))" for kind, steps in LIFECYCLES.items()
)

_NAMES_AGREEMENTS = text("revision_to IS NULL AND agreements IS NOT NULL")


class Measure(Base):
    """The permanent row of a measure. A measure's kind and jurisdiction cannot change."""

    __tablename__ = "measures"

    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    jurisdiction: Mapped[str] = mapped_column(ForeignKey("jurisdictions.code"))
    kind: Mapped[str]

    __table_args__ = (
        UniqueConstraint("id", "jurisdiction", "kind"),
        UniqueConstraint("id", "jurisdiction"),
        Index(None, "jurisdiction", "kind"),
        allowed_values("kind", Kind),
    )


class MeasureVersion(VersionMixin, Base):
    """One version of a measure.

    ``begins_*`` are bounds of the first day on which the measure is in effect, and ``ends_*`` are bounds of the first
    day on which it no longer is (``rules.in_effect.compute_effect_period``). The bounds are computed when the version
    is written, and compared with a day when it is read.
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
    agreements: Mapped[list[str] | None] = mapped_column(comment="ids of the agreements that it is about; null if none is named")
    actors: Mapped[list[dict[str, Any]]]
    effective_from: Mapped[EdtfDate] = composite(
        mapped_column("effective_from_edtf"),
        mapped_column("effective_from_earliest"),
        mapped_column("effective_from_latest"),
        mapped_column("effective_from_basis"),
    )
    effective_to: Mapped[EdtfDate] = composite(
        mapped_column("effective_to_edtf"),
        mapped_column("effective_to_earliest"),
        mapped_column("effective_to_latest"),
        mapped_column("effective_to_basis"),
    )
    begins_earliest: Mapped[date | None]
    begins_latest: Mapped[date | None]
    ends: Mapped[bool] = mapped_column(comment="whether a source reports an end")
    ends_earliest: Mapped[date | None]
    ends_latest: Mapped[date | None]
    certain_until: Mapped[date | None] = mapped_column(comment="the last day on which its evidence makes it certain; null without a limit")
    last_reported: Mapped[date | None] = mapped_column(comment="the last day on which its newest source can have been written")

    events: Mapped[list["Event"]] = relationship(order_by="Event.position")
    links: Mapped[list["MeasureLink"]] = relationship(order_by="MeasureLink.position")
    provisions: Mapped[list["Provision"]] = relationship(order_by="Provision.position")
    citations: Mapped[list[Citation]] = relationship(order_by="Citation.position")
    status_periods: Mapped[list["StatusPeriod"]] = relationship(order_by="StatusPeriod.from_day")

    __table_args__ = (
        ForeignKeyConstraint(["measure", "jurisdiction", "kind"], ["measures.id", "measures.jurisdiction", "measures.kind"]),
        *version_constraints("measure", "measure_versions"),
        CheckConstraint(_STATUS_MATCHES_KIND, name="status"),
        allowed_values("direction", Direction),
        allowed_values("reach", Reach),
        CheckConstraint("max_term_months >= 1", name="max_term_months"),
        CheckConstraint(f"agreements IS NULL OR kind = '{Kind.ACTIVE_AGREEMENTS}'", name="agreements"),
        CheckConstraint("begins_earliest <= begins_latest", name="begins_bounds"),
        CheckConstraint("ends_earliest <= ends_latest", name="ends_bounds"),
        CheckConstraint("ends OR (ends_earliest IS NULL AND ends_latest IS NULL)", name="ends"),
        *date_checks("effective_from"),
        *date_checks("effective_to"),
        open_version_index("measure_versions", "jurisdiction", "kind"),
        open_version_index("measure_versions", "kind", "status"),
        open_version_index("measure_versions", "effective_from_earliest"),
        Index("ix_measure_versions_open_naming", "measure", sqlite_where=_NAMES_AGREEMENTS, postgresql_where=_NAMES_AGREEMENTS),
    )


class Event(Base):
    """A dated step in the life of a measure, as one version reports it."""

    __tablename__ = "events"

    key: Mapped[int] = mapped_column(primary_key=True)
    measure_version: Mapped[int] = mapped_column(ForeignKey("measure_versions.key"))
    position: Mapped[int]
    event: Mapped[str]
    description: Mapped[str]
    date: Mapped[EdtfDate] = composite(
        mapped_column("date_edtf"), mapped_column("date_earliest"), mapped_column("date_latest"), mapped_column("date_basis")
    )

    __table_args__ = (
        UniqueConstraint("measure_version", "position"),
        allowed_values("event", sorted({step.status for steps in LIFECYCLES.values() for step in steps} | set(OtherEvent))),
        *date_checks("date"),
    )


class StatusPeriod(Base):
    """A status that a measure has from a day until the next one, as one version reports it (``rules.statuses``)."""

    __tablename__ = "status_periods"

    measure_version: Mapped[int] = mapped_column(ForeignKey("measure_versions.key"), primary_key=True)
    from_day: Mapped[date] = mapped_column(primary_key=True, comment="the first day from which the status is certain")
    status: Mapped[str]

    __table_args__ = (allowed_values("status", sorted({step.status for steps in LIFECYCLES.values() for step in steps})),)


class MeasureLink(Base):
    """The effect that one version of a measure has, or would have, on another measure."""

    __tablename__ = "measure_links"

    key: Mapped[int] = mapped_column(primary_key=True)
    measure_version: Mapped[int] = mapped_column(ForeignKey("measure_versions.key"))
    position: Mapped[int]
    target: Mapped[str] = mapped_column(ForeignKey("measures.id"), comment="the measure that is acted on")
    effect: Mapped[str]
    revision_to: Mapped[int | None] = mapped_column(
        ForeignKey("revisions.number"), comment="its version's, so that the links to a measure are found among the open ones"
    )

    __table_args__ = (
        UniqueConstraint("measure_version", "position"),
        UniqueConstraint("measure_version", "target"),
        open_version_index("measure_links", "target"),
        allowed_values("effect", LinkEffect),
    )


class Provision(Base):
    """A term, condition, finding or intention that one version of a measure reports."""

    __tablename__ = "provisions"

    key: Mapped[int] = mapped_column(primary_key=True)
    measure_version: Mapped[int] = mapped_column(ForeignKey("measure_versions.key"))
    position: Mapped[int]
    type: Mapped[str]
    text: Mapped[str]
    by: Mapped[str | None] = mapped_column(comment="who found, conceded or intends it; null where no source says")
    date: Mapped[EdtfDate] = composite(
        mapped_column("date_edtf"), mapped_column("date_earliest"), mapped_column("date_latest"), mapped_column("date_basis")
    )

    citations: Mapped[list[Citation]] = relationship(order_by="Citation.position")

    __table_args__ = (
        UniqueConstraint("measure_version", "position"),
        allowed_values("type", ProvisionType),
        *date_checks("date"),
    )
