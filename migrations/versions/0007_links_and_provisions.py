"""Link measures to the measures they act on, keep their provisions, and add kinds for federal background.

A downgrade deletes what the older schema cannot hold: links, provisions, and measures of the new kinds with their figures;
``flask seed`` publishes them again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_LAW = ("enacted", "in_force", "partly_enjoined", "enjoined", "struck_down", "repealed", "expired", "reported_absent")
_ORDER = ("issued", "in_force", "partly_enjoined", "enjoined", "struck_down", "rescinded", "superseded", "expired", "reported_absent")
_BILL = (
    *("proposed", "pending", "introduced", "passed_one_chamber", "passed_legislature", "signed", "became_law", "vetoed", "failed"),
    *("withdrawn", "reported_absent"),
)
_SUIT = (
    *("announced", "filed", "preliminary_relief", "settled", "judgment", "on_appeal", "dismissed", "dropped", "terms_ended"),
    "reported_absent",
)
_AGREEMENTS = (
    *("applied", "active", "impaired", "ordered_to_terminate", "suspended", "voided", "terminated", "expired"),
    "reported_absent",
)
_OLD_STATUSES = {
    "ban": _LAW,
    "mandate": _LAW,
    "executive_order": _ORDER,
    "pending_bill": _BILL,
    "litigation": _SUIT,
    "active_agreements": _AGREEMENTS,
    "legal_opinion": ("issued", "withdrawn", "superseded", "reported_absent"),
}
_NEW_STATUSES = {
    "authorization": _LAW,
    "funding": _LAW,
    "unnamed_states": ("said_to_exist", "said_to_be_proposed", "said_to_be_considered", "named", "reported_absent"),
}
_OLD_OTHER_EVENTS = ("announced", "signed", "amended", "frozen", "partly_terminated", "reported")
_NEW_EVENTS = ("deputized", "said_to_exist", "said_to_be_proposed", "said_to_be_considered", "named")
_EFFECTS = ("ends", "restricts", "bars", "challenges", "enacts")
_PROVISION_TYPES = ("term", "concession", "restriction", "condition", "finding", "intention")


def upgrade() -> None:
    _replace_checks({**_OLD_STATUSES, **_NEW_STATUSES}, (*_OLD_OTHER_EVENTS, "deputized"))
    _create_links()
    _create_provisions()
    with op.batch_alter_table("citations") as table:
        comment = "the provision of the measure that it is about"
        table.add_column(sa.Column("provision", sa.Integer(), nullable=True, comment=comment))
        table.create_foreign_key(op.f("fk_citations_provision"), "provisions", ["provision"], ["key"])
        table.create_check_constraint(op.f("ck_citations_provision_owner"), "provision IS NULL OR measure_version IS NOT NULL")


def downgrade() -> None:
    _delete_rows()
    with op.batch_alter_table("citations") as table:
        table.drop_constraint(op.f("ck_citations_provision_owner"), type_="check")
        table.drop_constraint(op.f("fk_citations_provision"), type_="foreignkey")
        table.drop_column("provision")
    op.drop_table("provisions")
    op.drop_table("measure_links")
    _replace_checks(_OLD_STATUSES, _OLD_OTHER_EVENTS)


def _replace_checks(statuses: dict[str, tuple[str, ...]], other_events: tuple[str, ...]) -> None:
    status_matches_kind = " OR ".join(
        f"(kind = '{kind}' AND status IN ({_quote(kind_statuses)}))" for kind, kind_statuses in statuses.items()
    )
    known_statuses = {status for kind_statuses in statuses.values() for status in kind_statuses}
    for table_name, column, condition in (
        ("measures", "kind", f"kind IN ({_quote(statuses)})"),
        ("measure_versions", "status", status_matches_kind),
        ("events", "event", f"event IN ({_quote(sorted(known_statuses | set(other_events)))})"),
        ("status_periods", "status", f"status IN ({_quote(sorted(known_statuses))})"),
    ):
        name = op.f(f"ck_{table_name}_{column}")
        with op.batch_alter_table(table_name) as table:
            table.drop_constraint(name, type_="check")
            table.create_check_constraint(name, condition)


def _create_links() -> None:
    op.create_table(
        "measure_links",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("measure_version", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("target", sa.String(length=120), nullable=False, comment="the measure that is acted on"),
        sa.Column("effect", sa.String(), nullable=False),
        sa.CheckConstraint(f"effect IN ({_quote(_EFFECTS)})", name=op.f("ck_measure_links_effect")),
        sa.ForeignKeyConstraint(["measure_version"], ["measure_versions.key"], name=op.f("fk_measure_links_measure_version")),
        sa.ForeignKeyConstraint(["target"], ["measures.id"], name=op.f("fk_measure_links_target")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_measure_links")),
        sa.UniqueConstraint("measure_version", "position", name=op.f("uq_measure_links_measure_version_position")),
        sa.UniqueConstraint("measure_version", "target", name=op.f("uq_measure_links_measure_version_target")),
    )
    op.create_index(op.f("ix_measure_links_target"), "measure_links", ["target"])


def _create_provisions() -> None:
    op.create_table(
        "provisions",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("measure_version", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=True, comment="who found, conceded or intends it; null where no source says"),
        sa.Column("date_edtf", sa.String(), nullable=True),
        sa.Column("date_earliest", sa.Date(), nullable=True),
        sa.Column("date_latest", sa.Date(), nullable=True),
        sa.Column("date_basis", sa.String(), nullable=False),
        sa.CheckConstraint(f"type IN ({_quote(_PROVISION_TYPES)})", name=op.f("ck_provisions_type")),
        sa.CheckConstraint("date_earliest <= date_latest", name=op.f("ck_provisions_date_bounds")),
        sa.CheckConstraint("date_basis IN ('explicit', 'inferred', 'relative', 'unknown')", name=op.f("ck_provisions_date_basis")),
        sa.CheckConstraint("(date_edtf IS NULL) = (date_basis = 'unknown')", name=op.f("ck_provisions_date_unknown")),
        sa.CheckConstraint(
            "((date_earliest IS NULL) AND (date_latest IS NULL)) = (date_edtf IS NULL)", name=op.f("ck_provisions_date_given")
        ),
        sa.ForeignKeyConstraint(["measure_version"], ["measure_versions.key"], name=op.f("fk_provisions_measure_version")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_provisions")),
        sa.UniqueConstraint("measure_version", "position", name=op.f("uq_provisions_measure_version_position")),
    )


def _delete_rows() -> None:
    """Delete what the older schema cannot hold. Open versions that lose a part get no hash, so that the seeds publish them again."""
    new_events = f"event IN ({_quote(_NEW_EVENTS)})"
    changed = f"SELECT measure_version FROM {{}} UNION SELECT measure_version FROM events WHERE {new_events}"  # noqa: S608 - our own names
    for table in ("measure_links", "provisions"):
        op.execute(
            f"UPDATE measure_versions SET content_sha256 = '{'0' * 64}' "  # noqa: S608 - our own names
            f"WHERE revision_to IS NULL AND key IN ({changed.format(table)})"
        )
    op.execute("DELETE FROM citations WHERE provision IS NOT NULL")
    for table in ("provisions", "measure_links"):
        op.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
    op.execute(f"DELETE FROM events WHERE {new_events}")  # noqa: S608 - our own names
    op.execute(f"CREATE TEMPORARY TABLE forgotten AS SELECT id FROM measures WHERE kind IN ({_quote(_NEW_STATUSES)})")  # noqa: S608 - our own names
    op.execute("CREATE TEMPORARY TABLE forgotten_figures AS SELECT figure FROM figure_versions WHERE measure IN (SELECT id FROM forgotten)")
    figure_keys = "SELECT key FROM figure_versions WHERE figure IN (SELECT figure FROM forgotten_figures)"
    measure_keys = "SELECT key FROM measure_versions WHERE measure IN (SELECT id FROM forgotten)"
    forgotten_ids = "SELECT id FROM forgotten UNION SELECT figure FROM forgotten_figures"
    for table, column, ids in (
        *(("citations", "figure_version", figure_keys), ("citations", "measure_version", measure_keys)),
        *(("events", "measure_version", measure_keys), ("status_periods", "measure_version", measure_keys)),
        *(("figure_versions", "key", figure_keys), ("measure_versions", "key", measure_keys)),
        *(("figures", "id", forgotten_ids), ("measures", "id", forgotten_ids)),
        *(("changes", "id", forgotten_ids), ("search_entries", "id", forgotten_ids)),
    ):
        op.execute(f"DELETE FROM {table} WHERE {column} IN ({ids})")  # noqa: S608 - our own names
    op.execute("DROP TABLE forgotten_figures")
    op.execute("DROP TABLE forgotten")


def _quote(values) -> str:
    return ", ".join(f"'{value}'" for value in values)
