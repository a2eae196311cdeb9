"""Give the record an epoch, a token that changes when a backup is restored."""

import secrets
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    epochs = op.create_table(
        "record_epoch",
        sa.Column("key", sa.Integer(), autoincrement=False, nullable=False, comment="1: there is one row"),
        sa.Column("token", sa.String(length=10), nullable=False, comment="random; goes into ETags and permalinks"),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False, comment="why the epoch began: the first migration, or which backup was restored"),
        sa.CheckConstraint("key = 1", name=op.f("ck_record_epoch_key")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_record_epoch")),
    )
    first = {"key": 1, "token": secrets.token_hex(5), "started_at": datetime.now(UTC), "reason": "The database was migrated."}
    op.bulk_insert(epochs, [first])


def downgrade() -> None:
    op.drop_table("record_epoch")
