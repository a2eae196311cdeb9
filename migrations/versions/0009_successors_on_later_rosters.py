"""Let a departed agreement have its successor on a later roster than the next, and tell corrected states from renames.

Successors on the next roster are kept. Those on later ones are found as rosters are imported again or corrected.
A downgrade forgets the successors on later rosters.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_TABLE = "agreement_departures"
_SUCCESSOR_ROSTER, _IS_CORRECTION = f"ck_{_TABLE}_successor_roster", f"ck_{_TABLE}_is_correction"
_CORRECTED = (
    "SELECT key FROM agreement_departures AS departure WHERE EXISTS (SELECT 1 FROM agreements WHERE agreements.id = departure.successor "
    "AND coalesce(agreements.jurisdiction, '') <> coalesce(departure.jurisdiction, ''))"
)


def upgrade() -> None:
    with op.batch_alter_table(_TABLE) as table:
        comment = "the first one that lists the successor"
        table.add_column(sa.Column("successor_roster", sa.String(length=120), nullable=True, comment=comment))
        comment = "whether the two are one agreement, of which the state was corrected"
        table.add_column(sa.Column("is_correction", sa.Boolean(), nullable=False, server_default=sa.false(), comment=comment))
        table.create_foreign_key(op.f(f"fk_{_TABLE}_successor_roster"), "rosters", ["successor_roster"], ["id"])
    op.execute("UPDATE agreement_departures SET successor_roster = next_roster WHERE successor IS NOT NULL")
    op.execute(f"UPDATE agreement_departures SET is_correction = true WHERE key IN ({_CORRECTED})")  # noqa: S608 - our own text
    with op.batch_alter_table(_TABLE) as table:
        table.alter_column("is_correction", existing_type=sa.Boolean(), existing_nullable=False, server_default=None)
        table.create_check_constraint(op.f(_SUCCESSOR_ROSTER), "(successor IS NULL) = (successor_roster IS NULL)")
        table.create_check_constraint(op.f(_IS_CORRECTION), "successor IS NOT NULL OR NOT is_correction")
        table.create_index(op.f(f"ix_{_TABLE}_successor"), ["successor"])


def downgrade() -> None:
    op.execute(
        "UPDATE agreement_departures SET successor = NULL, successor_agency = NULL, reason = NULL, successor_roster = NULL "
        "WHERE successor_roster <> next_roster"
    )
    with op.batch_alter_table(_TABLE) as table:
        table.drop_index(op.f(f"ix_{_TABLE}_successor"))
        table.drop_constraint(op.f(_SUCCESSOR_ROSTER), type_="check")
        table.drop_constraint(op.f(_IS_CORRECTION), type_="check")
        table.drop_constraint(op.f(f"fk_{_TABLE}_successor_roster"), type_="foreignkey")
        table.drop_column("successor_roster")
        table.drop_column("is_correction")
