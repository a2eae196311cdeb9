"""Define the table of an export that holds the rows of ICE's rosters."""

from legal.db.statements import AS_OF, visible_at_revision
from legal.models import Roster, RosterRow
from legal.queries.export.schema import ExportTable, stored_column
from legal.vocabulary import AgencyType, Model, RowOutcome

_ROSTER, _ROSTER_ROW = Roster.__table__.c, RosterRow.__table__.c

ROSTER_ROWS_TABLE = ExportTable(
    "roster_rows",
    "All rows of the rosters published by the day of the export: the values read, the repairs, and why a row was set aside.",
    ("roster", "number"),
    (
        stored_column(_ROSTER_ROW.roster, "The roster.", references="rosters"),
        stored_column(_ROSTER_ROW.number, "The row number as a spreadsheet shows it."),
        stored_column(_ROSTER_ROW.outcome, "Whether the row was read, repaired or set aside.", terms=RowOutcome),
        stored_column(
            _ROSTER_ROW.agreement, "The agreement that the row names: an id in agreements or other_agreements. Null: the row was set aside."
        ),
        stored_column(_ROSTER_ROW.counted, "Whether this is the first row of its agreement in the roster. Counts use only these."),
        stored_column(_ROSTER_ROW.jurisdiction, "The jurisdiction.", references="jurisdictions"),
        stored_column(_ROSTER_ROW.agency, "The agency's name as printed, with spaces and quotation marks normalized."),
        stored_column(_ROSTER_ROW.agency_type, "The type of agency.", terms=AgencyType),
        stored_column(_ROSTER_ROW.county, "The county as printed, with spaces normalized and known misspellings corrected."),
        stored_column(_ROSTER_ROW.county_fips, "The county's FIPS code, as text with its leading zero."),
        stored_column(_ROSTER_ROW.model, "The model of the agreement.", terms=Model),
        stored_column(_ROSTER_ROW.signed, "The day on which the agreement was signed."),
        stored_column(_ROSTER_ROW.signed_printed, "The cell as printed, if no date could be read from it."),
        stored_column(_ROSTER_ROW.moa_url, "URL of the agreement."),
        stored_column(_ROSTER_ROW.addendum_url, "URL of the addendum to the agreement."),
        stored_column(_ROSTER_ROW.repairs, "The repairs: the column, how it was repaired, the text as printed, and the value read."),
        stored_column(_ROSTER_ROW.flags, "The flags: the column, what is in doubt, the text as printed, and a note."),
        stored_column(_ROSTER_ROW.why, "Why the row was set aside. Null: it was not."),
    ),
    lambda statement: (
        statement.join(Roster.__table__, _ROSTER.id == _ROSTER_ROW.roster)
        .where(visible_at_revision(_ROSTER_ROW), _ROSTER.date <= AS_OF)
        .order_by(_ROSTER_ROW.roster, _ROSTER_ROW.number)
    ),
)
