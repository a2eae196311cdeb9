"""The export as one SQLite file, which any SQLite tool opens."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from sqlalchemy.orm import Session

from legal.queries.core.snapshot import Snapshot, rfc3339
from legal.queries.export import rows
from legal.queries.export.schema import Column, Table
from legal.queries.export.tables import TABLES

AFFINITY = {"integer": "INTEGER", "boolean": "INTEGER", "number": "REAL"}
META = ("revision", "known_at", "as_of", "codebook", "rule_pack", "license", "definitions")


def write(session: Session, moment: Snapshot, path: Path, license: str, definitions: str) -> None:
    """Write the whole record at a moment to an empty file: a table for each noun, their keys, and ``meta``.

    ``definitions`` is the codebook as JSON. The same moment gives the same bytes from the same SQLite.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        # The file is new and ours alone; one that is cut short is thrown away.
        file.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA application_id=675696; BEGIN;")
        _meta(file, moment, license, definitions)
        for table in TABLES:
            file.execute(definition(table))
            blanks = ", ".join("?" for _ in table.columns)
            file.executemany(f"INSERT INTO {table.name} VALUES ({blanks})", rows.rows(session, table, moment))  # noqa: S608 - names of ours
            for column in table.columns:
                if column.to and (column.name,) != table.key:
                    file.execute(f'CREATE INDEX ix_{table.name}_{column.name} ON {table.name} ("{column.name}")')
        file.execute("COMMIT")


def definition(table: Table) -> str:
    """The table's CREATE statement, with what each column means beside it."""
    key = ", ".join(f'"{name}"' for name in table.key)
    lines = [
        *((_column(column), column.about) for column in table.columns),
        (f"PRIMARY KEY ({key})", ""),
        *((_pointer(column), "") for column in table.columns if column.to),
    ]
    return f"CREATE TABLE {table.name} ( -- {table.about}\n{_joined(lines)}\n)"


def _joined(lines: Iterable[tuple[str, str]]) -> str:
    told = list(lines)
    commas = ["," for _ in told[1:]] + [""]
    return "\n".join(f"  {line}{comma}{' -- ' + about if about else ''}" for (line, about), comma in zip(told, commas, strict=True))


def _column(column: Column) -> str:
    return f'"{column.name}" {AFFINITY.get(column.type, "TEXT")}{" NOT NULL" if column.required else ""}'


def _pointer(column: Column) -> str:
    target = next(table for table in TABLES if table.name == column.to)
    return f'FOREIGN KEY ("{column.name}") REFERENCES {target.name} ("{target.key[0]}")'


def _meta(file: sqlite3.Connection, moment: Snapshot, license: str, definitions: str) -> None:
    told = (
        moment.revision,
        rfc3339(moment.known_at),
        moment.as_of.isoformat(),
        moment.codebook,
        moment.rule_pack,
        license,
        definitions,
    )
    file.execute(f"CREATE TABLE meta ({', '.join(META)}) -- one row: what this file is, and its codebook as JSON")
    file.execute(f"INSERT INTO meta VALUES ({', '.join('?' for _ in META)})", told)  # noqa: S608 - as many blanks as columns
