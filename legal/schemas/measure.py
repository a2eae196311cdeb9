"""Schemas of measures in seed files and in responses."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from legal.rules.in_effect import STEPS_BY_STATUS
from legal.schemas.base import (
    DateDraft,
    DateSchema,
    MetaSchema,
    PlaceLinksSchema,
    SlugField,
    StrictSchema,
    TermField,
    TextField,
    page_schema,
)
from legal.schemas.citation import CitationDraft, CitationSchema, CorroborationSchema, require_supporting_citation
from legal.schemas.figure import FigureSchema
from legal.schemas.omission import EmptyKeysOptional
from legal.vocabulary import (
    LIFECYCLES,
    AgencyClass,
    Cause,
    Direction,
    IdentifierType,
    Kind,
    LinkEffect,
    OtherEvent,
    ProvisionType,
    Reach,
    Stands,
)

MEASURE_STATUSES = sorted({step.status for steps in LIFECYCLES.values() for step in steps})
MEASURE_EVENTS = sorted({*MEASURE_STATUSES, *OtherEvent})


class IdentifierSchema(StrictSchema):
    """An official number of a measure, such as the number of a bill."""

    type = TermField(IdentifierType, required=True)
    number = TextField(200, required=True)
    url = fields.URL(required=True, allow_none=True, schemes={"http", "https"})


class NoticeSchema(StrictSchema):
    """A public note about a change that readers of an earlier version should know."""

    revision = fields.Integer(required=True)
    date = fields.Date(required=True)
    cause = TermField(Cause, required=True)
    text = TextField(2000, required=True)


class ActorSchema(StrictSchema):
    """A person or body with a role in a measure."""

    name = TextField(200, required=True)
    role = TextField(100, required=True)


class ScopeSchema(StrictSchema):
    """The agencies that a measure binds or does not bind, and its effect on agreements."""

    binds = fields.List(
        TermField(AgencyClass),
        required=True,
        metadata={"description": "Classes of agencies that the measure binds; empty if the sources do not say."},
    )
    does_not_bind = fields.List(
        TermField(AgencyClass),
        required=True,
        metadata={"description": "Classes of agencies that a source says are not bound; empty if the sources name none."},
    )
    agreements = TermField(
        Reach,
        required=True,
        allow_none=True,
        metadata={"description": "The agreements that the measure affects; null if the sources do not say."},
    )
    prohibits_agreements = fields.Boolean(
        truthy={True},  # Marshmallow would also accept text such as "no" and "off"
        falsy={False},
        required=True,
        allow_none=True,
        metadata={
            "description": "True if the measure forbids or ends agreements, false if it only sets conditions for them; null if it does neither or the sources do not say."
        },
    )
    exceptions = TextField(1000, required=True, allow_none=True)
    max_term_months = fields.Integer(required=True, allow_none=True, strict=True, validate=validate.Range(min=1, max=1200))


class LinkSchema(StrictSchema):
    """Another measure, and the effect on it."""

    id = SlugField(required=True, metadata={"description": "Id of the other measure.", "example": "va-state-agreements-2025"})
    effect = TermField(
        LinkEffect,
        required=True,
        metadata={
            "description": "The effect on the other measure, actual or intended. The link does not say that the effect has come about."
        },
    )


class ProvisionBody(StrictSchema):
    """The fields of a provision that seed files and responses share: all but its date and citations."""

    type = TermField(ProvisionType, required=True)
    text = TextField(1000, required=True)
    by = TextField(
        200,
        required=True,
        allow_none=True,
        metadata={"description": "The person or body that concedes, found or intends this; null if not named."},
    )


class MeasureBody(StrictSchema):
    """The fields of a measure that seed files and responses share: all fields except dates and citations."""

    id = SlugField(required=True)
    kind = TermField(Kind, required=True)
    title = TextField(300, required=True)
    summary = TextField(2000, required=True)
    status = TermField(MEASURE_STATUSES, required=True)
    direction = TermField(Direction, required=True)
    identifiers = fields.List(fields.Nested(IdentifierSchema), required=True)
    scope = fields.Nested(ScopeSchema, required=True)
    implies = fields.List(
        TermField(Kind), required=True, metadata={"description": "Kinds of measures whose existence this measure presupposes."}
    )
    agreements = fields.List(
        SlugField(max_length=160),
        required=True,
        metadata={"description": "Ids of the agreements in ICE's rosters that a source names. Only for the kind `active_agreements`."},
    )
    actors = fields.List(fields.Nested(ActorSchema), required=True)
    acts_on = fields.List(
        fields.Nested(LinkSchema),
        required=True,
        metadata={"description": "The measures that this one acts on: of the same jurisdiction or of the nation."},
    )


class IdentifierDraft(EmptyKeysOptional, IdentifierSchema):
    """An official number as a seed file states it."""


class ScopeDraft(EmptyKeysOptional, ScopeSchema):
    """The scope of a measure as a seed file states it."""


class EffectiveDraft(EmptyKeysOptional):
    """The first and last day of effect in a seed file; null if unknown."""

    from_ = fields.Nested(DateDraft, required=True, allow_none=True, data_key="from")
    to = fields.Nested(DateDraft, required=True, allow_none=True)


class EventDraft(EmptyKeysOptional):
    """An event in the life of a measure."""

    event = TermField(MEASURE_EVENTS, required=True)
    date = fields.Nested(DateDraft, required=True, allow_none=True)
    description = TextField(1000, required=True)


class ProvisionDraft(EmptyKeysOptional, ProvisionBody):
    """A provision of a measure in a seed file."""

    date = fields.Nested(DateDraft, required=True, allow_none=True)
    citations = fields.List(fields.Nested(CitationDraft), required=True, validate=require_supporting_citation)


class MeasureDraft(EmptyKeysOptional, MeasureBody):
    """A measure in a seed file."""

    identifiers = fields.List(fields.Nested(IdentifierDraft), required=True)
    scope = fields.Nested(ScopeDraft, required=True)
    effective = fields.Nested(EffectiveDraft, required=True)
    events = fields.List(fields.Nested(EventDraft), required=True)
    provisions = fields.List(fields.Nested(ProvisionDraft), required=True)
    citations = fields.List(fields.Nested(CitationDraft), required=True, validate=require_supporting_citation)

    @validates_schema
    def check_consistency(self, data: Mapping[str, Any], **_: object) -> None:
        """Check that the kind allows the status, the events and the agreements, and that the end is not before the beginning."""
        kind = data["kind"]
        if (kind, data["status"]) not in STEPS_BY_STATUS:
            allowed = ", ".join(step.status for step in LIFECYCLES[Kind(kind)])
            raise ValidationError(f"The kind {kind} has no status {data['status']}. Allowed: {allowed}.", "status")
        for position, event in enumerate(data["events"]):
            if (kind, event["event"]) not in STEPS_BY_STATUS and event["event"] not in set(OtherEvent):
                raise ValidationError({"events": {position: {"event": [f"The kind {kind} has no event {event['event']}."]}}})
        if data["agreements"] and kind != Kind.ACTIVE_AGREEMENTS:
            raise ValidationError(f"Only a measure of the kind {Kind.ACTIVE_AGREEMENTS} can name agreements, not a {kind}.", "agreements")
        if kind in (Kind.AUTHORIZATION, Kind.FUNDING) and data["direction"] not in (Direction.ENCOURAGES, Direction.NEUTRAL):
            raise ValidationError(
                f"A law of the kind {kind} neither obliges nor limits agencies. Use another kind for one that does.", "direction"
            )
        _check_links(data)
        begins, ends = data["effective"]["from_"], data["effective"]["to"]
        if begins and ends and begins.earliest and ends.latest and ends.latest < begins.earliest:
            raise ValidationError({"effective": {"to": ["`to` must not be before `from`."]}})


def _check_links(data: Mapping[str, Any]) -> None:
    """Check that a measure acts on no measure twice and not on itself.

    Raises:
        ValidationError: it names a measure twice, or itself.
    """
    targets = [link["id"] for link in data["acts_on"]]
    for position, target in enumerate(targets):
        if target == data["id"]:
            raise ValidationError({"acts_on": {position: {"id": ["A measure cannot act on itself."]}}})
        if target in targets[:position]:
            raise ValidationError({"acts_on": {position: {"id": [f"{target} is named twice. Name each measure once."]}}})


class EffectiveSchema(StrictSchema):
    """The first and last day of effect."""

    from_ = fields.Nested(DateSchema, required=True, data_key="from")
    to = fields.Nested(DateSchema, required=True)


class EventSchema(StrictSchema):
    """An event in the life of a measure."""

    event = TermField(MEASURE_EVENTS, required=True)
    date = fields.Nested(DateSchema, required=True)
    description = fields.String(required=True)


class ProvisionSchema(ProvisionBody):
    """A provision of a measure. No rule reads a provision as a status."""

    date = fields.Nested(DateSchema, required=True)
    citations = fields.List(fields.Nested(CitationSchema), required=True)


class MeasureSchema(MeasureBody):
    """A legal instrument, proceeding or set of agreements."""

    jurisdiction = fields.String(required=True, metadata={"example": "VA"})
    status = TermField(
        MEASURE_STATUSES,
        required=True,
        allow_none=True,
        metadata={"description": "The status on the requested day, as in `statuses` of the codebook; null before the measure began."},
    )
    stands = TermField(Stands, required=True)
    last_known = fields.Nested(
        DateSchema,
        required=True,
        allow_none=True,
        metadata={"description": "The date of the newest source, if it is too old to show that the measure is still in effect."},
    )
    phase = fields.String(
        required=True, metadata={"description": "Phase on the requested day, such as not yet in effect, in effect or ended."}
    )
    gaps = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Statuses that usually come before this one and that no document on file reports."},
    )
    notices = fields.List(fields.Nested(NoticeSchema), required=True)
    effective = fields.Nested(EffectiveSchema, required=True)
    events = fields.List(fields.Nested(EventSchema), required=True)
    acted_on_by = fields.List(
        fields.Nested(LinkSchema), required=True, metadata={"description": "The measures that act on this one, each with its effect."}
    )
    provisions = fields.List(
        fields.Nested(ProvisionSchema),
        required=True,
        metadata={"description": "Terms, concessions, restrictions, conditions, findings and stated intentions, each with its citations."},
    )
    figures = fields.List(fields.Nested(FigureSchema), required=True)
    citations = fields.List(fields.Nested(CitationSchema), required=True)
    corroboration = fields.Nested(CorroborationSchema, required=True)
    version = fields.Integer(required=True)
    links = fields.Nested(PlaceLinksSchema, required=True)


class MeasureDetailSchema(MeasureSchema):
    """One measure with the snapshot that it describes."""

    meta = fields.Nested(MetaSchema, required=True)


MeasurePage = page_schema(MeasureSchema, "MeasurePage")
