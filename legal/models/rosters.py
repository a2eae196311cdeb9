"""Rosters published by ICE, with their rows and the agencies and agreements that the rows name."""

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from legal.models.base import Base, VersionMixin, allowed_values, version_constraints
from legal.vocabulary import AgencyType, Basis, Model, RosterKind, RowOutcome


class Roster(Base):
    """The permanent identity of a roster: its file's hash and its position among the rosters of its kind.

    A roster that is redated gets a new identity, so two identities can have the same hash. At most one of them is open.
    """

    __tablename__ = "rosters"

    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    kind: Mapped[str]
    date: Mapped[dt.date] = mapped_column(comment="the day it was published")
    date_basis: Mapped[Basis] = mapped_column(comment="explicit if the operator gave the date, inferred if the file's name did")
    position: Mapped[str] = mapped_column(unique=True, comment="sorts rosters by day and time of day; the hash makes it unique")
    time_of_day: Mapped[str | None] = mapped_column(comment="orders it within its day; from the file's name or the operator")
    sha256: Mapped[str] = mapped_column(String(64), index=True, comment="of the file's bytes")

    __table_args__ = (
        allowed_values("kind", RosterKind),
        allowed_values("date_basis", (Basis.EXPLICIT, Basis.INFERRED)),
        CheckConstraint("length(sha256) = 64", name="sha256"),
        Index(None, "kind", "position"),
    )


class RosterVersion(VersionMixin, Base):
    """One version of a roster's metadata, with stored counts, so that queries need not count the rows.

    If only the counts of a roster are on file, its version has nulls in ``read``, ``repaired``, ``set_aside`` and
    ``sheet``.
    """

    __tablename__ = "roster_versions"

    roster: Mapped[str] = mapped_column(ForeignKey("rosters.id"))
    document: Mapped[str] = mapped_column(ForeignKey("documents.id"))
    file: Mapped[str] = mapped_column(comment="the file's name as received")
    sheet: Mapped[str | None] = mapped_column(comment="the sheet that has the header; null if no rows are on file")
    columns: Mapped[dict[str, Any]] = mapped_column(comment="the printed header of each column, by the column's name")
    notes: Mapped[list[str]] = mapped_column(comment="irregularities of the workbook as a whole")
    rows: Mapped[int] = mapped_column(comment="non-blank rows below the header")
    read: Mapped[int | None] = mapped_column(comment="null if no rows are on file, like repaired and set_aside")
    repaired: Mapped[int | None]
    set_aside: Mapped[int | None]
    tidied: Mapped[int | None] = mapped_column(comment="rows among those read in which only blanks or an N/A were tidied")
    agreements: Mapped[int] = mapped_column(comment="distinct (agency, model)")
    agencies: Mapped[int]
    states: Mapped[int] = mapped_column(comment="states and the district that it names")
    territories: Mapped[int]
    counts: Mapped[dict[str, Any]] = mapped_column(
        comment="agreements and agencies by jurisdiction and by model; agreements by model in each jurisdiction"
    )
    forced: Mapped[str | None] = mapped_column(comment="the reason for importing it despite a refusal; null if it was not refused")
    seen_again: Mapped[dt.date | None] = mapped_column(comment="the last day on which the same bytes were archived, if after the first")
    seen_on: Mapped[list[str] | None] = mapped_column(comment="every known later day on which the same bytes were archived")

    __table_args__ = (
        *version_constraints("roster", "roster_versions"),
        CheckConstraint("rows = read + repaired + set_aside", name="rows"),
        CheckConstraint(
            "(read IS NULL) = (repaired IS NULL) AND (read IS NULL) = (set_aside IS NULL) AND (read IS NULL) = (sheet IS NULL)",
            name="rows_on_file",
        ),
        CheckConstraint("agencies <= agreements AND agreements <= rows", name="counts"),
        CheckConstraint("tidied <= read", name="tidied"),
    )


class Agency(Base):
    """The permanent identity of a law enforcement agency that a roster names. Its printed names and its type are in the roster rows."""

    __tablename__ = "agencies"

    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    jurisdiction: Mapped[str | None] = mapped_column(ForeignKey("jurisdictions.code"), comment="null if the printed state cannot be read")
    name: Mapped[str] = mapped_column(comment="folded by the rules for spellings: the same agency, the same name")
    revision_from: Mapped[int] = mapped_column(ForeignKey("revisions.number"), comment="the first revision with a roster that lists it")

    __table_args__ = (UniqueConstraint("jurisdiction", "name"),)


class Agreement(Base):
    """The permanent identity of an agency's agreement under one model. Roster rows that list the agreement refer to this row."""

    __tablename__ = "agreements"

    id: Mapped[str] = mapped_column(String(160), primary_key=True)
    agency: Mapped[str] = mapped_column(ForeignKey("agencies.id"))
    jurisdiction: Mapped[str | None] = mapped_column(ForeignKey("jurisdictions.code"), index=True, comment="the agency's")
    model: Mapped[str]
    revision_from: Mapped[int] = mapped_column(ForeignKey("revisions.number"), comment="the first revision with a roster that lists it")

    __table_args__ = (UniqueConstraint("agency", "model"), allowed_values("model", Model))


class RosterRow(Base):
    """One row of a roster: the agreement it lists, or the reason why it could not be read.

    A later rename closes the row and adds one that names the other agreement. A roster that is
    withdrawn or redated closes its rows.
    """

    __tablename__ = "roster_rows"

    key: Mapped[int] = mapped_column(primary_key=True)
    roster: Mapped[str] = mapped_column(ForeignKey("rosters.id"))
    number: Mapped[int] = mapped_column(comment="the row's number as a spreadsheet shows it")
    outcome: Mapped[str]
    kind: Mapped[str] = mapped_column(comment="the roster's, repeated here for the index of an agreement's rows")
    position: Mapped[str] = mapped_column(comment="the roster's, repeated here for the same index")
    revision_from: Mapped[int] = mapped_column(ForeignKey("revisions.number"), comment="the revision that published it")
    revision_to: Mapped[int | None] = mapped_column(
        ForeignKey("revisions.number"), comment="the revision that closed it; null while it is open"
    )
    agreement: Mapped[str | None] = mapped_column(ForeignKey("agreements.id"), comment="null where the row was set aside")
    counted: Mapped[bool] = mapped_column(comment="whether it is the first row of its agreement in this roster")
    jurisdiction: Mapped[str | None] = mapped_column(ForeignKey("jurisdictions.code"))
    agency: Mapped[str | None] = mapped_column(comment="the agency's name as printed, with blanks and quotes folded")
    agency_type: Mapped[str | None]
    county: Mapped[str | None] = mapped_column(comment="as printed, with blanks folded and listed misspellings corrected")
    county_fips: Mapped[str | None] = mapped_column(String(5))
    model: Mapped[str | None]
    signed: Mapped[dt.date | None]
    signed_printed: Mapped[str | None] = mapped_column(comment="the text of the cell, if no date could be read from it")
    moa_url: Mapped[str | None]
    addendum_url: Mapped[str | None]
    repairs: Mapped[list[dict[str, Any]]] = mapped_column(comment="column, how, printed, read")
    flags: Mapped[list[dict[str, Any]]] = mapped_column(comment="column, what, printed")
    why: Mapped[str | None] = mapped_column(comment="why it was set aside")
    printed: Mapped[dict[str, Any] | None] = mapped_column(comment="every cell as printed; null if the row was read as printed")

    __table_args__ = (
        UniqueConstraint("roster", "number", "revision_from"),
        allowed_values("outcome", RowOutcome),
        allowed_values("kind", RosterKind),
        allowed_values("agency_type", AgencyType),
        allowed_values("model", Model),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("(outcome = 'set_aside') = (agreement IS NULL)", name="agreement"),
        CheckConstraint("(outcome = 'set_aside') = (why IS NOT NULL)", name="why"),
        CheckConstraint("agreement IS NULL OR (agency IS NOT NULL AND model IS NOT NULL)", name="named"),
        CheckConstraint("revision_to > revision_from", name="revisions"),
        CheckConstraint("NOT counted OR agreement IS NOT NULL", name="counted"),
        Index(None, "roster", "agreement"),
        Index(None, "roster", "jurisdiction", "signed"),
        Index(None, "agreement", "kind", "position"),
    )


class AgreementDeparture(Base):
    """An agreement that one roster lists and the next roster of its kind does not, with its probable successor on that one or a later one."""

    __tablename__ = "agreement_departures"

    key: Mapped[int] = mapped_column(primary_key=True)
    agreement: Mapped[str] = mapped_column(ForeignKey("agreements.id"))
    jurisdiction: Mapped[str | None] = mapped_column(ForeignKey("jurisdictions.code"), comment="as the earlier roster has it")
    roster: Mapped[str] = mapped_column(ForeignKey("rosters.id"), comment="the last one before the departure")
    next_roster: Mapped[str] = mapped_column(ForeignKey("rosters.id"), comment="the first one after it")
    successor: Mapped[str | None] = mapped_column(ForeignKey("agreements.id"), comment="null where no arrival may be the same agreement")
    successor_agency: Mapped[str | None] = mapped_column(comment="its agency's name as the later roster prints it")
    successor_roster: Mapped[str | None] = mapped_column(ForeignKey("rosters.id"), comment="the first one that lists the successor")
    is_correction: Mapped[bool] = mapped_column(comment="whether the two are one agreement, of which the state was corrected")
    reason: Mapped[str | None] = mapped_column(comment="why the two may be one")
    revision_from: Mapped[int] = mapped_column(ForeignKey("revisions.number"))
    revision_to: Mapped[int | None] = mapped_column(ForeignKey("revisions.number"))

    __table_args__ = (
        CheckConstraint("(successor IS NULL) = (reason IS NULL)", name="successor"),
        CheckConstraint("(successor IS NULL) = (successor_agency IS NULL)", name="successor_agency"),
        CheckConstraint("(successor IS NULL) = (successor_roster IS NULL)", name="successor_roster"),
        CheckConstraint("successor IS NOT NULL OR NOT is_correction", name="is_correction"),
        CheckConstraint("revision_to > revision_from", name="revisions"),
        Index(None, "agreement", "roster"),
        Index(None, "next_roster"),
        Index(None, "successor"),
    )


class DoubtfulSignature(Base):
    """A doubtful signature date: a roster published long after that date does not list the agreement yet."""

    __tablename__ = "doubtful_signatures"

    key: Mapped[int] = mapped_column(primary_key=True)
    agreement: Mapped[str] = mapped_column(ForeignKey("agreements.id"))
    signed: Mapped[dt.date]
    roster: Mapped[str] = mapped_column(ForeignKey("rosters.id"), comment="the first one that lists the agreement")
    previous_roster: Mapped[str] = mapped_column(ForeignKey("rosters.id"))
    revision_from: Mapped[int] = mapped_column(ForeignKey("revisions.number"))
    revision_to: Mapped[int | None] = mapped_column(ForeignKey("revisions.number"))

    __table_args__ = (
        CheckConstraint("revision_to > revision_from", name="revisions"),
        Index(None, "agreement", "signed"),
        Index(None, "roster"),
    )


class Rename(Base):
    """The permanent identity of a rename: the id of the agency under its old name."""

    __tablename__ = "renames"

    id: Mapped[str] = mapped_column(String(120), primary_key=True, comment="the id of the agency under its old name")
    jurisdiction: Mapped[str] = mapped_column(ForeignKey("jurisdictions.code"))


class RenameVersion(VersionMixin, Base):
    """One version of a rename: both names as printed, and how we know."""

    __tablename__ = "rename_versions"

    rename: Mapped[str] = mapped_column(ForeignKey("renames.id"))
    old_name: Mapped[str]
    new_name: Mapped[str]
    reason: Mapped[str]

    __table_args__ = (*version_constraints("rename", "rename_versions"),)
