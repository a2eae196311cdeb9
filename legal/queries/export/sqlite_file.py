"""Write the export as one SQLite file."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from sqlalchemy.orm import Session

from legal.queries.core.snapshot import Snapshot, format_rfc3339
from legal.queries.export import rows
from legal.queries.export.schema import ExportColumn, ExportTable
from legal.queries.export.tables import EXPORT_TABLES
from legal.rules.posture import RULE_PACK

_AFFINITIES = {"integer": "INTEGER", "boolean": "INTEGER", "number": "REAL"}
_META_COLUMNS = ("revision", "known_at", "as_of", "codebook", "rules", "epoch", "license", "definitions")


def write_sqlite_export(session: Session, snapshot: Snapshot, path: Path, license: str, definitions: str) -> None:
    """Write the record at a snapshot to an empty file: all tables with their keys, and the table ``meta``.

    ``definitions`` is the codebook as JSON. With the same version of SQLite, the same snapshot gives the same bytes.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        # No journal is needed: nobody else opens the file, and an incomplete one is discarded.
        connection.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA application_id=675696; BEGIN;")
        _write_meta(connection, snapshot, license, definitions)
        for table in EXPORT_TABLES:
            _write_table(connection, session, snapshot, table)
        connection.execute("COMMIT")


def _write_table(connection: sqlite3.Connection, session: Session, snapshot: Snapshot, table: ExportTable) -> None:
    connection.execute(create_table_sql(table))
    placeholders = ", ".join("?" for _ in table.columns)
    insert = f"INSERT INTO {table.name} VALUES ({placeholders})"  # noqa: S608 - the name is a constant of this program
    connection.executemany(insert, rows.stream_table_rows(session, table, snapshot))
    for column in table.columns:
        if column.references and (column.name,) != table.key:
            connection.execute(f'CREATE INDEX ix_{table.name}_{column.name} ON {table.name} ("{column.name}")')


def create_table_sql(table: ExportTable) -> str:
    """Return the table's CREATE statement, with the descriptions of the table and its columns as comments."""
    key = ", ".join(f'"{name}"' for name in table.key)
    lines = [
        *((_column_sql(column), column.description) for column in table.columns),
        (f"PRIMARY KEY ({key})", ""),
        *((_foreign_key_sql(column), "") for column in table.columns if column.references),
    ]
    return f"CREATE TABLE {table.name} ( -- {table.description}\n{_join_lines(lines)}\n)"


def _join_lines(lines: Sequence[tuple[str, str]]) -> str:
    """Join pairs of an SQL line and its comment, with a comma between line and comment."""
    commas = ["," for _ in lines[1:]] + [""]
    return "\n".join(f"  {line}{comma}{' -- ' + comment if comment else ''}" for (line, comment), comma in zip(lines, commas, strict=True))


def _column_sql(column: ExportColumn) -> str:
    return f'"{column.name}" {_AFFINITIES.get(column.type, "TEXT")}{" NOT NULL" if column.required else ""}'


def _foreign_key_sql(column: ExportColumn) -> str:
    target = next(table for table in EXPORT_TABLES if table.name == column.references)
    return f'FOREIGN KEY ("{column.name}") REFERENCES {target.name} ("{target.key[0]}")'


def _write_meta(connection: sqlite3.Connection, snapshot: Snapshot, license: str, definitions: str) -> None:
    values = (
        snapshot.revision,
        format_rfc3339(snapshot.known_at),
        snapshot.as_of.isoformat(),
        snapshot.codebook,
        RULE_PACK,
        snapshot.epoch,
        license,
        definitions,
    )
    connection.execute(f"CREATE TABLE meta ({', '.join(_META_COLUMNS)}) -- One row: the snapshot, the license, and the codebook as JSON.")
    placeholders = ", ".join("?" for _ in _META_COLUMNS)
    connection.execute(f"INSERT INTO meta VALUES ({placeholders})", values)  # noqa: S608 - only placeholders are formatted in
