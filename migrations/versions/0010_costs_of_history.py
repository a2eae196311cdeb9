"""Keep what reads need so that they do not walk the history: counts of the log, and indexes of what is open.

Citations and links repeat the revision that closed their version, the log is counted in series, and search has an index of
the open entries alone. A downgrade loses nothing that is not computed from the rest.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_NOUNS = "'origin', 'document', 'measure', 'figure', 'contradiction', 'roster', 'rename'"
_ACTIONS = "'create', 'amend', 'retract'"
_CAUSES = "'world_changed', 'source_added', 'correction', 'rule_changed'"
_STEMS = "title_stems, body_stems, tags"
_OWNERS = ("measure", "figure", "contradiction")
_CHANGE_COMMENTS = {"series": "what it is counted with", "number": "1, 2, 3 … of the changes of one entity"}
_IS_OPEN = sa.text("revision_to IS NULL")
_COMMENTS = {
    "citations": "its version's, so that a document's citations are found among the open ones",
    "measure_links": "its version's, so that the links to a measure are found among the open ones",
}


def upgrade() -> None:
    for table, column in (("citations", "document"), ("measure_links", "target")):
        op.drop_index(op.f(f"ix_{table}_{column}"), table_name=table)
        with op.batch_alter_table(table) as altered:
            altered.add_column(sa.Column("revision_to", sa.Integer(), nullable=True, comment=_COMMENTS[table]))
            altered.create_foreign_key(op.f(f"fk_{table}_revision_to"), "revisions", ["revision_to"], ["number"])
        _create_open_index(table, column)
    _copy_closing_revisions()
    _create_open_index("figure_versions", "measure")
    op.drop_index("ix_measure_versions_naming", table_name="measure_versions")
    naming = sa.text("revision_to IS NULL AND agreements IS NOT NULL")
    op.create_index("ix_measure_versions_open_naming", "measure_versions", ["measure"], sqlite_where=naming, postgresql_where=naming)
    op.create_index(op.f("ix_search_entries_revision_from_key"), "search_entries", ["revision_from", "key"])
    op.create_index(op.f("ix_roster_rows_roster_jurisdiction_signed"), "roster_rows", ["roster", "jurisdiction", "signed"])
    _create_counts()
    _number_series()
    if op.get_bind().dialect.name == "sqlite":
        _create_open_fts5()
    else:
        op.execute("CREATE INDEX search_index_open ON search_entries USING gin (vector) WHERE revision_to IS NULL")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in ("added", "removed", "closed", "changed"):
            op.execute(f"DROP TRIGGER search_entries_open_{name}")
        op.execute("DROP TABLE search_index_open")
    else:
        op.execute("DROP INDEX search_index_open")
    op.drop_index(op.f("ix_changes_series_revision_key"), table_name="changes")
    op.drop_index(op.f("ix_changes_jurisdiction_revision_key"), table_name="changes")
    op.drop_index(op.f("ix_changes_revision_key"), table_name="changes")
    with op.batch_alter_table("changes") as table:
        table.drop_constraint(op.f("fk_changes_series"), type_="foreignkey")
        table.drop_constraint(op.f("ck_changes_number"), type_="check")
        table.drop_column("series")
        table.drop_column("number")
    op.create_index(op.f("ix_changes_revision_noun_id"), "changes", ["revision", "noun", "id"])
    op.create_index(op.f("ix_changes_jurisdiction_revision"), "changes", ["jurisdiction", "revision"])
    op.drop_table("change_counts")
    op.drop_table("change_series")
    op.drop_index(op.f("ix_roster_rows_roster_jurisdiction_signed"), table_name="roster_rows")
    op.drop_index("ix_figure_versions_open_measure", table_name="figure_versions")
    op.drop_index(op.f("ix_search_entries_revision_from_key"), table_name="search_entries")
    op.drop_index("ix_measure_versions_open_naming", table_name="measure_versions")
    naming = sa.text("agreements IS NOT NULL")
    op.create_index("ix_measure_versions_naming", "measure_versions", ["revision_from"], sqlite_where=naming, postgresql_where=naming)
    for table, column in (("citations", "document"), ("measure_links", "target")):
        op.drop_index(f"ix_{table}_open_{column}", table_name=table)
        with op.batch_alter_table(table) as altered:
            altered.drop_constraint(op.f(f"fk_{table}_revision_to"), type_="foreignkey")
            altered.drop_column("revision_to")
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _create_open_index(table: str, column: str) -> None:
    op.create_index(f"ix_{table}_open_{column}", table, [column], sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN)


def _copy_closing_revisions() -> None:
    for table, owners in (("citations", _OWNERS), ("measure_links", ("measure",))):
        for owner in owners:
            op.execute(
                f"UPDATE {table} SET revision_to = (SELECT version.revision_to FROM {owner}_versions AS version "  # noqa: S608 - our own names
                f"WHERE version.key = {table}.{owner}_version) WHERE {owner}_version IS NOT NULL"
            )


def _create_counts() -> None:
    op.create_table(
        "change_series",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("noun", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("jurisdiction", sa.String(length=2), nullable=True),
        sa.CheckConstraint(f"noun IN ({_NOUNS})", name=op.f("ck_change_series_noun")),
        sa.CheckConstraint(f"action IN ({_ACTIONS})", name=op.f("ck_change_series_action")),
        sa.CheckConstraint(f"cause IN ({_CAUSES})", name=op.f("ck_change_series_cause")),
        sa.ForeignKeyConstraint(["jurisdiction"], ["jurisdictions.code"], name=op.f("fk_change_series_jurisdiction")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_change_series")),
        sa.UniqueConstraint("noun", "action", "cause", "jurisdiction", name=op.f("uq_change_series_noun_action_cause_jurisdiction")),
    )
    op.create_table(
        "change_counts",
        sa.Column("series", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False, comment="with those of all earlier revisions"),
        sa.CheckConstraint("total >= 1", name=op.f("ck_change_counts_total")),
        sa.ForeignKeyConstraint(["series"], ["change_series.key"], name=op.f("fk_change_counts_series")),
        sa.ForeignKeyConstraint(["revision"], ["revisions.number"], name=op.f("fk_change_counts_revision")),
        sa.PrimaryKeyConstraint("series", "revision", name=op.f("pk_change_counts")),
        sa.UniqueConstraint("series", "total", name=op.f("uq_change_counts_series_total")),
    )


def _number_series() -> None:
    """Give each change its series, and count the changes of each series through each of its revisions."""
    kinds = "changes.noun, changes.action, revisions.cause, changes.jurisdiction"
    joined = "changes JOIN revisions ON revisions.number = changes.revision"
    op.execute(
        f"INSERT INTO change_series (key, noun, action, cause, jurisdiction) "  # noqa: S608 - our own names
        f"SELECT row_number() OVER (ORDER BY min(changes.key)), {kinds} FROM {joined} GROUP BY {kinds}"
    )
    if op.get_bind().dialect.name == "postgresql":  # the keys were given, not drawn
        op.execute("SELECT setval(pg_get_serial_sequence('change_series', 'key'), (SELECT max(key) FROM change_series))")
    op.drop_index(op.f("ix_changes_revision_noun_id"), table_name="changes")
    op.drop_index(op.f("ix_changes_jurisdiction_revision"), table_name="changes")
    with op.batch_alter_table("changes") as table:
        for column, comment in _CHANGE_COMMENTS.items():
            table.add_column(sa.Column(column, sa.Integer(), nullable=True, comment=comment))
    op.execute(
        "UPDATE changes SET series = (SELECT change_series.key FROM change_series, revisions WHERE revisions.number = changes.revision "
        "AND change_series.noun = changes.noun AND change_series.action = changes.action AND change_series.cause = revisions.cause "
        "AND coalesce(change_series.jurisdiction, '') = coalesce(changes.jurisdiction, ''))"
    )
    op.execute(
        "UPDATE changes SET number = numbered.number FROM (SELECT key, row_number() OVER (PARTITION BY noun, id ORDER BY revision) "
        "AS number FROM changes) AS numbered WHERE numbered.key = changes.key"
    )
    with op.batch_alter_table("changes") as table:
        for column, comment in _CHANGE_COMMENTS.items():
            table.alter_column(column, existing_type=sa.Integer(), nullable=False, existing_comment=comment)
        table.create_check_constraint(op.f("ck_changes_number"), "number >= 1")
        table.create_foreign_key(op.f("fk_changes_series"), "change_series", ["series"], ["key"])
    op.create_index(op.f("ix_changes_revision_key"), "changes", ["revision", "key"])
    op.create_index(op.f("ix_changes_jurisdiction_revision_key"), "changes", ["jurisdiction", "revision", "key"])
    op.create_index(op.f("ix_changes_series_revision_key"), "changes", ["series", "revision", "key"])
    op.execute(
        "INSERT INTO change_counts (series, revision, total) "
        "SELECT series, revision, sum(count(*)) OVER (PARTITION BY series ORDER BY revision) FROM changes GROUP BY series, revision"
    )


def _create_open_fts5() -> None:
    op.execute(
        f"CREATE VIRTUAL TABLE search_index_open USING fts5({_STEMS}, content='search_entries', content_rowid='key', "
        "columnsize=0, tokenize='unicode61 remove_diacritics 0')"
    )
    op.execute(
        f"INSERT INTO search_index_open (rowid, {_STEMS}) SELECT key, {_STEMS} FROM search_entries WHERE revision_to IS NULL"  # noqa: S608 - our own names
    )
    take_out = (
        f"INSERT INTO search_index_open (search_index_open, rowid, {_STEMS}) "  # noqa: S608 - our own names
        "VALUES ('delete', old.key, old.title_stems, old.body_stems, old.tags); "
    )
    put_in = f"INSERT INTO search_index_open (rowid, {_STEMS}) VALUES (new.key, new.title_stems, new.body_stems, new.tags); "  # noqa: S608
    for name, event, condition, action in (
        ("added", "INSERT", "new.revision_to IS NULL", put_in),
        ("removed", "DELETE", "old.revision_to IS NULL", take_out),
        ("closed", "UPDATE OF revision_to", "old.revision_to IS NULL AND new.revision_to IS NOT NULL", take_out),
        ("changed", f"UPDATE OF {_STEMS}", "old.revision_to IS NULL AND new.revision_to IS NULL", take_out + put_in),
    ):
        op.execute(f"CREATE TRIGGER search_entries_open_{name} AFTER {event} ON search_entries WHEN {condition} BEGIN {action} END")
