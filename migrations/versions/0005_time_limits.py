"""Store how long the evidence for a measure stays certain, and which status it has from which day.

Versions that are on file get one status for all days and no time limit, as the release before read them. ``flask seed``
publishes new versions of the seeds with both.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_COMMENTS = {
    "certain_until": "the last day on which its evidence makes it certain; null without a limit",
    "last_reported": "the last day on which its newest source can have been written",
}
_FIRST_DAY = {"sqlite": "'0001-01-01'", "postgresql": "DATE '0001-01-01'"}
_STATUSES = [
    "active",
    "announced",
    "applied",
    "became_law",
    "dismissed",
    "dropped",
    "enacted",
    "enjoined",
    "expired",
    "failed",
    "filed",
    "impaired",
    "in_force",
    "introduced",
    "issued",
    "judgment",
    "on_appeal",
    "ordered_to_terminate",
    "partly_enjoined",
    "passed_legislature",
    "passed_one_chamber",
    "pending",
    "preliminary_relief",
    "proposed",
    "repealed",
    "reported_absent",
    "rescinded",
    "settled",
    "signed",
    "struck_down",
    "superseded",
    "suspended",
    "terminated",
    "terms_ended",
    "vetoed",
    "voided",
    "withdrawn",
]
_LAST_REPORTED = """
    UPDATE measure_versions SET last_reported = (
        SELECT max(CASE WHEN d.accessed_latest IS NULL OR d.published_latest <= d.accessed_latest THEN d.published_latest
            ELSE d.accessed_latest END)
        FROM citations c JOIN document_versions d ON d.document = c.document AND d.revision_to IS NULL
        WHERE c.measure_version = measure_versions.key AND c.role = 'supports')
"""


def upgrade() -> None:
    for column, comment in _COMMENTS.items():
        op.add_column("measure_versions", sa.Column(column, sa.Date(), nullable=True, comment=comment))
    statuses = ", ".join(f"'{status}'" for status in _STATUSES)
    op.create_table(
        "status_periods",
        sa.Column("measure_version", sa.Integer(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False, comment="the first day from which the status is certain"),
        sa.Column("status", sa.String(), nullable=False),
        sa.CheckConstraint(f"status IN ({statuses})", name=op.f("ck_status_periods_status")),
        sa.ForeignKeyConstraint(["measure_version"], ["measure_versions.key"], name=op.f("fk_status_periods_measure_version")),
        sa.PrimaryKeyConstraint("measure_version", "from_day", name=op.f("pk_status_periods")),
    )
    first_day = _FIRST_DAY[op.get_bind().dialect.name]
    op.execute(f"INSERT INTO status_periods SELECT key, {first_day}, status FROM measure_versions")  # noqa: S608 - our own literal
    op.execute(_LAST_REPORTED)


def downgrade() -> None:
    op.drop_table("status_periods")
    for column in _COMMENTS:
        op.drop_column("measure_versions", column)
