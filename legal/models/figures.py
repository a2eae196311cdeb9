"""Figures are reported quantities with unit, comparator and date, stored as append-only versions."""

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, composite, mapped_column, relationship

from legal.models.base import Base, VersionMixin, allowed_values, date_checks, open_version_index, version_constraints
from legal.models.citations import Citation
from legal.rules.dates import EdtfDate
from legal.vocabulary import AgencyClass, Cohort, Comparator, Geography, Metric, Model, Unit


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
    metric: Mapped[str]
    unit: Mapped[str]
    cohort: Mapped[str | None]
    geography: Mapped[str | None]
    agency_class: Mapped[str | None] = mapped_column(comment="the class of agencies that is counted, where it is one")
    model: Mapped[str | None] = mapped_column(comment="the model whose share or number it is, where it is of one")
    derivation: Mapped[dict[str, Any] | None] = mapped_column(comment="the figures it follows from, and how")
    comparator: Mapped[str]
    value: Mapped[float]
    low: Mapped[float | None]
    high: Mapped[float | None]
    note: Mapped[str | None]
    date: Mapped[EdtfDate] = composite(
        mapped_column("date_edtf"), mapped_column("date_earliest"), mapped_column("date_latest"), mapped_column("date_basis")
    )
    reported_earliest: Mapped[dt.date | None]
    reported_latest: Mapped[dt.date | None]

    citations: Mapped[list[Citation]] = relationship(order_by="Citation.position")

    __table_args__ = (
        ForeignKeyConstraint(["figure", "jurisdiction"], ["figures.id", "figures.jurisdiction"]),
        ForeignKeyConstraint(["measure", "jurisdiction"], ["measures.id", "measures.jurisdiction"]),
        *version_constraints("figure", "figure_versions"),
        allowed_values("metric", Metric),
        allowed_values("unit", Unit),
        allowed_values("cohort", Cohort),
        allowed_values("geography", Geography),
        allowed_values("agency_class", AgencyClass),
        allowed_values("model", Model),
        allowed_values("comparator", Comparator),
        CheckConstraint("low <= high", name="bounds"),
        CheckConstraint("low IS NOT NULL OR high IS NOT NULL", name="bounded"),
        CheckConstraint("reported_earliest <= reported_latest", name="reported_bounds"),
        *date_checks("date"),
        open_version_index("figure_versions", "jurisdiction", "metric"),
        open_version_index("figure_versions", "metric", "unit"),
        open_version_index("figure_versions", "unit"),
    )
