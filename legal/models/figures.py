"""Figures are reported quantities with unit, comparator and date, stored as append-only versions."""

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, composite, mapped_column, relationship

from legal.models.base import Base, VersionMixin, allowed_values, date_checks, open_version_index, version_constraints
from legal.models.citations import Citation
from legal.rules.dates import EdtfDate
from legal.vocabulary import AgencyClass, Cohort, Comparator, Geography, Metric, Model, Quantity, Unit


class Figure(Base):
    """The permanent identity of a figure."""

    __tablename__ = "figures"

    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    jurisdiction: Mapped[str] = mapped_column(ForeignKey("jurisdictions.code"), index=True)

    __table_args__ = (UniqueConstraint("id", "jurisdiction"),)


class FigureVersion(VersionMixin, Base):
    """One version of a figure.

    ``low`` and ``high`` follow from the comparator (``rules.figures.allowed_interval``). ``reported_*`` are bounds of
    the day of the first report: the figure's own date, or else the date of the first document that reports it.
    """

    __tablename__ = "figure_versions"

    figure: Mapped[str]
    jurisdiction: Mapped[str]
    measure: Mapped[str | None]
    title: Mapped[str | None] = mapped_column(comment="null in versions older than the column, like printed")
    metric: Mapped[str]
    quantity: Mapped[str]
    unit: Mapped[str]
    cohort: Mapped[str | None]
    geography: Mapped[str | None]
    agency_class: Mapped[str | None] = mapped_column(comment="the class of agencies that is counted; null if not one class")
    model: Mapped[str | None] = mapped_column(comment="the model that the figure is limited to; null if not one model")
    derivation: Mapped[dict[str, Any] | None] = mapped_column(comment="the figures it follows from, and how")
    follows: Mapped[str | None] = mapped_column(comment="the figure at the earlier end of the same statement")
    printed: Mapped[str | None] = mapped_column(comment="the source's words for the number")
    comparator: Mapped[str | None]
    value: Mapped[float | None] = mapped_column(comment="null if the source prints words and no number, like comparator, low and high")
    rounded: Mapped[bool]
    low: Mapped[float | None]
    high: Mapped[float | None]
    note: Mapped[str | None]
    date: Mapped[EdtfDate] = composite(
        mapped_column("date_edtf"), mapped_column("date_earliest"), mapped_column("date_latest"), mapped_column("date_basis")
    )
    period_from: Mapped[EdtfDate] = composite(
        mapped_column("period_from_edtf"),
        mapped_column("period_from_earliest"),
        mapped_column("period_from_latest"),
        mapped_column("period_from_basis"),
    )
    period_to: Mapped[EdtfDate] = composite(
        mapped_column("period_to_edtf"),
        mapped_column("period_to_earliest"),
        mapped_column("period_to_latest"),
        mapped_column("period_to_basis"),
    )
    reported_earliest: Mapped[dt.date | None]
    reported_latest: Mapped[dt.date | None]

    citations: Mapped[list[Citation]] = relationship(order_by="Citation.position")

    __table_args__ = (
        ForeignKeyConstraint(["figure", "jurisdiction"], ["figures.id", "figures.jurisdiction"]),
        ForeignKeyConstraint(["measure", "jurisdiction"], ["measures.id", "measures.jurisdiction"]),
        *version_constraints("figure", "figure_versions"),
        allowed_values("metric", Metric),
        allowed_values("quantity", Quantity),
        allowed_values("unit", Unit),
        allowed_values("cohort", Cohort),
        allowed_values("geography", Geography),
        allowed_values("agency_class", AgencyClass),
        allowed_values("model", Model),
        allowed_values("comparator", Comparator),
        CheckConstraint("low <= high", name="bounds"),
        CheckConstraint("(value IS NULL) = (comparator IS NULL)", name="compared"),
        CheckConstraint("(value IS NULL) = (low IS NULL AND high IS NULL)", name="bounded"),
        CheckConstraint("NOT rounded OR comparator = 'exact'", name="rounded"),
        CheckConstraint("reported_earliest <= reported_latest", name="reported_bounds"),
        *date_checks("date"),
        *date_checks("period_from"),
        *date_checks("period_to"),
        open_version_index("figure_versions", "jurisdiction", "metric"),
        open_version_index("figure_versions", "metric", "unit"),
        open_version_index("figure_versions", "unit"),
        open_version_index("figure_versions", "measure"),
    )
