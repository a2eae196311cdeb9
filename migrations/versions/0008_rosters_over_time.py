"""Let rosters be redated, withdrawn and seen again, agencies be renamed later, and agreements have an unknown jurisdiction.

A downgrade deletes rosters that were redated or withdrawn, rows with an unknown jurisdiction, and renames.
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_NOUNS = "'origin', 'document', 'measure', 'figure', 'contradiction', 'roster'"
_COMMENTS = {
    ("rosters", "position"): (
        "sorts lists by day, then morning before evening, then hash",
        "sorts rosters by day and time of day; the hash makes it unique",
    ),
    ("agencies", "name"): (
        "folded of case, apostrophes and blanks: the same agency, the same name",
        "folded by the rules for spellings: the same agency, the same name",
    ),
    ("roster_rows", "revision_from"): ("the roster's, repeated here for the same index", "the revision that published it"),
}
_CODE_COMMENTS = {"agencies": "null if the printed state cannot be read", "agreements": "the agency's"}
_OLD_NAMED = "agreement IS NULL OR (jurisdiction IS NOT NULL AND agency IS NOT NULL AND model IS NOT NULL)"
_NEW_NAMED = "agreement IS NULL OR (agency IS NOT NULL AND model IS NOT NULL)"

_ROSTERS = sa.table("rosters", *(sa.column(name) for name in ("id", "date", "position", "sha256", "time_of_day")))
_VERSIONS = sa.table("roster_versions", *(sa.column(name) for name in ("roster", "file", "version", "seen_again", "seen_on")))
_ROWS = sa.table("roster_rows", *(sa.column(name) for name in ("roster", "position")))


def upgrade() -> None:
    _alter_tables(is_upgrade=True)
    _set_positions()
    _create_tables()
    _alter_nouns(f"{_NOUNS}, 'rename'")


def downgrade() -> None:
    op.execute("DELETE FROM changes WHERE noun = 'rename'")
    _alter_nouns(_NOUNS)
    for table in ("rename_versions", "renames", "doubtful_signatures", "agreement_departures"):
        op.drop_table(table)
    _delete_what_the_older_schema_cannot_hold()
    _restore_positions()
    _alter_tables(is_upgrade=False)


def _alter_tables(*, is_upgrade: bool) -> None:
    before, after = (0, 1) if is_upgrade else (1, 0)
    with op.batch_alter_table("rosters") as table:
        _change_comment(table, "rosters", "position", before, after)
        if is_upgrade:
            comment = "orders it within its day; from the file's name or the operator"
            table.add_column(sa.Column("time_of_day", sa.String(), nullable=True, comment=comment))
            table.drop_constraint(op.f("uq_rosters_sha256"), type_="unique")
            table.create_index(op.f("ix_rosters_sha256"), ["sha256"])
        else:
            table.drop_column("time_of_day")
            table.drop_index(op.f("ix_rosters_sha256"))
            table.create_unique_constraint(op.f("uq_rosters_sha256"), ["sha256"])
    with op.batch_alter_table("roster_versions") as table:
        if is_upgrade:
            comment = "rows among those read in which only blanks or an N/A were tidied"
            table.add_column(sa.Column("tidied", sa.Integer(), nullable=True, comment=comment))
            comment = "every known later day on which the same bytes were archived"
            table.add_column(sa.Column("seen_on", sa.JSON(none_as_null=True), nullable=True, comment=comment))
            table.create_check_constraint(op.f("ck_roster_versions_tidied"), "tidied <= read")
        else:
            table.drop_constraint(op.f("ck_roster_versions_tidied"), type_="check")
            table.drop_column("tidied")
            table.drop_column("seen_on")
    for name in ("agencies", "agreements"):
        with op.batch_alter_table(name) as table:
            comments = (None, _CODE_COMMENTS[name])
            table.alter_column(
                "jurisdiction",
                existing_type=sa.String(length=2),
                nullable=is_upgrade,
                comment=comments[after],
                existing_comment=comments[before],
            )
            if name == "agencies":
                _change_comment(table, name, "name", before, after)
    _alter_rows(before, after, is_upgrade=is_upgrade)


def _alter_rows(before: int, after: int, *, is_upgrade: bool) -> None:
    with op.batch_alter_table("roster_rows") as table:
        _change_comment(table, "roster_rows", "revision_from", before, after)
        table.drop_constraint(op.f("ck_roster_rows_named"), type_="check")
        table.create_check_constraint(op.f("ck_roster_rows_named"), (_OLD_NAMED, _NEW_NAMED)[after])
        old_unique, new_unique = op.f("uq_roster_rows_roster_number"), op.f("uq_roster_rows_roster_number_revision_from")
        if is_upgrade:
            comment = "the revision that closed it; null while it is open"
            table.add_column(sa.Column("revision_to", sa.Integer(), nullable=True, comment=comment))
            table.create_foreign_key(op.f("fk_roster_rows_revision_to"), "revisions", ["revision_to"], ["number"])
            table.create_check_constraint(op.f("ck_roster_rows_revisions"), "revision_to > revision_from")
            table.drop_constraint(old_unique, type_="unique")
            table.create_unique_constraint(new_unique, ["roster", "number", "revision_from"])
        else:
            table.drop_constraint(op.f("ck_roster_rows_revisions"), type_="check")
            table.drop_constraint(op.f("fk_roster_rows_revision_to"), type_="foreignkey")
            table.drop_column("revision_to")
            table.drop_constraint(new_unique, type_="unique")
            table.create_unique_constraint(old_unique, ["roster", "number"])


def _change_comment(table, table_name: str, column: str, before: int, after: int) -> None:
    comments, column_type = _COMMENTS[table_name, column], sa.Integer() if column == "revision_from" else sa.String()
    table.alter_column(
        column, existing_type=column_type, existing_nullable=False, comment=comments[after], existing_comment=comments[before]
    )


def _set_positions() -> None:
    """Derive each roster's place in its day from its file's name, and list the days on which it was seen again."""
    connection = op.get_bind()
    names = dict(connection.execute(sa.select(_VERSIONS.c.roster, _VERSIONS.c.file).order_by(_VERSIONS.c.version)).all())
    for id, day, sha256 in connection.execute(sa.select(_ROSTERS.c.id, _ROSTERS.c.date, _ROSTERS.c.sha256)).all():
        slot, time_of_day = _time_in_name(names.get(id, ""))
        position = f"{day}.{slot}.{sha256[:16]}"
        connection.execute(sa.update(_ROSTERS).where(_ROSTERS.c.id == id).values(position=position, time_of_day=time_of_day))
        connection.execute(sa.update(_ROWS).where(_ROWS.c.roster == id).values(position=position))
    seen_again = connection.execute(
        sa.select(_VERSIONS.c.roster, _VERSIONS.c.version, _VERSIONS.c.seen_again).where(_VERSIONS.c.seen_again.is_not(None))
    )
    json_type = sa.JSON()
    for roster, version, day in seen_again.all():
        is_version = (_VERSIONS.c.roster == roster) & (_VERSIONS.c.version == version)
        connection.execute(sa.update(_VERSIONS).where(is_version).values(seen_on=sa.cast(sa.literal([str(day)], json_type), json_type)))


def _time_in_name(file_name: str) -> tuple[str, str | None]:
    """Return the six digits that order a roster in its day, and the text in its file's name that gives them."""
    name = file_name.lower().removesuffix(".xlsx")
    if match := re.search(r"(?<!\d)20\d{6}([01]\d|2[0-3])([0-5]\d)([0-5]\d)(?!\d)", name):
        return "".join(match.groups()), ":".join(match.groups())
    if match := re.search(r"(?<=\d)[_ -]?((am|mid|pm)(?:[_ -]?([b-z]|[2-9]))?)(?![a-z0-9])", name):
        hour = {"am": "09", "mid": "12", "pm": "17"}[match[2]]
        return f"{hour}00{_ordinal(match[3]):02}", match[1]
    match = re.search(r"(?<=\d)(_([b-z]|[2-9]))(?![a-z0-9])", name)
    return f"1100{_ordinal(match[2] if match else None):02}", match[1] if match else None


def _ordinal(mark: str | None) -> int:
    return 1 if mark is None else int(mark) if mark.isdigit() else ord(mark) - ord("a") + 1


def _restore_positions() -> None:
    connection = op.get_bind()
    for id, day, position, sha256 in connection.execute(
        sa.select(_ROSTERS.c.id, _ROSTERS.c.date, _ROSTERS.c.position, _ROSTERS.c.sha256)
    ).all():
        slot = position.split(".")[1]
        half = 1 if slot.startswith("11") else 0 if slot < "120000" else 2
        old_position = f"{day}.{half}.{sha256[:16]}"
        connection.execute(sa.update(_ROSTERS).where(_ROSTERS.c.id == id).values(position=old_position))
        connection.execute(sa.update(_ROWS).where(_ROWS.c.roster == id).values(position=old_position))


def _delete_what_the_older_schema_cannot_hold() -> None:
    op.execute("DELETE FROM roster_rows WHERE revision_to IS NOT NULL")
    op.execute("DELETE FROM roster_rows WHERE agreement IN (SELECT id FROM agreements WHERE jurisdiction IS NULL)")
    op.execute("DELETE FROM agreements WHERE jurisdiction IS NULL")
    op.execute("DELETE FROM search_entries WHERE noun = 'agency' AND id IN (SELECT id FROM agencies WHERE jurisdiction IS NULL)")
    op.execute("DELETE FROM agencies WHERE jurisdiction IS NULL")
    closed = "SELECT id FROM rosters WHERE id NOT IN (SELECT roster FROM roster_versions WHERE revision_to IS NULL)"
    op.execute(f"CREATE TEMPORARY TABLE closed_rosters AS {closed}")
    for table, column in (
        *(("roster_rows", "roster"), ("roster_versions", "roster"), ("changes", "id"), ("search_entries", "id")),
        *(("document_versions", "document"), ("documents", "id"), ("origin_versions", "origin"), ("origins", "id"), ("rosters", "id")),
    ):
        op.execute(f"DELETE FROM {table} WHERE {column} IN (SELECT id FROM closed_rosters)")  # noqa: S608 - our own names
    op.execute("DROP TABLE closed_rosters")


def _create_tables() -> None:
    _create_pair_table(
        "agreement_departures",
        sa.Column("agreement", sa.String(length=160), nullable=False),
        sa.Column("jurisdiction", sa.String(length=2), nullable=True, comment="as the earlier roster has it"),
        sa.Column("roster", sa.String(length=120), nullable=False, comment="the last one before the departure"),
        sa.Column("next_roster", sa.String(length=120), nullable=False, comment="the first one after it"),
        sa.Column("successor", sa.String(length=160), nullable=True, comment="null where no arrival may be the same agreement"),
        sa.Column("successor_agency", sa.String(), nullable=True, comment="its agency's name as the later roster prints it"),
        sa.Column("reason", sa.String(), nullable=True, comment="why the two may be one"),
        sa.CheckConstraint("(successor IS NULL) = (reason IS NULL)", name=op.f("ck_agreement_departures_successor")),
        sa.CheckConstraint("(successor IS NULL) = (successor_agency IS NULL)", name=op.f("ck_agreement_departures_successor_agency")),
        references={
            "agreement": "agreements.id",
            "jurisdiction": "jurisdictions.code",
            "roster": "rosters.id",
            "next_roster": "rosters.id",
            "successor": "agreements.id",
        },
        indexes=(("agreement", "roster"), ("next_roster",)),
    )
    _create_pair_table(
        "doubtful_signatures",
        sa.Column("agreement", sa.String(length=160), nullable=False),
        sa.Column("signed", sa.Date(), nullable=False),
        sa.Column("roster", sa.String(length=120), nullable=False, comment="the first one that lists the agreement"),
        sa.Column("previous_roster", sa.String(length=120), nullable=False),
        references={"agreement": "agreements.id", "roster": "rosters.id", "previous_roster": "rosters.id"},
        indexes=(("agreement", "signed"), ("roster",)),
    )
    op.create_table(
        "renames",
        sa.Column("id", sa.String(length=120), nullable=False, comment="the id of the agency under its old name"),
        sa.Column("jurisdiction", sa.String(length=2), nullable=False),
        sa.ForeignKeyConstraint(["jurisdiction"], ["jurisdictions.code"], name=op.f("fk_renames_jurisdiction")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_renames")),
    )
    _create_rename_versions()


def _create_pair_table(name: str, *items, references: dict[str, str], indexes: tuple[tuple[str, ...], ...]) -> None:
    references = {**references, "revision_from": "revisions.number", "revision_to": "revisions.number"}
    op.create_table(
        name,
        sa.Column("key", sa.Integer(), nullable=False),
        *items,
        sa.Column("revision_from", sa.Integer(), nullable=False),
        sa.Column("revision_to", sa.Integer(), nullable=True),
        sa.CheckConstraint("revision_to > revision_from", name=op.f(f"ck_{name}_revisions")),
        *(sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{name}_{column}")) for column, target in references.items()),
        sa.PrimaryKeyConstraint("key", name=op.f(f"pk_{name}")),
    )
    for columns in indexes:
        op.create_index(op.f(f"ix_{name}_{'_'.join(columns)}"), name, list(columns))


def _create_rename_versions() -> None:
    op.create_table(
        "rename_versions",
        sa.Column("rename", sa.String(length=120), nullable=False),
        sa.Column("old_name", sa.String(), nullable=False),
        sa.Column("new_name", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, 3 … for each entity"),
        sa.Column("revision_to", sa.Integer(), nullable=True, comment="the revision that closed it; null while it is open"),
        sa.Column("content_sha256", sa.String(length=64), nullable=False, comment="of the canonical JSON of its content"),
        sa.Column("revision_from", sa.Integer(), nullable=False, comment="the revision that published it"),
        sa.CheckConstraint("length(content_sha256) = 64", name=op.f("ck_rename_versions_content_sha256")),
        sa.CheckConstraint("revision_to > revision_from", name=op.f("ck_rename_versions_revisions")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_rename_versions_version")),
        sa.ForeignKeyConstraint(["rename"], ["renames.id"], name=op.f("fk_rename_versions_rename")),
        sa.ForeignKeyConstraint(["revision_from"], ["revisions.number"], name=op.f("fk_rename_versions_revision_from")),
        sa.ForeignKeyConstraint(["revision_to"], ["revisions.number"], name=op.f("fk_rename_versions_revision_to")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rename_versions")),
        sa.UniqueConstraint("rename", "revision_from", name=op.f("uq_rename_versions_rename_revision_from")),
        sa.UniqueConstraint("rename", "version", name=op.f("uq_rename_versions_rename_version")),
    )
    is_open = sa.text("revision_to IS NULL")
    name = "uq_rename_versions_open_rename"
    op.create_index(name, "rename_versions", ["rename"], unique=True, sqlite_where=is_open, postgresql_where=is_open)


def _alter_nouns(nouns: str) -> None:
    with op.batch_alter_table("changes") as table:
        table.drop_constraint(op.f("ck_changes_noun"), type_="check")
        table.create_check_constraint(op.f("ck_changes_noun"), f"noun IN ({nouns})")
