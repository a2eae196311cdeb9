"""The tables of an export that hold ICE's lists, row by row, with the agencies and agreements that the rows name."""

from typing import Any

from sqlalchemy import ColumnElement

from legal.db.statements import REVISION, seen
from legal.models import Agency, Agreement, DocumentVersion, Roster, RosterRow, RosterVersion
from legal.queries.export.schema import Table, column, meant, versioned
from legal.vocabulary import AgencyType, Basis, Model, RosterKind, RowOutcome

ROSTER, VERSION, ROW = Roster.__table__.c, RosterVersion.__table__.c, RosterRow.__table__.c
AGENCY, AGREEMENT, DOCUMENT = Agency.__table__.c, Agreement.__table__.c, DocumentVersion.__table__.c


def since(table: Any) -> ColumnElement[bool]:
    """That a list which names it was on file at the moment."""
    on_file: ColumnElement[bool] = table.revision_from <= REVISION
    return on_file


ROSTERS = Table(
    "rosters",
    "Lists published by ICE, with what became of their rows, and their counts, each by its unit.",
    ("id",),
    (
        column(ROSTER.id, "Stable identifier.", name="id"),
        column(ROSTER.kind, "Which list it is.", terms=RosterKind),
        column(ROSTER.date, "The day it was published."),
        column(ROSTER.date_basis, "Where that day comes from.", terms=Basis),
        column(ROSTER.position, "Sorts lists in their order; the last one of a kind by some day is the one in force then."),
        column(DOCUMENT.document, "The document that it is.", to="documents"),
        column(VERSION.file, "The file's own name as it reached us."),
        column(ROSTER.sha256, "Of the file's bytes."),
        *(column(VERSION[name], f"Rows {told}.") for name, told in (("rows", "in all"), ("read", "read"), ("repaired", "repaired"))),
        column(VERSION.set_aside, "Rows set aside."),
        column(VERSION.agreements, "Agreements that it has."),
        column(VERSION.agencies, "Agencies that it has."),
        column(VERSION.states, "States that it names, the district among them."),
        column(VERSION.territories, "Territories that it names."),
        column(VERSION.forced, "Why it was imported although it was refused."),
        *versioned(VERSION),
    ),
    lambda chosen: (
        chosen.select_from(RosterVersion.__table__)
        .join(Roster.__table__, ROSTER.id == VERSION.roster)
        .join(DocumentVersion.__table__, meant(DOCUMENT, DOCUMENT.document, VERSION.document))
        .where(seen(VERSION))
        .order_by(ROSTER.id)
    ),
)
AGENCIES = Table(
    "agencies",
    "Law enforcement agencies that a list names.",
    ("id",),
    (
        column(AGENCY.id, "Stable identifier."),
        column(AGENCY.jurisdiction, "The place.", to="jurisdictions"),
        column(AGENCY.name, "Its name, folded: without case, apostrophes, points and hyphens."),
        column(AGENCY.revision_from, "The first revision with a list that names it.", to="revisions"),
    ),
    lambda chosen: chosen.where(since(AGENCY)).order_by(AGENCY.id),
)
AGREEMENTS = Table(
    "agreements",
    "An agency under a model; what the lists say of it over time stands in their rows.",
    ("id",),
    (
        column(AGREEMENT.id, "Stable identifier."),
        column(AGREEMENT.agency, "The agency.", to="agencies"),
        column(AGREEMENT.jurisdiction, "The place.", to="jurisdictions"),
        column(AGREEMENT.model, "The model.", terms=Model),
        column(AGREEMENT.revision_from, "The first revision with a list that has it.", to="revisions"),
    ),
    lambda chosen: chosen.where(since(AGREEMENT)).order_by(AGREEMENT.id),
)
ROSTER_ROWS = Table(
    "roster_rows",
    "Every row of every list: what was read from it, how it was repaired, or why it was set aside.",
    ("roster", "number"),
    (
        column(ROW.roster, "The list.", to="rosters"),
        column(ROW.number, "The row's number as a spreadsheet shows it."),
        column(ROW.outcome, "What became of it.", terms=RowOutcome),
        column(ROW.agreement, "The agreement that it names.", to="agreements"),
        column(ROW.counted, "Whether it is the first row of its agreement in the list."),
        column(ROW.jurisdiction, "The place.", to="jurisdictions"),
        column(ROW.agency, "The agency's name as printed, with blanks and quotes folded."),
        column(ROW.agency_type, "What sort of agency.", terms=AgencyType),
        column(ROW.county, "The county as printed, with blanks folded; its right name where the written list knows the misspelling."),
        column(ROW.county_fips, "The county's FIPS code; text, with its leading zero."),
        column(ROW.model, "The model.", terms=Model),
        column(ROW.signed, "When the agreement was signed."),
        column(ROW.signed_printed, "The cell, where no date could be read from it."),
        column(ROW.moa_url, "The agreement itself."),
        column(ROW.addendum_url, "What was added to it."),
        column(ROW.repairs, "What was repaired: column, how, printed, read."),
        column(ROW.flags, "What is in doubt: column, what, printed, note."),
        column(ROW.why, "Why it was set aside."),
    ),
    lambda chosen: chosen.where(since(ROW)).order_by(ROW.roster, ROW.number),
)
