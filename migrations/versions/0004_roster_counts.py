"""Allow rosters with counts and without rows, and count the agreements by jurisdiction and model.

A downgrade deletes the rosters without rows, because the older schema cannot hold them; ``flask seed`` publishes them again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ROWS_ON_FILE = "(read IS NULL) = (repaired IS NULL) AND (read IS NULL) = (set_aside IS NULL) AND (read IS NULL) = (sheet IS NULL)"
_COMMENTS = {
    "sheet": ("the sheet that has the header", "the sheet that has the header; null if no rows are on file"),
    "read": (None, "null if no rows are on file, like repaired and set_aside"),
    "repaired": (None, None),
    "set_aside": (None, None),
}
_COUNTS_COMMENTS = (
    "agreements and agencies by jurisdiction and by model",
    "agreements and agencies by jurisdiction and by model; agreements by model in each jurisdiction",
)
_VERSIONS = sa.table("roster_versions", sa.column("key", sa.Integer), sa.column("roster", sa.String), sa.column("counts", sa.JSON))
_ROWS = sa.table("roster_rows", *(sa.column(name) for name in ("roster", "jurisdiction", "model", "counted")))


def upgrade() -> None:
    _alter_columns(is_upgrade=True)
    _change_counts(lambda roster, counts: {**counts, "jurisdiction_model": _count_models(roster)})


def downgrade() -> None:
    _delete_rosters_without_rows()
    _change_counts(lambda _, counts: {key: value for key, value in counts.items() if key != "jurisdiction_model"})
    _alter_columns(is_upgrade=False)


def _alter_columns(*, is_upgrade: bool) -> None:
    before, after = (0, 1) if is_upgrade else (1, 0)
    with op.batch_alter_table("roster_versions") as table:
        if not is_upgrade:
            table.drop_constraint(op.f("ck_roster_versions_rows_on_file"), type_="check")
            table.drop_column("seen_again")
        for column, comments in _COMMENTS.items():
            column_type = sa.String() if column == "sheet" else sa.Integer()
            table.alter_column(
                column, existing_type=column_type, nullable=is_upgrade, comment=comments[after], existing_comment=comments[before]
            )
        table.alter_column(
            "counts",
            existing_type=sa.JSON(none_as_null=True),
            existing_nullable=False,
            comment=_COUNTS_COMMENTS[after],
            existing_comment=_COUNTS_COMMENTS[before],
        )
        if is_upgrade:
            comment = "the last day on which the same bytes were archived, if after the first"
            table.add_column(sa.Column("seen_again", sa.Date(), nullable=True, comment=comment))
            table.create_check_constraint(op.f("ck_roster_versions_rows_on_file"), _ROWS_ON_FILE)


def _change_counts(change) -> None:
    connection = op.get_bind()
    for key, roster, counts in connection.execute(sa.select(_VERSIONS.c.key, _VERSIONS.c.roster, _VERSIONS.c.counts)).all():
        connection.execute(sa.update(_VERSIONS).where(_VERSIONS.c.key == key).values(counts=change(roster, counts)))


def _count_models(roster: str) -> dict[str, dict[str, int]]:
    columns = (_ROWS.c.jurisdiction, _ROWS.c.model)
    statement = sa.select(*columns, sa.func.count()).where(_ROWS.c.roster == roster, _ROWS.c.counted).group_by(*columns).order_by(*columns)
    models_by_jurisdiction: dict[str, dict[str, int]] = {}
    for jurisdiction, model, agreements in op.get_bind().execute(statement):
        models_by_jurisdiction.setdefault(jurisdiction, {})[model] = agreements
    return models_by_jurisdiction


def _delete_rosters_without_rows() -> None:
    """Delete roster versions without rows. Delete a roster, with its document and origin, if it then has no version."""
    with_rows = "SELECT roster FROM roster_versions WHERE read IS NOT NULL"
    op.execute(f"CREATE TEMPORARY TABLE forgotten AS SELECT id FROM rosters WHERE id NOT IN ({with_rows})")  # noqa: S608 - our own names
    for table, column in (
        *(("roster_versions", "roster"), ("changes", "id"), ("search_entries", "id"), ("document_versions", "document")),
        *(("documents", "id"), ("origin_versions", "origin"), ("origins", "id"), ("rosters", "id")),
    ):
        op.execute(f"DELETE FROM {table} WHERE {column} IN (SELECT id FROM forgotten)")  # noqa: S608 - our own names
    op.execute("DROP TABLE forgotten")
    op.execute("DELETE FROM roster_versions WHERE read IS NULL")
