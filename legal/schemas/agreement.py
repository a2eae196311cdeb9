"""Schemas of agreements, summaries of agreements, and agencies."""

from collections.abc import Mapping

from marshmallow import Schema, fields, validate

from legal.schemas.base import DateSchema, LinksSchema, ListMetaSchema, MetaSchema, StrictSchema, TermField, page_schema
from legal.vocabulary import AgencyType, AgreementStatus, Flag, Model, RosterKind

_EXAMPLE_DAY = {"edtf": "2025-02-26", "earliest": "2025-02-26", "latest": "2025-02-26", "basis": "explicit"}
EXAMPLE_AGENCY = "fl-union-county-sheriffs-office"


class AgreementLinksSchema(LinksSchema):
    """Links of an agreement: `self` leads to the agency, and `roster` to the roster that has the row."""

    roster = fields.String(required=True)


class SuccessorSchema(StrictSchema):
    """An agreement that a later roster is the first to list, and that may be this one under another name."""

    agreement = fields.String(required=True, metadata={"description": "Id of that agreement."})
    agency = fields.String(required=True, metadata={"description": "Its agency, as that roster names it."})
    agency_id = fields.String(required=True)
    roster = fields.String(required=True, metadata={"description": "That roster: the next one, or one within 60 days after the next one."})
    why = fields.String(required=True, metadata={"description": "What the two have in common. No roster says that they are one."})


class CorrectionSchema(StrictSchema):
    """The same agreement in another jurisdiction: ICE corrected its state. It is neither a departure nor an arrival."""

    jurisdiction = fields.String(
        required=True, allow_none=True, metadata={"description": "The other jurisdiction. Null: the printed state cannot be read."}
    )
    agreement = fields.String(required=True, metadata={"description": "Id of the agreement in the other jurisdiction."})
    agency = fields.String(required=True, metadata={"description": "Its agency, as rosters name it there."})
    agency_id = fields.String(required=True)
    roster = fields.String(required=True, metadata={"description": "The roster that corrected the state."})
    why = fields.String(required=True, metadata={"description": "What the two have in common."})


def correction_field(description: str) -> fields.Nested:
    """Return a field with the other side of a correction; null without one."""
    return fields.Nested(CorrectionSchema, required=True, allow_none=True, metadata={"description": description, "example": None})


CORRECTED_TO = "The agreement in the jurisdiction to which the next roster moved it; else null."
CORRECTED_FROM = "The agreement in the jurisdiction in which earlier rosters list it; null if its state was not corrected."


class AgreementSchema(StrictSchema):
    """The agreement of one agency under one model, as the rosters list it on the requested day."""

    id = fields.String(required=True, metadata={"example": f"{EXAMPLE_AGENCY}-task-force"})
    jurisdiction = fields.String(
        required=True, allow_none=True, metadata={"description": "Null if the printed state cannot be read.", "example": "FL"}
    )
    agency = fields.String(
        required=True, metadata={"description": "The agency's name in `row` of `roster`.", "example": "Union County Sheriff's Office"}
    )
    agency_id = fields.String(required=True, metadata={"example": EXAMPLE_AGENCY})
    agency_type = TermField(AgencyType, required=True, allow_none=True)
    county = fields.String(required=True, allow_none=True, metadata={"description": "The county as printed.", "example": "Union County"})
    county_fips = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "FIPS code; null if the printed text does not identify one county.", "example": "12125"},
    )
    model = TermField(Model, required=True)
    status = TermField(AgreementStatus, required=True)
    unlisted_since = fields.Nested(
        DateSchema,
        required=True,
        allow_none=True,
        metadata={"description": "Date of the next roster after `roster`, which no longer lists the agreement; null if there is none."},
    )
    possibly_renamed_to = fields.Nested(
        SuccessorSchema,
        required=True,
        allow_none=True,
        metadata={
            "description": (
                "What it may be called on the roster of `unlisted_since` or on one within 60 days after it; null if it is listed, or "
                "if these add nothing like it."
            ),
            "example": None,
        },
    )
    corrected_to = correction_field(CORRECTED_TO)
    corrected_from = correction_field(CORRECTED_FROM)
    signed = fields.Nested(DateSchema, required=True, metadata={"example": _EXAMPLE_DAY})
    signed_flag = TermField(
        (Flag.LONG_BEFORE_LISTING,),
        required=True,
        allow_none=True,
        metadata={"description": "Why the date of signature is in doubt; filters by date and counts by month leave such dates out."},
    )
    signed_printed = fields.String(
        required=True, allow_none=True, metadata={"description": "The printed date of signature, if no day could be read from it."}
    )
    first_listed = fields.Nested(
        DateSchema,
        required=True,
        metadata={"description": "Date of the first roster, of the same kind as `roster`, that lists the agreement."},
    )
    last_listed = fields.Nested(
        DateSchema,
        required=True,
        metadata={
            "description": "Date of `roster`, or the last later day, before the next roster, on which the same file was published again."
        },
    )
    moa_url = fields.String(required=True, allow_none=True, metadata={"description": "The memorandum of agreement, if ICE links to it."})
    addendum_url = fields.String(required=True, allow_none=True)
    roster = fields.String(required=True, metadata={"description": "The last roster that lists the agreement. The status follows from it."})
    row = fields.Integer(required=True, metadata={"description": "The number of the row in the roster's spreadsheet.", "example": 2})
    measures = fields.List(
        fields.String(),
        required=True,
        metadata={
            "description": "Ids of the measures that name the agreement. A measure that has ended is the source for the end of the agreement.",
            "example": [],
        },
    )
    links = fields.Nested(AgreementLinksSchema, required=True)


class ListInForceSchema(StrictSchema):
    """A roster that had been published by the requested day."""

    roster = fields.String(required=True)
    date = fields.Nested(DateSchema, required=True)


class InForceSchema(StrictSchema):
    """The rosters that a response is based on, by kind. Null means that no roster with rows is on file, not that no agreement exists."""

    participating = fields.Nested(ListInForceSchema, required=True, allow_none=True)
    pending = fields.Nested(ListInForceSchema, required=True, allow_none=True)


class AgreementMetaSchema(ListMetaSchema):
    """The snapshot of a list of agreements, and the rosters that it is based on."""

    in_force = fields.Nested(InForceSchema, required=True)
    without_rows = fields.Nested(
        ListInForceSchema,
        required=True,
        allow_none=True,
        metadata={"description": "The roster of participating agencies in force, if only its counts are on file; else null."},
    )
    note = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The source of the answer, in a sentence, if only counts of the roster in force are on file; else null."},
    )


def _page_with_meta(item: type[Schema], name: str, meta: type[Schema], description: str = "") -> type[Schema]:
    page = page_schema(item, name)
    return type(name, (page,), {"__doc__": description or page.__doc__, "meta": fields.Nested(meta, required=True)})


AgreementPage = _page_with_meta(AgreementSchema, "AgreementPage", AgreementMetaSchema)


class TotalsSchema(StrictSchema):
    """Totals of the selected agreements. States include the District of Columbia. A total is null if no roster was in force."""

    agreements = fields.Integer(required=True, allow_none=True)
    agencies = fields.Integer(required=True, allow_none=True)
    states = fields.Integer(required=True, allow_none=True)
    territories = fields.Integer(required=True, allow_none=True)
    jurisdiction_unknown = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "Number of agreements, among `agreements`, whose printed state cannot be read."},
    )


class SummaryMetaSchema(AgreementMetaSchema):
    """The snapshot of a summary, the rosters that it is based on, and its totals."""

    totals = fields.Nested(TotalsSchema, required=True)


def _summary_schema(by: str, value: fields.Field[str]) -> type[Schema]:
    counts = {unit: fields.Integer(required=True) for unit in ("agreements", "agencies")}
    description = f"Numbers of agreements and agencies by {by.replace('_', ' ')}."
    return type(f"SummaryBy{by.title().replace('_', '')}Schema", (StrictSchema,), {"__doc__": description, by: value, **counts})


_MONTH = fields.String(
    required=True,
    allow_none=True,
    metadata={"description": "Month of signature as YYYY-MM; null if it is unknown.", "example": "2025-02"},
)
SUMMARY_SCHEMAS = {
    "jurisdiction": _summary_schema(
        "jurisdiction",
        fields.String(required=True, allow_none=True, metadata={"description": "Null: the printed state cannot be read.", "example": "FL"}),
    ),
    "model": _summary_schema("model", TermField(Model, required=True)),
    "agency_type": _summary_schema("agency_type", TermField(AgencyType, required=True, allow_none=True)),
    "month": _summary_schema("month", _MONTH),
}


SUMMARY_PAGES = {
    by: _page_with_meta(item, f"{item.__name__.removesuffix('Schema')}Page", SummaryMetaSchema, f"A page of a summary. {item.__doc__}")
    for by, item in SUMMARY_SCHEMAS.items()
}


def _history_schema(by: str, keys: Mapping[str, fields.Field[str]]) -> type[Schema]:
    values = {unit: fields.Integer(required=True) for unit in ("agreements", "agencies")}
    day = fields.Nested(DateSchema, required=True, metadata={"description": "Date of publication of the roster."})
    roster = fields.String(required=True, metadata={"example": "participating-2025-09-17-6e10b847"})
    description = f"Numbers of agreements and agencies on one roster, by {by.replace(',', ' and ')}."
    name = f"HistoryBy{by.title().replace(',', '')}Schema"
    return type(name, (StrictSchema,), {"__doc__": description, "date": day, "roster": roster, **keys, **values})


_HISTORY_CODE = fields.String(
    required=True,
    allow_none=True,
    metadata={"description": "USPS code; `US` has the totals. Null: the printed state cannot be read.", "example": "FL"},
)
_HISTORY_MODEL = TermField(Model, required=True)
HISTORY_SCHEMAS = {
    "jurisdiction": _history_schema("jurisdiction", {"jurisdiction": _HISTORY_CODE}),
    "model": _history_schema("model", {"model": _HISTORY_MODEL}),
    "jurisdiction,model": _history_schema("jurisdiction,model", {"jurisdiction": _HISTORY_CODE, "model": _HISTORY_MODEL}),
}
HISTORY_PAGES = {by: page_schema(item, f"{item.__name__.removesuffix('Schema')}Page") for by, item in HISTORY_SCHEMAS.items()}


class AgencyLinksSchema(LinksSchema):
    """Links of an agency and of its jurisdiction."""

    jurisdiction = fields.String(required=True, allow_none=True)


class AgencyBody(StrictSchema):
    """An agency, with the name, type and county from the newest roster row that names it."""

    id = fields.String(required=True, metadata={"example": EXAMPLE_AGENCY})
    name = fields.String(required=True, metadata={"example": "Union County Sheriff's Office"})
    jurisdiction = fields.String(
        required=True, allow_none=True, metadata={"description": "Null if the printed state cannot be read.", "example": "FL"}
    )
    agency_type = TermField(AgencyType, required=True, allow_none=True)
    county = fields.String(required=True, allow_none=True, metadata={"example": "Union County"})
    county_fips = fields.String(required=True, allow_none=True, metadata={"example": "12125"})
    possibly_renamed_to = fields.Nested(
        SuccessorSchema,
        required=True,
        allow_none=True,
        metadata={
            "description": "What its newest agreement may be called on a later roster, if none of its agreements is active; else null.",
            "example": None,
        },
    )
    corrected_to = correction_field(f"{CORRECTED_TO} For the newest agreement of an agency without an active one.")
    corrected_from = correction_field(f"{CORRECTED_FROM} For the newest agreement of the agency.")
    links = fields.Nested(AgencyLinksSchema, required=True)


class AgencySchema(AgencyBody):
    """A law enforcement agency that a roster published by the requested day lists."""

    agreements = fields.Integer(
        required=True, metadata={"description": "Number of agreements that are active on the requested day.", "example": 2}
    )


AgencyPage = page_schema(AgencySchema, "AgencyPage")


class PointerSchema(StrictSchema):
    """A pointer to a row of a roster."""

    roster = fields.String(required=True)
    row = fields.Integer(required=True)


class ListingSchema(StrictSchema):
    """An unbroken run of rosters of one kind that list an agreement with the same date of signature."""

    kind = TermField(RosterKind, required=True)
    from_ = fields.Nested(
        DateSchema, required=True, data_key="from", metadata={"description": "Date of the first roster of this unbroken run."}
    )
    to = fields.Nested(DateSchema, required=True, metadata={"description": "Date of the last roster of this unbroken run."})
    until = fields.Nested(
        DateSchema,
        required=True,
        allow_none=True,
        metadata={
            "description": "Date of the next roster after this run, which omits the agreement or gives another date of signature; null if there is none."
        },
    )
    signed = fields.Nested(DateSchema, required=True)
    moa_url = fields.String(required=True, allow_none=True, metadata={"description": "The link in the last roster of this unbroken run."})
    lists = fields.Integer(
        required=True, validate=validate.Range(min=1), metadata={"description": "Number of rosters in this unbroken run."}
    )
    first = fields.Nested(PointerSchema, required=True)
    last = fields.Nested(PointerSchema, required=True)


class AgreementOverTimeSchema(AgreementSchema):
    """An agreement with the unbroken runs of rosters that list it."""

    listings = fields.List(fields.Nested(ListingSchema), required=True, validate=validate.Length(min=1))


class AgreementOnRosterSchema(StrictSchema):
    """One roster that names an agreement, and what it says of it."""

    roster = fields.String(required=True)
    kind = TermField(RosterKind, required=True)
    date = fields.Nested(DateSchema, required=True)
    row = fields.Integer(required=True)
    jurisdiction = fields.String(required=True, allow_none=True)
    agency = fields.String(required=True, metadata={"description": "The agency's name on this roster."})
    signed = fields.Nested(DateSchema, required=True)
    moa_url = fields.String(required=True, allow_none=True)


class AgreementDetailSchema(AgreementOverTimeSchema):
    """One agreement with every roster that names it."""

    rosters = fields.List(
        fields.Nested(AgreementOnRosterSchema),
        required=True,
        validate=validate.Length(min=1),
        metadata={"description": "Every roster published by the requested day that names it, oldest first."},
    )
    meta = fields.Nested(MetaSchema, required=True)


class AgencyDetailSchema(AgencyBody):
    """One agency with all of its names in the rosters, and its agreements over time."""

    names = fields.List(fields.String(), required=True, metadata={"description": "All names of the agency on rosters, oldest first."})
    agreements = fields.List(fields.Nested(AgreementOverTimeSchema), required=True)
    meta = fields.Nested(MetaSchema, required=True)
