"""Schemas of rosters, their rows and their differences."""

from marshmallow import fields

from legal.schemas.agreement import CorrectionSchema, SuccessorSchema
from legal.schemas.base import DateSchema, LinksSchema, ListMetaSchema, MetaSchema, Sha256Field, StrictSchema, TermField, page_schema
from legal.vocabulary import AgencyType, Flag, Model, Repair, RosterKind, RowOutcome


class ListCountsSchema(StrictSchema):
    """Counts of a roster: its rows by outcome, and the agreements, agencies and jurisdictions that the rows name."""

    rows = fields.Integer(
        required=True, metadata={"description": "Number of rows: the sum of `read`, `repaired` and `set_aside`.", "example": 1000}
    )
    read = fields.Integer(required=True, allow_none=True, metadata={"description": "Null if `rows_on_file` is false."})
    tidied = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "Number of rows, among `read`, in which only blanks or an N/A were tidied. Null if unknown."},
    )
    repaired = fields.Integer(required=True, allow_none=True, metadata={"description": "Null if `rows_on_file` is false."})
    set_aside = fields.Integer(required=True, allow_none=True, metadata={"description": "Null if `rows_on_file` is false."})
    agreements = fields.Integer(required=True, metadata={"description": "Number of distinct pairs of agency and model."})
    agencies = fields.Integer(required=True)
    states = fields.Integer(required=True, metadata={"description": "Number of states named, including the District of Columbia."})
    territories = fields.Integer(required=True)


class RosterLinksSchema(LinksSchema):
    """Links of a roster and of its document."""

    document = fields.String(required=True)


class RosterSchema(StrictSchema):
    """A roster published by ICE, with counts of its rows."""

    id = fields.String(required=True, metadata={"example": "participating-2025-09-17-6e10b847"})
    kind = TermField(RosterKind, required=True)
    date = fields.Nested(DateSchema, required=True, metadata={"description": "Date of publication."})
    time_of_day = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": (
                "Orders the rosters of one day: the time in an archive's stamp (UTC), the mark in the file's name (such as `am` or "
                "`pm2`), or the time that the operator gave; null if there is none."
            ),
            "example": "pm",
        },
    )
    document = fields.String(required=True)
    file = fields.String(
        required=True, metadata={"description": "The file's original name.", "example": "participatingAgencies09172025pm.xlsx"}
    )
    sha256 = Sha256Field(required=True, metadata={"description": "SHA-256 of the file."})
    rows_on_file = fields.Boolean(
        required=True,
        metadata={"description": "False if only the counts of the roster are on file. Importing the workbook adds the rows."},
    )
    seen_again = fields.Nested(
        DateSchema,
        required=True,
        metadata={"description": "The last day on which the same file was archived again; unknown if it was not archived again."},
    )
    counts = fields.Nested(ListCountsSchema, required=True)
    forced = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Reason given for importing a roster that failed the import checks; null if it passed them."},
    )
    version = fields.Integer(required=True)
    links = fields.Nested(RosterLinksSchema, required=True)


RosterPage = page_schema(RosterSchema, "RosterPage")


class RepairSchema(StrictSchema):
    """A repair of one cell."""

    column = fields.String(required=True, metadata={"example": "signed"})
    how = TermField(Repair, required=True)
    printed = fields.String(required=True, metadata={"example": "05/082025"})
    read = fields.String(required=True, allow_none=True, metadata={"example": "2025-05-08"})


class FlagSchema(StrictSchema):
    """A possible error in a row or one of its cells."""

    column = fields.String(
        required=True, allow_none=True, metadata={"description": "The column with the possible error; null if it concerns the whole row."}
    )
    what = TermField(Flag, required=True)
    printed = fields.String(required=True, allow_none=True)
    note = fields.String(required=True, allow_none=True)


class RosterRowSchema(StrictSchema):
    """One row of a roster: the agreement it lists, or the reason why it could not be read."""

    number = fields.Integer(required=True, metadata={"description": "The row's number in the spreadsheet.", "example": 2})
    outcome = TermField(RowOutcome, required=True)
    agreement = fields.String(
        required=True, allow_none=True, metadata={"description": "Id of the agreement; null if the row was set aside."}
    )
    jurisdiction = fields.String(required=True, allow_none=True)
    agency = fields.String(required=True, allow_none=True)
    agency_type = TermField(AgencyType, required=True, allow_none=True)
    county = fields.String(required=True, allow_none=True)
    county_fips = fields.String(required=True, allow_none=True)
    model = TermField(Model, required=True, allow_none=True)
    signed = fields.Nested(DateSchema, required=True)
    signed_printed = fields.String(
        required=True, allow_none=True, metadata={"description": "The printed date of signature, if no day could be read from it."}
    )
    moa_url = fields.String(required=True, allow_none=True)
    addendum_url = fields.String(required=True, allow_none=True)
    repairs = fields.List(fields.Nested(RepairSchema), required=True)
    flags = fields.List(fields.Nested(FlagSchema), required=True)
    why = fields.String(required=True, allow_none=True, metadata={"description": "Reason for setting the row aside; null if it was read."})
    printed = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        allow_none=True,
        metadata={"description": "Every cell as printed; null if the row has no repairs, no flags and no unknown columns."},
    )


class RosterJurisdictionSchema(StrictSchema):
    """Counts of one jurisdiction on a roster."""

    jurisdiction = fields.String(
        required=True, allow_none=True, metadata={"description": "Null if the printed state cannot be read.", "example": "FL"}
    )
    agreements = fields.Integer(required=True)
    agencies = fields.Integer(required=True)
    models = fields.Dict(
        keys=TermField(Model),
        values=fields.Integer(),
        required=True,
        metadata={"description": "Number of agreements by model. A model without agreements is left out.", "example": {"task_force": 3}},
    )


class RosterDetailSchema(RosterSchema):
    """One roster with its rows."""

    sheet = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Name of the sheet that contains the header; null if `rows_on_file` is false."},
    )
    columns = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "The printed header of each column, by the column's name in our data."},
    )
    notes = fields.List(
        fields.String(), required=True, metadata={"description": "Remarks about irregularities of the workbook as a whole."}
    )
    by_jurisdiction = fields.List(fields.Nested(RosterJurisdictionSchema), required=True)
    rows = fields.List(fields.Nested(RosterRowSchema), required=True, metadata={"description": "Empty if `rows_on_file` is false."})
    meta = fields.Nested(ListMetaSchema, required=True)


class ComparedSchema(StrictSchema):
    """An agreement that differs between two rosters."""

    agreement = fields.String(required=True)
    agency_id = fields.String(required=True)
    jurisdiction = fields.String(required=True, allow_none=True)
    agency = fields.String(required=True)
    agency_type = TermField(AgencyType, required=True, allow_none=True)
    county = fields.String(required=True, allow_none=True)
    county_fips = fields.String(required=True, allow_none=True)
    model = TermField(Model, required=True)
    row = fields.Integer(required=True, metadata={"description": "The row's number in the roster that this entry describes."})


class OneSidedSchema(ComparedSchema):
    """An agreement that only one of two rosters lists."""

    signed = fields.Nested(DateSchema, required=True)


class GoneSchema(OneSidedSchema):
    """An agreement that only the other roster lists."""

    possibly_renamed_to = fields.Nested(
        SuccessorSchema,
        required=True,
        allow_none=True,
        metadata={
            "description": "An agreement that only this roster lists and that may be the same one; null if no such agreement is similar."
        },
    )


class CorrectedSchema(OneSidedSchema):
    """An agreement that the two rosters list in different jurisdictions: ICE corrected its state."""

    corrected_from = fields.Nested(
        CorrectionSchema, required=True, metadata={"description": "The agreement as the other roster lists it; `roster` is this roster."}
    )


class RedatedSchema(ComparedSchema):
    """An agreement that two rosters list with different dates of signature; an unknown date differs from every known date."""

    before = fields.Nested(DateSchema, required=True)
    after = fields.Nested(DateSchema, required=True)


class PartySchema(StrictSchema):
    """An agency as a roster names it."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    jurisdiction = fields.String(required=True, allow_none=True)


class RenamedSchema(StrictSchema):
    """Two agencies that may be the same agency under two names."""

    from_ = fields.Nested(PartySchema, required=True, data_key="from")
    to = fields.Nested(PartySchema, required=True)
    why = fields.String(required=True)
    merged = fields.Boolean(
        required=True,
        metadata={
            "description": "True if our list of renamed agencies confirms the rename; false if it is only possible. Possible renames also appear in `gone` and `new`."
        },
    )


class AgreementDifferenceCountsSchema(StrictSchema):
    """Numbers of agreements by kind of difference."""

    new = fields.Integer(required=True)
    gone = fields.Integer(required=True)
    corrected = fields.Integer(
        required=True, metadata={"description": "Number of agreements in a corrected state. They are neither new nor gone."}
    )
    possibly_renamed = fields.Integer(required=True, metadata={"description": "Number of agreements in `gone` that may be in `new`."})


class AgreementDifferencesSchema(StrictSchema):
    """The agreements that only one of two rosters lists, and those whose state ICE corrected between them."""

    roster = fields.String(
        required=True, metadata={"description": "The roster that is compared; in a comparison of two days, the later one."}
    )
    against = fields.String(required=True, metadata={"description": "The roster that it is compared with."})
    new = fields.List(fields.Nested(OneSidedSchema), required=True, metadata={"description": "Agreements that only `roster` lists."})
    gone = fields.List(fields.Nested(GoneSchema), required=True, metadata={"description": "Agreements that only `against` lists."})
    corrected = fields.List(
        fields.Nested(CorrectedSchema), required=True, metadata={"description": "Agreements whose state ICE corrected."}
    )
    counts = fields.Nested(AgreementDifferenceCountsSchema, required=True)


class ComparedCountsSchema(AgreementDifferenceCountsSchema):
    """Numbers of agreements by kind of difference, and of pairs of agencies that may be renamed."""

    redated = fields.Integer(required=True)
    renamed = fields.Integer(required=True)


class RosterDiffSchema(AgreementDifferencesSchema):
    """The differences between two rosters: added, removed, corrected, re-dated and possibly renamed."""

    redated = fields.List(fields.Nested(RedatedSchema), required=True)
    renamed = fields.List(fields.Nested(RenamedSchema), required=True)
    counts = fields.Nested(ComparedCountsSchema, required=True)
    meta = fields.Nested(MetaSchema, required=True)
