"""Serve the export with FastAPI, pydantic and SQLAlchemy's ORM."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel, ConfigDict
from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from tables import WITH_PARTS, Agreement, Jurisdiction, Measure, engine, load_card


class Row(BaseModel):
    """Anything that is read from a mapped object."""

    model_config = ConfigDict(from_attributes=True)


class CitationOut(Row):
    """A passage."""

    document: str
    paragraph: int | None
    start: int | None
    end: int | None
    sha256: str | None
    role: str
    note: str | None


class EventOut(Row):
    """An event of a measure."""

    event: str
    description: str
    date_edtf: str | None


class MeasureOut(Row):
    """A measure."""

    id: str
    jurisdiction: str
    kind: str
    title: str
    summary: str
    status: str | None
    direction: str
    effective_from_edtf: str | None
    effective_to_edtf: str | None
    events: list[EventOut]
    citations: list[CitationOut]


class FigureOut(Row):
    """A figure."""

    id: str
    title: str | None
    metric: str
    unit: str
    printed: str | None
    value: float | None
    date_edtf: str | None
    citations: list[CitationOut]


class CardOut(Row):
    """A jurisdiction with what is on file."""

    code: str
    name: str
    slug: str
    measures: list[MeasureOut]
    figures: list[FigureOut]


class AgreementOut(Row):
    """An agreement."""

    id: str
    jurisdiction: str | None
    agency: str
    agency_id: str
    agency_type: str | None
    county: str | None
    county_fips: str | None
    model: str
    status: str
    signed_edtf: str | None
    roster: str
    row: int


def open_session() -> Iterator[Session]:
    """Open a session for one request."""
    with Session(engine) as session:
        yield session


SessionParameter = Annotated[Session, Depends(open_session)]
app = FastAPI()


@app.get("/card/{code}", response_model=CardOut)
def get_card(code: str, session: SessionParameter) -> Jurisdiction:
    """Return a jurisdiction."""
    card = load_card(session, code)
    if card is None:
        raise HTTPException(404)
    return card


@app.get("/measures", response_model=list[MeasureOut])
def list_measures(session: SessionParameter, limit: int = 100) -> Sequence[Measure]:
    """Return a page of measures."""
    return session.scalars(select(Measure).options(*WITH_PARTS).order_by(Measure.id).limit(limit)).all()


@app.get("/agreements", response_model=list[AgreementOut])
def list_agreements(session: SessionParameter, limit: int = 100) -> Sequence[Agreement]:
    """Return a page of agreements."""
    return session.scalars(select(Agreement).order_by(Agreement.id).limit(limit)).all()


@app.get("/search", response_model=list[MeasureOut])
def search_measures(session: SessionParameter, q: str) -> Sequence[Measure]:
    """Return the measures with a word in title or summary."""
    pattern = f"%{q}%"
    return session.scalars(
        select(Measure).options(*WITH_PARTS).where(or_(Measure.title.like(pattern), Measure.summary.like(pattern)))
    ).all()
