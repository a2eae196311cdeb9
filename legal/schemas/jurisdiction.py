"""Schemas of jurisdictions in seed files, in lists and on stance cards."""

from marshmallow import fields, validate

from legal.rules.evidence import STALE_DESCRIPTION
from legal.schemas.base import (
    PATTERN_END,
    DateSchema,
    HeadlineSchema,
    LinksSchema,
    MetaSchema,
    StrictSchema,
    TermField,
    TextField,
    page_schema,
)
from legal.schemas.citation import CitationSchema
from legal.schemas.conflict import CardConflictSchema
from legal.schemas.contradiction import ContradictionDraft
from legal.schemas.figure import FigureDraft, FigureSchema
from legal.schemas.measure import MEASURE_STATUSES, MeasureDraft, MeasureSchema
from legal.schemas.omission import EmptyKeysOptional
from legal.vocabulary import (
    BACKGROUND_KINDS,
    STANCE_KINDS,
    Confidence,
    Direction,
    JurisdictionType,
    Kind,
    Knowledge,
    Posture,
    Stands,
)


class JurisdictionSchema(StrictSchema):
    """A jurisdiction with its identifiers."""

    code = fields.String(
        required=True, validate=validate.Regexp(rf"^[A-Z]{{2}}{PATTERN_END}"), metadata={"description": "USPS code", "example": "VA"}
    )
    name = TextField(100, required=True, metadata={"example": "Virginia"})
    type = TermField(JurisdictionType, required=True)
    fips = fields.String(required=True, allow_none=True, validate=validate.Regexp(rf"^[0-9]{{2}}{PATTERN_END}"), metadata={"example": "51"})
    iso_3166_2 = fields.String(required=True, validate=validate.Regexp(rf"^US(-[A-Z]{{2}})?{PATTERN_END}"), metadata={"example": "US-VA"})
    ocd_id = fields.String(
        required=True,
        validate=validate.Regexp(rf"^ocd-division/country:us(/(state|district|territory):[a-z]{{2}})?{PATTERN_END}"),
        metadata={"example": "ocd-division/country:us/state:va"},
    )
    slug = fields.String(required=True, validate=validate.Regexp(rf"^[a-z]+(-[a-z]+)*{PATTERN_END}"), metadata={"example": "virginia"})


class JurisdictionFile(EmptyKeysOptional):
    """A seed file with one jurisdiction, its measures, its figures, and contradictions between statements about it."""

    jurisdiction = fields.Nested(JurisdictionSchema, required=True)
    measures = fields.List(fields.Nested(MeasureDraft), required=True)
    figures = fields.List(fields.Nested(FigureDraft), required=True)
    contradictions = fields.List(fields.Nested(ContradictionDraft), required=True)


class PostureNameSchema(StrictSchema):
    """A posture with its label."""

    value = TermField(Posture, required=True)
    label = fields.String(required=True)


KindCountsSchema = type(
    "KindCountsSchema",
    (StrictSchema,),
    {"__doc__": "Numbers of measures by kind that are or may be in effect.", **{str(kind): fields.Integer(required=True) for kind in Kind}},
)


class ListedLinksSchema(LinksSchema):
    """Links to the agreements and to the roster that lists them."""

    roster = fields.String(required=True)


class DeparturesSchema(StrictSchema):
    """Agreements of the previous roster with rows that this one does not list. The two numbers are counted apart."""

    unlisted = fields.Integer(required=True, metadata={"description": "Agreements for which this roster adds no similar one."})
    possibly_renamed = fields.Integer(required=True, metadata={"description": "Agreements that this roster may list under another name."})


class ListedSchema(StrictSchema):
    """Counts of a jurisdiction on the participating roster in force on the requested day; zeros if the roster does not name it."""

    roster = fields.String(required=True)
    date = fields.Nested(DateSchema, required=True, metadata={"description": "Date of the roster."})
    agreements = fields.Integer(required=True)
    agencies = fields.Integer(required=True)
    departures = fields.Nested(
        DeparturesSchema, required=True, allow_none=True, metadata={"description": "Null if only counts are on file."}
    )
    links = fields.Nested(ListedLinksSchema, required=True)


class JurisdictionRowSchema(JurisdictionSchema):
    """A jurisdiction in a list, with its posture, its numbers of measures by kind, and its agreements on the roster in force."""

    posture = fields.Nested(PostureNameSchema, required=True, allow_none=True, metadata={"description": "Null for the nation."})
    headline = fields.Nested(HeadlineSchema, required=True, allow_none=True, metadata={"description": "Null for the nation."})
    measures = fields.Nested(
        KindCountsSchema,
        required=True,
        metadata={
            "description": "Numbers of measures, not of agreements: one measure can cover many agreements. Under active_agreements, a roster in force that names agencies of the jurisdiction counts as one; `listed` has its numbers."
        },
    )
    listed = fields.Nested(
        ListedSchema,
        required=True,
        allow_none=True,
        metadata={
            "description": "Counts on ICE's roster in force on the requested day: zeros if the roster does not name the jurisdiction; null if no roster was in force."
        },
    )


JurisdictionPage = page_schema(JurisdictionRowSchema, "JurisdictionPage")


class SetAsideClaimSchema(StrictSchema):
    """A measure or figure that the posture is not based on, with the reason."""

    id = fields.String(required=True)
    why = fields.String(required=True)


class WouldBecomeSchema(StrictSchema):
    """The posture if a pending bill were in effect."""

    if_ = fields.String(required=True, data_key="if", metadata={"description": "Id of the pending bill."})
    posture = TermField(Posture, required=True)


class PostureSchema(PostureNameSchema):
    """The posture of a jurisdiction, the rule that determined it, and the measures and figures that the rule used or set aside."""

    rule = fields.String(required=True, metadata={"example": "R5"})
    rule_version = fields.Integer(required=True, metadata={"description": "Number of the rule pack that gave the posture.", "example": 2})
    because = fields.List(fields.String(), required=True)
    set_aside = fields.List(fields.Nested(SetAsideClaimSchema), required=True)
    could_be = fields.List(
        TermField(Posture),
        required=True,
        metadata={"description": "Other postures that would follow if some or all of what is only possible were certain."},
    )
    would_become = fields.List(fields.Nested(WouldBecomeSchema), required=True)
    confidence = TermField(Confidence, required=True)
    evidence_through = fields.Nested(DateSchema, required=True)
    stale = fields.Boolean(
        required=True,
        metadata={"description": STALE_DESCRIPTION},
    )


class SlotSchema(StrictSchema):
    """The measures of one kind, and what is known about them."""

    knowledge = TermField(Knowledge, required=True)
    evidence_through = fields.Nested(DateSchema, required=True)
    measures = fields.List(fields.Nested(MeasureSchema), required=True)
    because = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Ids of the measures and rosters that `knowledge` rests on.", "example": ["va-eo-47-2025"]},
    )
    citations = fields.List(
        fields.Nested(CitationSchema),
        required=True,
        metadata={"description": "Passages that say that there is no such measure; empty if no source says so."},
    )
    listed = fields.Nested(
        ListedSchema,
        required=True,
        allow_none=True,
        metadata={
            "description": "Counts on ICE's roster in force: zeros if the roster does not name the jurisdiction; null for other kinds, and if no roster was in force."
        },
    )


StanceSchema = type(
    "StanceSchema",
    (StrictSchema,),
    {
        "__doc__": "One slot for each kind of measure that sets a stance; no slot is ever omitted.",
        **{str(kind): fields.Nested(SlotSchema, required=True) for kind in STANCE_KINDS},
    },
)


BackgroundSchema = type(
    "BackgroundSchema",
    (StrictSchema,),
    {
        "__doc__": "One slot for each kind of measure that sets no stance, such as the federal law that allows agreements.",
        **{str(kind): fields.Nested(SlotSchema, required=True) for kind in BACKGROUND_KINDS},
    },
)


class NationalClaimSchema(StrictSchema):
    """A claim about measures of states that its source does not name. It says nothing about any one state."""

    id = fields.String(required=True, metadata={"description": "Id of the nation's measure that has the citations."})
    title = fields.String(required=True)
    summary = fields.String(required=True)
    status = TermField(MEASURE_STATUSES, required=True)
    direction = TermField(Direction, required=True)
    stands = TermField(Stands, required=True)
    links = fields.Nested(LinksSchema, required=True)


class CoverageSchema(StrictSchema):
    """Numbers of documents that the response is based on."""

    documents_searched = fields.Integer(
        required=True,
        metadata={"description": "Number of documents on file at the revision, whatever the day: later documents report on earlier days."},
    )
    documents_mentioning = fields.Integer(required=True, metadata={"description": "Number of documents cited for this jurisdiction."})
    latest_document = fields.Nested(DateSchema, required=True, metadata={"description": "Date of the newest document searched."})


class CardLinksSchema(StrictSchema):
    """Links of a card. A link is null if the service does not have that page."""

    self = fields.String(required=True)
    permalink = fields.String(required=True, metadata={"description": "Link to this response with its day, revision and rule pack fixed."})
    timeline = fields.String(required=True, allow_none=True)
    html = fields.String(required=True, metadata={"description": "Page for people."})
    csv = fields.String(required=True)
    conflicts = fields.String(required=True, metadata={"description": "Link to all conflicts of the jurisdiction, with figures in full."})
    feed = fields.String(required=True, allow_none=True)


class CardSchema(JurisdictionSchema):
    """The stance of a jurisdiction, with the passages that support it."""

    headline = fields.Nested(HeadlineSchema, required=True, allow_none=True, metadata={"description": "Null for the nation."})
    posture = fields.Nested(PostureSchema, required=True, allow_none=True, metadata={"description": "Null for the nation."})
    stance = fields.Nested(StanceSchema, required=True)
    background = fields.Nested(BackgroundSchema, required=True)
    national_claims = fields.List(
        fields.Nested(NationalClaimSchema),
        required=True,
        metadata={
            "description": "Claims about states that the source does not name, if the posture is `on_file`, `none_listed` or `no_record`. They say nothing about this jurisdiction, which may or may not be meant."
        },
    )
    figures = fields.List(fields.Nested(FigureSchema), required=True)
    conflicts = fields.List(
        fields.Nested(CardConflictSchema),
        required=True,
        metadata={
            "description": "Contradictions, and comparisons that a source leaves open; contradictions first, at most 100. `links.conflicts` leads to all."
        },
    )
    coverage = fields.Nested(CoverageSchema, required=True)
    cite_as = fields.String(required=True, metadata={"description": "Citation of this response for a footnote, with its permalink."})
    license = fields.String(required=True)
    links = fields.Nested(CardLinksSchema, required=True)
    meta = fields.Nested(MetaSchema, required=True)


class ComparisonSchema(StrictSchema):
    """Several stance cards, in the order requested."""

    results = fields.List(fields.Nested(CardSchema), required=True)
    meta = fields.Nested(MetaSchema, required=True)
