"""The 57 jurisdictions, with the identifiers that other data sets use for them."""

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from legal.models.base import Base, allowed_values
from legal.vocabulary import JurisdictionType


class Jurisdiction(Base):
    """A government that can make law on cooperation with ICE. Its identifiers never change, and it is never retracted, so it has no versions."""

    __tablename__ = "jurisdictions"

    code: Mapped[str] = mapped_column(String(2), primary_key=True, comment="USPS code")
    name: Mapped[str] = mapped_column(unique=True)
    type: Mapped[str]
    fips: Mapped[str | None] = mapped_column(String(2), unique=True, comment="null for the nation")
    iso_3166_2: Mapped[str] = mapped_column(unique=True)
    ocd_id: Mapped[str] = mapped_column(unique=True, comment="Open Civic Data division")
    slug: Mapped[str] = mapped_column(unique=True)
    revision_from: Mapped[int] = mapped_column(ForeignKey("revisions.number"), comment="the revision that added it")

    __table_args__ = (
        allowed_values("type", JurisdictionType),
        CheckConstraint("length(code) = 2 AND code = upper(code)", name="code"),
        CheckConstraint("(fips IS NULL) = (type = 'nation')", name="fips"),
    )
