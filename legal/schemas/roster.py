"""Lists published by ICE, their rows, and what differs between two, as they are served."""

from marshmallow import fields

from legal.schemas.base import DateSchema, LinksSchema, ListMetaSchema, MetaSchema, Sha256, Strict, Word, page_of
from legal.vocabulary import AgencyType, Doubt, Mend, Model, RosterKind, RowOutcome


class ListCountsSchema(Strict):
    """What became of a list's rows, and what they name."""

    rows = fields.Integer(required=True, metadata={"description": "Read, repaired and set aside.", "example": 1000})
    read = fields.Integer(required=True)
    repaired = fields.Integer(required=True)
    set_aside = fields.Integer(required=True)
    agreements = fields.Integer(required=True, metadata={"description": "One for each agency and model."})
    agencies = fields.Integer(required=True)
    states = fields.Integer(required=True, metadata={"description": "States that it names, the district among them."})
    territories = fields.Integer(required=True)


class RosterLinksSchema(LinksSchema):
    """Where a list has its own address, and the document that it is."""

    document = fields.String(required=True)


class RosterSchema(Strict):
    """A list published by ICE, and what became of its rows."""

    id = fields.String(required=True, metadata={"example": "participating-2025-09-17-0a1b2c3d"})
    kind = Word(RosterKind, required=True)
    date = fields.Nested(DateSchema, required=True, metadata={"description": "The day it was published."})
    document = fields.String(required=True)
    file = fields.String(required=True, metadata={"description": "The file's own name.", "example": "participatingAgencies09172025pm.xlsx"})
    sha256 = Sha256(required=True, metadata={"description": "Of the file's bytes."})
    counts = fields.Nested(ListCountsSchema, required=True)
    forced = fields.String(
        required=True, allow_none=True, metadata={"description": "Why it was imported although it was refused; null where it was not."}
    )
    version = fields.Integer(required=True)
    links = fields.Nested(RosterLinksSchema, required=True)


RosterPage = page_of(RosterSchema, "RosterPage")


class RepairSchema(Strict):
    """One thing that was mended in a cell."""

    column = fields.String(required=True, metadata={"example": "signed"})
    how = Word(Mend, required=True)
    printed = fields.String(required=True, metadata={"example": "05/082025"})
    read = fields.String(required=True, allow_none=True, metadata={"example": "2025-05-08"})


class FlagSchema(Strict):
    """One thing in doubt."""

    column = fields.String(required=True, allow_none=True, metadata={"description": "Null where it is the row as a whole."})
    what = Word(Doubt, required=True)
    printed = fields.String(required=True, allow_none=True)
    note = fields.String(required=True, allow_none=True)


class RosterRowSchema(Strict):
    """One row of a list: what it says of an agreement, or why nothing could be read from it."""

    number = fields.Integer(required=True, metadata={"description": "As a spreadsheet shows it.", "example": 2})
    outcome = Word(RowOutcome, required=True)
    agreement = fields.String(required=True, allow_none=True, metadata={"description": "Null where the row was set aside."})
    jurisdiction = fields.String(required=True, allow_none=True)
    agency = fields.String(required=True, allow_none=True)
    agency_type = Word(AgencyType, required=True, allow_none=True)
    county = fields.String(required=True, allow_none=True)
    county_fips = fields.String(required=True, allow_none=True)
    model = Word(Model, required=True, allow_none=True)
    signed = fields.Nested(DateSchema, required=True)
    signed_printed = fields.String(required=True, allow_none=True, metadata={"description": "The cell, where no day could be read."})
    moa_url = fields.String(required=True, allow_none=True)
    addendum_url = fields.String(required=True, allow_none=True)
    repairs = fields.List(fields.Nested(RepairSchema), required=True)
    flags = fields.List(fields.Nested(FlagSchema), required=True)
    why = fields.String(required=True, allow_none=True, metadata={"description": "Why it was set aside."})
    printed = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        allow_none=True,
        metadata={"description": "Every cell as printed; null where the row was read as it stands."},
    )


class RosterDetailSchema(RosterSchema):
    """One list, row by row."""

    sheet = fields.String(required=True, metadata={"description": "The sheet that has the header."})
    columns = fields.Dict(
        keys=fields.String(), values=fields.String(), required=True, metadata={"description": "Each column's header, by what it is."}
    )
    notes = fields.List(fields.String(), required=True, metadata={"description": "What is odd about the workbook as a whole."})
    rows = fields.List(fields.Nested(RosterRowSchema), required=True)
    meta = fields.Nested(ListMetaSchema, required=True)


class ComparedSchema(Strict):
    """An agreement that two lists do not have alike."""

    agreement = fields.String(required=True)
    agency_id = fields.String(required=True)
    jurisdiction = fields.String(required=True)
    agency = fields.String(required=True)
    agency_type = Word(AgencyType, required=True, allow_none=True)
    county = fields.String(required=True, allow_none=True)
    county_fips = fields.String(required=True, allow_none=True)
    model = Word(Model, required=True)
    row = fields.Integer(required=True, metadata={"description": "The row's number, in the list that has the agreement so."})


class OneSidedSchema(ComparedSchema):
    """An agreement that one of two lists has."""

    signed = fields.Nested(DateSchema, required=True)


class RedatedSchema(ComparedSchema):
    """An agreement that two lists have with different days of signature; an unknown one differs from any other."""

    before = fields.Nested(DateSchema, required=True)
    after = fields.Nested(DateSchema, required=True)


class PartySchema(Strict):
    """An agency as a list names it."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    jurisdiction = fields.String(required=True)


class RenamedSchema(Strict):
    """Two agencies that may be one: merged where the written list of renames says so, else for a person to judge."""

    from_ = fields.Nested(PartySchema, required=True, data_key="from")
    to = fields.Nested(PartySchema, required=True)
    why = fields.String(required=True)
    merged = fields.Boolean(
        required=True,
        metadata={
            "description": "Whether the written list of renames says so; one that only may be stands under `gone` and `new` as well."
        },
    )


class ComparedCountsSchema(Strict):
    """How many there are of each: agreements, and for those that may be renamed, pairs of agencies."""

    new = fields.Integer(required=True)
    gone = fields.Integer(required=True)
    redated = fields.Integer(required=True)
    renamed = fields.Integer(required=True)


class RosterDiffSchema(Strict):
    """What one list has that another lacks, what it lacks, and what it has otherwise."""

    roster = fields.String(required=True)
    against = fields.String(required=True)
    new = fields.List(fields.Nested(OneSidedSchema), required=True, metadata={"description": "Agreements that `roster` alone has."})
    gone = fields.List(fields.Nested(OneSidedSchema), required=True, metadata={"description": "Agreements that `against` alone has."})
    redated = fields.List(fields.Nested(RedatedSchema), required=True)
    renamed = fields.List(fields.Nested(RenamedSchema), required=True)
    counts = fields.Nested(ComparedCountsSchema, required=True)
    meta = fields.Nested(MetaSchema, required=True)
