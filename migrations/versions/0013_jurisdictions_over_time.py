"""Keep which revision added a jurisdiction, so that a later one does not appear in answers of earlier revisions.

Jurisdictions that are on file get the first revision. Before any revision nothing points to them, so they are deleted, and
the first ``flask seed`` adds them again. A downgrade forgets which revision added them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_FOREIGN_KEY = "fk_jurisdictions_revision_from"
_COMMENT = "the revision that added it"


def upgrade() -> None:
    op.execute("DELETE FROM jurisdictions WHERE NOT EXISTS (SELECT number FROM revisions)")
    with op.batch_alter_table("jurisdictions") as table:
        table.add_column(sa.Column("revision_from", sa.Integer(), nullable=False, server_default="1", comment=_COMMENT))
        table.create_foreign_key(op.f(_FOREIGN_KEY), "revisions", ["revision_from"], ["number"])
    with op.batch_alter_table("jurisdictions") as table:
        table.alter_column(
            "revision_from", existing_type=sa.Integer(), existing_nullable=False, existing_comment=_COMMENT, server_default=None
        )


def downgrade() -> None:
    with op.batch_alter_table("jurisdictions") as table:
        table.drop_constraint(op.f(_FOREIGN_KEY), type_="foreignkey")
        table.drop_column("revision_from")
