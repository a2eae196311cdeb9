"""Create the search entries and the full-text index.

``migrations/env.py`` adds the entries of an existing record after the last migration, because their text is composed in
Python, not in SQL.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STEMS = "title_stems, body_stems, tags"


def upgrade() -> None:
    op.create_table(
        "search_entries",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("noun", sa.String(), nullable=False),
        sa.Column("id", sa.String(length=120), nullable=False),
        sa.Column("jurisdiction", sa.String(length=2), nullable=True, comment="null for documents"),
        sa.Column("revision_from", sa.Integer(), nullable=False),
        sa.Column("revision_to", sa.Integer(), nullable=True, comment="the revision that closed it; null while it is open"),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column(
            "texts",
            sa.JSON(none_as_null=True),
            nullable=False,
            comment="the other texts: field, text",
        ),
        sa.Column("title_stems", sa.String(), nullable=False),
        sa.Column("body_stems", sa.String(), nullable=False, comment="stems of the other texts, separated by bars"),
        sa.Column("tags", sa.String(), nullable=False, comment="entity type and jurisdiction as words, for filters by the index"),
        sa.CheckConstraint("noun IN ('measure', 'figure', 'document')", name=op.f("ck_search_entries_noun")),
        sa.CheckConstraint("revision_to > revision_from", name=op.f("ck_search_entries_revisions")),
        sa.ForeignKeyConstraint(["jurisdiction"], ["jurisdictions.code"], name=op.f("fk_search_entries_jurisdiction")),
        sa.ForeignKeyConstraint(["revision_from"], ["revisions.number"], name=op.f("fk_search_entries_revision_from")),
        sa.ForeignKeyConstraint(["revision_to"], ["revisions.number"], name=op.f("fk_search_entries_revision_to")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_search_entries")),
        sa.UniqueConstraint("noun", "id", "revision_from", name=op.f("uq_search_entries_noun_id_revision_from")),
    )
    op.create_index(
        "uq_search_entries_open_noun_id",
        "search_entries",
        ["noun", "id"],
        unique=True,
        sqlite_where=sa.text("revision_to IS NULL"),
        postgresql_where=sa.text("revision_to IS NULL"),
    )
    if op.get_bind().dialect.name == "sqlite":
        _fts5()
    else:
        _vector()


def _fts5() -> None:
    # The indexed words are stems already, so the tokenizer only splits at spaces.
    op.execute(
        f"CREATE VIRTUAL TABLE search_index USING fts5({STEMS}, content='search_entries', content_rowid='key', "
        "columnsize=0, tokenize='unicode61 remove_diacritics 0')"
    )
    out = (
        "INSERT INTO search_index (search_index, rowid, title_stems, body_stems, tags) "
        "VALUES ('delete', old.key, old.title_stems, old.body_stems, old.tags); "
    )
    into = "INSERT INTO search_index (rowid, title_stems, body_stems, tags) VALUES (new.key, new.title_stems, new.body_stems, new.tags); "
    for name, event, does in (
        ("added", "INSERT", into),
        ("removed", "DELETE", out),
        ("changed", f"UPDATE OF {STEMS}", out + into),
    ):
        op.execute(f"CREATE TRIGGER search_entries_{name} AFTER {event} ON search_entries BEGIN {does} END")


def _vector() -> None:
    op.execute(
        "ALTER TABLE search_entries ADD COLUMN vector tsvector NOT NULL GENERATED ALWAYS AS ("
        "setweight(to_tsvector('simple', title_stems), 'A') || setweight(to_tsvector('simple', body_stems), 'B') || "
        "setweight(to_tsvector('simple', tags), 'D')) STORED"
    )
    op.execute("CREATE INDEX search_index ON search_entries USING gin (vector)")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_index")
    op.drop_table("search_entries")
