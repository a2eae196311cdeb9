"""Copy the whole record, with every revision, from one database to another of either kind, and compare the two by hashes."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import orjson
from sqlalchemy import Connection, Table, delete, func, insert, select

from legal.db.statements import BATCH_SIZE
from legal.errors import RefusedOperation
from legal.models import Base, RecordEpoch, Revision

_TABLES = Base.metadata.sorted_tables
"""The tables in the order of their foreign keys: each after those that its rows point to."""


@dataclass(frozen=True, slots=True)
class TableDigest:
    """The number of rows of a table, and the sum of their SHA-256 hashes, which does not depend on the order of the rows."""

    rows: int
    sha256: str


def hash_tables(connection: Connection) -> dict[str, TableDigest]:
    """Return the digest of each table by name. Both kinds of database give equal digests for equal rows."""
    return {str(table.name): _hash_table(connection, table) for table in _TABLES}


def _hash_table(connection: Connection, table: Table) -> TableDigest:
    rows, total = 0, 0
    for row in connection.execute(select(table).execution_options(yield_per=BATCH_SIZE)):
        rows += 1
        total += int.from_bytes(hashlib.sha256(orjson.dumps(list(row))).digest())
    return TableDigest(rows, f"{total % 2**256:064x}")


def copy_tables(source: Connection, target: Connection, *, is_replacing: bool) -> dict[str, TableDigest]:
    """Copy every row of every table and return the digests. The caller commits; nothing that another session reads changes before.

    Raises:
        RefusedOperation: the target has a record and ``is_replacing`` is false, or the rows in the target are not those of the source.
    """
    newest = target.scalar(select(func.max(Revision.number)))
    if newest is not None and not is_replacing:
        raise RefusedOperation(f"The target has a record already, at revision {newest}. Add --replace to delete it; nothing was done.")
    for table in reversed(_TABLES):
        target.execute(delete(table))
    for table in _TABLES:
        for rows in source.execute(select(table).execution_options(yield_per=BATCH_SIZE)).mappings().partitions():
            target.execute(insert(table), [dict(row) for row in rows])
        _set_sequence(target, table)
    digests = hash_tables(source)
    check_digests(digests, hash_tables(target))
    return digests


def _set_sequence(target: Connection, table: Table) -> None:
    """Let PostgreSQL number new rows after the copied ones. SQLite does that by itself."""
    if target.dialect.name == "postgresql" and "key" in table.columns and table is not RecordEpoch.__table__:
        next_key = select(func.coalesce(func.max(table.c.key), 0) + 1).scalar_subquery()
        target.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "key"), next_key, False)))


def check_digests(expected: Mapping[str, TableDigest], actual: Mapping[str, TableDigest]) -> None:
    """Check that all tables have the expected rows.

    Raises:
        RefusedOperation: a table differs. The message names it.
    """
    for name, digest in expected.items():
        if actual.get(name) != digest:
            rows = actual[name].rows if name in actual else 0
            raise RefusedOperation(f"The table {name} differs: {rows} rows instead of {digest.rows}, or other values. Nothing was changed.")
    if surplus_tables := sorted(actual.keys() - expected.keys()):
        raise RefusedOperation(f"The backup says nothing of the table {surplus_tables[0]}. Nothing was changed.")
