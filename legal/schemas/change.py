"""Changes, versions, events and differences as they are served."""

from marshmallow import fields

from legal.schemas.base import DateSchema, LinksSchema, MetaSchema, PlaceLinksSchema, Strict, Word, page_of
from legal.schemas.measure import EVENTS
from legal.vocabulary import LOGGED, Action, AgreementEvent, Cause, Kind, Posture, Stands


class FieldChangeSchema(Strict):
    """A field that changed, with what it was and what it became."""

    name = fields.String(required=True, metadata={"example": "status"})
    before = fields.Raw(required=True, allow_none=True)
    after = fields.Raw(required=True, allow_none=True)


class ChangeSchema(Strict):
    """What one revision did to one thing."""

    revision = fields.Integer(required=True)
    recorded_at = fields.AwareDateTime(required=True)
    cause = Word(Cause, required=True)
    reason = fields.String(required=True)
    actor = fields.String(required=True)
    noun = Word(LOGGED, required=True)
    id = fields.String(required=True)
    jurisdiction = fields.String(required=True, allow_none=True, metadata={"description": "Null for documents and origins."})
    action = Word(Action, required=True)
    fields_ = fields.List(fields.Nested(FieldChangeSchema), required=True, data_key="fields")


class VersionSchema(ChangeSchema):
    """One version of a measure: the change that made it."""

    links = fields.Nested(LinksSchema, required=True)


class TimelineEventSchema(Strict):
    """A dated event of one of a place's measures or agreements; the id of the other is null."""

    date = fields.Nested(DateSchema, required=True)
    happened = Word(Stands, required=True, metadata={"description": "Whether it had happened by the day asked about."})
    event = Word(sorted({*EVENTS, *AgreementEvent}), required=True)
    description = fields.String(required=True)
    measure = fields.String(required=True, allow_none=True)
    agreement = fields.String(required=True, allow_none=True)
    kind = Word(Kind, required=True)
    title = fields.String(required=True)
    links = fields.Nested(PlaceLinksSchema, required=True)


class ThingChangeSchema(Strict):
    """What became of one thing between two moments, for one cause."""

    noun = Word(LOGGED, required=True)
    id = fields.String(required=True)
    action = Word(Action, required=True)
    fields_ = fields.List(fields.Nested(FieldChangeSchema), required=True, data_key="fields")


CausesSchema = type(
    "CausesSchema",
    (Strict,),
    {
        "__doc__": "What changed, kept apart by cause.",
        **{str(cause): fields.List(fields.Nested(ThingChangeSchema), required=True) for cause in Cause},
    },
)


class PostureChangeSchema(Strict):
    """The posture at two moments; null for the nation."""

    before = Word(Posture, required=True, allow_none=True)
    after = Word(Posture, required=True, allow_none=True)


class DiffSchema(Strict):
    """What differs between two days or two revisions."""

    jurisdiction = fields.String(required=True)
    from_ = fields.Nested(MetaSchema, required=True, data_key="from")
    to = fields.Nested(MetaSchema, required=True)
    posture = fields.Nested(PostureChangeSchema, required=True)
    causes = fields.Nested(CausesSchema, required=True)
    meta = fields.Nested(MetaSchema, required=True)


ChangePage = page_of(ChangeSchema, "ChangePage")
VersionPage = page_of(VersionSchema, "VersionPage")
TimelinePage = page_of(TimelineEventSchema, "TimelinePage")
