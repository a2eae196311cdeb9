"""Origins are the announcements, records, filings and interviews that documents trace back to."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, composite, mapped_column

from legal.models.base import Base, VersionMixin, allowed_values, date_checks, version_constraints
from legal.rules.dates import EdtfDate
from legal.vocabulary import OriginType


class Origin(Base):
    """The permanent identity of an origin."""

    __tablename__ = "origins"

    id: Mapped[str] = mapped_column(String(120), primary_key=True)


class OriginVersion(VersionMixin, Base):
    """One version of an origin."""

    __tablename__ = "origin_versions"

    origin: Mapped[str] = mapped_column(ForeignKey("origins.id"))
    type: Mapped[str]
    title: Mapped[str]
    issuer: Mapped[str | None]
    note: Mapped[str | None]
    date: Mapped[EdtfDate] = composite(
        mapped_column("date_edtf"), mapped_column("date_earliest"), mapped_column("date_latest"), mapped_column("date_basis")
    )

    __table_args__ = (*version_constraints("origin", "origin_versions"), allowed_values("type", OriginType), *date_checks("date"))
