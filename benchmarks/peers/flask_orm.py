"""Serve the export with Flask, SQLAlchemy's ORM and marshmallow."""

from typing import Any

from flask import Flask, abort, request
from marshmallow import Schema, fields
from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from tables import WITH_PARTS, Agreement, Measure, engine, load_card


class CitationSchema(Schema):
    """A passage."""

    document = fields.String()
    paragraph = fields.Integer()
    start = fields.Integer()
    end = fields.Integer()
    sha256 = fields.String()
    role = fields.String()
    note = fields.String()


class EventSchema(Schema):
    """An event of a measure."""

    event = fields.String()
    description = fields.String()
    date_edtf = fields.String()


class MeasureSchema(Schema):
    """A measure."""

    id = fields.String()
    jurisdiction = fields.String()
    kind = fields.String()
    title = fields.String()
    summary = fields.String()
    status = fields.String()
    direction = fields.String()
    effective_from_edtf = fields.String()
    effective_to_edtf = fields.String()
    events = fields.List(fields.Nested(EventSchema))
    citations = fields.List(fields.Nested(CitationSchema))


class FigureSchema(Schema):
    """A figure."""

    id = fields.String()
    title = fields.String()
    metric = fields.String()
    unit = fields.String()
    printed = fields.String()
    value = fields.Float()
    date_edtf = fields.String()
    citations = fields.List(fields.Nested(CitationSchema))


class CardSchema(Schema):
    """A jurisdiction with what is on file."""

    code = fields.String()
    name = fields.String()
    slug = fields.String()
    measures = fields.List(fields.Nested(MeasureSchema))
    figures = fields.List(fields.Nested(FigureSchema))


class AgreementSchema(Schema):
    """An agreement."""

    id = fields.String()
    jurisdiction = fields.String()
    agency = fields.String()
    agency_id = fields.String()
    agency_type = fields.String()
    county = fields.String()
    county_fips = fields.String()
    model = fields.String()
    status = fields.String()
    signed_edtf = fields.String()
    roster = fields.String()
    row = fields.Integer()


app = Flask(__name__)
_CARD, _MEASURES, _AGREEMENTS = CardSchema(), MeasureSchema(many=True), AgreementSchema(many=True)


@app.get("/card/<code>")
def get_card(code: str) -> Any:
    """Return a jurisdiction."""
    with Session(engine) as session:
        return _CARD.dump(load_card(session, code) or abort(404))


@app.get("/measures")
def list_measures() -> Any:
    """Return a page of measures."""
    statement = select(Measure).options(*WITH_PARTS).order_by(Measure.id).limit(request.args.get("limit", 100, int))
    with Session(engine) as session:
        return {"results": _MEASURES.dump(session.scalars(statement))}


@app.get("/agreements")
def list_agreements() -> Any:
    """Return a page of agreements."""
    statement = select(Agreement).order_by(Agreement.id).limit(request.args.get("limit", 100, int))
    with Session(engine) as session:
        return {"results": _AGREEMENTS.dump(session.scalars(statement))}


@app.get("/search")
def search_measures() -> Any:
    """Return the measures with a word in title or summary."""
    pattern = f"%{request.args['q']}%"
    statement = select(Measure).options(*WITH_PARTS).where(or_(Measure.title.like(pattern), Measure.summary.like(pattern)))
    with Session(engine) as session:
        return {"results": _MEASURES.dump(session.scalars(statement))}
