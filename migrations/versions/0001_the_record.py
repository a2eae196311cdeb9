"""Create the tables of the record."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "documents", sa.Column("id", sa.String(length=120), nullable=False), sa.PrimaryKeyConstraint("id", name=op.f("pk_documents"))
    )
    op.create_table(
        "jurisdictions",
        sa.Column("code", sa.String(length=2), nullable=False, comment="USPS code"),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("fips", sa.String(length=2), nullable=True, comment="null for the nation"),
        sa.Column("iso_3166_2", sa.String(), nullable=False),
        sa.Column("ocd_id", sa.String(), nullable=False, comment="Open Civic Data division"),
        sa.Column("slug", sa.String(), nullable=False),
        sa.CheckConstraint("(fips IS NULL) = (type = 'nation')", name=op.f("ck_jurisdictions_fips")),
        sa.CheckConstraint("type IN ('state', 'district', 'territory', 'nation')", name=op.f("ck_jurisdictions_type")),
        sa.CheckConstraint("length(code) = 2 AND code = upper(code)", name=op.f("ck_jurisdictions_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_jurisdictions")),
        sa.UniqueConstraint("fips", name=op.f("uq_jurisdictions_fips")),
        sa.UniqueConstraint("iso_3166_2", name=op.f("uq_jurisdictions_iso_3166_2")),
        sa.UniqueConstraint("name", name=op.f("uq_jurisdictions_name")),
        sa.UniqueConstraint("ocd_id", name=op.f("uq_jurisdictions_ocd_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_jurisdictions_slug")),
    )
    op.create_table(
        "origins", sa.Column("id", sa.String(length=120), nullable=False), sa.PrimaryKeyConstraint("id", name=op.f("pk_origins"))
    )
    op.create_table(
        "revisions",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("rule_pack", sa.Integer(), nullable=False, comment="the posture rules in force at this revision"),
        sa.Column("codebook", sa.String(), nullable=False, comment="the codebook's version at this revision"),
        sa.CheckConstraint("cause IN ('world_changed', 'source_added', 'correction', 'rule_changed')", name=op.f("ck_revisions_cause")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_revisions_number")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_revisions")),
    )
    op.create_index(op.f("ix_revisions_recorded_at"), "revisions", ["recorded_at"], unique=False)
    op.create_table(
        "document_versions",
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("file", sa.String(), nullable=False, comment="the file's name as received"),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("publisher", sa.String(), nullable=True),
        sa.Column("author", sa.String(), nullable=True),
        sa.Column("republishes", sa.String(), nullable=True, comment="the publication whose article this copies"),
        sa.Column("published_edtf", sa.String(), nullable=True),
        sa.Column("published_earliest", sa.Date(), nullable=True),
        sa.Column("published_latest", sa.Date(), nullable=True),
        sa.Column("published_basis", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("archive_url", sa.String(), nullable=True),
        sa.Column("accessed_edtf", sa.String(), nullable=True),
        sa.Column("accessed_earliest", sa.Date(), nullable=True),
        sa.Column("accessed_latest", sa.Date(), nullable=True),
        sa.Column("accessed_basis", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False, comment="of the file's bytes"),
        sa.Column("paragraphs", sa.Integer(), nullable=False, comment="non-blank lines"),
        sa.Column("characters", sa.Integer(), nullable=False, comment="code points; citations point into these"),
        sa.Column("origin", sa.String(length=120), nullable=True),
        sa.Column("serve", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column(
            "set_aside",
            sa.JSON(none_as_null=True),
            nullable=False,
            comment="paragraphs that nothing cites, with reasons",
        ),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, 3 … for each entity"),
        sa.Column("revision_to", sa.Integer(), nullable=True, comment="the revision that closed it; null while it is open"),
        sa.Column("content_sha256", sa.String(length=64), nullable=False, comment="of the canonical JSON of its content"),
        sa.Column("revision_from", sa.Integer(), nullable=False, comment="the revision that published it"),
        sa.CheckConstraint("(accessed_edtf IS NULL) = (accessed_basis = 'unknown')", name=op.f("ck_document_versions_accessed_unknown")),
        sa.CheckConstraint("(published_edtf IS NULL) = (published_basis = 'unknown')", name=op.f("ck_document_versions_published_unknown")),
        sa.CheckConstraint(
            "accessed_basis IN ('explicit', 'inferred', 'relative', 'unknown')", name=op.f("ck_document_versions_accessed_basis")
        ),
        sa.CheckConstraint(
            "published_basis IN ('explicit', 'inferred', 'relative', 'unknown')", name=op.f("ck_document_versions_published_basis")
        ),
        sa.CheckConstraint("serve IN ('full', 'quote_only', 'none')", name=op.f("ck_document_versions_serve")),
        sa.CheckConstraint("type IN ('article', 'instrument', 'roster')", name=op.f("ck_document_versions_type")),
        sa.CheckConstraint(
            "((accessed_earliest IS NULL) AND (accessed_latest IS NULL)) = (accessed_edtf IS NULL)",
            name=op.f("ck_document_versions_accessed_given"),
        ),
        sa.CheckConstraint(
            "((published_earliest IS NULL) AND (published_latest IS NULL)) = (published_edtf IS NULL)",
            name=op.f("ck_document_versions_published_given"),
        ),
        sa.CheckConstraint("accessed_earliest <= accessed_latest", name=op.f("ck_document_versions_accessed_bounds")),
        sa.CheckConstraint("length(content_sha256) = 64", name=op.f("ck_document_versions_content_sha256")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_document_versions_sha256")),
        sa.CheckConstraint("paragraphs >= 0 AND characters >= paragraphs", name=op.f("ck_document_versions_paragraphs")),
        sa.CheckConstraint("published_earliest <= published_latest", name=op.f("ck_document_versions_published_bounds")),
        sa.CheckConstraint("revision_to > revision_from", name=op.f("ck_document_versions_revisions")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_document_versions_version")),
        sa.ForeignKeyConstraint(["document"], ["documents.id"], name=op.f("fk_document_versions_document")),
        sa.ForeignKeyConstraint(["origin"], ["origins.id"], name=op.f("fk_document_versions_origin")),
        sa.ForeignKeyConstraint(["revision_from"], ["revisions.number"], name=op.f("fk_document_versions_revision_from")),
        sa.ForeignKeyConstraint(["revision_to"], ["revisions.number"], name=op.f("fk_document_versions_revision_to")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_document_versions")),
        sa.UniqueConstraint("document", "revision_from", name=op.f("uq_document_versions_document_revision_from")),
        sa.UniqueConstraint("document", "version", name=op.f("uq_document_versions_document_version")),
    )
    op.create_index(
        "uq_document_versions_open_document",
        "document_versions",
        ["document"],
        unique=True,
        sqlite_where=sa.text("revision_to IS NULL"),
        postgresql_where=sa.text("revision_to IS NULL"),
    )
    op.create_table(
        "figures",
        sa.Column("id", sa.String(length=120), nullable=False),
        sa.Column("jurisdiction", sa.String(length=2), nullable=False),
        sa.ForeignKeyConstraint(["jurisdiction"], ["jurisdictions.code"], name=op.f("fk_figures_jurisdiction")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figures")),
        sa.UniqueConstraint("id", "jurisdiction", name=op.f("uq_figures_id_jurisdiction")),
    )
    op.create_index(op.f("ix_figures_jurisdiction"), "figures", ["jurisdiction"], unique=False)
    op.create_table(
        "measures",
        sa.Column("id", sa.String(length=120), nullable=False),
        sa.Column("jurisdiction", sa.String(length=2), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('ban', 'mandate', 'executive_order', 'pending_bill', 'litigation', 'active_agreements', 'legal_opinion')",
            name=op.f("ck_measures_kind"),
        ),
        sa.ForeignKeyConstraint(["jurisdiction"], ["jurisdictions.code"], name=op.f("fk_measures_jurisdiction")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measures")),
        sa.UniqueConstraint("id", "jurisdiction", "kind", name=op.f("uq_measures_id_jurisdiction_kind")),
        sa.UniqueConstraint("id", "jurisdiction", name=op.f("uq_measures_id_jurisdiction")),
    )
    op.create_index(op.f("ix_measures_jurisdiction_kind"), "measures", ["jurisdiction", "kind"], unique=False)
    op.create_table(
        "origin_versions",
        sa.Column("origin", sa.String(length=120), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("date_edtf", sa.String(), nullable=True),
        sa.Column("date_earliest", sa.Date(), nullable=True),
        sa.Column("date_latest", sa.Date(), nullable=True),
        sa.Column("date_basis", sa.String(), nullable=False),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, 3 … for each entity"),
        sa.Column("revision_to", sa.Integer(), nullable=True, comment="the revision that closed it; null while it is open"),
        sa.Column("content_sha256", sa.String(length=64), nullable=False, comment="of the canonical JSON of its content"),
        sa.Column("revision_from", sa.Integer(), nullable=False, comment="the revision that published it"),
        sa.CheckConstraint("(date_edtf IS NULL) = (date_basis = 'unknown')", name=op.f("ck_origin_versions_date_unknown")),
        sa.CheckConstraint("date_basis IN ('explicit', 'inferred', 'relative', 'unknown')", name=op.f("ck_origin_versions_date_basis")),
        sa.CheckConstraint(
            "type IN ('official_statement', 'official_record', 'court_filing', 'party_statement', 'press_report')",
            name=op.f("ck_origin_versions_type"),
        ),
        sa.CheckConstraint(
            "((date_earliest IS NULL) AND (date_latest IS NULL)) = (date_edtf IS NULL)", name=op.f("ck_origin_versions_date_given")
        ),
        sa.CheckConstraint("date_earliest <= date_latest", name=op.f("ck_origin_versions_date_bounds")),
        sa.CheckConstraint("length(content_sha256) = 64", name=op.f("ck_origin_versions_content_sha256")),
        sa.CheckConstraint("revision_to > revision_from", name=op.f("ck_origin_versions_revisions")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_origin_versions_version")),
        sa.ForeignKeyConstraint(["origin"], ["origins.id"], name=op.f("fk_origin_versions_origin")),
        sa.ForeignKeyConstraint(["revision_from"], ["revisions.number"], name=op.f("fk_origin_versions_revision_from")),
        sa.ForeignKeyConstraint(["revision_to"], ["revisions.number"], name=op.f("fk_origin_versions_revision_to")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_origin_versions")),
        sa.UniqueConstraint("origin", "revision_from", name=op.f("uq_origin_versions_origin_revision_from")),
        sa.UniqueConstraint("origin", "version", name=op.f("uq_origin_versions_origin_version")),
    )
    op.create_index(
        "uq_origin_versions_open_origin",
        "origin_versions",
        ["origin"],
        unique=True,
        sqlite_where=sa.text("revision_to IS NULL"),
        postgresql_where=sa.text("revision_to IS NULL"),
    )
    op.create_table(
        "figure_versions",
        sa.Column("figure", sa.String(), nullable=False),
        sa.Column("jurisdiction", sa.String(), nullable=False),
        sa.Column("measure", sa.String(), nullable=True),
        sa.Column("metric", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("cohort", sa.String(), nullable=True),
        sa.Column("geography", sa.String(), nullable=True),
        sa.Column("agency_class", sa.String(), nullable=True, comment="the class of agencies that is counted; null if not one class"),
        sa.Column(
            "derivation",
            sa.JSON(none_as_null=True),
            nullable=True,
            comment="the figures it follows from, and how",
        ),
        sa.Column("comparator", sa.String(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("low", sa.Double(), nullable=True),
        sa.Column("high", sa.Double(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("date_edtf", sa.String(), nullable=True),
        sa.Column("date_earliest", sa.Date(), nullable=True),
        sa.Column("date_latest", sa.Date(), nullable=True),
        sa.Column("date_basis", sa.String(), nullable=False),
        sa.Column("reported_earliest", sa.Date(), nullable=True),
        sa.Column("reported_latest", sa.Date(), nullable=True),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, 3 … for each entity"),
        sa.Column("revision_to", sa.Integer(), nullable=True, comment="the revision that closed it; null while it is open"),
        sa.Column("content_sha256", sa.String(length=64), nullable=False, comment="of the canonical JSON of its content"),
        sa.Column("revision_from", sa.Integer(), nullable=False, comment="the revision that published it"),
        sa.CheckConstraint("(date_edtf IS NULL) = (date_basis = 'unknown')", name=op.f("ck_figure_versions_date_unknown")),
        sa.CheckConstraint(
            "agency_class IN ('state_agencies', 'local_police', 'county_sheriffs', 'county_jails', 'regional_jails', 'all_agencies')",
            name=op.f("ck_figure_versions_agency_class"),
        ),
        sa.CheckConstraint("cohort IN ('active_at', 'ever_since', 'signed_in')", name=op.f("ck_figure_versions_cohort")),
        sa.CheckConstraint(
            "comparator IN ('exact', 'about', 'more_than', 'at_least', 'nearly', 'at_most')", name=op.f("ck_figure_versions_comparator")
        ),
        sa.CheckConstraint("date_basis IN ('explicit', 'inferred', 'relative', 'unknown')", name=op.f("ck_figure_versions_date_basis")),
        sa.CheckConstraint("geography IN ('states', 'states_and_territories', 'unspecified')", name=op.f("ck_figure_versions_geography")),
        sa.CheckConstraint(
            "metric IN ('participation', 'new_participation', 'growth', 'model_share', 'arrests', 'encounters', 'training_time', 'overtime_cap', 'ordered_to_terminate', 'voided', 'term_limit', 'other')",
            name=op.f("ck_figure_versions_metric"),
        ),
        sa.CheckConstraint(
            "unit IN ('agreements', 'agencies', 'jurisdictions', 'states', 'arrests', 'encounters', 'people', 'hours', 'percent', 'months')",
            name=op.f("ck_figure_versions_unit"),
        ),
        sa.CheckConstraint(
            "((date_earliest IS NULL) AND (date_latest IS NULL)) = (date_edtf IS NULL)", name=op.f("ck_figure_versions_date_given")
        ),
        sa.CheckConstraint("date_earliest <= date_latest", name=op.f("ck_figure_versions_date_bounds")),
        sa.CheckConstraint("length(content_sha256) = 64", name=op.f("ck_figure_versions_content_sha256")),
        sa.CheckConstraint("low <= high", name=op.f("ck_figure_versions_bounds")),
        sa.CheckConstraint("low IS NOT NULL OR high IS NOT NULL", name=op.f("ck_figure_versions_bounded")),
        sa.CheckConstraint("reported_earliest <= reported_latest", name=op.f("ck_figure_versions_reported_bounds")),
        sa.CheckConstraint("revision_to > revision_from", name=op.f("ck_figure_versions_revisions")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_figure_versions_version")),
        sa.ForeignKeyConstraint(
            ["figure", "jurisdiction"], ["figures.id", "figures.jurisdiction"], name=op.f("fk_figure_versions_figure_jurisdiction")
        ),
        sa.ForeignKeyConstraint(
            ["measure", "jurisdiction"], ["measures.id", "measures.jurisdiction"], name=op.f("fk_figure_versions_measure_jurisdiction")
        ),
        sa.ForeignKeyConstraint(["revision_from"], ["revisions.number"], name=op.f("fk_figure_versions_revision_from")),
        sa.ForeignKeyConstraint(["revision_to"], ["revisions.number"], name=op.f("fk_figure_versions_revision_to")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_figure_versions")),
        sa.UniqueConstraint("figure", "revision_from", name=op.f("uq_figure_versions_figure_revision_from")),
        sa.UniqueConstraint("figure", "version", name=op.f("uq_figure_versions_figure_version")),
    )
    op.create_index(
        "ix_figure_versions_open_jurisdiction_metric",
        "figure_versions",
        ["jurisdiction", "metric"],
        unique=False,
        sqlite_where=sa.text("revision_to IS NULL"),
        postgresql_where=sa.text("revision_to IS NULL"),
    )
    op.create_index(
        "ix_figure_versions_open_metric_unit",
        "figure_versions",
        ["metric", "unit"],
        unique=False,
        sqlite_where=sa.text("revision_to IS NULL"),
        postgresql_where=sa.text("revision_to IS NULL"),
    )
    op.create_index(
        "ix_figure_versions_open_unit",
        "figure_versions",
        ["unit"],
        unique=False,
        sqlite_where=sa.text("revision_to IS NULL"),
        postgresql_where=sa.text("revision_to IS NULL"),
    )
    op.create_index(
        "uq_figure_versions_open_figure",
        "figure_versions",
        ["figure"],
        unique=True,
        sqlite_where=sa.text("revision_to IS NULL"),
        postgresql_where=sa.text("revision_to IS NULL"),
    )
    op.create_table(
        "measure_versions",
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("jurisdiction", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column(
            "identifiers",
            sa.JSON(none_as_null=True),
            nullable=False,
        ),
        sa.Column(
            "notices",
            sa.JSON(none_as_null=True),
            nullable=False,
        ),
        sa.Column(
            "binds",
            sa.JSON(none_as_null=True),
            nullable=False,
        ),
        sa.Column(
            "does_not_bind",
            sa.JSON(none_as_null=True),
            nullable=False,
        ),
        sa.Column("reach", sa.String(), nullable=True, comment="scope.agreements"),
        sa.Column("prohibits_agreements", sa.Boolean(), nullable=True),
        sa.Column("exceptions", sa.String(), nullable=True),
        sa.Column("max_term_months", sa.Integer(), nullable=True),
        sa.Column(
            "implies",
            sa.JSON(none_as_null=True),
            nullable=False,
            comment="kinds whose existence this presupposes",
        ),
        sa.Column(
            "actors",
            sa.JSON(none_as_null=True),
            nullable=False,
        ),
        sa.Column("effective_from_edtf", sa.String(), nullable=True),
        sa.Column("effective_from_earliest", sa.Date(), nullable=True),
        sa.Column("effective_from_latest", sa.Date(), nullable=True),
        sa.Column("effective_from_basis", sa.String(), nullable=False),
        sa.Column("effective_to_edtf", sa.String(), nullable=True),
        sa.Column("effective_to_earliest", sa.Date(), nullable=True),
        sa.Column("effective_to_latest", sa.Date(), nullable=True),
        sa.Column("effective_to_basis", sa.String(), nullable=False),
        sa.Column("begins_earliest", sa.Date(), nullable=True),
        sa.Column("begins_latest", sa.Date(), nullable=True),
        sa.Column("ends", sa.Boolean(), nullable=False, comment="whether a source reports an end"),
        sa.Column("ends_earliest", sa.Date(), nullable=True),
        sa.Column("ends_latest", sa.Date(), nullable=True),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, 3 … for each entity"),
        sa.Column("revision_to", sa.Integer(), nullable=True, comment="the revision that closed it; null while it is open"),
        sa.Column("content_sha256", sa.String(length=64), nullable=False, comment="of the canonical JSON of its content"),
        sa.Column("revision_from", sa.Integer(), nullable=False, comment="the revision that published it"),
        sa.CheckConstraint(
            "(effective_from_edtf IS NULL) = (effective_from_basis = 'unknown')", name=op.f("ck_measure_versions_effective_from_unknown")
        ),
        sa.CheckConstraint(
            "(effective_to_edtf IS NULL) = (effective_to_basis = 'unknown')", name=op.f("ck_measure_versions_effective_to_unknown")
        ),
        sa.CheckConstraint(
            "(kind = 'ban' AND status IN ('enacted', 'in_force', 'partly_enjoined', 'enjoined', 'struck_down', 'repealed', 'expired', 'reported_absent')) OR (kind = 'mandate' AND status IN ('enacted', 'in_force', 'partly_enjoined', 'enjoined', 'struck_down', 'repealed', 'expired', 'reported_absent')) OR (kind = 'executive_order' AND status IN ('issued', 'in_force', 'partly_enjoined', 'enjoined', 'struck_down', 'rescinded', 'superseded', 'expired', 'reported_absent')) OR (kind = 'pending_bill' AND status IN ('proposed', 'pending', 'introduced', 'passed_one_chamber', 'passed_legislature', 'signed', 'became_law', 'vetoed', 'failed', 'withdrawn', 'reported_absent')) OR (kind = 'litigation' AND status IN ('announced', 'filed', 'preliminary_relief', 'settled', 'judgment', 'on_appeal', 'dismissed', 'dropped', 'terms_ended', 'reported_absent')) OR (kind = 'active_agreements' AND status IN ('applied', 'active', 'impaired', 'ordered_to_terminate', 'suspended', 'voided', 'terminated', 'expired', 'reported_absent')) OR (kind = 'legal_opinion' AND status IN ('issued', 'withdrawn', 'superseded', 'reported_absent'))",
            name=op.f("ck_measure_versions_status"),
        ),
        sa.CheckConstraint(
            "direction IN ('limits_cooperation', 'requires_cooperation', 'encourages_cooperation', 'neutral', 'mixed')",
            name=op.f("ck_measure_versions_direction"),
        ),
        sa.CheckConstraint(
            "effective_from_basis IN ('explicit', 'inferred', 'relative', 'unknown')", name=op.f("ck_measure_versions_effective_from_basis")
        ),
        sa.CheckConstraint(
            "effective_to_basis IN ('explicit', 'inferred', 'relative', 'unknown')", name=op.f("ck_measure_versions_effective_to_basis")
        ),
        sa.CheckConstraint("reach IN ('new', 'existing', 'both')", name=op.f("ck_measure_versions_reach")),
        sa.CheckConstraint(
            "((effective_from_earliest IS NULL) AND (effective_from_latest IS NULL)) = (effective_from_edtf IS NULL)",
            name=op.f("ck_measure_versions_effective_from_given"),
        ),
        sa.CheckConstraint(
            "((effective_to_earliest IS NULL) AND (effective_to_latest IS NULL)) = (effective_to_edtf IS NULL)",
            name=op.f("ck_measure_versions_effective_to_given"),
        ),
        sa.CheckConstraint("begins_earliest <= begins_latest", name=op.f("ck_measure_versions_begins_bounds")),
        sa.CheckConstraint("effective_from_earliest <= effective_from_latest", name=op.f("ck_measure_versions_effective_from_bounds")),
        sa.CheckConstraint("effective_to_earliest <= effective_to_latest", name=op.f("ck_measure_versions_effective_to_bounds")),
        sa.CheckConstraint("ends OR (ends_earliest IS NULL AND ends_latest IS NULL)", name=op.f("ck_measure_versions_ends")),
        sa.CheckConstraint("ends_earliest <= ends_latest", name=op.f("ck_measure_versions_ends_bounds")),
        sa.CheckConstraint("length(content_sha256) = 64", name=op.f("ck_measure_versions_content_sha256")),
        sa.CheckConstraint("max_term_months >= 1", name=op.f("ck_measure_versions_max_term_months")),
        sa.CheckConstraint("revision_to > revision_from", name=op.f("ck_measure_versions_revisions")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_measure_versions_version")),
        sa.ForeignKeyConstraint(
            ["measure", "jurisdiction", "kind"],
            ["measures.id", "measures.jurisdiction", "measures.kind"],
            name=op.f("fk_measure_versions_measure_jurisdiction_kind"),
        ),
        sa.ForeignKeyConstraint(["revision_from"], ["revisions.number"], name=op.f("fk_measure_versions_revision_from")),
        sa.ForeignKeyConstraint(["revision_to"], ["revisions.number"], name=op.f("fk_measure_versions_revision_to")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_measure_versions")),
        sa.UniqueConstraint("measure", "revision_from", name=op.f("uq_measure_versions_measure_revision_from")),
        sa.UniqueConstraint("measure", "version", name=op.f("uq_measure_versions_measure_version")),
    )
    op.create_index(
        "ix_measure_versions_open_effective_from_earliest",
        "measure_versions",
        ["effective_from_earliest"],
        unique=False,
        sqlite_where=sa.text("revision_to IS NULL"),
        postgresql_where=sa.text("revision_to IS NULL"),
    )
    op.create_index(
        "ix_measure_versions_open_jurisdiction_kind",
        "measure_versions",
        ["jurisdiction", "kind"],
        unique=False,
        sqlite_where=sa.text("revision_to IS NULL"),
        postgresql_where=sa.text("revision_to IS NULL"),
    )
    op.create_index(
        "ix_measure_versions_open_kind_status",
        "measure_versions",
        ["kind", "status"],
        unique=False,
        sqlite_where=sa.text("revision_to IS NULL"),
        postgresql_where=sa.text("revision_to IS NULL"),
    )
    op.create_index(
        "uq_measure_versions_open_measure",
        "measure_versions",
        ["measure"],
        unique=True,
        sqlite_where=sa.text("revision_to IS NULL"),
        postgresql_where=sa.text("revision_to IS NULL"),
    )
    op.create_table(
        "citations",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("measure_version", sa.Integer(), nullable=True),
        sa.Column("figure_version", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("paragraph", sa.Integer(), nullable=False, comment="counts the document's non-blank lines from 1"),
        sa.Column("start", sa.Integer(), nullable=False, comment="code points from the start of the text"),
        sa.Column("end", sa.Integer(), nullable=False, comment="the code point after the last"),
        sa.Column("sha256", sa.String(length=64), nullable=False, comment="of the span, in UTF-8"),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("speech_act", sa.String(), nullable=False),
        sa.Column(
            "attributed_to",
            sa.JSON(none_as_null=True),
            nullable=False,
            comment="names, nearest first",
        ),
        sa.Column("origin", sa.String(length=120), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.CheckConstraint("role IN ('supports', 'contradicts', 'context')", name=op.f("ck_citations_role")),
        sa.CheckConstraint("speech_act IN ('asserts', 'reports', 'quotes', 'predicts', 'opines')", name=op.f("ck_citations_speech_act")),
        sa.CheckConstraint("(measure_version IS NULL) <> (figure_version IS NULL)", name=op.f("ck_citations_one_owner")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_citations_sha256")),
        sa.CheckConstraint("paragraph >= 1", name=op.f("ck_citations_paragraph")),
        sa.CheckConstraint('start >= 0 AND "end" > start', name=op.f("ck_citations_span")),
        sa.ForeignKeyConstraint(["document"], ["documents.id"], name=op.f("fk_citations_document")),
        sa.ForeignKeyConstraint(["figure_version"], ["figure_versions.key"], name=op.f("fk_citations_figure_version")),
        sa.ForeignKeyConstraint(["measure_version"], ["measure_versions.key"], name=op.f("fk_citations_measure_version")),
        sa.ForeignKeyConstraint(["origin"], ["origins.id"], name=op.f("fk_citations_origin")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_citations")),
    )
    op.create_index(op.f("ix_citations_document"), "citations", ["document"], unique=False)
    op.create_index("uq_citations_figure_version_position", "citations", ["figure_version", "position"], unique=True)
    op.create_index("uq_citations_measure_version_position", "citations", ["measure_version", "position"], unique=True)
    op.create_table(
        "events",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("measure_version", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("date_edtf", sa.String(), nullable=True),
        sa.Column("date_earliest", sa.Date(), nullable=True),
        sa.Column("date_latest", sa.Date(), nullable=True),
        sa.Column("date_basis", sa.String(), nullable=False),
        sa.CheckConstraint("(date_edtf IS NULL) = (date_basis = 'unknown')", name=op.f("ck_events_date_unknown")),
        sa.CheckConstraint("date_basis IN ('explicit', 'inferred', 'relative', 'unknown')", name=op.f("ck_events_date_basis")),
        sa.CheckConstraint(
            "event IN ('active', 'amended', 'announced', 'applied', 'became_law', 'dismissed', 'dropped', 'enacted', 'enjoined', 'expired', 'failed', 'filed', 'frozen', 'impaired', 'in_force', 'introduced', 'issued', 'judgment', 'on_appeal', 'ordered_to_terminate', 'partly_enjoined', 'partly_terminated', 'passed_legislature', 'passed_one_chamber', 'pending', 'preliminary_relief', 'proposed', 'repealed', 'reported', 'reported_absent', 'rescinded', 'settled', 'signed', 'struck_down', 'superseded', 'suspended', 'terminated', 'terms_ended', 'vetoed', 'voided', 'withdrawn')",
            name=op.f("ck_events_event"),
        ),
        sa.CheckConstraint("((date_earliest IS NULL) AND (date_latest IS NULL)) = (date_edtf IS NULL)", name=op.f("ck_events_date_given")),
        sa.CheckConstraint("date_earliest <= date_latest", name=op.f("ck_events_date_bounds")),
        sa.ForeignKeyConstraint(["measure_version"], ["measure_versions.key"], name=op.f("fk_events_measure_version")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_events")),
        sa.UniqueConstraint("measure_version", "position", name=op.f("uq_events_measure_version_position")),
    )
    op.create_table(
        "changes",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("noun", sa.String(), nullable=False),
        sa.Column("id", sa.String(length=120), nullable=False),
        sa.Column("jurisdiction", sa.String(length=2), nullable=True, comment="null for documents and origins"),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column(
            "fields",
            sa.JSON(none_as_null=True),
            nullable=False,
            comment="name, before, after",
        ),
        sa.CheckConstraint("noun IN ('origin', 'document', 'measure', 'figure')", name=op.f("ck_changes_noun")),
        sa.CheckConstraint("action IN ('create', 'amend', 'retract')", name=op.f("ck_changes_action")),
        sa.ForeignKeyConstraint(["revision"], ["revisions.number"], name=op.f("fk_changes_revision")),
        sa.ForeignKeyConstraint(["jurisdiction"], ["jurisdictions.code"], name=op.f("fk_changes_jurisdiction")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_changes")),
        sa.UniqueConstraint("noun", "id", "revision", name=op.f("uq_changes_noun_id_revision")),
    )
    op.create_index(op.f("ix_changes_revision_noun_id"), "changes", ["revision", "noun", "id"], unique=False)
    op.create_index(op.f("ix_changes_jurisdiction_revision"), "changes", ["jurisdiction", "revision"], unique=False)


def downgrade() -> None:
    op.drop_table("changes")
    op.drop_table("events")
    op.drop_index("uq_citations_measure_version_position", table_name="citations")
    op.drop_index("uq_citations_figure_version_position", table_name="citations")
    op.drop_index(op.f("ix_citations_document"), table_name="citations")
    op.drop_table("citations")
    op.drop_index(
        "uq_measure_versions_open_measure",
        table_name="measure_versions",
        sqlite_where=sa.text("revision_to IS NULL"),
        postgresql_where=sa.text("revision_to IS NULL"),
    )
    op.drop_index(
        "ix_measure_versions_open_kind_status",
        table_name="measure_versions",
        sqlite_where=sa.text("revision_to IS NULL"),
        postgresql_where=sa.text("revision_to IS NULL"),
    )
    op.drop_index(
        "ix_measure_versions_open_jurisdiction_kind",
        table_name="measure_versions",
        sqlite_where=sa.text("revision_to IS NULL"),
        postgresql_where=sa.text("revision_to IS NULL"),
    )
    op.drop_index(
        "ix_measure_versions_open_effective_from_earliest",
        table_name="measure_versions",
        sqlite_where=sa.text("revision_to IS NULL"),
        postgresql_where=sa.text("revision_to IS NULL"),
    )
    op.drop_table("measure_versions")
    op.drop_index(
        "uq_figure_versions_open_figure",
        table_name="figure_versions",
        sqlite_where=sa.text("revision_to IS NULL"),
        postgresql_where=sa.text("revision_to IS NULL"),
    )
    op.drop_index(
        "ix_figure_versions_open_unit",
        table_name="figure_versions",
        sqlite_where=sa.text("revision_to IS NULL"),
        postgresql_where=sa.text("revision_to IS NULL"),
    )
    op.drop_index(
        "ix_figure_versions_open_metric_unit",
        table_name="figure_versions",
        sqlite_where=sa.text("revision_to IS NULL"),
        postgresql_where=sa.text("revision_to IS NULL"),
    )
    op.drop_index(
        "ix_figure_versions_open_jurisdiction_metric",
        table_name="figure_versions",
        sqlite_where=sa.text("revision_to IS NULL"),
        postgresql_where=sa.text("revision_to IS NULL"),
    )
    op.drop_table("figure_versions")
    op.drop_index(
        "uq_origin_versions_open_origin",
        table_name="origin_versions",
        sqlite_where=sa.text("revision_to IS NULL"),
        postgresql_where=sa.text("revision_to IS NULL"),
    )
    op.drop_table("origin_versions")
    op.drop_index(op.f("ix_measures_jurisdiction_kind"), table_name="measures")
    op.drop_table("measures")
    op.drop_index(op.f("ix_figures_jurisdiction"), table_name="figures")
    op.drop_table("figures")
    op.drop_index(
        "uq_document_versions_open_document",
        table_name="document_versions",
        sqlite_where=sa.text("revision_to IS NULL"),
        postgresql_where=sa.text("revision_to IS NULL"),
    )
    op.drop_table("document_versions")
    op.drop_index(op.f("ix_revisions_recorded_at"), table_name="revisions")
    op.drop_table("revisions")
    op.drop_table("origins")
    op.drop_table("jurisdictions")
    op.drop_table("documents")
