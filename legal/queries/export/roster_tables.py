"""Define the tables of an export that hold ICE's rosters, with their rows, agencies and agreements."""

from typing import Any

from sqlalchemy import ColumnElement

from legal.db.statements import REVISION, visible_at_revision
from legal.models import Agency, Agreement, DocumentVersion, Roster, RosterRow, RosterVersion
from legal.queries.export.schema import ExportTable, current_version_join, stored_column, version_columns
from legal.vocabulary import AgencyType, Basis, Model, RosterKind, RowOutcome

_ROSTER, _ROSTER_VERSION, _ROSTER_ROW = Roster.__table__.c, RosterVersion.__table__.c, RosterRow.__table__.c
_AGENCY, _AGREEMENT, _DOCUMENT = Agency.__table__.c, Agreement.__table__.c, DocumentVersion.__table__.c


def _published_by_revision(table: Any) -> ColumnElement[bool]:
    """Return the condition that a row was published at or before the revision. A published row never changes."""
    condition: ColumnElement[bool] = table.revision_from <= REVISION
    return condition


ROSTERS_TABLE = ExportTable(
    "rosters",
    "Rosters published by ICE, with the numbers of rows by outcome, and of agreements, agencies, states and territories.",
    ("id",),
    (
        stored_column(_ROSTER.id, "Stable identifier.", name="id"),
        stored_column(_ROSTER.kind, "The kind of roster.", terms=RosterKind),
        stored_column(_ROSTER.date, "The day on which the roster was published."),
        stored_column(_ROSTER.date_basis, "Where the date comes from.", terms=Basis),
        stored_column(
            _ROSTER.position, "Sorts rosters by publication. On any day, the last roster of a kind published by then is in force."
        ),
        stored_column(_ROSTER.time_of_day, "What orders it among the rosters of its day. Null: nothing does."),
        stored_column(_DOCUMENT.document, "The document that contains the roster.", references="documents"),
        stored_column(_ROSTER_VERSION.file, "The name of the file as received."),
        stored_column(_ROSTER.sha256, "SHA-256 of the file."),
        stored_column(
            _ROSTER_VERSION.read.is_not(None),
            "Whether the rows of the roster are on file. If not, only its counts are.",
            name="rows_on_file",
            type="boolean",
            required=True,
        ),
        stored_column(
            _ROSTER_VERSION.seen_again, "The last day on which the same file was archived again. Null: it was not archived again."
        ),
        stored_column(_ROSTER_VERSION.rows, "Number of rows."),
        stored_column(_ROSTER_VERSION.read, "Number of rows read as printed. Null: no rows are on file."),
        stored_column(_ROSTER_VERSION.tidied, "Number of rows, among those read, in which only blanks or an N/A were tidied."),
        stored_column(_ROSTER_VERSION.repaired, "Number of rows read with repairs. Null: no rows are on file."),
        stored_column(_ROSTER_VERSION.set_aside, "Number of rows that could not be read. Null: no rows are on file."),
        stored_column(_ROSTER_VERSION.agreements, "Number of agreements in the roster."),
        stored_column(_ROSTER_VERSION.agencies, "Number of agencies in the roster."),
        stored_column(_ROSTER_VERSION.states, "Number of states in the roster, including DC."),
        stored_column(_ROSTER_VERSION.territories, "Number of territories in the roster."),
        stored_column(
            _ROSTER_VERSION.counts,
            "Counts. jurisdiction and model: [agreements, agencies] by code. jurisdiction_model: agreements by model, by jurisdiction.",
            type="object",
        ),
        stored_column(_ROSTER_VERSION.forced, "Why the roster was imported although it was refused. Null: it was not refused."),
        *version_columns(_ROSTER_VERSION),
    ),
    lambda statement: (
        statement.select_from(RosterVersion.__table__)
        .join(Roster.__table__, _ROSTER.id == _ROSTER_VERSION.roster)
        .join(DocumentVersion.__table__, current_version_join(_DOCUMENT, _DOCUMENT.document, _ROSTER_VERSION.document))
        .where(visible_at_revision(_ROSTER_VERSION))
        .order_by(_ROSTER.id)
    ),
)
AGENCIES_TABLE = ExportTable(
    "agencies",
    "Law enforcement agencies named in a roster.",
    ("id",),
    (
        stored_column(_AGENCY.id, "Stable identifier."),
        stored_column(_AGENCY.jurisdiction, "The jurisdiction.", references="jurisdictions"),
        stored_column(
            _AGENCY.name, "The agency's normalized name, used to match spellings: without case, accents, apostrophes, periods and hyphens."
        ),
        stored_column(_AGENCY.revision_from, "The first revision with a roster that names the agency.", references="revisions"),
    ),
    lambda statement: statement.where(_published_by_revision(_AGENCY)).order_by(_AGENCY.id),
)
AGREEMENTS_TABLE = ExportTable(
    "agreements",
    "Agreements: an agency under a model. The table roster_rows shows its history.",
    ("id",),
    (
        stored_column(_AGREEMENT.id, "Stable identifier."),
        stored_column(_AGREEMENT.agency, "The agency.", references="agencies"),
        stored_column(_AGREEMENT.jurisdiction, "The jurisdiction.", references="jurisdictions"),
        stored_column(_AGREEMENT.model, "The model of the agreement.", terms=Model),
        stored_column(_AGREEMENT.revision_from, "The first revision with a roster that contains the agreement.", references="revisions"),
    ),
    lambda statement: statement.where(_published_by_revision(_AGREEMENT)).order_by(_AGREEMENT.id),
)
ROSTER_ROWS_TABLE = ExportTable(
    "roster_rows",
    "All rows of all rosters: the values read, the repairs, and why a row was set aside.",
    ("roster", "number"),
    (
        stored_column(_ROSTER_ROW.roster, "The roster.", references="rosters"),
        stored_column(_ROSTER_ROW.number, "The row number as a spreadsheet shows it."),
        stored_column(_ROSTER_ROW.outcome, "Whether the row was read, repaired or set aside.", terms=RowOutcome),
        stored_column(_ROSTER_ROW.agreement, "The agreement that the row names. Null: the row was set aside.", references="agreements"),
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
    lambda statement: statement.where(visible_at_revision(_ROSTER_ROW)).order_by(_ROSTER_ROW.roster, _ROSTER_ROW.number),
)
