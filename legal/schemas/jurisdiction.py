"""Jurisdictions as they are written down, listed, and answered for: the stance card."""

from marshmallow import fields, validate

from legal.schemas.base import END, DateSchema, LinksSchema, MetaSchema, Strict, Text, Word, page_of
from legal.schemas.citation import CitationSchema
from legal.schemas.conflict import ConflictSchema
from legal.schemas.figure import FigureDraft, FigureSchema
from legal.schemas.measure import MeasureDraft, MeasureSchema
from legal.vocabulary import Confidence, JurisdictionType, Kind, Knowledge, Posture


class JurisdictionSchema(Strict):
    """A place with every identifier the field uses for it."""

    code = fields.String(
        required=True, validate=validate.Regexp(rf"^[A-Z]{{2}}{END}"), metadata={"description": "USPS code", "example": "VA"}
    )
    name = Text(100, required=True, metadata={"example": "Virginia"})
    type = Word(JurisdictionType, required=True)
    fips = fields.String(required=True, allow_none=True, validate=validate.Regexp(rf"^[0-9]{{2}}{END}"), metadata={"example": "51"})
    iso_3166_2 = fields.String(required=True, validate=validate.Regexp(rf"^US(-[A-Z]{{2}})?{END}"), metadata={"example": "US-VA"})
    ocd_id = fields.String(
        required=True,
        validate=validate.Regexp(rf"^ocd-division/country:us(/(state|district|territory):[a-z]{{2}})?{END}"),
        metadata={"example": "ocd-division/country:us/state:va"},
    )
    slug = fields.String(required=True, validate=validate.Regexp(rf"^[a-z]+(-[a-z]+)*{END}"), metadata={"example": "virginia"})


class JurisdictionFile(Strict):
    """A seed file: one place, its measures and its figures."""

    jurisdiction = fields.Nested(JurisdictionSchema, required=True)
    measures = fields.List(fields.Nested(MeasureDraft), required=True)
    figures = fields.List(fields.Nested(FigureDraft), required=True)


class PostureNameSchema(Strict):
    """A posture in a word and in words."""

    value = Word(Posture, required=True)
    label = fields.String(required=True)


KindCountsSchema = type(
    "KindCountsSchema",
    (Strict,),
    {"__doc__": "How many measures of each kind stand or may stand.", **{str(kind): fields.Integer(required=True) for kind in Kind}},
)


class JurisdictionRowSchema(JurisdictionSchema):
    """A place in the list: its identifiers, its posture and how many measures of each kind are on file."""

    posture = fields.Nested(PostureNameSchema, required=True, allow_none=True, metadata={"description": "Null for the nation."})
    measures = fields.Nested(KindCountsSchema, required=True)


JurisdictionPage = page_of(JurisdictionRowSchema, "JurisdictionPage")


class SetAsideClaimSchema(Strict):
    """A measure or figure that the posture does not rest on, and why."""

    id = fields.String(required=True)
    why = fields.String(required=True)


class WouldBecomeSchema(Strict):
    """The posture if a pending bill were in force."""

    if_ = fields.String(required=True, data_key="if", metadata={"description": "The pending bill's id."})
    posture = Word(Posture, required=True)


class PostureSchema(PostureNameSchema):
    """The one-word reading of the stance, the rule that gave it, and every claim of the place."""

    rule = fields.String(required=True, metadata={"example": "R5"})
    rule_version = fields.Integer(required=True)
    because = fields.List(fields.String(), required=True)
    set_aside = fields.List(fields.Nested(SetAsideClaimSchema), required=True)
    could_be = fields.List(
        Word(Posture), required=True, metadata={"description": "What it would be if something that is only possible stands."}
    )
    would_become = fields.List(fields.Nested(WouldBecomeSchema), required=True)
    confidence = Word(Confidence, required=True)
    evidence_through = fields.Nested(DateSchema, required=True)
    stale = fields.Boolean(
        required=True, metadata={"description": "Whether the evidence may be more than half a year older than the day asked about."}
    )


class ListedLinksSchema(LinksSchema):
    """Where the agreements are, and the list that has them."""

    roster = fields.String(required=True)


class ListedSchema(Strict):
    """What the list of participating agencies in force on the day has for the place, each count by its unit."""

    roster = fields.String(required=True)
    date = fields.Nested(DateSchema, required=True, metadata={"description": "The list's day."})
    agreements = fields.Integer(required=True)
    agencies = fields.Integer(required=True)
    links = fields.Nested(ListedLinksSchema, required=True)


class SlotSchema(Strict):
    """What is known of one kind of measure."""

    knowledge = Word(Knowledge, required=True)
    evidence_through = fields.Nested(DateSchema, required=True)
    measures = fields.List(fields.Nested(MeasureSchema), required=True)
    citations = fields.List(
        fields.Nested(CitationSchema), required=True, metadata={"description": "Where a source says that there is none; empty otherwise."}
    )
    listed = fields.Nested(
        ListedSchema,
        required=True,
        allow_none=True,
        metadata={
            "description": "Agreements that ICE's list has; null in the other slots, and where no list is on file or it does not name the place."
        },
    )


StanceSchema = type(
    "StanceSchema",
    (Strict,),
    {"__doc__": "One slot for each kind, all always there.", **{str(kind): fields.Nested(SlotSchema, required=True) for kind in Kind}},
)


class CoverageSchema(Strict):
    """How much was read for this answer."""

    documents_searched = fields.Integer(required=True)
    documents_mentioning = fields.Integer(required=True, metadata={"description": "Documents cited for this place."})
    latest_document = fields.Nested(DateSchema, required=True, metadata={"description": "The date of the newest document searched."})


class CardLinksSchema(Strict):
    """Where to go on from here; null where this version of the service has no such page."""

    self = fields.String(required=True)
    permalink = fields.String(required=True, metadata={"description": "This answer, pinned to its day and revision."})
    timeline = fields.String(required=True, allow_none=True)
    html = fields.String(required=True, allow_none=True)
    csv = fields.String(required=True)
    feed = fields.String(required=True, allow_none=True)


class CardSchema(JurisdictionSchema):
    """Where a jurisdiction stands, and on what passages that rests."""

    posture = fields.Nested(PostureSchema, required=True, allow_none=True, metadata={"description": "Null for the nation."})
    stance = fields.Nested(StanceSchema, required=True)
    figures = fields.List(fields.Nested(FigureSchema), required=True)
    conflicts = fields.List(
        fields.Nested(ConflictSchema), required=True, metadata={"description": "Pairs of its figures, those that contradict first."}
    )
    coverage = fields.Nested(CoverageSchema, required=True)
    cite_as = fields.String(required=True)
    license = fields.String(required=True)
    links = fields.Nested(CardLinksSchema, required=True)
    meta = fields.Nested(MetaSchema, required=True)


class ComparisonSchema(Strict):
    """Several cards side by side, with the same keys in the same order."""

    results = fields.List(fields.Nested(CardSchema), required=True)
    meta = fields.Nested(MetaSchema, required=True)
