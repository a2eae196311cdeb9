"""Schemas of changes, versions, timelines and differences."""

from marshmallow import fields

from legal.schemas.agreement import SuccessorSchema, correction_field
from legal.schemas.base import DateSchema, LinksSchema, MetaSchema, PlaceLinksSchema, StrictSchema, TermField, page_schema
from legal.schemas.measure import MEASURE_EVENTS
from legal.schemas.roster import AgreementDifferencesSchema
from legal.vocabulary import LOGGED_ENTITIES, Action, AgreementEvent, Cause, Kind, Posture, Stands


class FieldChangeSchema(StrictSchema):
    """A changed field with its old and new value."""

    name = fields.String(required=True, metadata={"example": "status"})
    before = fields.Raw(required=True, allow_none=True)
    after = fields.Raw(required=True, allow_none=True)


class ChangeSchema(StrictSchema):
    """The change that one revision made to one entity."""

    revision = fields.Integer(required=True)
    recorded_at = fields.AwareDateTime(required=True)
    cause = TermField(Cause, required=True)
    reason = fields.String(required=True)
    actor = fields.String(required=True)
    noun = TermField(LOGGED_ENTITIES, required=True)
    id = fields.String(required=True)
    jurisdiction = fields.String(required=True, allow_none=True, metadata={"description": "Null for documents and origins."})
    action = TermField(Action, required=True)
    fields_ = fields.List(fields.Nested(FieldChangeSchema), required=True, data_key="fields")


class VersionSchema(ChangeSchema):
    """A version of a measure, described by the change that created it."""

    links = fields.Nested(LinksSchema, required=True)


class TimelineEventSchema(StrictSchema):
    """A dated event of a measure or an agreement of a jurisdiction. Either `measure` or `agreement` is null."""

    date = fields.Nested(DateSchema, required=True)
    happened = TermField(Stands, required=True, metadata={"description": "Whether the event had happened by the requested day."})
    event = TermField(sorted({*MEASURE_EVENTS, *AgreementEvent}), required=True)
    description = fields.String(required=True)
    measure = fields.String(required=True, allow_none=True)
    agreement = fields.String(required=True, allow_none=True)
    kind = TermField(Kind, required=True)
    title = fields.String(required=True)
    possibly_renamed_to = fields.Nested(
        SuccessorSchema,
        required=True,
        allow_none=True,
        metadata={
            "description": "For `unlisted`: what the same roster, or one within 60 days after it, adds and may be the same agreement; else null.",
            "example": None,
        },
    )
    corrected_to = correction_field("For `corrected`: the agreement in the jurisdiction to which the roster moved it; else null.")
    corrected_from = correction_field("For `corrected`: the agreement in the jurisdiction from which the roster moved it; else null.")
    links = fields.Nested(PlaceLinksSchema, required=True)


class ThingChangeSchema(StrictSchema):
    """The changes of one entity between two snapshots, for one cause."""

    noun = TermField(LOGGED_ENTITIES, required=True)
    id = fields.String(required=True)
    kind = fields.String(
        required=True,
        metadata={"description": "Kind of a measure, metric of a figure, or kind of a roster.", "example": "executive_order"},
    )
    title = fields.String(required=True, metadata={"description": "Title at the later snapshot, or before it was retracted."})
    action = TermField(Action, required=True)
    fields_ = fields.List(fields.Nested(FieldChangeSchema), required=True, data_key="fields")


class DifferenceRowSchema(StrictSchema):
    """A field that differs between two snapshots, as a row of a table."""

    jurisdiction = fields.String(required=True)
    cause = TermField(Cause, required=True, allow_none=True, metadata={"description": "Null if only the certainty differs."})
    noun = TermField(LOGGED_ENTITIES, required=True)
    id = fields.String(required=True)
    kind = fields.String(required=True)
    title = fields.String(required=True)
    action = TermField(Action, required=True)
    name = fields.String(required=True)
    before = fields.Raw(required=True, allow_none=True)
    after = fields.Raw(required=True, allow_none=True)


CausesSchema = type(
    "CausesSchema",
    (StrictSchema,),
    {
        "__doc__": "Changes grouped by cause.",
        **{str(cause): fields.List(fields.Nested(ThingChangeSchema), required=True) for cause in Cause},
    },
)


class PostureChangeSchema(StrictSchema):
    """The posture at two snapshots; null for the nation."""

    before = TermField(Posture, required=True, allow_none=True)
    after = TermField(Posture, required=True, allow_none=True)
    certainty_only = fields.Boolean(
        required=True,
        metadata={"description": "Whether the posture differs only because sources leave open what held on one of the days."},
    )


class DiffSchema(StrictSchema):
    """The differences of a jurisdiction between two days or two revisions."""

    jurisdiction = fields.String(required=True)
    from_ = fields.Nested(MetaSchema, required=True, data_key="from")
    to = fields.Nested(MetaSchema, required=True)
    posture = fields.Nested(PostureChangeSchema, required=True)
    causes = fields.Nested(CausesSchema, required=True)
    certainty = fields.List(
        fields.Nested(ThingChangeSchema),
        required=True,
        metadata={
            "description": "Differences that come from what the sources leave open, or from their age. They are not changes in the world."
        },
    )
    agreements = fields.Nested(
        AgreementDifferencesSchema,
        required=True,
        allow_none=True,
        metadata={
            "description": "Agreements that only one of the two rosters in force lists. Null unless the rows of both are on file.",
            "example": None,
        },
    )
    meta = fields.Nested(MetaSchema, required=True)


ChangePage = page_schema(ChangeSchema, "ChangePage")
VersionPage = page_schema(VersionSchema, "VersionPage")
TimelinePage = page_schema(TimelineEventSchema, "TimelinePage")
