"""Origins: the announcements, records, filings and interviews that documents trace back to."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, composite, mapped_column

from legal.models.base import Base, Versioned, in_order, one_of, versions_of
from legal.rules.dates import When
from legal.vocabulary import OriginType


class Origin(Base):
    """An origin's lasting identity."""

    __tablename__ = "origins"

    id: Mapped[str] = mapped_column(String(120), primary_key=True)


class OriginVersion(Versioned, Base):
    """What is known of an origin from one revision on."""

    __tablename__ = "origin_versions"

    origin: Mapped[str] = mapped_column(ForeignKey("origins.id"))
    type: Mapped[str]
    title: Mapped[str]
    issuer: Mapped[str | None]
    note: Mapped[str | None]
    date: Mapped[When] = composite(
        mapped_column("date_edtf"), mapped_column("date_earliest"), mapped_column("date_latest"), mapped_column("date_basis")
    )

    __table_args__ = (*versions_of("origin", "origin_versions"), one_of("type", OriginType), *in_order("date"))
