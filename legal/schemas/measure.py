"""Measures as they are written down and as they are served."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from legal.rules.in_effect import STEPS
from legal.schemas.base import DateDraft, DateSchema, MetaSchema, PlaceLinksSchema, Slug, Strict, Text, Word, page_of
from legal.schemas.citation import CitationDraft, CitationSchema, CorroborationSchema, supported
from legal.schemas.figure import FigureSchema
from legal.vocabulary import LIFECYCLES, AgencyClass, Cause, Direction, IdentifierType, Kind, OtherEvent, Reach, Stands

STATUSES = sorted({step.status for steps in LIFECYCLES.values() for step in steps})
EVENTS = sorted({*STATUSES, *OtherEvent})


class IdentifierSchema(Strict):
    """An official number."""

    type = Word(IdentifierType, required=True)
    number = Text(200, required=True)
    url = fields.URL(required=True, allow_none=True, schemes={"http", "https"})


class NoticeSchema(Strict):
    """A public note on a change that readers of an earlier version should know of."""

    revision = fields.Integer(required=True)
    date = fields.Date(required=True)
    cause = Word(Cause, required=True)
    text = Text(2000, required=True)


class ActorSchema(Strict):
    """Somebody with a part in a measure."""

    name = Text(200, required=True)
    role = Text(100, required=True)


class ScopeSchema(Strict):
    """Whom a measure binds, whom it does not, and how far it goes."""

    binds = fields.List(Word(AgencyClass), required=True, metadata={"description": "Empty: the sources do not say."})
    does_not_bind = fields.List(
        Word(AgencyClass), required=True, metadata={"description": "Whom a source says it leaves alone; empty: the sources name nobody."}
    )
    agreements = Word(Reach, required=True, allow_none=True, metadata={"description": "Which agreements it is about; null: not said."})
    prohibits_agreements = fields.Boolean(
        truthy={True},  # the library would take "no" and "off" for an answer
        falsy={False},
        required=True,
        allow_none=True,
        metadata={"description": "Whether it forbids or ends agreements, or only sets conditions; null: not said, or not of that sort."},
    )
    exceptions = Text(1000, required=True, allow_none=True)
    max_term_months = fields.Integer(required=True, allow_none=True, strict=True, validate=validate.Range(min=1, max=1200))


class MeasureBody(Strict):
    """What a measure says, but for its dates and its citations."""

    id = Slug(required=True)
    kind = Word(Kind, required=True)
    title = Text(300, required=True)
    summary = Text(2000, required=True)
    status = Word(STATUSES, required=True)
    direction = Word(Direction, required=True)
    identifiers = fields.List(fields.Nested(IdentifierSchema), required=True)
    scope = fields.Nested(ScopeSchema, required=True)
    implies = fields.List(Word(Kind), required=True, metadata={"description": "Kinds of measure whose existence this presupposes."})
    agreements = fields.List(
        Slug(longest=160),
        required=True,
        metadata={"description": "The agreements of ICE's lists that it is about, where a source names them; of `active_agreements` only."},
    )
    actors = fields.List(fields.Nested(ActorSchema), required=True)


class EffectiveDraft(Strict):
    """From when and up to when, both days included; null is unknown."""

    from_ = fields.Nested(DateDraft, required=True, allow_none=True, data_key="from")
    to = fields.Nested(DateDraft, required=True, allow_none=True)


class EventDraft(Strict):
    """Something that happened to a measure."""

    event = Word(EVENTS, required=True)
    date = fields.Nested(DateDraft, required=True, allow_none=True)
    description = Text(1000, required=True)


class MeasureDraft(MeasureBody):
    """A measure as a seed file or a proposal states it."""

    effective = fields.Nested(EffectiveDraft, required=True)
    events = fields.List(fields.Nested(EventDraft), required=True)
    citations = fields.List(fields.Nested(CitationDraft), required=True, validate=supported)

    @validates_schema
    def fits_its_kind(self, data: Mapping[str, Any], **_: object) -> None:
        """The status, the events and the agreements named belong to the kind, and it ends no earlier than it begins."""
        kind = data["kind"]
        if (kind, data["status"]) not in STEPS:
            allowed = ", ".join(step.status for step in LIFECYCLES[Kind(kind)])
            raise ValidationError(f"A {kind} has no status {data['status']}; it has: {allowed}.", "status")
        for position, event in enumerate(data["events"]):
            if (kind, event["event"]) not in STEPS and event["event"] not in set(OtherEvent):
                raise ValidationError({"events": {position: {"event": [f"{event['event']} is no event of the kind {kind}."]}}})
        if data["agreements"] and kind != Kind.ACTIVE_AGREEMENTS:
            raise ValidationError(f"A {kind} names no agreements; a measure of the kind {Kind.ACTIVE_AGREEMENTS} does.", "agreements")
        begins, ends = data["effective"]["from_"], data["effective"]["to"]
        if begins and ends and begins.earliest and ends.latest and ends.latest < begins.earliest:
            raise ValidationError({"effective": {"to": ["It ends before it begins."]}})


class EffectiveSchema(Strict):
    """From when and up to when, both days included."""

    from_ = fields.Nested(DateSchema, required=True, data_key="from")
    to = fields.Nested(DateSchema, required=True)


class EventSchema(Strict):
    """Something that happened to a measure."""

    event = Word(EVENTS, required=True)
    date = fields.Nested(DateSchema, required=True)
    description = fields.String(required=True)


class MeasureSchema(MeasureBody):
    """One legal instrument, proceeding or standing set of agreements."""

    jurisdiction = fields.String(required=True, metadata={"example": "VA"})
    stands = Word(Stands, required=True)
    phase = fields.String(required=True, metadata={"description": "Where its status puts it in its life: not yet, standing, no longer …"})
    gaps = fields.List(fields.String(), required=True, metadata={"description": "Earlier steps that no source on file reports."})
    notices = fields.List(fields.Nested(NoticeSchema), required=True)
    effective = fields.Nested(EffectiveSchema, required=True)
    events = fields.List(fields.Nested(EventSchema), required=True)
    figures = fields.List(fields.Nested(FigureSchema), required=True)
    citations = fields.List(fields.Nested(CitationSchema), required=True)
    corroboration = fields.Nested(CorroborationSchema, required=True)
    version = fields.Integer(required=True)
    links = fields.Nested(PlaceLinksSchema, required=True)


class MeasureDetailSchema(MeasureSchema):
    """One measure, with the moment it was asked about."""

    meta = fields.Nested(MetaSchema, required=True)


MeasurePage = page_of(MeasureSchema, "MeasurePage")
