"""Give figures a title, a type, the source's words and a period, let them be words without a number, and add contradictions.

Figures that are on file keep their values: their type follows from their metric, and no source's words are known. ``flask
seed`` publishes new versions of the seeds with both. A downgrade deletes the figures that the older schema cannot hold, and
``flask seed`` publishes them again, and all contradictions.
"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_QUANTITIES = ("count", "share", "goal", "cap", "rate", "estimate")
_BASES = ("explicit", "inferred", "relative", "unknown")
_OLD_UNITS = ("agreements", "agencies", "jurisdictions", "states", "arrests", "encounters", "people", "hours", "percent", "months")
_NEW_UNITS = (*_OLD_UNITS[:6], "removals", *_OLD_UNITS[6:])
_OLD_COHORTS = ("active_at", "ever_since", "signed_in")
_NEW_COHORTS = (*_OLD_COHORTS, "active_signed_in", "active_signed_under")
_OLD_BOUNDED = "low IS NOT NULL OR high IS NOT NULL"
_PERIOD_ENDS = ("period_from", "period_to")
_ROUND_NUMBERS = (
    "comparator = 'exact' AND unit NOT IN ('hours', 'percent', 'months') AND value >= 100 AND CAST(value / 10 AS BIGINT) * 10 = value"
)
_QUANTITY_OF_METRIC = (
    "CASE metric WHEN 'growth' THEN 'rate' WHEN 'model_share' THEN 'share' WHEN 'overtime_cap' THEN 'cap' "
    "WHEN 'term_limit' THEN 'cap' ELSE 'count' END"
)


_NEW_NOUNS = ("origin", "document", "measure", "figure", "contradiction", "roster")
_OLD_NOUNS = tuple(noun for noun in _NEW_NOUNS if noun != "contradiction")
_OLD_ONE_OWNER = "(measure_version IS NULL) <> (figure_version IS NULL)"
_NEW_ONE_OWNER = (
    "(CASE WHEN measure_version IS NULL THEN 0 ELSE 1 END) + (CASE WHEN figure_version IS NULL THEN 0 ELSE 1 END) + "
    "(CASE WHEN contradiction_version IS NULL THEN 0 ELSE 1 END) = 1"
)
_CONTRADICTION_CHECKS = {
    "version": "version >= 1",
    "revisions": "revision_to > revision_from",
    "content_sha256": "length(content_sha256) = 64",
    "verdict": "verdict IN ('contradictory', 'underspecified')",
    "reported_bounds": "reported_earliest <= reported_latest",
}


def upgrade() -> None:
    _upgrade_figures()
    _create_contradictions()
    _replace_noun_check(_NEW_NOUNS)
    with op.batch_alter_table("citations") as table:
        table.add_column(sa.Column("contradiction_version", sa.Integer()))
        table.create_foreign_key(op.f("fk_citations_contradiction_version"), "contradiction_versions", ["contradiction_version"], ["key"])
        table.drop_constraint(op.f("ck_citations_one_owner"), type_="check")
        table.create_check_constraint(op.f("ck_citations_one_owner"), _NEW_ONE_OWNER)
        columns = ["contradiction_version", "position"]
        table.create_index("uq_citations_contradiction_version_position", columns, unique=True)


def downgrade() -> None:
    op.execute("DELETE FROM citations WHERE contradiction_version IS NOT NULL")
    with op.batch_alter_table("citations") as table:
        table.drop_index("uq_citations_contradiction_version_position")
        table.drop_constraint(op.f("ck_citations_one_owner"), type_="check")
        table.drop_constraint(op.f("fk_citations_contradiction_version"), type_="foreignkey")
        table.drop_column("contradiction_version")
        table.create_check_constraint(op.f("ck_citations_one_owner"), _OLD_ONE_OWNER)
    op.drop_table("contradiction_versions")
    op.drop_table("contradictions")
    op.execute("DELETE FROM changes WHERE noun = 'contradiction'")
    _replace_noun_check(_OLD_NOUNS)
    _downgrade_figures()


def _create_contradictions() -> None:
    op.create_table(
        "contradictions",
        sa.Column("id", sa.String(length=120), nullable=False),
        sa.Column("jurisdiction", sa.String(length=2), nullable=False),
        sa.ForeignKeyConstraint(["jurisdiction"], ["jurisdictions.code"], name=op.f("fk_contradictions_jurisdiction")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contradictions")),
        sa.UniqueConstraint("id", "jurisdiction", name=op.f("uq_contradictions_id_jurisdiction")),
    )
    op.create_index(op.f("ix_contradictions_jurisdiction"), "contradictions", ["jurisdiction"])
    name = "contradiction_versions"
    op.create_table(
        name,
        sa.Column("contradiction", sa.String(length=120), nullable=False),
        sa.Column("jurisdiction", sa.String(length=2), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("measures", sa.JSON(none_as_null=True), nullable=False, comment="ids of the measures that it is about"),
        sa.Column("reported_earliest", sa.Date()),
        sa.Column("reported_latest", sa.Date()),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, 3 … for each entity"),
        sa.Column("revision_to", sa.Integer(), comment="the revision that closed it; null while it is open"),
        sa.Column("content_sha256", sa.String(length=64), nullable=False, comment="of the canonical JSON of its content"),
        sa.Column("revision_from", sa.Integer(), nullable=False, comment="the revision that published it"),
        *(sa.CheckConstraint(condition, name=op.f(f"ck_{name}_{check}")) for check, condition in _CONTRADICTION_CHECKS.items()),
        sa.ForeignKeyConstraint(
            ["contradiction", "jurisdiction"],
            ["contradictions.id", "contradictions.jurisdiction"],
            name=op.f(f"fk_{name}_contradiction_jurisdiction"),
        ),
        *(
            sa.ForeignKeyConstraint([column], ["revisions.number"], name=op.f(f"fk_{name}_{column}"))
            for column in ("revision_from", "revision_to")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f(f"pk_{name}")),
        *(
            sa.UniqueConstraint("contradiction", column, name=op.f(f"uq_{name}_contradiction_{column}"))
            for column in ("version", "revision_from")
        ),
    )
    is_open = sa.text("revision_to IS NULL")
    for index, column, is_unique in (
        (f"uq_{name}_open_contradiction", "contradiction", True),
        (f"ix_{name}_open_jurisdiction", "jurisdiction", False),
    ):
        op.create_index(index, name, [column], unique=is_unique, sqlite_where=is_open, postgresql_where=is_open)


def _replace_noun_check(nouns: tuple[str, ...]) -> None:
    with op.batch_alter_table("changes") as table:
        table.drop_constraint(op.f("ck_changes_noun"), type_="check")
        table.create_check_constraint(op.f("ck_changes_noun"), f"noun IN ({_quote(nouns)})")


def _upgrade_figures() -> None:
    with op.batch_alter_table("figure_versions") as table:
        for column in _new_columns():
            table.add_column(column)
        _alter_number(table, is_nullable=True)
        for name, condition in _new_checks().items():
            if name in ("unit", "cohort", "bounded"):
                table.drop_constraint(op.f(f"ck_figure_versions_{name}"), type_="check")
            table.create_check_constraint(op.f(f"ck_figure_versions_{name}"), condition)
    op.execute(f"UPDATE figure_versions SET quantity = {_QUANTITY_OF_METRIC}, rounded = ({_ROUND_NUMBERS})")  # noqa: S608 - our own names
    with op.batch_alter_table("figure_versions") as table:
        for column, column_type in (("quantity", sa.String()), ("rounded", sa.Boolean())):
            table.alter_column(column, existing_type=column_type, existing_nullable=False, server_default=None)
        for end in _PERIOD_ENDS:
            table.alter_column(f"{end}_basis", existing_type=sa.String(), existing_nullable=False, server_default=None)


def _downgrade_figures() -> None:
    _delete_figures()
    with op.batch_alter_table("figure_versions") as table:
        for name in _new_checks():
            table.drop_constraint(op.f(f"ck_figure_versions_{name}"), type_="check")
        for column in _new_columns():
            table.drop_column(column.name)
        _alter_number(table, is_nullable=False)
        for name, condition in (
            ("unit", f"unit IN ({_quote(_OLD_UNITS)})"),
            ("cohort", f"cohort IN ({_quote(_OLD_COHORTS)})"),
            ("bounded", _OLD_BOUNDED),
        ):
            table.create_check_constraint(op.f(f"ck_figure_versions_{name}"), condition)
    # The lost columns come back with the next load of the seeds: no content has a hash of zeros.
    op.execute(f"UPDATE figure_versions SET content_sha256 = '{'0' * 64}' WHERE revision_to IS NULL")  # noqa: S608 - our own names


def _new_columns() -> Iterator[sa.Column]:
    yield sa.Column("title", sa.String(), comment="null in versions older than the column, like printed")
    yield sa.Column("quantity", sa.String(), nullable=False, server_default="count")
    yield sa.Column("follows", sa.String(), comment="the figure at the earlier end of the same statement")
    yield sa.Column("printed", sa.String(), comment="the source's words for the number")
    yield sa.Column("rounded", sa.Boolean(), nullable=False, server_default=sa.false())
    for end in _PERIOD_ENDS:
        yield sa.Column(f"{end}_edtf", sa.String())
        yield sa.Column(f"{end}_earliest", sa.Date())
        yield sa.Column(f"{end}_latest", sa.Date())
        yield sa.Column(f"{end}_basis", sa.String(), nullable=False, server_default="unknown")


def _new_checks() -> dict[str, str]:
    checks = {
        "quantity": f"quantity IN ({_quote(_QUANTITIES)})",
        "unit": f"unit IN ({_quote(_NEW_UNITS)})",
        "cohort": f"cohort IN ({_quote(_NEW_COHORTS)})",
        "compared": "(value IS NULL) = (comparator IS NULL)",
        "bounded": "(value IS NULL) = (low IS NULL AND high IS NULL)",
        "rounded": "NOT rounded OR comparator = 'exact'",
    }
    for end in _PERIOD_ENDS:
        checks |= {
            f"{end}_bounds": f"{end}_earliest <= {end}_latest",
            f"{end}_basis": f"{end}_basis IN ({_quote(_BASES)})",
            f"{end}_unknown": f"({end}_edtf IS NULL) = ({end}_basis = 'unknown')",
            f"{end}_given": f"(({end}_earliest IS NULL) AND ({end}_latest IS NULL)) = ({end}_edtf IS NULL)",
        }
    return checks


def _alter_number(table, *, is_nullable: bool) -> None:
    comment = "null if the source prints words and no number, like comparator, low and high"
    old_comment, new_comment = (None, comment) if is_nullable else (comment, None)
    table.alter_column("value", existing_type=sa.Float(), nullable=is_nullable, comment=new_comment, existing_comment=old_comment)
    table.alter_column("comparator", existing_type=sa.String(), nullable=is_nullable)


def _delete_figures() -> None:
    """Delete the figures of which some version has no number, or a unit or cohort that the older schema does not know."""
    unknown = f"value IS NULL OR unit NOT IN ({_quote(_OLD_UNITS)}) OR cohort NOT IN ({_quote(_OLD_COHORTS)})"
    op.execute(f"CREATE TEMPORARY TABLE forgotten AS SELECT DISTINCT figure AS id FROM figure_versions WHERE {unknown}")  # noqa: S608 - our own names
    keys = "SELECT key FROM figure_versions WHERE figure IN (SELECT id FROM forgotten)"
    op.execute(f"DELETE FROM citations WHERE figure_version IN ({keys})")  # noqa: S608 - our own names
    for table, column in (("figure_versions", "figure"), ("figures", "id"), ("changes", "id"), ("search_entries", "id")):
        op.execute(f"DELETE FROM {table} WHERE {column} IN (SELECT id FROM forgotten)")  # noqa: S608 - our own names
    op.execute("DROP TABLE forgotten")


def _quote(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)
