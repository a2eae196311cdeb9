"""Create the tables of rosters.

In SQLite, altering a table replaces it by a copy without its full-text triggers, so the migration creates these again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MODELS = "'jail_enforcement', 'task_force', 'warrant_service_officer'"
NOUNS = ("measure", "figure", "document")
LOGGED = ("origin", "document", "measure", "figure")
ORIGINS = (("origin_versions", "origin"), ("origins", "id"))
TEXT = {
    "paragraphs": ("non-blank lines", "non-blank lines; null for a roster, which has rows"),
    "characters": ("code points; citations point into these", "code points, in which citations count offsets; null for a roster"),
}


def upgrade() -> None:
    _tables()
    with op.batch_alter_table("document_versions") as table:
        for column, (before, after) in TEXT.items():
            table.alter_column(column, existing_type=sa.Integer(), nullable=True, comment=after, existing_comment=before)
        table.create_check_constraint(
            op.f("ck_document_versions_text"), "(type = 'roster') = (paragraphs IS NULL) AND (type = 'roster') = (characters IS NULL)"
        )
    # Not in batch mode: foreign keys point to figures and measures, so SQLite could not drop the original after copying it.
    op.execute(f"ALTER TABLE figure_versions ADD COLUMN model VARCHAR CONSTRAINT ck_figure_versions_model CHECK (model IN ({MODELS}))")
    op.execute(
        "ALTER TABLE measure_versions ADD COLUMN agreements JSON "
        "CONSTRAINT ck_measure_versions_agreements CHECK (agreements IS NULL OR kind = 'active_agreements')"
    )
    naming = sa.text("agreements IS NOT NULL")
    op.create_index("ix_measure_versions_naming", "measure_versions", ["revision_from"], sqlite_where=naming, postgresql_where=naming)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("COMMENT ON COLUMN figure_versions.model IS 'the model that the figure is limited to; null if not one model'")
        op.execute("COMMENT ON COLUMN measure_versions.agreements IS 'ids of the agreements that it is about; null if none is named'")
    _nouns("changes", (*LOGGED, "roster"))
    _nouns("search_entries", (*NOUNS, "agency"))


def downgrade() -> None:
    _forget_lists()
    _nouns("search_entries", NOUNS)
    _nouns("changes", LOGGED)
    # Dropping a column loses data. A hash of zeros makes the next load of the seeds restore it.
    for table, column in (("figure_versions", "model"), ("measure_versions", "agreements")):
        op.execute(f"UPDATE {table} SET content_sha256 = '{'0' * 64}' WHERE {column} IS NOT NULL AND revision_to IS NULL")  # noqa: S608 - our own names
    op.drop_index("ix_measure_versions_naming", "measure_versions")
    # In batch mode: a later migration may have copied the table, and SQLite drops no column that a check of the table names.
    for table_name, column in (("figure_versions", "model"), ("measure_versions", "agreements")):
        with op.batch_alter_table(table_name) as table:
            table.drop_constraint(op.f(f"ck_{table_name}_{column}"), type_="check")
            table.drop_column(column)
    with op.batch_alter_table("document_versions") as table:
        table.drop_constraint(op.f("ck_document_versions_text"), type_="check")
        for column, (before, after) in TEXT.items():
            table.alter_column(column, existing_type=sa.Integer(), nullable=False, comment=before, existing_comment=after)


def _forget_lists() -> None:
    """Delete everything that imports created: rosters, and the documents and origins with the same ids."""
    lists = "SELECT id FROM rosters"
    for told in ("DELETE FROM search_entries WHERE noun = 'agency'", "DELETE FROM roster_rows", "DELETE FROM roster_versions"):
        op.execute(told)
    for table, column in (("changes", "id"), ("search_entries", "id"), ("document_versions", "document"), ("documents", "id"), *ORIGINS):
        op.execute(f"DELETE FROM {table} WHERE {column} IN ({lists})")  # noqa: S608 - our own names
    for table in ("roster_rows", "agreements", "roster_versions", "agencies", "rosters"):
        op.drop_table(table)


def _nouns(table: str, nouns: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{noun}'" for noun in nouns)
    with op.batch_alter_table(table) as altered:
        altered.drop_constraint(op.f(f"ck_{table}_noun"), type_="check")
        altered.create_check_constraint(op.f(f"ck_{table}_noun"), f"noun IN ({listed})")
    if table == "search_entries" and op.get_bind().dialect.name == "sqlite":
        _triggers()


def _triggers() -> None:
    out = (
        "INSERT INTO search_index (search_index, rowid, title_stems, body_stems, tags) "
        "VALUES ('delete', old.key, old.title_stems, old.body_stems, old.tags); "
    )
    into = "INSERT INTO search_index (rowid, title_stems, body_stems, tags) VALUES (new.key, new.title_stems, new.body_stems, new.tags); "
    for name, event, does in (
        ("added", "INSERT", into),
        ("removed", "DELETE", out),
        ("changed", "UPDATE OF title_stems, body_stems, tags", out + into),
    ):
        op.execute(f"CREATE TRIGGER search_entries_{name} AFTER {event} ON search_entries BEGIN {does} END")


def _tables() -> None:
    op.create_table(
        "rosters",
        sa.Column("id", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False, comment="the day it was published"),
        sa.Column(
            "date_basis", sa.String(), nullable=False, comment="explicit if the operator gave the date, inferred if the file's name did"
        ),
        sa.Column("position", sa.String(), nullable=False, comment="sorts lists by day, then morning before evening, then hash"),
        sa.Column("sha256", sa.String(length=64), nullable=False, comment="of the file's bytes"),
        sa.CheckConstraint("date_basis IN ('explicit', 'inferred')", name=op.f("ck_rosters_date_basis")),
        sa.CheckConstraint("kind IN ('participating', 'pending')", name=op.f("ck_rosters_kind")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_rosters_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rosters")),
        sa.UniqueConstraint("position", name=op.f("uq_rosters_position")),
        sa.UniqueConstraint("sha256", name=op.f("uq_rosters_sha256")),
    )
    op.create_index(op.f("ix_rosters_kind_position"), "rosters", ["kind", "position"], unique=False)
    op.create_table(
        "agencies",
        sa.Column("id", sa.String(length=120), nullable=False),
        sa.Column("jurisdiction", sa.String(length=2), nullable=False),
        sa.Column("name", sa.String(), nullable=False, comment="folded of case, apostrophes and blanks: the same agency, the same name"),
        sa.Column("revision_from", sa.Integer(), nullable=False, comment="the first revision with a roster that lists it"),
        sa.ForeignKeyConstraint(["jurisdiction"], ["jurisdictions.code"], name=op.f("fk_agencies_jurisdiction")),
        sa.ForeignKeyConstraint(["revision_from"], ["revisions.number"], name=op.f("fk_agencies_revision_from")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agencies")),
        sa.UniqueConstraint("jurisdiction", "name", name=op.f("uq_agencies_jurisdiction_name")),
    )
    op.create_table(
        "roster_versions",
        sa.Column("roster", sa.String(length=120), nullable=False),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("file", sa.String(), nullable=False, comment="the file's name as received"),
        sa.Column("sheet", sa.String(), nullable=False, comment="the sheet that has the header"),
        sa.Column("columns", sa.JSON(none_as_null=True), nullable=False, comment="the printed header of each column, by the column's name"),
        sa.Column("notes", sa.JSON(none_as_null=True), nullable=False, comment="irregularities of the workbook as a whole"),
        sa.Column("rows", sa.Integer(), nullable=False, comment="non-blank rows below the header"),
        sa.Column("read", sa.Integer(), nullable=False),
        sa.Column("repaired", sa.Integer(), nullable=False),
        sa.Column("set_aside", sa.Integer(), nullable=False),
        sa.Column("agreements", sa.Integer(), nullable=False, comment="distinct (agency, model)"),
        sa.Column("agencies", sa.Integer(), nullable=False),
        sa.Column("states", sa.Integer(), nullable=False, comment="states and the district that it names"),
        sa.Column("territories", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(none_as_null=True), nullable=False, comment="agreements and agencies by jurisdiction and by model"),
        sa.Column(
            "forced", sa.String(), nullable=True, comment="the reason for importing it despite a refusal; null if it was not refused"
        ),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, 3 … for each entity"),
        sa.Column("revision_to", sa.Integer(), nullable=True, comment="the revision that closed it; null while it is open"),
        sa.Column("content_sha256", sa.String(length=64), nullable=False, comment="of the canonical JSON of its content"),
        sa.Column("revision_from", sa.Integer(), nullable=False, comment="the revision that published it"),
        sa.CheckConstraint("agencies <= agreements AND agreements <= rows", name=op.f("ck_roster_versions_counts")),
        sa.CheckConstraint("length(content_sha256) = 64", name=op.f("ck_roster_versions_content_sha256")),
        sa.CheckConstraint("revision_to > revision_from", name=op.f("ck_roster_versions_revisions")),
        sa.CheckConstraint("rows = read + repaired + set_aside", name=op.f("ck_roster_versions_rows")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_roster_versions_version")),
        sa.ForeignKeyConstraint(["document"], ["documents.id"], name=op.f("fk_roster_versions_document")),
        sa.ForeignKeyConstraint(["revision_from"], ["revisions.number"], name=op.f("fk_roster_versions_revision_from")),
        sa.ForeignKeyConstraint(["revision_to"], ["revisions.number"], name=op.f("fk_roster_versions_revision_to")),
        sa.ForeignKeyConstraint(["roster"], ["rosters.id"], name=op.f("fk_roster_versions_roster")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_roster_versions")),
        sa.UniqueConstraint("roster", "revision_from", name=op.f("uq_roster_versions_roster_revision_from")),
        sa.UniqueConstraint("roster", "version", name=op.f("uq_roster_versions_roster_version")),
    )
    op.create_index(
        "uq_roster_versions_open_roster",
        "roster_versions",
        ["roster"],
        unique=True,
        sqlite_where=sa.text("revision_to IS NULL"),
        postgresql_where=sa.text("revision_to IS NULL"),
    )
    op.create_table(
        "agreements",
        sa.Column("id", sa.String(length=160), nullable=False),
        sa.Column("agency", sa.String(length=120), nullable=False),
        sa.Column("jurisdiction", sa.String(length=2), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("revision_from", sa.Integer(), nullable=False, comment="the first revision with a roster that lists it"),
        sa.CheckConstraint("model IN ('jail_enforcement', 'task_force', 'warrant_service_officer')", name=op.f("ck_agreements_model")),
        sa.ForeignKeyConstraint(["agency"], ["agencies.id"], name=op.f("fk_agreements_agency")),
        sa.ForeignKeyConstraint(["jurisdiction"], ["jurisdictions.code"], name=op.f("fk_agreements_jurisdiction")),
        sa.ForeignKeyConstraint(["revision_from"], ["revisions.number"], name=op.f("fk_agreements_revision_from")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreements")),
        sa.UniqueConstraint("agency", "model", name=op.f("uq_agreements_agency_model")),
    )
    op.create_index(op.f("ix_agreements_jurisdiction"), "agreements", ["jurisdiction"], unique=False)
    op.create_table(
        "roster_rows",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("roster", sa.String(length=120), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="the row's number as a spreadsheet shows it"),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False, comment="the roster's, repeated here for the index of an agreement's rows"),
        sa.Column("position", sa.String(), nullable=False, comment="the roster's, repeated here for the same index"),
        sa.Column("revision_from", sa.Integer(), nullable=False, comment="the roster's, repeated here for the same index"),
        sa.Column("agreement", sa.String(length=160), nullable=True, comment="null where the row was set aside"),
        sa.Column("counted", sa.Boolean(), nullable=False, comment="whether it is the first row of its agreement in this roster"),
        sa.Column("jurisdiction", sa.String(length=2), nullable=True),
        sa.Column("agency", sa.String(), nullable=True, comment="the agency's name as printed, with blanks and quotes folded"),
        sa.Column("agency_type", sa.String(), nullable=True),
        sa.Column(
            "county",
            sa.String(),
            nullable=True,
            comment="as printed, with blanks folded and listed misspellings corrected",
        ),
        sa.Column("county_fips", sa.String(length=5), nullable=True),
        sa.Column("model", sa.String(), nullable=True),
        sa.Column("signed", sa.Date(), nullable=True),
        sa.Column("signed_printed", sa.String(), nullable=True, comment="the text of the cell, if no date could be read from it"),
        sa.Column("moa_url", sa.String(), nullable=True),
        sa.Column("addendum_url", sa.String(), nullable=True),
        sa.Column("repairs", sa.JSON(none_as_null=True), nullable=False, comment="column, how, printed, read"),
        sa.Column("flags", sa.JSON(none_as_null=True), nullable=False, comment="column, what, printed"),
        sa.Column("why", sa.String(), nullable=True, comment="why it was set aside"),
        sa.Column(
            "printed", sa.JSON(none_as_null=True), nullable=True, comment="every cell as printed; null if the row was read as printed"
        ),
        sa.CheckConstraint("(outcome = 'set_aside') = (agreement IS NULL)", name=op.f("ck_roster_rows_agreement")),
        sa.CheckConstraint("(outcome = 'set_aside') = (why IS NOT NULL)", name=op.f("ck_roster_rows_why")),
        sa.CheckConstraint("agency_type IN ('county', 'municipality', 'state_agency')", name=op.f("ck_roster_rows_agency_type")),
        sa.CheckConstraint("kind IN ('participating', 'pending')", name=op.f("ck_roster_rows_kind")),
        sa.CheckConstraint("model IN ('jail_enforcement', 'task_force', 'warrant_service_officer')", name=op.f("ck_roster_rows_model")),
        sa.CheckConstraint("outcome IN ('read', 'repaired', 'set_aside')", name=op.f("ck_roster_rows_outcome")),
        sa.CheckConstraint("NOT counted OR agreement IS NOT NULL", name=op.f("ck_roster_rows_counted")),
        sa.CheckConstraint(
            "agreement IS NULL OR (jurisdiction IS NOT NULL AND agency IS NOT NULL AND model IS NOT NULL)",
            name=op.f("ck_roster_rows_named"),
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_roster_rows_number")),
        sa.ForeignKeyConstraint(["agreement"], ["agreements.id"], name=op.f("fk_roster_rows_agreement")),
        sa.ForeignKeyConstraint(["jurisdiction"], ["jurisdictions.code"], name=op.f("fk_roster_rows_jurisdiction")),
        sa.ForeignKeyConstraint(["revision_from"], ["revisions.number"], name=op.f("fk_roster_rows_revision_from")),
        sa.ForeignKeyConstraint(["roster"], ["rosters.id"], name=op.f("fk_roster_rows_roster")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_roster_rows")),
        sa.UniqueConstraint("roster", "number", name=op.f("uq_roster_rows_roster_number")),
    )
    op.create_index(op.f("ix_roster_rows_agreement_kind_position"), "roster_rows", ["agreement", "kind", "position"], unique=False)
    op.create_index(op.f("ix_roster_rows_roster_agreement"), "roster_rows", ["roster", "agreement"], unique=False)
