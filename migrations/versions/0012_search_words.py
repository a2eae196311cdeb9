"""Keep the words of all versions of an entity in one row, so that a search at an old revision does not read every version.

``migrations/env.py`` adds the rows of an existing record after the last migration. On SQLite the tokenizer splits words at
nothing but spaces now: it knew no letters of scripts that Unicode has added since 2012, and so found no word with them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_NOUNS = "'measure', 'figure', 'document', 'agency'"
_STEMS = "title_stems, body_stems, tags"
_IS_OPEN = sa.text("revision_to IS NULL")
_CLOSED_BY = "the revision from which another row has the words; null while it is open"


def upgrade() -> None:
    op.create_table(
        "search_words",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("noun", sa.String(), nullable=False),
        sa.Column("id", sa.String(length=120), nullable=False),
        sa.Column("revision_from", sa.Integer(), nullable=False),
        sa.Column("revision_to", sa.Integer(), nullable=True, comment=_CLOSED_BY),
        sa.Column("words", sa.String(), nullable=False, comment="separated by spaces, in the order in which they came"),
        sa.CheckConstraint(f"noun IN ({_NOUNS})", name=op.f("ck_search_words_noun")),
        sa.CheckConstraint("revision_to > revision_from", name=op.f("ck_search_words_revisions")),
        sa.ForeignKeyConstraint(["revision_from"], ["revisions.number"], name=op.f("fk_search_words_revision_from")),
        sa.ForeignKeyConstraint(["revision_to"], ["revisions.number"], name=op.f("fk_search_words_revision_to")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_search_words")),
        sa.UniqueConstraint("noun", "id", "revision_from", name=op.f("uq_search_words_noun_id_revision_from")),
    )
    op.create_index(
        "uq_search_words_open_noun_id",
        "search_words",
        ["noun", "id"],
        unique=True,
        sqlite_where=_IS_OPEN,
        postgresql_where=_IS_OPEN,
    )
    op.drop_index(op.f("ix_search_entries_revision_from_key"), table_name="search_entries")
    if op.get_bind().dialect.name == "sqlite":
        _drop_fts5("search_index", "search_entries")
        _create_fts5("search_index", "search_words", "words", "ascii")
        _replace_open_fts5("ascii")
    else:
        op.execute("DROP INDEX search_index")
        op.execute("ALTER TABLE search_words ADD COLUMN vector tsvector NOT NULL GENERATED ALWAYS AS (to_tsvector('simple', words)) STORED")
        op.execute("CREATE INDEX search_index ON search_words USING gin (vector)")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _drop_fts5("search_index", "search_words")
        _create_fts5("search_index", "search_entries", _STEMS, "unicode61 remove_diacritics 0")
        op.execute("INSERT INTO search_index (search_index) VALUES ('rebuild')")
        _replace_open_fts5("unicode61 remove_diacritics 0")
    op.drop_table("search_words")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE INDEX search_index ON search_entries USING gin (vector)")
    op.create_index(op.f("ix_search_entries_revision_from_key"), "search_entries", ["revision_from", "key"])


def _drop_fts5(index: str, table: str) -> None:
    for name in ("added", "removed", "changed"):
        op.execute(f"DROP TRIGGER {table}_{name}")
    op.execute(f"DROP TABLE {index}")


def _create_fts5(index: str, table: str, columns: str, tokenizer: str) -> None:
    """Create an empty index of columns of a table, and the triggers that keep it."""
    _create_virtual_table(index, table, columns, tokenizer)
    take_out, put_in = _index_statements(index, columns)
    for name, event, action in (
        ("added", "INSERT", put_in),
        ("removed", "DELETE", take_out),
        ("changed", f"UPDATE OF {columns}", take_out + put_in),
    ):
        op.execute(f"CREATE TRIGGER {table}_{name} AFTER {event} ON {table} BEGIN {action} END")


def _replace_open_fts5(tokenizer: str) -> None:
    """Make the index of the open entries anew. Its triggers stay: SQLite looks its name up when they fire."""
    op.execute("DROP TABLE search_index_open")
    _create_virtual_table("search_index_open", "search_entries", _STEMS, tokenizer)
    op.execute(
        f"INSERT INTO search_index_open (rowid, {_STEMS}) SELECT key, {_STEMS} FROM search_entries WHERE revision_to IS NULL"  # noqa: S608 - our own names
    )


def _create_virtual_table(index: str, table: str, columns: str, tokenizer: str) -> None:
    op.execute(
        f"CREATE VIRTUAL TABLE {index} USING fts5({columns}, content='{table}', content_rowid='key', columnsize=0, tokenize='{tokenizer}')"
    )


def _index_statements(index: str, columns: str) -> tuple[str, str]:
    """Return the statements of a trigger that take the old row out of an index, and put the new one in."""
    old, new = (", ".join(f"{row}.{column}" for column in columns.split(", ")) for row in ("old", "new"))
    return (
        f"INSERT INTO {index} ({index}, rowid, {columns}) VALUES ('delete', old.key, {old}); ",  # noqa: S608 - our own names
        f"INSERT INTO {index} (rowid, {columns}) VALUES (new.key, {new}); ",  # noqa: S608
    )
