"""Map the tables of the SQLite export, for the peers with an ORM."""

import os

from sqlalchemy import ForeignKey, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, selectinload
from sqlalchemy.orm.interfaces import ORMOption

engine = create_engine(f"sqlite:///{os.environ['EXPORT_FILE']}")


class Base(DeclarativeBase):
    """The declarative base."""


class Citation(Base):
    """A passage that a measure or a figure rests on."""

    __tablename__ = "citations"

    id: Mapped[str] = mapped_column(primary_key=True)
    measure: Mapped[str | None] = mapped_column(ForeignKey("measures.id"))
    figure: Mapped[str | None] = mapped_column(ForeignKey("figures.id"))
    document: Mapped[str]
    paragraph: Mapped[int | None]
    start: Mapped[int | None]
    end: Mapped[int | None]
    sha256: Mapped[str | None]
    role: Mapped[str]
    note: Mapped[str | None]


class Event(Base):
    """A dated event of a measure."""

    __tablename__ = "events"

    measure: Mapped[str] = mapped_column(ForeignKey("measures.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    event: Mapped[str]
    description: Mapped[str]
    date_edtf: Mapped[str | None]


class Measure(Base):
    """A measure with its events and citations."""

    __tablename__ = "measures"

    id: Mapped[str] = mapped_column(primary_key=True)
    jurisdiction: Mapped[str] = mapped_column(ForeignKey("jurisdictions.code"))
    kind: Mapped[str]
    title: Mapped[str]
    summary: Mapped[str]
    status: Mapped[str | None]
    direction: Mapped[str]
    effective_from_edtf: Mapped[str | None]
    effective_to_edtf: Mapped[str | None]
    events: Mapped[list[Event]] = relationship(order_by=Event.position)
    citations: Mapped[list[Citation]] = relationship(order_by=Citation.id)


class Figure(Base):
    """A reported number with its citations."""

    __tablename__ = "figures"

    id: Mapped[str] = mapped_column(primary_key=True)
    jurisdiction: Mapped[str] = mapped_column(ForeignKey("jurisdictions.code"))
    title: Mapped[str | None]
    metric: Mapped[str]
    unit: Mapped[str]
    printed: Mapped[str | None]
    value: Mapped[float | None]
    date_edtf: Mapped[str | None]
    citations: Mapped[list[Citation]] = relationship(order_by=Citation.id)


class Jurisdiction(Base):
    """A jurisdiction with its measures and figures."""

    __tablename__ = "jurisdictions"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    slug: Mapped[str]
    measures: Mapped[list[Measure]] = relationship(order_by=Measure.id)
    figures: Mapped[list[Figure]] = relationship(order_by=Figure.id)


class Agreement(Base):
    """An active agreement of the newest roster."""

    __tablename__ = "agreements"

    id: Mapped[str] = mapped_column(primary_key=True)
    jurisdiction: Mapped[str | None]
    agency: Mapped[str]
    agency_id: Mapped[str]
    agency_type: Mapped[str | None]
    county: Mapped[str | None]
    county_fips: Mapped[str | None]
    model: Mapped[str]
    status: Mapped[str]
    signed_edtf: Mapped[str | None]
    roster: Mapped[str]
    row: Mapped[int]


WITH_PARTS: tuple[ORMOption, ...] = (selectinload(Measure.events), selectinload(Measure.citations))
"""Load what belongs to measures in one statement for each table."""


def load_card(session: Session, code: str) -> Jurisdiction | None:
    """Return a jurisdiction with all that its card shows."""
    measures = selectinload(Jurisdiction.measures)
    parts = (
        measures.selectinload(Measure.events),
        measures.selectinload(Measure.citations),
        selectinload(Jurisdiction.figures).selectinload(Figure.citations),
    )
    return session.get(Jurisdiction, code, options=parts)
