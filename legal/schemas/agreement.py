"""Agreements, their numbers and the agencies that hold them, as they are served."""

from marshmallow import Schema, fields, validate

from legal.schemas.base import DateSchema, LinksSchema, ListMetaSchema, MetaSchema, PlaceLinksSchema, Strict, Word, page_of
from legal.vocabulary import AgencyType, AgreementStatus, Model, RosterKind

DAY = {"edtf": "2025-02-26", "earliest": "2025-02-26", "latest": "2025-02-26", "basis": "explicit"}
AGENCY = "fl-union-county-sheriffs-office"


class AgreementLinksSchema(LinksSchema):
    """Where the agreement's agency has its address, and the list that the row is of."""

    roster = fields.String(required=True)


class AgreementSchema(Strict):
    """What the lists on file say of an agency under a model on the day asked about."""

    id = fields.String(required=True, metadata={"example": f"{AGENCY}-task-force"})
    jurisdiction = fields.String(required=True, metadata={"example": "FL"})
    agency = fields.String(required=True, metadata={"description": "As that row spells it.", "example": "Union County Sheriff's Office"})
    agency_id = fields.String(required=True, metadata={"example": AGENCY})
    agency_type = Word(AgencyType, required=True, allow_none=True)
    county = fields.String(required=True, allow_none=True, metadata={"description": "As printed.", "example": "Union County"})
    county_fips = fields.String(
        required=True, allow_none=True, metadata={"description": "Null where what is printed is no one county.", "example": "12125"}
    )
    model = Word(Model, required=True)
    status = Word(AgreementStatus, required=True)
    unlisted_since = fields.Nested(
        DateSchema,
        required=True,
        allow_none=True,
        metadata={"description": "The day of the first list without it, after the last one that has it; null where it is listed."},
    )
    signed = fields.Nested(DateSchema, required=True, metadata={"example": DAY})
    signed_printed = fields.String(
        required=True, allow_none=True, metadata={"description": "What stands for the day of signature, where no day could be read."}
    )
    first_listed = fields.Nested(
        DateSchema, required=True, metadata={"description": "The day of the first list that has it, of the kind that the row is of."}
    )
    last_listed = fields.Nested(DateSchema, required=True, metadata={"description": "The day of the list that the row is of."})
    moa_url = fields.String(required=True, allow_none=True, metadata={"description": "The memorandum, where ICE links to it."})
    addendum_url = fields.String(required=True, allow_none=True)
    roster = fields.String(required=True, metadata={"description": "The last list that has it: of those that decide, the newest."})
    row = fields.Integer(required=True, metadata={"description": "The row's number in it, as a spreadsheet shows it.", "example": 2})
    measures = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "The measures that name it, by id; one that is over is the source of its end.", "example": []},
    )
    links = fields.Nested(AgreementLinksSchema, required=True)


class ListInForceSchema(Strict):
    """The last list of a kind that had been published by the day."""

    roster = fields.String(required=True)
    date = fields.Nested(DateSchema, required=True)


class InForceSchema(Strict):
    """The lists that an answer rests on, by kind; null where none had been published: that is no finding of zero."""

    participating = fields.Nested(ListInForceSchema, required=True, allow_none=True)
    pending = fields.Nested(ListInForceSchema, required=True, allow_none=True)


class AgreementMetaSchema(ListMetaSchema):
    """The moment that a list of agreements is for, and the lists that it rests on."""

    in_force = fields.Nested(InForceSchema, required=True)


def _resting(item: type[Schema], name: str, meta: type[Schema], doc: str = "") -> type[Schema]:
    page = page_of(item, name)
    return type(name, (page,), {"__doc__": doc or page.__doc__, "meta": fields.Nested(meta, required=True)})


AgreementPage = _resting(AgreementSchema, "AgreementPage", AgreementMetaSchema)


class TotalsSchema(Strict):
    """How much was selected in all, each number by its unit; states include the district, and no list that speaks to it is null."""

    agreements = fields.Integer(required=True, allow_none=True)
    agencies = fields.Integer(required=True, allow_none=True)
    states = fields.Integer(required=True, allow_none=True)
    territories = fields.Integer(required=True, allow_none=True)


class SummaryMetaSchema(AgreementMetaSchema):
    """The moment that a summary is for, the lists that it rests on, and its totals."""

    totals = fields.Nested(TotalsSchema, required=True)


def _summary(by: str, value: fields.Field[str]) -> type[Schema]:
    numbers = {unit: fields.Integer(required=True) for unit in ("agreements", "agencies")}
    doc = f"How many agreements and agencies there are by {by.replace('_', ' ')}."
    return type(f"SummaryBy{by.title().replace('_', '')}Schema", (Strict,), {"__doc__": doc, by: value, **numbers})


MONTH = fields.String(
    required=True,
    allow_none=True,
    metadata={"description": "The month of signature as YYYY-MM; null where it is unknown.", "example": "2025-02"},
)
SUMMARIES = {
    "jurisdiction": _summary("jurisdiction", fields.String(required=True, metadata={"example": "FL"})),
    "model": _summary("model", Word(Model, required=True)),
    "agency_type": _summary("agency_type", Word(AgencyType, required=True, allow_none=True)),
    "month": _summary("month", MONTH),
}


SUMMARY_PAGES = {
    by: _resting(item, f"{item.__name__.removesuffix('Schema')}Page", SummaryMetaSchema, f"A page of a summary. {item.__doc__}")
    for by, item in SUMMARIES.items()
}


class AgencyBody(Strict):
    """What the newest row that names an agency says of it."""

    id = fields.String(required=True, metadata={"example": AGENCY})
    name = fields.String(required=True, metadata={"example": "Union County Sheriff's Office"})
    jurisdiction = fields.String(required=True, metadata={"example": "FL"})
    agency_type = Word(AgencyType, required=True, allow_none=True)
    county = fields.String(required=True, allow_none=True, metadata={"example": "Union County"})
    county_fips = fields.String(required=True, allow_none=True, metadata={"example": "12125"})
    links = fields.Nested(PlaceLinksSchema, required=True)


class AgencySchema(AgencyBody):
    """A law enforcement agency that a list had by the day asked about."""

    agreements = fields.Integer(required=True, metadata={"description": "How many are active that day.", "example": 2})


AgencyPage = page_of(AgencySchema, "AgencyPage")


class PointerSchema(Strict):
    """A row of a list."""

    roster = fields.String(required=True)
    row = fields.Integer(required=True)


class ListingSchema(Strict):
    """Lists of one kind in a row that have an agreement with one day of signature."""

    kind = Word(RosterKind, required=True)
    from_ = fields.Nested(DateSchema, required=True, data_key="from", metadata={"description": "The day of the first of them."})
    to = fields.Nested(DateSchema, required=True, metadata={"description": "The day of the last of them."})
    until = fields.Nested(
        DateSchema,
        required=True,
        allow_none=True,
        metadata={"description": "The day of the next list, which lacks it or has another day of signature; null where none follows."},
    )
    signed = fields.Nested(DateSchema, required=True)
    moa_url = fields.String(required=True, allow_none=True, metadata={"description": "As the last of them has it."})
    lists = fields.Integer(required=True, validate=validate.Range(min=1), metadata={"description": "How many they are."})
    first = fields.Nested(PointerSchema, required=True)
    last = fields.Nested(PointerSchema, required=True)


class AgreementOverTimeSchema(AgreementSchema):
    """An agreement with the runs of lists that have it."""

    listings = fields.List(fields.Nested(ListingSchema), required=True, validate=validate.Length(min=1))


class AgencyDetailSchema(AgencyBody):
    """One agency, under every name that lists give it, with its agreements over time."""

    names = fields.List(fields.String(), required=True, metadata={"description": "Every spelling, the oldest first."})
    agreements = fields.List(fields.Nested(AgreementOverTimeSchema), required=True)
    meta = fields.Nested(MetaSchema, required=True)
